"""Who would follow in a post: a distribution over people, and over somebody from outside.

The chain of questions "does a deputy follow? if not, somebody along a road gone before? ..." is a
Dirichlet distribution broken into sticks (Connor and Mosimann, *Concepts of independence for
proportions*, JASA 64, 1969); a place where nobody sits is not asked. docs/foresight.md explains it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from relmap.contracts import N_, AccountView, Evidence, PostRow, Ref, TenureRow
from relmap.contracts.results import Value
from relmap.insight.beliefs import belief
from relmap.insight.cache import once_a_view
from relmap.insight.nearby_posts import levels_below, nearby
from relmap.insight.successions import ORIGINS, Origin, Record, moves_into, record

__all__ = [
    "ACTING_CONFIRMED",
    "NAMED",
    "PRIOR",
    "PRIOR_SUCCESSIONS",
    "Relation",
    "Succession",
    "Successor",
    "share_of",
    "succession",
    "successions",
]

Relation = Literal[
    "announced", "named", "acting", "deputy", "edge", "report", "function", "unit", "outside"
]

PRIOR: Final[Mapping[Origin, float]] = MappingProxyType(
    {
        "deputy": 0.10,
        "edge": 0.04,
        "report": 0.06,
        "function": 0.03,
        "unit": 0.02,
        "outside": 0.75,
    }
)
"""Where successors come from before the account's own record speaks.

Three quarters from outside is measured on public records; how the rest is shared is judgement.
"""
PRIOR_SUCCESSIONS: Final = 8.0
"""The successions that the prior is worth: as many on record count as much as it does."""
ACTING_CONFIRMED: Final = (0.5, 4.0)
"""The chance that an acting holder is confirmed, and the acting holders that it is worth."""
NAMED: Final[Mapping[str, float]] = MappingProxyType(
    {"told": 0.85, "seen": 0.85, "inferred": 0.5, "hearsay": 0.4}
)
"""The chance of a named successor, by the basis of the claim: judgement."""

TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "announced": N_("{0} is announced as {1} from {day}"),
        "named": N_("{0} was named as the next {1}"),
        "acting": N_("{0} is acting as {1}; acting holders confirmed before: {count} of {seen}"),
        "deputy": N_("{0} deputises for {1} as {2}"),
        "edge": N_("{0} is {2}, from which people moved to {1} or its like before: {moves}"),
        "report": N_("{0} reports to {1} as {2}"),
        "function": N_("{0} has the function of {1} as {2}"),
        "unit": N_("{0} sits in the unit of {1} as {2}"),
    }
)
LEARNT: Final[Mapping[str, str]] = MappingProxyType(  # where the account's own record speaks too
    {
        "deputy": N_(
            "{0} deputises for {1} as {2}; so it went {count} of the {seen} times it could"
        ),
        "report": N_("{0} reports to {1} as {2}; so it went {count} of the {seen} times it could"),
        "function": N_(
            "{0} has the function of {1} as {2}; so it went {count} of the {seen} times it could"
        ),
        "unit": N_(
            "{0} sits in the unit of {1} as {2}; so it went {count} of the {seen} times it could"
        ),
    }
)
FALLING: Final = 0.5  # what a second level further down takes from a candidate's part


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody who may follow: how likely, and the relation that says so.

    ``held`` is the post from which the candidate would come, ``count`` of ``seen`` how often it
    went that way when it could; ``moves`` how many people moved from ``held`` to such a post.
    ``starts_on`` is the first day of who is announced.
    """

    person: Ref
    chance: float
    relation: Relation
    post: Ref
    held: Ref | None
    count: int
    seen: int
    moves: int = 0
    starts_on: date | None = None

    @property
    def reason(self) -> Evidence:
        """Why, as a message id with its refs and values; the chance stands in ``points``."""
        refs = (self.person, self.post, *([self.held] if self.held else []))
        values: dict[str, Value] = {"count": self.count, "seen": self.seen, "moves": self.moves}
        if self.starts_on is not None:
            values["day"] = self.starts_on.isoformat()
        texts = LEARNT if self.seen > 0 and self.relation in LEARNT else TEXTS
        return Evidence(texts[self.relation], self.chance, refs, values)


@dataclass(frozen=True, slots=True)
class Succession:
    """Who follows if the seat is to be filled anew; the chances and ``outside`` sum to one.

    ``outside`` is somebody from outside the account, or from a place in it that is not near.
    ``successions_seen`` is the number of successions on record that the chances rest on.
    """

    post: Ref
    successors: tuple[Successor, ...]
    outside: float
    successions_seen: int


@once_a_view
def _all(view: AccountView) -> Mapping[Ref, Succession]:
    return MappingProxyType({post.ref: _succession(view, post) for post in view.deciding_posts})


def successions(view: AccountView) -> Mapping[Ref, Succession]:
    """Who would follow in each deciding post that stands, by post."""
    return _all(view)


def succession(view: AccountView, post: Ref) -> Succession:
    """Who would follow in a post, the likeliest first; raises ``KeyError`` for an unknown post."""
    row = view.post(post)
    known = _all(view).get(post) if view.is_deciding(row) else None
    return _succession(view, row) if known is None else known


