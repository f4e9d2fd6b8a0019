"""Who will sit in the deciding posts at a horizon, and how well we shall know them.

A forecast is an :class:`OutlookRow` of a tenure; who follows is a :class:`Succession`. Where either
is missing the chance is unknown, and what is unknown is counted apart, never as zero.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from relmap.contracts import AccountView, PostRow, Ref, TenureRow
from relmap.contracts.rows import Band, OutlookRow
from relmap.insight.cache import once_a_view
from relmap.insight.strength import coverage
from relmap.insight.succession import Succession, succession, successions
from relmap.insight.thresholds import HORIZON

__all__ = [
    "Expected",
    "Readiness",
    "Sitter",
    "band_of_leaving",
    "chance_of_leaving",
    "expected",
    "expected_coverage",
    "expected_in",
    "leaving",
    "readiness",
]


# --- the chance of leaving within any number of days


def chance_of_leaving(row: OutlookRow, days: int) -> float | None:
    """The chance that a holder has left within ``days``; ``None`` where the row has no figure.

    Log survival is straight between day 0 and the forecasts of 90, 180 and 365 days (a constant
    hazard between them) and goes on with the last slope. Up to a day by which everybody is sure to
    have left, survival itself is straight: the last day lies anywhere before it.

    >>> row = OutlookRow(Ref("tenure", 1), "model", 0.19, 0.36, 0.5)
    >>> round(chance_of_leaving(row, 45), 3)
    0.1
    """
    known = ((90, row.p90), (180, row.p180), (365, row.p365))
    points = [(0, 1.0)]
    for day, chance in known:
        if chance is not None:
            points.append((day, min(points[-1][1], 1.0 - chance)))
    if len(points) == 1:
        return None
    return 1.0 - _survival(points, max(days, 0))


def band_of_leaving(row: OutlookRow, days: int) -> Band | None:
    """The low and the high of :func:`chance_of_leaving`; ``None`` where it stands as a point.

    >>> from relmap.contracts import Bands
    >>> bands = Bands((0.1, 0.3), (0.2, 0.5), (0.3, 0.7))
    >>> row = OutlookRow(Ref("tenure", 1), "model", 0.2, 0.3, 0.5, bands)
    >>> [round(end, 3) for end in band_of_leaving(row, 180) or ()]
    [0.2, 0.5]
    """
    if row.bands is None:
        return None
    low, high = (
        chance_of_leaving(replace(row, p90=p90, p180=p180, p365=p365), days) or 0.0
        for p90, p180, p365 in zip(row.bands.p90, row.bands.p180, row.bands.p365, strict=True)
    )
    return low, high


def _survival(points: list[tuple[int, float]], days: int) -> float:
    index = next((at for at, (day, _) in enumerate(points) if day >= days), len(points) - 1)
    (start, before), (end, after) = points[max(index - 1, 0)], points[index]
    if start == end or before == 0.0:
        return before
    share = (days - start) / (end - start)
    if after == 0.0:
        return before * max(1.0 - share, 0.0)
    return float(before * (after / before) ** share)


def leaving(
    view: AccountView, outlook: Iterable[OutlookRow] | None = None, *, horizon: int = HORIZON
) -> Mapping[Ref, float]:
    """The chance of leaving within ``horizon`` days, by open tenure that has a forecast.

    ``outlook`` defaults to the view's own. An announced last day is a day, not a chance.
    """
    rows = view.outlook if outlook is None else outlook
    found = {}
    for row in rows:
        chance = chance_of_leaving(row, horizon)
        if chance is not None:
            found[row.tenure] = chance
    last = view.as_of + timedelta(days=horizon)
    for tenure in view.open_tenures:
        if tenure.ends_on is not None:
            found[tenure.ref] = float(tenure.ends_on <= last)
    return found


# --- who sits there then


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody who may sit in a post at the horizon, as its holder of today or as a successor."""

    person: Ref
    chance: float
    is_holder: bool
    coverage: float


@dataclass(frozen=True, slots=True)
class Expected:
    """One deciding post at the horizon; the chances and the three other parts sum to one.

    ``outside`` is somebody who is no candidate; ``is_unnamed`` a seat whose holder we cannot name
    today; ``unforecast`` a holder without forecast. ``change`` is the chance that a seat is filled
    anew. ``coverage`` is how well we shall know who sits there if nothing is done: nobody outside
    or unnamed is known, and who has no forecast is left out (``None`` where nothing is left).
    """

    post: Ref
    weight: float
    change: float
    sitters: tuple[Sitter, ...]
    outside: float
    is_unnamed: bool
    unforecast: tuple[Ref, ...]
    coverage: float | None


@dataclass(frozen=True, slots=True)
class Readiness:
    """The mean of the deciding posts' expected coverage, by weight, and what it is made of.

    ``value`` is ``None`` where no deciding post has one.
    """

    horizon: int
    value: float | None
    parts: tuple[Expected, ...]


