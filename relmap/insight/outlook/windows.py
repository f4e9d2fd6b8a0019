"""Histories cut into windows of a month, counted by the calendar from the day of the forecast.

No part months: window ``k`` ends ``k`` months before the day, that day included, and begins a month
before that. Twelve windows are a year, leap or not, so ``k mod 12`` is the phase of the year and
``k mod 24`` that of a two-year cycle, and what happens on one day of each year lies in one phase.
One trial per tenure in post at a window's start, which fails if the end lies in the window: many
leave on one day, and a rate per time exposed would be biased by that.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from relmap.insight.outlook.histories import Spell

__all__ = [
    "AGE_CELLS",
    "MONTH",
    "UNKNOWN_AGE",
    "Coming",
    "Holders",
    "Past",
    "Trials",
    "coming",
    "holders",
    "past",
]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MONTH: Final = 365 / 12
"""The mean length of a window in days."""
OLDEST_WINDOW: Final = 360
OLDEST_AGE: Final = 84
LONG_SEEN: Final = 48
UNKNOWN_AGE: Final = OLDEST_AGE + 1
"""The cell of those whose start is unknown and who were seen for less than four years."""
AGE_CELLS: Final = OLDEST_AGE + 2
PRIOR_PLACES: Final = 2.0
"""Ends that may lie anywhere in a window, beside those seen in it."""
NEVER: Final = np.iinfo(np.int64).max // 2
EPOCH: Final = date(1970, 1, 1).toordinal()
LONGEST_MONTH: Final = 31


@dataclass(frozen=True)
class Past:
    """The spells that began by ``day`` (an ordinal) as columns; an end after it reads never.

    ``looked`` is the last day before the end on which it could not be seen yet: that of the list
    before it, or the day before where the end is known to the day.
    """

    day: int
    start: Ints
    end: Ints
    looked: Ints
    known: NDArray[np.bool_]
    confirmed: Ints  # the day from which the holder is not acting
    title: Ints
    unit: Ints
    post: Ints
    title_count: int
    unit_count: int
    post_count: int

    @property
    def size(self) -> int:
        """The number of tenures seen."""
        return len(self.start)

    @cached_property
    def boundaries(self) -> Ints:
        """The days at which windows start, from ``day`` back, as far as the list reaches."""
        reach = self.day - int(self.start.min()) if self.size else 0
        count = min(int(reach / MONTH) + 2, OLDEST_WINDOW)
        return edges(self.day, np.arange(count + 1))

    def seen_from(self, day: int) -> int:
        """The first day from which somebody's leaving could be seen, as of ``day`` (an ordinal).

        A list of those in post with the days on which they began has nobody who left before it was
        made: counted from those days, nobody ever leaves (left truncation: Cox and Oakes, *Analysis
        of Survival Data*, 1984, section 11.2). So it is the last start before any end could be
        seen: who began until then sits where somebody left without being on record.
        """
        looked = int(self.looked[self.end <= day].min(initial=day))
        begun = self.start[self.start <= looked]
        return int(begun.max(initial=0)) or looked

    def watched(self, first: int) -> slice:
        """The windows from ``first`` back in which leaving could be seen, as of then."""
        since = self.seen_from(int(self.boundaries[first]))
        oldest = np.searchsorted(-self.boundaries, -since, side="right")
        return slice(first, max(first, int(oldest)))

    @cached_property
    def ended(self) -> tuple[Ints, Ints]:
        """The windows of all ends seen, and where in their window these lie (see ``places``)."""
        trials = self.trials
        window = trials.window[trials.left]
        return window, places(self.end[trials.spell[trials.left]], self.day, -(window + 1))

    @cached_property
    def trials(self) -> Trials:
        """Every window in which somebody sat at its start, the newest window first."""
        edges = self.boundaries[:0:-1]  # starts of windows, the oldest first
        last = len(edges) - 1
        oldest = last - np.searchsorted(edges, self.start, side="left")
        newest = last - (np.searchsorted(edges, self.end, side="left") - 1)
        count = np.maximum(oldest - newest + 1, 0)
        spell = np.repeat(np.arange(self.size), count)
        first = np.repeat(np.cumsum(count) - count, count)
        window = newest[spell] + np.arange(len(spell)) - first
        left = (window == newest[spell]) & (self.end[spell] <= self.day)
        order = np.argsort(window, kind="stable")
        spell, window, left = spell[order], window[order], left[order]
        age = ages(self.boundaries[window + 1] - self.start[spell], self.known[spell])
        acting = self.boundaries[window + 1] < self.confirmed[spell]
        return Trials(spell, window, age, acting, left)


@dataclass(frozen=True)
class Trials:
    """One row per tenure and window: its age cell and whether the tenure ended in the window."""

    spell: Ints
    window: Ints
    age: Ints
    acting: NDArray[np.bool_]
    left: NDArray[np.bool_]

    def within(self, windows: slice) -> slice:
        """The rows of some windows, from the newest back."""
        newest, oldest = np.searchsorted(self.window, (windows.start, windows.stop))
        return slice(int(newest), int(oldest))


@dataclass(frozen=True)
class Holders:
    """Those in post on a day, with their age cell in each coming window (people × windows)."""

    spell: Ints
    age: Ints
    acting: NDArray[np.bool_]


@dataclass(frozen=True)
class Coming:
    """The windows ahead of a day, until the last horizon is reached.

    ``shares`` (horizons × windows) is the part of each window that lies within each horizon.
    """

    day: int
    days: tuple[int, ...]
    edges: Ints
    shares: Floats

    @property
    def count(self) -> int:
        """How many windows."""
        return len(self.edges) - 1

    def by_place(self, ended: tuple[Ints, Ints], first: int) -> Floats:
        """The shares by where in its window people left before, in that month of each year.

        A horizon that ends within a window cuts off a part of it, and which part of the leavers
        that is hangs on the day: terms end on the first of a month. The ends seen say so, beside
        ``PRIOR_PLACES`` that may lie anywhere in the window. ``ended`` as in ``Past.ended``, as of
        ``first`` windows ago.
        """
        window, place = ended
        result = self.shares.copy()
        for row, column in zip(*np.nonzero((self.shares > 0) & (self.shares < 1)), strict=True):
            alike = (window >= first) & ((window - first + 1 + column) % 12 == 0)
            until = self.day + self.days[row]
            within = place[alike] <= places(np.array([until]), self.day, np.array([column]))
            seen = float(within.sum()) + PRIOR_PLACES * self.shares[row, column]
            result[row, column] = seen / (len(within) + PRIOR_PLACES)
        return result


def coming(day: int, days: tuple[int, ...]) -> Coming:
    """The windows from ``day`` (an ordinal) on."""
    reached = edges(day, -np.arange(int(max(days) / MONTH) + 3))
    reached = reached[: int(np.searchsorted(reached, day + max(days))) + 1]
    length = np.diff(reached)
    into = day + np.asarray(days)[:, None] - reached[None, :-1]
    return Coming(day, days, reached, np.clip(into / length, 0, 1))


def edges(day: int, months: Ints) -> Ints:
    """The same day so many months before; the last of its month where that is shorter."""
    month, number = _month_and_day(np.array([day]))
    first, after = (_first_day(month - months + more) for more in (0, 1))
    result: Ints = first + np.minimum(number, after - first) - 1
    return result


def places(days: Ints, day: int, months: Ints) -> Ints:
    """Where days lie in the windows that begin so many months after ``day``: by the calendar.

    The months since then times 31, and the day of the month: alike in leap years and others.
    """
    month, number = _month_and_day(days)
    begun, _ = _month_and_day(np.array([day]))
    result: Ints = (month - begun - months) * LONGEST_MONTH + number
    return result


def _month_and_day(days: Ints) -> tuple[Ints, Ints]:
    """Months since 1970, and the day of the month."""
    month = (days - EPOCH).astype("M8[D]").astype("M8[M]").astype(np.int64)
    return month, days - _first_day(month) + 1


def _first_day(month: Ints) -> Ints:
    result: Ints = month.astype("M8[M]").astype("M8[D]").astype(np.int64) + EPOCH
    return result


def ages(days: Ints, known: NDArray[np.bool_]) -> Ints:
    """The age cell of so many days in post: whole months to 84, or the cell of unknown age."""
    months = np.minimum(np.rint(days / MONTH), OLDEST_AGE).astype(np.int64)
    return np.where(known | (months >= LONG_SEEN), months, UNKNOWN_AGE)


def past(spells: Sequence[Spell], day: date) -> Past:
    """The columns of what was true by ``day``."""
    seen = [spell for spell in spells if spell.starts_on <= day]
    ordinal = day.toordinal()
    ends = [spell.ends_on.toordinal() if spell.ends_on else NEVER for spell in seen]
    end = np.array(ends, dtype=np.int64)
    title, title_count = _numbered(spell.title.casefold() for spell in seen)
    unit, unit_count = _numbered(spell.unit for spell in seen)
    post, post_count = _numbered(spell.post for spell in seen)
    return Past(
        day=ordinal,
        start=np.array([spell.starts_on.toordinal() for spell in seen], dtype=np.int64),
        end=np.where(end > ordinal, NEVER, end),
        looked=np.array([_looked(spell) for spell in seen], dtype=np.int64),
        known=np.array([spell.start_known for spell in seen], dtype=bool),
        confirmed=np.array([_confirmed(spell, day) for spell in seen], dtype=np.int64),
        title=title,
        unit=unit,
        post=post,
        title_count=title_count,
        unit_count=unit_count,
        post_count=post_count,
    )


def _looked(spell: Spell) -> int:
    if spell.ends_on is None:
        return NEVER
    return spell.ends_after.toordinal() if spell.ends_after else spell.ends_on.toordinal() - 1


def _confirmed(spell: Spell, day: date) -> int:
    if not spell.acting:
        return 0
    return NEVER if spell.is_acting(day) else (spell.confirmed_on or day).toordinal()


def _numbered(keys: Iterable[Hashable]) -> tuple[Ints, int]:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64), len(
        numbers
    )


def holders(table: Past, ahead: Coming) -> Holders:
    """Those in post on the day: start <= day < end, and their ages from then on."""
    spell = np.flatnonzero((table.start <= ahead.day) & (ahead.day < table.end))
    days = ahead.edges[None, :-1] - table.start[spell][:, None]
    known = np.broadcast_to(table.known[spell][:, None], days.shape)
    return Holders(spell, ages(days, known), ahead.day < table.confirmed[spell])
