"""C: the model of the post with the phases of the year and of a two-year cycle.

D: the same, and each post may keep a cycle of its own: half of the seats are elected in even years,
half in odd ones.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from relmap.insight.outlook.hazard import fitted, sigmoid
from relmap.insight.outlook.rate import Level
from relmap.insight.outlook.time_in_post import (
    RECENT,
    SD_OF_ROWS,
    Counts,
    centred,
    factors,
    learnt,
    row_columns,
)
from relmap.insight.outlook.windows import AGE_CELLS, UNKNOWN_AGE, Floats, Holders, Ints, Past

__all__ = ["CYCLE", "SHORTEST", "SHORTEST_OWN", "by_cycle"]

CYCLE: Final = 24
SHORTEST: Final = 24
"""Windows that a list must reach back before a cycle is looked for."""
SHORTEST_OWN: Final = 48
"""The same for cycles of posts by themselves: two rounds, since one proves nothing of a post."""
SD_YEAR: Final = 0.7
SD_TWO_YEARS: Final = 1.2
BUMP: Final = (0.4, 0.8, 0.4)
"""Recorded days of one event wander by weeks: a phase reaches into its neighbours."""
OWN_PRIOR: Final = 0.5
"""Few ends are ever seen of one post in one phase: what stands beside those seen and expected."""
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


def by_cycle(
    table: Past, counts: Counts, holders: Holders, *, first: int, level: Level
) -> tuple[Floats, Floats]:
    """The hazards of C and of D for each holder and coming window, as in ``post.by_post``."""
    windows = table.watched(first)
    trials, ends = (_by_phase(part, windows) for part in (counts.trials, counts.ends))
    seen = trials.any(axis=1)
    prior = centred(level, precision())
    found = fitted(row_columns()[seen], trials[seen], ends[seen], prior=prior)
    of_rows = (row_columns() @ found[: len(SD_OF_ROWS)]).reshape(2, 1, AGE_CELLS)
    of_phases = found[len(SD_OF_ROWS) :][None, :, None]
    return _hazard(table, holders, of_rows + of_phases, first)


def _by_phase(part: Floats, seen: slice) -> Floats:
    """Counts by recent or older and age cell (rows) and by phase (columns)."""
    total = np.zeros((2, CYCLE, AGE_CELLS))
    windows = np.arange(len(part))[seen]
    is_older = (windows >= seen.start + RECENT).astype(int)
    np.add.at(total, (is_older, windows % CYCLE), part[seen])
    return total.transpose(0, 2, 1).reshape(2 * AGE_CELLS, CYCLE)


def _hazard(table: Past, holders: Holders, logits: Floats, first: int) -> tuple[Floats, Floats]:
    trials, rows = table.trials, table.trials.within(table.watched(first))
    window, age, spell = trials.window[rows], trials.age[rows], trials.spell[rows]
    left = trials.left[rows].astype(float)
    is_older = (window >= first + RECENT).astype(np.int64)
    factor, seen = factors(table, rows, logits[is_older, window % CYCLE, age])
    band = _title_and_age(table.title[spell], age)
    by_age = learnt(seen, left, band, table.title_count * (len(BANDS) + 2))
    own = _own_phases(table, spell, window, seen + by_age[band], left)
    phase = (first - 1 - np.arange(holders.age.shape[1])) % CYCLE
    title = np.broadcast_to(table.title[holders.spell][:, None], holders.age.shape)
    coming = logits[0][phase[None, :], holders.age] + factor.of(holders)[:, None]
    coming = coming + by_age[_title_and_age(title, holders.age)]
    return sigmoid(coming), sigmoid(coming + own[table.post[holders.spell]][:, phase])


def _own_phases(table: Past, spell: Ints, window: Ints, logits: Floats, left: Floats) -> Floats:
    """The log factor of each post in each phase, from the ends in it and the phases beside it."""
    place = table.post[spell] * CYCLE + window % CYCLE
    count = table.post_count * CYCLE
    seen = _with_neighbours(np.bincount(place, left, minlength=count))
    expected = _with_neighbours(np.bincount(place, sigmoid(logits), minlength=count))
    result: Floats = np.log((seen + OWN_PRIOR) / (expected + OWN_PRIOR))
    return result


def _with_neighbours(counts: NDArray[Any]) -> Floats:
    """Posts × phases, each with the phases beside it."""
    part = counts.astype(float).reshape(-1, CYCLE)
    return part + np.roll(part, 1, axis=1) + np.roll(part, -1, axis=1)


def _title_and_age(title: Ints, age: Ints) -> Ints:
    """A number for each title and span of time in post, unknown times apart."""
    band = np.where(age == UNKNOWN_AGE, len(BANDS) + 1, np.searchsorted(BANDS, age, side="right"))
    result: Ints = title * (len(BANDS) + 2) + band
    return result
