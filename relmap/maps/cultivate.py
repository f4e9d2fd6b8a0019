"""Whom to cultivate: who of us, through whom, to the likely successors and the deciding posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from relmap.contracts import AccountView, Ref
from relmap.contracts.message import N_
from relmap.insight.cultivation import Cultivation, Stop, Target, broken
from relmap.insight.paths import Path, paths
from relmap.insight.percentages import in_steps
from relmap.insight.seating import Seat, seats
from relmap.insight.succession import Successor
from relmap.insight.thresholds import HALF_STEP
from relmap.languages import _
from relmap.maps.cards import CARD, DECIDING_CARD, OUR_CARD, person_card, seat_card
from relmap.maps.column_layout import Box, Layers, Link, layers
from relmap.maps.drawing import Map, add_node, as_map, new_network

__all__ = ["FOLLOWERS", "POSTS", "cultivate_map", "shown_targets"]

POSTS: Final = 6
"""The deciding posts drawn where nobody asks for more."""
FOLLOWERS: Final = 2
"""The likely successors drawn for a post; the table has them all."""
OUTSIDE: Final = (CARD[0], 26)
TITLES: Final = (N_("Of us"), N_("Can introduce"), N_("Likely to follow"), N_("Deciding posts"))
US, BETWEEN, NEXT, DECIDING = range(4)
SIZES: Final = (OUR_CARD, CARD, CARD, DECIDING_CARD)
HEAD: Final = 40  # above the cards, for the titles of the columns
FOOT: Final = 22
NEAR: Final = 4.0  # a post stands by those who may follow there, before other lines run level
NUMBER, CHANCE = 22, 42  # widths of what stands on a line

Ring = Mapping[str, Any]


def shown_targets(
    found: Cultivation, *, most: int = POSTS, function: str | None = None
) -> tuple[Target, ...]:
    """The posts drawn, the most open first: those of the plan in any case, of one function only."""
    view = found.view
    of_function = [row for row in found.targets if function in (None, view.post(row.post).function)]
    planned = {stop.post for stop in found.stops}
    kept = [row.post for row in of_function if row.post in planned]
    kept += [row.post for row in of_function if row.post not in planned]
    shown = set(kept[: max(most, sum(post in planned for post in kept))])
    return tuple(row for row in of_function if row.post in shown)


def cultivate_map(
    found: Cultivation,
    targets: Sequence[Target],
    *,
    rings: Mapping[Ref, Ring],
    gone: Collection[Ref] = (),
) -> Map:
    """The map of some deciding posts; ``rings`` are drawn on them, by post.

    Without ``gone`` everything stands where it stands with: who is gone is a ghost, and lines
    over them are lost.
    """
    sketch = _Sketch(found, targets)
    placed = layers(sketch.boxes(), sketch.links())
    net = new_network()
    for key, card in sketch.cards.items():
        node = card.node(found.view, placed.places[key], rings)
        add_node(net, {**node, "id": key, "step": sketch.badge(card), "gone": card.person in gone})
    lost = {number for number, row in broken(found, gone).items() if row.kind != "gone"}
    for line in sketch.lines.values():
        if line.a in sketch.cards and line.b in sketch.cards:
            _add(net, line, placed, is_lost=sketch.is_lost(line, gone, lost))
    drawn = as_map(net, shown=len(targets), whole=len(found.targets), bands=_bands(sketch, placed))
    return replace(drawn, paths=tuple(sketch.paths()))


def _add(net: Any, line: _Line, placed: Layers, *, is_lost: bool) -> None:
    route = placed.routes[line.key]
    net.add_edge(
        line.a,
        line.b,
        kind=line.kind,
        lost=is_lost,
        text=line.text,
        strength=line.strength,
        points=[[round(x, 1), round(y + HEAD, 1)] for x, y in route.points],
        at=[round(route.label[0], 1), round(route.label[1] + HEAD, 1)],
    )


def _bands(sketch: _Sketch, placed: Layers) -> Iterator[dict[str, Any]]:
    """The columns, with their titles."""
    for column, (left, right) in zip(sketch.columns, placed.columns, strict=True):
        yield {
            "title": _(TITLES[column]),
            "left": round(left) - 10,
            "right": round(right) + 10,
            "top": 0,
            "bottom": round(placed.height) + HEAD + FOOT,
        }


# --- what stands where


@dataclass(frozen=True, slots=True)
class _Card:
    """One card: a person in a column, a deciding post, or somebody from outside."""

    key: str
    column: int
    person: Ref | None = None
    seat: Seat | None = None
    post: Ref | None = None

    @property
    def size(self) -> tuple[int, int]:
        is_outside = self.person is None and self.seat is None
        return OUTSIDE if is_outside else SIZES[self.column]

    def node(
        self, view: AccountView, at: tuple[float, float], rings: Mapping[Ref, Ring]
    ) -> dict[str, Any]:
        x, y = at[0], at[1] + HEAD
        width, height = self.size
        if self.seat is not None:
            node = seat_card(view, self.seat, x=x, y=y)
            ring = rings.get(self.seat.post.ref)
            return {**node, "ring": dict(ring) if ring else None, "post": str(self.seat.post.ref)}
        if self.person is not None:
            node = person_card(view, view.person(self.person), x=x, y=y)
            return {**node, "ring": None, "w": width, "h": height}
        name = _("Somebody from outside")
        place = {"x": round(x), "y": round(y), "w": width, "h": height}
        return {"kind": "outside", "name": name, "ref": None, "post": str(self.post), **place}


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: ``plan`` with the numbers of its steps, ``cold``, ``way``, ``next``, ``conflicts``.

    A ``cold`` one is a step of the plan to whom no way is known: somebody of ours goes unannounced.
    """

    a: str
    b: str
    kind: str
    text: str = ""
    strength: float = 0.0
    numbers: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.kind} {self.a} {self.b}"

    @property
    def link(self) -> Link:
        label = {"way": NUMBER, "next": CHANCE}.get(self.kind, NUMBER * len(self.numbers))
        weight = {"next": NEAR, "conflicts": 0.3}.get(self.kind, 1.0)
        return Link(self.key, self.a, self.b, label=label, weight=weight)


