"""A tidy tree drawn by levels: where each card stands so that none overlaps and lines stay short.

After Reingold and Tilford, *Tidier Drawings of Trees*, 1981, with one frontier a level instead of
contours, since rows are levels here. Cards without anything below them that share a superior are
stacked in a block, else a lead with fifteen people would be wider than any screen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil, sqrt

__all__ = ["Layout", "TreeBox", "tidy"]

GAP_X = 22
GAP_Y = 18
GAP_LEVEL = 54
LINE = 14  # what a line takes that passes a level
STACK = 5  # cards in one column of a block


@dataclass(frozen=True, slots=True)
class TreeBox:
    """One box to place. ``group`` joins cards without superior that belong together (a unit)."""

    key: str
    parent: str | None
    level: int
    width: float
    height: float
    group: Hashable = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The middle of each card, the top and bottom of each level, and where lines come down.

    A line from a superior may run down at ``trunks`` to the card's own level: nothing stands there.
    """

    places: Mapping[str, tuple[float, float]]
    levels: Mapping[int, tuple[float, float]]
    trunks: Mapping[str, float]


@dataclass
class _Block:
    """Cards placed as one: a single card with its subtree, or a stack of cards with none."""

    cards: list[TreeBox]
    level: int
    below: list[_Block] = field(default_factory=list)
    x: float = 0.0

    @property
    def columns(self) -> int:
        count = len(self.cards)
        return ceil(count / STACK) if count <= 3 * STACK else round(sqrt(count / 2))

    @property
    def rows(self) -> int:
        return ceil(len(self.cards) / self.columns)

    @property
    def cell(self) -> tuple[float, float]:
        return max(card.width for card in self.cards), max(card.height for card in self.cards)

    @property
    def width(self) -> float:
        return self.columns * self.cell[0] + (self.columns - 1) * GAP_X

    @property
    def height(self) -> float:
        return self.rows * self.cell[1] + (self.rows - 1) * GAP_Y


def tidy(cards: Iterable[TreeBox]) -> Layout:
    """Place the cards: a superior stands over the middle of those below, each in its row."""
    roots, blocks = _blocks(list(cards))
    frontier: dict[int, float] = defaultdict(float)
    for root in roots:
        _put(root, frontier)
    levels = _levels(blocks)
    places = {}
    for block in blocks:
        places.update(_spread(block, levels[block.level][0]))
    trunks = {card.key: block.x for block in blocks for card in block.cards}
    return Layout(places, levels, trunks)


def _blocks(cards: list[TreeBox]) -> tuple[list[_Block], list[_Block]]:
    """All blocks, and those that hang on nothing."""
    keys = {card.key for card in cards}
    parents = {card.parent for card in cards}
    stacks: dict[Hashable, _Block] = {}
    block_of: dict[str, _Block] = {}
    for card in cards:
        above = card.parent if card.parent in keys else None
        stack = (above, card.level, None if above else card.group)
        if card.key in parents:
            block_of[card.key] = _Block([card], card.level)
        elif stack in stacks:
            stacks[stack].cards.append(card)
            block_of[card.key] = stacks[stack]
        else:
            block_of[card.key] = stacks[stack] = _Block([card], card.level)
    blocks = list({id(block): block for block in block_of.values()}.values())
    roots = []
    for block in blocks:
        superior = block_of.get(block.cards[0].parent or "")
        if superior is None or _circular(block, block_of):
            roots.append(block)
        else:
            superior.below.append(_hung(block, superior.level))
    return roots, blocks


def _hung(block: _Block, level: int) -> _Block:
    """The block below a superior of ``level``, with room for its line on the levels between."""
    for between in range(block.level - 1, level, -1):
        block = _Block([TreeBox("", None, between, LINE, 0)], between, [block])
    return block


def _circular(block: _Block, block_of: Mapping[str, _Block]) -> bool:
    """Whether a block is above itself, as lines of a past day may say; it then hangs on nothing."""
    seen: set[int] = set()
    above: _Block | None = block
    while above is not None and id(above) not in seen:
        seen.add(id(above))
        above = block_of.get(above.cards[0].parent or "")
        if above is block:
            return True
    return False


def _put(block: _Block, frontier: dict[int, float]) -> None:
    for child in block.below:
        _put(child, frontier)
    half = block.width / 2
    least = frontier[block.level] + half
    if block.below:
        middle = (block.below[0].x + block.below[-1].x) / 2
        if middle < least:
            for child in block.below:
                _shift(child, least - middle, frontier)
            middle = least
        block.x = middle
    else:
        block.x = least
    frontier[block.level] = block.x + half + GAP_X


def _shift(block: _Block, by: float, frontier: dict[int, float]) -> None:
    block.x += by
    frontier[block.level] = max(frontier[block.level], block.x + block.width / 2 + GAP_X)
    for child in block.below:
        _shift(child, by, frontier)


def _levels(blocks: Iterable[_Block]) -> dict[int, tuple[float, float]]:
    heights: dict[int, float] = defaultdict(float)
    for block in blocks:
        heights[block.level] = max(heights[block.level], block.height)
    levels, top = {}, 0.0
    for level in sorted(heights):
        levels[level] = (top, top + heights[level])
        top += heights[level] + GAP_LEVEL
    return levels


def _spread(block: _Block, top: float) -> dict[str, tuple[float, float]]:
    width, height = block.cell
    left = block.x - block.width / 2
    places = {}
    for index, card in enumerate(block.cards):
        column, row = divmod(index, block.rows)
        x = left + column * (width + GAP_X) + width / 2
        places[card.key] = (x, top + row * (height + GAP_Y) + card.height / 2)
    return places
