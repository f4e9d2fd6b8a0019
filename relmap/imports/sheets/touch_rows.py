"""One row of a list of touches: when, how, who met whom, what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from relmap.contracts import Message
from relmap.contracts.words import Direction, ExternalIdKind, TouchKind
from relmap.imports.sheets.cells import read_ids, several
from relmap.imports.sheets.columns import find_columns, require
from relmap.imports.sheets.headings import vocabulary
from relmap.imports.sheets.records import MAX_NAME_LENGTH, Sheet, SheetRecord, lines_of
from relmap.imports.sheets.spellings import read_direction, read_touch_kind
from relmap.imports.sheets.table import Table

__all__ = ["FileTouch", "read_touches"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTouch:
    """What one record says of one contact; names as written, or ids as ``kind:value``."""

    row: int
    day: date
    kind: TouchKind
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    external_id: tuple[ExternalIdKind, str] | None = None
    """The id of the person met, or of the record elsewhere: files use the word for both."""
    account: str | None = None
    direction: Direction = "both"
    summary: str | None = None
    next_step: str | None = None
    next_step_on: date | None = None


def read_touches(
    table: Table, *, account: str | None = None, mapping: Mapping[str, str] | None = None
) -> Sheet[FileTouch]:
    """The rows of a list of touches; several people in one cell are parted by ; 、 or comma."""
    columns = find_columns(table, vocabulary("touches"), mapping=mapping)
    for field, what in (
        ("day", Message("the day")),
        ("kind", Message("the kind of touch")),
        ("ours", Message("who of us it was")),
        ("theirs", Message("whom of them we met")),
    ):
        require(table, columns, (field,), what=what)
    rows = tuple(_row(line, account) for line in lines_of(table, columns))
    return Sheet(rows, columns)


def _row(line: SheetRecord, account: str | None) -> FileTouch:
    day, next_step_on = line.day("day"), line.day("next_step_on")
    if day is None or day.precision != "day":
        line.refuse("day", "{heading} needs a whole date, such as 2026-07-01.")
    kind = line.read("kind", read_touch_kind)
    if kind is None:
        line.refuse(
            "kind", "{heading} is empty. Write visit, call, mail, meal or another kind of touch."
        )
    direction = line.read("direction", read_direction)
    ids = read_ids(line.raw("external_id"))
    return FileTouch(
        row=line.row,
        day=day.on,
        kind=kind,
        ours=_names(line, "ours"),
        theirs=_names(line, "theirs"),
        external_id=ids[0] if ids else None,
        account=account or line.name("account"),
        direction=direction or "both",
        summary=line.text("summary"),
        next_step=line.text("next_step"),
        next_step_on=None if next_step_on is None else next_step_on.on,
    )


def _names(line: SheetRecord, field: str) -> tuple[str, ...]:
    names = several(line.raw(field))
    if not names:
        line.refuse(field, "{heading} is empty. A touch joins one of us with one of them at least.")
    for name in names:
        if len(name) > MAX_NAME_LENGTH:
            line.refuse(
                field, "{heading} has a name of more than {most} characters.", most=MAX_NAME_LENGTH
            )
    return tuple(dict.fromkeys(names))
