"""Where a row stands, as whoever opens the file sees it: on which sheet, and in which row there.

Rows of several sheets that are read together count on from sheet to sheet, so that each has a
number of its own. What is told of a row names its sheet, and the row's number there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter

from relmap.contracts import Message
from relmap.contracts.message import Told
from relmap.errors import Refused
from relmap.imports.sheets.table import Part, Table, row_ranges

__all__ = ["as_seen", "naming_sheets", "place_of_row", "row_at", "row_told"]

_ROWS = frozenset(("row", "other_row", "rows"))
"""The values of messages that are numbers of rows."""


def place_of_row(row: int, parts: Sequence[Part]) -> tuple[str | None, int]:
    """The sheet of a row and its number there; no sheet where one alone was read."""
    if len(parts) < 2:
        return None, row
    part = next(one for one in reversed(parts) if one.first < row)
    return part.sheet, row - part.first


def row_told(row: int, parts: Sequence[Part]) -> int | Message:
    """A row as a sentence names it: ``3``, or ``3 of sheet Contacts``."""
    return row if len(parts) < 2 else _by_sheet([row], parts)[0]


def _by_sheet(rows: Sequence[int], parts: Sequence[Part]) -> list[Message]:
    places = [place_of_row(row, parts) for row in sorted(rows)]
    return [
        Message(
            "{rows} of sheet {sheet}",
            {"rows": row_ranges(row for _, row in of_sheet), "sheet": sheet},
        )
        for sheet, of_sheet in groupby(places, key=itemgetter(0))
    ]


def as_seen(message: Message, parts: Sequence[Part]) -> Message:
    """A message that names the sheet of each row it names, where several sheets were read."""
    if len(parts) < 2:
        return message
    values = {name: _seen(name, value, parts) for name, value in message.values.items()}
    return Message(message.id, values, message.many, message.context)


def _seen(name: str, value: Told, parts: Sequence[Part]) -> Told:
    if isinstance(value, Message):
        return as_seen(value, parts)
    if name in _ROWS and isinstance(value, int):
        return row_told(value, parts)
    if not isinstance(value, tuple):
        return value
    return _by_sheet(value, parts) if name in _ROWS else [_seen("", one, parts) for one in value]


@contextmanager
def naming_sheets(table: Table) -> Iterator[None]:
    """A refusal inside names the sheet and its own row, where several sheets were read."""
    try:
        yield
    except Refused as refused:
        if len(table.parts) < 2:
            raise
        message = refused.message
        if refused.row is None:
            raise Refused(as_seen(message, table.parts), column=refused.column) from refused
        sheet, row = place_of_row(refused.row, table.parts)
        own = {"row": row} if message.values.get("row") == refused.row else {}
        values = {**as_seen(message, table.parts).values, **own}
        raise Refused(
            "Sheet {sheet}: {problem}",
            row=row,
            column=refused.column,
            sheet=sheet,
            problem=Message(message.id, values, message.many, message.context),
        ) from refused


def row_at(text: str, parts: Sequence[Part]) -> int | None:
    """The row that somebody names by its number, or by sheet and number: ``Contacts:3``."""
    sheet, _, number = text.rpartition(":")
    if not number.strip().isdecimal():
        return None
    own = [part.first for part in parts if part.sheet == sheet.strip()]
    if sheet and not own:
        return None
    return int(number) + (own[0] if sheet else 0)
