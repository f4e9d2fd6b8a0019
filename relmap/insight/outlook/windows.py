"""Histories cut into windows of a twelfth of a year, counted back from the day of the forecast.

No part months: window ``k`` is the time (day - (k+1)·365/12, day - k·365/12]. Twelve windows are
a year, so ``k mod 12`` is the phase of the year and ``k mod 24`` that of a two-year cycle. One
trial per tenure in post at a window's start, which fails if the end lies in the window: many leave
on one day, and a rate per time exposed would be biased by that.
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

__all__ = ["AGE_CELLS", "MONTH", "UNKNOWN_AGE", "Holders", "Past", "Trials", "holders", "past"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MONTH: Final = 365 / 12
"""The length of a window in days."""
OLDEST_WINDOW: Final = 360
OLDEST_AGE: Final = 84
LONG_SEEN: Final = 48
UNKNOWN_AGE: Final = OLDEST_AGE + 1
"""The cell of those whose start is unknown and who were seen for less than four years."""
AGE_CELLS: Final = OLDEST_AGE + 2
NEVER: Final = np.iinfo(np.int64).max // 2


@dataclass(frozen=True)
class Past:
    """The spells that began by ``day`` (an ordinal) as columns; an end after it reads never."""

    day: int
    start: Ints
    end: Ints
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
        return self.day - to_days(np.arange(count + 1))

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

    def before(self, window: int) -> slice:
        """The rows of the windows from ``window`` back."""
        return slice(int(np.searchsorted(self.window, window)), len(self.window))


@dataclass(frozen=True)
class Holders:
    """Those in post on a day, with their age cell in each coming window (people × windows)."""

    spell: Ints
    age: Ints
    acting: NDArray[np.bool_]


def to_days(windows: Ints) -> Ints:
    """So many windows in whole days, halves up: in whole numbers, so that 12 more are 365 more."""
    result: Ints = (730 * windows + 12) // 24
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
        known=np.array([spell.start_known for spell in seen], dtype=bool),
        confirmed=np.array([_confirmed(spell, day) for spell in seen], dtype=np.int64),
        title=title,
        unit=unit,
        post=post,
        title_count=title_count,
        unit_count=unit_count,
        post_count=post_count,
    )


def _confirmed(spell: Spell, day: date) -> int:
    if not spell.acting:
        return 0
    return NEVER if spell.is_acting(day) else (spell.confirmed_on or day).toordinal()


def _numbered(keys: Iterable[Hashable]) -> tuple[Ints, int]:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64), len(
        numbers
    )


def holders(table: Past, day: int, *, windows: int) -> Holders:
    """Those in post on ``day`` (an ordinal): start <= day < end, and their ages from then on."""
    spell = np.flatnonzero((table.start <= day) & (day < table.end))
    forward = day + to_days(np.arange(windows))
    days = forward[None, :] - table.start[spell][:, None]
    known = np.broadcast_to(table.known[spell][:, None], days.shape)
    return Holders(spell, ages(days, known), day < table.confirmed[spell])
