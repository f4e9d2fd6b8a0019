"""C: the model of the post with the phases of the year and of a two-year cycle."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from relmap.insight.outlook.hazard import fitted, sigmoid
from relmap.insight.outlook.level import Level
from relmap.insight.outlook.post import (
    RECENT,
    SD_OF_ROWS,
    Counts,
    centred,
    factors,
    learnt,
    row_columns,
)
from relmap.insight.outlook.windows import AGE_CELLS, UNKNOWN_AGE, Floats, Holders, Ints, Past

__all__ = ["CYCLE", "SHORTEST", "by_cycle"]

CYCLE: Final = 24
SHORTEST: Final = 24
"""Windows that a list must reach back before a cycle is looked for."""
SD_YEAR: Final = 0.7
SD_TWO_YEARS: Final = 1.2
BUMP: Final = (0.4, 0.8, 0.4)
"""Recorded days of one event wander by weeks: a phase reaches into its neighbours."""
SLACK: Final = 1e-6
"""Bumps cannot tell every other month from the rest: without it the covariance is singular."""
BANDS: Final = (6, 12, 18, 24, 36, 48)
"""Months in post at which the spans begin for which a title has a factor of its own."""


@cache
def precision() -> Floats:
    """How firmly the coefficients are believed to lie about zero: those of rows, then phases.

    A phase is the sum of twelve coefficients of the year and 24 of two years, each a bump over
    neighbouring months. The phases' sums alone are fitted: their covariance is Σ bump bump' sd².
    """
    bumps = np.zeros((CYCLE, 12 + CYCLE))
    for phase in range(CYCLE):
        for offset, weight in zip((-1, 0, 1), BUMP, strict=True):
            bumps[phase, (phase + offset) % 12] += weight
            bumps[phase, 12 + (phase + offset) % CYCLE] += weight
    spread = np.array([SD_YEAR] * 12 + [SD_TWO_YEARS] * CYCLE)
    rows = len(SD_OF_ROWS)
    found = np.zeros((rows + CYCLE, rows + CYCLE))
    found[:rows, :rows] = np.diag(np.array(SD_OF_ROWS) ** -2.0)
    covariance = (bumps * spread**2) @ bumps.T
    found[rows:, rows:] = np.linalg.inv(covariance + SLACK * np.eye(CYCLE))
    return found


def by_cycle(table: Past, counts: Counts, holders: Holders, *, first: int, level: Level) -> Floats:
    """The hazard of each holder in each coming window, as in ``post.by_post``."""
    trials, ends = (_by_phase(part, first) for part in (counts.trials, counts.ends))
    seen = trials.any(axis=1)
    prior = centred(level, precision())
    found = fitted(row_columns()[seen], trials[seen], ends[seen], prior=prior)
    of_rows = (row_columns() @ found[: len(SD_OF_ROWS)]).reshape(2, 1, AGE_CELLS)
    of_phases = found[len(SD_OF_ROWS) :][None, :, None]
    return _hazard(table, holders, of_rows + of_phases, first)


def _by_phase(part: Floats, first: int) -> Floats:
    """Counts by recent or older and age cell (rows) and by phase (columns)."""
    total = np.zeros((2, CYCLE, AGE_CELLS))
    windows = np.arange(first, len(part))
    np.add.at(total, ((windows >= first + RECENT).astype(int), windows % CYCLE), part[first:])
    return total.transpose(0, 2, 1).reshape(2 * AGE_CELLS, CYCLE)


def _hazard(table: Past, holders: Holders, logits: Floats, first: int) -> Floats:
    trials, rows = table.trials, table.trials.before(first)
    window, age, spell = trials.window[rows], trials.age[rows], trials.spell[rows]
    is_older = (window >= first + RECENT).astype(np.int64)
    factor, with_factors = factors(table, rows, logits[is_older, window % CYCLE, age])
    count = table.title_count * (len(BANDS) + 2)
    left = trials.left[rows].astype(float)
    by_age = learnt(with_factors, left, _title_and_age(table.title[spell], age), count)
    phase = (first - 1 - np.arange(holders.age.shape[1])) % CYCLE
    title = np.broadcast_to(table.title[holders.spell][:, None], holders.age.shape)
    return sigmoid(
        logits[0][phase[None, :], holders.age]
        + factor.of(holders)[:, None]
        + by_age[_title_and_age(title, holders.age)]
    )


def _title_and_age(title: Ints, age: Ints) -> Ints:
    """A number for each title and span of time in post, unknown times apart."""
    band = np.where(age == UNKNOWN_AGE, len(BANDS) + 1, np.searchsorted(BANDS, age, side="right"))
    result: Ints = title * (len(BANDS) + 2) + band
    return result
