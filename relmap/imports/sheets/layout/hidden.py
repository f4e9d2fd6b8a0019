"""Hidden rows and columns, and rows crossed out: read or left out as was said, else asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from relmap.contracts import Message
from relmap.imports.sheets.layout.columns_without_heading import with_columns
from relmap.imports.sheets.layout.header import KnownHeadings
from relmap.imports.sheets.table import Page, Reading, Remark, Table, row_ranges

__all__ = ["without_hidden"]


def without_hidden(
    table: Table,
    page: Page,
    headings: KnownHeadings,
    reading: Reading,
    places: Sequence[int],
) -> Table:
    """The table with or without what is hidden, as somebody said, else with the question."""
    rows = [row for row, _ in table.records if row in page.hidden_rows]
    columns = [
        place
        for place in places
        if place in page.hidden_columns and headings.fields(table.header[place])
    ]
    if not (rows or columns):
        return table
    names = [table.header[place] for place in columns]
    told = []
    if rows:
        told.append(Message("row {rows}", {"rows": row_ranges(rows)}))
    if columns:
        told.append(Message("column {headings}", {"headings": names}))
    values = {"file": table.name, "what": told}
    if reading.hidden == "skip":
        message = Message("Hidden or crossed out in {file} and left out: {what}.", values)
        table = with_columns(
            replace(
                table, records=tuple(one for one in table.records if one[0] not in page.hidden_rows)
            ),
            [n for n in range(len(table.header)) if n not in columns],
        )
        part = replace(table.parts[0], record_count=len(table.records))
        table = replace(table, parts=(part,))
    else:
        message = Message("Hidden or crossed out in {file} and read: {what}.", values)
    questions = table.questions
    if reading.hidden is None:
        questions = (
            *questions,
            Message(
                "{file} hides or crosses out {what}. Whoever sent it may have meant to leave them "
                "out: --hidden skip does so. --hidden read takes them in, as applying this does.",
                values,
            ),
        )
    kind: Literal["guess", "left_out"] = "left_out" if reading.hidden == "skip" else "guess"
    remark = Remark(message, rows[0] if rows else None, kind, tuple(rows), page.name)
    return replace(table, remarks=(*table.remarks, remark), questions=questions)
