"""When something began or ended, as far as a list can tell."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from relmap.imports.facts_on_file import StoredTenure
from relmap.imports.plan import Interval
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow
from relmap.names.days import DayRange

__all__ = [
    "corrected_start",
    "end_between",
    "given_start",
    "is_disjoint",
    "note_of_start",
    "written",
]


def written(cell: DayRange | Interval) -> str:
    """A day as well as it is known: 2026-07-01, 2026-07 or 2026."""
    return cell.on.isoformat()[: {"day": 10, "month": 7, "year": 4}[cell.precision]]


def given_start(row: SnapshotRow, *, covered_on: date | None, day: date) -> Interval | None:
    """The start that a row gives, where it can lie after the unit was last covered.

    ``None`` where it gives none, or one at or before ``covered_on``. After ``day`` it is announced.
    """
    cell = row.starts
    if cell is None:
        return None
    if cell.after >= day:
        return Interval(cell.after, cell.on, cell.precision)
    after = cell.after if covered_on is None else max(cell.after, covered_on)
    on = min(cell.on, day)
    if after >= on:
        return None
    is_whole = (after, on) == (cell.after, cell.on)
    return Interval(after, on, cell.precision if is_whole else "day")


def end_between(tenure: StoredTenure, after: date | None, on: date) -> Interval:
    """The end lies in (``after``, ``on``], and after the start."""
    if after is not None and after < tenure.starts_on < on:
        after = tenure.starts_on
    return Interval(after, on)


class Started(Protocol):
    """What has a start: a tenure as it is stored, or as a plan is handed it."""

    @property
    def starts_after(self) -> date | None:
        """The start lies after that day; ``None``: unknown."""

    @property
    def starts_on(self) -> date:
        """The start lies on or before that day."""

    @property
    def start_note(self) -> str | None:
        """A start that a file gave and that cannot hold."""


def note_of_start(cell: DayRange | None, start: Interval) -> str | None:
    """What to keep of a given start that lies before the interval."""
    return written(cell) if cell is not None and cell.on <= (start.after or date.min) else None


def corrected_start(tenure: Started, cell: DayRange, *, day: date) -> Interval | None:
    """The start of a known tenure as a file now gives it; ``None`` where that is nothing new."""
    if tenure.start_note == written(cell):
        return None  # told before, and found to lie before the day on which nobody was there
    if cell.after >= day:
        is_news = tenure.starts_on > day and tenure.starts_on != cell.on
        return Interval(cell.after, cell.on, cell.precision) if is_news else None
    on = min(cell.on, day)
    if tenure.starts_after is None:
        after, on = cell.after, min(on, tenure.starts_on) if cell.after < tenure.starts_on else on
    elif is_disjoint(tenure, cell):
        after = cell.after
    else:
        after, on = max(cell.after, tenure.starts_after), min(on, tenure.starts_on)
    if (after, on) == (tenure.starts_after, tenure.starts_on):
        return None
    is_whole = (after, on) == (cell.after, cell.on)
    return Interval(after, on, cell.precision if is_whole else "day")


def is_disjoint(tenure: Started, cell: DayRange) -> bool:
    """Whether the start on file and the one given cannot both be right."""
    if cell.after >= tenure.starts_on:
        return True
    return tenure.starts_after is not None and cell.on <= tenure.starts_after
