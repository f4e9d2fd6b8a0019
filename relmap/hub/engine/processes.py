"""The processes that one has started; none is known where the system does not say."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

__all__ = ["children", "descendants"]


def children(process: int | None = None) -> set[int]:
    """Those that a process (``None``: this one) started and that were not waited for."""
    found: set[int] = set()
    for listed in Path(f"/proc/{process or 'self'}/task").glob("*/children"):
        with suppress(OSError):  # the thread has just ended
            found |= set(map(int, listed.read_text(encoding="ascii").split()))
    return found


def descendants(process: int) -> set[int]:
    """Those, and those that they started in turn."""
    found = children(process)
    return found.union(*map(descendants, found))
