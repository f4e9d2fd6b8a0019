"""Lists of ties, touches, tenures and projects become facts.

Each import is planned from frozen values outside the write transaction and written in one unit of
work: rows many at once, every row with its ``import_id``, so that it can be taken back whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeVar

from relmap.clock import today
from relmap.errors import ImportHeld, Refused
from relmap.imports.apply import apply_plan
from relmap.imports.archive import keep_file
from relmap.imports.collector import collector_off
from relmap.imports.history.draft import Additions
from relmap.imports.history.projects import plan_projects
from relmap.imports.history.tenures import plan_tenures
from relmap.imports.history.ties import plan_ties
from relmap.imports.history.touches import plan_touches
from relmap.imports.plan import ImportPlan, Note, notes_of, unread
from relmap.imports.report import ImportReport, report_of_plan
from relmap.imports.sheets.files import MAX_BYTES, read_table
from relmap.imports.sheets.project_rows import read_projects
from relmap.imports.sheets.records import Sheet
from relmap.imports.sheets.row_places import as_seen, naming_sheets
from relmap.imports.sheets.table import AS_IT_IS, Reading, Table
from relmap.imports.sheets.tenure_rows import read_tenures
from relmap.imports.sheets.tie_rows import read_ties
from relmap.imports.sheets.touch_rows import read_touches

__all__ = ["import_projects", "import_tenures", "import_ties", "import_touches"]

Row = TypeVar("Row")


def import_ties(
    data: bytes,
    *,
    file_name: str,
    on: date,
    account: str | None = None,
    column_map: Mapping[str, str] | None = None,
    reading: Reading = AS_IT_IS,
    dry_run: bool = False,
    among_client: bool = False,
    create_people: bool = False,
    cap: int = MAX_BYTES,
) -> ImportReport:
    """Import who of us knows whom, or (``among_client``) who of them does. Commits.

    ``on`` is when the ties were judged, where the file does not say. One of us whom nobody knows is
    made; an unknown person of theirs is ``Refused``, or made a contact with ``create_people``.
    """
    return _imported(
        "ties",
        _table("ties", data, file_name, column_map, reading, cap),
        partial(read_ties, on=on, among_client=among_client),
        partial(plan_ties, create_people=create_people),
        account=account,
        column_map=column_map,
        dry_run=dry_run,
    )


def import_touches(
    data: bytes,
    *,
    file_name: str,
    account: str | None = None,
    column_map: Mapping[str, str] | None = None,
    reading: Reading = AS_IT_IS,
    dry_run: bool = False,
    create_people: bool = False,
    cap: int = MAX_BYTES,
) -> ImportReport:
    """Import visits, calls and mails. Commits. People as with :func:`import_ties`."""
    return _imported(
        "touches",
        _table("touches", data, file_name, column_map, reading, cap),
        read_touches,
        partial(plan_touches, create_people=create_people),
        account=account,
        column_map=column_map,
        dry_run=dry_run,
    )


def import_tenures(
    data: bytes,
    *,
    file_name: str,
    on: date | None = None,
    account: str | None = None,
    column_map: Mapping[str, str] | None = None,
    reading: Reading = AS_IT_IS,
    dry_run: bool = False,
    yes: bool = False,
    cap: int = MAX_BYTES,
) -> ImportReport:
    """Import who held which post from when to when. Commits.

    Accounts, units, posts and people that are not on file are made. ``on`` is the day of the file,
    today unless given: what begins or ends after it is announced. Raises ``ImportHeld`` where it
    wants a ``yes`` first; a dry run says so in its report.
    """
    return _imported(
        "tenures",
        _table("tenures", data, file_name, column_map, reading, cap),
        read_tenures,
        partial(plan_tenures, on=on or today()),
        account=account,
        column_map=column_map,
        dry_run=dry_run,
        yes=yes,
    )


def import_projects(
    data: bytes,
    *,
    file_name: str,
    on: date,
    account: str | None = None,
    column_map: Mapping[str, str] | None = None,
    reading: Reading = AS_IT_IS,
    dry_run: bool = False,
    cap: int = MAX_BYTES,
) -> ImportReport:
    """Import the chances to sell, and the posts that decide them. Commits.

    ``on`` is the day the list was true: stages and values that differ from those on file changed
    on it. Accounts and posts must be on file.
    """
    return _imported(
        "projects",
        _table("projects", data, file_name, column_map, reading, cap),
        read_projects,
        partial(plan_projects, on=on),
        account=account,
        column_map=column_map,
        dry_run=dry_run,
    )


def _table(
    kind: str,
    data: bytes,
    file_name: str,
    column_map: Mapping[str, str] | None,
    reading: Reading,
    cap: int,
) -> Table:
    """The table in a file; no history is kept to be applied later, so what it asks is refused."""
    table = read_table(
        data, name=file_name, kind=kind, mapping=column_map, reading=reading, max_bytes=cap
    )
    if table.questions:
        raise Refused(table.questions[0])
    return table


@collector_off()
def _imported(
    kind: str,
    table: Table,
    read: Callable[..., Sheet[Row]],
    plan: Callable[[Sequence[Row]], Additions],
    *,
    account: str | None,
    column_map: Mapping[str, str] | None,
    dry_run: bool,
    yes: bool = True,
) -> ImportReport:
    """Read a table's rows, plan them and write them; none are, where all are on file already."""
    mapping = column_map or {}
    with naming_sheets(table):
        sheet = read(table, account=account, mapping=mapping)

    def made() -> ImportPlan:
        with naming_sheets(table):
            draft = plan(sheet.rows)
        draft.notes = [note.seen(table.parts) for note in draft.notes] + notes_of(table)
        if sheet.unused:
            draft.notes.append(unread(sheet.unused))
        draft.notes += [Note(None, as_seen(message, table.parts)) for message in sheet.notes]
        done = draft.plan(kind)
        held = done.held and as_seen(done.held, table.parts)
        return replace(done, parts=table.parts, held=held)

    done, number = apply_plan(
        made,
        lambda: keep_file(kind, table, account=account, column_map=mapping),
        is_wanted=lambda plan: not (dry_run or plan.is_empty or (plan.held and not yes)),
        file_name=table.name,
    )
    if done.held and not (yes or dry_run):
        text = "{held} ({command})"
        raise ImportHeld(text, held=done.held, command="--yes", import_id=None)
    accounts = dict.fromkeys(line["account"] for line in done.told if line.get("account"))
    report = report_of_plan(done, file=table.name, accounts=tuple(accounts))
    if dry_run:
        return report
    return replace(report, import_id=number, status="applied", held=None)
