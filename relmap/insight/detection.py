"""How late we learn that somebody left a post: the days between the departure and our record of it.

Departures are gathered by the quarter in which we learnt of them, not by that in which they
happened: of the last quarter's departures only those learnt quickly are on record yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from types import MappingProxyType

import numpy as np

from relmap.contracts import Ref

__all__ = ["Departed", "Lag", "Lags", "QuarterLag", "detection_lags"]

QUARTERS_FOR_A_TREND = 3


@dataclass(frozen=True, slots=True)
class Departed:
    """One departure as it was recorded; its day lies in (``ended_after``, ``ended_on``].

    ``colleague`` is who of us entered it or the list that showed it; ``None`` where none of us did.
    """

    account: Ref
    colleague: Ref | None
    ended_after: date | None
    ended_on: date
    recorded_on: date

    @property
    def days(self) -> float:
        """From the middle of the days on which it may have been; negative: known in advance."""
        least = (self.recorded_on - self.ended_on).days
        return (least + self._most) / 2

    @property
    def _most(self) -> int:
        if self.ended_after is None:
            return (self.recorded_on - self.ended_on).days
        return (self.recorded_on - self.ended_after).days - 1


@dataclass(frozen=True, slots=True)
class QuarterLag:
    """The departures we learnt of in one quarter, written ``2026 Q3``."""

    quarter: str
    count: int
    median: float


@dataclass(frozen=True, slots=True)
class Lag:
    """How late we were: quantiles of the days, over ``count`` departures.

    ``ahead`` is the part known on the day or before; ``trend`` the change of the quarters' medians
    in days a quarter (below 0: we learn sooner), ``None`` below three quarters.
    """

    count: int
    median: float
    quartiles: tuple[float, float]
    ninth_decile: float
    ahead: float
    quarters: tuple[QuarterLag, ...]
    trend: float | None


@dataclass(frozen=True, slots=True)
class Lags:
    """The lag over all, by account and by colleague; ``overall`` is ``None`` without departures."""

    overall: Lag | None
    by_account: Mapping[Ref, Lag]
    by_colleague: Mapping[Ref, Lag]


def detection_lags(rows: Iterable[Departed]) -> Lags:
    """How late we learnt of the departures."""
    known = sorted(rows, key=lambda row: (row.recorded_on, row.ended_on, row.account))
    accounts: defaultdict[Ref, list[Departed]] = defaultdict(list)
    colleagues: defaultdict[Ref, list[Departed]] = defaultdict(list)
    for row in known:
        accounts[row.account].append(row)
        if row.colleague is not None:
            colleagues[row.colleague].append(row)
    return Lags(_lag(known) if known else None, _by(accounts), _by(colleagues))


def _by(groups: Mapping[Ref, list[Departed]]) -> Mapping[Ref, Lag]:
    return MappingProxyType({ref: _lag(groups[ref]) for ref in sorted(groups)})


def _lag(rows: Sequence[Departed]) -> Lag:
    days = np.array([row.days for row in rows])
    low, median, high, late = (float(x) for x in np.quantile(days, (0.25, 0.5, 0.75, 0.9)))
    quarters = _quarters(rows)
    ahead = float(np.mean(days <= 0))
    return Lag(len(rows), median, (low, high), late, ahead, quarters, _trend(quarters))


def _quarters(rows: Iterable[Departed]) -> tuple[QuarterLag, ...]:
    groups: defaultdict[int, list[float]] = defaultdict(list)
    for row in rows:
        groups[_quarter(row.recorded_on)].append(row.days)
    return tuple(
        QuarterLag(_named(number), len(days), float(np.median(days)))
        for number, days in sorted(groups.items())
    )


def _quarter(day: date) -> int:
    return 4 * day.year + (day.month - 1) // 3


def _named(number: int) -> str:
    return f"{number // 4} Q{number % 4 + 1}"


def _trend(quarters: Sequence[QuarterLag]) -> float | None:
    """The median of the slopes between all pairs of quarters, which a single bad one cannot turn.

    Sen, *Estimates of the regression coefficient based on Kendall's tau*, JASA 63, 1968.
    """
    if len(quarters) < QUARTERS_FOR_A_TREND:
        return None
    places = [(4 * int(row.quarter[:4]) + int(row.quarter[-1]), row.median) for row in quarters]
    slopes = [
        (later - earlier) / (then - now)
        for (now, earlier), (then, later) in combinations(places, 2)
    ]
    return float(np.median(slopes))
