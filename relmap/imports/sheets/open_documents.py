"""An OpenDocument spreadsheet (.ods) as lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree

from relmap.errors import Refused
from relmap.imports.sheets.extent import bounded
from relmap.imports.sheets.pages import MAX_COLUMNS, Span, damaged, page_of
from relmap.imports.sheets.shown import EXACT_BELOW, shown_number
from relmap.imports.sheets.table import CellError, Page

__all__ = ["read_open_pages"]

_SPACE: Final = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT, _STYLE, _NUMBER = (
    _SPACE % name for name in ("table", "office", "text", "style", "datastyle")
)
_CALC: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_MOST_REPEATED: Final = 1_000
_MOST_BLANKS: Final = 20
_PADDED: Final = re.compile(r"0[\d -]+|[^\d.,%]*\d[\d -]*[^\d.,%]*")
Element = ElementTree.Element


@dataclass
class _Shape:
    """What of a sheet's shape was met while its lines were read."""

    merged: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    default_styles: dict[int, str] = field(default_factory=dict)


def read_open_pages(content: bytes, *, name: str, max_rows: int) -> Sequence[Page]:
    """The sheets of an ODS file by its ``content.xml``; ``Refused`` if it is none or damaged."""
    if b"<!DOCTYPE" in content[:2_000] or b"<!ENTITY" in content[:2_000]:
        raise damaged(name)
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  entities are refused above
    except ElementTree.ParseError as error:
        raise damaged(name) from error
    try:
        return _read(root, name, max_rows)
    except (ValueError, OverflowError, RecursionError) as error:  # of a number, or of nesting
        raise damaged(name) from error


def _read(root: Element, name: str, max_rows: int) -> Sequence[Page]:
    body = root.find(f"{_OFFICE}body/{_OFFICE}spreadsheet")
    if body is None:
        raise Refused(
            "{name} is an OpenDocument file but no spreadsheet. Save it as CSV or XLSX and import "
            "that.",
            name=name,
        )
    styles = _Styles(root)
    return [_page(sheet, styles, name, max_rows) for sheet in body.findall(f"{_TABLE}table")]


class _Styles:
    """Which sheets a document hides, and what its days show."""

    def __init__(self, root: Element) -> None:
        styles = list(root.iter(f"{_STYLE}style"))
        self._hidden = {
            one.get(f"{_STYLE}name")
            for one in styles
            for properties in one.findall(f"{_STYLE}table-properties")
            if properties.get(f"{_TABLE}display") == "false"
        }
        parts = {
            one.get(f"{_STYLE}name"): {child.tag.removeprefix(_NUMBER) for child in one}
            for one in root.iter(f"{_NUMBER}date-style")
        }
        self._parts: Mapping[str | None, set[str]] = {
            one.get(f"{_STYLE}name"): parts.get(one.get(f"{_STYLE}data-style-name"), set())
            for one in styles
        }

    def hides(self, sheet: Element) -> bool:
        """Whether a sheet is hidden."""
        return sheet.get(f"{_TABLE}style-name") in self._hidden

    def shown(self, day: str, style: str | None) -> str:
        """A day, or the month or year that is all its style shows."""
        parts = self._parts.get(style, set())
        if "year" in parts and "day" not in parts:
            return day[:7] if "month" in parts else day[:4]
        return day.removesuffix("T00:00:00").replace("T", " ")


def _page(sheet: Element, styles: _Styles, name: str, max_rows: int) -> Page:
    shape = _Shape()
    _note_columns(sheet, shape)
    lines = list(bounded(_lines(sheet, shape, styles), name=name))
    return page_of(
        sheet.get(f"{_TABLE}name", ""),
        lines,
        merged=shape.merged,
        max_rows=max_rows,
        is_hidden=styles.hides(sheet),
        hidden_rows=frozenset(shape.hidden_rows),
        hidden_columns=frozenset(shape.hidden_columns),
    )


def _note_columns(sheet: Element, shape: _Shape) -> None:
    place = 0
    for column in sheet.iter(f"{_TABLE}table-column"):
        count = min(int(column.get(f"{_TABLE}number-columns-repeated", 1)), _MOST_REPEATED)
        for one in range(place, place + count):
            shape.default_styles[one] = column.get(f"{_TABLE}default-cell-style-name", "")
            if column.get(f"{_TABLE}visibility") in ("collapse", "filter"):
                shape.hidden_columns.add(one)
        place += count
        if place > MAX_COLUMNS:
            return  # no line may be as long


def _lines(sheet: Element, shape: _Shape, styles: _Styles) -> Iterator[tuple[int, list[str]]]:
    row = 0
    for line in sheet.iter(f"{_TABLE}table-row"):
        count = int(line.get(f"{_TABLE}number-rows-repeated", 1))
        cells = list(_cells(line, row + 1, shape, styles))
        if any(cell.strip() for cell in cells):
            for one in range(row + 1, row + min(count, _MOST_REPEATED) + 1):
                if line.get(f"{_TABLE}visibility") in ("collapse", "filter"):
                    shape.hidden_rows.add(one)
                yield one, list(cells)
        elif shape.merged:
            yield row + 1, []
        row += count


def _cells(line: Element, row: int, shape: _Shape, styles: _Styles) -> Iterator[str]:
    place = 0
    for cell in line:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        down = int(cell.get(f"{_TABLE}number-rows-spanned", 1))
        across = int(cell.get(f"{_TABLE}number-columns-spanned", 1))
        if down > 1 or across > 1:
            shape.merged.append((row, row + down - 1, place, place + across - 1))
        style = cell.get(f"{_TABLE}style-name") or shape.default_styles.get(place)
        is_covered = cell.tag == f"{_TABLE}covered-table-cell"
        text = "" if is_covered else _text(cell, style, styles)
        count = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        yield from [text] * min(count, _MOST_REPEATED)
        place += count
        if place > MAX_COLUMNS and text.strip():
            return  # the line is refused


def _text(cell: Element, style: str | None, styles: _Styles) -> str:
    text = "\n".join(_written(one) for one in cell.findall(f"{_TEXT}p"))
    value = cell.get(f"{_OFFICE}value")
    if cell.get(f"{_CALC}value-type") == "error" or re.fullmatch(r"#[A-Z/0]+[!?]|Err:\d+", text):
        return CellError(text)
    match cell.get(f"{_OFFICE}value-type"):
        case "float" | "percentage" | "currency" if value is not None:
            number = float(value)
            is_padded = cell.get(f"{_OFFICE}value-type") == "float" and _PADDED.fullmatch(text)
            return text if is_padded and abs(number) < EXACT_BELOW else shown_number(number, "")
        case "date":
            return styles.shown(cell.get(f"{_OFFICE}date-value", text), style)
        case "boolean":
            return cell.get(f"{_OFFICE}boolean-value", text).upper()
    return text


def _written(element: Element) -> str:
    """The text of a paragraph; runs of blanks, tabs and line ends are elements of their own."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", 1)), _MOST_BLANKS))
        elif child.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            parts.append("\t" if child.tag == f"{_TEXT}tab" else "\n")
        elif not child.tag.startswith(_OFFICE):  # an annotation
            parts.append(_written(child))
        parts.append(child.tail or "")
    return "".join(parts)
