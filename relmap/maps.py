"""Drawings of an account: a view and a question become nodes, edges and options for vis-network.

pyvis collects them; its HTML is never used (it loads from elsewhere and writes names unescaped).
What leaves is JSON data without markup and without colours: map.js draws the cards with the tokens
of the page. Positions are worked out here and physics is off, so that the same person stands in
the same place at every visit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from relmap.contracts import LEVELS, AccountView, PersonRow, Ref
from relmap.errors import NotFound
from relmap.insight.seating import Acquaintance, Seat, acquaintance, clock, seats
from relmap.insight.strength import threads_of
from relmap.insight.tidy import Card, Layout, tidy

if TYPE_CHECKING:
    from pyvis.network import Network

__all__ = ["DEFAULT_LIMIT", "MOST", "Map", "reporting_map", "surroundings_map"]

DEFAULT_LIMIT: Final = 150
MOST: Final = 300
CARD = (176, 72)
DECIDING_CARD = (206, 84)
OUR_CARD = (190, 48)
COLUMN: Final = 228  # a deciding card and air for its badges
PYVIS_OWN: Final = ("label", "color", "shape", "font")  # the page's tokens decide these
DRAWN_TIES: Final = ("conflicts", "influences", "advises", "dotted_line")


@dataclass(frozen=True)
class Map:
    """One drawing: JSON data for the browser, and how much of the account it shows."""

    nodes: tuple[dict[str, Any], ...]
    edges: tuple[dict[str, Any], ...]
    options: dict[str, Any]
    shown_count: int
    whole_count: int
    bands: tuple[dict[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What map.js fetches."""
        return {
            "nodes": list(self.nodes),
            "edges": list(self.edges),
            "options": self.options,
            "bands": list(self.bands),
            "shown": self.shown_count,
            "whole": self.whole_count,
        }


@dataclass(frozen=True)
class Place:
    """A node of the reporting tree: a seat, or a fold that stands for several."""

    key: str
    parent: str | None
    level: int
    seat: Seat | None = None
    folded: tuple[Seat, ...] = ()


def reporting_map(view: AccountView, *, limit: int = DEFAULT_LIMIT) -> Map:
    """Who reports to whom: a tidy tree whose rows are the levels; groups fold past ``limit``."""
    found = seats(view)
    places = _folded(_places(found), min(limit, MOST))
    layout, level_of = _laid_out(places)
    net = _network()
    for place in places:
        node = _place_node(view, place, layout.places[place.key])
        _add(net, {**node, "trunk": round(layout.trunks[place.key])})
    keys = {place.key for place in places}
    for place in places:
        if place.parent in keys:
            net.add_edge(place.parent, place.key, kind="reports")
    _add_ties(net, view, _keys_of_people(places), kinds=("dotted_line",))
    shown = sum(1 for place in places if place.seat)
    return _map(net, shown=shown, whole=len(found), bands=_bands(layout, level_of))


def _keys_of_people(places: Iterable[Place]) -> dict[Ref, str]:
    """The first seat of each person drawn."""
    keys: dict[Ref, str] = {}
    for place in places:
        if place.seat is not None and place.seat.person is not None:
            keys.setdefault(place.seat.person.ref, place.key)
    return keys


def surroundings_map(view: AccountView, person: Ref, *, limit: int = DEFAULT_LIMIT) -> Map:
    """Who surrounds one person: who of us knows them, superiors, reports, peers, and their ties.

    Raises ``NotFound`` where the view does not hold the person.
    """
    if person not in view:
        raise NotFound("This person has nothing to do with the account on that day.")
    around = _around(view, person)
    chosen = around[: min(limit, MOST) - 1]
    net = _network()
    _add(net, _person_node(view, view.person(person), x=0, y=0, is_focus=True))
    for ref, x, y in _ringed(chosen):
        _add(net, _person_node(view, view.person(ref), x=x, y=y))
    keys = {ref: str(ref) for ref, _ in chosen} | {person: str(person)}
    _add_reporting(net, view, keys, person)
    _add_ties(net, view, keys, about=person)
    _add_threads(net, view, keys, person)
    return _map(net, shown=len(chosen) + 1, whole=len(around) + 1)


def _network() -> Network:
    from pyvis.network import Network  # IPython with it: only where a map is drawn

    net = Network(directed=True, cdn_resources="local")
    net.options = {}  # pyvis's own would switch physics on
    return net


def _add(net: Network, node: Mapping[str, Any]) -> None:
    rest = {key: value for key, value in node.items() if key not in ("id", "name")}
    net.add_node(node["id"], label=node["name"], **rest)


OPTIONS: Final[dict[str, Any]] = {
    "physics": False,
    "layout": {"improvedLayout": False},
    "interaction": {
        "dragNodes": False,
        "zoomView": False,
        "hover": True,
        "keyboard": False,
        "dragView": True,
    },
    "nodes": {"chosen": False, "borderWidth": 0},
    "edges": {"chosen": False, "selectionWidth": 0},
}


