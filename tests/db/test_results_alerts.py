"""Alerts: raised once, however late; withdrawn, reopened, taken in hand, closed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import ClassVar

import pytest
from sqlalchemy import func, select

from relmap.contracts import Alert as Raised
from relmap.errors import NotFound, Refused
from relmap.facts import people, users
from relmap.facts.audit import acting_as
from relmap.hub import health
from relmap.hub.hookspecs import hookimpl
from relmap.hub.registry import Registry
from relmap.models import (
    Account,
    Alert,
    Change,
    Coverage,
    ExternalId,
    Import,
    PluginHealth,
    Scan,
    StoredView,
    User,
    db,
    utc_now,
    writing,
)
from relmap.results.ref_names import names_of
from relmap.results.reports import alerts
from relmap.results.runs import scanning, thinning

FIRST = date(2026, 6, 1)
LATER = date(2026, 7, 1)


def scan(firm, here, registry, day=LATER) -> list[int]:
    return scanning.scan(firm.id, day, runner=here, registry=registry)


def stored() -> list[Alert]:
    return list(db.session.scalars(select(Alert).order_by(Alert.id)))


def count(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def rule_count() -> int:
    """How many alert rules have scanned: the bundled plug-ins' and those of the test."""
    return db.session.scalar(select(func.count(Scan.rule_key.distinct())))


@pytest.mark.postgresql
def test_a_departure_raises_one_alert_and_no_second(staffed, here, plugins):
    assert scan(staffed, here, plugins, FIRST) == []
    staffed.leave("Lin", date(2026, 6, 15), nobody_yet=True)
    (number,) = scan(staffed, here, plugins)
    assert scan(staffed, here, plugins) == []
    assert scan(staffed, here, plugins, LATER + timedelta(days=1)) == []
    (alert,) = stored()
    assert (alert.id, alert.severity, alert.raised_on) == (number, "urgent", LATER)


def test_a_departure_typed_in_late_is_raised_once(staffed, here, plugins):
    scan(staffed, here, plugins, FIRST)
    scan(staffed, here, plugins, LATER)
    staffed.leave("Lin", date(2026, 5, 1))
    assert len(scan(staffed, here, plugins, LATER)) == 1
    assert scan(staffed, here, plugins, LATER + timedelta(days=30)) == []


@pytest.mark.postgresql
def test_a_corrected_day_raises_no_second_alert(staffed, here, plugins):
    from relmap.facts import tenures

    scan(staffed, here, plugins, FIRST)
    tenure_id = staffed.tenure("Lin").id
    staffed.leave("Lin", date(2026, 6, 15))
    scan(staffed, here, plugins)
    with writing():
        tenures.correct_end(tenures.get_tenure(tenure_id), date(2026, 6, 20))
    assert scan(staffed, here, plugins, LATER + timedelta(days=1)) == []
    assert len(stored()) == 1


@pytest.mark.postgresql
def test_who_is_back_closes_the_alert_with_the_reason(staffed, here, plugins):
    scan(staffed, here, plugins, FIRST)
    staffed.leave("Lin", date(2026, 6, 15), nobody_yet=True)
    scan(staffed, here, plugins)
    staffed.sit("Lin", "Director", date(2026, 7, 10))
    assert scan(staffed, here, plugins, date(2026, 7, 10)) == []
    assert alerts.list_alerts(today=LATER) == []
    (document,) = alerts.list_alerts(today=LATER, status="closed")
    assert document["closed_reason"] == "Lin is Director again"
    assert document["evidence"][0]["text"] == "Lin is Director again"
    (change,) = db.session.scalars(select(Change).where(Change.verb == "close_alert"))
    assert (change.user_id, change.after["closed_reason"]) == (None, "is_over")


