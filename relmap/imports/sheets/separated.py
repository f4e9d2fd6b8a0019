"""A text whose cells are parted by commas, semicolons, tabs or bars, as lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from relmap.contracts.message import N_
from relmap.errors import Refused
from relmap.imports.sheets.layout.header import KnownHeadings, header_place
from relmap.imports.sheets.layout.limits import too_long
from relmap.imports.sheets.table import Record

__all__ = ["read_lines"]

_SEPARATORS: Final = (",", ";", "\t", "|")
_DECLARED_SEPARATOR: Final = re.compile('"?sep=([,;\t|])"?[,;\t|]*\r?\n', re.IGNORECASE)
_BLANK: Final = ' \t\r\n,;|"'
_SNIFFED_RECORDS: Final = 50


def read_lines(text: str, headings: KnownHeadings | None) -> Iterator[Record]:
    """The records of a text that are not blank; ``Refused`` with its row where a quote is wrong."""
    if not text.strip(_BLANK):
        return
    separator, skipped_lines, text = _declared_separator(text)
    if not separator:
        separator = _likeliest_separator(text, headings)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        row = reader.line_num + 1 + skipped_lines
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _refusal_of_quotes(error, text, separator, row, row - skipped_lines) from error
        if any(cell.strip() for cell in cells):
            yield row, tuple(cells)


def _refusal_of_long_cell(row: int, line: str, separator: str, header: str) -> Refused:
    """The refusal for a cell that is longer than the csv module reads at all."""
    cells = line.split(separator)
    place = max(range(len(cells)), key=lambda number: len(cells[number]))
    headings = header.split(separator) if row > 1 else []
    column = headings[place].strip()[:80] if place < len(headings) else None
    return too_long(row, len(cells[place]), column)


def _declared_separator(text: str) -> tuple[str, int, str]:
    """Excel's own first line ``sep=;``: the separator, how many lines it took, and the rest."""
    if declared := _DECLARED_SEPARATOR.match(text):
        return declared[1], 1, text[declared.end() :]
    return "", 0, text


def _likeliest_separator(text: str, headings: KnownHeadings | None) -> str:
    """The separator under which most headings are known, records agree, and split the most.

    A tab behind each cell is padding: where it parted the cells, they would begin with commas.
    """

    def likelihood(separator: str) -> tuple[bool, bool, int, bool, int]:
        lines = _first_lines(text, separator)
        place = header_place(lines, headings) if headings else 0
        if place is None:  # none is known: the widest line may yet be it
            place = max(range(len(lines)), key=lambda number: len(lines[number][1]))
        header = lines[place][1]
        others = "".join(one for one in _SEPARATORS if one not in (separator, "\t"))
        is_glued = any(cell.strip()[:1] in others for cell in header if cell.strip())
        weight = 0 if headings is None else headings.weight(header, is_first=True)
        widths = {len(cells) for _, cells in lines[place:]}
        return len(header) > 1, not is_glued, weight, len(widths) == 1, len(header)

    return max(_SEPARATORS, key=likelihood)


def _first_lines(text: str, separator: str) -> list[Record]:
    lines: list[Record] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if any(cell.strip() for cell in cells):
                lines.append((len(lines) + 1, tuple(cells)))
            if len(lines) == _SNIFFED_RECORDS:
                break
    except csv.Error:
        pass  # the reading proper says what is wrong, and where
    return lines or [(1, ("",))]


def _refusal_of_quotes(error: csv.Error, text: str, separator: str, row: int, line: int) -> Refused:
    """The refusal for a record that begins on ``row`` and cannot be told apart by its quotes."""
    lines = io.StringIO(text, newline="").readlines()
    try:
        header = next(csv.reader(lines[:1], delimiter=separator), [])
        cells = next(csv.reader(lines[line - 1 : line], delimiter=separator), [])
    except csv.Error:  # no quote runs on over lines: one line alone is more than the module takes
        return _refusal_of_long_cell(row, lines[line - 1], separator, lines[0])
    column = header[len(cells) - 1].strip() if 0 < len(cells) <= len(header) and line > 1 else None
    if "unexpected end" in str(error) or "field larger" in str(error):
        text = N_(
            "A quote opened in row {row} is never closed. A quote inside a quoted cell is written "
            "twice."
        )
    else:
        column = None
        text = N_(
            "Row {row} has text right after a closing quote. A quote inside a quoted cell is "
            "written twice."
        )
    return Refused(text, row=row, column=column)
