"""Over all bundled rules: whoever leaves stands in one alert that is open, with all its parts."""

from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from relmap.facts import tenures
from relmap.imports.snapshot.file import import_snapshot
from relmap.imports.undo import undo_import
from relmap.models import Account, Alert, Person, Tenure, db, writing
from relmap.results.reports import alerts
from relmap.results.runs import scanning

FIRST, SECOND, THIRD = date(2026, 1, 5), date(2026, 6, 29), date(2026, 12, 28)
HEADER = "account,unit,post,level,person,email"
PEOPLE = [
    ("Quality", "Director", "director", "Alba Quiroga"),
    ("Quality", "Engineer", "staff", "Bram Okafor"),
    ("Quality", "Planner", "staff", "Chiyo Tanabe"),
    ("Quality", "Tester", "staff", "Dov Lindqvist"),
    ("Purchasing", "Buyer", "staff", "Emeka Vance"),
    ("Purchasing", "Clerk", "staff", "Fumi Oyelaran"),
]


def listed(day, people, account="Nordwerk"):
    """The number of the import of a complete list of an account."""
    rows = [
        ",".join((account, unit, post, level, name, f"{name.split()[0].lower()}@nordwerk.test"))
        for unit, post, level, name in people
    ]
    data = "\n".join([HEADER, *rows]).encode()
    report = import_snapshot(
        data, file_name=f"{account} {day}.csv", day=day, complete=True, yes=True, cap=10_000
    )
    return report.import_id


@pytest.fixture
def book(context, here, plugins):
    """``book(day, *gone)``: a list of that day without some, then a look for alerts."""

    def look(day, *gone):
        number = listed(day, [row for row in PEOPLE if row[3] not in gone])
        scan(day)
        return number

    def scan(day):
        account = db.session.scalar(select(Account.id))
        scanning.scan(account, day, runner=here, registry=plugins)

    look.scan = scan
    return look


def standing(day):
    return alerts.list_alerts(today=day)


def named_in(found):
    """How often each person's end is told by what stands, in headlines or in evidence."""
    return Counter(
        ref["name"]
        for row in found
        for told in [row, *row["evidence"]]
        for ref in told["refs"][:1]
        if ref["kind"] == "person"
        and ("left" in told["text"] or "until" in told["text"] or "hands over" in told["text"])
    )


def test_a_wave_is_one_alert_with_each_departure_in_it(book):
    book(FIRST)
    gone = [row[3] for row in PEOPLE[:3]]
    book(SECOND, *gone)
    (wave,) = standing(SECOND)
    assert wave["rule"] == "outlook.wave_begins"
    assert named_in([wave]) == dict.fromkeys(gone, 1)
    told = [row["text"] for row in wave["evidence"]]
    assert any(text.startswith("Alba Quiroga is no longer Director (Quality)") for text in told)
    parts = alerts.list_alerts(today=SECOND, status="closed")
    assert {row["rule"] for row in parts} >= {"rotation.post_vacated"}
    assert {row["closed_reason"] for row in parts} == {wave["text"]}


def test_what_stood_before_the_wave_is_a_part_of_it(book):
    book(FIRST)
    book(SECOND, "Bram Okafor")
    (one,) = standing(SECOND)
    book(SECOND + timedelta(days=14), "Bram Okafor", "Chiyo Tanabe", "Dov Lindqvist")
    (wave,) = standing(SECOND + timedelta(days=14))
    assert (one["rule"], wave["rule"]) == ("rotation.post_vacated", "outlook.wave_begins")
    assert named_in([wave])["Bram Okafor"] == 1


def test_an_undone_list_takes_the_wave_away_and_its_parts_stand_as_before(book):
    book(FIRST)
    book(SECOND, "Bram Okafor")
    before = standing(SECOND)
    day = SECOND + timedelta(days=14)
    gone = ("Bram Okafor", "Chiyo Tanabe", "Dov Lindqvist")
    undo_import(book(day, *gone))
    assert [(row["id"], row["text"]) for row in standing(day)] == [
        (row["id"], row["text"]) for row in before
    ]
    book.scan(day)
    assert len(standing(day)) == 1
    book(day, *gone)
    (wave,) = standing(day)
    assert wave["rule"] == "outlook.wave_begins"


def test_a_return_that_was_undone_is_none(book):
    book(FIRST)
    book(SECOND, "Emeka Vance")
    number = book(THIRD)
    assert standing(THIRD) == []
    undo_import(number)
    book.scan(THIRD)
    assert [row["person"] for row in standing(THIRD)] == ["Emeka Vance"]


