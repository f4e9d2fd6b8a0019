"""A list of many accounts: what each costs does not grow with how many there are."""

import sys
from collections.abc import Callable
from datetime import date
from types import FrameType
from typing import Any

from sqlalchemy import event

from relmap.imports import import_snapshot
from relmap.models import db

PASSES = ("relmap/imports/snapshot/", "relmap/imports/identity/", "relmap/imports/snapshot_draft")

FEW = ("FROM import \n", "account.owner_id IN")
"""Of what is gone over whole: a row a list, and a row an account to tell whose it is."""


def listed(count: int, *, holder: str) -> bytes:
    """So many accounts of three people; one of each is the holder."""
    lines = ["account,unit,post,person,email"]
    for number in range(count):
        account = f"Client {count} {number:03}"
        for post, person in (("Head", holder), ("Clerk", "Bo Wu"), ("Guard", "Al Fox")):
            mail = f"{person.split()[0]}{number}@{count}.example.com"
            lines.append(f"{account},Unit,{post},{person} {number},{mail}")
    return "\n".join(lines).encode()


def steps_of(act: Callable[[], Any]) -> int:
    """How many lines of the passes are run: time is another's on a busy machine."""
    count = 0

    def note(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if event == "call" and not any(one in frame.f_code.co_filename for one in PASSES):
            return None
        count += event == "line"
        return note

    sys.settrace(note)
    try:
        act()
    finally:
        sys.settrace(None)
    return count


def test_twice_the_accounts_are_twice_the_work(app):
    def steps(count: int) -> tuple[int, ...]:
        def imported(day: date, holder: str) -> None:
            data = listed(count, holder=holder)
            import_snapshot(data, file_name="list.csv", day=day, yes=True, cap=10**6)

        with app.app_context():
            return (
                steps_of(lambda: imported(date(2026, 1, 1), "Mira Holt")),
                steps_of(lambda: imported(date(2026, 2, 1), "Di Ye")),
            )

    few, many = steps(20), steps(40)
    for one, both in zip(few, many, strict=True):
        assert both < 2.1 * one


def test_a_list_of_one_account_goes_over_no_table_of_the_book(app):
    asked: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    def imported(day: int, holder: str) -> None:
        data = listed(1, holder=holder)
        import_snapshot(data, file_name="list.csv", day=date(2026, 1, day), yes=True, cap=10**6)

    with app.app_context():
        imported(1, "Mira Holt")  # opens the account, for which all names of accounts are compared
        event.listen(db.engine, "after_cursor_execute", note)
        imported(2, "Di Ye")
        event.remove(db.engine, "after_cursor_execute", note)
        gone_over = [
            statement
            for statement, values in asked
            for step in db.session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", values
            )
            if step.detail.startswith("SCAN") and step.detail.split()[1] in db.metadata.tables
        ]
    assert len(asked) > 20
    assert [one for one in gone_over if not any(few in one for few in FEW)] == []
