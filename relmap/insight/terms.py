"""When a term is due: the one answer that forecast, radar, ring and timeline share.

A declared last day is due once. A length comes again: a term after each term, a policy at each
later review; a policy without a month of review is due once.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

__all__ = ["FARTHEST", "DueKind", "Term", "TermEnd", "due_days", "months_on", "next_due"]

TermKind = Literal["term", "policy"]
DueKind = Literal["announced", "term", "policy"]
REVIEW_DAY: Final = 15  # of its month: a review is somewhere in it
FARTHEST: Final = timedelta(days=3 * 366)  # ahead, within which the next due day is looked for


@dataclass(frozen=True, slots=True)
class Term:
    """When a tenure is meant to end: a declared day, or a length with a month of review.

    ``ends_on`` is the day; or the tenure falls due ``months`` after its start, at the first
    ``review_month`` from then on where one is given, and again at each later review.
    ``handover_months`` is how long the leaver stays beside the successor. ``declared_on`` is the
    day from which the term was known; ``None`` means with the start of the tenure.
    """

    kind: TermKind = "term"
    ends_on: date | None = None
    months: int | None = None
    review_month: int | None = None
    handover_months: int = 0
    declared_on: date | None = None

    def is_known(self, day: date) -> bool:
        """Whether the term was declared by ``day``."""
        return self.declared_on is None or self.declared_on <= day


@dataclass(frozen=True, slots=True)
class TermEnd:
    """The day a tenure is meant to end, and what says so; ``is_past`` where it has come."""

    kind: DueKind
    on: date
    is_past: bool = False


def due_days(term: Term, start: date, *, until: date) -> tuple[date, ...]:
    """The days on which leaving is due for who began on ``start``, up to the first past ``until``.

    Empty where the term has neither a day nor a length.
    """
    if term.ends_on is not None:
        return (term.ends_on,)
    if not term.months:
        return ()
    if term.kind == "policy" and term.review_month is None:
        return (months_on(start, term.months + term.handover_months),)
    found: list[date] = []
    reached = months_on(start, term.months)
    while not found or found[-1] <= until:
        due = _review(reached, term.review_month)
        found.append(months_on(due, term.handover_months))
        reached = months_on(due if term.review_month else reached, _again(term))
    return tuple(found)


def next_due(days: Iterable[date], today: date) -> date | None:
    """The first of the due days to come, else the last that has passed."""
    days = sorted(days)
    return next((day for day in days if day > today), days[-1] if days else None)


def _again(term: Term) -> int:
    """Months from one due day to the next."""
    return 12 if term.kind == "policy" else int(term.months or 12)


def _review(day: date, month: int | None) -> date:
    """The middle of the first month of review from ``day``'s on; ``day`` itself without one."""
    if month is None:
        return day
    return date(day.year + (month < day.month), month, REVIEW_DAY)


def months_on(day: date, months: int) -> date:
    """The same day so many months on (or back); the last of its month where that is shorter.

    >>> months_on(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
