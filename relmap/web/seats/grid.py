"""The grid of an account: functions by levels, a card for each seat, blank seats drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from relmap.contracts import LEVELS, AccountView, Ref
from relmap.contracts.words import FUNCTIONS
from relmap.insight.seating import Seat, departures, seats
from relmap.languages import _, label
from relmap.web.seats.cards import Link, SeatCard, departed_from, seat_card

__all__ = ["Filters", "Grid", "account_grid"]

ROOM = 6  # cards of readable width that fit side by side at 1440 px
ROWS_BEFORE_FOLD = 3

Cells = dict[tuple[str, str], tuple[list[SeatCard], list[Markup]]]


@dataclass(frozen=True, slots=True)
class Cell:
    """The cards of one function and level; those past the first rows are folded."""

    cards: tuple[SeatCard, ...] = ()
    folded: tuple[SeatCard, ...] = ()
    gone: tuple[Markup, ...] = ()

    @property
    def folded_label(self) -> str:
        """How many are folded and how many of those we know: ``6 more, 1 known``."""
        known = sum(1 for card in self.folded if (card.coverage or 0) > 0)
        return _("{count} more, {known_count} known", count=len(self.folded), known_count=known)


@dataclass(frozen=True, slots=True)
class Row:
    """One function with its cells by level."""

    key: str
    title: str
    known_count: int
    seat_count: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One level: its width in per cent, and how many cards stand side by side."""

    title: str
    width: int
    abreast: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked to see; ``None`` means all."""

    function: str | None = None
    level: str | None = None
    known: str | None = None  # yes, no
    ours: Ref | None = None

    def admits(self, seat: Seat, known_from: float) -> bool:
        """Whether a seat is to be shown."""
        if self.function and seat.post.function != self.function:
            return False
        if self.level and seat.post.level != self.level:
            return False
        if self.known and _is_known(seat, known_from) != (self.known == "yes"):
            return False
        return self.ours is None or (seat.known is not None and self.ours in seat.known.knowers)


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole picture, and what was left out of it."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    seat_count: int
    shown_count: int
    has_chances: bool
    without_seats: tuple[str, ...] = ()


def account_grid(
    view: AccountView,
    *,
    link: Link,
    since: date | None = None,
    filters: Filters = Filters(),
    steps: Mapping[Ref, int] | None = None,
) -> Grid:
    """Lay out the seats of an account; ``steps`` numbers whom to meet next."""
    found = seats(view)
    known_from = view.measures.known_from
    shown = [seat for seat in found if filters.admits(seat, known_from)]
    cells = _cells(view, shown, link=link, since=since, steps=steps or {})
    columns = _columns(cells)
    return Grid(
        columns=columns,
        rows=_rows(shown, cells, columns, known_from),
        seat_count=len(found),
        shown_count=len(shown),
        has_chances=any(seat.clock and seat.clock.chance is not None for seat in shown),
        without_seats=_functions_without(found),
    )


def _is_known(seat: Seat, known_from: float) -> bool:
    return seat.known is not None and (seat.known.coverage or 0) >= known_from


def _cells(
    view: AccountView,
    shown: Iterable[Seat],
    *,
    link: Link,
    since: date | None,
    steps: Mapping[Ref, int],
) -> Cells:
    cells: Cells = defaultdict(lambda: ([], []))
    posts = set()
    for seat in shown:
        posts.add(seat.post.ref)
        card = seat_card(view, seat, link=link, since=since, steps=steps)
        cells[seat.post.function, seat.post.level][0].append(card)
    for tenure in departures(view, since) if since else ():
        post = view.post(tenure.post)
        if post.ref in posts:
            cells[post.function, post.level][1].append(departed_from(view, tenure))
    return cells


def _columns(
    cells: Cells,
) -> tuple[Column, ...]:
    """Widths by need: crowded levels get room for two or three cards abreast, empty ones little."""
    most = {
        level: max((len(cards) for (_, at), (cards, _) in cells.items() if at == level), default=0)
        for level in LEVELS
    }
    abreast = {level: 1 for level in LEVELS if most[level]}
    while abreast and sum(abreast.values()) < ROOM:
        level = max(abreast, key=lambda level: most[level] / abreast[level])
        if most[level] <= abreast[level] or abreast[level] >= 3:
            break
        abreast[level] += 1
    taken = 7 * (len(LEVELS) - len(abreast))
    share = (91 - taken) / max(1, sum(abreast.values()))
    return tuple(
        Column(
            label("level", level),
            round(share * abreast[level]) if level in abreast else 7,
            abreast.get(level, 1),
        )
        for level in LEVELS
    )


def _rows(
    shown: Iterable[Seat],
    cells: Cells,
    columns: tuple[Column, ...],
    known_from: float,
) -> tuple[Row, ...]:
    by_function: dict[str, list[Seat]] = defaultdict(list)
    for seat in shown:
        by_function[seat.post.function].append(seat)
    order = [*FUNCTIONS, *sorted(set(by_function) - set(FUNCTIONS))]
    return tuple(
        Row(
            key=function,
            title=label("function", function),
            known_count=sum(1 for seat in by_function[function] if _is_known(seat, known_from)),
            seat_count=len(by_function[function]),
            cells=tuple(
                _cell(*cells.get((function, level), ([], [])), abreast=column.abreast)
                for level, column in zip(LEVELS, columns, strict=True)
            ),
        )
        for function in order
        if by_function.get(function)
    )


def _cell(cards: list[SeatCard], gone: list[Markup], *, abreast: int) -> Cell:
    room = abreast * ROWS_BEFORE_FOLD
    if len(cards) <= room + 1:  # a fold of one would hide more than it saves
        return Cell(tuple(cards), (), tuple(gone))
    return Cell(tuple(cards[:room]), tuple(cards[room:]), tuple(gone))


def _functions_without(found: Iterable[Seat]) -> tuple[str, ...]:
    present = {seat.post.function for seat in found}
    return tuple(
        label("function", key) for key in FUNCTIONS if key not in present and key != "other"
    )
