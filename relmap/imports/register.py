"""Import a snapshot, apply one that was held, look at imports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer

from relmap.errors import ImportHeld, Refused
from relmap.facts.audit import acting_as, actor_id
from relmap.imports import cautions
from relmap.imports.apply import is_stale, write_plan
from relmap.imports.archive import get_import, kept_cells, table_of
from relmap.imports.identity.people_on_file import ids_in, owners_of_ids
from relmap.imports.plan import Note, Plan, unread
from relmap.imports.report import (
    ImportReport,
    held_because,
    kept_message,
    report_of_import,
    report_of_plan,
)
from relmap.imports.sheets.files import read_table
from relmap.imports.sheets.snapshot_rows import SnapshotRow, read_snapshot
from relmap.imports.sheets.table import Table
from relmap.imports.snapshot.planner import plan
from relmap.imports.snapshot.reader import OnFile, read_on_file
from relmap.models import Import, db, utc_now, writing

__all__ = ["apply_import", "import_snapshot", "import_within", "list_imports", "show_import"]

ATTEMPTS: Final = 4
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

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts it names, each once."""
        return tuple(dict.fromkeys(row.account for row in self.rows))


def import_snapshot(
    data: bytes,
    *,
    file_name: str,
    day: date,
    account: str | None = None,
    column_map: Mapping[str, str] = NO_COLUMNS,
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
    table = read_table(data, name=file_name, max_bytes=cap)
    file = _file(table, day, complete, (account or "").strip() or None, column_map)
    file = _seen_on(file, today)
    if dry_run:
        made, _ = _planned(file)
        db.session.rollback()
        return report_of_plan(made, file=table.name, accounts=file.accounts)
    with acting_as(actor_id() if user_id is None else user_id):
        return _apply(file, None, yes=yes)


def import_within(table: Table, *, day: date, account: str) -> Import:
    """Plan and write a list inside the caller's unit of work, whatever the guard says of it."""
    file = _file(table, day, False, account, NO_COLUMNS)
    made, _ = _planned(file)
    kept = _new_import(file)
    with acting_as(actor_id(), import_id=kept.id):
        write_plan(made, kept)
    return kept


def apply_import(
    import_id: int, user_id: int | None = None, *, today: date | None = None
) -> ImportReport:
    """Apply an import that the guard holds: plan it again on today's facts, then write it."""
    kept = get_import(import_id)
    _refuse_unless_held(kept)
    file = _seen_on(_kept_file(kept), today)
    with acting_as(actor_id() if user_id is None else user_id):
        return _apply(file, import_id, yes=True)


def _refuse_unless_held(kept: Import) -> None:
    if kept.status != "held":
        raise Refused(
            "Import {import_id} is {import_status}. Only one that is held can be applied.",
            import_id=kept.id,
            import_status=kept.status,
        )


def _kept_file(kept: Import) -> File:
    assert kept.on is not None
    return _file(table_of(kept), kept.on, kept.complete, kept.account_name, kept.column_map)


def _file(
    table: Table, on: date, complete: bool, account: str | None, column_map: Mapping[str, str]
) -> File:
    sheet = read_snapshot(table, on=on, account=account, mapping=column_map)
    notes = [Note(None, message) for message in sheet.notes]
    if sheet.unused:
        notes.append(unread(sheet.unused))
    return File(table, on, complete, account, column_map, sheet.rows, tuple(notes))


def _seen_on(file: File, today: date | None) -> File:
    return replace(file, notes=(*cautions.of_day(file.on, today), *file.notes))


def _planned(file: File) -> tuple[Plan, OnFile]:
    on_file = read_on_file(file.rows, file.on)
    made = plan(
        file.rows,
        day=file.on,
        complete=file.complete,
        views=on_file.views,
        known=on_file.known,
        coverage=on_file.coverage,
        waiting=on_file.waiting,
    )
    new = cautions.of_new_accounts(_new_accounts(file, on_file))
    return replace(made, notes=(*file.notes, *new, *made.notes)), on_file


def _new_accounts(file: File, on_file: OnFile) -> dict[str, int | None]:
    """The accounts that nobody knew, each with the first row that names it."""
    first: dict[str, int | None] = {}
    for row in file.rows:
        seating = on_file.views[row.account]
        if seating.is_new:
            first.setdefault(seating.name, None if file.account else row.row)
    return first


def _apply(file: File, import_id: int | None, *, yes: bool) -> ImportReport:
    """Plan outside the unit of work that writes, and write if the plan still holds.

    Where others keep writing about the same accounts, the last attempt makes them wait and plans
    inside.
    """
    for attempt in range(ATTEMPTS):
        db.session.rollback()
        made, on_file = _planned(file)
        number = None
        try:
            if yes or not made.held:
                with writing():
                    if attempt == ATTEMPTS - 1:
                        is_stale(made)  # for its locks: what is read from here on stays
                        made, on_file = _planned(file)
                    if yes or not made.held:
                        number = _write(file, made, on_file, import_id)
        except IntegrityError:  # somebody made the same account or id in this very moment
            if attempt == ATTEMPTS - 1:
                raise
            continue
        if made.held and not yes:
            raise ImportHeld(made.held, import_id=_hold(file, made))
        if number is not None:
            report = report_of_plan(made, file=file.table.name, accounts=file.accounts)
            return replace(report, import_id=number, status="applied", held=None)
    raise Refused(
        "Others kept writing about the accounts of {file}. Nothing was imported: try again.",
        file=file.table.name,
    )


def _write(file: File, made: Plan, on_file: OnFile, import_id: int | None) -> int | None:
    """The import's id, or ``None`` where somebody wrote since the plan was made."""
    if is_stale(made) or owners_of_ids(ids_in(file.rows, on_file.views)) != on_file.owners:
        return None
    kept = _held_or_new(file) if import_id is None else get_import(import_id)
    _refuse_unless_held(kept)
    with acting_as(actor_id(), import_id=kept.id):
        write_plan(made, kept)
    return kept.id


def _held_or_new(file: File) -> Import:
    """The import that holds this very file, so that it is not listed as held for ever."""
    query = select(Import).where(
        Import.kind == "snapshot", Import.status == "held", Import.on == file.on
    )
    cells = kept_cells(file.table)
    for kept in db.session.scalars(query.order_by(Import.id)):
        if kept.table == cells and kept.account_name == file.account:
            kept.complete, kept.column_map = file.complete, dict(file.column_map)
            return kept
    return _new_import(file)


def _new_import(file: File) -> Import:
    kept = Import(
        kind="snapshot",
        file_name=file.table.name[:300],
        on=file.on,
        complete=file.complete,
        status="held",
        account_name=file.account,
        column_map=dict(file.column_map),
        table=kept_cells(file.table),
        created_by=actor_id(),
        created_at=utc_now(),
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def _hold(file: File, made: Plan) -> int:
    """Keep a file that the guard holds; nothing of it is applied."""
    with writing():
        kept = _held_or_new(file)
        kept.held_because = None if made.held is None else kept_message(made.held)
        kept.counts = dict(made.counts)
        kept.account_ids = sorted(number for number in made.revisions if number > 0)
        kept.notes = [note.to_json() for note in made.notes]
        return kept.id


def show_import(import_id: int, *, today: date | None = None) -> ImportReport:
    """What an import changed; for one that is held, what it would change today."""
    kept = get_import(import_id)
    if kept.status != "held" or kept.kind != "snapshot":
        return report_of_import(kept)
    file = _seen_on(_kept_file(kept), today)
    try:
        made, _ = _planned(file)
    except Refused as refused:
        return replace(report_of_import(kept), held=refused.message)
    report = report_of_plan(made, file=kept.file_name, accounts=file.accounts)
    return replace(report, import_id=kept.id, status="held", held=held_because(kept))


def list_imports() -> list[ImportReport]:
    """All imports, newest first, without their single changes."""
    query = select(Import).options(defer(Import.table), defer(Import.changes))
    return [
        report_of_import(kept, with_changes=False)
        for kept in db.session.scalars(query.order_by(Import.id.desc()))
    ]
