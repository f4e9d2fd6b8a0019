"""The table that stands in the sheets of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from relmap.errors import Refused
from relmap.imports.sheets.layout.blank_units import with_units_above
from relmap.imports.sheets.layout.columns_without_heading import (
    without_counted_rows,
    without_nameless_columns,
)
from relmap.imports.sheets.layout.header import KnownHeadings
from relmap.imports.sheets.layout.header_row import HeaderRow
from relmap.imports.sheets.layout.hidden import without_hidden
from relmap.imports.sheets.layout.joined_sheets import joined
from relmap.imports.sheets.layout.lines import Lines
from relmap.imports.sheets.layout.sheet_choice import ListSheet, choose_sheets
from relmap.imports.sheets.table import Page, Part, Reading, Table

__all__ = ["find_table"]


def find_table(
    pages: Sequence[Page],
    *,
    name: str,
    headings: KnownHeadings | None,
    reading: Reading,
    max_rows: int,
) -> Table:
    """The table in the sheets of a file; without ``headings`` the first line names the columns.

    ``Refused`` with row and column where it is broken.
    """
    found, remarks = choose_sheets(pages, name=name, headings=headings, reading=reading)
    tables = []
    for one in found:
        try:
            tables.append(_table(one, name, headings, reading))
        except Refused as refused:
            raise _in_sheet(refused, one.page) if len(found) > 1 else refused from refused
    table = tables[0] if len(tables) == 1 else joined(tables, headings, pages)
    if len(table.records) > max_rows:
        raise Refused(
            "{name} has more than the {most_count} rows that are read at once. Split it.",
            row=table.records[max_rows][0],
            name=name,
            most_count=max_rows,
        )
    return replace(table, remarks=(*table.remarks, *remarks))


def _in_sheet(refused: Refused, page: Page) -> Refused:
    return Refused(
        "Sheet {sheet}: {problem}",
        row=refused.row,
        column=refused.column,
        sheet=page.name,
        problem=refused.message,
    )


def _table(found: ListSheet, name: str, headings: KnownHeadings | None, reading: Reading) -> Table:
    page, place = found.page, found.place
    header_row, first = page.lines[place]
    header = HeaderRow(header_row, first, headings)
    lines = Lines(page, header)
    lines.above(page.lines[:place])
    for row, cells in page.lines[place + 1 :]:
        lines.take(row, cells)
    part = Part(page.name, header_row, len(lines.records))
    remarks = tuple(lines.remarks())
    table = Table(
        name,
        lines.full_header,
        tuple(lines.records),
        header_row,
        remarks,
        parts=(part,),
        repeats=lines.repeats,
        titles=tuple(" ".join(filter(None, cells)) for _, cells in page.lines[:place]),
    )
    if headings is not None:
        table = replace(table, questions=lines.errors.questions(name))
        table = without_hidden(table, page, headings, reading, range(len(header.texts)))
        table = with_units_above(table, headings, reading)
        table = without_counted_rows(table)
    return without_nameless_columns(table)
