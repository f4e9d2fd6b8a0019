"""What a list announced holds as long as its ground does, and nobody is silent about the rest."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from relmap import imports
from relmap.models import Tenure, db

HEAD = "unit,post,person,start date,leave date"
LIN = f"{HEAD}\nBuying,Director,Lin,2024-01-01,\nBuying,Clerk,Bo Wu,2024-01-01,"
CHEN = "Buying,Director,Chen Yi,2027-05-01,"
laws = settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def ends(book) -> dict[str, str | None]:
    rows = db.session.scalars(select(Tenure).order_by(Tenure.starts_on, Tenure.id))
    found = {row.person.name: row.ends_on and row.ends_on.isoformat() for row in rows}
    db.session.rollback()
    return found


def notes(report) -> str:
    return " ".join(str(note.message) for note in report.notes)


def undo_all() -> None:
    for report in imports.list_imports():
        if report.status == "applied":
            imports.undo_import(report.import_id)


NAMES = ["Ana Ruiz", "Kim Oh", "Al Poe", "Eve Lund"]
STARTS = st.sampled_from(["", "2024-01-01", "2027-05-01", "2027-06", "2027-09-15", "2027", "2028"])


@laws
@given(
    starts=st.lists(STARTS, min_size=1, max_size=4),
    day=st.sampled_from(["2027-04-20", "2027-05-01", "2027-07-01", "2028-06-01"]),
)
def test_whoever_is_listed_together_sits_there_together(book, starts, day):
    """However they were announced: no end that a guess wrote outlives a list that has them all."""
    undo_all()
    names = NAMES[: len(starts)]
    first = [f"Buying,Clerk,{name},{start}," for name, start in zip(names, starts, strict=True)]
    book.list("2027-04-01", "\n".join([HEAD, *first]))
    second = "\n".join([HEAD, *(f"Buying,Clerk,{name},," for name in names)])
    book.list(day, second)
    assert ends(book) == dict.fromkeys(names)
    assert db.session.query(Tenure).count() == len(names)
    assert book.sits(day) == {f"{name}: Clerk" for name in names}
    assert book.post("Clerk").seats == len(names)
    assert book.list("2028-08-01", second).changes == ()


@laws
@given(starts=st.lists(st.sampled_from(["2027-06-01", "2027-06", "2028", "2028-03"]), max_size=3))
def test_who_are_announced_for_a_free_post_sit_there_side_by_side(book, starts):
    undo_all()
    rows = [f"Buying,Clerk,{name},{start}," for name, start in zip(NAMES, starts, strict=False)]
    book.list("2027-04-01", "\n".join([HEAD, "Buying,Director,Lin,,", *rows]))
    assert set(ends(book).values()) == {None}
    assert not starts or book.post("Clerk").seats == len(starts)


def test_an_end_falls_when_the_next_comes_early_and_both_are_there(book, told):
    book.list("2027-01-01", LIN)
    book.list("2027-03-01", f"{LIN}\n{CHEN}")
    assert ends(book)["Lin"] == "2027-05-01"
    report = book.list("2027-04-01", f"{LIN}\nBuying,Director,Chen Yi,,")
    assert ends(book) == {"Lin": None, "Bo Wu": None, "Chen Yi": None}
    assert "is there still" in notes(report)
    assert not [line for line in told(report) if "left" in line]


@pytest.mark.parametrize("day", ["2027-05-01", "2027-06-01"])
def test_who_is_listed_after_an_announced_end_has_not_left(book, told, day):
    book.list("2027-01-01", LIN)
    book.list("2027-03-01", f"{LIN}\n{CHEN}")
    report = book.list(day, LIN)
    assert ends(book)["Lin"] is None
    assert not [line for line in told(report) if "joined" in line or "left" in line]
    assert book.sits(day) >= {"Lin: Director"}


def test_who_was_away_on_a_list_since_has_left_and_come_back(book):
    book.list("2027-01-01", LIN)
    book.list("2027-03-01", LIN.replace("Lin,2024-01-01,", "Lin,2024-01-01,2027-05-01"))
    book.list("2027-06-01", f"{HEAD}\nBuying,Director,,,\nBuying,Clerk,Bo Wu,,")
    book.list("2027-09-01", LIN)
    assert ends(book)["Lin"] is None  # the newest of two
    assert book.sits("2027-07-01") == {"Bo Wu: Clerk"}


def test_a_postponed_move_keeps_the_old_post_longer(book):
    book.list("2027-01-01", LIN)
    book.list("2027-03-01", f"{HEAD}\nBuying,Director,Bo Wu,2027-05-01,")
    assert book.tenure("Bo Wu", "Clerk").ends_on == date(2027, 5, 1)
    book.list("2027-04-01", f"{HEAD}\nBuying,Director,Bo Wu,2027-06-01,\nBuying,Clerk,Bo Wu,,")
    assert book.tenure("Bo Wu", "Clerk").ends_on == date(2027, 6, 1)


def test_a_list_that_no_longer_gives_an_end_is_told_once(book, told):
    book.list("2027-01-01", LIN)
    book.list("2027-03-01", LIN.replace("Lin,2024-01-01,", "Lin,2024-01-01,2027-05-01"))
    report = book.list("2027-04-01", LIN)
    assert told(report) == []
    assert notes(report).count("no longer says") == 1
    assert ends(book)["Lin"] == "2027-05-01"


def test_a_list_that_no_longer_has_who_is_to_begin_is_told_once(book, told):
    book.list("2027-01-01", LIN)
    book.list("2027-03-01", f"{LIN}\n{CHEN}")
    report = book.list("2027-04-01", LIN)
    assert told(report) == []
    assert notes(report).count("no longer says") == 1
    assert "Chen Yi begins as Director (2027-05-01)" in notes(report)
    assert ends(book)["Lin"] == "2027-05-01"


def test_a_month_and_a_year_are_told_as_such(book):
    rows = "Buying,Clerk,Ana Ruiz,2027-09,\nBuying,Clerk,Kim Oh,2028,"
    text = book.list("2027-04-01", f"{LIN}\n{rows}").to_text()
    assert "announced for Sep 2027" in text
    assert "announced for 2028\n" in text
    text = book.list("2027-05-01", f"{LIN}\n{rows.replace('2027-09', '2027-10-04')}").to_text()
    assert "starts Sep 2027 -> starts 4 Oct 2027" in text
    assert "precision" not in text
