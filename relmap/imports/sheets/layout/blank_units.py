"""Whose are rows that name no unit, below one that does: of that unit, or of the account itself.

Who types a list by hand often writes a department once; merged cells become blanks in a CSV file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from relmap.contracts import Message
from relmap.imports.sheets.layout.header import KnownHeadings
from relmap.imports.sheets.table import Reading, Record, Remark, Table, row_ranges
from relmap.imports.sheets.unit_paths import LEVELS

__all__ = ["with_units_above"]


def with_units_above(table: Table, headings: KnownHeadings, reading: Reading) -> Table:
    """The table with blank units filled in or left, as somebody said, else with the question.

    It is one only where each unit is written once, at the head of its people.
    """
    place = _place_of_unit(table, headings)
    if place is None:
        return table
    units = [cells[place].strip() for _, cells in table.records]
    above = _places_above(table, headings)
    rows = [
        row
        for row, cells in table.records
        if not any(cells[one].strip() for one in (place, *above))
    ]
    if not rows or not any(units):
        return table
    are_written_once = not above and _are_written_once(units)
    values = {"rows": row_ranges(rows), "heading": table.header[place], "file": table.name}
    if reading.blank_unit == "above" and are_written_once:
        message = Message("Row {rows}: {heading} is blank and was taken from above.", values)
        return replace(
            table,
            records=_filled(table.records, place),
            remarks=(*table.remarks, _remark(message, rows, table)),
        )
    message = Message("Row {rows}: {heading} is blank, so they are of the account itself.", values)
    table = replace(table, remarks=(*table.remarks, _remark(message, rows, table)))
    if (
        reading.blank_unit
        or not are_written_once
        or len(rows) < len(units) - len(rows)
        or len(units) - len(rows) < 2
    ):
        return table
    question = Message(
        "{file} names no unit in row {rows}. They may be of the unit above: --blank-unit above. "
        "--blank-unit account takes them as people of the account itself, as applying this does.",
        values,
    )
    return replace(table, questions=(*table.questions, question))


def _place_of_unit(table: Table, headings: KnownHeadings) -> int | None:
    if not headings.has_units:
        return None
    fields = [headings.fields(heading) for heading in table.header]
    return next((place for place, found in enumerate(fields) if "unit" in found), None)


def _places_above(table: Table, headings: KnownHeadings) -> list[int]:
    """Columns of what stands above the unit: whoever has one of these is of that one."""
    fields = [headings.fields(heading) for heading in table.header]
    return [place for place, found in enumerate(fields) if found & {"parent_unit", *LEVELS}]


def _are_written_once(units: Sequence[str]) -> bool:
    named = [unit for unit in units if unit]
    return bool(units[0]) and len(set(named)) == len(named)


def _filled(records: Sequence[Record], place: int) -> tuple[Record, ...]:
    unit = ""
    filled = []
    for row, cells in records:
        unit = cells[place] if cells[place].strip() else unit
        filled.append((row, (*cells[:place], unit, *cells[place + 1 :])))
    return tuple(filled)


def _remark(message: Message, rows: Sequence[int], table: Table) -> Remark:
    return Remark(message, rows[0], "guess", tuple(rows), table.parts[0].sheet)
