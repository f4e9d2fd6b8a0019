"""Verbs that end or change a row: of two at once the second sees what the first wrote."""

import threading
from datetime import date

import pytest
from sqlalchemy import select, text

from relmap.errors import Refused
from relmap.facts import next_steps, structure, tenures
from relmap.models import Account, Alert, Change, NextStep, Person, Post, Tenure, db, writing
from relmap.results.reports import alerts

DAY = date(2026, 6, 1)


@pytest.fixture
def found(staffed) -> None:
    """A next step and an alert beside Director Lin."""
    with writing():
        account = db.session.get_one(Account, staffed.id)
        lin = db.session.scalars(select(Person).where(Person.name == "Lin")).one()
        next_steps.add_next_step(account, lin, due_on=DAY, day=DAY)
        alert = Alert(account_id=account.id, plugin="p", rule_key="r", rule_version=1, key="k")
        alert.text, alert.severity, alert.raised_on = "Lin left", "note", DAY
        db.session.add(alert)


def one(kind):
    return db.session.scalars(select(kind).order_by(kind.id).limit(1)).one()


ENDS = {
    "end": lambda: tenures.end_tenure(one(Tenure), DAY),
    "done": lambda: next_steps.do_next_step(one(NextStep), DAY),
    "dropped": lambda: next_steps.drop_next_step(one(NextStep), DAY, because="he retires"),
    "closed": lambda: alerts.close(one(Alert).id, reason="done"),
}


def both(app, first, second) -> list[BaseException]:
    """Run the second while the first is written and not committed; what the second raised."""
    raised: list[BaseException] = []

    def run() -> None:
        with app.app_context():
            try:
                with writing():
                    second()
            except Refused as error:
                raised.append(error)

    thread = threading.Thread(target=run)
    with writing():
        first()
        thread.start()
        _wait_for_a_lock(thread)
    thread.join()
    db.session.rollback()
    return raised


def _wait_for_a_lock(thread: threading.Thread) -> None:
    if db.engine.dialect.name == "sqlite":  # it waits where it begins, and cannot say so
        return
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as beside:
        while not beside.scalar(waiting):
            assert thread.is_alive(), "It did not wait."


@pytest.mark.postgresql
@pytest.mark.parametrize("name", ENDS)
def test_what_two_end_at_once_is_ended_once(app, found, name):
    raised = both(app, ENDS[name], ENDS[name])

    assert [type(error) for error in raised] == [Refused]


@pytest.mark.postgresql
def test_the_log_of_two_who_change_a_post_at_once_has_what_stood_before(app, staffed):
    for_months = [
        lambda months=months: structure.change_post(one(Post), {"term_months": months})
        for months in (24, 36)
    ]
    assert both(app, *for_months) == []
    changes = db.session.scalars(select(Change).where(Change.verb == "change_post")).all()
    assert [(row.before["term_months"], row.after["term_months"]) for row in changes] == [
        (None, 24),
        (24, 36),
    ]


@pytest.mark.postgresql
def test_a_start_that_is_corrected_while_the_tenure_ends_sees_the_end(app, staffed):
    raised = both(
        app,
        lambda: tenures.end_tenure(one(Tenure), DAY),
        lambda: tenures.correct_start(one(Tenure), date(2026, 7, 1)),
    )
    assert [str(error) for error in raised] == [
        "The tenure ended on 2026-06-01: it began before that day."
    ]
