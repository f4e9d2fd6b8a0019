"""A: one rate for everybody, that of the last three years, shrunk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from relmap.insight.outlook.windows import Floats, Past

__all__ = [
    "LOOK_BACK",
    "PRIOR_ENDS",
    "PRIOR_RATE",
    "BookRate",
    "Level",
    "book_rate",
    "chances",
    "constant_rate",
    "level",
]

LOOK_BACK: Final = 1095
"""Days: three years, 36 windows."""
PRIOR_ENDS: Final = 2.0
PRIOR_RATE: Final = 0.25
"""Ends a year and holder before anything is seen."""


@dataclass(frozen=True, slots=True)
class BookRate:
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


def level(table: Past, day: int, *, elsewhere: BookRate | None = None) -> Level:
    """The level as of ``day`` (an ordinal), from what was true by then."""
    begin = day - LOOK_BACK
    end = np.minimum(table.end, day)
    exposed = np.maximum(end - np.maximum(table.start, begin), 0)
    ended = (table.end > begin) & (table.end <= day)
    prior = PRIOR_RATE if elsewhere is None else elsewhere.rate
    years = float(exposed.sum()) / 365
    return Level(float(ended.sum()), years, int((exposed > 0).sum()), prior)


def book_rate(levels: Iterable[Level]) -> BookRate | None:
    """The rate of several accounts together; ``None`` where nothing was seen in them."""
    rows = list(levels)
    years = sum(row.person_years for row in rows)
    tenures = sum(row.tenures for row in rows)
    return BookRate(sum(row.ends for row in rows), years, tenures) if years else None


def constant_rate(table: Past, day: int, days: float) -> float:
    """The yardstick: 1 - exp(-r h) with the plain rate of the last three years."""
    return float(-np.expm1(-level(table, day).plain_rate * days / 365))


def chances(rates: Floats, days: tuple[int, ...]) -> Floats:
    """1 - exp(-r h) for each rate (a column) and number of days."""
    result: Floats = -np.expm1(-rates * np.asarray(days, dtype=float) / 365)
    return result