def expected(
    view: AccountView,
    outlook: Iterable[OutlookRow] | None = None,
    followers: Mapping[Ref, Succession] | None = None,
    *,
    horizon: int = HORIZON,
) -> tuple[Expected, ...]:
    """The deciding posts at the horizon, the weightiest first.

    ``followers`` default to :func:`~relmap.insight.succession.successions`.
    """
    if outlook is None and followers is None:
        return _foreseen(view, horizon)
    followers = successions(view) if followers is None else followers
    return _expected(view, leaving(view, outlook, horizon=horizon), followers)


@once_a_view
def _foreseen(view: AccountView, horizon: int) -> tuple[Expected, ...]:
    """By the view's own outlook: plan, questions, readiness and radar all ask for it."""
    return _expected(view, leaving(view, horizon=horizon), successions(view))


def _expected(
    view: AccountView, chances: Mapping[Ref, float], followers: Mapping[Ref, Succession]
) -> tuple[Expected, ...]:
    posts = sorted(view.deciding_posts, key=lambda row: (-row.decision_weight, row.ref))
    return tuple(expected_in(view, post, chances, followers.get(post.ref)) for post in posts)


def expected_coverage(
    view: AccountView,
    post: Ref,
    outlook: Iterable[OutlookRow] | None = None,
    follow: Succession | None = None,
    *,
    horizon: int = HORIZON,
) -> Expected:
    """One post at the horizon, deciding or not; raises ``KeyError`` where the view has it not.

    ``follow`` defaults to :func:`~relmap.insight.succession.succession`.
    """
    chances = leaving(view, outlook, horizon=horizon)
    follow = succession(view, post) if follow is None else follow
    return expected_in(view, view.post(post), chances, follow)


def readiness(
    view: AccountView,
    outlook: Iterable[OutlookRow] | None = None,
    followers: Mapping[Ref, Succession] | None = None,
    *,
    horizon: int = 365,
) -> Readiness:
    """How well we shall know those who decide then: the weighted mean over the deciding posts."""
    parts = expected(view, outlook, followers, horizon=horizon)
    known = [(row.weight, row.coverage) for row in parts if row.coverage is not None]
    whole = math.fsum(weight for weight, _ in known)
    total = math.fsum(weight * value for weight, value in known)
    return Readiness(horizon, total / whole if whole else None, parts)


def expected_in(
    view: AccountView,
    post: PostRow,
    chances: Mapping[Ref, float],
    follow: Succession | None,
    *,
    gone: Collection[Ref] = (),
) -> Expected:
    """One post when its holders leave with ``chances`` (by tenure; see :func:`leaving`).

    ``gone`` are people who leave in any case and follow nowhere: a wave. Several holders share the
    post; a free seat beside them counts for nothing, since ``seats`` is as many as there ever were.
    """
    holders = {row: _chance(row, chances, gone) for row in view.holders(post.ref)}
    missing = tuple(row.ref for row, chance in holders.items() if chance is None)
    seat = 1.0 / max(len(holders), 1)
    is_vacant = not holders and (post.vacant_since is not None or bool(view.announced_in(post.ref)))
    change = seat * math.fsum(chance or 0.0 for chance in holders.values()) + float(is_vacant)
    sitters = _sitters(view, _stays(holders, seat), _follows(follow, gone, change))
    follows = math.fsum(chance for _, chance in _follows(follow, gone, change))
    known = len(holders) > len(missing) or not holders
    total = math.fsum(row.chance * row.coverage for row in sitters)
    return Expected(
        post=post.ref,
        weight=post.decision_weight,
        change=change,
        sitters=sitters,
        outside=max(change - follows, 0.0),
        is_unnamed=not holders and not is_vacant,
        unforecast=missing,
        coverage=total / (1.0 - seat * len(missing)) if known else None,
    )


def _chance(row: TenureRow, chances: Mapping[Ref, float], gone: Collection[Ref]) -> float | None:
    return 1.0 if row.person in gone else chances.get(row.ref)


Parts = list[tuple[Ref, float]]


def _stays(holders: Mapping[TenureRow, float | None], seat: float) -> Parts:
    """The holders with the part of the post that each still has at the horizon."""
    return [
        (row.person, seat * (1.0 - chance)) for row, chance in holders.items() if chance is not None
    ]


def _follows(follow: Succession | None, gone: Collection[Ref], change: float) -> Parts:
    """The candidates with the part of the post that each has at the horizon."""
    rows = () if follow is None else follow.successors
    return [(row.person, change * row.chance) for row in rows if row.person not in gone]


def _sitters(view: AccountView, stays: Parts, follows: Parts) -> tuple[Sitter, ...]:
    holders = {person for person, _ in stays}
    parts: defaultdict[Ref, float] = defaultdict(float)
    for person, part in (*stays, *follows):
        parts[person] += part
    return tuple(
        Sitter(person, part, person in holders, coverage(view, person))
        for person, part in parts.items()
        if part > 0
    )
