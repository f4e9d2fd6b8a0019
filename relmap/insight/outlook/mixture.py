"""The average of the four models, weighted by how well each has forecast the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import Final

import numpy as np

from relmap.insight.outlook import cycle as cycles
from relmap.insight.outlook import time_in_post as posts
from relmap.insight.outlook.histories import Spell
from relmap.insight.outlook.rate import Level, RateElsewhere, chances, level
from relmap.insight.outlook.windows import MONTH, Floats, Ints, Past, coming, holders, past
from relmap.insight.thresholds import HORIZONS

__all__ = ["Model", "Weights", "fit"]

HALF_YEARS: Final = range(2, 11)
"""The past days on which the models are judged: so many times six months before."""
PRIOR_LEVEL: Final = 3.0
PRIOR_POST: Final = 3.0
PRIOR_CYCLE: Final = 1.0
PRIOR_OWN: Final = 0.5
DOUBT: Final = 20
"""Ends at which the models with coefficients count half of their prior."""
FLOOR: Final = 0.005
CAP: Final = 20
"""One day is one common shock: however many holders, it counts as at most so many."""
SHARE: Final = 0.5
ANEW: Final = 1 / len(HALF_YEARS)
"""What begins anew from one past day to the next: custom changes once in as many days."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each model counts; they sum to one."""

    level: float
    post: float
    cycle: float
    own_cycle: float


@dataclass(frozen=True)
class Model:
    """What was learnt by a day; ``table`` holds the spells that it saw, in their order."""

    day: date
    table: Past
    counts: posts.Counts
    level: Level
    weights: Weights
    elsewhere: RateElsewhere | None = None

    def parts(
        self, half_years: int = 0, days: tuple[int, ...] = HORIZONS
    ) -> tuple[tuple[int, ...], tuple[Floats, ...]]:
        """Those in post so many half-years ago and their chances by A, B, C and D, as of then.

        Nothing that became true since is used: it is what the weights are judged by.
        """
        seated, parts = _parts(self.table, self.counts, 6 * half_years, days, self.elsewhere)
        return tuple(int(place) for place in seated), tuple(parts)

    def chances(self, days: tuple[int, ...] = HORIZONS) -> tuple[tuple[int, ...], Floats]:
        """The places among the spells seen of those in post, and their chances (people × days)."""
        seated, parts = self.parts(0, days)
        weights = astuple(self.weights)
        mixed = sum(weight * part for weight, part in zip(weights, parts, strict=True))
        return seated, np.clip(mixed, 0.0, 1.0)


def fit(spells: Sequence[Spell], day: date, *, elsewhere: RateElsewhere | None = None) -> Model:
    """Learn from what was true by ``day``; later starts are unseen, later ends open."""
    table = past(spells, day)
    counts = posts.Counts.of(table)
    return Model(
        day=day,
        table=table,
        counts=counts,
        level=level(table, table.day, elsewhere=elsewhere),
        weights=_weights(table, counts),
        elsewhere=elsewhere,
    )


def _parts(
    table: Past,
    counts: posts.Counts,
    first: int,
    days: tuple[int, ...],
    elsewhere: RateElsewhere | None,
) -> tuple[Ints, list[Floats]]:
    """Who was in post ``first`` windows ago, and their chances by each of the four models."""
    ahead = coming(int(table.boundaries[first]), days)
    seated = holders(table, ahead)
    known = level(table, ahead.day, elsewhere=elsewhere)
    odds = posts.acting_odds(table, first=first, level=known) if seated.acting.any() else 1.0
    rates = chances(known.rate * np.where(seated.acting, odds, 1.0)[:, None], days)
    hazard = posts.by_post(table, counts, seated, first=first, level=known)
    found = [rates, -np.expm1(posts.survival(hazard, ahead.shares))]
    length = reach(table, first)
    if length >= cycles.SHORTEST:
        hazards = cycles.by_cycle(table, counts, seated, first=first, level=known)
        shares = ahead.by_place(table.ended, first)
        found += [-np.expm1(posts.survival(hazard, shares)) for hazard in hazards]
    else:
        found += [found[1], found[1]]
    if length < cycles.SHORTEST_OWN:
        found[3] = found[2]
    return seated.spell, found


def reach(table: Past, first: int = 0) -> int:
    """How many whole windows the list reaches back, as of ``first`` windows ago.

    From the oldest start: in a list of five years a cycle must be tried before it was seen twice.
    """
    whole = int((table.day - int(table.start.min())) / MONTH) if table.size else 0
    return whole - first


def _weights(table: Past, counts: posts.Counts) -> Weights:
    """Bayes from the oldest past day to the newest; between two days a share begins anew.

    The fixed share of Herbster and Warmuth, *Machine Learning* 32, 1998, 151-178: a cycle that was
    given up is doubted sooner, since what it forecast long ago fades.
    """
    prior = _prior(table)
    prior = prior / prior.sum()
    weights = prior
    for half_years in reversed(HALF_YEARS):
        first = 6 * half_years
        if first < min(reach(table), len(table.boundaries) - 1):
            weights = (1 - ANEW) * weights + ANEW * prior
            weights = weights * np.exp(-_loss(table, counts, first))
            weights = weights / weights.sum()
    return Weights(*(float(weight) for weight in weights))


def _prior(table: Past) -> Floats:
    """What each model counts before its forecasts are judged.

    B, C and D have a coefficient for each knot, title, unit and phase; with few ends behind them
    they are noise.
    """
    ends = float((table.end <= table.day).sum())
    by_cycle = PRIOR_CYCLE if reach(table) >= cycles.SHORTEST else 0.0
    by_own = PRIOR_OWN if reach(table) >= cycles.SHORTEST_OWN else 0.0
    learnt = np.array([PRIOR_POST, by_cycle, by_own]) * ends / (ends + DOUBT)
    return np.array([PRIOR_LEVEL, *learnt])


def _loss(table: Past, counts: posts.Counts, first: int) -> Floats:
    """What a past day takes from each model's log weight."""
    spell, parts = _parts(table, counts, first, HORIZONS, None)
    if not len(spell):
        return np.zeros(len(parts))
    until = int(table.boundaries[first]) + np.array(HORIZONS)
    left = table.end[spell][:, None] <= until[None, :]
    losses = [-np.log(np.clip(np.where(left, part, 1 - part), FLOOR, 1.0)).mean() for part in parts]
    return SHARE * min(len(spell), CAP) * np.array(losses)
