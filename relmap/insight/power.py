"""Who has power among them: who is asked for advice and who has the reporting line below.

In a firm of 21 managers the number of those who ask somebody for advice told its five executives
from the rest with an AUC of 0.96; the number of those who call somebody a friend with 0.51
(Krackhardt, *Cognitive social structures*, Social Networks 9, 1987). So nobody gains power here by
being known, liked or met. docs/foresight.md has the figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from relmap.contracts import AccountView, Evidence, PostRow, Ref
from relmap.insight.cache import once_a_view
from relmap.insight.strength import any_of
from relmap.insight.threads import people_in_place

__all__ = ["Power", "default_weights", "lines_below", "power", "weighed"]

# A part tells at most so much alone: advice without rank, or rank nobody asks, is not all of power.
PART_SHARE: Final = 0.8
# So many who ask, or direct reports, give half of a part; the next ones ever less.
HALF_AT: Final = 4.0
# What a seat one step further down counts: an order loses half of its force at each desk.
STEP_DOWN: Final = 0.5
# How far power lifts a post's weight from its level's default towards 1.
LIFT: Final = 0.5


@dataclass(frozen=True, slots=True)
class Power:
    """How much somebody's word weighs in the account, 0 to 1, and what that rests on.

    Without any reason on record the power is 0 and ``is_known`` is false: read it as unknown.
    """

    person: Ref
    power: float
    reasons: tuple[Evidence, ...]

    @property
    def is_known(self) -> bool:
        """Whether anything on record speaks of it."""
        return bool(self.reasons)


@once_a_view
def power(view: AccountView) -> tuple[Power, ...]:
    """The power of each of them who is in place, the most powerful first.

    Two parts, joined by the noisy or: the people in place who ask for advice (standing ties of the
    kind ``advises``, from who asks to who is asked), and the seats below in the reporting line,
    each counting half of one a step higher. A part of amount n gives 0.8 × n / (n + 4). One more
    who asks or one more report never lowers it.
    """
    askers, powers = _askers(view), _powers(view)
    found = (
        Power(person, value, (*_advice(askers.get(person, ())), *_line(view, person)))
        for person, value in powers.items()
    )
    return tuple(sorted(found, key=lambda row: (-row.power, row.person)))


@once_a_view
def _powers(view: AccountView) -> Mapping[Ref, float]:
    """The power of each of them who is in place, without what it rests on: every view asks."""
    askers, lines = _askers(view), lines_below(view)
    found = {}
    for person in people_in_place(view):
        amounts = [lines.get(post.ref, NO_LINE).amount for post in view.posts_of(person)]
        parts = (_part(len(askers.get(person, ()))), _part(max(amounts, default=0.0)))
        found[person] = any_of(parts)
    return MappingProxyType(found)


def _part(amount: float) -> float:
    return PART_SHARE * amount / (amount + HALF_AT)


@once_a_view
def _askers(view: AccountView) -> Mapping[Ref, tuple[Ref, ...]]:
    """Who of them asks whom of them for advice, by who is asked; an enemy is not asked."""
    inside = people_in_place(view)
    asked: defaultdict[Ref, set[Ref]] = defaultdict(set)
    for tie in view.ties:
        stands = tie.ends_on is None or tie.ends_on > view.as_of
        if tie.kind == "advises" and tie.sign >= 0 and stands and {tie.a, tie.b} <= inside:
            asked[tie.b].add(tie.a)
    return MappingProxyType({person: tuple(sorted(who)) for person, who in asked.items()})


def _advice(askers: tuple[Ref, ...]) -> Iterator[Evidence]:
    if askers:
        text = "{count} people ask for advice" if len(askers) > 1 else "{0} asks for advice"
        yield Evidence(text, _part(len(askers)), askers, {"count": len(askers)})


def _line(view: AccountView, person: Ref) -> Iterator[Evidence]:
    """The longest line below among the posts held."""
    lines = lines_below(view)
    posts = [post for post in view.posts_of(person) if lines.get(post.ref, NO_LINE).seats]
    if posts:
        post = max(posts, key=lambda row: lines[row.ref].amount)
        line = lines[post.ref]
        text = "Seats below {0}: {count}, {direct} of them directly"
        values = {"count": line.seats, "direct": line.direct}
        yield Evidence(text, _part(line.amount), (post.ref,), values)


# --- the reporting line


@dataclass(frozen=True, slots=True)
class PostsBelow:
    """What reports to a post: seats directly below, seats in all, and those weighted by depth."""

    direct: int
    seats: int
    amount: float


NO_LINE: Final = PostsBelow(0, 0, 0.0)


@once_a_view
def lines_below(view: AccountView) -> Mapping[Ref, PostsBelow]:
    """The reporting line below each standing post that has one, blank seats included.

    ``amount`` is Σ seats × 0.5^(steps down - 1). A circle ends where it began.
    """
    below: defaultdict[Ref, list[PostRow]] = defaultdict(list)
    for post in view.open_posts:
        if post.reports_to is not None and post.reports_to != post.ref:
            below[post.reports_to].append(post)
    return MappingProxyType({post: _measure(post, below) for post in below})


def _measure(top: Ref, below: Mapping[Ref, list[PostRow]]) -> PostsBelow:
    seen, row = {top}, below[top]
    direct = seats = 0
    amount, weight = 0.0, 1.0
    while row:
        row = [post for post in row if post.ref not in seen]
        here = sum(post.seats for post in row)
        direct = direct or here
        seats, amount = seats + here, amount + weight * here
        seen.update(post.ref for post in row)
        row = [deeper for post in row for deeper in below.get(post.ref, ())]
        weight *= STEP_DOWN
    return PostsBelow(direct, seats, amount)


# --- what a post weighs where nobody said


def default_weights(view: AccountView) -> Mapping[Ref, float]:
    """What each standing post weighs, 0 to 1: the given weight, or one by its holder's power.

    Where nobody gave one: default + (1 - default) × 0.5 × power, with the default of the level and,
    of several holders, the most powerful.

    The level's default is the floor, so a director decides whoever sits there: otherwise a seat
    would stop deciding on the very day its holder leaves, when it matters most. Power can lift a
    lead above the line of deciding (from a power of 0.75: many ask and many report), never somebody
    of the staff, since half of the way is all it gives. A change of holder thus moves the weight of
    leads alone across that line; who compares two days should hold the weights of the first.
    """
    powers = _powers(view)
    floors = dict(view.measures.level_weights)
    found = {}
    for post in view.open_posts:
        held = max((powers.get(row.person, 0.0) for row in view.holders(post.ref)), default=0.0)
        floor = floors.get(post.level, 0.0)
        lifted = floor + (1.0 - floor) * LIFT * held
        found[post.ref] = post.decision_weight if post.weight_given else lifted
    return found


def weighed(view: AccountView) -> AccountView:
    """The view with :func:`default_weights` in its posts; the very same where none differs.

    Views are handed out so. Nothing is lifted twice, and what-if keeps the weights of the day.
    """
    weights = default_weights(view)
    posts = tuple(
        row
        if weights.get(row.ref, row.decision_weight) == row.decision_weight
        else replace(row, decision_weight=weights[row.ref])
        for row in view.posts
    )
    return view if posts == view.posts else replace(view, posts=posts)
