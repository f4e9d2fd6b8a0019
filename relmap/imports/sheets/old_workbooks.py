"""An old Excel workbook (.xls) as lines of text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

import xlrd

from relmap.errors import Refused
from relmap.imports.sheets.extent import bounded
from relmap.imports.sheets.pages import damaged, page_of, with_password
from relmap.imports.sheets.shown import shown_day, shown_number
from relmap.imports.sheets.table import CellError, Page

__all__ = ["read_old_pages"]

_PASSWORD: Final = "encrypted"  # noqa: S105  a word of xlrd's message


def read_old_pages(data: bytes, *, name: str, max_rows: int) -> Sequence[Page]:
    """The sheets of an XLS file; ``Refused`` if it is none, is damaged or has a password."""
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        return [_page(book, sheet, name, max_rows) for sheet in book.sheets()]
    except Refused:
        raise
    except Exception as error:  # xlrd raises whatever a damaged part made it stumble over
        if _PASSWORD in str(error):
            raise with_password(name) from error
        raise damaged(name) from error


def _page(book: Any, sheet: Any, name: str, max_rows: int) -> Page:
    return page_of(
        sheet.name,
        bounded(_lines(book, sheet), name=name),
        merged=[
            (first + 1, last, left, right - 1) for first, last, left, right in sheet.merged_cells
        ],
        max_rows=max_rows,
        is_hidden=sheet.visibility != 0,
        hidden_rows=frozenset(
            row + 1 for row, one in sheet.rowinfo_map.items() if one.hidden or one.height == 0
        ),
        hidden_columns=frozenset(
            place for place, one in sheet.colinfo_map.items() if one.hidden or one.width == 0
        ),
    )


def _lines(book: Any, sheet: Any) -> Iterator[tuple[int, list[str]]]:
    for row in range(sheet.nrows):
        yield row + 1, [_text(book, cell) for cell in sheet.row(row)]


def _text(book: Any, cell: Any) -> str:
    match cell.ctype:
        case xlrd.XL_CELL_NUMBER:
            return shown_number(cell.value, _format(book, cell))
        case xlrd.XL_CELL_DATE:
            day = xlrd.xldate_as_datetime(cell.value, book.datemode)
            return shown_day(day, _format(book, cell))
        case xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        case xlrd.XL_CELL_ERROR:
            return CellError(xlrd.error_text_from_code.get(cell.value, "#?"))
    return str(cell.value)


def _format(book: Any, cell: Any) -> str:
    found = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    return "" if found is None else str(found.format_str)