def test_who_left_again_is_told_once(staffed, here, plugins):
    scan(staffed, here, plugins, FIRST)
    staffed.leave("Lin", date(2026, 6, 15), nobody_yet=True)
    (first,) = scan(staffed, here, plugins)
    staffed.sit("Lin", "Director", date(2026, 7, 10))
    staffed.leave("Lin", date(2026, 7, 20), nobody_yet=True)
    (second,) = scan(staffed, here, plugins, date(2026, 8, 1))
    assert [row["id"] for row in alerts.list_alerts(today=LATER)] == [second]
    (old,) = alerts.list_alerts(today=LATER, status="closed")
    assert (old["id"], old["closed_reason"]) == (first, "Lin came back to Director and left again")


def test_an_end_taken_back_closes_the_alert_and_a_new_end_opens_it(staffed, here, plugins):
    from relmap.facts import tenures

    scan(staffed, here, plugins, FIRST)
    tenure_id = staffed.tenure("Lin").id
    staffed.leave("Lin", date(2026, 6, 15))
    (number,) = scan(staffed, here, plugins)
    with writing():
        tenures.correct_end(tenures.get_tenure(tenure_id), None)
    scan(staffed, here, plugins, LATER)
    (closed,) = alerts.list_alerts(today=LATER, status="closed")
    assert closed["closed_reason"] == "Lin has not left Director: that was taken back"
    staffed.leave("Lin", date(2026, 7, 5))
    assert scan(staffed, here, plugins, date(2026, 7, 6)) == [number]
    (again,) = alerts.list_alerts(today=LATER)
    assert (again["happens_on"], again["closed_reason"]) == ("2026-07-05", None)


def test_what_a_person_closed_stays_closed_whoever_comes_back(staffed, here, plugins):
    scan(staffed, here, plugins, FIRST)
    staffed.leave("Lin", date(2026, 6, 15), nobody_yet=True)
    (number,) = scan(staffed, here, plugins)
    with writing():
        alerts.close(number, reason="done")
    staffed.sit("Lin", "Director", date(2026, 7, 10))
    scan(staffed, here, plugins, date(2026, 7, 10))
    (document,) = alerts.list_alerts(today=LATER, status="closed")
    assert document["closed_reason"] == "done"


def test_the_document_says_who_is_to_act_and_where_it_is_opened(alert_id):
    (document,) = alerts.list_alerts(today=LATER)
    assert document["owner"]["name"] == "Wang"
    assert document["address"] == f"http://127.0.0.1:5000/alerts/{alert_id}"


def test_a_scan_before_the_newest_one_is_refused(staffed, here, plugins):
    scan(staffed, here, plugins, LATER)
    with pytest.raises(Refused, match="2026-07-01"):
        scan(staffed, here, plugins, FIRST)
    assert [row.id for row in scanning.due_accounts(plugins, FIRST)] == []


def test_a_missing_account_is_not_found(context, here, plugins):
    with pytest.raises(NotFound):
        scanning.scan(999, LATER, runner=here, registry=plugins)


def test_an_account_is_due_until_it_was_scanned_on_that_day(staffed, here, plugins):
    def due(day=LATER):
        return [row.id for row in scanning.due_accounts(plugins, day)]

    assert due() == [staffed.id]
    scan(staffed, here, plugins)
    assert due() == []
    staffed.touch("Wang", "Wu", LATER)
    assert due() == [staffed.id]
    scan(staffed, here, plugins)
    assert due(LATER + timedelta(days=1)) == [staffed.id]


# --- without a stored view


def listed(firm, day) -> int:
    """A snapshot of that day that covered the unit."""
    with writing():
        made = Import(kind="snapshot", file_name="list.csv", on=day, status="applied", table={})
        db.session.add(made)
        db.session.flush()
        db.session.add(Coverage(unit_id=firm.unit_id, on=day, import_id=made.id))
        return made.id


def end_by(firm, name, day, import_id) -> None:
    with writing():
        tenure = firm.tenure(name)
        tenure.ends_on, tenure.end_import_id = day, import_id