def _succession(view: AccountView, post: PostRow) -> Succession:
    learnt = record(view, staff=post.level == "staff")
    if announced := _announced(view, post):
        return Succession(post.ref, announced, 0.0, learnt.seen)
    found: list[Successor] = []
    left = 1.0
    for group in _groups(view, post, learnt):
        whole = math.fsum(row.part for row in group.members)
        for row in group.members:
            chance = left * group.share * row.part / whole
            grounds = (group.count, group.seen, row.moves)
            found.append(
                Successor(row.person, chance, group.relation, post.ref, row.held, *grounds)
            )
        left *= 1.0 - group.share
    found.sort(key=lambda row: (-row.chance, row.person))
    return Succession(post.ref, tuple(found), left, learnt.seen)


def _announced(view: AccountView, post: PostRow) -> tuple[Successor, ...]:
    """Who is announced to take the post next: a day, not a guess."""
    rows = view.announced_in(post.ref)
    following = sorted(row.person for row in rows if row.starts_on == rows[0].starts_on)
    return tuple(
        Successor(
            person, 1.0 / len(following), "announced", post.ref, None, 1, 1,
            starts_on=rows[0].starts_on,
        )
        for person in following
    )  # fmt: skip


class _Member(NamedTuple):
    """A candidate: from which post, and what part of the group's chance before it is shared."""

    person: Ref
    held: Ref | None = None
    part: float = 1.0
    moves: int = 0


@dataclass(frozen=True, slots=True)
class _Group:
    """The candidates of one relation; ``share`` is its chance, given that nobody nearer follows."""

    relation: Relation
    share: float
    members: list[_Member]
    count: int
    seen: int


def _groups(view: AccountView, post: PostRow, learnt: Record) -> Iterator[_Group]:
    """The relations in which there are candidates, the nearest first; nobody is in two."""
    stays = {row.person for row in view.holders(post.ref) if not _acts_until_a_day(row)}
    taken = stays | _leavers(view)
    yield from _named(view, post, taken)
    yield from _acting(view, post, learnt, taken)
    near = nearby(view)[post.ref]
    roads = moves_into(view, post.ref, before=view.as_of)
    yield from _origin(view, post, learnt, "deputy", near.deputy, taken)
    yield from _origin(view, post, learnt, "edge", roads, taken)
    yield from _origin(view, post, learnt, "report", near.report, taken)
    yield from _origin(view, post, learnt, "function", near.function, taken)
    yield from _origin(view, post, learnt, "unit", near.unit, taken)


def _named(view: AccountView, post: PostRow, taken: set[Ref]) -> Iterator[_Group]:
    """The one whom a fresh claim ``successor`` about the post names by ref: ``person:7``."""
    said = belief(view, post.ref, "successor")
    try:
        person = Ref.parse(said.value or "")
    except ValueError:
        return  # a name in words: shown with the post, but nobody to reckon with
    if person.kind == "person" and person in view and person not in taken:
        taken.add(person)
        count = len(said.fresh)
        yield _Group("named", NAMED[said.fresh[0].basis], [_Member(person)], count, count)


def _acting(view: AccountView, post: PostRow, learnt: Record, taken: set[Ref]) -> Iterator[_Group]:
    """Those who act in the post until a day, and the chance that one of them is confirmed.

    Who acts without such a day is no candidate: to be confirmed is to stay, and the chance of
    leaving has that in it already.
    """
    people = {row.person for row in view.holders(post.ref) if _acts_until_a_day(row)} - taken
    if people:
        taken |= people
        mean, weight = ACTING_CONFIRMED
        share = (mean * weight + learnt.confirmed) / (weight + learnt.acting)
        members = [_Member(person) for person in sorted(people)]
        yield _Group("acting", share, members, learnt.confirmed, learnt.acting)


def _acts_until_a_day(row: TenureRow) -> bool:
    return row.acting and row.ends_on is not None


def _origin(
    view: AccountView,
    post: PostRow,
    learnt: Record,
    origin: Origin,
    posts: Iterable[Ref],
    taken: set[Ref],
) -> Iterator[_Group]:
    """Who sits in the posts of an origin and is not counted under a nearer one."""
    members = []
    for held in posts:
        for row in view.holders(held):
            if row.person not in taken:
                taken.add(row.person)
                part = FALLING ** max(levels_below(post, view.post(held)) - 1, 0)
                moves = posts[held] if isinstance(posts, Mapping) else 0
                members.append(_Member(row.person, held, part, moves))
    if members:
        share = share_of(origin, learnt)
        came, could = learnt.came.get(origin, 0), learnt.could.get(origin, 0)
        yield _Group(origin, share, members, came, could)


def share_of(origin: Origin, learnt: Record) -> float:
    """The chance that a successor comes from an origin, given that nobody does from a nearer one.

    The mean of a Beta distribution: the origin's part of the prior against all further ones, and
    what the record adds to both.
    """
    further = math.fsum(PRIOR[name] for name in ORIGINS[ORIGINS.index(origin) :])
    came, could = learnt.came.get(origin, 0), learnt.could.get(origin, 0)
    return (PRIOR_SUCCESSIONS * PRIOR[origin] + came) / (PRIOR_SUCCESSIONS * further + could)


@once_a_view
def _leavers(view: AccountView) -> frozenset[Ref]:
    """Who is announced to leave the company, or for a post: no candidate for any other."""
    leaving = {
        row.person
        for row in view.open_tenures
        if row.ends_on is not None and row.end_reason in ("left_company", "retired")
    }
    return frozenset(leaving | {row.person for row in view.announced})
