"""A file's bytes as a table: a header and records that know their line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final

from relmap.contracts import Message
from relmap.contracts.message import N_
from relmap.contracts.signs import shown
from relmap.errors import Refused
from relmap.imports.sheets.charsets import EncodingAsked, decode
from relmap.imports.sheets.layout.header import KnownHeadings
from relmap.imports.sheets.layout.table_search import find_table
from relmap.imports.sheets.separated import read_lines
from relmap.imports.sheets.table import AS_IT_IS, Page, Reading, Remark, Table

__all__ = ["MAX_BYTES", "MAX_ROWS", "read_table"]

MAX_BYTES: Final = 20_000_000
MAX_ROWS: Final = 200_000

_OTHER_KINDS: Final = (
    ("%PDF", N_("a PDF")),
    ("\x89PNG", N_("an image")),
    ("\xff\xd8\xff", N_("an image")),
    ("GIF8", N_("an image")),
    ("{\\rtf", N_("an RTF document")),
    ("\x1f\x8b", N_("a compressed file")),
    ("7z\xbc\xaf", N_("a compressed file")),
    ("Rar!", N_("a compressed file")),
    ("BEGIN:VCARD", N_("a vCard file")),
    ("BEGIN:VCALENDAR", N_("a calendar file")),
    ("MIME-Version:", N_("a saved web page")),
    ("SQLite format 3", N_("a database")),
    ("<", N_("a web page or XML")),
)
"""How files of other kinds begin; bytes stand for the characters of equal number."""
_OLE: Final = b"\xd0\xcf\x11\xe0"
"""The container of old Excel files, and of new ones with a password."""


def read_table(
    data: bytes,
    *,
    name: str,
    kind: str | None = None,
    mapping: Mapping[str, str] | None = None,
    reading: Reading = AS_IT_IS,
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> Table:
    """Read a CSV file (comma, semicolon or tab) or a workbook (XLSX, XLS, ODS).

    With the ``kind`` of list the table is looked for: titles, notes and totals around it are told
    apart from its records. Without one the first line names the columns and all others are records.
    ``mapping`` (field to heading) and ``reading`` are what somebody said of it. Blank lines are
    left out; the others keep the line on which they begin. ``Refused`` with row and column if the
    file is no table, too large, or broken anywhere.
    """
    name = shown(name)
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
    headings = None if kind is None else KnownHeadings(kind, mapping or {})
    asked: EncodingAsked | None = None
    try:
        pages = _pages(data, name, headings, max_rows, reading.encoding)
    except EncodingAsked as either:
        if headings is None:
            raise
        asked, pages = either, _pages_of_text(either.text, name, headings)
    try:
        table = find_table(pages, name=name, headings=headings, reading=reading, max_rows=max_rows)
    except Refused as refused:
        raise asked or refused from refused
    if asked is not None:
        table = _guessed(table, asked)
    return replace(table, digest=sha256(data).hexdigest())


def _guessed(table: Table, asked: EncodingAsked) -> Table:
    remark = Remark(asked.guess, asked.row)
    return replace(
        table,
        remarks=(remark, *table.remarks),
        questions=(asked.message, *table.questions),
    )


def _pages(
    data: bytes, name: str, headings: KnownHeadings | None, max_rows: int, encoding: str | None
) -> Sequence[Page]:
    if data.startswith((b"PK", _OLE)):
        from relmap.imports.sheets.workbooks import read_pages  # openpyxl costs 0.2 s to import

        return read_pages(data, name=name, max_rows=max_rows)
    _refuse_other_kinds(data[:64].removeprefix(b"\xef\xbb\xbf").decode("latin-1"), name)
    return _pages_of_text(decode(data, name=name, encoding=encoding), name, headings)


def _pages_of_text(text: str, name: str, headings: KnownHeadings | None) -> Sequence[Page]:
    _refuse_other_kinds(text[:64], name)  # a web page in UTF-16, which its bytes do not show
    _refuse_json(text, name)
    return [Page(None, tuple(read_lines(text, headings)))]


def _refuse_other_kinds(start: str, name: str) -> None:
    for signature, kind in _OTHER_KINDS:
        if start.lstrip().startswith(signature):
            raise _other_kind(name, kind)


def _refuse_json(text: str, name: str) -> None:
    if text.lstrip()[:1] in ("{", "["):
        try:
            json.loads(text)
        except ValueError:
            return
        raise _other_kind(name, N_("JSON"))


def _other_kind(name: str, kind: str) -> Refused:
    return Refused(
        "{name} is {kind}, not a spreadsheet. Save it as CSV or XLSX and import that.",
        name=name,
        kind=Message(kind),
    )
