"""Who reports to whom, as a tree whose rows are the levels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from relmap.contracts import LEVELS, AccountView, Ref
from relmap.insight.seating import seats
from relmap.languages import label
from relmap.maps.cards import fold_card, seat_card
from relmap.maps.drawing import DEFAULT_LIMIT, MOST, Map, add_node, as_map, new_network
from relmap.maps.lines import add_ties
from relmap.maps.places import Place, folded, places_of
from relmap.maps.rows import laid_out
from relmap.maps.tree_layout import Layout

__all__ = ["reporting_map"]


def reporting_map(view: AccountView, *, limit: int = DEFAULT_LIMIT) -> Map:
    """Who reports to whom: a tidy tree whose rows are the levels; groups fold past ``limit``."""
    found = seats(view)
    places = folded(places_of(found), min(limit, MOST))
    layout, level_of = laid_out(places)
    net = new_network()
    for place in places:
        node = _place_node(view, place, layout.places[place.key])
        add_node(net, {**node, "trunk": round(layout.trunks[place.key])})
    keys = {place.key for place in places}
    for place in places:
        if place.parent in keys:
            net.add_edge(place.parent, place.key, kind="reports")
    add_ties(net, view, _keys_of_people(places), kinds=("dotted_line",))
    shown = sum(1 for place in places if place.seat)
    return as_map(net, shown=shown, whole=len(found), bands=_bands(layout, level_of))


def _place_node(view: AccountView, place: Place, at: tuple[float, float]) -> dict[str, Any]:
    x, y = at
    if place.seat is None:
        return fold_card(place.key, place.folded, x=x, y=y)
    node = seat_card(view, place.seat, x=x, y=y)
    return {**node, "id": place.key}  # who sits on two seats stands in the tree twice


def _keys_of_people(places: Iterable[Place]) -> dict[Ref, str]:
    """The first seat of each person drawn."""
    keys: dict[Ref, str] = {}
    for place in places:
        if place.seat is not None and place.seat.person is not None:
            keys.setdefault(place.seat.person.ref, place.key)
    return keys


def _bands(layout: Layout, level_of: Mapping[int, int]) -> Iterator[dict[str, Any]]:
    for row, (top, bottom) in layout.levels.items():
        title = label("level", LEVELS[level_of[row]])
        yield {"top": round(top), "bottom": round(bottom), "title": title}
