"""One row of a snapshot: who sat where on a day, as a file says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeVar

from relmap.contracts import Message
from relmap.contracts.message import N_
from relmap.contracts.words import ContactKind, EndReason, ExternalIdKind, Function, Level
from relmap.errors import Refused
from relmap.imports.sheets.cells import (
    is_no_id,
    is_rounded,
    read_ids,
    read_mails,
    read_share,
    split_acting,
)
from relmap.imports.sheets.columns import Columns, find_columns, is_of_tier, require
from relmap.imports.sheets.headings import people_of_companies, vocabulary
from relmap.imports.sheets.holders import looks_like_several, split_holders
from relmap.imports.sheets.leaving import (
    HAS_LEFT,
    NOT_BEGUN,
    Leaving,
    leaving_of,
    split_leaving,
)
from relmap.imports.sheets.nobody import is_blank_mark, is_unknown_mark, is_vacancy_mark
from relmap.imports.sheets.people import external_ids_of, mark_of, name_of, split_acting_name
from relmap.imports.sheets.records import Sheet, SheetRecord, lines_of
from relmap.imports.sheets.row_numbers import set_row_numbers_apart
from relmap.imports.sheets.spellings import read_function, read_level
from relmap.imports.sheets.table import Table
from relmap.imports.sheets.unit_paths import UnitPath, UnitPaths
from relmap.names.days import DayRange
from relmap.names.folding import is_east_asian, tidy
from relmap.names.readings import split_scripts

__all__ = ["Holder", "SnapshotRow", "read_snapshot"]

Holder = Literal["named", "vacant", "unknown"]
W = TypeVar("W")


class Notes:
    """What is to be said of a file: some of it once, some of it of all rows together."""

    def __init__(self) -> None:
        self._once: dict[tuple[str, ...], Message] = {}
        self._rows: defaultdict[str, dict[int, None]] = defaultdict(dict)

    def once(self, message: Message, *about: str) -> None:
        """Say it, unless the same was said about the same before."""
        self._once.setdefault((message.id, *about), message)

    def of_row(self, text: str, row: int) -> None:
        """Say it of this row as well; the text asks for ``{rows}``."""
        self._rows[text][row] = None

    def told(self) -> tuple[Message, ...]:
        """All of it, what is said of rows first."""
        together = (Message(text, {"rows": list(rows)}) for text, rows in self._rows.items())
        return (*together, *self._once.values())


NOT_UNDERSTOOD: Final = {
    "level": N_("{heading}: {cell} was not understood as a level"),
    "function": N_("{heading}: {cell} was not understood as a function"),
}
ROUNDED: Final = N_(
    "Row {row}: {heading} reads {cell}: a spreadsheet rounded the number, and it was left out. "
    "Give the column the format text, and fill it in again."
)
SEVERAL: Final = N_(
    "Two or more people stand in one cell. Each was taken as a holder, and what stands once for "
    "all of them (ids, telephone) was left out: row {rows}."
)
PERHAPS_SEVERAL: Final = N_(
    "One name was read where there may be several. Give each person a row if so: row {rows}."
)
OUT: Final = {"left": HAS_LEFT, "coming": NOT_BEGUN}

FARTHEST_AHEAD: Final = timedelta(days=3 * 366)
"""Nobody announces a start that lies farther ahead: such a day is a slip."""
NO_ID: Final = N_("Row {row}: {heading} reads {cell}, which is nobody's id; it was left out.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotRow:
    """What one record of a snapshot says; texts as written, trimmed.

    A row has a person, a post or both. ``person`` without ``post`` is a contact entry. ``post``
    without ``person`` says by ``holder`` whether the seat is vacant or held by somebody unknown.
    """

    row: int
    """The record's line in the file (header = 1)."""
    part: int = 0
    """Which of the people or units of a record with several this is."""
    account: str
    unit: str | None = None
    """``None``: the account's root unit."""
    parent_unit: str | None = None
    above: UnitPath = ()
    """The path above the unit, the top first; () where the file gives no more than a parent."""
    unit_id: str | None = None
    post: str | None = None
    """The title without its acting mark; ``None``: a contact entry."""
    acting: bool = False
    level: Level | None = None
    """As the file gives it; ``None``: not given (guess from the title)."""
    function: Function | None = None
    """As the file gives it; ``None``: not given (guess from the title)."""
    decision_weight: float | None = None
    holder: Holder = "named"
    person: str | None = None
    """``None`` unless ``holder`` is ``named``."""
    other_name: str | None = None
    """The name in characters behind one in Latin letters: ``Li Na (李娜)``."""
    name_latin: str | None = None
    nickname: str | None = None
    address_as: str | None = None
    external_ids: tuple[tuple[ExternalIdKind, str], ...] = ()
    """As written; compare with ``cells.id_key``. The ``external_id`` column comes first."""
    number: str | None = None
    """The row's own number, by which other rows may name their superior; no id."""
    affiliation: str | None = None
    contact_points: tuple[tuple[ContactKind, str], ...] = ()
    reports_to: str | None = None
    """The manager's name as written."""
    reports_to_id: tuple[ExternalIdKind, str] | None = None
    starts: DayRange | None = None
    """The start in (``starts.after``, ``starts.on``]; never wholly after the snapshot's day."""
    term_ends_on: DayRange | None = None
    has_left: bool = False
    """Whether its person holds the post no more, as the row says: then it is no seat."""
    ends: DayRange | None = None
    """When the person left or, if they did not yet, is to leave."""
    end_reason: EndReason = "unknown"

    @property
    def is_contact(self) -> bool:
        """A person without a post: a contact entry."""
        return self.post is None


