"""Lists that come in, and the alerts that scans then raise."""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from relmap import jobs
from relmap.errors import Refused
from relmap.facts import people, ties
from relmap.hub.engine import InProcess
from relmap.imports import import_snapshot, undo_import
from relmap.models import Account, Alert, Person, Tenure, Touch, db, writing
from relmap.results.reports import alerts

D1, D2, D3 = date(2025, 7, 1), date(2026, 1, 1), date(2026, 7, 1)
HEAD = "unit,post,person,reports_to"
FIRST = (
    "Purchasing,Director,Lin,",
    "Purchasing,Buyer,Wu,Lin",
    "Lab,Head,Zhao,",
    "Lab,Engineer,Qian,",
)
SECOND = (
    "Purchasing,Director,Chen,",
    "Purchasing,Buyer,Wu,Chen",
    "Lab,Head,Zhao,",
    "Lab,Engineer,,",
)
THIRD = ("Purchasing,Director,Chen,", "Purchasing,Buyer,Sun,Chen", "Lab,Head,Wu,", "Lab,Engineer,,")


def bring(day, rows, **more):
    data = "\n".join([HEAD, *rows]).encode()
    more = {"account": "Jingfeng", "cap": 1 << 20, "yes": True} | more
    return import_snapshot(data, file_name="list.csv", day=day, **more)


def scan(here, day) -> list[dict]:
    number = db.session.scalars(select(Account.id)).one()
    raised = jobs.scan_account(number, day, runner=here)
    rows = db.session.scalars(select(Alert).where(Alert.id.in_(raised))).all()
    return sorted(alerts.as_json(rows, today=day), key=lambda row: row["person"])


def told(rows) -> list[tuple]:
    return [(row["person"], row["post"], row["values"]["seat"]) for row in rows]


def left(report) -> list[tuple]:
    rows = [row for row in report.to_json()["changes"] if row["kind"] == "left_post"]
    return sorted((row["person"], row["post"], row["seat"]) for row in rows)


@pytest.fixture
def jingfeng(context) -> None:
    from relmap.facts import structure

    with writing():
        structure.open_account("Jingfeng", day=date(2024, 1, 1))


@pytest.mark.postgresql
def test_two_lists_and_a_scan_raise_what_the_second_showed(jingfeng, here):
    bring(D1, FIRST)
    second = bring(D2, SECOND)
    assert (
        told(scan(here, D2))
        == left(second)
        == [
            ("Lin", "Director", "replaced"),
            ("Qian", "Engineer", "vacant"),
        ]
    )


def test_after_three_lists_a_first_scan_raises_what_the_third_showed(jingfeng, here):
    bring(D1, FIRST)
    bring(D2, SECOND)
    third = bring(D3, THIRD)
    assert (
        told(scan(here, D3))
        == left(third)
        == [
            ("Wu", "Buyer", "replaced"),
            ("Zhao", "Head", "replaced"),
        ]
    )


def test_a_mover_is_told_with_where_they_went(jingfeng, here):
    bring(D2, SECOND)
    bring(D3, THIRD)
    wu = next(row for row in scan(here, D3) if row["person"] == "Wu")
    assert "Wu moved to Head" in [row["text"] for row in wu["evidence"]]
    assert wu["now_at"] == [{"account": "Jingfeng", "unit": "Lab", "post": "Head"}]
    assert wu["values"]["end_reason"] in ("promoted", "moved_inside")


def test_the_first_list_of_an_account_raises_nothing(jingfeng, here):
    bring(D1, FIRST)
    assert scan(here, D1) == []


def test_the_same_list_again_raises_nothing(jingfeng, here):
    bring(D1, FIRST)
    bring(D2, SECOND)
    scan(here, D2)
    bring(D2, SECOND)
    assert scan(here, D2) == []


def test_a_list_of_the_past_is_seen_by_a_worker_that_scans_today(jingfeng, here):
    bring(D1, FIRST)
    today = date(2026, 11, 22)
    scan(here, today)
    bring(D2, SECOND)
    assert [row["person"] for row in scan(here, today)] == ["Lin", "Qian"]
    with pytest.raises(Refused, match="2026-11-22"):
        scan(here, D2)


@pytest.mark.postgresql
def test_an_undone_list_takes_its_alerts_back_and_gives_them_again(jingfeng, here):
    bring(D1, FIRST)
    scan(here, D1)
    second = bring(D2, SECOND)
    raised = {row["person"]: row["id"] for row in scan(here, D2)}
    with writing():
        alerts.close(raised["Qian"], reason="done")

    undo_import(second.import_id)
    assert set(db.session.scalars(select(Alert.status))) == {"withdrawn"}
    assert scan(here, D2) == []

    bring(D2, SECOND)
    assert [row["person"] for row in scan(here, D2)] == ["Lin"]
    states = {row.id: row.status for row in db.session.scalars(select(Alert))}
    assert states == {raised["Lin"]: "open", raised["Qian"]: "closed"}


