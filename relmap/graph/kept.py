"""Views kept in a process: pages of one account ask for the same one again and again.

What a view holds is said by its account, day, revision and measures: whoever changes a view raises
the revision (tests/db/test_revisions.py walks every verb). Only a book that is restored could bring
an old revision back with other facts, and has another edition.
"""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock
from typing import Final

from cachetools import LRUCache
from flask import current_app

from relmap.contracts import AccountView

__all__ = ["KeptViews", "kept_views"]

VIEWS: Final = "relmap.views"  # in an app's extensions
MOST_ROWS: Final = 40_000
"""Of all views together: 39 accounts of 100 people with a past take 27 MB, 51 with their graphs."""


class KeptViews:
    """Views by what says what they hold; those asked for longest ago go first."""

    def __init__(self, most_rows: int = MOST_ROWS) -> None:
        self._views: LRUCache[Hashable, AccountView] = LRUCache(most_rows, getsizeof=_row_count)
        self._lock = Lock()  # of the threads that serve pages

    def find(self, key: Hashable) -> AccountView | None:
        """The view that was kept under a key."""
        with self._lock:
            return self._views.get(key)

    def keep(self, key: Hashable, view: AccountView) -> None:
        """Keep a view, unless it alone is more than all that is kept."""
        with self._lock:
            if _row_count(view) <= self._views.maxsize:
                self._views[key] = view


def kept_views() -> KeptViews:
    """Those of this application."""
    kept: KeptViews | None = current_app.extensions.get(VIEWS)
    if kept is None:  # of two threads the first
        kept = current_app.extensions.setdefault(VIEWS, KeptViews())
    return kept


def _row_count(view: AccountView) -> int:
    return 1 + sum(len(rows) for rows in view.__getstate__().values() if isinstance(rows, tuple))
