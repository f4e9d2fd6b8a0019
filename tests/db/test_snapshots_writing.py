"""Snapshots on both databases: all or nothing, several at once, undone to the last row."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from datetime import date

import pytest
from sqlalchemy import func, select

from relmap import imports
from relmap.errors import Refused
from relmap.facts.people import add_person
from relmap.facts.structure import open_account, root_unit
from relmap.facts.tenures import start_tenure
from relmap.imports.snapshot import file
from relmap.models import Account, Import, Model, Person, Post, Tenure, db, writing

pytestmark = pytest.mark.postgresql

FIRST = """unit,parent_unit,post,person,external_id,reports_to
Sales,East,Head,Li Na,ln,
Sales,East,Clerk,Bo Wu,bw,Li Na
Plant,West,Guard,Al Fox,af,Li Na
,,,Cy Ma,cm,"""
SECOND = """unit,parent_unit,post,person,external_id,reports_to
Markets,East,Head,Nora Li,ln,
Markets,East,Clerk,Di Ye,dy,Nora Li
Markets,East,Clerk,Cy Ma,cm,Nora Li
Plant,West,Porter,Al Fox,af,Nora Li
Store,West,Clerk,Bo Wu,bw,Nora Li"""

# Each kind of fact that the second list changes, whatever the number of statements for it.
WRITTEN = {
    *("INSERT import", "INSERT change", "INSERT unit", "INSERT post", "INSERT person"),
    *("INSERT tenure", "UPDATE tenure", "UPDATE post", "UPDATE person", "UPDATE account"),
}


def imported(day: str, text: str, **options):
    options = {"account": "Meridian", "file_name": f"{day}.csv", "cap": 10**7, **options}
    return imports.import_snapshot(text.encode(), day=date.fromisoformat(day), **options)


def all_rows(*, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Every row of every table, but those and without revisions."""
    tables = {}
    for table in Model.metadata.sorted_tables:
        if table.name not in but:
            columns = [column for column in table.columns if column.name != "revision"]
            tables[table.name] = sorted(map(repr, db.session.execute(select(*columns))))
    db.session.rollback()
    return tables


def test_import_undo_import_on_both_databases(app):
    with app.app_context():
        imported("2026-01-01", FIRST)
        before = all_rows(but=("change", "import"))
        first = imported("2026-07-01", SECOND, yes=True)
        assert len(first.changes) >= 10
        imports.undo_import(first.import_id)
        assert all_rows(but=("change", "import")) == before
        again = imported("2026-07-01", SECOND, yes=True)
        assert [row["kind"] for row in again.changes] == [row["kind"] for row in first.changes]
        assert imported("2026-07-01", SECOND, yes=True).changes == ()


# --- all or nothing

KILLED = """
import os, signal, sys
from datetime import date
from sqlalchemy import event
from relmap.app import create_app
from relmap import imports
from relmap.models import Model, db

url, folder, text = sys.argv[1:]
app = create_app({"RELMAP_DATABASE_URL": url, "RELMAP_INSTANCE": folder})

def all_rows():
    found = [sorted(map(repr, db.session.execute(table.select())))
             for table in Model.metadata.sorted_tables]
    let_go()
    return found

def let_go():
    db.session.remove()
    db.engine.dispose()

def import_to_step(number, told):
    steps = []

    def step(what):
        steps.append(what)
        if len(steps) == number:
            os.write(told, what.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(db.engine, "before_cursor_execute")
    def _(connection, cursor, statement, *_):
        if statement.startswith(("INSERT INTO", "UPDATE", "DELETE FROM")):
            step(" ".join(statement.replace("INTO ", "").replace("FROM ", "").split()[:2]))

    event.listen(db.engine, "commit", lambda *_: step("COMMIT"))
    imports.import_snapshot(
        text.encode(), file_name="second.csv", day=date(2026, 7, 1), account="Meridian", yes=True,
        cap=10**7,
    )
    let_go()

with app.app_context():
    before, number, code = all_rows(), 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        number += 1
        read, write = os.pipe()
        if not (child := os.fork()):
            import_to_step(number, write)
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as pipe:
            step = pipe.read()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(code, all_rows() == before, step, sep=",")
"""


def test_killed_at_any_step_nothing_of_an_import_is_there(app, db_url, tmp_path):
    with app.app_context():
        imported("2026-01-01", FIRST)
        db.session.remove()
        db.engine.dispose()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, db_url, str(tmp_path), SECOND],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *killed, whole = (line.split(",") for line in done.stdout.splitlines())
    assert whole == ["0", "False", ""]  # nobody killed it, and it is there
    assert {(code, is_as_before) for code, is_as_before, _ in killed} == {
        (str(-signal.SIGKILL), "True")
    }
    steps = [step for _, _, step in killed]
    assert steps.index("COMMIT") == len(steps) - 1  # one commit, after all else
    assert set(steps) >= WRITTEN
    with app.app_context():
        assert len(db.session.scalars(select(Import)).all()) == 2
        assert imported("2026-07-01", SECOND, yes=True).changes == ()


# --- several at once