def test_a_wave_of_whom_most_are_back_is_over_and_the_rest_is_told_by_itself(book):
    book(FIRST)
    book(SECOND, *(row[3] for row in PEOPLE[:3]))
    book(SECOND + timedelta(days=14), "Alba Quiroga")
    (alert,) = standing(SECOND + timedelta(days=14))
    assert (alert["rule"], alert["person"]) == ("rotation.post_vacated", "Alba Quiroga")
    closed = alerts.list_alerts(today=SECOND, status="closed")
    assert "People of Quality who are back or stay after all: 2" in {
        row["closed_reason"] for row in closed
    }


def test_who_leaves_two_seats_leaves_once(book):
    book(FIRST)
    day = FIRST + timedelta(days=7)
    listed(day, [*PEOPLE, ("Board", "Adviser", "director", "Alba Quiroga")])
    book.scan(day)
    book(SECOND, "Alba Quiroga")
    (alert,) = standing(SECOND)
    assert named_in([alert]) == {"Alba Quiroga": 2}  # of each seat once
    assert alert["severity"] == "urgent" or alert["severity"] == "warning"


def test_who_is_announced_to_leave_in_a_wave_is_told_in_it_before_and_after(book):
    book(FIRST)
    today = date.today()  # what is announced is known from the day it was written down
    book(today)
    with writing():
        for name in (row[3] for row in PEOPLE[:3]):
            tenures.end_tenure(_tenure_of(name), today + timedelta(days=20))
    for day in (today, today + timedelta(days=30)):
        book.scan(day)
        (wave,) = standing(day)
        assert wave["rule"] == "outlook.wave_begins"
        assert set(named_in([wave]).values()) == {1}
        assert wave["happens_on"] == (today + timedelta(days=20)).isoformat()
        meeting = "Meet Alba Quiroga and ask to meet who follows"
        assert (meeting in {row["text"] for row in wave["actions"]}) == (day == today)


def _tenure_of(name):
    query = select(Tenure).join(Person, Person.id == Tenure.person_id)
    return db.session.scalar(query.where(Person.name == name))


def test_what_a_person_closed_stays_closed_when_its_wave_is_undone(book):
    book(FIRST)
    book(SECOND, "Bram Okafor")
    with writing():
        alerts.close(standing(SECOND)[0]["id"], reason="done")
    number = book(SECOND + timedelta(days=14), "Bram Okafor", "Chiyo Tanabe", "Dov Lindqvist")
    undo_import(number)
    assert standing(SECOND + timedelta(days=14)) == []
    assert db.session.scalar(select(Alert.closed_reason)) == "done"


ALL_OF_QUALITY = {row[3] for row in PEOPLE[:4]}
names = st.sets(st.sampled_from([row[3] for row in PEOPLE]), max_size=4)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(names, min_size=1, max_size=4))
@example([ALL_OF_QUALITY, set(), ALL_OF_QUALITY - {"Dov Lindqvist"}])  # and the old wave with it
@example([ALL_OF_QUALITY, set(), {"Alba Quiroga"}])
@example([ALL_OF_QUALITY, {"Dov Lindqvist"}, ALL_OF_QUALITY])
def test_no_departure_ever_stands_in_two_alerts(context, here, plugins, lists):
    """Whoever comes and goes: who is gone is told once, and nobody who is there is."""
    account = uuid4().hex
    for number, gone in enumerate([set(), *lists]):
        day = FIRST + timedelta(days=21 * number)
        people = [(*row[:3], f"{row[3]} {account[:8]}") for row in PEOPLE if row[3] not in gone]
        listed(day, people, account)
        account_id = db.session.scalar(select(Account.id).where(Account.name == account))
        scanning.scan(account_id, day, runner=here, registry=plugins)
    found = alerts.list_alerts(today=day, account_id=account_id)
    told = named_in(found)
    assert set(told.values()) <= {1}
    assert {name.removesuffix(f" {account[:8]}") for name in told} == lists[-1]


def test_who_is_announced_to_leave_two_seats_hands_over_once(book):
    today = date.today()
    listed(today, [*PEOPLE, ("Board", "Adviser", "director", "Alba Quiroga")])
    with writing():
        for tenure in db.session.scalars(select(Tenure).join(Person).where(Person.name.like("A%"))):
            tenures.end_tenure(tenure, today + timedelta(days=20))
    book.scan(today)
    (alert,) = standing(today)
    assert named_in([alert]) == {"Alba Quiroga": 2}  # of each seat once
