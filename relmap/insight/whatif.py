"""What if: an account without some people, theirs or ours, and what that would cost.

Every number counts over the seats of the account as it was, so that a loss is never a gain: whoever
is gone is known with 0, and does not make the mean of the others rise.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from relmap.contracts import AccountView, ContactRow, Ref, TenureRow, TieRow, TouchRow
from relmap.insight.blocking import BlockingSet, blocking_sets, project_blocking_sets
from relmap.insight.cache import once_a_view
from relmap.insight.horizon import expected
from relmap.insight.introductions import introducers
from relmap.insight.strength import coverage, known_people
from relmap.insight.threads import people_in_place
from relmap.insight.thresholds import HORIZON

__all__ = [
    "MEASURES",
    "Difference",
    "Differences",
    "Hanging",
    "Introduction",
    "Measure",
    "as_strangers",
    "compare",
    "deciding_coverage",
    "hanging_posts",
    "hanging_projects",
    "people_known",
    "plan_value",
    "seat_coverage",
    "without",
]


LONG_AGO: Final = timedelta(days=100 * 365)


# --- the account without them


def without(view: AccountView, people: Collection[Ref]) -> AccountView:
    """The same account where these people are gone; the very same view where nobody is.

    Of theirs the tenures and contacts end on the view's day, and a seat left empty is vacant. Ties
    and touches of both sides carry no more. What was said and the people's names stay.
    """
    gone = frozenset(people)
    if not gone:
        return view
    ended = {row.ref for row in view.open_tenures if row.person in gone}
    tenures = tuple(_ended(view, row) if row.ref in ended else row for row in view.tenures)
    emptied = _emptied(view, ended)
    owner = None if view.account.owner in gone else view.account.owner
    return replace(
        view,
        account=replace(view.account, owner=owner),
        posts=tuple(
            replace(row, vacant_since=view.as_of) if row.ref in emptied else row
            for row in view.posts
        ),
        contacts=tuple(_left(view, row) if row.person in gone else row for row in view.contacts),
        tenures=tenures,
        announced=tuple(row for row in view.announced if row.person not in gone),
        ties=tuple(_cut(view, row) if {row.a, row.b} & gone else row for row in view.ties),
        touches=tuple(_touches(view.touches, gone)),
        touch_counts=tuple(
            row for row in view.touch_counts if row.ours not in gone and row.theirs not in gone
        ),
        outlook=tuple(row for row in view.outlook if row.tenure not in ended),
    )


def as_strangers(view: AccountView, people: Collection[Ref]) -> AccountView:
    """The same account where nobody of ours knows these people; the same view where there are none.

    What scores are held against: the seats, the ties and the chances stay what they are counted
    over, and whoever is gone is known with next to nothing there. In the account :func:`without`
    them a score could rise by a loss: the tie that went cold is gone with him, or his likely
    successor is better known.
    """
    gone = frozenset(people)
    if not gone:
        return view
    return replace(
        view,
        ties=tuple(_gone_cold(view, row) if {row.a, row.b} & gone else row for row in view.ties),
        touches=tuple(_touches(view.touches, gone)),
        touch_counts=tuple(
            row for row in view.touch_counts if row.ours not in gone and row.theirs not in gone
        ),
    )


def _gone_cold(view: AccountView, row: TieRow) -> TieRow:
    """The tie as if nothing had been heard for longer than any half-life or rhythm."""
    return replace(row, observed_on=view.as_of - LONG_AGO)


def _ended(view: AccountView, row: TenureRow) -> TenureRow:
    """The tenure over by the view's day, why unknown."""
    yesterday = view.as_of - timedelta(days=1)
    return replace(row, ends_after=yesterday, ends_on=view.as_of, end_reason="unknown")


def _left(view: AccountView, row: ContactRow) -> ContactRow:
    has_left = row.ends_on is not None and row.ends_on <= view.as_of
    return row if has_left else replace(row, ends_on=view.as_of)


def _cut(view: AccountView, row: TieRow) -> TieRow:
    is_over = row.ends_on is not None and row.ends_on <= view.as_of
    return row if is_over else replace(row, ends_on=view.as_of)


def _emptied(view: AccountView, ended: Collection[Ref]) -> set[Ref]:
    """The posts in which nobody is left."""
    left = {row.post for row in view.open_tenures if row.ref in ended}
    return left - {row.post for row in view.open_tenures if row.ref not in ended}


def _touches(touches: Iterable[TouchRow], gone: frozenset[Ref]) -> Iterator[TouchRow]:
    for row in touches:
        if gone.isdisjoint(row.people):
            yield row
        elif left := tuple(person for person in row.people if person not in gone):
            yield replace(row, people=left)


# --- the differences


@dataclass(frozen=True, slots=True)
class Difference:
    """One number before and after; ``about`` is what it is of, a function or a ref."""

    measure: str
    about: str | Ref | None
    before: float
    after: float

    @property
    def lost(self) -> float:
        """How much less it is; nothing where it stayed."""
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class Introduction:
    """Somebody warm inside the customer who could introduce us to whoever takes a deciding post."""

    person: Ref
    post: Ref


