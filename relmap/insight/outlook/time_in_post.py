"""B: a monthly hazard by time in post, with factors for the title and the unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from relmap.insight.outlook.hazard import Prior, fitted, logit, sigmoid
from relmap.insight.outlook.rate import Level
from relmap.insight.outlook.windows import (
    AGE_CELLS,
    MONTH,
    UNKNOWN_AGE,
    Floats,
    Holders,
    Ints,
    Past,
)

__all__ = ["RECENT", "Counts", "Factors", "acting_odds", "by_post", "factors", "learnt", "survival"]

RECENT: Final = 36
"""Windows that count as recent; a forecast is."""
KNOTS: Final = (*range(0, 37, 3), 42, 48, 60, 84)
SD_CONSTANT: Final = 3.0
SD_RECENT: Final = 1.0
SD_AGE: Final = 0.35
SD_UNKNOWN: Final = 0.5
SD_OF_ROWS: Final = (SD_CONSTANT, SD_RECENT, *[SD_AGE] * len(KNOTS), SD_UNKNOWN)
FACTOR_PRIOR: Final = 6.0
ACTING_PRIOR: Final = 2.0
"""The odds of an acting holder before anything is seen, against those of a confirmed one."""


@dataclass(frozen=True)
class Counts:
    """Trials and ends by window and age cell, each windows × cells."""

    trials: Floats
    ends: Floats

    @classmethod
    def of(cls, table: Past) -> Counts:
        """Count a table's trials."""
        trials, count = table.trials, len(table.boundaries)
        place = trials.window * AGE_CELLS + trials.age
        at_risk = np.bincount(place, minlength=count * AGE_CELLS).astype(float)
        ends = np.bincount(place, trials.left.astype(float), minlength=count * AGE_CELLS)
        shape = (count, AGE_CELLS)
        return cls(at_risk.reshape(shape), ends.reshape(shape).astype(float))


@cache
def row_columns() -> Floats:
    """Recent or older × age cells, one row each; columns as in ``SD_OF_ROWS``.

    A constant, whether the window is recent, a hat for each knot of time in post, unknown starts.
    """
    ages = np.zeros((AGE_CELLS, len(KNOTS) + 1))
    for number, peak in enumerate(np.eye(len(KNOTS))):
        ages[:UNKNOWN_AGE, number] = np.interp(np.arange(UNKNOWN_AGE), KNOTS, peak)
    ages[UNKNOWN_AGE, -1] = 1
    constant = np.ones((2 * AGE_CELLS, 1))
    recent = np.repeat([1.0, 0.0], AGE_CELLS)[:, None]
    return np.concatenate([constant, recent, np.concatenate([ages, ages])], axis=1)


def centred(level: Level, precision: Floats) -> Prior:
    """A prior about zero, but for the constant: that lies at the level's monthly chance."""
    centre = np.zeros(len(precision))
    centre[0] = logit(level.chance(MONTH))
    return Prior(centre, precision)


@dataclass(frozen=True)
class Factors:
    """Log factors on the odds: one per spell, and one for those who are acting."""

    log: Floats
    acting: float

    def of(self, holders: Holders) -> Floats:
        """The log factor of each holder."""
        result: Floats = self.log[holders.spell] + np.where(holders.acting, self.acting, 0.0)
        return result


def learnt(logits: Floats, left: Floats, groups: Ints, count: int, *, prior: float = 1.0) -> Floats:
    """The log of (O + 6 prior) / (E + 6) of each group: ends seen by ends expected."""
    seen = np.bincount(groups, left, minlength=count)
    expected = np.bincount(groups, sigmoid(logits), minlength=count)
    result: Floats = np.log((seen + FACTOR_PRIOR * prior) / (expected + FACTOR_PRIOR))
    return result


def factors(table: Past, rows: slice, logits: Floats) -> tuple[Factors, Floats]:
    """The factors of title, unit and acting, in turn; and the logits they lead to."""
    trials = table.trials
    spell, left, acting = trials.spell[rows], trials.left[rows].astype(float), trials.acting[rows]
    title = learnt(logits, left, table.title[spell], table.title_count)
    logits = logits + title[table.title[spell]]
    unit = learnt(logits, left, table.unit[spell], table.unit_count)
    logits = logits + unit[table.unit[spell]]
    one = np.zeros(int(acting.sum()), dtype=np.int64)
    temporary = float(learnt(logits[acting], left[acting], one, 1, prior=ACTING_PRIOR)[0])
    log = title[table.title] + unit[table.unit]
    return Factors(log, temporary), logits + np.where(acting, temporary, 0.0)


def acting_odds(table: Past, *, first: int, level: Level) -> float:
    """How much more often acting holders leave than the level says, as of ``first`` windows ago."""
    rows = table.trials.within(table.watched(first))
    acting, left = table.trials.acting[rows], table.trials.left[rows]
    count = int(acting.sum())
    logits = np.full(count, logit(level.chance(MONTH)))
    one = np.zeros(count, dtype=np.int64)
    found = learnt(logits, left[acting].astype(float), one, 1, prior=ACTING_PRIOR)
    return float(np.exp(found[0]))


def by_post(table: Past, counts: Counts, holders: Holders, *, first: int, level: Level) -> Floats:
    """The hazard of each holder in each coming window (people × windows).

    Only windows from ``first`` back are seen: the day of the forecast is their newest end; and none
    before leaving could be seen.
    """
    windows = table.watched(first)
    trials, ends = (recent_and_older(part, windows) for part in (counts.trials, counts.ends))
    seen = trials > 0
    prior = centred(level, np.diag(np.array(SD_OF_ROWS) ** -2.0))
    found = fitted(row_columns()[seen], trials[seen, None], ends[seen, None], prior=prior)
    logits = (row_columns() @ found).reshape(2, AGE_CELLS)
    rows = table.trials.within(windows)
    is_older = (table.trials.window[rows] >= first + RECENT).astype(np.int64)
    factor, _ = factors(table, rows, logits[is_older, table.trials.age[rows]])
    return sigmoid(logits[0][holders.age] + factor.of(holders)[:, None])


def recent_and_older(part: Floats, windows: slice) -> Floats:
    """Counts by recent or older and age cell, flat."""
    seen = part[windows]
    recent, older = seen[:RECENT], seen[RECENT:]
    return np.concatenate([recent.sum(axis=0), older.sum(axis=0)])


def survival(hazard: Floats, shares: Floats) -> Floats:
    """The log of S of each holder at each horizon: Σ log(1 - h), part windows weighted."""
    result: Floats = np.log1p(-hazard) @ shares.T
    return result