def at_once(app, *works) -> list[BaseException | None]:
    """Run each work in a thread of its own, all from the same moment; what they raised."""
    gate = threading.Barrier(len(works))
    raised: list[BaseException | None] = [None] * len(works)

    def run(place: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                works[place]()
            except BaseException as error:
                raised[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_several_importers_at_once_open_one_account_and_all_are_applied(app):
    def list_of(unit: str):
        head = "unit,post,person,external_id"
        text = f"{head}\n{unit},Head,Head of {unit},{unit}\n{unit},Clerk,Li Na,ln"
        return lambda: imported("2026-01-01", text)

    raised = at_once(app, *(list_of(f"Unit {letter}") for letter in "abcd"))
    assert raised == [None] * 4
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 1
        assert len(db.session.scalars(select(Person).where(Person.name == "Li Na")).all()) == 1
        assert len(db.session.scalars(select(Tenure)).all()) == 8


def test_a_row_resolved_twice_at_once_is_resolved_once(app):
    with app.app_context():
        seat = "unit,post,person,email\nSales,Head,Al Fox,\n"  # whoever has none could come twice
        imported("2026-01-01", f"{seat},,Li Na,buying@x.example")
        text = f"{seat},,Bo Wu,buying@x.example"
        doubtful = imported("2026-07-01", text)
        (row,) = [change["row"] for change in doubtful.uncertain]

    def resolve() -> None:
        imports.resolve_row(doubtful.import_id, row, same=None)

    raised = at_once(app, *([resolve] * 4))
    assert [type(error) for error in raised if error is not None] == [Refused] * 3
    with app.app_context():
        assert len(db.session.scalars(select(Person).where(Person.name == "Bo Wu")).all()) == 1


def test_of_two_lists_of_one_unit_and_day_the_second_is_refused(app):
    works = [
        lambda name=name: imported("2026-01-01", f"unit,post,person\nSales,Head,{name}")
        for name in ("Li Na", "Bo Wu")
    ]
    raised = at_once(app, *works)
    assert sorted(type(error) for error in raised if error) == [Refused]
    with app.app_context():
        assert len(db.session.scalars(select(Tenure)).all()) == 1


def test_a_fact_written_between_planning_and_writing_is_planned_with(app, monkeypatch):
    planned = file.planned
    written = []

    def plan_then_write(listed):
        made = planned(listed)
        if not written:
            written.append("Al Fox")
            db.session.rollback()
            with writing():
                post = db.session.scalars(select(Post).where(Post.title == "Deputy")).one()
                start_tenure(add_person("Al Fox"), post, date(2026, 3, 1))
        return made

    with app.app_context():
        imported("2026-01-01", "unit,post,person\nSales,Head,Li Na\nSales,Deputy,vacant")
        monkeypatch.setattr(file, "planned", plan_then_write)
        report = imported("2026-07-01", "unit,post,person\nSales,Head,Li Na\nSales,Deputy,Al Fox")
        assert report.changes == ()
        assert len(db.session.scalars(select(Person)).all()) == 2


def test_an_import_raises_the_revision_of_every_account_it_concerns(app):
    with app.app_context():
        text = "account,post,person,external_id\nOrion,Head,Li Na,ln\nVega,Head,Bo Wu,bw"
        imported("2026-01-01", text, account=None)
        with writing():
            other = open_account("Aside", day=date(2026, 1, 1))
            assert root_unit(other)
        revisions = dict(db.session.execute(select(Account.name, Account.revision)).all())
        text = "post,person,external_id\nHead,Nora Li,ln"
        imported("2026-07-01", text, account="Lyra")
        now = dict(db.session.execute(select(Account.name, Account.revision)).all())
        # Li Na, now Nora Li, sits in Orion as well
        assert {name for name in revisions if now[name] != revisions[name]} == {"Orion"}
        assert now["Lyra"] > 0


def test_undoing_raises_the_revision_of_every_account_it_concerns(app):
    with app.app_context():
        text = "account,post,person,external_id\nOrion,Head,Li Na,ln\nVega,Head,Bo Wu,bw"
        imported("2026-01-01", text, account=None)
        text = "post,person,external_id\nHead,Nora Li,ln"
        renaming = imported("2026-07-01", text, account="Lyra")
        revisions = dict(db.session.execute(select(Account.name, Account.revision)).all())
        imports.undo_import(renaming.import_id)
        now = dict(db.session.execute(select(Account.name, Account.revision)).all())
        # she is called Li Na again, in Orion as well
        assert {name for name in now if now[name] != revisions[name]} == {"Orion"}


@pytest.mark.parametrize("size", [1_200])
def test_a_list_longer_than_one_statement_takes_is_written_whole(app, size):
    lines = [f"Unit {n % 40},Post {n % 300},Person {n} P{n},h{n}" for n in range(size)]
    text = "\n".join(["unit,post,person,external_id", *lines])
    with app.app_context():
        assert imported("2026-01-01", text).counts["joined_post"] == size
        assert imported("2026-07-01", text, complete=True).changes == ()
        report = imported("2026-12-01", "\n".join([text.splitlines()[0], *lines[100:]]))
        assert report.counts["left_post"] == 100
        imports.undo_import(report.import_id)
        open_tenures = select(func.count()).select_from(Tenure).where(Tenure.ends_on.is_(None))
        assert db.session.scalar(open_tenures) == size
