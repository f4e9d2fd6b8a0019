"""The sheets of workbooks of any kind: merged cells filled, blanks taken off, what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from relmap.errors import Refused
from relmap.imports.sheets.table import Page, Record

__all__ = ["MAX_COLUMNS", "Span", "damaged", "filled_down", "page_of", "with_password"]

MAX_COLUMNS: Final = 1_000
_BANNER: Final = 2
"""So many columns at least lie below a cell that is the heading of a group of rows."""

Span = tuple[int, int, int, int]
"""First and last row (from 1), first and last column (from 0) of merged cells."""


def page_of(
    title: str,
    lines: Iterable[tuple[int, list[str]]],
    *,
    merged: Iterable[Span],
    max_rows: int,
    is_hidden: bool,
    hidden_rows: frozenset[int],
    hidden_columns: frozenset[int],
) -> Page:
    """A sheet with its merged cells filled down; blank lines and cells at the end are left out."""
    filled: list[tuple[int, int, int]] = []
    banners = frozenset(
        first
        for first, last, left, right in merged
        if first == last and right - left + 1 >= _BANNER
    )
    records: list[Record] = []
    for row, cells in filled_down(lines, merged, filled):
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise Refused(
                "Row {row} has more than {most_count} columns.", row=row, most_count=MAX_COLUMNS
            )
        if cells:
            records.append((row, tuple(cells)))
        if len(records) > max_rows + 100:
            break  # enough for the reader of the table to refuse
    return Page(
        title,
        tuple(records),
        is_padded=True,
        is_hidden=is_hidden,
        hidden_rows=hidden_rows,
        hidden_columns=hidden_columns,
        filled=tuple(filled),
        banners=banners,
    )


def filled_down(
    lines: Iterable[tuple[int, list[str]]],
    merged: Iterable[Span],
    filled: list[tuple[int, int, int]],
) -> Iterator[tuple[int, list[str]]]:
    """Lines in which merged cells have their value in each of their rows; notes which."""
    starts: dict[int, list[Span]] = {}
    for span in merged:
        if span[1] > span[0]:
            starts.setdefault(span[0], []).append(span)
    running: dict[int, tuple[int, str]] = {}
    for row, cells in lines:
        for place, (last, value) in list(running.items()):
            if row > last:
                del running[place]
            else:
                cells.extend([""] * (place + 1 - len(cells)))
                cells[place] = value
        for _, last, place, _ in starts.get(row, ()):
            if place < len(cells) and cells[place].strip():
                running[place] = (last, cells[place])
                filled.append((place, row, last))
        yield row, cells


def with_password(name: str) -> Refused:
    """The refusal of a workbook that has a password."""
    return Refused(
        "{name} has a password. Open it, save a copy without the password, and import that.",
        name=name,
    )


def damaged(name: str) -> Refused:
    """The refusal of a workbook that cannot be read."""
    return Refused(
        "{name} is a damaged Excel file. Open it and save it again, or save it as CSV.", name=name
    )
