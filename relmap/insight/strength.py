"""How well one of us knows one of them, and how well all of us do; docs/strength.md explains it.

Strengths lie between 0 and 1. The constants travel with the view, in ``view.measures``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from relmap.contracts import (
    RELATIONSHIP_LEVELS,
    AccountView,
    Measures,
    Ref,
    RelationshipLevel,
    TieRow,
)
from relmap.insight.cache import once_a_view

__all__ = [
    "Thread",
    "any_of",
    "coverage",
    "known_people",
    "level_part",
    "strength",
    "threads",
    "threads_of",
    "touch_part",
]

TOP_LEVEL = len(RELATIONSHIP_LEVELS) - 1
NO_TOUCHES = (0.0, 0, None)
Pair = tuple[Ref, Ref]  # (ours, theirs)


@dataclass(frozen=True, slots=True)
class Thread:
    """What joins one of us to one of them on the view's day.

    ``tie`` is the standing tie with the highest level, ``touch_count`` counts the last 24 months,
    ``last_on`` is the newest touch of all.
    """

    ours: Ref
    theirs: Ref
    strength: float
    tie: TieRow | None = None
    touch_count: int = 0
    last_on: date | None = None

    @property
    def level(self) -> RelationshipLevel | None:
        """The level of the tie; ``None`` where there is no tie or nobody has judged it."""
        return None if self.tie is None else self.tie.level


def any_of(chances: Iterable[float]) -> float:
    """The chance that at least one holds, were they independent: the noisy or, 1 - Π(1 - p).

    Pearl, *Probabilistic Reasoning in Intelligent Systems*, 1988, section 4.3.2.

    >>> round(any_of([0.5, 0.5]), 3)
    0.75
    """
    return 1.0 - math.prod(1.0 - chance for chance in chances)


def level_part(level: RelationshipLevel | None, age_days: int, measures: Measures) -> float:
    """What a level judged ``age_days`` ago gives: level_share × level/4 × 0.5^(age/half-life)."""
    rank = 0 if level is None else RELATIONSHIP_LEVELS.index(level)
    return measures.level_share * rank / TOP_LEVEL * _faded(age_days, measures.level_half_life)


def touch_part(weight: float, measures: Measures) -> float:
    """What touches of a faded weight give together: touch_share × (1 - e^-weight)."""
    return measures.touch_share * -math.expm1(-weight)


def _faded(age_days: int, half_life: int) -> float:
    return float(0.5 ** (max(age_days, 0) / half_life))


@once_a_view
def threads(view: AccountView) -> Mapping[Pair, Thread]:
    """Every pair of one of us and one of them with a standing tie or a touch, by (ours, theirs)."""
    ties, touches = _best_ties(view), _touches(view)
    older = {(row.ours, row.theirs): row.last_on for row in view.touch_counts}
    found = {}
    for pair in sorted({*ties, *touches, *older}):
        tie = ties.get(pair)
        weight, count, last_on = touches.get(pair, NO_TOUCHES)
        value = any_of((_level_of(tie, view), touch_part(weight, view.measures)))
        found[pair] = Thread(*pair, value, tie, count, last_on or older.get(pair))
    return MappingProxyType(found)


def _level_of(tie: TieRow | None, view: AccountView) -> float:
    if tie is None or tie.sign < 0:
        return 0.0
    return level_part(tie.level, (view.as_of - tie.observed_on).days, view.measures)


def _best_ties(view: AccountView) -> dict[Pair, TieRow]:
    """The standing tie of each pair that gives most; an ended tie carries no level."""
    side = {row.ref: row.side for row in view.people}
    best: dict[Pair, TieRow] = {}
    for tie in view.ties:
        ends = {side.get(end): end for end in (tie.a, tie.b)}
        if {"us", "client"} != set(ends) or (tie.ends_on is not None and tie.ends_on <= view.as_of):
            continue
        pair = (ends["us"], ends["client"])
        if pair not in best or _level_of(best[pair], view) < _level_of(tie, view):
            best[pair] = tie
    return best


def _touches(view: AccountView) -> dict[Pair, tuple[float, int, date]]:
    """Of each pair that met: the faded weight of its touches, their number and the newest day."""
    side = {row.ref: row.side for row in view.people}
    weights = {kind: (weight, half_life) for kind, weight, half_life in view.measures.touches}
    met: dict[Pair, tuple[float, int, date]] = {}
    for touch in view.touches:
        if touch.on > view.as_of:
            continue
        weight, half_life = weights.get(touch.kind, (0.0, 1))
        gain = weight * _faded((view.as_of - touch.on).days, half_life)
        ours = [person for person in touch.people if side.get(person) == "us"]
        theirs = [person for person in touch.people if side.get(person) == "client"]
        for pair in ((a, b) for a in ours for b in theirs):
            total, count, last_on = met.get(pair, (0.0, 0, touch.on))
            met[pair] = (total + gain, count + 1, max(last_on, touch.on))
    return met


@once_a_view
def _threads_by_person(view: AccountView) -> Mapping[Ref, tuple[Thread, ...]]:
    groups: defaultdict[Ref, list[Thread]] = defaultdict(list)
    for thread in threads(view).values():
        groups[thread.ours].append(thread)
        groups[thread.theirs].append(thread)
    return MappingProxyType(
        {
            person: tuple(sorted(rows, key=lambda row: (-row.strength, row.ours, row.theirs)))
            for person, rows in groups.items()
        }
    )


def threads_of(view: AccountView, person: Ref) -> tuple[Thread, ...]:
    """A person's threads to the other side, strongest first."""
    return _threads_by_person(view).get(person, ())


def strength(view: AccountView, ours: Ref, theirs: Ref) -> float:
    """How well one of us knows one of them, 0 to 1; 0 where nothing joins them."""
    thread = threads(view).get((ours, theirs))
    return 0.0 if thread is None else thread.strength


@once_a_view
def _coverages(view: AccountView) -> Mapping[Ref, float]:
    return MappingProxyType(
        {
            person.ref: any_of(thread.strength for thread in threads_of(view, person.ref))
            for person in view.people_of("client")
        }
    )


def coverage(view: AccountView, person: Ref) -> float:
    """How well all of us together know one of them, 0 to 1: the noisy or of the strengths."""
    return _coverages(view).get(person, 0.0)


@once_a_view
def known_people(view: AccountView) -> frozenset[Ref]:
    """Those of them whom we truly know (who are warm): coverage from ``measures.known_from``."""
    return frozenset(
        person for person, value in _coverages(view).items() if value >= view.measures.known_from
    )
