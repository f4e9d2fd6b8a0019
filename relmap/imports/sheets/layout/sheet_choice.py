"""Which sheets of a file hold the list, and on which line of each the columns are named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from relmap.contracts import N_, Message
from relmap.errors import Refused
from relmap.imports.sheets.columns import listed
from relmap.imports.sheets.layout.header import KNOWN_BY, KnownHeadings, header_place
from relmap.imports.sheets.table import Page, Reading, Remark

__all__ = ["ListSheet", "choose_sheets"]

_OF_LEAVERS: Final = re.compile(
    r"离职|離職|退休|已离|已離|退職|历史|歷史|作废|作廢|\b(?:former|leavers?|left|retired|resigned"
    r"|terminated|inactive|archived?|history|old)\b",
    re.IGNORECASE,
)
_OF_A_DAY: Final = re.compile(
    r".*(?:\d{4}[-./年 ]?\d{1,2}(?:[-./月 ]?\d{1,2})?|\d{1,2}\s*月|\bQ[1-4]\b|第[一二三四1-4]季度"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b|\b(?:19|20)\d\d\b).*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ListSheet:
    """A sheet that holds the list, and the place of its header among its lines."""

    page: Page
    place: int


def choose_sheets(
    pages: Sequence[Page], *, name: str, headings: KnownHeadings | None, reading: Reading
) -> tuple[list[ListSheet], list[Remark]]:
    """The sheets to read, the most telling first, and what is to be said of the others.

    ``Refused`` where a sheet or a header row that somebody named is not there, where no line names
    the columns, and where the sheets are one list on several days.
    """
    if reading.sheets:
        pages, unseen, remarks = _named(pages, name, reading.sheets), [], []
    else:
        filled = [page for page in pages if page.lines]
        unseen = [page for page in filled if page.is_hidden]
        remarks = [_unread_sheet(page, _HIDDEN) for page in unseen]
        pages = [page for page in filled if not page.is_hidden]
    if not any(page.lines for page in (*pages, *unseen)):
        raise Refused("{name} holds nothing but blank lines. Export it again.", name=name)
    if headings is None:
        first = next(page for page in pages if page.lines)
        return [ListSheet(first, _given_place(first, reading.header_row) or 0)], remarks
    found = _with_header(pages, headings, reading)
    if not found and (hidden := _with_header(unseen, headings, reading)):
        raise Refused(
            "{name} has the list on a hidden sheet only. --sheet {sheet} reads it.",
            name=name,
            sheet=hidden[0].page.name,
        )
    if not found:
        raise _without_header(pages, name=name, headings=headings, reading=reading)
    if reading.sheets:
        return found, remarks
    alike, others = _alike(found, headings)
    remarks += others
    chosen = {id(one.page) for one in found}
    remarks += [_unread_sheet(page, _NO_LIST) for page in pages if id(page) not in chosen]
    _refuse_several_days(alike, name)
    return alike, remarks


_HIDDEN: Final = N_("it is hidden (--sheet reads it)")
_NO_LIST: Final = N_("no line in it names the columns")
_LEAVERS: Final = N_("its name says that these people left (--sheet reads it)")
_UNLIKE: Final = N_("its columns are others (--sheet reads it)")


def _unread_sheet(page: Page, because: str) -> Remark:
    message = Message(
        "Sheet {sheet} was not read, for {because}.",
        {"sheet": page.name, "because": Message(because)},
    )
    return Remark(message, kind="left_out", sheet=page.name)


def _named(pages: Sequence[Page], name: str, wanted: Sequence[str]) -> list[Page]:
    known = {page.name.strip().casefold(): page for page in pages if page.name is not None}
    if not known:
        raise Refused("{name} has no sheets. Leave --sheet out.", name=name)
    found = []
    for sheet in wanted:
        page = known.get(sheet.strip().casefold())
        if page is None:
            raise Refused(
                "{name} has no sheet {sheet}. Its sheets are: {sheets}.",
                name=name,
                sheet=sheet,
                sheets=[page.name for page in known.values()],
            )
        found.append(page)
    return found


def _given_place(page: Page, header_row: int | None) -> int | None:
    rows = [row for row, _ in page.lines]
    return rows.index(header_row) if header_row in rows else None


def _with_header(
    pages: Sequence[Page], headings: KnownHeadings, reading: Reading
) -> list[ListSheet]:
    found = []
    for page in pages:
        if reading.header_row is None:
            place = header_place(page.lines, headings)
        else:
            place = _given_place(page, reading.header_row)
        if place is not None:
            found.append(ListSheet(page, place))
    return found


def _alike(found: list[ListSheet], headings: KnownHeadings) -> tuple[list[ListSheet], list[Remark]]:
    """The sheets with about the columns of the one that has the most, in the file's order."""
    fields = [_fields(one, headings) for one in found]
    most = fields[max(range(len(found)), key=lambda n: len(fields[n]))]
    alike, remarks = [], []
    for one, own in zip(found, fields, strict=True):
        if len(found) > 1 and one.page.name and _OF_LEAVERS.search(one.page.name):
            remarks.append(_unread_sheet(one.page, _LEAVERS))
        elif len(own & most) * 2 < len(most):
            remarks.append(_unread_sheet(one.page, _UNLIKE))
        elif len(one.page.lines) > one.place + 1 or len(found) == 1:
            alike.append(one)
    return (alike, remarks) if alike else (found[:1], [])


def _fields(one: ListSheet, headings: KnownHeadings) -> set[str]:
    _, cells = one.page.lines[one.place]
    return {field for cell in cells for field in headings.fields(cell)}


def _refuse_several_days(found: list[ListSheet], name: str) -> None:
    names = [one.page.name or "" for one in found]
    if len(found) > 1 and all(map(_OF_A_DAY.fullmatch, names)):
        raise Refused(
            "The sheets {sheets} of {name} seem to be one list on several days. Import each by "
            "itself: --sheet {sheet}, with its own day.",
            sheets=names,
            name=name,
            sheet=names[0],
        )


def _without_header(
    pages: Sequence[Page], *, name: str, headings: KnownHeadings, reading: Reading
) -> Refused:
    if reading.header_row is not None:
        return Refused("{name} has nothing in row {row}.", name=name, row=reading.header_row)
    what, fields = KNOWN_BY[headings.kind]
    page = next(page for page in pages if page.lines)
    widest = max(page.lines[:50], key=lambda line: sum(bool(cell.strip()) for cell in line[1]))
    return Refused(
        "{file} has no column for {what}: no row names one. Row {row} reads {headings}. Say which "
        "one it is with --map {field}=COLUMN, or which row names the columns with --header-row. "
        "A file that begins with its first record needs a row above it that names the columns.",
        row=widest[0],
        column=fields[0],
        file=name,
        what=Message(what),
        headings=listed([cell.strip()[:60] for cell in widest[1] if cell.strip()]),
        field=fields[0],
    )
