"""A: one rate for everybody, that of the last three years, shrunk.

Only from the day on which leaving could be seen: before it, those who left are not on record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from relmap.insight.outlook.windows import Floats, Ints, Past

__all__ = [
    "LOOK_BACK",
    "PRIOR_ENDS",
    "PRIOR_RATE",
    "Level",
    "RateElsewhere",
    "book_rate",
    "chances",
    "level",
    "recorded",
    "recorded_level",
]

LOOK_BACK: Final = 1095
"""Days: three years, 36 windows."""
HALF_YEAR: Final = 182.5
PRIOR_ENDS: Final = 2.0
PRIOR_RATE: Final = 0.25
"""Ends a year and holder before anything is seen."""


@dataclass(frozen=True, slots=True)
class RateElsewhere:
    """How often people left elsewhere in the book: the one number that carries over."""

    ends: float
    person_years: float
    tenures: int = 0

    @property
    def rate(self) -> float:
        """Ends a year and holder, shrunk like an account's own."""
        return (self.ends + PRIOR_ENDS) / (self.person_years + PRIOR_ENDS / PRIOR_RATE)


@dataclass(frozen=True, slots=True)
class Level:
    """Ends and person-years of the last three years, and the rate a year they lead to."""

    ends: float
    person_years: float
    tenures: int = 0
    prior_rate: float = PRIOR_RATE

    @property
    def rate(self) -> float:
        """Ends a year and holder: (ends + 2) / (person-years + 2 / prior rate)."""
        return (self.ends + PRIOR_ENDS) / (self.person_years + PRIOR_ENDS / self.prior_rate)

    @property
    def shape(self) -> float:
        """How well the rate is known: ends seen, by half since people leave in waves, and 2."""
        return self.ends / 2 + PRIOR_ENDS

    @property
    def plain_rate(self) -> float:
        """Ends by person-years, unshrunk; 0 where nobody was in post."""
        return self.ends / self.person_years if self.person_years > 0 else 0.0

    def chance(self, days: float) -> float:
        """The chance of leaving within so many days: 1 - exp(-r h)."""
        return float(-np.expm1(-self.rate * days / 365))


def level(table: Past, day: int, *, elsewhere: RateElsewhere | None = None) -> Level:
    """The level as of ``day`` (an ordinal), from the time in which leaving could be seen.

    Where that is short of three years, one wave in it would read as how people always leave: ends
    and years count less by how much the ends of half-years spread beyond chance (the design effect:
    Kish, *Survey Sampling*, 1965), the less of it the more of the three years was seen.
    """
    begin = max(day - LOOK_BACK, table.seen_from(day))
    found = _since(begin, table, day, PRIOR_RATE if elsewhere is None else elsewhere.rate)
    unseen = 1 - (day - begin) / LOOK_BACK
    if not found.ends or not unseen:
        return found
    less = 1 + (_spread(begin, table, day) - 1) * unseen
    return replace(found, ends=found.ends / less, person_years=found.person_years / less)


def _spread(begin: int, table: Past, day: int) -> float:
    """The variance of the ends of half-years, back from the day, by what chance would make it."""
    ended = table.end[(table.end > begin) & (table.end <= day)]
    span, count = day - begin, int(np.ceil((day - begin) / HALF_YEAR))
    length = np.minimum(HALF_YEAR, span - HALF_YEAR * np.arange(count))
    seen = np.bincount(((day - ended) / HALF_YEAR).astype(np.int64), minlength=count).astype(float)
    expected = len(ended) * length / span
    return max(1.0, float((seen**2 - expected**2).sum()) / len(ended))


def recorded_level(table: Past, day: int) -> Level:
    """All that is on record of the last three years: the yardstick, and what accounts lend."""
    return _since(day - LOOK_BACK, table, day, PRIOR_RATE)


def _since(begin: int, table: Past, day: int, prior: float) -> Level:
    ends, days, tenures = recorded(table.start, table.end, day, since=begin)
    return Level(float(ends), days / 365, tenures, prior)


def recorded(start: Ints, end: Ints, day: int, *, since: int | None = None) -> tuple[int, int, int]:
    """Ends, person-days and tenures between ``since`` (three years before) and ``day``.

    Of those who held a post from ``start`` to ``end``; all are ordinals, and who is still there
    ends after ``day``.
    """
    begin = day - LOOK_BACK if since is None else since
    exposed = np.maximum(np.minimum(end, day) - np.maximum(start, begin), 0)
    ended = (end > begin) & (end <= day)
    return int(ended.sum()), int(exposed.sum()), int((exposed > 0).sum())


def book_rate(levels: Iterable[Level]) -> RateElsewhere | None:
    """The rate of several accounts together; ``None`` where nothing was seen in them."""
    rows = list(levels)
    years = sum(row.person_years for row in rows)
    tenures = sum(row.tenures for row in rows)
    return RateElsewhere(sum(row.ends for row in rows), years, tenures) if years else None


def chances(rates: Floats, days: tuple[int, ...]) -> Floats:
    """1 - exp(-r h) for each rate (a column) and number of days."""
    result: Floats = -np.expm1(-rates * np.asarray(days, dtype=float) / 365)
    return result
