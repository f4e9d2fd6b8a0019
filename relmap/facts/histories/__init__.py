"""Lists of ties, touches, tenures and projects become facts.

Each import is planned from frozen values outside the write transaction and written in one unit of
work: rows many at once, every row with its ``import_id``, so that it can be taken back whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from relmap.facts.histories.imported import run_import
from relmap.facts.histories.projects import plan_projects
from relmap.facts.histories.tenures import plan_tenures
from relmap.facts.histories.ties import plan_ties
from relmap.facts.histories.touches import plan_touches
from relmap.facts.sheets.files import MAX_BYTES, read_table
from relmap.facts.sheets.project_rows import read_projects
from relmap.facts.sheets.tenure_rows import read_tenures
from relmap.facts.sheets.tie_rows import read_ties
from relmap.facts.sheets.touch_rows import read_touches
from relmap.facts.snapshots.report import ImportReport

__all__ = ["import_projects", "import_tenures", "import_ties", "import_touches"]


def import_ties(
    data: bytes,
    *,
    file_name: str,
    on: date,
    account: str | None = None,
    column_map: Mapping[str, str] | None = None,
    dry_run: bool = False,
    among_client: bool = False,
    create_people: bool = False,
    cap: int = MAX_BYTES,
) -> ImportReport:
    """Import who of us knows whom, or (``among_client``) who of them does. Commits.

    ``on`` is when the ties were judged, where the file does not say. One of us whom nobody knows is
    made; an unknown person of theirs is ``Refused``, or made a contact with ``create_people``.
    """
    table = read_table(data, name=file_name, max_bytes=cap)
    mapping = column_map or {}
    sheet = read_ties(table, on=on, account=account, mapping=mapping, among_client=among_client)
    return run_import(
        "ties",
        table,
        lambda: plan_ties(sheet.rows, create_people=create_people),
        account=account,
        column_map=mapping,
        dry_run=dry_run,
        unused=sheet.unused,
    )


def import_touches(
    data: bytes,
    *,
    file_name: str,
    account: str | None = None,
    column_map: Mapping[str, str] | None = None,
    dry_run: bool = False,
    create_people: bool = False,
    cap: int = MAX_BYTES,
) -> ImportReport:
    """Import visits, calls and mails. Commits. People as with :func:`import_ties`."""
    table = read_table(data, name=file_name, max_bytes=cap)
    mapping = column_map or {}
    sheet = read_touches(table, account=account, mapping=mapping)
    return run_import(
        "touches",
        table,
        lambda: plan_touches(sheet.rows, create_people=create_people),
        account=account,
        column_map=mapping,
        dry_run=dry_run,
        unused=sheet.unused,
    )


def import_tenures(
    data: bytes,
    *,
    file_name: str,
    account: str | None = None,
    column_map: Mapping[str, str] | None = None,
    dry_run: bool = False,
    cap: int = MAX_BYTES,
) -> ImportReport:
    """Import who held which post from when to when. Commits.

    Accounts, units, posts and people that are not on file are made.
    """
    table = read_table(data, name=file_name, max_bytes=cap)
    mapping = column_map or {}
    sheet = read_tenures(table, account=account, mapping=mapping)
    return run_import(
        "tenures",
        table,
        lambda: plan_tenures(sheet.rows),
        account=account,
        column_map=mapping,
        dry_run=dry_run,
        unused=sheet.unused,
    )


def import_projects(
    data: bytes,
    *,
    file_name: str,
    on: date,
    account: str | None = None,
    column_map: Mapping[str, str] | None = None,
    dry_run: bool = False,
    cap: int = MAX_BYTES,
) -> ImportReport:
    """Import the chances to sell, and the posts that decide them. Commits.

    ``on`` is the day the list was true: stages and values that differ from those on file changed
    on it. Accounts and posts must be on file.
    """
    table = read_table(data, name=file_name, max_bytes=cap)
    mapping = column_map or {}
    sheet = read_projects(table, account=account, mapping=mapping)
    return run_import(
        "projects",
        table,
        lambda: plan_projects(sheet.rows, on=on),
        account=account,
        column_map=mapping,
        dry_run=dry_run,
        unused=sheet.unused,
    )