@pytest.mark.postgresql
def test_the_first_scan_shows_what_the_newest_list_showed(staffed, here, plugins):
    listed(staffed, date(2025, 1, 1))
    end_by(staffed, "Wu", date(2025, 7, 1), listed(staffed, date(2025, 7, 1)))
    newest = listed(staffed, FIRST)
    end_by(staffed, "Lin", FIRST, newest)
    assert len(scan(staffed, here, plugins)) == 1
    (alert,) = stored()
    assert alerts.as_json([alert], today=LATER)[0]["person"] == "Lin"


def test_a_leaver_whom_the_list_ended_earlier_is_shown_as_well(staffed, here, plugins):
    newest = listed(staffed, FIRST)
    end_by(staffed, "Lin", FIRST - timedelta(days=20), newest)
    assert len(scan(staffed, here, plugins)) == 1


def test_an_undone_list_counts_no_more(staffed, here, plugins):
    listed(staffed, date(2026, 1, 1))
    newest = listed(staffed, FIRST)
    with writing():
        db.session.get(Import, newest).status = "undone"
    assert scanning.first_day(staffed.id, LATER) == date(2026, 1, 1)


@pytest.mark.postgresql
def test_without_lists_the_newest_change_of_a_tenure_counts(staffed, here, plugins):
    staffed.leave("Wu", date(2026, 3, 1))
    staffed.leave("Lin", FIRST)
    assert scanning.first_day(staffed.id, LATER) == FIRST
    assert len(scan(staffed, here, plugins)) == 1


def test_of_a_typed_in_history_the_newest_departure_is_told(firm, here, plugins):
    firm.post("Buyer")
    firm.sit("Qian", "Buyer", date(2023, 2, 1), basis="history")
    firm.leave("Qian", date(2024, 2, 1))
    firm.sit("Zhao", "Buyer", date(2024, 2, 1), basis="history")
    firm.leave("Zhao", date(2025, 2, 1))
    assert len(scan(firm, here, plugins)) == 1


# --- stored views and scans


@pytest.mark.postgresql
def test_views_are_stored_once_and_go_with_their_last_scan(staffed, here, plugins):
    scan(staffed, here, plugins, LATER - timedelta(days=1))
    scan(staffed, here, plugins, LATER)
    rules = rule_count()
    assert (count(Scan), count(StoredView)) == (rules, 1)
    for _ in range(3):  # a busy day
        staffed.touch("Wang", "Wu", LATER)
        scan(staffed, here, plugins, LATER)
    assert (count(Scan), count(StoredView)) == (rules, 1)
    staffed.touch("Wang", "Wu", LATER)
    scan(staffed, here, plugins, LATER + timedelta(days=1))
    assert (count(Scan), count(StoredView)) == (2 * rules, 2)


def test_dropped_scans_fall_back_to_the_one_before(staffed, here, plugins):
    """As an undo does: what was scanned since the import is dropped."""
    scan(staffed, here, plugins, FIRST)
    staffed.leave("Lin", date(2026, 6, 15))
    scan(staffed, here, plugins)
    with writing():
        newest = db.session.scalars(select(Scan).order_by(Scan.id.desc())).first()
        db.session.delete(newest)
        stored()[0].status = "withdrawn"
    assert len(scan(staffed, here, plugins)) == 1
    assert stored()[0].status == "open"


@pytest.mark.postgresql
def test_old_scans_are_thinned_but_never_the_newest(staffed, here, plugins):
    for number in range(0, 120, 10):
        staffed.touch("Wang", "Wu", FIRST)
        scan(staffed, here, plugins, FIRST + timedelta(days=number))
    with writing():
        db.session.execute(
            Scan.__table__.update().values(scanned_at=datetime.combine(FIRST, time(), UTC))
        )
    before = count(Scan)
    with writing():
        thinning.thin(FIRST + timedelta(days=300))
    kept = set(db.session.scalars(select(Scan.on)))
    assert kept == {date(2026, 6, 21), date(2026, 7, 31), date(2026, 8, 30), date(2026, 9, 19)}
    assert count(Scan) == rule_count() * count(StoredView) < before
    assert count(StoredView) == 4


