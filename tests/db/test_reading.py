"""What only reads sees one moment of the book, and writes nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import current_thread

import pytest
from sqlalchemy import event, func, insert, select, text

from relmap import graph
from relmap.contracts import Ref
from relmap.facts import people, structure, tenures
from relmap.hub.engine import InProcess
from relmap.hub.registry import rules_in_force
from relmap.insight.outlook import RateElsewhere
from relmap.models import Account, BookRate, Score, StoredView, WhatIf, db, writing
from relmap.models.session import locked_accounts
from relmap.results.reports.what_ifs import score_differences
from relmap.results.runs import back_tests, forecasting, scanning, scoring, what_ifs
from relmap.results.runs.book_rates import rate_elsewhere

pytestmark = pytest.mark.postgresql

DAY = date(2026, 6, 1)
STRIDE = 5
"""Of the statements of what takes longer one in so many is followed by a write."""


def somebody_comes(number: int) -> None:
    """One unit of work that writes units, posts, people, tenures and revisions."""
    with writing():
        account = db.session.scalars(select(Account)).one()
        unit = structure.open_unit(account, f"Unit {number}", day=DAY)
        post = structure.open_post(unit, f"Post {number}", day=DAY)
        tenures.start_tenure(people.add_person(f"Person {number}"), post, DAY)


def is_writing() -> bool:
    """Whether a unit of work is open: others wait for that, and need not be tried."""
    try:
        locked_accounts()
    except RuntimeError:
        return False
    return True


def read_while_somebody_comes(number: int, app, read):
    """What is read where somebody writes after so many of its statements; and how many it has."""
    seen: list[str] = []

    def write() -> None:
        with app.app_context():
            somebody_comes(number)

    def note(_connection, _cursor, statement, *_: object) -> None:
        is_told = statement.startswith(("BEGIN", "PRAGMA")) or is_writing()
        if current_thread() is reader and not is_told:
            seen.append(statement)
            if len(seen) == number:
                with ThreadPoolExecutor(1) as thread:
                    thread.submit(write).result()

    reader = current_thread()
    app.extensions.pop("relmap.views", None)  # a view that is kept asks for hardly anything
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


def every_write(app, work) -> Iterator[None]:
    """Do ``work`` again and again, with a write after some statements more each time."""
    number, count = 1, 1
    while number <= count:
        _, count = read_while_somebody_comes(number, app, work)
        yield
        db.session.rollback()
        number += STRIDE


def test_what_is_scanned_and_scored_was_so_whenever_somebody_writes(app, staffed, plugins, here):
    def work() -> None:
        scoring.score(staffed.id, DAY, runner=here, registry=plugins)
        scanning.scan(staffed.id, DAY, runner=here, registry=plugins)

    whole, tried = {graph.view(staffed.id, DAY).digest}, 0
    for _ in every_write(app, work):
        tried += 1
        whole.add(graph.view(staffed.id, DAY).digest)
        assert set(db.session.scalars(select(StoredView.digest))) <= whole
        assert set(db.session.scalars(select(Score.view_digest))) <= whole
    assert tried * STRIDE > 15  # what was scored is scanned: its view is put together once


def test_a_what_if_is_stored_as_what_it_was_reckoned_of(app, staffed, plugins, here):
    lin, reports = Ref("person", staffed.person("Lin").id), {}

    def reckon() -> None:
        """What the account as it is now loses, by its revision."""
        view = forecasting.foreseen_view(staffed.id, DAY, today=DAY)
        found = score_differences(view, [lin], rules_in_force(plugins).scoring, runner=here)
        for row in found["scores"]:
            del row["reason"]
        reports[view.revision] = found

    def work() -> None:
        with writing():
            account = db.session.get_one(Account, staffed.id)
            asked = what_ifs.ask_what_if(account, DAY, [lin])
        what_ifs.run_what_if(asked.id, DAY, runner=here, registry=plugins)

    reckon()
    for _ in every_write(app, work):
        reckon()
    done = db.session.scalars(select(WhatIf).where(WhatIf.computed_at.is_not(None))).all()
    assert len(done) * STRIDE > 9
    assert {row.revision: row.report for row in done}.items() <= reports.items()


def test_what_was_asked_before_somebody_wrote_is_told_of_the_account_as_it_is(
    staffed, plugins, here
):
    lin = Ref("person", staffed.person("Lin").id)

    def ask() -> int:
        with writing():
            account = db.session.get_one(Account, staffed.id)
            asked = what_ifs.ask_what_if(account, DAY, [lin])
        return asked.id

    def run(number: int) -> None:
        what_ifs.run_what_if(number, DAY, runner=here, registry=plugins)
        db.session.rollback()

    early = ask()
    staffed.touch("Wang", "Wu", DAY)
    run(early)
    account = db.session.get_one(Account, staffed.id)
    assert what_ifs.read_what_if(account, DAY, [lin]).id == early == ask()
    staffed.touch("Wang", "Wu", DAY)
    late = ask()
    staffed.touch("Wang", "Wu", DAY)
    latest = ask()
    run(late)
    assert what_ifs.asked_what_ifs() == [latest]  # the same question: one row of a revision


class Unhurried(InProcess):
    """Rules that take their time: nobody's transaction stays open for them."""

    def __init__(self) -> None:
        super().__init__()
        self.turns: list[bool] = []

    def score(self, view, rules):
        self.turns.append(db.session().in_transaction())
        return super().score(view, rules)

    def check(self, before, now, rules):
        self.turns.append(db.session().in_transaction())
        return super().check(before, now, rules)


def test_no_transaction_is_open_while_something_is_reckoned(context, staffed, plugins, monkeypatch):
    runner = Unhurried()

    def unhurried(reckon, *given, **named):
        runner.turns.append(db.session().in_transaction())
        return reckon(*given, **named)

    for room, name in ((forecasting, "outlook_of"), (back_tests, "rotation_back_test")):
        monkeypatch.setattr(room, name, partial(unhurried, getattr(room, name)))
    lin = Ref("person", staffed.person("Lin").id)
    forecasting.forecast(staffed.id, DAY, today=DAY)
    for _ in range(2):  # against no view that was stored, and against one
        scoring.score(staffed.id, DAY, runner=runner, registry=plugins)
        scanning.scan(staffed.id, DAY, runner=runner, registry=plugins)
        somebody_comes(len(runner.turns))
    with writing():
        account = db.session.get_one(Account, staffed.id)
        what_if = what_ifs.ask_what_if(account, DAY, [lin])
        back_test = back_tests.ask_back_test(staffed.id, DAY)
    numbers = what_if.id, back_test.id
    what_ifs.run_what_if(numbers[0], DAY, runner=runner, registry=plugins)
    back_tests.run_back_test(numbers[1], DAY)

    assert len(runner.turns) > 8
    assert not any(runner.turns)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_of_two_who_fit_the_rate_of_the_book_at_once_the_first_stays(staffed, make_firm, meanwhile):
    staffed.leave("Wu", date(2026, 5, 1))
    other = make_firm("Other")
    others = []

    def fit() -> RateElsewhere | None:
        return rate_elsewhere(other.id, DAY)

    def overtake(_connection, _cursor, statement, *_: object) -> None:
        if statement.startswith("INSERT INTO book_rate") and not others:
            others.append(None)
            others[0] = meanwhile(fit)

    event.listen(db.engine, "before_cursor_execute", overtake)
    try:
        mine = fit()
    finally:
        event.remove(db.engine, "before_cursor_execute", overtake)
    assert others == [mine]
    assert mine.ends == 1
    assert db.session.scalar(select(func.count()).select_from(BookRate)) == 1


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