class _Sketch:
    """Which cards and lines there are, before anything has a place."""

    def __init__(self, found: Cultivation, targets: Sequence[Target]) -> None:
        self.found, self.view = found, found.view
        self.cards: dict[str, _Card] = {}
        self.lines: dict[str, _Line] = {}
        self.numbers: dict[Ref, int] = {stop.person: stop.number for stop in found.stops}
        posts = {target.post for target in targets}
        self.stops = [stop for stop in found.stops if stop.post in posts]
        self.between = {person for stop in self.stops for person in stop.path[1:-1]}
        self.seat_of = _seats_drawn(found, posts)
        for target in targets:
            self._post(target)
        for stop in self.stops:
            self._step(stop)
        self._ways(targets)
        self._conflicts()
        self.columns = sorted({card.column for card in self.cards.values()})

    def boxes(self) -> Iterator[Box]:
        for key, card in self.cards.items():
            yield Box(key, self.columns.index(card.column), *card.size)

    def links(self) -> list[Link]:
        return [line.link for line in self.lines.values()]

    def badge(self, card: _Card) -> int | None:
        """The number of the stop that a card is the end of."""
        return self.numbers.get(card.person) if card.person and card.column != US else None

    # --- cards

    def _card(self, column: int, person: Ref) -> str:
        key = f"{column}:{person}"
        self.cards.setdefault(key, _Card(key, column, person))
        return key

    def _post(self, target: Target) -> None:
        """A deciding post, who may follow there, and somebody from outside."""
        key, seat = f"{DECIDING}:{target.post}", self.seat_of[target.post]
        person = seat.person.ref if seat.person else None
        self.cards[key] = _Card(key, DECIDING, person, seat)
        for one in _followers(target, self.stops):
            self._add(_Line(self._follower(one.person), key, "next", _percent(one.chance)))
        if target.follow.outside > 0:
            other = f"{NEXT}:outside:{target.post}"
            self.cards[other] = _Card(other, NEXT, post=target.post)
            self._add(_Line(other, key, "next", _percent(target.follow.outside)))

    def _follower(self, person: Ref) -> str:
        return self._card(BETWEEN if person in self.between else NEXT, person)

    def _end(self, stop: Stop) -> str:
        """The card of somebody to meet: the post held, or that of a likely successor."""
        holders = {row.person for row in self.view.holders(stop.post)}
        return f"{DECIDING}:{stop.post}" if stop.person in holders else self._follower(stop.person)

    # --- lines

    def _add(self, line: _Line) -> None:
        self.lines[line.key] = line

    def _step(self, stop: Stop) -> None:
        """The lines of a step: along its path, or cold from who looks after the account."""
        kind = "plan" if stop.path else "cold"
        people = stop.path or ((stop.by, stop.person) if stop.by else ())
        for a, b in self._pairs(people, self._end(stop)):
            before = self.lines.get(_Line(a, b, kind).key)
            numbers = (*(before.numbers if before else ()), stop.number)
            self._add(_Line(a, b, kind, " ".join(map(str, numbers)), numbers=numbers))

    def _pairs(self, people: Sequence[Ref], end: str) -> list[tuple[str, str]]:
        """The cards that a chain of people joins, two by two, the last of them ``end``."""
        inner = [self._card(BETWEEN, person) for person in people[1:-1]]
        first = [self._card(US, person) for person in people[:1]]
        return list(pairwise([*first, *inner, end]))

    def _ways(self, targets: Iterable[Target]) -> None:
        """The strongest way to each holder drawn whom the plan does not visit."""
        for target in targets:
            person = self.seat_of[target.post].person
            if person is not None and person.ref not in self.numbers:
                for way in paths(self.view, person.ref, most=1):
                    self._way(way, f"{DECIDING}:{target.post}")

    def _way(self, way: Path, end: str) -> None:
        for (a, b), step in zip(self._pairs(way.people, end), way.steps, strict=True):
            if _Line(a, b, "plan").key not in self.lines:
                self._add(_Line(a, b, "way", strength=round(step.strength, 3)))

    def _conflicts(self) -> None:
        cards: dict[Ref, str] = {}
        for key, card in self.cards.items():
            if card.person is not None:
                cards.setdefault(card.person, key)
        for tie in self.view.ties:
            is_conflict = tie.kind == "conflicts" or tie.sign < 0
            if is_conflict and tie.a in cards and tie.b in cards and _stands(self.view, tie):
                self._add(_Line(cards[tie.a], cards[tie.b], "conflicts"))

    # --- what is lost, and one path at a time

    def is_lost(self, line: _Line, gone: Collection[Ref], broken_stops: Collection[int]) -> bool:
        """Whether a line carries no more: an end is gone, or all steps on it are broken."""
        ends = {self.cards[line.a].person, self.cards[line.b].person} & set(gone)
        if line.kind == "next":
            return self.cards[line.a].person in gone
        return bool(ends) or (bool(line.numbers) and set(line.numbers) <= set(broken_stops))

    def paths(self) -> Iterator[dict[str, Any]]:
        """The cards of each stop from the top, and the post that its last may hold."""
        for stop in self.stops:
            end = self._end(stop)
            inner = [f"{BETWEEN}:{person}" for person in stop.path[1:-1]]
            first = [f"{US}:{stop.by}"] if stop.by else []
            cards = [*first, *inner, end]
            post = f"{DECIDING}:{stop.post}"
            yield {"number": stop.number, "cards": cards if end == post else [*cards, post]}


def _stands(view: AccountView, tie: Any) -> bool:
    return tie.ends_on is None or tie.ends_on > view.as_of


def _percent(chance: float) -> str:
    return _("{share} %", share=in_steps(chance))


def _followers(target: Target, stops: Iterable[Stop]) -> list[Successor]:
    """The likeliest successors of a post, and whom the plan visits on its account."""
    likely = [row for row in target.follow.successors if row.chance >= HALF_STEP]
    planned = {stop.person for stop in stops if stop.post == target.post}
    more = [row for row in target.follow.successors if row.person in planned]
    return list(dict.fromkeys([*likely[:FOLLOWERS], *more]))


def _seats_drawn(found: Cultivation, posts: Collection[Ref]) -> dict[Ref, Seat]:
    """One seat a post: of several holders whom the plan visits, else the first."""
    planned = {stop.person for stop in found.stops}
    drawn: defaultdict[Ref, list[Seat]] = defaultdict(list)
    for seat in seats(found.view):
        if seat.post.ref in posts:
            drawn[seat.post.ref].append(seat)
    return {
        post: next((row for row in rows if row.person and row.person.ref in planned), rows[0])
        for post, rows in drawn.items()
    }
