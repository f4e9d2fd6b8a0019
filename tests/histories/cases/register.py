"""The list of all cases, by category."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from tests.histories.world import World

__all__ = ["CASES", "Case", "case"]

Case = Callable[[World], None]
CASES: defaultdict[str, list[Case]] = defaultdict(list)


def case(category: str) -> Callable[[Case], Case]:
    """Add a function to the cases of a category."""

    def register(function: Case) -> Case:
        CASES[category].append(function)
        return function

    return register
