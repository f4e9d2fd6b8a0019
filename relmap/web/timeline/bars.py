"""Who held what when, drawn: one lane a post or a holder, in the numbers of an SVG.

The past runs to scale; the year ahead has a room of its own at the right, so that a chance can be
read beside twenty years. What is drawn is said in words by :mod:`relmap.web.timeline.occupancy`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final
from unicodedata import east_asian_width

from relmap.insight.terms import TermEnd
from relmap.insight.thresholds import HORIZONS
from relmap.languages import _
from relmap.web.layout.chances import Chance
from relmap.web.timeline.occupancy import Occupancy, due_text

__all__ = ["Axis", "ChanceBar", "Lane", "Mark", "TenureBar", "axis", "lane"]

HEIGHT: Final = 20  # of a bar
ROW: Final = 24
MOST_ROWS: Final = 4  # side by side in one post before the rest is counted
AHEAD_DAYS: Final = HORIZONS[-1]
MARGIN: Final = timedelta(days=45)  # before the first start, so that an unknown one shows
LEAST: Final = 3.0  # of a bar: three days in post are seen
LETTER: Final = 12  # px, the size of a name in a bar
MARK: Final = 4  # px, half of a mark


@dataclass(frozen=True, slots=True)
class Axis:
    """Days to places: the past from ``first`` to ``today``, then a year in a width of its own."""

    first: date
    today: date
    width: int
    ahead_width: int = 0
    years: tuple[tuple[float, str], ...] = ()
    horizons: tuple[tuple[float, str], ...] = ()

    @property
    def now_x(self) -> float:
        """Where today is."""
        return float(self.width - self.ahead_width)

    def x(self, on: date) -> float:
        """The place of a day, within the drawing."""
        if on > self.today:
            share = min(1.0, (on - self.today).days / AHEAD_DAYS)
            return round(self.now_x + share * self.ahead_width, 1)
        share = (on - self.first).days / max(1, (self.today - self.first).days)
        return round(max(0.0, share) * self.now_x, 1)


@dataclass(frozen=True, slots=True)
class TenureBar:
    """A bar: where it surely lasted, and where it may have begun or ended."""

    kind: str
    x: float
    width: float
    y: int
    title: str
    label: str = ""
    lang: str | None = None
    is_jagged: bool = False
    maybe: tuple[tuple[float, float], ...] = ()  # (x, width) before and after


@dataclass(frozen=True, slots=True)
class ChanceBar:
    """The chance of still being there, from one horizon to the next: it shrinks with the chance."""

    x: float
    width: float
    y: float
    height: float
    maybe_y: float
    maybe_height: float
    label: str
    label_x: float  # of its middle: beside the marks


@dataclass(frozen=True, slots=True)
class Mark:
    """A day that is known beforehand; ``is_beyond`` lies past the right edge."""

    kind: str
    x: float
    y: int
    title: str
    is_beyond: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One post or holder as drawn."""

    height: int
    pieces: tuple[TenureBar, ...]
    ahead: tuple[ChanceBar, ...]
    marks: tuple[Mark, ...]
    more_count: int = 0


def axis(shown: Iterable[Occupancy], today: date, *, is_narrow: bool = False) -> Axis:
    """The axis for these holders: from the first of them, or as far back as there is room for."""
    furthest = today - timedelta(days=365 * (6 if is_narrow else 15))
    starts = [one.starts_after or one.starts_on for one in shown]
    first = max(min([*starts, today - timedelta(days=700)]) - MARGIN, furthest)
    plain = Axis(first, today, 340 if is_narrow else 1100, 96 if is_narrow else 240)
    step = ceil((today.year - first.year + 1) / (6 if is_narrow else 12))
    years = tuple(
        (plain.x(date(year, 1, 1)), str(year)[2:] if is_narrow else str(year))
        for year in range(first.year + 1, today.year + 1, step)
        if plain.now_x - plain.x(date(year, 1, 1)) > (16 if is_narrow else 34)
    )
    shown_horizons = (HORIZONS[-1],) if is_narrow else HORIZONS
    horizons = tuple(
        (plain.x(today + timedelta(days=days)), _("{days} d", days=days)) for days in shown_horizons
    )
    return Axis(plain.first, today, plain.width, plain.ahead_width, years, horizons)