@pytest.mark.postgresql
def test_alerts_of_an_undone_list_come_back_though_another_list_came_before_the_scan(
    jingfeng, here
):
    bring(D1, FIRST)
    second = bring(D2, SECOND)
    raised = {row["person"]: row["id"] for row in scan(here, D2)}
    undo_import(second.import_id)
    bring(D2, SECOND)
    bring(D3, SECOND)

    assert {row["person"]: row["id"] for row in scan(here, D3)} == raised


def test_a_departure_entered_by_hand_after_the_list_is_raised_as_well(jingfeng, here):
    from relmap.facts import tenures

    bring(D1, FIRST)
    bring(D2, SECOND)
    with writing():
        query = select(Tenure).join(Person).where(Person.name == "Wu", Tenure.ends_on.is_(None))
        tenures.end_tenure(db.session.scalars(query).one(), D2 + timedelta(days=40))
    assert [row["person"] for row in scan(here, D3)] == ["Lin", "Qian", "Wu"]


COLUMNS = {"unit": "unit", "post": "title", "person": "person_name", "external_id": "irc_nick"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_departure_of_a_public_history_is_an_alert_or_a_part_of_one(
    jingfeng, here, shared_data
):
    files = sorted((shared_data / "openstack_ptl_2015_2019" / "snapshots").glob("*.csv"))
    assert len(files) == 8
    for file in files:
        more = {"account": "Jingfeng", "column_map": COLUMNS, "complete": True, "yes": True}
        day = date.fromisoformat(file.stem)
        report = import_snapshot(
            file.read_bytes(), file_name=file.name, day=day, cap=1 << 20, **more
        )
        known = set(db.session.scalars(select(Alert.id)))
        scan(here, day)
        found = db.session.scalars(select(Alert).where(Alert.id.not_in(known))).all()
        parts = {key for alert in found if alert.status == "open" for key in alert.parts}
        assert {alert.key for alert in found if alert.status != "open"} <= parts
        assert told_by_unit(alerts.as_json(found, today=day)) == told_by_unit(
            row | {"values": row}
            for row in report.to_json()["changes"]
            if row["kind"] == "left_post"
        )


def told_by_unit(rows) -> list[tuple]:
    return sorted((row["person"], row["unit"], row["post"], row["values"]["seat"]) for row in rows)


# --- many writers beside an import


def _touch_count() -> int:
    found = db.session.scalar(select(func.count()).select_from(Touch)) or 0
    db.session.rollback()
    return found


WRITE = """
import sys
from datetime import date, timedelta
from relmap.app import create_app
from relmap.facts import touches
from relmap.models import Person, db, writing

app = create_app()
with app.app_context():
    ours, theirs = map(int, sys.argv[1:])
    for number in range(1000):
        with writing():
            pair = [db.session.get(Person, ours), db.session.get(Person, theirs)]
            touches.add_touch(date(2026, 1, 1) + timedelta(days=number % 150), "call", pair)
        if number % 50 == 49:
            print(number, flush=True)
"""


@pytest.mark.postgresql
def test_two_processes_that_write_1000_facts_each_during_imports_are_never_refused(
    jingfeng, db_url, tmp_path
):
    bring(D1, FIRST)
    with writing():
        wang = people.add_person("Wang", side="us")
        wu = db.session.scalars(select(Person).where(Person.name == "Wu")).one()
        ties.add_tie(wang, wu, observed_on=D1)
        ids = [str(wang.id), str(wu.id)]
        before = db.session.scalars(select(Account.revision)).one()
    db.session.rollback()
    env = {name: value for name, value in os.environ.items() if not name.startswith("RELMAP_")}
    env |= {"RELMAP_DATABASE_URL": db_url, "RELMAP_INSTANCE": str(tmp_path)}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, *ids],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    imports = 0
    day = D1
    for _ in writers[0].stdout:  # twenty times, spread over all that is written
        day += timedelta(days=1)
        bring(
            day, [*FIRST, *(f"Unit {number},Post,P{number}-{imports % 7}," for number in range(15))]
        )
        assert not jobs.sweep(day, runner=InProcess()).broken
        imports += 1
    for writer in writers:
        _, complaint = writer.communicate()
        assert writer.returncode == 0, complaint.decode()
    assert imports == 20
    counted = [_touch_count(), _touch_count()]  # the second by a transaction of its own
    assert counted == [2000, 2000]
    assert db.session.scalar(select(Account.revision)) >= before + 2000  # no update was lost
