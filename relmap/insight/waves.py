"""What a plan is worth if several holders of one unit leave together: the worst case.

The forecasts of a plan are for each holder alone. In a rotation whole departments change at once.
That all of them go is the case that is reckoned; how likely it is that two or more do, or all, is
told beside it, by how strongly people of one unit have left together (:mod:`.outlook.together`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from relmap.contracts import AccountView, Ref
from relmap.contracts.rows import OutlookRow
from relmap.insight.cache import once_a_view
from relmap.insight.horizon import Expected, expected, expected_in, leaving
from relmap.insight.outlook.joint_departures import UnitWave, wave_units
from relmap.insight.plan import Plan
from relmap.insight.succession import Succession, successions
from relmap.insight.thresholds import HORIZON

__all__ = ["Wave", "holders_below", "wave_in", "waves", "worst_case"]

NO_LIFTS: Final[Mapping[Ref, float]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Wave:
    """The holders of a unit's deciding posts leave together, and what is left then.

    ``value`` is the account's value without any visit, against ``value_before`` without the wave;
    ``value_after`` is the value with a plan's visits, ``None`` where no plan was given.
    ``chances[k]`` is the chance that exactly k of ``people`` leave within ``horizon`` days, empty
    where fewer than two have a forecast; it rests on ``tenures``.
    """

    unit: Ref
    people: tuple[Ref, ...]
    value_before: float
    value: float
    value_after: float | None
    horizon: int
    chances: tuple[float, ...] = ()
    tenures: int = 0

    @property
    def loss(self) -> float:
        """What the wave costs; negative where the likely successors are known better."""
        return self.value_before - self.value

    def at_least(self, count: int) -> float | None:
        """The chance that so many or more leave; ``None`` where it cannot be told."""
        return min(1.0, math.fsum(self.chances[max(count, 0) :])) if self.chances else None


def holders_below(view: AccountView, unit: Ref) -> tuple[Ref, ...]:
    """Who holds a post in a unit or in a part of it on the day."""
    inside = _parts_of(view)[unit]
    posts = {row.ref for row in view.open_posts if row.unit in inside}
    return tuple(sorted({row.person for row in view.open_tenures if row.post in posts}))


def waves(
    view: AccountView,
    outlook: Iterable[OutlookRow] | None = None,
    followers: Mapping[Ref, Succession] | None = None,
    *,
    horizon: int = HORIZON,
    planned: Plan | None = None,
) -> tuple[Wave, ...]:
    """A wave in each unit with two or more who decide, its parts included, the costliest first.

    Who leave together do not follow each other: their chance goes to somebody from outside.
    ``planned`` is the plan whose visits ``value_after`` counts.
    """
    sea = _Sea(view, outlook, followers, horizon, planned)
    found = sea.waves(_deciding(view))
    return tuple(sorted(found, key=lambda row: (-row.loss, row.unit)))


def worst_case(
    view: AccountView,
    outlook: Iterable[OutlookRow] | None = None,
    followers: Mapping[Ref, Succession] | None = None,
    *,
    horizon: int = HORIZON,
    planned: Plan | None = None,
) -> Wave | None:
    """The costliest wave; ``None`` where no unit has two who decide."""
    found = waves(view, outlook, followers, horizon=horizon, planned=planned)
    return next(iter(found), None)


def wave_in(view: AccountView, unit: Ref, *, horizon: int = HORIZON) -> Wave | None:
    """The wave of one unit with all its parts; ``None`` where it has not two who decide.

    Everybody below goes, so that nobody of the unit follows there.
    """
    inside = _parts_of(view)[unit]
    posts = tuple(sorted(row.ref for row in view.deciding_posts if row.unit in inside))
    sea = _Sea(view, None, None, horizon, None)
    return next(iter(sea.waves({unit: posts}, gone=holders_below(view, unit))), None)


class _Sea:
    """An account at a horizon, and what the waves in it leave."""

    def __init__(
        self,
        view: AccountView,
        outlook: Iterable[OutlookRow] | None,
        followers: Mapping[Ref, Succession] | None,
        horizon: int,
        planned: Plan | None,
    ) -> None:
        rows = None if outlook is None else tuple(outlook)
        self.view, self.horizon = view, horizon
        self.followers = successions(view) if followers is None else followers
        self.chances = leaving(view, rows, horizon=horizon)
        self.lifts = None if planned is None else _lifts(planned)
        parts = expected(view, rows, followers, horizon=horizon)
        self.values = {part.post: _value(part) for part in parts}
        self.lifted = {part.post: _value(part, self.lifts or {}) for part in parts}
        self.before = math.fsum(self.values.values())

    def waves(
        self, posts: Mapping[Ref, Collection[Ref]], *, gone: Collection[Ref] = ()
    ) -> list[Wave]:
        """The wave of each unit, given its deciding posts, in which two or more would go.

        ``gone`` are people who go besides and follow nowhere.
        """
        laws = {law.unit: law for law in wave_units(self.view, self.chances, posts)}
        found = (self._wave(unit, inside, laws.get(unit), gone) for unit, inside in posts.items())
        return [wave for wave in found if len(wave.people) > 1]

    def _wave(
        self, unit: Ref, posts: Collection[Ref], law: UnitWave | None, gone: Collection[Ref]
    ) -> Wave:
        people = {row.person for post in posts for row in self.view.holders(post)}
        left = [self._without(post, people.union(gone)) for post in posts]
        values = self.values | {part.post: _value(part) for part in left}
        after = None
        if self.lifts is not None:
            lifted = {part.post: _value(part, self.lifts) for part in left}
            after = math.fsum((self.lifted | lifted).values())
        return Wave(
            unit=unit,
            people=tuple(sorted(people)),
            value_before=self.before,
            value=math.fsum(values.values()),
            value_after=after,
            horizon=self.horizon,
            chances=law.chances if law else (),
            tenures=law.together.tenures if law else 0,
        )

    def _without(self, post: Ref, people: Collection[Ref]) -> Expected:
        followers = self.followers.get(post)
        return expected_in(self.view, self.view.post(post), self.chances, followers, gone=people)


def _lifts(planned: Plan) -> Mapping[Ref, float]:
    """What the visits of a plan leave of the unknown of each person: (1 - gain)^visits."""
    visits = Counter(step.person for step in planned.steps)
    return {
        row.person: (1.0 - row.gain_per_visit) ** visits[row.person]
        for row in planned.people
        if visits[row.person]
    }


def _value(part: Expected, lifts: Mapping[Ref, float] = NO_LIFTS) -> float:
    """What a post adds to the account's value, its sitters known as well as visits make them."""
    return part.weight * math.fsum(
        row.chance * (1.0 - (1.0 - row.coverage) * lifts.get(row.person, 1.0))
        for row in part.sitters
    )