def lane(held: Sequence[Occupancy], scale: Axis) -> Lane:
    """Draw the holders of one post, in as many rows as sat there at once."""
    shown = [one for one in held if not one.has_ended(scale.first)]
    rows = _rows(shown)
    kept = [(one, row) for one, row in zip(shown, rows, strict=True) if row < MOST_ROWS]
    ahead = [part for one, row in kept for part in _ahead(one, row, scale)]
    return Lane(
        height=ROW * (1 + max((row for _, row in kept), default=0)),
        pieces=tuple(_piece(one, row, scale) for one, row in kept),
        ahead=tuple(ahead),
        marks=tuple(_mark(one.due, row, scale) for one, row in kept if one.due),
        more_count=len(shown) - len(kept),
    )


def _rows(shown: Sequence[Occupancy]) -> list[int]:
    """The row of each holder: the first that is free when they come."""
    free_from: list[date] = []
    rows = []
    for one in shown:
        ends_on = one.ends_on or date.max
        row = next((at for at, free in enumerate(free_from) if free <= one.starts_on), None)
        if row is None:
            row = len(free_from)
            free_from.append(ends_on)
        free_from[row] = ends_on
        rows.append(row)
    return rows


def _piece(one: Occupancy, row: int, scale: Axis) -> TenureBar:
    sure_end = one.ends_on if one.ends_after is None else max(one.ends_after, one.starts_on)
    x = scale.x(one.starts_on)
    open_end = scale.now_x if one.starts_on <= scale.today else float(scale.width)
    end = open_end if sure_end is None else scale.x(sure_end)
    width = round(max(LEAST, end - x), 1)
    maybe = []
    if one.starts_after is not None and x - scale.x(one.starts_after) >= 3:
        maybe.append((scale.x(one.starts_after), round(x - scale.x(one.starts_after), 1)))
    if one.ends_on is not None and scale.x(one.ends_on) - end >= 3:
        maybe.append((end, round(scale.x(one.ends_on) - end, 1)))
    text = one.name.text if one.name else "?" if one.kind == "unknown" else one.said
    return TenureBar(
        kind=one.kind,
        x=x,
        width=width,
        y=row * ROW + 2,
        title=_("{who}, {when}", who=one.said, when=one.when),
        label=text if _text_width(text) + 12 <= width else "",
        lang=one.name.lang if one.name else None,
        is_jagged=one.is_open_start and x > 0,
        maybe=tuple(maybe),
    )


def _text_width(text: str) -> float:
    return sum(LETTER if east_asian_width(one) in "WF" else 0.6 * LETTER for one in text)


def _ahead(one: Occupancy, row: int, scale: Axis) -> Iterable[ChanceBar]:
    if one.chances is None or (one.due and one.due.kind == "announced"):
        return
    begin, taken = scale.now_x, [_mark(one.due, row, scale).x] if one.due else []
    for days, chance in sorted(one.chances.items()):
        end = scale.x(scale.today + timedelta(days=days))
        yield _part(chance, begin, end, row, taken)
        begin = end


def _part(chance: Chance, begin: float, end: float, row: int, taken: Sequence[float]) -> ChanceBar:
    sure, most = HEIGHT * (1 - chance.high), HEIGHT * (1 - chance.low)
    bottom = row * ROW + 2 + HEIGHT
    label = _("{share} %", share=chance.short)
    label_x = _clear_of(taken, begin, end, _text_width(label))
    return ChanceBar(
        x=begin,
        width=round(end - begin, 1),
        y=round(bottom - sure, 1),
        height=round(sure, 1),
        maybe_y=round(bottom - most, 1),
        maybe_height=round(most - sure, 1),
        label=label if label_x is not None else "",
        label_x=begin if label_x is None else label_x,
    )


def _clear_of(taken: Sequence[float], begin: float, end: float, width: float) -> float | None:
    """The middle of a text between two places that covers no mark; ``None`` without room."""
    room = width / 2 + 3
    spots = ((begin + end) / 2, begin + room, end - room)
    for spot in spots if 2 * room <= end - begin else ():
        if all(abs(spot - x) > room + MARK for x in taken):
            return round(spot, 1)
    return None


def _mark(due: TermEnd, row: int, scale: Axis) -> Mark:
    is_beyond = (due.on - scale.today).days > AHEAD_DAYS
    x = min(max(scale.x(due.on), 4.0), scale.width - 5.0)
    return Mark(due.kind, x, row * ROW + 2, due_text(due), is_beyond)
