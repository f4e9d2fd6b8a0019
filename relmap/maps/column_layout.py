"""Cards in columns and the lines between them, so that no line runs behind a card.

After Sugiyama, Tagawa and Toda, *Methods for visual understanding of hierarchical system
structures*, 1981: a line that skips a column is given a lane of its own there, rows are ordered by
the mean of what they are joined to, and heights follow by isotonic regression (pool adjacent
violators), the least squares that keep the order and the distances.

Between two columns lies a gutter of three parts, from left to right: lines leave their cards, run
level past their labels, and bend to where they end. Labels stand in the middle part only, each on
its own line, so that none lies on a card, on another label or on another line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

__all__ = ["LABEL", "Box", "Curve", "Layers", "Link", "layers"]

Point = tuple[float, float]

GAP: Final = 22  # between two cards, with the air their badges take
LANE: Final = 16  # what a line takes that passes a column, and a label beside a card
BARE: Final = 9  # a line without label beside a card
LEAVE: Final = 12  # the first part of a gutter
BEND: Final = 54  # the last part
ARRIVE: Final = 12  # level before a card, for the head of an arrow
LABEL: Final = 16  # the height of a label
SWEEPS: Final = 12


@dataclass(frozen=True, slots=True)
class Box:
    """A card to place, in a column counted from the left."""

    key: str
    column: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Link:
    """A line from one card to another; ``label`` is the width of what stands on it, 0 for none.

    A line to a card of a column further left runs back; one within a column bows out to the right,
    and brings its cards together where it weighs 1 or more.
    """

    key: str
    a: str
    b: str
    label: float = 0.0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Curve:
    """A line as cubic Béziers: the start, then two controls and an end for each.

    ``label`` is the middle of its label, or where a mark on it may stand.
    """

    points: tuple[Point, ...]
    label: Point


@dataclass(frozen=True, slots=True)
class Layers:
    """The middle of each card, the way of each line, and the left and right of each column."""

    places: Mapping[str, Point]
    routes: Mapping[str, Curve]
    columns: tuple[tuple[float, float], ...]
    height: float


def layers(boxes: Iterable[Box], links: Iterable[Link]) -> Layers:
    """Place the cards; the last column keeps the order in which its cards come."""
    drawing = _Drawing(list(boxes), list(links))
    drawing.order()
    drawing.settle()
    return drawing.laid_out()


@dataclass(eq=False, slots=True)
class _Item:
    """What takes room in a column: a card, or the lane of a line that passes (``box`` None)."""

    column: int
    box: Box | None
    y: float = 0.0
    left: list[_Part] = field(default_factory=list)
    right: list[_Part] = field(default_factory=list)

    @property
    def room(self) -> float:
        """The height it needs, the lines and labels at its right side included."""
        slots = sum(part.slot for part in self.right)
        return max(self.box.height if self.box else LANE, slots)


@dataclass(eq=False, slots=True)
class _Part:
    """One stretch of a line, from an item to one in the next column, or in the same."""

    link: Link
    a: _Item
    b: _Item

    @property
    def slot(self) -> float:
        has_label = self.link.label and self.a.box is not None
        return LABEL + 3 if has_label or self.a.column == self.b.column else BARE

    @property
    def pull(self) -> float:
        """How much it wants to be level: lanes most of all."""
        lanes = (self.a.box is None) + (self.b.box is None)
        return float(self.link.weight * (1, 3, 8)[lanes])


class _Drawing:
    """The items of each column from the top, and the parts of each line from the left."""

    def __init__(self, boxes: list[Box], links: list[Link]) -> None:
        self.items = {box.key: _Item(box.column, box) for box in boxes}
        count = max((box.column for box in boxes), default=-1) + 1
        self.columns: list[list[_Item]] = [[] for _ in range(count)]
        for item in self.items.values():
            self.columns[item.column].append(item)
        self.parts: dict[Link, list[_Part]] = {link: self._parts(link) for link in links}

    def _parts(self, link: Link) -> list[_Part]:
        first, last = self.items[link.a], self.items[link.b]
        if first.column > last.column:
            first, last = last, first
        stops = [first]
        for column in range(first.column + 1, last.column):
            stops.append(_Item(column, None))
            self.columns[column].append(stops[-1])
        parts = [_Part(link, a, b) for a, b in pairwise([*stops, last])]
        for part in parts:
            part.a.right.append(part)
            (part.b.right if part.a.column == part.b.column else part.b.left).append(part)
        return parts

    # --- rows

    def order(self) -> None:
        """Rows in an order with few crossings: the best that a few sweeps come by."""
        best, fewest = [list(column) for column in self.columns], None
        for sweep in range(SWEEPS):
            inner = range(len(self.columns) - 1)
            for at in inner if sweep % 2 else reversed(inner):
                self._sort(at, by_left=bool(sweep % 2))
            crossings = self._crossings()
            if fewest is None or crossings < fewest:
                best, fewest = [list(column) for column in self.columns], crossings
        self.columns = best
        for column in self.columns:
            _stack(column)
        for item in (item for column in self.columns for item in column):
            item.left.sort(key=lambda part: self._place(part.a))
            item.right.sort(key=lambda part: self._place(part.b if part.a is item else part.a))

    def _sort(self, at: int, *, by_left: bool) -> None:
        """One column by the mean place of what its items are joined to on one side."""
        column = self.columns[at]
        places = {item: self._share(item) for item in column}
        wanted = {}
        for item in column:
            left = [part.a for part in item.left]
            right = [part.b if part.a is item else part.a for part in item.right]
            wanted[item] = self._mean((left or right) if by_left else (right or left), item)
        column.sort(key=lambda item: (wanted[item], places[item]))
        self.columns[at] = _chained(column)

    def _share(self, item: _Item) -> float:
        column = self.columns[item.column]
        return (column.index(item) + 0.5) / len(column)

    def _mean(self, near: Sequence[_Item], item: _Item) -> float:
        found = [self._share(one) for one in near if one is not item]
        return sum(found) / len(found) if found else self._share(item)

    def _place(self, item: _Item) -> tuple[int, float]:
        return item.column, item.y

    def _crossings(self) -> int:
        count = 0
        for column in self.columns[:-1]:
            ends = [
                self._share(part.b)
                for item in column
                for part in sorted(item.right, key=lambda part: self._share(part.b))
                if part.a is item and part.b.column > item.column
            ]
            count += sum(a > b for at, a in enumerate(ends) for b in ends[at + 1 :])
        return count

    # --- heights

    def settle(self) -> None:
        """Heights at which lines run as level as the order and the distances let them."""
        for sweep in range(SWEEPS):
            columns = self.columns if sweep % 2 else self.columns[::-1]
            for column in columns:
                wanted = [_wanted(item) for item in column]
                for item, y in zip(column, _spread(column, wanted), strict=True):
                    item.y = y

    # --- the drawing

    def laid_out(self) -> Layers:
        """The drawing, its upper left corner at 0, 0."""
        every = [item for column in self.columns for item in column]
        top = min((item.y - item.room / 2 for item in every), default=0.0)
        for item in every:
            item.y -= top
        edges = self._edges()
        return Layers(
            places={key: (sum(edges[item.column]) / 2, item.y) for key, item in self.items.items()},
            routes={link.key: _route(link, parts, edges) for link, parts in self.parts.items()},
            columns=tuple(edges),
            height=max((item.y + item.room / 2 for item in every), default=0.0),
        )

    def _edges(self) -> list[tuple[float, float]]:
        """The left and right of each column, its gutter as wide as its widest label asks."""
        edges: list[tuple[float, float]] = []
        x = 0.0
        for column in self.columns:
            width = max((item.box.width for item in column if item.box), default=0.0)
            edges.append((x, x + width))
            x += width + LEAVE + _label_room(column) + BEND + ARRIVE
        return edges


def _label_room(column: Iterable[_Item]) -> float:
    """The middle part of the gutter to the right of a column."""
    return max((part.link.label for item in column for part in item.right), default=0.0) + 8


def _chained(column: Sequence[_Item]) -> list[_Item]:
    """The column with who is led to from within it right below who leads there."""
    below = {item: [part.b for part in item.right if _leads(part, item)] for item in column}
    led = {one for found in below.values() for one in found}
    ordered: dict[_Item, None] = {}
    waiting = [item for item in column if item in led][::-1]  # what goes round begins anywhere
    waiting += [item for item in column if item not in led][::-1]
    while waiting:
        item = waiting.pop()
        if item not in ordered:
            ordered[item] = None
            waiting += below[item][::-1]
    return list(ordered)


def _leads(part: _Part, item: _Item) -> bool:
    return part.a is item and part.b.column == item.column and part.link.weight >= 1


# --- heights


def _distance(above: _Item, below: _Item) -> float:
    gap = GAP if above.box and below.box else BARE + 2
    return (above.room + below.room) / 2 + gap


def _stack(column: Sequence[_Item]) -> None:
    """Items one below the other, the middle of the column at 0."""
    y, found = 0.0, [0.0] * bool(column)
    for above, below in pairwise(column):
        y += _distance(above, below)
        found.append(y)
    for item, place in zip(column, found, strict=True):
        item.y = place - y / 2


def _wanted(item: _Item) -> tuple[float, float]:
    """The height at which an item's lines would be level, and how much it matters."""
    near = [(part.a.y, part.pull) for part in item.left]
    near += [(part.b.y, part.pull) for part in item.right if part.a is item and part.b is not item]
    weight = sum(pull for _, pull in near)
    if not weight:
        return item.y, 0.2
    return sum(y * pull for y, pull in near) / weight, weight