@dataclass(frozen=True, slots=True)
class Differences:
    """What is lost between two views of an account, nothing where they are equal.

    ``unreached`` are the deciding posts of which we truly knew a holder and know none now,
    ``introductions`` those that could be made and cannot now. ``numbers`` are those that
    differ, the greatest loss first.
    """

    numbers: tuple[Difference, ...]
    unreached: tuple[Ref, ...]
    introductions: tuple[Introduction, ...]

    def __bool__(self) -> bool:
        return bool(self.numbers or self.unreached or self.introductions)


@dataclass(frozen=True, slots=True)
class Hanging:
    """A deciding post or an open project, and on whom it hangs before and after."""

    about: Ref
    before: BlockingSet
    after: BlockingSet

    @property
    def is_looser(self) -> bool:
        """Whether it was reached and now hangs on fewer people, or is reached no more."""
        return self.before.is_reached and len(self.after.people) < len(self.before.people)

    @property
    def differs(self) -> bool:
        """Whether it hangs on others than before."""
        return (self.before.people, self.before.is_reached) != (
            self.after.people,
            self.after.is_reached,
        )


def hanging_posts(before: AccountView, after: AccountView) -> tuple[Hanging, ...]:
    """Each deciding post with its blocking sets in both views."""
    now = {row.posts: row for row in blocking_sets(after)}
    return tuple(
        Hanging(post, was, now[was.posts]) for was in blocking_sets(before) for post in was.posts
    )


def hanging_projects(before: AccountView, after: AccountView) -> tuple[Hanging, ...]:
    """Each open project that posts decide, with its blocking sets in both views."""
    now = project_blocking_sets(after)
    return tuple(Hanging(ref, was, now[ref]) for ref, was in project_blocking_sets(before).items())


Measure = Callable[[AccountView, AccountView], Iterable[Difference]]


def compare(
    before: AccountView, after: AccountView, *, measures: Iterable[Measure] | None = None
) -> Differences:
    """What ``after``, made by :func:`without` from ``before``, has less.

    ``measures`` default to :data:`MEASURES`; each is given both views.
    """
    numbers = [
        row
        for measure in (MEASURES if measures is None else measures)
        for row in measure(before, after)
        if row.before != row.after
    ]
    numbers.sort(key=lambda row: (-row.lost, row.measure, str(row.about)))
    lost = _introductions(before) - _introductions(after)
    return Differences(
        numbers=tuple(numbers),
        unreached=tuple(sorted(_reached(before) - _reached(after))),
        introductions=tuple(Introduction(person, post) for post, person in sorted(lost)),
    )


def _reached(view: AccountView) -> frozenset[Ref]:
    """The deciding posts of which we truly know a holder."""
    warm = known_people(view)
    return frozenset(
        post.ref
        for post in view.deciding_posts
        if any(row.person in warm for row in view.holders(post.ref))
    )


@once_a_view
def _introductions(view: AccountView) -> frozenset[tuple[Ref, Ref]]:
    """(Deciding post, who could introduce us there), the post's own holders aside."""
    found: set[tuple[Ref, Ref]] = set()
    for post in view.deciding_posts:
        holders = {row.person for row in view.holders(post.ref)}
        near = introducers(view, post, most=len(view.people))
        found.update((post.ref, row.person) for row in near if row.person not in holders)
    return frozenset(found)


# --- the numbers


def seat_coverage(before: AccountView, after: AccountView) -> Iterator[Difference]:
    """By function: the mean coverage of those who sat in its seats before, blank seats with 0."""
    groups: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for post in before.open_posts:
        stay = {row.person for row in after.holders(post.ref)}
        groups[post.function] += [
            (coverage(before, who), coverage(after, who) if who in stay else 0.0)
            for who in (row.person for row in before.holders(post.ref))
        ] or [(0.0, 0.0)]
    for function, pairs in groups.items():
        was, now = (math.fsum(column) / len(pairs) for column in zip(*pairs, strict=True))
        yield Difference("coverage", function, was, now)


def deciding_coverage(before: AccountView, after: AccountView) -> Iterator[Difference]:
    """How well we know who decides: the mean by the weights of the deciding posts as they were."""
    posts = before.deciding_posts
    weight = math.fsum(post.decision_weight for post in posts)
    if weight:
        was, now = (
            math.fsum(post.decision_weight * _best_known(view, post.ref) for post in posts) / weight
            for view in (before, after)
        )
        yield Difference("deciding_coverage", None, was, now)


def _best_known(view: AccountView, post: Ref) -> float:
    return max((coverage(view, row.person) for row in view.holders(post)), default=0.0)


def people_known(before: AccountView, after: AccountView) -> Iterator[Difference]:
    """How many people in place we truly know."""
    was, now = (len(known_people(view) & people_in_place(view)) for view in (before, after))
    yield Difference("people_known", None, was, now)


def plan_value(before: AccountView, after: AccountView) -> Iterator[Difference]:
    """The plan's value without a visit, by the chances as they were foreseen before.

    The chances stay: with new ones a loss could read as a gain where a likely successor is better
    known than who is gone.
    """
    weights = [
        (part.weight * row.chance, row.person)
        for part in expected(before, horizon=HORIZON)
        for row in part.sitters
    ]
    was, now = (
        math.fsum(weight * coverage(view, person) for weight, person in weights)
        for view in (before, after)
    )
    yield Difference("value", None, was, now)


MEASURES: Final[tuple[Measure, ...]] = (seat_coverage, deciding_coverage, people_known, plan_value)
"""What :func:`compare` looks at: each number counts warmth, so that a loss never raises it."""
