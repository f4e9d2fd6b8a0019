"""The files of the sample book that importers read: who sat where, touches, projects."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources.abc import Traversable
from typing import Final

from sqlalchemy import update

from relmap.imports.history.projects import plan_projects
from relmap.imports.history.touches import plan_touches
from relmap.imports.insertion import make_rows
from relmap.imports.plan import Made
from relmap.imports.sheets.files import read_table
from relmap.imports.sheets.project_rows import read_projects
from relmap.imports.sheets.table import Table
from relmap.imports.sheets.touch_rows import read_touches
from relmap.imports.snapshot.file import import_within
from relmap.maintenance.sample.days import moment, move
from relmap.maintenance.sample.rows import BOOK, Book
from relmap.models import Import, Model, Person, db

__all__ = ["import_lists", "import_projects", "import_touches"]

LISTED: Final = "北岭储能"
"""The customer who is known by lists."""


def import_touches(book: Book) -> None:
    """Store the touches as a list of them is; as if each had been entered on its day."""
    rows = read_touches(_table("touches", book)).rows
    made = plan_touches(rows, create_people=False).made
    make_rows(
        [_learnt(one, one.columns["on"]) if one.kind == "touch" else one for one in made],
        import_id=None,
    )


def import_projects(book: Book) -> None:
    """Store the projects as they stand; as if each had been entered when it began."""
    rows = read_projects(_table("projects", book)).rows
    made = plan_projects(rows, on=book.today).made
    begun = {one.id: one.columns["starts_on"] for one in made if one.kind == "project"}
    make_rows(
        [_learnt(one, begun[one.columns.get("project_id", one.id)]) for one in made],
        import_id=None,
    )


def _learnt(made: Made, day: date) -> Made:
    return replace(made, columns={**made.columns, "recorded_at": moment(day)})


def _table(file: str, book: Book) -> Table:
    """A file with its days moved, and people named by their ids: a real one may bear the name."""
    table = _read(BOOK / f"{file}.csv")

    def written(heading: str, cell: str) -> str:
        if heading in ("ours", "theirs"):
            return ";".join(f"person:{book.id('person', name)}" for name in cell.split("、"))
        if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
            return move(date.fromisoformat(cell), book.today).isoformat()
        return cell

    return replace(
        table,
        records=tuple(
            (line, tuple(map(written, table.header, cells))) for line, cells in table.records
        ),
    )


def _read(file: Traversable) -> Table:
    return read_table(file.read_bytes(), name=file.name)


def import_lists(today: date) -> None:
    """Plan and write the lists as any other; what one made counts as learnt the day after it."""
    for file in sorted(BOOK.iterdir(), key=lambda file: file.name):
        if file.name.startswith("list-"):
            day = move(date.fromisoformat(file.name[5:15]), today)
            table = replace(_read(file), name=f"通讯录-{day:%Y%m%d}.csv")
            kept = import_within(table, day=day, account=LISTED)
            _backdate(kept, min(day + timedelta(days=1), today))


def _backdate(kept: Import, day: date) -> None:
    """Let all that the import made be of the sample, and known since a day."""
    learnt_at = moment(day, hour=9)
    kept.created_at = kept.applied_at = learnt_at
    of_import = {"recorded_at": "import_id", "end_recorded_at": "end_import_id"}
    for table in Model.metadata.tables.values():
        for learnt, origin in of_import.items():
            if learnt in table.c:
                made = table.c[origin] == kept.id
                db.session.execute(update(table).where(made).values({learnt: learnt_at}))
    listed = update(Person).where(Person.import_id == kept.id).values(is_sample=True)
    db.session.execute(listed.execution_options(synchronize_session=False))
    db.session.expire_all()