def _spread(column: Sequence[_Item], wanted: Sequence[tuple[float, float]]) -> list[float]:
    """The heights nearest to those wanted that keep order and distances: isotonic regression."""
    offsets, total = [], 0.0
    for at, item in enumerate(column):
        total += _distance(column[at - 1], item) if at else 0.0
        offsets.append(total)
    blocks: list[list[float]] = []  # mean, weight, count
    for (y, weight), offset in zip(wanted, offsets, strict=True):
        blocks.append([y - offset, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, weight, count = blocks.pop()
            before = blocks[-1]
            both = before[1] + weight
            before[0] = (before[0] * before[1] + mean * weight) / both
            before[1], before[2] = both, before[2] + count
    means = [mean for mean, _, count in blocks for _ in range(int(count))]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


# --- lines


def _slots(item: _Item) -> dict[_Part, float]:
    """The height at which each line at the right of an item runs past its label."""
    y, found = item.y - sum(part.slot for part in item.right) / 2, {}
    for part in item.right:
        found[part] = y + part.slot / 2
        y += part.slot
    return found


def _port(item: _Item, y: float) -> float:
    """Where at the side of a card a line leaves that runs at height ``y``."""
    if item.box is None:
        return item.y
    reach = item.box.height / 2 - 9
    spread = max((abs(slot - item.y) for slot in _slots(item).values()), default=0.0)
    return item.y + (y - item.y) * min(1.0, reach / spread if spread else 1.0)


def _arrival(item: _Item, part: _Part) -> float:
    """Where at the left side of an item a line ends."""
    if item.box is None:
        return item.y
    step = min(13.0, (item.box.height - 24) / max(len(item.left) - 1, 1))
    return item.y + (item.left.index(part) - (len(item.left) - 1) / 2) * step


def _route(link: Link, parts: Sequence[_Part], edges: Sequence[tuple[float, float]]) -> Curve:
    points: list[Point] = []
    label: Point | None = None
    for part in parts:
        right = edges[part.a.column][1]
        level = _slots(part.a)[part]
        at = _Pen(points, start=(right, _port(part.a, level)))
        at.bend((right + LEAVE, level))
        if part.a.column == part.b.column:
            at.turn(edges, part, level, right)
        else:
            left = edges[part.b.column][0]
            at.line((left - ARRIVE - BEND, level))
            at.bend((left - ARRIVE, _arrival(part.b, part)))
            at.line((left, points[-1][1]))
            if part.b.box is None:
                at.line((edges[part.b.column][1], points[-1][1]))
        label = label or (right + LEAVE + 4 + link.label / 2, level)
    if parts[0].a.box is not None and parts[0].a.box.key != link.a:
        points.reverse()
    return Curve(tuple(points), label or points[0])


class _Pen:
    """Draws on: lines and curves that begin and end level."""

    def __init__(self, points: list[Point], *, start: Point) -> None:
        self.points = points
        if not points:
            points.append(start)

    def bend(self, end: Point) -> None:
        """A curve to ``end``, level at both of its ends."""
        x, y = self.points[-1]
        middle = (x + end[0]) / 2
        self.points += [(middle, y), (middle, end[1]), end]

    def line(self, end: Point) -> None:
        """A straight line to ``end``."""
        start = self.points[-1]
        self.points += [start, end, end]

    def turn(
        self, edges: Sequence[tuple[float, float]], part: _Part, level: float, right: float
    ) -> None:
        """Out to the right, round, and back to a card of the same column."""
        column = part.a.column
        far = edges[column + 1][0] - ARRIVE - BEND if column + 1 < len(edges) else right + BEND
        back = _slots(part.b)[part]
        bow = far + min(BEND - 8, 14 + abs(back - level) / 10)  # the longer the further out
        self.line((far, level))
        self.points += [(bow, level), (bow, back), (far, back)]
        self.line((right + LEAVE, back))
        self.bend((right, _port(part.b, back)))
