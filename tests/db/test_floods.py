"""Floods of alerts: more than fifty new ones of a rule and account are one line that says so."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

import pytest
from sqlalchemy import select

from relmap.contracts import Alert as Raised
from relmap.hub.hookspecs import hookimpl
from relmap.hub.registry import Registry
from relmap.models import Alert, db, writing
from relmap.results.reports import alerts
from relmap.results.runs import scanning

DAY = date(2026, 7, 1)
pytestmark = pytest.mark.postgresql


@dataclass(frozen=True)
class Unsteady:
    """Raises so many alerts under keys that begin so; the last one is urgent."""

    key: ClassVar[str] = "own.unsteady"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Unsteady"
    said: ClassVar[tuple[str, int]] = ("a", 0)

    def check(self, before, now):
        start, count = Unsteady.said
        for number in range(count):
            severity = "urgent" if number == count - 1 else "note"
            yield Raised(f"{start}{number}", "It is {number}", severity, values={"number": number})


@pytest.fixture
def scan(staffed, here):
    class Plugin:
        @hookimpl
        def alert_rules(self):
            return [Unsteady()]

    registry = Registry()
    registry.register("own", Plugin, version="1")
    registry.start()
    days = iter(range(100))

    def scanned(start: str, count: int) -> list[int]:
        Unsteady.said = (start, count)
        day = DAY + timedelta(days=next(days))
        return scanning.scan(staffed.id, day, runner=here, registry=registry)

    return scanned


def stored() -> list[Alert]:
    return list(db.session.scalars(select(Alert).order_by(Alert.id)))


def test_fifty_new_alerts_stand_each_for_itself(scan):
    assert len(scan("a", 50)) == 50


def test_more_become_one_line_with_the_most_urgent_first(scan):
    assert len(scan("a", 51)) == 1
    (line,) = alerts.list_alerts(today=DAY)
    assert line["text"] == ("51 new alerts of the rule own.unsteady at once stand in this one line")
    assert line["severity"] == "urgent"
    said = [row["text"] for row in line["evidence"]]
    assert (said[0], said[-1], len(said)) == ("It is 50", "and 1 more", 51)


def test_a_second_flood_adds_to_the_line(scan):
    scan("a", 300)
    assert len(scan("b", 200)) == 1
    (line,) = alerts.list_alerts(today=DAY)
    assert line["text"].startswith("500 new alerts")
    assert line["evidence"][-1]["text"] == "and 450 more"
    assert len(stored()[0].parts) == 500


def test_the_same_again_tells_nothing_new_whatever_was_said_of_the_line(scan):
    (number,) = scan("a", 60)
    assert scan("a", 60) == []
    with writing():
        alerts.close(number, reason="done")
    assert scan("a", 60) == []
    assert scan("b", 60) == [number]  # these nobody was told of
    (line,) = alerts.list_alerts(today=DAY)
    assert line["text"].startswith("60 new alerts")


def test_a_few_after_a_flood_stand_each_for_itself(scan):
    scan("a", 60)
    assert len(scan("b", 3)) == 3
    assert len(stored()) == 4
