"""What one record of a snapshot says: a row for each of its people in each of its units."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from relmap.contracts import Message
from relmap.contracts.message import N_
from relmap.errors import Refused
from relmap.imports.sheets.cells import read_share, split_acting
from relmap.imports.sheets.holders import PERHAPS_SEVERAL, looks_like_several, split_holders
from relmap.imports.sheets.leaving import Leaving, leaving_of, split_leaving
from relmap.imports.sheets.nobody import is_blank_mark, is_unknown_mark
from relmap.imports.sheets.people import (
    external_ids_of,
    is_count,
    mark_of,
    name_of,
    split_acting_name,
)
from relmap.imports.sheets.records import SheetRecord
from relmap.imports.sheets.snapshot_rows.contact_points import contact_points_of, number_in
from relmap.imports.sheets.snapshot_rows.notes import (
    ASIDE,
    COUNT_IN_TITLE,
    HIRED_LATER,
    NO_NAME,
    SEVERAL,
    Notes,
    note_leaving,
    note_no_ids,
)
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow
from relmap.imports.sheets.snapshot_rows.superiors import superior_id_of, superior_of
from relmap.imports.sheets.spellings import read_function, read_level
from relmap.imports.sheets.unit_paths import UnitPath, UnitPaths, place_of
from relmap.names.days import DayRange
from relmap.names.folding import is_east_asian, tidy
from relmap.names.honorifics import bare_name
from relmap.names.readings import split_scripts

__all__ = ["rows_of_record"]

W = TypeVar("W")
NOT_UNDERSTOOD: Final = {
    "level": N_("{heading}: {cell} was not understood as a level"),
    "function": N_("{heading}: {cell} was not understood as a function"),
}
_HOLDERS_COUNTED: Final = re.compile(r"\s*[(（]\s*(?:共\s*)?[x×]?\d+\s*[人名位个個]?\s*[)）]$")
FARTHEST_AHEAD: Final = timedelta(days=3 * 366)
"""Nobody announces a start that lies farther ahead: such a day is a slip."""


def rows_of_record(
    line: SheetRecord,
    account: str | None,
    on: date,
    units: Mapping[str, UnitPaths],
    certain: frozenset[str],
    notes: Notes,
) -> Iterator[SnapshotRow]:
    """What a record says: a row for each of its people in each of its units."""
    account = line.account(account)
    paths: list[UnitPath | None] = [*units[account].of(line)] or [None]
    row = _row(line, account, certain, notes)
    part = 0
    for holder in _holders(line, on, notes):
        if holder.leaving.standing != "coming":
            starts = _start(line, holder, on, notes)
            for place, path in enumerate(paths, part):
                yield _seated(row, holder, path, place, line, starts)
        part += len(paths)


def _row(line: SheetRecord, account: str, certain: frozenset[str], notes: Notes) -> dict[str, Any]:
    """What a record says of its post, whoever holds it, in whichever unit."""
    post, acting_post = split_acting(line.name("post") or "")
    if post != (post := _HOLDERS_COUNTED.sub("", post)):
        notes.of_row(COUNT_IN_TITLE, line.row)
    if is_blank_mark(post) or is_unknown_mark(post):
        post = ""
    note_no_ids(line, notes)
    return {
        "row": line.row,
        "repeats": line.repeats,
        "account": account,
        "parent_unit": line.name("parent_unit"),
        "unit_id": number_in(line, "unit_id"),
        "post": post or None,
        "acting": acting_post or line.flag("acting"),
        "level": _word(line, "level", read_level, certain, notes),
        "function": _word(line, "function", read_function, certain, notes),
        "decision_weight": line.read("decision_weight", read_share),
        "reports_to": superior_of(line),
        "reports_to_id": superior_id_of(line),
        "term_ends_on": line.day("term_ends_on"),
    }


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who a record names, alone or as one of several."""

    name: str
    acting: bool
    leaving: Leaving
    is_alone: bool


