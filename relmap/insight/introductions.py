"""Who inside the customer could introduce us to somebody new in a post."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from relmap.contracts import AccountView, PostRow, Ref
from relmap.insight.strength import coverage, known_people, threads_of
from relmap.insight.threads import people_in_place

__all__ = ["Introducer", "introducers"]

Nearness = Literal["tie", "reporting_line", "unit", "function"]
ORDER: tuple[Nearness, ...] = ("tie", "reporting_line", "unit", "function")


@dataclass(frozen=True, slots=True)
class Introducer:
    """A warm person inside, how near that person is to the post, and who of us should ask."""

    person: Ref
    nearness: Nearness
    coverage: float
    ours: Ref


def introducers(
    view: AccountView,
    post: PostRow,
    *,
    newcomers: Collection[Ref] = (),
    without: Ref | None = None,
    most: int = 5,
) -> tuple[Introducer, ...]:
    """The warm people who could introduce us to the post's newcomers, the nearest first.

    Near is who has a tie to a newcomer, then who stands in the post's reporting line, sits in its
    unit, or has its function elsewhere. Who is in conflict with a newcomer is left out, and so is
    ``without``: who has just left the post, say.
    """
    friends, foes = _friends(view, newcomers)
    found = []
    warm = known_people(view) & people_in_place(view)
    for person in warm - foes - {*newcomers, without}:
        near = "tie" if person in friends else _nearness(view, post, person)
        if near is not None:
            asker = threads_of(view, person)[0].ours
            found.append(Introducer(person, near, coverage(view, person), asker))
    found.sort(key=lambda row: (ORDER.index(row.nearness), -row.coverage, row.person))
    return tuple(found[:most])


def _friends(view: AccountView, newcomers: Collection[Ref]) -> tuple[set[Ref], set[Ref]]:
    """Who has a good tie to one of the newcomers, and who is in conflict with one."""
    friends: set[Ref] = set()
    foes: set[Ref] = set()
    for newcomer in newcomers:
        for tie in view.ties_of(newcomer):
            other = tie.b if tie.a == newcomer else tie.a
            (foes if tie.sign < 0 or tie.kind == "conflicts" else friends).add(other)
    return friends - foes, foes


def _nearness(view: AccountView, post: PostRow, person: Ref) -> Nearness | None:
    posts = view.posts_of(person)
    if any(_is_in_line(view, post, row) for row in posts):
        return "reporting_line"
    if any(row.unit == post.unit for row in posts):
        return "unit"
    if post.function != "other" and any(row.function == post.function for row in posts):
        return "function"
    return None


def _is_in_line(view: AccountView, post: PostRow, other: PostRow) -> bool:
    """Whether ``other`` stands above the post, or right below it."""
    return other.reports_to == post.ref or other.ref in _superiors(view, post)


def _superiors(view: AccountView, post: PostRow) -> Iterator[Ref]:
    seen = {post.ref}
    above = post.reports_to
    while above is not None and above not in seen and above in view:
        seen.add(above)
        yield above
        above = view.post(above).reports_to
