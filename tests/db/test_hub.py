"""What is stored of plug-ins: settings, switches, health; on both databases."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import func, select

from relmap.errors import NotFound, Refused
from relmap.hub import health
from relmap.hub.engine import Outcome
from relmap.hub.registry import (
    core_settings,
    measures_in_force,
    plugin_states,
    registry_of,
    rules_in_force,
    set_setting,
    switch,
)
from relmap.models import Change, PluginHealth, PluginSetting, db, writing

pytestmark = pytest.mark.postgresql

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def registry(app):
    with app.app_context():
        yield registry_of(app)


def keys(rules):
    return [rule.key for rule in rules]


def test_every_bundled_plug_in_is_in_force(registry):
    force = rules_in_force(registry)
    assert keys(force.scoring) == [
        "breadth.people_known",
        "depth.threads_held",
        "freshness.ties_kept_warm",
        "lint.map_in_order",
        "outlook.deciding_posts",
    ]
    assert keys(force.alerts) == [
        "outlook.coverage_at_risk",
        "outlook.unknown_successor",
        "outlook.handover_without_meeting",
        "outlook.wave_begins",
        "rotation.post_vacated",
    ]
    assert force.suspended == force.problems == ()


# --- settings


def test_a_setting_is_in_force_from_the_next_account_on(registry):
    before = rules_in_force(registry).scoring[0]
    with writing():
        set_setting(registry, "breadth", {"people": "20"})
    after = rules_in_force(registry).scoring[0]
    assert (before.rule.settings.people, after.rule.settings.people) == (12, 20)
    assert before.settings_digest != after.settings_digest


def test_a_setting_back_at_its_default_is_not_stored(registry):
    first = rules_in_force(registry).scoring[0].settings_digest
    with writing():
        set_setting(registry, "breadth", {"people": "20", "people_share": "0.5"})
    with writing():
        set_setting(registry, "breadth", {"people": "12"})
    assert db.session.scalars(select(PluginSetting.key)).all() == ["people_share"]
    with writing():
        set_setting(registry, "breadth", {"people_share": "0.4"})
    assert rules_in_force(registry).scoring[0].settings_digest == first


def test_a_setting_refused_stores_nothing(registry):
    with pytest.raises(Refused, match="people cannot be 'x'"), writing():
        set_setting(registry, "breadth", {"people_share": "0.5", "people": "x"})
    assert db.session.scalar(select(func.count()).select_from(PluginSetting)) == 0


def test_settings_of_nobody_are_refused(registry):
    with pytest.raises(NotFound, match="There is no plug-in 'nobody'"), writing():
        set_setting(registry, "nobody", {"people": "1"})
    with pytest.raises(Refused, match="rotation has no settings"), writing():
        set_setting(registry, "rotation", {"people": "1"})


def test_each_change_of_a_setting_is_in_the_audit_log(registry):
    for value in ("20", "30", "12"):
        with writing():
            set_setting(registry, "breadth", {"people": value})
    verbs = db.session.scalars(select(Change.verb).order_by(Change.id)).all()
    assert verbs == ["change_setting", "change_setting", "reset_setting"]


def test_the_measures_are_settings_of_the_core(registry):
    assert measures_in_force().known_from == 0.3
    with writing():
        set_setting(registry, "relmap", {"known_from": "0.4", "visit_half_life": "90"})
    measures = measures_in_force()
    assert measures.known_from == 0.4
    assert {kind: days for kind, _, days in measures.touches}["visit"] == 90
    assert {state.field.name for state in core_settings() if not state.is_default} == {
        "known_from",
        "visit_half_life",
    }


# --- switches


def test_a_plug_in_switched_off_gives_no_rules(registry):
    with writing():
        switch(registry, "breadth", is_on=False)
    assert "breadth.people_known" not in keys(rules_in_force(registry).scoring)
    state = plugin_states(registry)[0]
    assert (state.name, state.is_active, state.is_on) == ("breadth", False, False)
    assert list(map(str, state.reasons)) == ["An administrator switched it off."]
    with writing():
        switch(registry, "breadth", is_on=True)
    assert "breadth.people_known" in keys(rules_in_force(registry).scoring)
    changes = db.session.scalars(select(Change.after).order_by(Change.id)).all()
    assert changes == [
        {"plugin": "breadth", "is_on": False},
        {"plugin": "breadth", "is_on": True},
    ]


def test_a_plug_in_that_is_not_there_cannot_be_switched(registry):
    with pytest.raises(NotFound), writing():
        switch(registry, "nobody", is_on=False)


# --- health


def ran(status="ok", *, version=1, reason="", did_run=True):
    return Outcome(
        "breadth",
        "breadth.people_known",
        version,
        status,
        reason=reason,
        seconds=0.0125,
        ran=did_run,
    )


ACCOUNTS = count(1)


def record(*outcomes, start=NOW, account_id=None):
    """Each of an account of its own, unless they are of one."""
    for number, outcome in enumerate(outcomes):
        with writing():
            at = start + timedelta(seconds=number)
            health.record([outcome], account_id=account_id or next(ACCOUNTS), at=at)


def row() -> PluginHealth:
    return db.session.get(PluginHealth, "breadth.people_known")


def test_failures_on_one_account_suspend_a_rule_for_that_one(registry):
    failed = ran("failed", reason="x")
    for number in range(3):
        record(failed, ran(), ran(), account_id=None)
        record(failed, account_id=7)
        assert rules_in_force(registry).resting["breadth.people_known"] == (
            {7} if number == 2 else set()
        )
    rule = next(one for one in rules_in_force(registry).scoring if one.plugin == "breadth")
    assert rules_in_force(registry).rests(rule, 7)
    assert not rules_in_force(registry).rests(rule, 8)
    assert rules_in_force(registry).suspended == ()
    with writing():
        health.resume("breadth")
    assert not rules_in_force(registry).rests(rule, 7)


def test_a_good_run_on_the_account_starts_its_count_anew(registry):
    failed = ran("failed", reason="x")
    record(failed, failed, ran(), failed, failed, account_id=7)
    assert rules_in_force(registry).resting["breadth.people_known"] == set()


def test_failures_on_three_accounts_in_a_row_suspend_a_rule(registry):
    failed = ran("failed", reason="KeyError: 'x'")
    record(failed, ran("timed_out", reason="It ran longer than 5 s and was stopped."))
    assert rules_in_force(registry).suspended == ()
    record(failed, start=NOW + timedelta(minutes=1))
    force = rules_in_force(registry)
    assert "depth.threads_held" in keys(force.scoring)
    assert "breadth.people_known" not in keys(force.scoring)
    assert keys(rule.rule for rule in force.suspended) == ["breadth.people_known"]
    assert force.suspended[0].reason == "KeyError: 'x'"
    assert row().suspended_at == NOW + timedelta(minutes=1)


@pytest.mark.parametrize("status", ["ok", "n/a"])
def test_a_good_run_between_starts_the_count_anew(registry, status):
    failed = ran("failed", reason="x")
    record(failed, failed, ran(status), failed, failed)
    assert row().failures_in_row == 2
    assert rules_in_force(registry).suspended == ()


def test_a_rule_whose_turn_never_came_did_not_fail(registry):
    record(*[ran("timed_out", did_run=False)] * 5)
    assert row() is None


def test_a_new_version_of_a_rule_starts_anew(registry, monkeypatch):
    record(*[ran("failed", reason="x")] * 3)
    rule = type(rules_in_force(registry).suspended[0].rule.rule)
    monkeypatch.setattr(rule, "version", 2)
    registry.built = None  # a new version comes with a new start
    assert "breadth.people_known" in keys(rules_in_force(registry).scoring)
    record(ran("failed", version=2, reason="y"))
    assert (row().failures_in_row, row().suspended_at) == (1, None)


def test_an_administrator_resumes_a_rule(registry):
    record(*[ran("failed", reason="x")] * 3)
    with writing():
        health.resume("breadth")
    assert "breadth.people_known" in keys(rules_in_force(registry).scoring)
    assert row().failures_in_row == 0
    assert row().last_error == "x"  # what happened stays to be read
    with pytest.raises(Refused, match="No rule of breadth is suspended"), writing():
        health.resume("breadth")


def test_a_rule_that_runs_well_is_noted_once_a_minute(registry):
    record(*[ran()] * 3)
    assert row().last_ran_at == NOW
    record(ran(), start=NOW + timedelta(minutes=1))
    assert row().last_ran_at == NOW + timedelta(minutes=1)
    assert row().last_milliseconds == 12.5


def test_the_hub_shows_how_each_rule_fares(registry):
    record(ran(), ran("failed", reason="KeyError: 'x'"))
    (state,) = plugin_states(registry)[0].rules
    assert (state.status, state.failures_in_row, state.last_error) == ("failed", 1, "KeyError: 'x'")
    assert state.last_failed_at == NOW + timedelta(seconds=1)
    assert plugin_states(registry)[1].rules[0].status == "new"