def _holders(line: SheetRecord, on: date, notes: Notes) -> Iterator[_Holder]:
    written = name_of(line)
    if is_count(written):
        notes.of_row(NO_NAME, line.row)
        if line.name("post"):
            yield _Holder("?", False, Leaving(), False)
        return
    names = (written,) if mark_of(written) else split_holders(written)
    if len(names) > 1:
        notes.of_row(SEVERAL, line.row)
    elif not mark_of(written) and looks_like_several(written):
        notes.of_row(PERHAPS_SEVERAL, line.row)
    for name in names:
        bare, mark = split_leaving(name)
        written_name = tidy(bare)
        bare, acting = split_acting_name(bare)
        leaving = leaving_of(line, mark, on)
        has_aside = bare != written_name and not acting
        if has_aside or (mark and leaving.standing == "present"):
            notes.of_row(ASIDE, line.row, name)
        note_leaving(notes, leaving, line, bare)
        yield _Holder(bare, acting, leaving, len(names) == 1)


def _seated(
    row: Mapping[str, Any],
    holder: _Holder,
    path: UnitPath | None,
    part: int,
    line: SheetRecord,
    starts: DayRange | None,
) -> SnapshotRow:
    mark, leaving = mark_of(holder.name), holder.leaving
    has_left = leaving.standing == "left" and not mark
    if mark and not row["post"]:
        raise line.refusal(
            "person", "names neither a person nor a post. Fill one in, or remove the row."
        )
    told = {
        **row,
        "part": part,
        "acting": row["acting"] or holder.acting,
        "holder": "unknown" if mark == "unknown" else "vacant" if mark else "named",
        "starts": None if has_left else starts,
        "has_left": has_left,
        **place_of(path, account=row["account"], parent_unit=row["parent_unit"]),
    }
    if not mark:
        told |= {"ends": leaving.ends, "end_reason": leaving.reason}
        told |= _person(holder.name, line, is_alone=holder.is_alone)
    return SnapshotRow(**told)


def _person(name: str, line: SheetRecord, *, is_alone: bool) -> dict[str, Any]:
    """Who holds the post of a row; what stands once for several people is nobody's."""
    first, second = split_scripts(name)
    bare = bare_name(first)
    is_latin = second is not None and not is_east_asian(second)
    latin = bare_name(second) if second and is_latin else None
    address = None if bare == first else first
    told: dict[str, Any] = {
        "person": bare,
        "other_name": None if is_latin or second is None else bare_name(second),
        "name_latin": latin,
        "address_as": address,
        "affiliation": line.name("affiliation"),
    }
    if is_alone:
        told |= {
            "name_latin": line.name("name_latin") or latin,
            "nickname": line.name("nickname"),
            "address_as": line.name("address_as") or address,
            "external_ids": external_ids_of(line),
            "number": line.name("row_number"),
            "contact_points": tuple(contact_points_of(line)),
        }
    return told


def _word(
    line: SheetRecord,
    field: str,
    reader: Callable[[str], W | None],
    certain: frozenset[str],
    notes: Notes,
) -> W | None:
    """A word of a closed list.

    A column of another house's grades, found by a heading such as 职级, is left alone with a note;
    one that was mapped or is headed by the field's own name must hold our words.
    """
    try:
        return line.read(field, reader)
    except Refused as refused:
        if field in certain:
            raise
        cell = tidy(line.raw(field))
        told = {"heading": refused.column, "cell": cell}
        notes.once(Message(NOT_UNDERSTOOD[field], told), cell)
        return None


def _start(line: SheetRecord, holder: _Holder, on: date, notes: Notes) -> DayRange | None:
    start = line.day("starts_on")
    if start is None and (hired := _hired_on(line)) is not None and hired.after >= on:
        notes.of_row(HIRED_LATER, line.row, holder.name)
        start = hired
    if start is None:
        return None
    if start.after < on:
        return start if start.on <= on else replace(start, on=on)
    if start.after - on > FARTHEST_AHEAD:
        line.refuse(
            "starts_on",
            "{heading} {cell} lies years after {day}, the day of the file. Correct it.",
            cell=tidy(line.raw("starts_on")),
            day=on,
        )
    return start


def _hired_on(line: SheetRecord) -> DayRange | None:
    """When somebody came to the company, if that can be read: it tells little of the post."""
    try:
        return line.day("hired_on")
    except Refused:
        return None
