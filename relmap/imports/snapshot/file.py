"""A list as it was handed in: planned and written, or held by the guard and applied later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select

from relmap.contracts import Message
from relmap.errors import ImportHeld, Refused
from relmap.facts.audit import acting_as, actor_id
from relmap.imports import cautions
from relmap.imports.apply import apply_plan, write_plan
from relmap.imports.archive import get_import, keep_file, kept_cells, table_of
from relmap.imports.collector import collector_off
from relmap.imports.identity.people_on_file import ids_in
from relmap.imports.plan import ImportPlan, Note, asked_at_once, notes_of, unread
from relmap.imports.report import ImportReport, kept_message, report_of_plan
from relmap.imports.sheets.files import read_table
from relmap.imports.sheets.row_places import as_seen, naming_sheets
from relmap.imports.sheets.snapshot_rows.reading import read_snapshot
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow
from relmap.imports.sheets.table import AS_IT_IS, Reading, Table
from relmap.imports.snapshot.planner import plan
from relmap.imports.snapshot.reader import OnFile, read_on_file
from relmap.models import Import, db, writing

__all__ = [
    "File",
    "apply_import",
    "import_snapshot",
    "import_within",
    "kept_file",
    "planned",
    "seen_on",
]

NO_COLUMNS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True)
class File:
    """A list as it was handed in, read into rows."""

    table: Table
    on: date
    complete: bool
    account: str | None
    column_map: Mapping[str, str]
    rows: tuple[SnapshotRow, ...]
    notes: tuple[Note, ...]
    """What the sheet, and its day as seen from today, give rise to."""
    questions: tuple[Message, ...] = ()
    """What is to be answered before it is believed."""

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts it names, each once."""
        return tuple(dict.fromkeys(row.account for row in self.rows))


@collector_off()
def import_snapshot(
    data: bytes,
    *,
    file_name: str,
    day: date,
    account: str | None = None,
    column_map: Mapping[str, str] = NO_COLUMNS,
    reading: Reading = AS_IT_IS,
    complete: bool = False,
    dry_run: bool = False,
    yes: bool = False,
    user_id: int | None = None,
    today: date | None = None,
    cap: int,
) -> ImportReport:
    """Turn a list of who sits where on ``day`` into facts, and say what changed.

    Opens its own units of work: call it outside any. Reading and planning happen before the one
    that writes; if somebody wrote meanwhile it plans again. Raises ``Refused`` with row and column
    where the file cannot be right, and ``ImportHeld`` where the guard wants a yes; a dry run says
    so in its report. ``cap`` is the largest file in bytes; a day after ``today`` (if given) is
    noted.
    """
    table = read_table(
        data, name=file_name, kind="snapshot", mapping=column_map, reading=reading, max_bytes=cap
    )
    file = _file(table, day, complete, (account or "").strip() or None, column_map)
    file = seen_on(file, today)
    if dry_run:
        made = planned(file)
        db.session.rollback()
        return report_of_plan(made, file=table.name, accounts=file.accounts)
    with acting_as(actor_id() if user_id is None else user_id):
        return _apply(file, None, yes=yes)


def import_within(table: Table, *, day: date, account: str) -> Import:
    """Plan and write a list inside the caller's unit of work, whatever the guard says of it."""
    file = _file(table, day, False, account, NO_COLUMNS)
    kept = _new_import(file)
    write_plan(planned(file), kept)
    return kept


@collector_off()
def apply_import(
    import_id: int,
    user_id: int | None = None,
    *,
    today: date | None = None,
    shown: str | None = None,
) -> ImportReport:
    """Apply an import that the guard holds: plan it again on today's facts, then write it.

    ``shown`` is the mark of the report that somebody said yes to: ``Refused`` where what would be
    written is another by now.
    """
    file = seen_on(kept_file(_still_held(import_id)), today)
    with acting_as(actor_id() if user_id is None else user_id):
        return _apply(file, import_id, yes=True, shown=shown)


def _still_held(import_id: int) -> Import:
    kept = get_import(import_id)
    if kept.status != "held":
        raise Refused(
            "Import {import_id} is {import_status}. Only one that is held can be applied.",
            import_id=kept.id,
            import_status=kept.status,
        )
    return kept


