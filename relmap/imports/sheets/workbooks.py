"""An XLSX workbook as lines of text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

import openpyxl

from relmap.errors import Refused
from relmap.imports.sheets.table import Record

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook


__all__ = ["read_workbook"]

MAX_UNPACKED_BYTES: Final = 200_000_000
_MAX_COLUMNS: Final = 1_000
_PADDED_NUMBER: Final = re.compile("0+")
"""A cell format that shows 42 as 00042, as staff numbers are kept."""


def read_workbook(data: bytes, *, name: str, max_rows: int) -> Iterator[Record]:
    """The rows of the first sheet that has any, as text, all as long as the first.

    Days read as ISO dates, whole numbers without decimals, formulas as the value that was saved.
    ``Refused`` if the file is no workbook, unpacks to too much, or shows an error in a cell.
    """
    has_formulas = _checked_contents(data, name)
    lines = _first_filled_sheet(_opened(data, name, values=True), name=name, max_rows=max_rows)
    if has_formulas:
        _refuse_formulas_without_values(data, name)
    width = 0
    for row, cells in lines:
        while len(cells) > max(width, 1) and not cells[-1].strip():
            cells.pop()
        width = width or len(cells)
        yield row, tuple(cells + [""] * (width - len(cells)))


def _checked_contents(data: bytes, name: str) -> bool:
    """Refuse what is no workbook or a bomb; say whether any sheet has formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise Refused(
                    "{name} is a packed file but not an Excel workbook (.xlsx). Save it as "
                    "CSV or XLSX and import that.",
                    name=name,
                )
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise Refused(
                    "{name} unpacks to more than {most_count} bytes. Save it as CSV, and only the "
                    "sheet with the list.",
                    name=name,
                    most_count=MAX_UNPACKED_BYTES,
                )
            return any(
                re.search(rb"<f[\s>/]", archive.read(entry))
                for entry in entries
                if entry.filename.startswith("xl/worksheets/")
            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _damaged(name) from error


def _opened(data: bytes, name: str, *, values: bool) -> Workbook:
    try:
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values)
    except Exception as error:  # openpyxl raises whatever a damaged part made it stumble over
        raise _damaged(name) from error


def _damaged(name: str) -> Refused:
    return Refused(
        "{name} is a damaged Excel file. Open it and save it again, or save it as CSV.", name=name
    )


def _first_filled_sheet(
    workbook: Workbook, *, name: str, max_rows: int
) -> Iterator[tuple[int, list[str]]]:
    found = 0
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            continue
        for row, cells in _rows(sheet, name):
            if len(cells) > _MAX_COLUMNS and any(cell.strip() for cell in cells[_MAX_COLUMNS:]):
                raise Refused(
                    "Row {row} has more than {most_count} columns.",
                    row=row,
                    most_count=_MAX_COLUMNS,
                )
            if any(cell.strip() for cell in cells):
                found += 1
                yield row, cells[:_MAX_COLUMNS]
            if found > max_rows + 1:
                return  # enough for the reader of the table to refuse
        if found:
            return


def _rows(sheet: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # files written by other programs often declare a wrong size
    header: list[str] = []
    rows = sheet.iter_rows()
    row = 0
    while True:
        row += 1
        try:
            cells = next(rows, None)
        except Exception as error:  # as in _opened: the sheets are parsed as they are read
            raise _damaged(name) from error
        if cells is None:
            return
        texts = [_text(cell, row, header) for cell in cells]
        if not header and any(text.strip() for text in texts):
            header = texts
        yield row, texts


def _text(cell: Any, row: int, header: list[str]) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if cell.data_type == "e":
            place = cell.column - 1
            raise Refused(
                "Row {row} shows the error {value}. Mend the formula, or leave the cell empty.",
                row=row,
                column=header[place].strip() if place < len(header) else None,
                value=value,
            )
        return value
    return _text_of_value(value, cell.number_format)


def _text_of_value(value: object, number_format: str) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float() if int(value) == value:
            padded = _PADDED_NUMBER.fullmatch(number_format or "")
            return str(int(value)).zfill(len(number_format) if padded else 0)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date():
            return value.isoformat()
    return str(value)


def _refuse_formulas_without_values(data: bytes, name: str) -> None:
    """A workbook that no spreadsheet program has worked out reads as empty where it has formulas.

    One formula without a value may be an empty text; if none has one, nobody worked them out.
    """
    shown = _opened(data, name, values=True).worksheets
    written = _opened(data, name, values=False).worksheets
    formulas = values = 0
    for with_values, with_formulas in zip(shown, written, strict=True):
        for value_row, formula_row in zip(
            with_values.iter_rows(), with_formulas.iter_rows(), strict=False
        ):
            for value, formula in zip(value_row, formula_row, strict=False):
                formulas += formula.data_type == "f"
                values += formula.data_type == "f" and value.value is not None
    if formulas and not values:
        raise Refused(
            "{name} has formulas whose values were never worked out. Open it in a spreadsheet "
            "program and save it again, or save it as CSV.",
            name=name,
        )
