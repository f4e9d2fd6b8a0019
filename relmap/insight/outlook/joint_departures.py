"""How strongly the holders of one unit leave together, and how many may go at once.

Two holders of a unit are compared over quarters of a year. Leaving by chance alone, both would go
in one quarter as often as m², m being the share that leaves in a quarter. What is seen beyond that
is the correlation rho of a beta-binomial law, by pairs of holders (Ridout, Demétrio and Firth,
*Biometrics* 55, 1999, 137-148: the estimator by pairs), shrunk to a prior:

    rho = (Σ O (O - 1) / m - m Σ n (n - 1)) / (1 - m), by pairs, with 100 pairs at 0.1 added

O of n holders left a unit in a quarter. The account's calendar and differing units count as leaving
together as well: for a worst case that errs on the side of caution.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from relmap.contracts import AccountView, Ref, TenureRow
from relmap.insight.cache import once_a_view
from relmap.insight.outlook.histories import Spell
from relmap.insight.outlook.spells import spells_of
from relmap.insight.outlook.windows import Floats, past

__all__ = ["Togetherness", "UnitWave", "how_many", "togetherness", "wave_units"]

PRIOR: Final = 0.1
PRIOR_PAIRS: Final = 100.0
LARGEST: Final = 0.9
QUARTER: Final = 3
SURE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Togetherness:
    """The correlation between two holders of one unit, and on how many tenures it rests."""

    correlation: float
    tenures: int


@dataclass(frozen=True, slots=True)
class UnitWave:
    """How many holders of a unit leave within the horizon: ``chances[k]`` is that of exactly k."""

    unit: Ref
    tenures: tuple[Ref, ...]
    chances: tuple[float, ...]
    together: Togetherness

    def at_least(self, count: int) -> float:
        """The chance that so many or more leave."""
        return min(1.0, sum(self.chances[max(count, 0) :]))


def togetherness(spells: Sequence[Spell], day: date) -> Togetherness:
    """How strongly people of one unit leave together, from what was true by ``day``."""
    table = past(spells, day)
    edges = table.boundaries[::QUARTER]
    sat, left = [], []
    for begin, end in zip(edges[1:], edges[:-1], strict=True):
        seated = (table.start <= begin) & (begin < table.end)
        gone = seated & (table.end <= end)
        sat.append(np.bincount(table.unit[seated], minlength=table.unit_count))
        left.append(np.bincount(table.unit[gone], minlength=table.unit_count))
    if not sat:
        return Togetherness(PRIOR, table.size)
    return Togetherness(_correlation(np.array(sat, float), np.array(left, float)), table.size)


def _correlation(sat: Floats, left: Floats) -> float:
    pairs, both = float((sat * (sat - 1)).sum()), float((left * (left - 1)).sum())
    share = float(left.sum() / sat.sum()) if sat.sum() else 0.0
    if not 0 < share < 1:
        return PRIOR
    excess = (both / share - share * pairs) / (1 - share)
    found = (excess + PRIOR_PAIRS * PRIOR) / (pairs + PRIOR_PAIRS)
    return min(max(found, 0.0), LARGEST)


def how_many(chances: Sequence[float], correlation: float) -> tuple[float, ...]:
    """The chance that exactly 0, 1, ... of these people leave.

    Those known to go or to stay do; the others follow a beta-binomial law with the mean of their
    chances: Skellam, *Journal of the Royal Statistical Society B* 10, 1948, 257-261.

    >>> [round(chance, 3) for chance in how_many([0.5, 0.5], 0.0)]
    [0.25, 0.5, 0.25]
    >>> [round(chance, 3) for chance in how_many([0.5, 0.5, 1.0], 0.5)]
    [0.0, 0.375, 0.25, 0.375]
    """
    open_ones = [chance for chance in chances if SURE < chance < 1 - SURE]
    gone = sum(chance >= 1 - SURE for chance in chances)
    law = _beta_binomial(len(open_ones), sum(open_ones) / max(len(open_ones), 1), correlation)
    stay = len(chances) - gone - len(open_ones)
    return (*[0.0] * gone, *law, *[0.0] * stay)


def _beta_binomial(count: int, mean: float, correlation: float) -> tuple[float, ...]:
    if count == 0:
        return (1.0,)
    if correlation < SURE:
        return tuple(
            math.comb(count, k) * mean**k * (1 - mean) ** (count - k) for k in range(count + 1)
        )
    a, b = (part * (1 - correlation) / correlation for part in (mean, 1 - mean))
    whole = _log_beta(a, b)
    return tuple(
        math.comb(count, k) * math.exp(_log_beta(a + k, b + count - k) - whole)
        for k in range(count + 1)
    )


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def wave_units(
    view: AccountView,
    chances: Mapping[Ref, float],
    posts: Mapping[Ref, Collection[Ref]] | None = None,
) -> tuple[UnitWave, ...]:
    """For each unit, how many of its deciders leave within the horizon of the chances.

    ``chances`` are by tenure, such as ``{row.tenure: row.p365 for row in forecast(view)}``, and
    ``posts`` by unit; left out, they are the deciding posts of each. Who holds several of a unit's
    posts counts once, by the likeliest end. Units of fewer than two with a chance are left out.
    """
    together = togetherness_of(view)
    found = []
    for unit, inside in sorted((_deciding(view) if posts is None else posts).items()):
        likeliest: dict[Ref, TenureRow] = {}
        for row in (row for post in inside for row in view.holders(post) if row.ref in chances):
            other = likeliest.get(row.person)
            if other is None or chances[other.ref] < chances[row.ref]:
                likeliest[row.person] = row
        tenures = tuple(row.ref for row in likeliest.values())
        if len(tenures) > 1:
            law = how_many([chances[tenure] for tenure in tenures], together.correlation)
            found.append(UnitWave(unit, tenures, law, together))
    return tuple(found)


@once_a_view
def togetherness_of(view: AccountView) -> Togetherness:
    """How strongly people of one unit of the account leave together."""
    return togetherness(spells_of(view), view.as_of)


def _deciding(view: AccountView) -> Mapping[Ref, list[Ref]]:
    by_unit: defaultdict[Ref, list[Ref]] = defaultdict(list)
    for post in view.deciding_posts:
        by_unit[post.unit].append(post.ref)
    return by_unit
