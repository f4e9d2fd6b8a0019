"""The rows of the reporting tree: levels from the top, crowded ones in several steps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from math import ceil
from typing import Final

from relmap.maps.cards import CARD, DECIDING_CARD
from relmap.maps.places import Place
from relmap.maps.tree_layout import Layout, TreeBox, tidy

__all__ = ["laid_out"]

ABREAST: Final = 8  # as many as stand side by side before neighbours stand a step apart
MOST_STEPS: Final = 3

Rank = tuple[int, int]  # the level, and how many superiors of that level or a lower one are above


def laid_out(places: Sequence[Place]) -> tuple[Layout, dict[int, int]]:
    """Where each seat stands, and of which level each row is."""
    groups = _groups(places)
    row_of = _rows(places, groups)
    rows = sorted(set(row_of.values()))
    cards = []
    for place in places:
        width, height = DECIDING_CARD if place.seat and place.seat.is_deciding else CARD
        row = rows.index(row_of[place.key])
        cards.append(TreeBox(place.key, place.parent, row, width, height, groups[place.key]))
    return tidy(cards), {index: level for index, ((level, _), _) in enumerate(rows)}


def _groups(places: Sequence[Place]) -> dict[str, Hashable]:
    """The unit of a seat without superior; a unit's only seat stands with its like."""
    loose = Counter(place.seat.post.unit for place in places if place.seat and not place.parent)
    units = {place.key: place.seat.post.unit if place.seat else None for place in places}
    return {key: unit if unit and loose[unit] > 1 else None for key, unit in units.items()}


def _rows(places: Sequence[Place], groups: Mapping[str, Hashable]) -> dict[str, tuple[Rank, int]]:
    """Rank and step of each seat: a crowded row is drawn narrower where neighbours alternate."""
    ranks = _ranks({place.key: place for place in places})
    superiors = {place.parent for place in places}
    blocks: defaultdict[Rank, dict[Hashable, int]] = defaultdict(dict)
    block_of: dict[str, Hashable] = {}
    for place in _from_left(places):
        block = place.key if place.key in superiors else (place.parent, groups[place.key])
        row = blocks[ranks[place.key]]
        row.setdefault(block, len(row))
        block_of[place.key] = block
    rows = {}
    for key, rank in ranks.items():
        steps = min(MOST_STEPS, ceil(len(blocks[rank]) / ABREAST))
        rows[key] = (rank, blocks[rank][block_of[key]] % steps)
    return rows


def _from_left(places: Sequence[Place]) -> Iterator[Place]:
    """The seats as they will stand: all below one superior before those below the next."""
    waiting = {place.key: place for place in places}
    below: defaultdict[str | None, list[Place]] = defaultdict(list)
    for place in places:
        below[place.parent if place.parent in waiting else None].append(place)
    stack = [*reversed(places), *reversed(below[None])]  # all once more: some may hang in a circle
    while stack:
        place = stack.pop()
        if waiting.pop(place.key, None) is not None:
            yield place
            stack.extend(reversed(below[place.key]))


def _ranks(places: Mapping[str, Place]) -> dict[str, Rank]:
    """The rank of each seat: its level, and below a superior of the same level or a lower one."""
    ranks: dict[str, Rank] = {}

    def rank(place: Place, above: frozenset[str]) -> Rank:
        if place.key not in ranks:
            own = (place.level, 0)
            superior = places.get(place.parent or "")
            if superior is not None and superior.key not in above:
                level, step = rank(superior, above | {place.key})
                own = max(own, (level, step + 1)) if level >= place.level else own
            ranks[place.key] = own
        return ranks[place.key]

    for place in places.values():
        rank(place, frozenset())
    return ranks
