"""Notices that a rule wrote to what it was only lent: the view, its graph, or relmap's own code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import fields
from functools import cached_property
from types import ModuleType
from typing import Any, Final

from relmap.contracts import N_, AccountView

__all__ = ["CHANGES", "Watch", "code_of"]

CHANGES: Final = {
    "view": N_("It wrote to the view, which rules may only read."),
    "code": N_("It changed relmap's own code while it ran."),
}

OURS = ("relmap.contracts", "relmap.insight", "relmap.api", "relmap.hub.engine")
DERIVED = frozenset(
    name for name, value in vars(AccountView).items() if isinstance(value, cached_property)
)
ROWS = frozenset(item.name for item in fields(AccountView))


class Watch:
    """What the views and relmap's code were when the watch began.

    Rows are compared by hash, the graph with one built anew (only where a rule asked for it), the
    code by the identity of what its modules and classes hold.
    """

    def __init__(self, views: Sequence[AccountView]) -> None:
        self.views = views
        self.hashes = [hash(view) for view in views]
        self.code = [(owner, dict(vars(owner))) for owner in code_of(OURS)]

    def change(self) -> str | None:
        """What was written to since, or ``None``."""
        for view, before in zip(self.views, self.hashes, strict=True):
            if _is_changed(view, before):
                return "view"
        for owner, held in self.code:
            if not held.items() <= vars(owner).items():  # more may come: late imports
                return "code"
        return None


def _is_changed(view: AccountView, before: int) -> bool:
    held = vars(view)
    if held.keys() - ROWS - DERIVED:
        return True
    try:
        if hash(view) != before:
            return True
    except TypeError:  # a list stands where a tuple stood
        return True
    return "graph" in held and not _is_same_graph(held["graph"], view)


def _is_same_graph(graph: Any, view: AccountView) -> bool:
    fresh: Any = view.build_graph()
    if type(graph) is not type(fresh):
        return False
    # What networkx.utils.graphs_equal compares, without its import of half of networkx.
    return bool(
        graph._adj == fresh._adj and graph._node == fresh._node and graph.graph == fresh.graph
    )


def code_of(names: tuple[str, ...]) -> list[ModuleType | type]:
    """The modules whose names begin so, and their classes."""
    modules = [
        module
        for name, module in [*sys.modules.items()]
        if name.startswith(names) and isinstance(module, ModuleType)
    ]
    classes = [
        value
        for module in modules
        for value in [*vars(module).values()]
        if isinstance(value, type) and value.__module__ == module.__name__
    ]
    return [*modules, *classes]
