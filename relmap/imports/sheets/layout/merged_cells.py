"""Merged cells: each of their rows has the value, which is said."""

from __future__ import annotations

from relmap.contracts import Message
from relmap.imports.sheets.layout.header_row import HeaderRow
from relmap.imports.sheets.table import Page, Remark, row_ranges

__all__ = ["merged_with_above", "remarks_on_merged"]


def merged_with_above(page: Page, place: int | None) -> set[int]:
    """The rows whose cell in this column is one with that of the row above."""
    spans = ((first, last) for merged, first, last in page.filled if merged == place)
    return {row for first, last in spans for row in range(first + 1, last + 1)}


def remarks_on_merged(page: Page, header: HeaderRow) -> list[Remark]:
    """The merged cells among the records."""
    rows: dict[int, set[int]] = {}
    for place, first, last in page.filled:
        if place < len(header.texts) and first > header.row:
            rows.setdefault(place, set()).update(range(first, last + 1))
    return [
        Remark(
            Message(
                "Merged cells of {heading}: each of their rows has the value: row {rows}.",
                {"heading": header.texts[place] or place + 1, "rows": row_ranges(found)},
            ),
            min(found),
            "guess",
            tuple(sorted(found)),
            page.name,
        )
        for place, found in sorted(rows.items())
    ]