@dataclass
class Flaky:
    """Raises until it is told otherwise, then reports a touch."""

    key: ClassVar[str] = "own.flaky"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Flaky"
    is_broken: ClassVar[bool] = True

    def check(self, before, now):
        if Flaky.is_broken:
            raise RuntimeError("A bug.")
        for touch in set(now.touches) - set(before.touches):
            yield Raised(str(touch.ref), "A touch", "note")


def flaky() -> Registry:
    class Plugin:
        @hookimpl
        def alert_rules(self, settings):
            return [Flaky()]

    registry = Registry()
    registry.register("own", Plugin, version="1")
    registry.start()
    return registry


@pytest.mark.postgresql
def test_a_rule_that_failed_sees_the_same_stretch_again(staffed, here):
    registry = flaky()
    Flaky.is_broken = False
    scan(staffed, here, registry, FIRST)
    staffed.touch("Wang", "Wu", FIRST)
    Flaky.is_broken = True
    assert scan(staffed, here, registry, FIRST) == []
    Flaky.is_broken = False
    assert len(scan(staffed, here, registry, LATER)) == 1


@pytest.mark.postgresql
def test_a_rule_that_fails_on_one_account_rests_there_until_it_is_resumed(staffed, here):
    registry = flaky()
    Flaky.is_broken = False
    scan(staffed, here, registry, FIRST)
    staffed.touch("Wang", "Wu", FIRST)
    Flaky.is_broken = True
    for _ in range(3):
        assert [row.id for row in scanning.due_accounts(registry, LATER)] == [staffed.id]
        scan(staffed, here, registry)
    assert scanning.due_accounts(registry, LATER) == []
    Flaky.is_broken = False
    assert scan(staffed, here, registry) == []
    with writing():
        health.resume("own")
    assert [row.id for row in scanning.due_accounts(registry, LATER)] == [staffed.id]
    assert len(scan(staffed, here, registry)) == 1


@pytest.mark.postgresql
@pytest.mark.parametrize("resting", [0, 1])
def test_an_account_is_due_until_each_rule_that_does_not_rest_has_seen_it(
    staffed, make_firm, here, plugins, resting
):
    other = make_firm("Other")
    for firm in (staffed, other):
        scan(firm, here, plugins)
    keys = sorted(set(db.session.scalars(select(Scan.rule_key))))
    assert len(keys) > 2
    with writing():
        for key in keys[:resting]:
            row = db.session.scalars(select(PluginHealth).where(PluginHealth.rule_key == key)).one()
            row.last_failed_at, row.account_failures = utc_now(), {str(staffed.id): 3}
    for number, key in enumerate(keys):
        with writing():
            gone = db.session.scalars(
                select(Scan).where(Scan.account_id == staffed.id, Scan.rule_key == key)
            ).all()
            values = {c.name: getattr(gone[0], c.name) for c in Scan.__table__.c if c.name != "id"}
            for row in gone:
                db.session.delete(row)
        due = [row.id for row in scanning.due_accounts(plugins, LATER)]
        assert due == ([] if number < resting else [staffed.id])
        with writing():
            db.session.add(Scan(**values))
        assert scanning.due_accounts(plugins, LATER) == []


@pytest.mark.postgresql
def test_who_scans_later_but_ends_first_has_the_last_word(staffed, here, plugins):
    scan(staffed, here, plugins, FIRST)
    staffed.leave("Lin", date(2026, 6, 15))

    def check(before, now, rules):
        outcomes = here.check(before, now, rules)
        scan(staffed, here, plugins, LATER + timedelta(days=1))
        return outcomes

    assert scan(staffed, SimpleNamespace(check=check), plugins, LATER) == []
    assert max(db.session.scalars(select(Scan.on))) == LATER + timedelta(days=1)
    assert db.session.scalars(select(Scan.on).order_by(Scan.id.desc())).first() == (
        LATER + timedelta(days=1)
    )
    assert [row.raised_on for row in stored()] == [LATER + timedelta(days=1)]


