"""Who surrounds one person: a card in the middle, and round it those who stand near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from relmap.contracts import AccountView, Ref
from relmap.errors import NotFound
from relmap.insight.strength import threads_of
from relmap.maps.cards import COLUMN, person_card
from relmap.maps.drawing import DEFAULT_LIMIT, MOST, Map, add_node, as_map, new_network
from relmap.maps.lines import add_reporting, add_threads, add_ties

__all__ = ["surroundings_map"]


def surroundings_map(view: AccountView, person: Ref, *, limit: int = DEFAULT_LIMIT) -> Map:
    """Who surrounds one person: who of us knows them, superiors, reports, peers, and their ties.

    Raises ``NotFound`` where the view does not hold the person.
    """
    if person not in view:
        raise NotFound("This person has nothing to do with the account on that day.")
    around = _around(view, person)
    chosen = around[: min(limit, MOST) - 1]
    net = new_network()
    add_node(net, person_card(view, view.person(person), x=0, y=0, is_focus=True))
    for ref, x, y in _ringed(chosen):
        add_node(net, person_card(view, view.person(ref), x=x, y=y))
    keys = {ref: str(ref) for ref, _ in chosen} | {person: str(person)}
    add_reporting(net, view, keys, person)
    add_ties(net, view, keys, about=person)
    add_threads(net, view, keys, person)
    return as_map(net, shown=len(chosen) + 1, whole=len(around) + 1)


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
