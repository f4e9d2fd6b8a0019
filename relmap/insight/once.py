"""Answers that several rules ask of one view are worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from relmap.contracts import AccountView

__all__ = ["once_a_view"]

T = TypeVar("T")


def once_a_view(answer: Callable[[AccountView], T]) -> Callable[[AccountView], T]:
    """Keep a function's answer with the view it was about.

    It lies where the view's own cached properties lie, so that it is neither pickled nor compared
    and goes when the view goes. The answer must be immutable: every rule gets the same one.
    """
    name = f"{answer.__module__}.{answer.__qualname__}"

    @wraps(answer)
    def kept(view: AccountView) -> T:
        if name not in view.__dict__:
            view.__dict__[name] = answer(view)
        found: T = view.__dict__[name]
        return found

    return kept
