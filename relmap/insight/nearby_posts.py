"""Which posts stand near a post: its deputies, what reports to it, its function, its unit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from relmap.contracts import LEVELS, AccountView, PostRow, Ref
from relmap.insight.cache import once_a_view

__all__ = ["Nearby", "is_deputy", "levels_below", "nearby"]


# A rank such as VP is a deputy only of the post it reports to, so that no harm is done here.
_DEPUTY: Final = re.compile(
    r"副|次[长長]|代理|补佐|補佐|襄理|\bvice\b|\bdeputy\b|\b[esda]?vp\b"
    r"|\b(?:assistant|associate) (?!to\b)(?:\w+ )*(?:manager|director|head|president|lead)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Nearby:
    """The posts near one post, each under the nearest relation only."""

    deputy: tuple[Ref, ...] = ()
    report: tuple[Ref, ...] = ()
    function: tuple[Ref, ...] = ()
    unit: tuple[Ref, ...] = ()


def is_deputy(title: str) -> bool:
    """Whether a title marks a deputy (副, 次長, vice, deputy, ...), of whomever.

    >>> is_deputy("采购部副部长"), is_deputy("Assistant to the director")
    (True, False)
    """
    return _DEPUTY.search(title) is not None


def levels_below(post: PostRow, other: PostRow) -> int:
    """By how many levels ``other`` stands below ``post``; negative where it stands above."""
    return LEVELS.index(other.level) - LEVELS.index(post.level)


@once_a_view
def nearby(view: AccountView) -> Mapping[Ref, Nearby]:
    """For every post that ever stood, the posts near it.

    A deputy reports to the post, or sits in its unit with no superior on record, and its title says
    so. Function and unit count at the post's own level and one below; superiors are not near. The
    lines are those of the view's day, for the past as well.
    """
    rooms = _rooms(view.posts)
    rows = {post.ref: post for post in view.posts}
    return MappingProxyType({post.ref: _near(post, rooms, rows) for post in view.posts})


@dataclass(frozen=True)
class _Rooms:
    """The posts by superior, by function and level, by unit and level."""

    below: Mapping[Ref, list[PostRow]]
    function: Mapping[tuple[str, int], list[PostRow]]
    unit: Mapping[tuple[Ref, int], list[PostRow]]


def _rooms(posts: Iterable[PostRow]) -> _Rooms:
    below: defaultdict[Ref, list[PostRow]] = defaultdict(list)
    function: defaultdict[tuple[str, int], list[PostRow]] = defaultdict(list)
    unit: defaultdict[tuple[Ref, int], list[PostRow]] = defaultdict(list)
    for post in posts:
        rank = LEVELS.index(post.level)
        if post.reports_to is not None:
            below[post.reports_to].append(post)
        if post.function != "other":
            function[post.function, rank].append(post)
        unit[post.unit, rank].append(post)
    return _Rooms(below, function, unit)


def _near(post: PostRow, rooms: _Rooms, rows: Mapping[Ref, PostRow]) -> Nearby:
    rank = LEVELS.index(post.level)
    reports = rooms.below.get(post.ref, [])
    mates = [row for level in (rank, rank + 1) for row in rooms.unit.get((post.unit, level), [])]
    peers = [
        row for level in (rank, rank + 1) for row in rooms.function.get((post.function, level), [])
    ]
    deputies = [row for row in reports if is_deputy(row.title)]
    if not is_deputy(post.title):
        deputies += [row for row in mates if row.reports_to is None and is_deputy(row.title)]
    taken = _upwards(post, rows)
    return Nearby(*(_untaken(rows, taken) for rows in (deputies, reports, peers, mates)))


def _upwards(post: PostRow, rows: Mapping[Ref, PostRow]) -> set[int]:
    """The post and its superiors, by the rows' identity; a circle ends where it began."""
    found: set[int] = set()
    at: PostRow | None = post
    while at is not None and id(at) not in found:
        found.add(id(at))
        at = None if at.reports_to is None else rows.get(at.reports_to)
    return found


def _untaken(rows: Iterable[PostRow], taken: set[int]) -> tuple[Ref, ...]:
    """The posts that no nearer relation has; they are taken from now on, by the rows' identity."""
    found = []
    for row in rows:
        if id(row) not in taken:
            taken.add(id(row))
            found.append(row.ref)
    return tuple(found)
