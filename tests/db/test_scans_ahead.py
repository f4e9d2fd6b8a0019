"""A clock that was ahead for a sweep: said, and taken back whole."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from relmap import jobs
from relmap.errors import Refused
from relmap.models import Alert, Scan, db
from relmap.results.reports import alerts

pytestmark = pytest.mark.postgresql

DAY = date(2026, 7, 1)
AHEAD = date(2027, 1, 1)
FAR_AHEAD = date(2031, 1, 1)


def back(firm, day=DAY):
    return jobs.take_scans_back([firm.id], day)


def stood() -> list[tuple[str, str, date]]:
    return [(row.key, row.status, row.raised_on) for row in db.session.scalars(select(Alert))]


def test_departures_that_a_clock_ahead_silenced_are_told_once_it_is_taken_back(staffed, here):
    jobs.sweep(DAY, runner=here)
    jobs.sweep(AHEAD, runner=here)
    staffed.leave("Lin", DAY, nobody_yet=True)
    staffed.leave("Wu", DAY + timedelta(days=1), nobody_yet=True)
    later = DAY + timedelta(days=2)
    assert jobs.sweep(later, runner=here).raised == []  # the fault
    back(staffed, later)
    raised = jobs.sweep(later, runner=here).raised
    told = {row["person"] for row in alerts.list_alerts(today=later) if row["id"] in raised}
    assert told == {"Lin", "Wu"}
    assert jobs.sweep(later, runner=here).raised == []


def test_what_was_told_too_early_is_withdrawn_and_told_again_on_its_day(staffed, here):
    jobs.sweep(DAY, runner=here)
    leaves_on = DAY + timedelta(days=10)
    staffed.leave("Lin", leaves_on, nobody_yet=True)
    jobs.sweep(DAY, runner=here)
    before = stood()
    (early,) = jobs.sweep(AHEAD, runner=here).raised
    assert [row["id"] for row in back(staffed)] == [early]
    assert [row for row in stood() if row[1] != "withdrawn"] == before
    assert jobs.sweep(DAY + timedelta(days=1), runner=here).raised == []
    assert jobs.sweep(leaves_on, runner=here).raised == [early]
    assert db.session.get(Alert, early).raised_on == leaves_on


def test_what_a_clock_ahead_closed_is_open_again(staffed, here):
    jobs.sweep(DAY, runner=here)
    staffed.leave("Lin", DAY, nobody_yet=True)
    (number,) = jobs.sweep(DAY, runner=here).raised
    staffed.sit("Lin", "Director", DAY + timedelta(days=20))
    jobs.sweep(AHEAD, runner=here)
    assert db.session.get(Alert, number).status == "closed"
    back(staffed)
    assert db.session.get(Alert, number).status == "open"


def test_taking_back_leaves_what_was_seen_by_that_day(staffed, here):
    jobs.sweep(DAY, runner=here)
    seen = set(db.session.scalars(select(Scan.view_digest)))
    jobs.sweep(AHEAD, runner=here)
    back(staffed)
    assert set(db.session.scalars(select(Scan.view_digest))) == seen
    assert set(db.session.scalars(select(Scan.on))) == {DAY}
    assert back(staffed) == []  # and a second time nothing


def test_the_sweep_says_once_that_scans_lie_ahead(staffed, here, caplog):
    jobs.sweep(AHEAD, runner=here)
    tried = {}
    jobs.sweep(DAY, runner=here, tried=tried)
    jobs.sweep(DAY, runner=here, tried=tried)
    said = [text for text in caplog.messages if "relmap scan --reset 2026-07-01" in text]
    assert len(said) == 1
    assert "on days up to 2027-01-01: 1." in said[0]


def test_a_sweep_more_than_a_year_ahead_scans_nothing_until_somebody_says_so(staffed, here, caplog):
    jobs.sweep(DAY, runner=here)
    assert jobs.sweep(FAR_AHEAD, runner=here).scanned == []
    assert "is the clock right?" in caplog.text
    assert set(db.session.scalars(select(Scan.on))) == {DAY}
    staffed.leave("Lin", DAY, nobody_yet=True)
    assert len(jobs.sweep(DAY, runner=here).raised) == 1  # the clock is right again
    jobs.scan_account(staffed.id, FAR_AHEAD, runner=here)  # somebody knows it is that day
    assert jobs.sweep(FAR_AHEAD + timedelta(days=1), runner=here).scanned == [staffed.id]


def test_who_scans_before_the_newest_scan_is_told_how_to_take_that_back(staffed, here):
    jobs.scan_account(staffed.id, AHEAD, runner=here)
    with pytest.raises(Refused, match="relmap scan --reset DAY"):
        jobs.scan_account(staffed.id, DAY, runner=here)
