"""Which tenures of one person in one post are one sitting: one rule for views and for tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TypeVar

__all__ = ["Span", "last_day", "sittings"]

T = TypeVar("T")
Span = tuple[date, date | None]
"""From a day up to, not including, another; ``None``: still there."""


def sittings(rows: Iterable[T], span: Callable[[T], Span]) -> Iterator[list[T]]:
    """Tenures of one person in one post, by their start, parted where the post was left.

    An acting holder who is confirmed sits on, and so does who overlaps with himself.
    """
    together: list[T] = []
    for row in rows:
        if together:
            end = last_day(span(each) for each in together)
            if end is not None and span(row)[0] > end:
                yield together
                together = []
        together.append(row)
    if together:
        yield together


def last_day(spans: Iterable[Span]) -> date | None:
    """The end of a sitting; ``None`` where any of its tenures is open."""
    ends = [end for _, end in spans]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None