def kept_file(kept: Import) -> File:
    """The list of an import, read again."""
    assert kept.on is not None
    return _file(table_of(kept), kept.on, kept.complete, kept.account_name, kept.column_map)


def _file(
    table: Table, on: date, complete: bool, account: str | None, column_map: Mapping[str, str]
) -> File:
    with naming_sheets(table):
        sheet = read_snapshot(table, on=on, account=account, mapping=column_map)
    told = (Note(None, as_seen(message, table.parts)) for message in sheet.notes)
    notes = [*notes_of(table), *told]
    if sheet.unused:
        notes.append(unread(sheet.unused))
    asked = (*table.questions, *sheet.questions)
    return File(table, on, complete, account, column_map, sheet.rows, tuple(notes), asked)


def seen_on(file: File, today: date | None) -> File:
    """The list with what is to be noted of its day."""
    return replace(file, notes=(*cautions.of_day(file.on, today), *file.notes))


def planned(file: File) -> ImportPlan:
    """What the file changes, by what is on file now; whose its ids are is part of the plan."""
    on_file = read_on_file(file.rows, file.on)
    with naming_sheets(file.table):
        made = plan(
            file.rows,
            day=file.on,
            complete=file.complete,
            views=on_file.views,
            known=on_file.known,
            coverage=on_file.coverage,
            waiting=on_file.waiting,
        )
    opened = _new_accounts(file, on_file)
    new = cautions.of_new_accounts(opened)
    owners, parts = on_file.owners, file.table.parts
    guard = made.held and as_seen(made.held, parts)
    return replace(
        made,
        parts=parts,
        notes=(*file.notes, *new, *(note.seen(parts) for note in made.notes)),
        held=asked_at_once((*file.questions, cautions.question_of_new_accounts(opened), guard)),
        owners={key: owners.get(key) for key in ids_in(file.rows, on_file.views)},
    )


def _new_accounts(file: File, on_file: OnFile) -> dict[str, int | None]:
    """The accounts that nobody knew, each with the first row that names it."""
    first: dict[str, int | None] = {}
    for row in file.rows:
        seating = on_file.views[row.account]
        if seating.is_new:
            first.setdefault(seating.name, None if file.account else row.row)
    return first


def _apply(
    file: File, import_id: int | None, *, yes: bool, shown: str | None = None
) -> ImportReport:
    made, number = apply_plan(
        lambda: planned(file),
        lambda: _held_or_new(file) if import_id is None else _still_held(import_id),
        is_wanted=lambda made: (
            (yes or not made.held) and (shown is None or shown == _told(made, file).mark)
        ),
        file_name=file.table.name,
    )
    if number is None and import_id is not None:
        _still_held(import_id)
        raise Refused(
            "Somebody wrote while you had this list open, and it would change something else by "
            "now. Look at it again, then apply it."
        )
    if number is None:
        assert made.held is not None
        raise ImportHeld(made.held, import_id=_hold(file, made))
    return replace(_told(made, file), import_id=number, status="applied", held=None)


def _told(made: ImportPlan, file: File) -> ImportReport:
    return report_of_plan(made, file=file.table.name, accounts=file.accounts)


def _held_or_new(file: File) -> Import:
    """The import that holds this very file, so that it is not listed as held for ever."""
    query = select(Import).where(
        Import.kind == "snapshot", Import.status == "held", Import.on == file.on
    )
    cells = kept_cells(file.table)
    for kept in db.session.scalars(query.order_by(Import.id)):
        is_same = kept.table == cells or (
            file.table.digest and kept.table.get("digest") == file.table.digest
        )
        if is_same and kept.account_name == file.account:
            kept.table = cells  # it may have been read in another way
            kept.complete, kept.column_map = file.complete, dict(file.column_map)
            return kept
    return _new_import(file)


def _new_import(file: File) -> Import:
    return keep_file(
        "snapshot",
        file.table,
        account=file.account,
        column_map=file.column_map,
        on=file.on,
        complete=file.complete,
    )


def _hold(file: File, made: ImportPlan) -> int:
    """Keep a file that the guard holds; nothing of it is applied."""
    with writing():
        kept = _held_or_new(file)
        kept.held_because = None if made.held is None else kept_message(made.held)
        kept.counts = dict(made.counts)
        kept.account_ids = sorted(number for number in made.revisions if number > 0)
        kept.notes = [note.to_json() for note in made.notes]
        return kept.id
