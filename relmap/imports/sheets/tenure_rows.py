"""One row of a history: who held which post, from when until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from relmap.contracts import Message
from relmap.contracts.message import N_
from relmap.contracts.words import EndReason, ExternalIdKind, Function, Level
from relmap.imports.sheets.cells import read_flag, split_acting
from relmap.imports.sheets.columns import Columns, find_columns, require
from relmap.imports.sheets.headings import vocabulary
from relmap.imports.sheets.holders import PERHAPS_SEVERAL, looks_like_several, split_holders
from relmap.imports.sheets.leaving import split_leaving
from relmap.imports.sheets.people import external_ids_of, mark_of, name_of, split_acting_name
from relmap.imports.sheets.records import Sheet, SheetRecord, lines_of
from relmap.imports.sheets.row_numbers import set_row_numbers_apart
from relmap.imports.sheets.spellings import read_end_reason, read_function, read_level
from relmap.imports.sheets.table import Table
from relmap.imports.sheets.unit_paths import UnitPath, UnitPaths, place_of, unit_paths
from relmap.names.days import DayRange
from relmap.names.honorifics import bare_name

__all__ = ["FileTenure", "read_tenures"]

SEVERAL: Final = N_(
    "Two or more people stand in one cell. Each was taken as a holder, without the ids of the row: "
    "row {rows}."
)
IDLE: Final = N_("Nobody is named and no start is given, so nothing was read: row {rows}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTenure:
    """What one record says of one person in one post; texts as written, trimmed."""

    row: int
    account: str
    unit: str | None = None
    """``None``: the account's root unit."""
    parent_unit: str | None = None
    above: UnitPath = ()
    """The path above the unit, the top first; () where the file gives no more than a parent."""
    unit_id: str | None = None
    post: str
    acting: bool = False
    level: Level | None = None
    function: Function | None = None
    person: str
    """Empty where the row names nobody: the seat was vacant then, or its holder is unknown."""
    is_vacant: bool = False
    name_latin: str | None = None
    address_as: str | None = None
    """The name as the row writes it, where a word of address stands by it."""
    external_ids: tuple[tuple[ExternalIdKind, str], ...] = ()
    affiliation: str | None = None
    starts: DayRange
    start_known: bool = True
    """``False``: the person was in post before ``starts.on``, since when nobody knows."""
    ends: DayRange | None = None
    """``None``: still in post."""
    end_reason: EndReason | None = None
    term_ends_on: date | None = None


def read_tenures(
    table: Table, *, account: str | None = None, mapping: Mapping[str, str] | None = None
) -> Sheet[FileTenure]:
    """The rows of a history. ``Refused`` with row and column where one cannot be."""
    found = find_columns(table, vocabulary("tenures"), mapping=mapping)
    columns, counted = set_row_numbers_apart(table, found)
    require(table, columns, ("person", "first_name", "last_name"), what=Message("the person"))
    for field, what in (("post", Message("the post")), ("starts_on", Message("the start"))):
        require(table, columns, (field,), what=what)
    if not account:
        require(table, columns, ("account",), what=Message("the account (or give --account)"))
    lines = list(lines_of(table, columns))
    units = unit_paths(lines, account)
    rows: list[FileTenure] = []
    told: dict[str, list[int]] = {SEVERAL: [], PERHAPS_SEVERAL: [], IDLE: []}
    for line in lines:
        names = _names(line)
        for name in names:
            rows.extend(_rows(line, account, columns, units, name, is_alone=len(names) == 1))
        if len(names) != 1:
            told[SEVERAL if names else IDLE].append(line.row)
        elif looks_like_several(names[0]) and not mark_of(names[0]):
            told[PERHAPS_SEVERAL].append(line.row)
    notes = [Message(text, {"rows": lines}) for text, lines in told.items() if lines]
    notes += [note for paths in units.values() for note in paths.notes.values()]
    return Sheet(tuple(rows), columns, (*counted, *notes))


def _names(line: SheetRecord) -> tuple[str, ...]:
    """The people a record names, the mark of a vacancy, or none if it says nothing."""
    written = name_of(line)
    if mark_of(written):
        return () if line.day("starts_on") is None else (written,)
    return split_holders(written)


def _rows(
    line: SheetRecord,
    account: str | None,
    columns: Columns,
    units: Mapping[str, UnitPaths],
    name: str,
    *,
    is_alone: bool,
) -> Iterator[FileTenure]:
    """A row for each of the units in which a record has somebody."""
    row = _row(line, account, split_leaving(name)[0], is_alone=is_alone)
    paths: list[UnitPath | None] = [*units[row.account].of(line)]
    if not paths and "unit" not in columns and row.unit_id:
        paths = [(row.unit_id,)]
    for path in paths or [None]:
        yield replace(row, **place_of(path, account=row.account, parent_unit=row.parent_unit))


def _row(line: SheetRecord, account: str | None, name: str, *, is_alone: bool) -> FileTenure:
    account = line.account(account)
    name, acting_name = split_acting_name(name)
    mark, bare = mark_of(name), bare_name(name)
    post, acting_post = split_acting(line.name("post") or "")
    if not post:
        line.refuse("post", "{heading} is empty. A history needs the post of each row.")
    starts, ends = _span(line)
    term = line.day("term_ends_on")
    return FileTenure(
        row=line.row,
        account=account,
        parent_unit=line.name("parent_unit"),
        unit_id=line.name("unit_id"),
        post=post,
        acting=acting_post or acting_name or line.flag("acting"),
        level=line.read("level", read_level),
        function=line.read("function", read_function),
        person="" if mark else bare,
        is_vacant=mark == "vacant",
        name_latin=line.name("name_latin") if is_alone else None,
        address_as=None if bare == name else name,
        external_ids=external_ids_of(line) if is_alone and not mark else (),
        affiliation=line.name("affiliation"),
        starts=starts,
        start_known=_start_is_known(line),
        ends=ends,
        end_reason=_end_reason(line, ends),
        term_ends_on=None if term is None else term.on,
    )


def _start_is_known(line: SheetRecord) -> bool:
    if line.raw("start_known").strip():
        return line.read("start_known", read_flag)
    return not line.flag("start_censored")


def _span(line: SheetRecord) -> tuple[DayRange, DayRange | None]:
    starts, ends = line.day("starts_on"), line.day("ends_on")
    if starts is None:
        line.refuse(
            "starts_on",
            "{heading} is empty. Where the start is unknown, give the first day on which the "
            "person is known to hold the post, and start_known no.",
        )
    if ends is None or starts.on < ends.on:
        return starts, ends
    latest = ends.on - timedelta(days=1)
    if starts.after < latest:  # both are known to the same month or year only
        return replace(starts, on=latest), ends
    raise line.refusal(
        "ends_on",
        "the end {end} does not come after the start {start}.",
        end=ends.on,
        start=starts.on,
    )


def _end_reason(line: SheetRecord, ends: DayRange | None) -> EndReason | None:
    reason = line.read("end_reason", read_end_reason)
    if ends is not None:
        return reason or "unknown"
    if reason not in (None, "unknown"):
        line.refuse(
            "end_reason",
            "{heading} says why the tenure ended, but there is no end. Fill in ends_on.",
        )
    return None