# --- withdrawn and raised again


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("was", "stands", "raised"),
    [("open", "open", 1), ("closed", "closed", 0), ("acknowledged", "acknowledged", 0)],
)
def test_a_withdrawn_alert_comes_back_as_people_left_it(
    staffed, here, plugins, was, stands, raised
):
    scan(staffed, here, plugins, FIRST)
    staffed.leave("Lin", date(2026, 6, 15))
    scan(staffed, here, plugins)
    with writing():
        alert = stored()[0]
        alert.status, alert.status_before = "withdrawn", was
        db.session.delete(db.session.scalars(select(Scan).order_by(Scan.id.desc())).first())
    assert len(scan(staffed, here, plugins)) == raised
    assert stored()[0].status == stands


# --- what people do


@pytest.fixture
def alert_id(staffed, here, plugins) -> int:
    scan(staffed, here, plugins, FIRST)
    staffed.leave("Lin", date(2026, 6, 15))
    return scan(staffed, here, plugins)[0]


def listing(today=LATER, **more) -> list[tuple[int, str]]:
    return [(row["id"], row["status"]) for row in alerts.list_alerts(today=today, **more)]


@pytest.mark.postgresql
def test_an_acknowledged_alert_comes_back_on_its_day(alert_id):
    until = date(2026, 8, 1)
    with writing():
        alerts.acknowledge(alert_id, until=until)
    assert listing() == [(alert_id, "acknowledged")]
    assert listing(status="open") == []
    assert listing(until) == [(alert_id, "open")]
    assert listing(until, status="open") == [(alert_id, "open")]
    assert alerts.open_counts([stored()[0].account_id], LATER) == {}
    assert alerts.open_counts([stored()[0].account_id], until) == {stored()[0].account_id: 1}


def test_an_acknowledged_alert_without_a_day_stays_quiet(alert_id):
    with writing():
        alerts.acknowledge(alert_id)
    assert listing(date(2030, 1, 1)) == [(alert_id, "acknowledged")]


@pytest.mark.postgresql
def test_a_closed_alert_is_listed_only_when_asked_for(alert_id):
    with writing():
        alerts.close(alert_id, reason="done")
    assert listing() == []
    assert listing(status="closed") == [(alert_id, "closed")]
    with pytest.raises(Refused, match="closed"), writing():
        alerts.acknowledge(alert_id)
    with pytest.raises(Refused, match="already"), writing():
        alerts.close(alert_id, reason="again")


def test_a_closed_alert_is_not_raised_again(alert_id, staffed, here, plugins):
    with writing():
        alerts.close(alert_id, reason="not_true")
        db.session.execute(Scan.__table__.delete())
    assert scan(staffed, here, plugins) == []
    assert stored()[0].status == "closed"


@pytest.mark.postgresql
def test_who_closed_it_is_kept_and_logged(alert_id):
    with writing():
        user = users.add_user("mia", role="manager", password="a long enough pass phrase")
        user_id = user.id
    with writing(), acting_as(user_id):
        alerts.close(alert_id, reason="We met the new director.")
    alert = stored()[0]
    assert (alert.closed_by, alert.closed_reason) == (user_id, "We met the new director.")


def test_a_reason_is_asked_for(alert_id):
    with pytest.raises(Refused, match="Say why"), writing():
        alerts.close(alert_id, reason="  ")
    with pytest.raises(NotFound), writing():
        alerts.close(999, reason="done")


# --- as printed


def test_the_document_says_who_left_what(alert_id, staffed):
    with writing():
        db.session.add(
            ExternalId(person_id=staffed.person("Lin").id, kind="mail", value="l", written="l@x")
        )
        db.session.add(
            ExternalId(
                person_id=staffed.person("Lin").id, kind="handle", value="lin", written="Lin"
            )
        )
    (document,) = alerts.list_alerts(today=LATER)
    assert {
        "account": "Jingfeng",
        "rule": "rotation.post_vacated",
        "severity": "urgent",
        "status": "open",
        "text": "Lin is no longer Director (Purchasing): left on 15 Jun 2026",
        "happens_on": "2026-06-15",
        "closed_reason": None,
        "person": "Lin",
        "external_id": "Lin",
        "post": "Director",
        "unit": "Purchasing",
        "raised_on": "2026-07-01",
    }.items() <= document.items()
    assert [ref["kind"] for ref in document["refs"]] == ["person", "post", "unit"]
    assert document["values"]["ended_on"] == "2026-06-15"
    assert "Wang had a tie to Lin (problem solver); contacts in 24 months: 0" in [
        row["text"] for row in document["evidence"]
    ]
    assert document["actions"][-1]["owner"]["name"] == "Wang"


