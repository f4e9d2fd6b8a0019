"""The blocking set: the fewest people who hold our way to a post.

A minimum vertex cut between all of us and the post's holders. By Menger's theorem it is as large as
the number of warm chains to the post that share nobody (Menger, *Zur allgemeinen Kurventheorie*,
1927); those are found one by one as augmenting paths, each vertex split in two so that it carries
one chain (Ford and Fulkerson, *Maximal flow through a network*, 1956).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from relmap.contracts import AccountView, Evidence, PostRow, Ref
from relmap.insight.cache import once_a_view
from relmap.insight.warmth import warm_network

__all__ = [
    "BlockingSet",
    "blocking_set",
    "blocking_sets",
    "joint_blocking_set",
    "project_blocking_sets",
]

ONE: Final = "Every warm path runs through {0}"
SEVERAL: Final = "Every warm path runs through one of {count} people"


@dataclass(frozen=True, slots=True)
class BlockingSet:
    """The fewest people whose leaving leaves the posts without any warm path from us.

    ``people`` are of their side and of ours; nobody where no holder is reached now. Of several
    smallest sets it is the one nearest to the posts, since those people rotate. Where it is one
    person, ``each_alone`` are all whose leaving alone does it: that one, then the others towards
    us. ``reached`` are the holders to whom a warm path leads, ``holders`` all on record: a seat
    that is blank, or whose holder we cannot name, is not reached.
    """

    posts: tuple[Ref, ...]
    people: tuple[Ref, ...]
    each_alone: tuple[Ref, ...]
    reached: tuple[Ref, ...]
    holders: tuple[Ref, ...]

    @property
    def is_reached(self) -> bool:
        """Whether a warm path leads from us to any holder."""
        return bool(self.reached)

    @property
    def reason(self) -> Evidence:
        """The finding in words, with the people and then the posts as refs."""
        count = len(self.people)
        if not self.holders:
            text = "Nobody is known to sit there"
        elif not self.is_reached:
            text = "No warm path leads there"
        else:
            text = ONE if count == 1 else SEVERAL
        return Evidence(text, refs=(*self.people, *self.posts), values={"count": count})


def blocking_set(view: AccountView, post: PostRow) -> BlockingSet:
    """Whose leaving, of the fewest, would leave a post without any warm path from us.

    The post's holders are no candidates. A direct tie is a path through that colleague, so a post
    held by one colleague's tie alone has the set of that colleague. Of several holders any one
    reached is enough.
    """
    return joint_blocking_set(view, (post,))


@once_a_view
def blocking_sets(view: AccountView) -> tuple[BlockingSet, ...]:
    """The blocking set of every deciding post: those on the fewest people first, the lost at last.

    Among equals the heavier post comes first.
    """
    posts = sorted(view.deciding_posts, key=lambda row: (-row.decision_weight, row.ref))
    found = [blocking_set(view, post) for post in posts]
    return tuple(sorted(found, key=lambda row: (not row.is_reached, len(row.people))))


def joint_blocking_set(view: AccountView, posts: Iterable[PostRow]) -> BlockingSet:
    """Whose leaving, of the fewest, would leave no warm path to any of the posts.

    For a project: it is out of reach when none of those who decide it is reached. (The post that
    falls first is the smallest of the :func:`blocking_set` of each.) No holder of any of the posts
    is a candidate.

    Who is in conflict with a holder is never on the way to that holder. Where posts have several
    holders and somebody is in conflict with some of them only, the set still cuts every way, yet
    may name one more than needed.
    """
    rows, ways = tuple(posts), _ways(view)
    holders = sorted({row.person for post in rows for row in view.holders(post.ref)})
    reached = [row for row in holders if _Chains(ways, *_to(ways, [row])).add_one() is None]
    sets = _sets(ways, *_to(ways, reached)) if reached else [()]
    return BlockingSet(
        posts=tuple(row.ref for row in rows),
        people=sets[0],
        each_alone=tuple(person for one in sets if len(one) == 1 for person in one),
        reached=tuple(reached),
        holders=tuple(holders),
    )


@once_a_view
def project_blocking_sets(view: AccountView) -> Mapping[Ref, BlockingSet]:
    """The joint blocking set of each open project, by its ref: on whom the chance to sell hangs.

    A project of which nobody said which standing posts decide it is left out.
    """
    standing = {row.ref: row for row in view.open_posts}
    deciding = {
        row.ref: [standing[post] for post in row.posts if post in standing]
        for row in view.open_projects
    }
    return MappingProxyType(
        {ref: joint_blocking_set(view, posts) for ref, posts in deciding.items() if posts}
    )


# --- chains that share nobody


@dataclass(frozen=True, slots=True)
class _Ways:
    """The warm network by numbers, which are faster to look up than refs.

    ``into`` has for each person the numbers of those who can introduce us there, ours and carriers;
    one of us is introduced by nobody.
    """

    people: tuple[Ref, ...]
    numbers: Mapping[Ref, int]
    into: tuple[tuple[int, ...], ...]
    ours: frozenset[int]
    foes: Mapping[Ref, frozenset[int]]


@once_a_view
def _ways(view: AccountView) -> _Ways:
    network = warm_network(view)
    people = tuple(row.ref for row in view.people)
    numbers = {person: number for number, person in enumerate(people)}
    open_to_us = network.carriers.union(network.ours)
    return _Ways(
        people=people,
        numbers=numbers,
        into=tuple(
            tuple([numbers[one] for one in network.into.get(person, ()) if one in open_to_us])
            for person in people
        ),
        ours=frozenset(numbers[person] for person in network.ours),
        foes={
            person: frozenset(numbers[foe] for foe in foes if foe in numbers)
            for person, foes in network.foes.items()
        },
    )


def _to(ways: _Ways, targets: Collection[Ref]) -> tuple[list[int], frozenset[int]]:
    """The numbers of the targets, and of those who may not stand on the way to them."""
    numbers = [ways.numbers[row] for row in targets]
    barred = frozenset.intersection(*(ways.foes.get(row, frozenset()) for row in targets))
    return numbers, barred.union(numbers)


def _sets(ways: _Ways, targets: list[int], closed: frozenset[int]) -> list[tuple[Ref, ...]]:
    """The smallest set nearest to the targets; if it is one person, further ones towards us."""
    found, cut = [], _cut(ways, targets, closed)
    while True:
        found.append(tuple(sorted(ways.people[number] for number in cut)))
        if len(cut) > 1 or cut[0] in ways.ours:
            return found
        cut = _cut(ways, cut, closed.union(cut))  # all ways run on from there


def _cut(ways: _Ways, targets: list[int], closed: frozenset[int]) -> list[int]:
    """The smallest vertex cut, and of several the one nearest to the targets."""
    chains, seen = _Chains(ways, targets, closed), None
    while seen is None:
        seen = chains.add_one()
    return [node >> 1 for node in seen if not node & OUT and node | OUT not in seen]


# Somebody on the way is two nodes, entered from the targets' side (2 × number) and left towards us
# (2 × number + 1); between the two one chain may pass. The targets together are one node.
OUT: Final = 1
TARGETS: Final = -1


class _Chains:
    """Warm chains from the targets back to us that share nobody, found one after the other."""

    def __init__(self, ways: _Ways, targets: Iterable[int], closed: frozenset[int]) -> None:
        self.ways, self.closed = ways, closed
        self.left = {TARGETS: {arc for number in targets for arc in self._arcs(2 * number | OUT)}}

    def add_one(self) -> Collection[int] | None:
        """Add a chain; where there is no more, give the nodes still open from the targets."""
        came_from = {TARGETS: TARGETS}
        waiting = deque([TARGETS])
        while waiting:
            node = waiting.popleft()
            for following in self.left[node] if node in self.left else self._arcs(node):
                if following not in came_from:
                    came_from[following] = node
                    if following & OUT and following >> 1 in self.ways.ours:
                        self._use(following, came_from)
                        return None
                    waiting.append(following)
        return came_from.keys() - {TARGETS}

    def _arcs(self, node: int) -> Iterable[int]:
        """Where one could go from a node if no chain ran through it."""
        if not node & OUT:
            return (node | OUT,)
        return [2 * other for other in self.ways.into[node >> 1] if other not in self.closed]

    def _use(self, node: int, came_from: Mapping[int, int]) -> None:
        """Let a chain run to ``node``: through a person no second one may, but it may be undone."""
        while node != TARGETS:
            before = came_from[node]
            if before >> 1 == node >> 1 or not before & OUT:  # between people there is no limit
                self._left(before).discard(node)
            self._left(node).add(before)
            node = before

    def _left(self, node: int) -> set[int]:
        if node not in self.left:
            self.left[node] = set(self._arcs(node))
        return self.left[node]
