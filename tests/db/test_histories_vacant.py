"""What a history says of seats in which nobody sat, and from when on its units are there."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from relmap import graph
from relmap.facts import structure
from relmap.imports import list_imports, undo_import
from relmap.imports.history import import_tenures
from relmap.maintenance import check
from relmap.models import Account, Post, Unit, db, writing

TODAY = date(2026, 7, 1)
HEAD = "unit,post,person,start,end"


@pytest.fixture
def acme(app):
    """The account, opened today."""
    with app.app_context():
        with writing():
            structure.open_account("Acme", day=TODAY)
        yield
        db.session.rollback()


def history(*rows: str):
    text = "\n".join([HEAD, *rows])
    return import_tenures(text.encode(), file_name="h.csv", on=TODAY, account="Acme")


def status(day: str, title: str = "Buyer") -> str:
    account = db.session.scalars(select(Account)).one()
    view = graph.view(account.id, date.fromisoformat(day))
    found = view.status(next(post for post in view.posts if post.title == title))
    db.session.rollback()
    return found


def said(report) -> str:
    return " ".join(str(note.message) for note in report.notes)


def test_a_vacancy_with_an_end_makes_the_seat_vacant_in_that_span(acme):
    report = history(
        "P,Buyer,Tom Berg,2018-01-01,2026-01-01",
        "P,Buyer,TBD,2026-01-01,2026-03-01",
        "P,Buyer,Zoe Hall,2026-03-01,",
    )
    assert [status(day) for day in ("2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01")] == [
        "filled",
        "vacant",
        "vacant",
        "filled",
    ]
    assert "Row 3: Buyer was vacant from 2026-01-01 until 2026-03-01." in said(report)
    undo_import(report.import_id)
    assert db.session.scalars(select(Post)).all() == []


def test_an_open_vacancy_is_told_and_one_that_is_contradicted_too(acme):
    report = history(
        "P,Buyer,vacant,2026-01-01,",
        "P,Clerk,Tom Berg,2018-01-01,",
        "P,Clerk,空缺,2019-01-01,2020-01-01",
    )
    assert status("2026-02-01") == "vacant"
    assert "Buyer is vacant since 2026-01-01" in said(report)
    assert "somebody sat in Clerk between 2019-01-01 and 2020-01-01" in said(report)


STARTS = st.dates(date(1990, 1, 1), TODAY).map(date.isoformat)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(starts=st.lists(STARTS, min_size=1, max_size=4), depth=st.integers(0, 2))
def test_a_history_breaks_no_rule_of_the_book(acme, starts, depth):
    """Whenever the account was opened: the units above are as old as what they hold."""
    for report in list_imports():
        if report.status == "applied":
            undo_import(report.import_id)
    unit = "/".join(["East", "Buying", "Metal"][: depth + 1])
    names = ["Ana Ruiz", "Bo Wu", "Cy Roth", "Di Fox"]
    rows = zip(names, starts, strict=False)
    history(*(f"{unit},Clerk {name[0]},{name},{start}," for name, start in rows))
    assert list(check.check_book()) == []
    oldest = min(map(date.fromisoformat, starts))
    assert db.session.scalars(select(Unit).where(Unit.is_root)).one().starts_on <= oldest
    db.session.rollback()