@pytest.mark.postgresql
def test_the_document_says_at_which_account_the_person_sits_now(alert_id, staffed, make_firm):
    other = make_firm("Other")
    other.post("President")
    other.sit("Lin", "President", date(2026, 6, 20))
    (document,) = alerts.list_alerts(today=LATER)
    assert document["now_at"] == [{"account": "Other", "unit": "Purchasing", "post": "President"}]


@pytest.mark.postgresql
def test_the_most_urgent_comes_first(staffed, here, plugins):
    staffed.sit("Qian", "Buyer", date(2025, 1, 1))
    scan(staffed, here, plugins, FIRST)
    for month, name in ((2, "Qian"), (4, "Wu"), (6, "Lin")):  # together they were one wave
        staffed.leave(name, date(2026, month, 15))
    scan(staffed, here, plugins)
    found = [row["severity"] for row in alerts.list_alerts(today=LATER)]
    order = ("urgent", "warning", "note")
    assert found == sorted(found, key=order.index)
    assert set(found) == set(order)


@pytest.mark.postgresql
def test_an_erased_person_has_no_name_in_old_alerts(alert_id, staffed):
    with writing():
        person = staffed.person("Lin")
        person.erased_at, person.name = datetime.now(UTC), "x"
    (document,) = alerts.list_alerts(today=LATER)
    assert document["text"].startswith("a former contact is no longer Director (Purchasing)")


@pytest.mark.postgresql
def test_a_viewer_sees_only_names_of_accounts_that_are_open(alert_id, staffed):
    from relmap.contracts import Ref

    with writing():
        stranger = users.add_user("mia", role="member", password="a long enough pass phrase").id
        wang = people.add_person("Zhou", side="us").id
    viewer = db.session.get(User, stranger)
    lin = Ref("person", staffed.person("Lin").id)
    some = [lin, Ref("person", wang), Ref("account", staffed.id)]
    assert {name.text for name in names_of(some).values()} == {"Lin", "Zhou", "Jingfeng"}
    assert [name.text for name in names_of(some, viewer=viewer).values()] == ["Zhou"]
    assert db.session.scalars(alerts.select_alerts(today=LATER, viewer=viewer)).all() == []


@pytest.mark.postgresql
def test_many_alerts_take_six_queries(staffed, here, plugins, statements):
    scan(staffed, here, plugins, FIRST)
    for name in ("Wu", "Lin"):
        staffed.leave(name, date(2026, 6, 15))
    scan(staffed, here, plugins)
    alerts.list_alerts(today=LATER)  # the first asks which rules there are
    with statements() as seen:
        assert len(alerts.list_alerts(today=LATER)) == 2
    assert len(seen) == 6  # alerts, owners, names, ids elsewhere, where they sit now, switches


def test_content_never_holds_a_name(alert_id):
    alert = stored()[0]
    content = [alert.text, alert.refs, alert.values, alert.evidence, alert.actions]
    for name in ("Lin", "Wang", "Director", "Purchasing"):
        assert name not in str(content)


def test_an_alert_spells_an_id_as_imports_do(alert_id, staffed):
    account = db.session.get_one(Account, staffed.id)
    with writing():
        people.add_external_id(staffed.person("Lin"), "mail", "l@x")
        people.add_external_id(staffed.person("Lin"), "staff_number", "1002", account=account)
    assert alerts.list_alerts(today=LATER)[0]["external_id"] == "staff_number:1002"
