"""What a plan is worth if several holders of one unit leave together: the worst case.

The forecasts of a plan are for each holder alone. In a rotation whole departments change at once;
how likely that is cannot be learnt from a few waves, so that it is a case, not a chance.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from relmap.contracts import AccountView, Ref
from relmap.contracts.rows import OutlookRow
from relmap.insight.horizon import HORIZON, Expected, expected, expected_in, leaving
from relmap.insight.once import once_a_view
from relmap.insight.succession import Succession, successions

__all__ = ["Wave", "holders_below", "waves", "worst_case"]


@dataclass(frozen=True, slots=True)
class Wave:
    """The holders of a unit's deciding posts leave together, and what is left then.

    ``value`` is the account's value without any visit, against ``value_before`` without the wave.
    """

    unit: Ref
    people: tuple[Ref, ...]
    value_before: float
    value: float

    @property
    def loss(self) -> float:
        """What the wave costs; negative where the likely successors are known better."""
        return self.value_before - self.value


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
) -> tuple[Wave, ...]:
    """A wave in each unit with two or more who decide, its parts included, the costliest first.

    Who leave together do not follow each other: their chance goes to somebody from outside.
    """
    rows = None if outlook is None else tuple(outlook)
    parts = {row.post: row for row in expected(view, rows, followers, horizon=horizon)}
    followers = successions(view) if followers is None else followers
    chances = leaving(view, rows, horizon=horizon)
    before = math.fsum(map(_value, parts.values()))
    found = []
    for unit, posts in _deciding(view).items():
        people = {row.person for post in posts for row in view.holders(post)}
        if len(people) > 1:
            after = (
                expected_in(view, view.post(post), chances, followers.get(post), gone=people)
                for post in posts
            )
            change = math.fsum(_value(row) - _value(parts[row.post]) for row in after)
            found.append(Wave(unit, tuple(sorted(people)), before, before + change))
    return tuple(sorted(found, key=lambda row: (-row.loss, row.unit)))


def worst_case(
    view: AccountView,
    outlook: Iterable[OutlookRow] | None = None,
    followers: Mapping[Ref, Succession] | None = None,
    *,
    horizon: int = HORIZON,
) -> Wave | None:
    """The costliest wave; ``None`` where no unit has two who decide."""
    return next(iter(waves(view, outlook, followers, horizon=horizon)), None)


def _value(part: Expected) -> float:
    return part.weight * math.fsum(row.chance * row.coverage for row in part.sitters)


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