def _map(net: Network, *, shown: int, whole: int, bands: Iterable[dict[str, Any]] = ()) -> Map:
    nodes = [
        {key: value for key, value in node.items() if key not in PYVIS_OWN}
        | {"name": node["label"]}
        for node in net.nodes
    ]
    return Map(tuple(nodes), tuple(net.edges), OPTIONS, shown, whole, tuple(bands))


# --- nodes


def _place_node(view: AccountView, place: Place, at: tuple[float, float]) -> dict[str, Any]:
    x, y = at
    if place.seat is None:
        known = sum(1 for seat in place.folded if seat.known and seat.known.coverage)
        name = f"{len(place.folded)} more, {known} known"
        return _node(place.key, "fold", name, x=x, y=y, size=CARD, title=_fold_title(place.folded))
    node = _seat_node(view, place.seat, x=x, y=y)
    return {**node, "id": place.key}  # who sits on two seats stands in the tree twice


def _fold_title(folded: tuple[Seat, ...]) -> str:
    levels = sorted({seat.post.level for seat in folded}, key=LEVELS.index)
    return ", ".join(levels)


def _seat_node(view: AccountView, seat: Seat, *, x: float, y: float) -> dict[str, Any]:
    size = DECIDING_CARD if seat.is_deciding else CARD
    if seat.person is None:
        name = "Vacant" if seat.status == "vacant" else "Who?"
        return _node(
            str(seat.post.ref), seat.status, name, x=x, y=y, size=size, title=seat.post.title
        )
    node: dict[str, Any] = _person_card(view, seat.person, seat.known)
    node.update(title=seat.post.title, acting=seat.status == "acting")
    if seat.clock is not None:
        node["ring"] = _ring(seat)
    return _node(str(seat.person.ref), "filled", seat.person.name, x=x, y=y, size=size, **node)


def _ring(seat: Seat) -> dict[str, Any] | None:
    if seat.clock is None:
        return None
    if seat.clock.chance is not None:
        text, unit = f"{5 * round(20 * seat.clock.chance)}", "%"
    else:
        years = seat.clock.days / 365.25
        text, unit = f"{years:.1f}" if years < 10 else f"{years:.0f}", "y"
    share = seat.clock.share
    return {"share": None if share is None else min(1.0, share), "text": text, "unit": unit}


def _person_card(
    view: AccountView, person: PersonRow, known: Acquaintance | None
) -> dict[str, Any]:
    card: dict[str, Any] = {"latin": person.latin_name or "", "lang": person.language or ""}
    if known is not None:
        card["cov"] = known.step
        card["stance"] = "split" if known.stance.is_disputed else known.stance.value or "unknown"
        card["sides"] = known.stance.extremes
        card["meta"] = _meta(view, known)
    return card


def _meta(view: AccountView, known: Acquaintance) -> str:
    if known.coverage is None:
        return "never met"
    if known.last_touch_on is None:
        return "no touch"
    return f"{(view.as_of - known.last_touch_on).days} d"


def _person_node(
    view: AccountView,
    person: PersonRow,
    *,
    x: float,
    y: float,
    is_focus: bool = False,
) -> dict[str, Any]:
    if person.side == "us":
        us = {"latin": person.latin_name or "", "title": person.affiliation or "of us"}
        return _node(str(person.ref), "us", person.name, x=x, y=y, size=OUR_CARD, **us)
    posts = view.posts_of(person.ref)
    card = _person_card(view, person, acquaintance(view, person.ref))
    size = CARD
    card["title"] = posts[0].title if posts else person.affiliation or "no post we know"
    if posts and view.is_deciding(posts[0]):
        tenure = next(row for row in view.holders(posts[0].ref) if row.person == person.ref)
        seat = Seat(posts[0], "filled", is_deciding=True, clock=clock(view, tenure))
        size, card["ring"] = DECIDING_CARD, _ring(seat)
    node = _node(str(person.ref), "filled", person.name, x=x, y=y, size=size, **card)
    return {**node, "focus": is_focus}


def _node(
    key: str,
    kind: str,
    name: str,
    *,
    x: float,
    y: float,
    size: tuple[int, int],
    **fields: Any,
) -> dict[str, Any]:
    width, height = size
    return {
        "id": key,
        "ref": None if kind == "fold" else key,
        "kind": kind,
        "name": name,
        "x": round(x),
        "y": round(y),
        "w": width,
        "h": height,
        **fields,
    }


# --- the reporting tree


def _places(found: Iterable[Seat]) -> list[Place]:
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


def _folded(places: list[Place], limit: int) -> list[Place]:
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


def _laid_out(places: Sequence[Place]) -> tuple[Layout, dict[int, int]]:
    """Where each seat stands, and of which level each row is."""
    ranks = _ranks({place.key: place for place in places})
    rows = sorted(set(ranks.values()))
    loose = Counter(place.seat.post.unit for place in places if place.seat and not place.parent)
    cards = []
    for place in places:
        width, height = DECIDING_CARD if place.seat and place.seat.is_deciding else CARD
        unit = place.seat.post.unit if place.seat else None
        group = (
            unit if unit and loose[unit] > 1 else None
        )  # a unit's only seat stands with its like
        row = rows.index(ranks[place.key])
        cards.append(Card(place.key, place.parent, row, width, height, group))
    return tidy(cards), {index: level for index, (level, _) in enumerate(rows)}


