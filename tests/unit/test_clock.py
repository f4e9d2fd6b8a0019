"""Whose day it is: of the book's zone, whatever the clock of the machine says."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from relmap import clock
from relmap.cli.options import today
from relmap.config import load_config
from relmap.errors import Refused

ZONES = ("Asia/Taipei", "America/Sao_Paulo", "Etc/GMT-14", "Etc/GMT+12", "Pacific/Chatham", "UTC")
EARLY, LATE = "Etc/GMT-14", "Etc/GMT+12"  # never on the same day


@pytest.fixture
def machine(monkeypatch):
    """``machine(zone)`` sets the clock of the machine to a zone."""

    def turn(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield turn
    monkeypatch.undo()
    time.tzset()


def app_in(zone: str | None) -> Flask:
    app = Flask("relmap")
    app.extensions["relmap.config"] = load_config({"RELMAP_TIMEZONE": zone} if zone else {})
    return app


MOMENTS = some.datetimes(timezones=some.just(UTC)).filter(lambda at: 1900 < at.year < 2900)


@given(MOMENTS, some.sampled_from(ZONES))
def test_a_moment_falls_on_the_day_of_the_book(moment, zone):
    with app_in(zone).app_context():
        day = clock.day_of(moment)
        assert day == moment.astimezone(ZoneInfo(zone)).date()
        assert clock.day_end(day - timedelta(days=1)) <= moment < clock.day_end(day)


@pytest.mark.parametrize("of_machine", [EARLY, LATE, "UTC"])
def test_the_machine_does_not_decide_where_a_zone_is_set(machine, of_machine):
    machine(of_machine)
    moment = datetime(2026, 3, 1, 11, tzinfo=UTC)
    with app_in(EARLY).app_context():
        assert (clock.day_of(moment), clock.zone_name()) == (date(2026, 3, 2), EARLY)
        ahead = clock.today()
    with app_in(LATE).app_context():
        assert clock.day_of(moment) == date(2026, 2, 28)
        assert clock.today() < ahead


def test_the_machine_decides_and_is_named_where_none_is_set(machine):
    machine("Asia/Taipei")
    moment = datetime(2026, 3, 1, 17, tzinfo=UTC)
    with app_in(None).app_context():
        assert (clock.day_of(moment), clock.zone_name()) == (date(2026, 3, 2), "UTC+08:00")
        assert clock.day_end(date(2026, 3, 1)) == datetime(2026, 3, 1, 16, tzinfo=UTC)


def test_a_command_goes_by_the_settings_before_it_has_its_application(machine, monkeypatch):
    machine(LATE)
    monkeypatch.setenv("RELMAP_TIMEZONE", EARLY)
    assert today() == datetime.now(ZoneInfo(EARLY)).date()


@pytest.mark.parametrize("name", ["Mars/Phobos", "/etc/localtime", "../UTC", "Asia", "UTC+8"])
def test_no_zone_is_refused_with_the_setting(name):
    with pytest.raises(Refused, match=r"RELMAP_TIMEZONE is .*Asia/Taipei"):
        load_config({"RELMAP_TIMEZONE": name})
