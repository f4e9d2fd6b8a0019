"""Several sheets with the same list as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from relmap.contracts import Message
from relmap.imports.sheets.layout.asides import looks_like_unit, unit_named
from relmap.imports.sheets.layout.header import UNIT, KnownHeadings
from relmap.imports.sheets.table import Page, Part, Record, Remark, Table
from relmap.names.folding import letters

__all__ = ["joined"]


def joined(tables: Sequence[Table], headings: KnownHeadings | None, pages: Sequence[Page]) -> Table:
    """Sheets with the same list as one table.

    Rows of the first keep their numbers, those of each other sheet count from a round number.
    """
    assert headings is not None
    tables = _with_units_of_sheets(tables, headings)
    header = list(tables[0].header)
    orders = [_order_in(header, table.header, headings) for table in tables]
    step = 10 ** len(str(max(row for page in pages for row, _ in page.lines)))
    records: list[Record] = []
    remarks: list[Remark] = []
    parts: list[Part] = []
    for number, (table, order) in enumerate(zip(tables, orders, strict=True)):
        first = number * step
        for row, cells in table.records:
            values = (*cells, "")  # the last for a column that the sheet does not have
            full = tuple(values[place] for place in order) + ("",) * (len(header) - len(order))
            records.append((row + first, full))
        parts.append(replace(table.parts[0], first=first))
        remarks.append(_joining(parts[-1]))
        remarks += [_shifted(table, remark, first) for remark in table.remarks]
    repeats = (
        row + part.first for table, part in zip(tables, parts, strict=True) for row in table.repeats
    )
    return Table(
        tables[0].name,
        tuple(header),
        tuple(records),
        tables[0].header_row,
        tuple(remarks),
        tuple(_of_sheet(one, question) for one in tables for question in one.questions),
        tuple(parts),
        frozenset(repeats),
    )


def _order_in(header: list[str], own: Sequence[str], headings: KnownHeadings) -> list[int]:
    """Where each column of the joint header stands in a sheet; unknown ones join the header."""
    order = [-1] * len(header)
    rest = []
    keys = [letters(heading) or heading for heading in header]
    for place, heading in enumerate(own):
        key = letters(heading) or heading
        if key in keys and order[keys.index(key)] < 0:
            order[keys.index(key)] = place
        else:
            rest.append(place)
    for place in rest:
        fields = headings.fields(own[place])
        like = [n for n, other in enumerate(header) if headings.fields(other) & fields]
        free = [n for n in like if order[n] < 0]
        if free:
            order[free[0]] = place
        else:
            header.append(own[place])
            order.append(place)
    return order


def _with_units_of_sheets(tables: Sequence[Table], headings: KnownHeadings) -> Sequence[Table]:
    """A sheet without a column of units is one where its name is like a unit's."""
    lacking = [
        table for table in tables if not any(UNIT in headings.fields(cell) for cell in table.header)
    ]
    if not headings.has_units or not all(looks_like_unit(_name(table)) for table in lacking):
        return tables
    return [_with_unit(table) if table in lacking else table for table in tables]


def _name(table: Table) -> str:
    return table.parts[0].sheet or ""


def _with_unit(table: Table) -> Table:
    name = _name(table)
    message = Message(
        "no column names the unit; its people are taken to be in {unit}.",
        {"unit": unit_named(name)},
    )
    return replace(
        table,
        header=(*table.header, UNIT),
        records=tuple((row, (*cells, unit_named(name))) for row, cells in table.records),
        remarks=(*table.remarks, Remark(message, sheet=name)),
    )


def _joining(part: Part) -> Remark:
    values = {"sheet": part.sheet, "number": part.record_count}
    return Remark(Message("Sheet {sheet} was read (rows: {number}).", values), sheet=part.sheet)


def _shifted(table: Table, remark: Remark, first: int) -> Remark:
    row = None if remark.row is None else remark.row + first
    return replace(remark, message=_of_sheet(table, remark.message), row=row)


def _of_sheet(table: Table, note: Message) -> Message:
    return Message("Sheet {sheet}: {note}", {"sheet": table.parts[0].sheet, "note": note})
