"""The nodes of the reporting tree, folded where there are too many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from relmap.contracts import LEVELS, Ref
from relmap.insight.seating import Seat

__all__ = ["Place", "folded", "places_of"]


@dataclass(frozen=True)
class Place:
    """A node of the reporting tree: a seat, or a fold that stands for several."""

    key: str
    parent: str | None
    level: int
    seat: Seat | None = None
    folded: tuple[Seat, ...] = ()


def places_of(found: Iterable[Seat]) -> list[Place]:
    """Each seat under the first holder of the post it reports to."""
    first: dict[Ref, str] = {}
    rows: list[tuple[str, Seat]] = []
    for seat in found:
        key = str(seat.tenure.ref if seat.tenure else seat.post.ref)
        first.setdefault(seat.post.ref, key)
        rows.append((key, seat))
    return [
        Place(
            key,
            first.get(seat.post.reports_to) if seat.post.reports_to else None,
            LEVELS.index(seat.post.level),
            seat,
        )
        for key, seat in rows
    ]


def folded(places: list[Place], limit: int) -> list[Place]:
    """Fold groups of leaves with one superior into one node each, lowest levels first."""
    if len(places) <= limit:
        return places
    kept = list(places)
    for level in range(len(LEVELS) - 1, 0, -1):
        if len(kept) <= limit:
            break
        kept = _fold_level(kept, level)
    return kept


def _fold_level(places: list[Place], level: int) -> list[Place]:
    parents = {place.parent for place in places}
    groups: defaultdict[str | None, list[Place]] = defaultdict(list)
    for place in places:
        if place.level == level and place.key not in parents and place.seat is not None:
            groups[place.parent].append(place)
    gone = {place.key for group in groups.values() if len(group) > 1 for place in group}
    kept = [place for place in places if place.key not in gone]
    for parent, group in groups.items():
        if len(group) > 1:
            folded = tuple(place.seat for place in group if place.seat is not None)
            kept.append(Place(f"fold:{parent}:{level}", parent, level, folded=folded))
    return kept
