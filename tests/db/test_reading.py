"""What only reads sees one moment of the book, and writes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import current_thread

import pytest
from sqlalchemy import event, insert, select, text

from relmap import graph
from relmap.facts import people, structure, tenures
from relmap.models import Account, db, writing

pytestmark = pytest.mark.postgresql

DAY = date(2026, 6, 1)


def somebody_comes(number: int) -> None:
    """One unit of work that writes units, posts, people, tenures and revisions."""
    with writing():
        account = db.session.scalars(select(Account)).one()
        unit = structure.open_unit(account, f"Unit {number}", day=DAY)
        post = structure.open_post(unit, f"Post {number}", day=DAY)
        tenures.start_tenure(people.add_person(f"Person {number}"), post, DAY)


def read_while_somebody_comes(number: int, app, read):
    """What is read where somebody writes after so many of its statements; and how many it has."""
    seen: list[str] = []

    def write() -> None:
        with app.app_context():
            somebody_comes(number)

    def note(_connection, _cursor, statement, *_: object) -> None:
        if current_thread() is reader and not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)
            if len(seen) == number:
                with ThreadPoolExecutor(1) as thread:
                    thread.submit(write).result()

    reader = current_thread()
    event.listen(db.engine, "after_cursor_execute", note)
    try:
        return read(), len(seen)
    finally:
        event.remove(db.engine, "after_cursor_execute", note)
        db.session.rollback()


def test_a_view_is_of_one_moment_whenever_somebody_writes(app, staffed):
    def read() -> str:
        return graph.view(staffed.id, DAY).to_json()

    number, count = 1, 1
    while number <= count:
        before = read()
        db.session.rollback()
        found, count = read_while_somebody_comes(number, app, read)
        assert found == before, f"A write after statement {number} of {count} is half seen."
        number += 1
    assert number > 9
    assert read() != before


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_reads_says_so_to_the_database_and_what_writes_too(context):
    asked = [text(f"SHOW transaction_{name}") for name in ("isolation", "read_only")]
    assert [db.session.scalar(one) for one in asked] == ["repeatable read", "on"]
    with writing():
        assert [db.session.scalar(one) for one in asked] == ["read committed", "off"]
    assert [db.session.scalar(one) for one in asked] == ["repeatable read", "on"]


def test_a_statement_past_the_session_writes_nothing_outside_a_unit_of_work(context):
    new = {"name": "Anhe", "search_text": "", "revision": 0, "is_sample": False}
    with pytest.raises(RuntimeError, match="with writing"):
        db.session.connection().execute(insert(Account.__table__), new)
    db.session.rollback()
    with writing():
        db.session.connection().execute(insert(Account.__table__), new)
    assert db.session.scalars(select(Account.name)).all() == ["Anhe"]
