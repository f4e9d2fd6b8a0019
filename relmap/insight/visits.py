"""Visits shared out among people: the true optimum, since each visit to one person gains less.

A visit lifts what is left of somebody's coverage by the same part each time: after n visits a
coverage c is 1 - (1 - c)(1 - g)^n. Gains of one person fall, people do not touch each other and
every visit costs the same, so taking the greatest gain again and again is the optimum (Fox,
*Discrete optimization via marginal analysis*, Management Science 13, 1966).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heapify, heapreplace
from typing import Final, NamedTuple

from relmap.contracts import Measures, Ref
from relmap.insight.strength import touch_part

__all__ = ["Stake", "Visit", "best_visits", "gain_per_visit", "value_of"]

VISIT: Final = "visit"


@dataclass(frozen=True, slots=True)
class Stake:
    """What somebody is worth to a plan.

    ``weight`` sums, over the deciding posts, the post's weight times the chance that the person
    holds it at the horizon; ``coverage`` is today's, ``gain_per_visit`` the part of what is left of
    it that a visit adds.
    """

    person: Ref
    weight: float
    coverage: float
    gain_per_visit: float

    @property
    def open(self) -> float:
        """What perfect knowledge of this person would add to the value."""
        return self.weight * (1.0 - self.coverage)


class Visit(NamedTuple):
    """The ``number``-th visit to somebody, and what it adds to the value."""

    person: Ref
    number: int
    gain: float


def gain_per_visit(measures: Measures, horizon: int) -> float:
    """What one visit adds to somebody nobody of ours has met, seen from the horizon.

    Visits lie anywhere before the horizon, so that the average one is half of it old by then:
    touch_share × (1 - e^-w), w the weight of a visit faded over half the horizon.

    >>> round(gain_per_visit(Measures(), 180), 3)
    0.175
    """
    weights = {kind: (weight, half_life) for kind, weight, half_life in measures.touches}
    weight, half_life = weights.get(VISIT, (0.0, 1))
    return touch_part(weight * 0.5 ** (horizon / 2 / half_life), measures)


def best_visits(stakes: Iterable[Stake], visits: int) -> tuple[Visit, ...]:
    """The visits that together gain most, the greatest gain first; fewer where none gains more."""
    heap = [
        (-row.open * row.gain_per_visit, row.person, 1, 1.0 - row.gain_per_visit)
        for row in stakes
        if row.open * row.gain_per_visit > 0
    ]
    heapify(heap)
    found: list[Visit] = []
    while heap and len(found) < visits and heap[0][0] < 0:
        gain, person, number, rest = heap[0]
        found.append(Visit(person, number, -gain))
        heapreplace(heap, (gain * rest, person, number + 1, rest))
    return tuple(found)


def value_of(stakes: Iterable[Stake], visits: Iterable[Visit] = ()) -> float:
    """Σ weight × (1 - (1 - coverage)(1 - gain_per_visit)^n), n the visits that each person gets."""
    count: dict[Ref, int] = {}
    for row in visits:
        count[row.person] = count.get(row.person, 0) + 1
    return math.fsum(
        row.weight - row.open * (1.0 - row.gain_per_visit) ** count.get(row.person, 0)
        for row in stakes
    )
