"""A file's bytes as a table: a header and records that know their line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from relmap.contracts import Message
from relmap.contracts.message import N_
from relmap.errors import Refused
from relmap.imports.sheets.charsets import decode
from relmap.imports.sheets.table import Record, Table

__all__ = ["MAX_BYTES", "MAX_CELL_LENGTH", "MAX_ROWS", "read_table"]

MAX_BYTES: Final = 20_000_000
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 1_000
MAX_CELL_LENGTH: Final = 10_000

_SEPARATORS: Final = (",", ";", "\t")
_DECLARED_SEPARATOR: Final = re.compile('"?sep=([,;\t])"?\r?\n', re.IGNORECASE)
_BLANK: Final = ' \t\r\n,;"'
_SNIFFED_RECORDS: Final = 50

_OTHER_KINDS: Final = (
    (b"\xd0\xcf\x11\xe0", N_("an old Excel file (.xls), or one with a password")),
    (b"%PDF", N_("a PDF")),
    (b"\x89PNG", N_("an image")),
    (b"\xff\xd8\xff", N_("an image")),
    (b"GIF8", N_("an image")),
    (b"{\\rtf", N_("an RTF document")),
    (b"\x1f\x8b", N_("a compressed file")),
    (b"7z\xbc\xaf", N_("a compressed file")),
    (b"Rar!", N_("a compressed file")),
    (b"BEGIN:VCARD", N_("a vCard file")),
    (b"BEGIN:VCALENDAR", N_("a calendar file")),
    (b"<", N_("a web page or XML")),
)


def read_table(
    data: bytes, *, name: str, max_bytes: int = MAX_BYTES, max_rows: int = MAX_ROWS
) -> Table:
    """Read a CSV file (comma, semicolon or tab) or an XLSX workbook.

    Blank lines and records are left out; the others keep the line on which they begin. ``Refused``
    with row and column if the file is no table, too large, or broken anywhere.
    """
    if len(data) > max_bytes:
        raise Refused(
            "{name} has {byte_count} bytes, more than the {most_count} that are read at once. "
            "Split it by account or leave out columns.",
            name=name,
            byte_count=len(data),
            most_count=max_bytes,
        )
    if not data.strip():
        raise Refused("{name} is empty. Export it again.", name=name)
    if data.startswith(b"PK"):
        from relmap.imports.sheets.workbooks import read_workbook  # openpyxl costs 0.2 s to import

        lines = read_workbook(data, name=name, max_rows=max_rows)
    else:
        _refuse_other_kinds(data, name)
        lines = _lines_of_text(decode(data, name=name))
    return _table(lines, name=name, max_rows=max_rows)


def _refuse_other_kinds(data: bytes, name: str) -> None:
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    for signature, kind in _OTHER_KINDS:
        if start.startswith(signature):
            raise Refused(
                "{name} is {kind}, not a spreadsheet. Save it as CSV or XLSX and import that.",
                name=name,
                kind=Message(kind),
            )


def _table(lines: Iterator[Record], *, name: str, max_rows: int) -> Table:
    header_row, first = next(lines, (0, ()))
    if not header_row:
        raise Refused("{name} holds nothing but blank lines. Export it again.", name=name)
    header = _header(first, header_row)
    records: list[Record] = []
    for row, cells in lines:
        if len(cells) != len(first):
            raise Refused(
                "Row {row} has {cells} cells where the header has {headings}. Put quotes "
                "around cells that hold the separator, or fill up the row.",
                row=row,
                cells=len(cells),
                headings=len(first),
            )
        _refuse_bad_cells(row, cells, first)
        records.append((row, cells))
        if len(records) > max_rows:
            raise Refused(
                "{name} has more than the {most_count} rows that are read at once. Split it.",
                row=row,
                name=name,
                most_count=max_rows,
            )
    return _without_nameless_columns(Table(name, header, tuple(records), header_row))


def _header(cells: tuple[str, ...], row: int) -> tuple[str, ...]:
    if len(cells) > MAX_COLUMNS:
        raise Refused(
            "The header has more than {most_count} columns.", row=row, most_count=MAX_COLUMNS
        )
    _refuse_bad_cells(row, cells, cells)
    header = tuple(cell.strip() for cell in cells)
    seen: set[str] = set()
    for heading in header:
        if heading and heading.casefold() in seen:
            raise Refused(
                "Two columns are headed {heading!r}. Rename or remove one of them.",
                row=row,
                column=heading,
                heading=heading,
            )
        seen.add(heading.casefold())
    return header


def _refuse_bad_cells(row: int, cells: tuple[str, ...], header: tuple[str, ...]) -> None:
    for heading, cell in zip(header, cells, strict=True):
        if len(cell) > MAX_CELL_LENGTH:
            raise _too_long(row, len(cell), heading[:80].strip())
        if "\0" in cell:
            raise Refused(
                "A cell in row {row} holds a NUL byte: the file is damaged. Export it again.",
                row=row,
                column=heading.replace("\0", "").strip(),
            )


def _too_long(row: int, length: int, column: str | None) -> Refused:
    return Refused(
        "A cell in row {row} has {character_count} characters; {most_count} are allowed. Shorten "
        "it, or look for a quote that is never closed.",
        row=row,
        column=column,
        character_count=length,
        most_count=MAX_CELL_LENGTH,
    )


def _without_nameless_columns(table: Table) -> Table:
    nameless = [place for place, heading in enumerate(table.header) if not heading]
    if not nameless:
        return table
    for row, cells in table.records:
        for place in nameless:
            if cells[place].strip():
                raise Refused(
                    "Row {row} has {cell!r} in column {place}, which has no heading. Name the "
                    "column in the first row.",
                    row=row,
                    cell=cells[place][:40],
                    place=place + 1,
                )
    named = [place for place, heading in enumerate(table.header) if heading]
    return Table(
        table.name,
        tuple(table.header[place] for place in named),
        tuple((row, tuple(cells[place] for place in named)) for row, cells in table.records),
        table.header_row,
    )


def _lines_of_text(text: str) -> Iterator[Record]:
    if not text.strip(_BLANK):
        return
    separator, skipped_lines, text = _declared_separator(text)
    if not separator:
        separator = _likeliest_separator(text)
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
    return _too_long(row, len(cells[place]), column)


def _declared_separator(text: str) -> tuple[str, int, str]:
    """Excel's own first line ``sep=;``: the separator, how many lines it took, and the rest."""
    if declared := _DECLARED_SEPARATOR.match(text):
        return declared[1], 1, text[declared.end() :]
    return "", 0, text


def _likeliest_separator(text: str) -> str:
    """The separator under which the first records agree with the header, and split it most."""

    def likelihood(separator: str) -> tuple[bool, bool, int]:
        widths = _first_widths(text, separator)
        return widths[0] > 1, len(set(widths)) == 1, widths[0]

    return max(_SEPARATORS, key=likelihood)


def _first_widths(text: str, separator: str) -> list[int]:
    widths: list[int] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if any(cell.strip() for cell in cells):
                widths.append(len(cells))
            if len(widths) == _SNIFFED_RECORDS:
                break
    except csv.Error:
        pass  # the reading proper says what is wrong, and where
    return widths or [0]


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
