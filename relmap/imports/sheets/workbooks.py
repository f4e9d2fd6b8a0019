"""The sheets of a workbook as lines of text: XLSX, and by their own readers XLS and ODS."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import openpyxl
from openpyxl.utils.datetime import from_excel

from relmap.contracts import Message
from relmap.contracts.message import N_
from relmap.errors import Refused
from relmap.imports.sheets.extent import MAX_PARTS, MAX_PLACES, Extent, bounded, too_much
from relmap.imports.sheets.pages import MAX_COLUMNS, damaged, page_of, with_password
from relmap.imports.sheets.shown import shown_day, shown_number
from relmap.imports.sheets.table import CellError, Page

__all__ = ["read_pages"]

MAX_UNPACKED_BYTES: Final = 200_000_000
_DAYS_OF_EAST_ASIA: Final = frozenset((*range(27, 32), 36, *range(50, 55), 57, 58))
"""Numbers of formats for days that Chinese and Japanese Excel does not spell out."""
_HAS_SHAPE: Final = re.compile(
    rb"""hidden=["'](?:1|true)|mergeCell[ >]|\b(?:ht|width)=["']0(?:\.0+)?["']"""
    rb"""|<strike(?:\s+val=["'](?:1|true)["'])?\s*/>"""
)
"""What openpyxl tells only where it reads a workbook whole."""
_STRICT: Final = (
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"officeDocument/2006/"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/", b"spreadsheetml/2006/"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"drawingml/2006/"),
)
"""Namespaces of Strict Open XML, and what everybody else writes for them."""
_PASSWORD: Final = "EncryptedPackage".encode("utf-16-le")


def read_pages(data: bytes, *, name: str, max_rows: int) -> Sequence[Page]:
    """The sheets of a workbook, their cells as text, merged cells filled down.

    Days read as ISO dates or the month or year that is shown, numbers with the zeros that are
    shown, formulas as the value that was saved. ``Refused`` if the file is no workbook, has a
    password, or unpacks to too much.
    """
    if not data.startswith(b"PK"):
        if _PASSWORD in data:
            raise with_password(name)
        from relmap.imports.sheets.old_workbooks import read_old_pages  # few files are

        return read_old_pages(data, name=name, max_rows=max_rows)
    extent = Extent(name)
    entries = _entries(data, name, extent)
    if "xl/workbook.xml" in entries:
        pages = _read_xlsx(data, entries, name=name, max_rows=max_rows)
        if extent.lacks_values:
            raise Refused(
                "{name} has formulas whose values were never worked out. Open it in a spreadsheet "
                "program and save it again, or save it as CSV.",
                name=name,
            )
        return pages
    if "content.xml" in entries:
        from relmap.imports.sheets.open_documents import read_open_pages

        if b"encryption-data" in entries.get("META-INF/manifest.xml", b""):
            raise with_password(name)
        return read_open_pages(entries["content.xml"], name=name, max_rows=max_rows)
    raise Refused(
        "{name} is {kind}. Save it as CSV or XLSX and import that.",
        name=name,
        kind=Message(_kind_of_packed(entries)),
    )


def _kind_of_packed(entries: Iterable[str]) -> str:
    names = set(entries)
    if "xl/workbook.bin" in names:
        return N_("a binary Excel workbook (.xlsb)")
    if any(one.endswith(".iwa") or one == "Index.zip" for one in names):
        return N_("a Numbers document")
    return N_("a packed file but not an Excel workbook (.xlsx)")


def _entries(data: bytes, name: str, extent: Extent) -> dict[str, bytes]:
    """What is packed in the file and may have to be looked at; ``Refused`` for a bomb.

    A part is counted whatever it is called: a workbook may name any as its sheet.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if sum(entry.file_size for entry in infos) > MAX_UNPACKED_BYTES:
                raise Refused(
                    "{name} unpacks to more than {most_count} bytes. Save it as CSV, and only the "
                    "sheet with the list.",
                    name=name,
                    most_count=MAX_UNPACKED_BYTES,
                )
            if len(infos) > MAX_PARTS:
                raise too_much(name, "part", MAX_PARTS)
            entries = {}
            for entry in infos:
                content = archive.read(entry)
                extent.add(content)
                is_kept = entry.filename.endswith((".xml", ".rels"))
                entries[entry.filename] = content if is_kept else b""
            return entries
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise damaged(name) from error


def _read_xlsx(
    data: bytes, entries: dict[str, bytes], *, name: str, max_rows: int
) -> Sequence[Page]:
    if any(strict in entries["xl/workbook.xml"] for strict, _ in _STRICT):
        data = _as_everybody_writes(data)
    sheets = [text for part, text in entries.items() if part.startswith("xl/worksheets/")]
    styles = entries.get("xl/styles.xml", b"")
    has_shape = any(_HAS_SHAPE.search(text) for text in (*sheets, styles))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions, which nobody asks for
        try:
            book = openpyxl.load_workbook(
                io.BytesIO(data), read_only=not has_shape, data_only=True, keep_links=False
            )
            pages = [_page(sheet, name, max_rows, whole=has_shape) for sheet in book.worksheets]
        except Refused:
            raise
        except Exception as error:  # openpyxl raises whatever a damaged part made it stumble over
            raise damaged(name) from error
    return pages


def _as_everybody_writes(data: bytes) -> bytes:
    """A Strict Open XML workbook under the names of the transitional kind, which openpyxl reads."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            for strict, usual in _STRICT:
                content = content.replace(strict, b"http://schemas.openxmlformats.org/" + usual)
            new.writestr(entry, content)
    return changed.getvalue()


def _page(sheet: Any, name: str, max_rows: int, *, whole: bool) -> Page:
    if whole:
        rows_of_cells = _cells_of_whole(sheet)
    else:
        sheet.reset_dimensions()  # files written by other programs often declare a wrong size
        rows_of_cells = enumerate(sheet.iter_rows(), start=1)
    lines = bounded(_texts(rows_of_cells, sheet.parent.epoch, name), name=name)
    merged = [
        (one.min_row, one.max_row, one.min_col - 1, one.max_col - 1)
        for one in (sheet.merged_cells.ranges if whole else ())
    ]
    rows = sheet.row_dimensions.items() if whole else ()
    columns = sheet.column_dimensions.values() if whole else ()
    return page_of(
        sheet.title,
        lines,
        merged=merged,
        max_rows=max_rows,
        is_hidden=sheet.sheet_state != "visible",
        hidden_rows=frozenset(row for row, one in rows if one.hidden or one.height == 0)
        | (_struck_rows(sheet) if whole else frozenset()),
        hidden_columns=frozenset(
            place
            for one in columns
            if one.hidden or one.width == 0
            for place in range((one.min or one.index) - 1, min(one.max or 1, MAX_COLUMNS))
        ),
    )


def _cells_of_whole(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows of a sheet that was read whole, each as far as it is filled.

    openpyxl's own way makes a cell of every blank one up to the last row and column.
    """
    rows: dict[int, dict[int, Any]] = {}
    for (row, column), cell in sheet._cells.items():  # the only way to what is there
        filled = rows.setdefault(row, {})
        if cell.value is not None:
            filled[column] = cell
    for row, filled in sorted(rows.items()):
        yield row, [filled.get(place) for place in range(1, max(filled, default=0) + 1)]


def _texts(
    rows: Iterable[tuple[int, Sequence[Any]]], epoch: datetime, name: str
) -> Iterator[tuple[int, list[str]]]:
    """Rows of cells as texts, without the blank ones at their end."""
    places = 0
    for row, cells in rows:
        places += len(cells)
        if places > MAX_PLACES:
            raise too_much(name, "place", MAX_PLACES)
        end = len(cells)
        while end and (cells[end - 1] is None or cells[end - 1].value is None):
            end -= 1
        yield row, ["" if cell is None else _text(cell, epoch) for cell in cells[:end]]


def _struck_rows(sheet: Any) -> frozenset[int]:
    """Rows whose every filled cell is struck through: crossed out, as whoever has left."""
    is_struck: dict[int, bool] = {}
    for (row, _), cell in sheet._cells.items():
        if cell.value is not None:
            is_struck[row] = is_struck.get(row, True) and cell.has_style and bool(cell.font.strike)
    return frozenset(row for row, struck in is_struck.items() if struck)


def _text(cell: Any, epoch: datetime) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return CellError(value) if cell.data_type == "e" else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    number_format = cell.number_format
    if isinstance(value, int | float):
        if number_format == "General" and _number_of_format(cell) in _DAYS_OF_EAST_ASIA:
            return shown_day(from_excel(value, epoch), "")
        return shown_number(value, number_format)
    if isinstance(value, date):
        return shown_day(value, number_format)
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _number_of_format(cell: Any) -> int:
    style = getattr(cell, "style_array", None) or cell._style
    return int(style.numFmtId)
