"""The imports there are: one with all that it changed, or the list of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import defer

from relmap.errors import Refused
from relmap.imports.archive import get_import
from relmap.imports.report import ImportReport, held_because, report_of_import, report_of_plan
from relmap.imports.snapshot.file import kept_file, planned, seen_on
from relmap.models import Import, db

__all__ = ["list_imports", "show_import"]


def show_import(import_id: int, *, today: date | None = None) -> ImportReport:
    """What an import changed; for one that is held, what it would change today."""
    kept = get_import(import_id)
    if kept.status != "held" or kept.kind != "snapshot":
        return report_of_import(kept)
    file = seen_on(kept_file(kept), today)
    try:
        made = planned(file)
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