def _deciding(view: AccountView) -> Mapping[Ref, tuple[Ref, ...]]:
    """The deciding posts in each unit and in its parts.

    Of units with the same ones the innermost; the whole account only where no part decides.
    """
    by_unit: defaultdict[Ref, list[Ref]] = defaultdict(list)
    for post in view.deciding_posts:
        by_unit[post.unit].append(post.ref)
    innermost: dict[tuple[Ref, ...], Ref] = {}
    parts = _parts_of(view)
    for unit in sorted(parts, key=lambda ref: (-len(parts[ref]), ref)):
        posts = sorted(post for part in parts[unit] for post in by_unit.get(part, ()))
        if posts:
            innermost[tuple(posts)] = unit
    everything = tuple(sorted(post.ref for post in view.deciding_posts))
    if len(innermost) > 1:
        innermost.pop(everything, None)
    return {unit: posts for posts, unit in innermost.items()}


@once_a_view
def _parts_of(view: AccountView) -> Mapping[Ref, frozenset[Ref]]:
    """Each unit with all its parts, however deep."""
    above = {row.ref: row.parent for row in view.units}
    found: defaultdict[Ref, set[Ref]] = defaultdict(set)
    for unit in above:
        seen: set[Ref] = set()
        at: Ref | None = unit
        while at is not None and at not in seen:
            seen.add(at)
            found[at].add(unit)
            at = above.get(at)
    return {unit: frozenset(inside) for unit, inside in found.items()}