def read_snapshot(
    table: Table,
    *,
    on: date,
    account: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Sheet[SnapshotRow]:
    """The rows of a snapshot of the day ``on``.

    With ``account`` the whole file is of that account, and a column of companies says whom people
    work for. ``Refused`` with row and column where a cell cannot be what its column says.
    """
    columns, counted = set_row_numbers_apart(table, _columns(table, account, mapping or {}))
    lines = list(lines_of(table, columns))
    _refuse_several_accounts(table, lines, columns, account)
    employer_is_account = _names_one_company(lines, columns)
    notes = Notes()
    units = _unit_paths(lines, columns, account)
    rows = []
    for line in lines:
        _refuse_other_day(line, on)
        for row in _rows(line, account=account, on=on, units=units, columns=columns, notes=notes):
            if row.affiliation and (employer_is_account or _same(row.affiliation, row.account)):
                row = replace(row, affiliation=None)
            if "person" not in columns and row.holder == "vacant" and not _has_name_parts(columns):
                row = replace(row, holder="unknown")  # a list of seats names no holders
            rows.append(row)
    for paths in units.values():
        for about, note in paths.notes.items():
            notes.once(note, about)
    return Sheet(tuple(rows), columns, (*counted, *notes.told()))


def _unit_paths(
    lines: list[SheetRecord], columns: Columns, account: str | None
) -> dict[str, UnitPaths]:
    """How the units of each account are written, by the account's name in the file."""
    cells: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        cells[account or line.name("account") or ""].append(line.raw("unit"))
    heading = columns.headings.get("unit", "unit")
    return {name: UnitPaths(of, heading=heading, account=name) for name, of in cells.items()}


def _columns(table: Table, account: str | None, mapping: Mapping[str, str]) -> Columns:
    companies = frozenset({("account", 1), ("account", 2)}) if account else frozenset()
    columns = find_columns(table, vocabulary("snapshot"), mapping=mapping, without=companies)
    require(
        table,
        columns,
        ("person", "post", "first_name", "last_name"),
        what=Message("the person or the post"),
    )
    if not account:
        require(table, columns, ("account",), what=Message("the account (or give --account)"))
    return columns


def _has_name_parts(columns: Columns) -> bool:
    return "first_name" in columns or "last_name" in columns


def _same(one: str, other: str) -> bool:
    return tidy(one).casefold() == tidy(other).casefold()


def _refuse_several_accounts(
    table: Table, lines: list[SheetRecord], columns: Columns, account: str | None
) -> None:
    if not account or "account" not in columns:
        return
    names: dict[str, SheetRecord] = {}
    for line in lines:
        if name := line.name("account"):
            names.setdefault(name.casefold(), line)
    if len(names) > 1:
        _, second, *_ = names.values()
        raise second.refusal(
            "account",
            "{file} lists {number} accounts, but --account {account} says it is of one. "
            "Leave --account out, or split the file.",
            file=table.name,
            number=len(names),
            account=account,
        )


def _names_one_company(lines: list[SheetRecord], columns: Columns) -> bool:
    """Whether a column of companies names one only: then it is the account, nobody's employer."""
    heading = columns.headings.get("affiliation")
    if heading is None or not is_of_tier(heading, people_of_companies()):
        return False
    return len({name.casefold() for line in lines if (name := line.name("affiliation"))}) == 1


def _refuse_other_day(line: SheetRecord, on: date) -> None:
    day = line.day("snapshot_date")
    if day is not None and not day.after < on <= day.on:
        raise line.refusal(
            "snapshot_date",
            "the row is of {cell}, but --on says {day}. Import each day by itself.",
            cell=tidy(line.raw("snapshot_date")),
            day=on,
        )


def _rows(
    line: SheetRecord,
    *,
    account: str | None,
    on: date,
    units: Mapping[str, UnitPaths],
    columns: Columns,
    notes: Notes,
) -> Iterator[SnapshotRow]:
    """What a record says: a row for each of its people in each of its units."""
    account = account or line.name("account")
    if not account:
        line.refuse(
            "account", "{heading} is empty. Fill it in, or give --account for the whole file."
        )
    unit = line.name("unit")
    paths: list[UnitPath | None] = [*units[account].units(line.raw("unit"))] if unit else [None]
    row = _row(line, account, on, columns.certain, notes)
    part = 0
    for holder in _holders(line, on, notes):
        for path in paths:
            if holder.leaving.standing != "coming":
                yield _seated(row, holder, path, part, line, on)
            part += 1


def _row(
    line: SheetRecord, account: str, on: date, certain: frozenset[str], notes: Notes
) -> SnapshotRow:
    """What a record says of its post, whoever holds it, in whichever unit."""
    post, acting_post = split_acting(line.name("post") or "")
    if is_blank_mark(post) or is_unknown_mark(post):
        post = ""
    _note_rounded(line, notes)
    return SnapshotRow(
        row=line.row,
        account=account,
        parent_unit=line.name("parent_unit"),
        unit_id=_number(line, "unit_id"),
        post=post or None,
        acting=acting_post or line.flag("acting"),
        level=_word(line, "level", read_level, certain, notes),
        function=_word(line, "function", read_function, certain, notes),
        decision_weight=line.read("decision_weight", read_share),
        reports_to=_superior(line),
        reports_to_id=_superior_id(line),
        term_ends_on=line.day("term_ends_on"),
    )


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who a record names, alone or as one of several."""

    name: str
    acting: bool
    leaving: Leaving
    is_alone: bool


def _holders(line: SheetRecord, on: date, notes: Notes) -> Iterator[_Holder]:
    written = name_of(line)
    names = (written,) if mark_of(written) else split_holders(written)
    if len(names) > 1:
        notes.of_row(SEVERAL, line.row)
    elif not mark_of(written) and looks_like_several(written):
        notes.of_row(PERHAPS_SEVERAL, line.row)
    for name in names:
        bare, mark = split_leaving(name)
        bare, acting = split_acting_name(bare)
        leaving = leaving_of(line, mark, on)
        _note_leaving(notes, leaving, line)
        yield _Holder(bare, acting, leaving, len(names) == 1)


def _seated(
    row: SnapshotRow,
    holder: _Holder,
    path: UnitPath | None,
    part: int,
    line: SheetRecord,
    on: date,
) -> SnapshotRow:
    mark, leaving = mark_of(holder.name), holder.leaving
    has_left = leaving.standing == "left" and not mark
    if mark and not row.post:
        raise line.refusal(
            "person", "names neither a person nor a post. Fill one in, or remove the row."
        )
    told = {
        "part": part,
        "acting": row.acting or holder.acting,
        "holder": "unknown" if mark == "unknown" else "vacant" if mark else "named",
        "starts": None if has_left else _start(line, on),
        "has_left": has_left,
        **_place(row, path),
    }
    if not mark:
        told |= {"ends": leaving.ends, "end_reason": leaving.reason}
        told |= _person(holder.name, line, is_alone=holder.is_alone)
    return replace(row, **told)


def _place(row: SnapshotRow, path: UnitPath | None) -> dict[str, Any]:
    """The unit of a row, and what stands above it."""
    *above, unit = path or (None,)
    if unit is None or (_same(unit, row.account) and not above):
        return {"unit": None}
    if not above:
        is_own = row.parent_unit is not None and _same(row.parent_unit, unit)
        return {"unit": unit, "parent_unit": None if is_own else row.parent_unit}
    return {"unit": unit, "parent_unit": above[-1], "above": tuple(above)}


def _person(name: str, line: SheetRecord, *, is_alone: bool) -> dict[str, Any]:
    """Who holds the post of a row; what stands once for several people is nobody's."""
    first, second = split_scripts(name)
    is_latin = second is not None and not is_east_asian(second)
    latin = second if is_latin else None
    told: dict[str, Any] = {
        "person": first,
        "other_name": None if is_latin else second,
        "name_latin": latin,
        "affiliation": line.name("affiliation"),
    }
    if is_alone:
        told |= {
            "name_latin": line.name("name_latin") or latin,
            "nickname": line.name("nickname"),
            "address_as": line.name("address_as"),
            "external_ids": external_ids_of(line),
            "number": line.name("row_number"),
            "contact_points": tuple(_contact_points(line)),
        }
    return told


def _note_leaving(notes: Notes, leaving: Leaving, line: SheetRecord) -> None:
    if leaving.note is not None:
        notes.once(leaving.note, leaving.note.values["status"])
    if leaving.standing in OUT:
        notes.of_row(OUT[leaving.standing], line.row)


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


def _note_rounded(line: SheetRecord, notes: Notes) -> None:
    for field in ("external_id", "staff_number", "unit_id", "reports_to_id", "phone", "mobile"):
        if not line.has(field):
            continue
        cell = line.raw(field).strip()
        if is_rounded(cell):
            told = {"row": line.row, "heading": line.heading(field), "cell": cell}
            notes.once(Message(ROUNDED, told), f"{line.row}", field)
        elif field in ("external_id", "staff_number") and is_no_id(cell):
            told = {"row": line.row, "heading": line.heading(field), "cell": cell}
            notes.once(Message(NO_ID, told), f"{line.row}", field)


def _contact_points(line: SheetRecord) -> Iterator[tuple[ContactKind, str]]:
    for address in read_mails(line.raw("email")):
        yield "mail", address
    yield from (("phone", number) for number in _phones(line))
    if number := _number(line, "mobile"):
        yield "mobile", number
    if name := line.name("wechat"):
        yield "wechat", name


def _phones(line: SheetRecord) -> list[str]:
    """The numbers on the desk; an extension belongs to the first of them, if there is one."""
    phones = [number for field in ("phone", "landline") if (number := _number(line, field))]
    extension = line.name("extension")
    if extension and phones and extension not in phones[0]:
        phones[0] = f"{phones[0]} ext. {extension}"
    elif extension and not phones:
        phones.append(extension)
    short = line.name("short_number")
    return list(dict.fromkeys([*phones, *([short] if short else [])]))


def _number(line: SheetRecord, field: str) -> str | None:
    number = line.name(field)
    return None if number is None or is_rounded(number) else number


def _superior(line: SheetRecord) -> str | None:
    name = line.name("reports_to")
    if name is None or "@" in name or is_vacancy_mark(name) or is_unknown_mark(name):
        return None
    return split_acting_name(name)[0]


def _superior_id(line: SheetRecord) -> tuple[ExternalIdKind, str] | None:
    for field in ("reports_to_id", "reports_to"):
        if mails := read_mails(line.raw(field)):
            return "mail", mails[0]
    kind: ExternalIdKind = "staff_number"
    if line.has("external_id") or line.has("row_number"):
        kind = "handle"
    ids = read_ids(line.raw("reports_to_id"), kind)
    return ids[0] if ids else None


def _start(line: SheetRecord, on: date) -> DayRange | None:
    start = line.day("starts_on")
    if start is None:
        return None
    if start.after < on:
        return replace(start, on=min(start.on, on))
    if start.after - on > FARTHEST_AHEAD:
        line.refuse(
            "starts_on",
            "{heading} {cell} lies years after {day}, the day of the file. Correct it.",
            cell=tidy(line.raw("starts_on")),
            day=on,
        )
    return start
