"""Whom to cultivate, as one reads it: the plan by person, the posts by what is open in them.

The plan of :mod:`relmap.insight.plan` has a step a visit; here several visits to one person are one
*stop*, numbered by the first of them. :func:`broken` says what is left of it without some people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from relmap.contracts import AccountView, Evidence, Ref
from relmap.insight.horizon import Expected, expected
from relmap.insight.paths import paths
from relmap.insight.plan import Plan, PlanStep, plan
from relmap.insight.succession import Succession, successions
from relmap.insight.thresholds import HORIZON
from relmap.insight.whatif import without

__all__ = ["Break", "Cultivation", "Stop", "Target", "broken", "cultivation"]


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody to meet: how often, by whom, over whom, and what the visits add to the value.

    ``post`` is the one in which the person will weigh most; ``path`` as in a plan's step.
    """

    number: int
    person: Ref
    post: Ref
    by: Ref | None
    path: tuple[Ref, ...]
    visits: int
    gain: float
    reason: Evidence


@dataclass(frozen=True, slots=True)
class Target:
    """A deciding post at the horizon, who may follow there, and what is open.

    ``open`` is what we would lack if it changed: weight × chance of change × (1 - expected
    coverage); a seat without forecast counts as sure to change, since nothing is known of it.
    """

    post: Ref
    part: Expected
    follow: Succession
    open: float


@dataclass(frozen=True, slots=True)
class Cultivation:
    """An account's plan, its stops, and all its deciding posts, the most open first."""

    view: AccountView
    horizon: int
    plan: Plan
    stops: tuple[Stop, ...]
    targets: tuple[Target, ...]


def cultivation(view: AccountView, *, visits: int, horizon: int = HORIZON) -> Cultivation:
    """Whom to cultivate with ``visits`` visits; the view holds its outlook.

    Raises ``ValueError`` on a negative number of visits.
    """
    followers = successions(view)
    found = plan(view, visits=visits, horizon=horizon, paths=partial(paths, most=1))
    parts = expected(view, horizon=horizon)
    targets = [Target(part.post, part, followers[part.post], _open(part)) for part in parts]
    targets.sort(key=lambda row: (-row.open, -row.part.weight, row.post))
    return Cultivation(view, horizon, found, _stops(found), tuple(targets))


def _open(part: Expected) -> float:
    if part.is_unnamed or part.coverage is None:
        return part.weight
    return part.weight * part.change * (1.0 - part.coverage)


def _stops(found: Plan) -> tuple[Stop, ...]:
    groups: defaultdict[Ref, list[PlanStep]] = defaultdict(list)
    for step in found.steps:
        groups[step.person].append(step)
    return tuple(
        Stop(
            number=number,
            person=person,
            post=_post(steps[0].reason),
            by=steps[0].by,
            path=steps[0].path,
            visits=len(steps),
            gain=sum(step.gain for step in steps),
            reason=steps[0].reason,
        )
        for number, (person, steps) in enumerate(groups.items(), start=1)
    )


def _post(reason: Evidence) -> Ref:
    """The post that a step's reason is about: the first that it names."""
    return next(ref for ref in reason.refs if ref.kind == "post")


# --- without some people


@dataclass(frozen=True, slots=True)
class Break:
    """What becomes of a stop without some people.

    ``gone``: the person to meet is one of them. ``lost``: no way is left. ``detour``: ``path`` is
    another way.
    """

    kind: Literal["gone", "lost", "detour"]
    without: tuple[Ref, ...]
    path: tuple[Ref, ...] = ()


def broken(found: Cultivation, gone: Collection[Ref]) -> Mapping[int, Break]:
    """The stops, by number, that could not be made as planned if these people were gone."""
    if not gone:
        return {}
    after = without(found.view, gone)
    breaks = {stop.number: _break(stop, frozenset(gone), after) for stop in found.stops}
    return {number: row for number, row in breaks.items() if row is not None}


def _break(stop: Stop, gone: frozenset[Ref], after: AccountView) -> Break | None:
    if stop.person in gone:
        return Break("gone", (stop.person,))
    missing = tuple(ref for ref in dict.fromkeys((*stop.path, stop.by)) if ref in gone)
    if not missing:
        return None
    named = tuple(ref for ref in missing if ref is not None)
    ways = paths(after, stop.person, most=1)
    return Break("detour", named, ways[0].people) if ways else Break("lost", named)
