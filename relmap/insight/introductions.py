"""Who inside the customer could introduce us to somebody new in a post."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from relmap.contracts import AccountView, PostRow, Ref
from relmap.insight.beliefs import hostile_people
from relmap.insight.cache import once_a_view
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
    unit, or has its function elsewhere. Who is in conflict with a newcomer is left out, who is
    against us, and ``without``: who has just left the post, say.
    """
    friends, foes = _friends(view, newcomers)
    superiors = set(_superiors(view, post))
    found = []
    for person, posts in _warm_people(view):
        if person in foes or person in newcomers or person == without:
            continue
        near = "tie" if person in friends else _nearness(post, superiors, posts)
        if near is not None:
            asker = threads_of(view, person)[0].ours
            found.append(Introducer(person, near, coverage(view, person), asker))
    found.sort(key=lambda row: (ORDER.index(row.nearness), -row.coverage, row.person))
    return tuple(found[:most])


@once_a_view
def _warm_people(view: AccountView) -> tuple[tuple[Ref, tuple[PostRow, ...]], ...]:
    """Whom we truly know, who is in place and not against us, each with the posts held."""
    warm = sorted(known_people(view) & people_in_place(view) - hostile_people(view))
    return tuple((person, view.posts_of(person)) for person in warm)


def _friends(view: AccountView, newcomers: Collection[Ref]) -> tuple[set[Ref], set[Ref]]:
    """Who has a good tie to one of the newcomers, and who is in conflict with one."""
    friends: set[Ref] = set()
    foes: set[Ref] = set()
    for newcomer in newcomers:
        for tie in view.ties_of(newcomer):
            other = tie.b if tie.a == newcomer else tie.a
            (foes if tie.sign < 0 or tie.kind == "conflicts" else friends).add(other)
    return friends - foes, foes


def _nearness(post: PostRow, superiors: set[Ref], posts: Iterable[PostRow]) -> Nearness | None:
    """How near the holder of ``posts`` is to the post, whose ``superiors`` are given."""
    if any(row.reports_to == post.ref or row.ref in superiors for row in posts):
        return "reporting_line"
    if any(row.unit == post.unit for row in posts):
        return "unit"
    if post.function != "other" and any(row.function == post.function for row in posts):
        return "function"
    return None


def _superiors(view: AccountView, post: PostRow) -> Iterator[Ref]:
    """The posts above, from the next one up; a circle ends where it began."""
    seen = {post.ref}
    above = post.reports_to
    while above is not None and above not in seen and above in view:
        seen.add(above)
        yield above
        above = view.post(above).reports_to
