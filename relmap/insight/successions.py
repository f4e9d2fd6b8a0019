"""The successions on record: who left a post, who followed, and from where."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from relmap.contracts import AccountView, Ref, TenureRow
from relmap.insight.cache import once_a_view
from relmap.insight.nearby_posts import Nearby, nearby

__all__ = ["ORIGINS", "Followed", "Origin", "Record", "followed", "moves_into", "record"]

Origin = Literal["deputy", "edge", "report", "function", "unit", "outside"]
ORIGINS: Final[tuple[Origin, ...]] = ("deputy", "edge", "report", "function", "unit", "outside")
"""Where a successor sat just before, the nearest first; a person counts under the first only.

``edge``: in a post from which somebody had moved to this post, or to one of its title, before.
``outside``: in no post near this one, or in none that we know.
"""

JUST_BEFORE: Final = timedelta(days=31)
HANDOVER: Final = timedelta(days=92)  # how long a successor may sit beside who leaves
LONG_AGO: Final = date.min + JUST_BEFORE


@dataclass(frozen=True, slots=True)
class Followed:
    """One tenure that ended and the one that followed in the seat, neither of them acting.

    ``on`` is the last day before either changed; whoever acted in between is passed over.
    """

    left: TenureRow
    came: TenureRow
    on: date


@dataclass(frozen=True, slots=True)
class Record:
    """How often a successor came from an origin, and how often one could have come from there.

    ``could`` counts the successions in which somebody sat there and nobody came from a nearer
    place: trials of a chain of yes and no, so that a post without deputies teaches nothing about
    deputies. ``acting`` and ``confirmed`` count acting holders whose acting ended.
    """

    seen: int
    came: Mapping[Origin, int]
    could: Mapping[Origin, int]
    acting: int = 0
    confirmed: int = 0


@once_a_view
def followed(view: AccountView) -> tuple[Followed, ...]:
    """Every succession on record, by its day."""
    found = [row for post in view.posts for row in _in_post(view, post.ref, seats=post.seats)]
    return tuple(sorted(found, key=lambda row: (row.on, row.left.ref)))


def _in_post(view: AccountView, post: Ref, *, seats: int) -> Iterator[Followed]:
    rows = [row for row in view.tenures_in(post) if not row.acting]
    if len(rows) < 2:
        return
    waiting = sorted(rows, key=lambda row: (row.starts_on, row.ref))
    early = HANDOVER if seats == 1 else timedelta(0)
    ended = [(row.ends_on, row) for row in rows if row.has_ended(view.as_of) and row.ends_on]
    for ends_on, left in sorted(ended, key=lambda pair: (pair[0], pair[1].ref)):
        since = max(_earliest_end(left, ends_on) - early, left.starts_on + timedelta(days=1))
        came = next((row for row in waiting if row.starts_on >= since and row is not left), None)
        if came is None:
            continue
        waiting.remove(came)
        if came.person != left.person:  # else the same person was entered twice, or came back
            day = min(ends_on, came.starts_on) - timedelta(days=1)
            yield Followed(left, came, max(day, LONG_AGO))


def _earliest_end(tenure: TenureRow, ends_on: date) -> date:
    return ends_on if tenure.ends_after is None else tenure.ends_after + timedelta(days=1)


# --- roads: moves from post to post


Roads = Mapping[str, Mapping[Ref, tuple[date, ...]]]


@lru_cache(maxsize=8192)
def _plain(title: str) -> str:
    return " ".join(title.casefold().split())


@once_a_view
def _roads(view: AccountView) -> Roads:
    """To each title: the posts people moved from, each with the days of the moves."""
    roads: defaultdict[str, defaultdict[Ref, list[date]]] = defaultdict(lambda: defaultdict(list))
    for tenure in view.tenures:
        if tenure.acting:
            continue
        for held in _just_before(view, tenure.person, tenure.starts_on - timedelta(days=1)):
            if held != tenure.post:
                roads[_plain(view.post(tenure.post).title)][held].append(tenure.starts_on)
    return MappingProxyType(
        {
            title: {post: tuple(sorted(days)) for post, days in origins.items()}
            for title, origins in roads.items()
        }
    )


def moves_into(view: AccountView, post: Ref, *, before: date) -> Mapping[Ref, int]:
    """The posts from which people had moved to this post or its title, each with how many."""
    found: dict[Ref, int] = {}
    for origin, days in _roads(view).get(_plain(view.post(post).title), {}).items():
        count = bisect_left(days, before)
        if count and origin != post:
            found[origin] = count
    return found


def _just_before(view: AccountView, person: Ref, day: date) -> set[Ref]:
    """The posts that a person held on a day or in the month before."""
    return {row.post for row in view.tenures_of(person) if _covers(row, day)}


def _covers(row: TenureRow, day: date) -> bool:
    ended_on = row.ends_on
    return row.starts_on <= day and (ended_on is None or ended_on > day - JUST_BEFORE)


# --- what they teach


@once_a_view
def _records(view: AccountView) -> Mapping[bool, Record]:
    """What successions teach, apart for posts of level ``staff`` (``True``) and above."""
    near = nearby(view)
    came: dict[bool, Counter[Origin]] = {True: Counter(), False: Counter()}
    could: dict[bool, Counter[Origin]] = {True: Counter(), False: Counter()}
    for row in followed(view):
        is_staff = view.post(row.left.post).level == "staff"
        origin = _count(view, row, near[row.left.post], could[is_staff])
        came[is_staff][origin] += 1
    acting, confirmed = _acted(view)
    return {
        key: Record(sum(came[key].values()), came[key], could[key], acting, confirmed)
        for key in (True, False)
    }


def record(view: AccountView, *, staff: bool) -> Record:
    """What the successions in posts of level ``staff``, or in all above, teach."""
    return _records(view)[staff]


def _count(view: AccountView, row: Followed, near: Nearby, could: Counter[Origin]) -> Origin:
    """Where the successor came from; adds to ``could`` the places that were asked until then."""
    held = _just_before(view, row.came.person, row.on)
    roads = moves_into(view, row.left.post, before=row.on)
    rooms: dict[Origin, Mapping[Ref, int] | tuple[Ref, ...]] = {
        "deputy": near.deputy,
        "edge": roads,
        "report": near.report,
        "function": near.function,
        "unit": near.unit,
    }
    for origin, posts in rooms.items():
        if held and not held.isdisjoint(posts):
            could[origin] += 1
            return origin
        if any(_is_held(view, post, row) for post in posts):
            could[origin] += 1
    return "outside"


def _is_held(view: AccountView, post: Ref, row: Followed) -> bool:
    """Whether somebody other than who left sat in a post on the day or in the month before."""
    on, left = row.on, row.left.person
    since = on - JUST_BEFORE
    for tenure in view.tenures_in(post):  # asked a thousand times an account: no calls inside
        ended_on = tenure.ends_on
        covers = tenure.starts_on <= on and (ended_on is None or ended_on > since)
        if covers and tenure.person != left:
            return True
    return False


def _acted(view: AccountView) -> tuple[int, int]:
    """How many acting tenures ended, and how many of them by confirmation."""
    ended = [row for row in view.tenures if row.acting and row.has_ended(view.as_of)]
    confirmed = [row for row in ended if row.ends_on and _was_confirmed(view, row, row.ends_on)]
    return len(ended), len(confirmed)


def _was_confirmed(view: AccountView, acted: TenureRow, ended_on: date) -> bool:
    return any(
        row.post == acted.post
        and not row.acting
        and acted.starts_on <= row.starts_on <= ended_on + JUST_BEFORE
        and not row.has_ended(ended_on)
        for row in view.tenures_of(acted.person)
    )