def _ranks(places: Mapping[str, Place]) -> dict[str, tuple[int, int]]:
    """The row of each seat: its level, and below a superior of the same level or a lower one."""
    ranks: dict[str, tuple[int, int]] = {}

    def rank(place: Place, above: frozenset[str]) -> tuple[int, int]:
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


def _bands(layout: Layout, level_of: Mapping[int, int]) -> Iterator[dict[str, Any]]:
    for row, (top, bottom) in layout.levels.items():
        title = LEVELS[level_of[row]].capitalize()
        yield {"top": round(top), "bottom": round(bottom), "title": title}


# --- the surroundings of one person


def _around(view: AccountView, person: Ref) -> list[tuple[Ref, str]]:
    """Who surrounds a person, with the reason, nearest first, each once."""
    found: dict[Ref, str] = {}
    for thread in threads_of(view, person):
        found.setdefault(thread.ours, "us")
    for post in view.posts_of(person):
        if post.reports_to is not None:
            _note(found, view, post.reports_to, "above", person)
        for other in view.open_posts:
            if other.reports_to == post.ref:
                _note(found, view, other.ref, "below", person)
    for tie in view.ties_of(person):
        other_end = tie.b if tie.a == person else tie.a
        if other_end in view:
            side = view.person(other_end).side
            found.setdefault(other_end, "us" if side == "us" else "tied")
    for post in view.posts_of(person):
        for other in view.open_posts:
            if post.reports_to is not None and other.reports_to == post.reports_to:
                _note(found, view, other.ref, "beside", person)
    return list(found.items())


def _note(found: dict[Ref, str], view: AccountView, post: Ref, why: str, person: Ref) -> None:
    for tenure in view.holders(post):
        if tenure.person != person:
            found.setdefault(tenure.person, why)


def _ringed(around: Iterable[tuple[Ref, str]]) -> Iterator[tuple[Ref, float, float]]:
    """Us on the left, superiors above and reports below, the tied and the peers on the right."""
    groups: defaultdict[str, list[Ref]] = defaultdict(list)
    for ref, why in around:
        groups["right" if why in ("tied", "beside") else why].append(ref)
    yield from _column(groups["us"], -2.1 * COLUMN, 78)
    yield from _rows(groups["above"], -1)
    yield from _rows(groups["below"], 1)
    yield from _column(groups["right"], 2.1 * COLUMN, 104)


def _column(
    refs: list[Ref], x: float, step: float, most: int = 9
) -> Iterator[tuple[Ref, float, float]]:
    for index, ref in enumerate(refs):
        column, row = divmod(index, most)
        height = min(most, len(refs) - column * most)
        sign = -1 if x < 0 else 1
        yield ref, x + sign * column * COLUMN, (row - (height - 1) / 2) * step


def _rows(refs: list[Ref], sign: int, most: int = 3) -> Iterator[tuple[Ref, float, float]]:
    """Above or below the person: side by side, stacked in three columns where there are more."""
    width = min(most, len(refs))
    for index, ref in enumerate(refs):
        row, column = divmod(index, most)
        yield ref, (column - (width - 1) / 2) * (COLUMN + 4), sign * (170 + row * 102)


# --- lines


def _add_reporting(net: Network, view: AccountView, keys: Mapping[Ref, str], about: Ref) -> None:
    for ref, key in keys.items():
        for post in view.posts_of(ref):
            if post.reports_to is None:
                continue
            for tenure in view.holders(post.reports_to):
                pair = (tenure.person, ref)
                if tenure.person in keys and tenure.person != ref and about in pair:
                    net.add_edge(keys[tenure.person], key, kind="reports")


def _add_ties(
    net: Network,
    view: AccountView,
    keys: Mapping[Ref, str],
    *,
    kinds: tuple[str, ...] = (),
    about: Ref | None = None,
) -> None:
    """The ties between two of theirs; those of ours are threads, with their strength."""
    for tie in view.ties:
        if tie.ends_on is not None and tie.ends_on <= view.as_of:
            continue
        if about is not None and about not in (tie.a, tie.b):
            continue
        kind = tie.kind if tie.kind in DRAWN_TIES else "other"
        if kinds and kind not in kinds:
            continue
        if tie.a in keys and tie.b in keys and _are_theirs(view, tie.a, tie.b):
            net.add_edge(keys[tie.a], keys[tie.b], kind=kind)


def _are_theirs(view: AccountView, *people: Ref) -> bool:
    return all(view.person(person).side == "client" for person in people)


def _add_threads(net: Network, view: AccountView, keys: Mapping[Ref, str], about: Ref) -> None:
    for thread in threads_of(view, about):
        if thread.ours in keys:
            strength = round(thread.strength, 3)
            net.add_edge(keys[thread.ours], keys[about], kind="tie", strength=strength)
