"""Columns without a heading: those that count the rows are left out, others must be blank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from relmap.contracts import Message
from relmap.errors import Refused
from relmap.imports.sheets.table import Remark, Table

__all__ = ["with_columns", "without_counted_rows", "without_heading", "without_nameless_columns"]


def without_heading(row: int, cell: str, place: int) -> Refused:
    """The refusal of a value in a column that has no heading."""
    return Refused(
        "Row {row} has {cell!r} in column {place}, which has no heading. Name the "
        "column in the first row.",
        row=row,
        cell=cell[:40],
        place=place + 1,
    )


def without_nameless_columns(table: Table) -> Table:
    """The table without columns that have no heading; ``Refused`` where one holds a value."""
    nameless = [place for place, heading in enumerate(table.header) if not heading]
    if not nameless:
        return table
    for row, cells in table.records:
        for place in nameless:
            if cells[place].strip():
                raise without_heading(row, cells[place], place)
    return with_columns(table, [n for n, heading in enumerate(table.header) if heading])


def without_counted_rows(table: Table) -> Table:
    """The table without a column that has no heading and only counts the rows."""
    counted = {
        place
        for place, heading in enumerate(table.header)
        if not heading
        and any(cells[place].strip() for _, cells in table.records)
        and all(
            cells[place].strip().isdigit() or not cells[place].strip() for _, cells in table.records
        )
    }
    if not counted:
        return table
    message = Message(
        "Column {places} has no heading and only numbers: it was not read.",
        {"places": [place + 1 for place in sorted(counted)]},
    )
    remark = Remark(message, kind="left_out", sheet=table.parts[0].sheet)
    rest = [place for place in range(len(table.header)) if place not in counted]
    return with_columns(replace(table, remarks=(*table.remarks, remark)), rest)


def with_columns(table: Table, places: Sequence[int]) -> Table:
    """The table with these columns only, in this order."""
    return replace(
        table,
        header=tuple(table.header[place] for place in places),
        records=tuple(
            (row, tuple(cells[place] for place in places)) for row, cells in table.records
        ),
    )
