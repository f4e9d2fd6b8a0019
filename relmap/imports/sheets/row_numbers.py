"""A column of ids that only counts the rows: the next list gives the same number to others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from relmap.contracts import Message
from relmap.contracts.message import N_
from relmap.imports.sheets.columns import Columns
from relmap.imports.sheets.table import Table

__all__ = ["counts_rows", "set_row_numbers_apart"]

MEANT_AS_IDS: Final = N_(
    "{heading} holds 1, 2, 3 …: they were taken as people's ids. If they only count the rows, "
    "leave the column out."
)


def set_row_numbers_apart(table: Table, columns: Columns) -> tuple[Columns, tuple[Message, ...]]:
    """The columns with row numbers as ``row_number`` in place of ``external_id``, and a note.

    Within the file such a number still says who reports to whom. A column that was mapped, is
    headed by our own word or by one for staff numbers (a small firm counts its staff) was meant to
    be ids: it is kept, and whether to believe them is asked where they contradict the names
    (``identity/belief``).
    """
    meant, place = _meant_as_ids(table, columns), columns.places.get("external_id")
    if place is None or "external_id" in columns.certain or not _counts(table, place):
        return columns, meant
    heading = columns.headings["external_id"]
    note = Message("{heading} counts the rows: its numbers are nobody's ids.", {"heading": heading})
    places, headings = dict(columns.places), dict(columns.headings)
    places["row_number"] = places.pop("external_id")
    headings["row_number"] = headings.pop("external_id")
    return replace(columns, places=places, headings=headings), (*meant, note)


def _meant_as_ids(table: Table, columns: Columns) -> tuple[Message, ...]:
    fields = ["staff_number", *(["external_id"] if "external_id" in columns.certain else [])]
    return tuple(
        Message(MEANT_AS_IDS, {"heading": columns.headings[field]})
        for field in fields
        if field in columns.places and _counts(table, columns.places[field])
    )


def _counts(table: Table, place: int) -> bool:
    return counts_rows([cells[place] for _, cells in table.records])


def counts_rows(cells: Sequence[str]) -> bool:
    """Whether these are 1, 2, 3 ... in whatever order, or begin anew with each part of the list.

    So do 10, 20, 30 ..., of three rows or more.

    >>> counts_rows(["1", "2", "3"]), counts_rows(["1", "2", "1"]), counts_rows(["7", "9"])
    (True, True, False)
    """
    written = [cell.strip().rstrip(".、)") for cell in cells if cell.strip()]
    if not written or not all(cell.isascii() and cell.isdecimal() for cell in written):
        return False
    numbers = [int(cell) for cell in written]
    first = min(numbers)
    if first in (0, 1) and sorted(numbers) == list(range(first, first + len(numbers))):
        return True
    if (
        first > 1
        and len(numbers) > 2
        and numbers == [first * n for n in range(1, len(numbers) + 1)]
    ):
        return True
    steps = list(pairwise(numbers))
    return numbers[0] == 1 and all(after in (before + 1, 1) for before, after in steps)
