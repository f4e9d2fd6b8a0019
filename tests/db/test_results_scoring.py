"""Scores: what is due, what is stored, what is reused, and how it reads."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from relmap.contracts import Evidence, NotApplicable, Ref
from relmap.contracts import Score as Given
from relmap.errors import NotFound
from relmap.facts import people, structure
from relmap.hub import health
from relmap.hub.hookspecs import hookimpl
from relmap.hub.registry import Registry, set_setting, switch
from relmap.models import Account, PluginHealth, Score, db, writing
from relmap.results.reports import scores
from relmap.results.runs import scoring, thinning

DAY = date(2026, 7, 1)


def run(firm, here, registry, day=DAY, **more) -> bool:
    return scoring.score(firm.id, day, runner=here, registry=registry, **more)


def rows(firm, day=DAY) -> list[Score]:
    query = select(Score).where(Score.account_id == firm.id, Score.on == day)
    return list(db.session.scalars(query.order_by(Score.rule_key)))


def due(registry, day=DAY) -> list[int]:
    return [row.id for row in scoring.due_accounts(registry, day)]


# --- a plug-in of the test's own


class Fixed:
    """Gives the same points to everybody and counts how often it ran."""

    version = 1
    title = "Fixed"
    ran: list[str] = []  # noqa: RUF012  # counts over all pickled copies

    def __init__(self, noun, points=5.0, weight=1.0):
        self.key, self.points, self.weight = f"own.{noun}", points, weight

    def score(self, view):
        Fixed.ran.append(self.key)
        if self.points is None:
            return NotApplicable("Nothing to say.")
        if self.points < 0:
            raise RuntimeError("A bug.")
        people = tuple(row.ref for row in view.people_of("client"))[:1]
        return Given((Evidence("{0} is there" if people else "Blank", self.points, people),), 10)


def registry_of(*rules) -> Registry:
    class Plugin:
        @hookimpl
        def scoring_rules(self, settings):
            return list(rules)

    registry = Registry()
    registry.register("own", Plugin, version="1")
    registry.start()
    assert registry.plugin("own").reason is None
    return registry


@pytest.mark.postgresql
def test_an_account_is_due_until_it_has_scores_of_that_day(staffed, here, plugins):
    assert due(plugins) == [staffed.id]
    assert run(staffed, here, plugins)
    assert due(plugins) == []
    assert not run(staffed, here, plugins)
    assert due(plugins, DAY + timedelta(days=1)) == [staffed.id]


@pytest.mark.postgresql
def test_a_write_makes_the_account_due_and_only_that_one(staffed, here, plugins):
    with writing():
        other = structure.open_account("Other", day=DAY).id
    run(staffed, here, plugins)
    scoring.score(other, DAY, runner=here, registry=plugins)
    staffed.touch("Wang", "Wu", DAY)
    assert due(plugins) == [staffed.id]


@pytest.mark.postgresql
def test_a_changed_setting_makes_the_account_due(staffed, here, plugins):
    run(staffed, here, plugins)
    with writing():
        set_setting(plugins, "breadth", {"people": "3"})
    assert due(plugins) == [staffed.id]
    before = {row.rule_key: row.points for row in rows(staffed)}
    run(staffed, here, plugins)
    after = {row.rule_key: row.points for row in rows(staffed)}
    assert after["breadth.people_known"] > before["breadth.people_known"]
    assert after["depth.threads_held"] == before["depth.threads_held"]


@pytest.mark.postgresql
def test_a_changed_constant_of_strength_makes_the_account_due(staffed, here, plugins):
    run(staffed, here, plugins)
    with writing():
        set_setting(plugins, "relmap", {"known_from": "0.9"})
    assert due(plugins) == [staffed.id]
    run(staffed, here, plugins)
    (breadth,) = [row for row in rows(staffed) if row.plugin == "breadth"]
    assert breadth.points == 0


@pytest.mark.postgresql
def test_what_rests_on_the_same_view_is_not_run_again(staffed, here):
    Fixed.ran.clear()
    run(staffed, here, registry_of(Fixed("one")))
    with writing():
        structure.change_account(db.session.get(Account, staffed.id), {"search_text": "x"})
    assert run(staffed, here, registry_of(Fixed("one"), Fixed("two")))
    assert Fixed.ran == ["own.one", "own.two"]
    assert {row.revision for row in rows(staffed)} == {staffed.revision}


@pytest.mark.postgresql
def test_a_rule_that_is_gone_takes_its_scores_of_the_day_along(staffed, here):
    run(staffed, here, registry_of(Fixed("one"), Fixed("two")))
    run(staffed, here, registry_of(Fixed("one")))
    assert [row.rule_key for row in rows(staffed)] == ["own.one"]


def test_a_plug_in_that_was_switched_off_counts_no_more(staffed, here, plugins):
    run(staffed, here, plugins)
    with writing():
        switch(plugins, "depth", is_on=False)
    assert run(staffed, here, plugins)
    counted = {row.plugin for row in rows(staffed)}
    assert "depth" not in counted
    assert {"breadth", "freshness"} <= counted


def test_without_any_rule_nothing_is_due(firm, here):
    empty = Registry()
    empty.start()
    assert due(empty) == []


def test_a_missing_account_is_not_found(context, here, plugins):
    with pytest.raises(NotFound):
        scoring.score(999, DAY, runner=here, registry=plugins)


@pytest.mark.postgresql
def test_the_total_weighs_the_rules_that_ended_well(staffed, here):
    rules = (
        Fixed("half"),
        Fixed("full", 10.0, weight=3.0),
        Fixed("none", None),
        Fixed("bug", -1.0),
    )
    run(staffed, here, registry_of(*rules))
    card = scores.read_scores(staffed.id, DAY)
    assert card.total == pytest.approx(100 * (1 * 0.5 + 3 * 1.0) / 4)
    assert card.summary == "2 of 4 rules, 1 not applicable, 1 failed"
    assert scores.totals([staffed.id], DAY)[staffed.id].total == pytest.approx(card.total)
    (point,) = scores.history(staffed.id, DAY)
    assert (point.on, point.total, point.ok_count, point.rule_count) == (DAY, card.total, 2, 4)


def test_without_a_rule_that_ended_well_there_is_no_total(staffed, here):
    run(staffed, here, registry_of(Fixed("none", None)))
    assert scores.read_scores(staffed.id, DAY).total is None
    assert scores.totals([staffed.id], DAY)[staffed.id].total is None


@pytest.mark.postgresql
def test_what_failed_says_why_and_a_person_may_try_again(staffed, here):
    registry = registry_of(Fixed("bug", -1.0))
    run(staffed, here, registry)
    (row,) = rows(staffed)
    assert (row.status, row.points) == ("failed", None)
    assert "RuntimeError" in row.reason
    assert not run(staffed, here, registry)
    Fixed.ran.clear()
    assert run(staffed, here, registry, retry=True)
    assert Fixed.ran == ["own.bug"]


@pytest.mark.postgresql
def test_a_suspended_rule_is_shown_as_such_and_not_run(staffed, make_firm, here):
    registry = registry_of(Fixed("bug", -1.0), Fixed("good"))
    for firm in (staffed, make_firm("Nordwerk"), make_firm("Halvorsen")):
        run(firm, here, registry)
    suspended = select(PluginHealth.rule_key).where(PluginHealth.suspended_at.is_not(None))
    assert db.session.scalars(suspended).all() == ["own.bug"]
    Fixed.ran.clear()
    day = DAY + timedelta(days=9)
    run(staffed, here, registry, day)
    assert Fixed.ran == ["own.good"]
    bug, good = rows(staffed, day)
    assert (bug.status, good.status) == ("failed", "ok")
    assert bug.reason.startswith("Suspended: ")


@pytest.mark.postgresql
def test_a_rule_that_fails_on_one_account_rests_there_until_it_is_resumed(staffed, make_firm, here):
    registry, other = registry_of(Fixed("bug", -1.0), Fixed("good")), make_firm("Nordwerk")
    for number in range(3):
        run(staffed, here, registry, DAY + timedelta(days=number))
    day = DAY + timedelta(days=9)
    Fixed.ran.clear()
    run(staffed, here, registry, day)
    run(other, here, registry, day)
    assert Fixed.ran == ["own.good", "own.bug", "own.good"]
    bug, good = rows(staffed, day)
    assert (bug.status, good.status) == ("failed", "ok")
    assert bug.reason.startswith("Suspended for this account: ")
    assert not run(staffed, here, registry, day)
    with writing():
        health.resume("own")
    Fixed.ran.clear()
    assert run(staffed, here, registry, day)
    assert Fixed.ran == ["own.bug"]


@pytest.mark.postgresql
def test_a_past_day_reads_the_newest_before_it_and_says_so(staffed, here, plugins):
    run(staffed, here, plugins)
    run(staffed, here, plugins, DAY + timedelta(days=10))
    assert scores.read_scores(staffed.id, DAY + timedelta(days=5)).on == DAY
    assert scores.read_scores(staffed.id, DAY).on == DAY
    assert scores.read_scores(staffed.id, DAY - timedelta(days=1)) is None


@pytest.mark.postgresql
def test_older_results_do_not_overwrite_newer_ones(staffed, here, plugins):
    """The other worker saw a later revision while our rules ran."""

    def score(view, rules):
        outcomes = here.score(view, rules)
        staffed.touch("Wang", "Wu", DAY)
        run(staffed, here, plugins)
        return outcomes

    scoring.score(staffed.id, DAY, runner=SimpleNamespace(score=score), registry=plugins)
    assert {row.revision for row in rows(staffed)} == {staffed.revision}
    assert due(plugins) == []


@pytest.mark.postgresql
def test_a_day_asked_for_twice_is_one_to_work_off(staffed):
    for _ in range(2):
        with writing():
            scoring.ask(staffed.id, date(2025, 6, 1))
    ((due_id, account_id, day),) = scoring.asked()
    assert (account_id, day) == (staffed.id, date(2025, 6, 1))
    with writing():
        scoring.worked_off(due_id)
    assert scoring.asked() == []


# --- as printed


def test_the_document_has_names_filled_in(staffed, here):
    run(staffed, here, registry_of(Fixed("one")))
    (document,) = scores.as_json([staffed.id], DAY)
    assert {"account": "Jingfeng", "on": "2026-07-01", "total": 50}.items() <= document.items()
    (rule,) = document["rules"]
    assert {"key": "own.one", "version": 1, "status": "ok", "points": 5, "out_of": 10}.items() <= (
        rule.items()
    )
    ((evidence),) = rule["evidence"]
    assert evidence["text"] == "Lin is there"
    assert [(ref["kind"], ref["name"]) for ref in evidence["refs"]] == [("person", "Lin")]


def test_a_renamed_person_is_renamed_in_what_is_stored(staffed, here):
    run(staffed, here, registry_of(Fixed("one")))
    with writing():
        people.change_person(staffed.person("Lin"), {"name": "林佳慧"})
    (document,) = scores.as_json([staffed.id], DAY)
    assert document["rules"][0]["evidence"][0]["text"] == "林佳慧 is there"


def test_an_account_without_scores_has_none(staffed):
    (document,) = scores.as_json([staffed.id], DAY)
    assert (document["total"], document["rules"]) == (None, [])


# --- thinning


def pass_of(firm, day, computed) -> None:
    with writing():
        db.session.add(
            Score(
                account_id=firm.id,
                on=day,
                plugin="own",
                rule_key="own.one",
                rule_version=1,
                rule_title="One",
                weight=1,
                settings_digest="",
                view_digest="",
                ruleset_digest="",
                revision=1,
                status="ok",
                points=1,
                out_of=2,
            )
        )
        db.session.flush()
        db.session.execute(
            Score.__table__.update().where(Score.on == day).values(computed_at=computed)
        )


@pytest.mark.postgresql
def test_old_scores_are_thinned_to_the_last_of_each_month(firm):
    from datetime import UTC, datetime, time

    days = [DAY - timedelta(days=number) for number in range(0, 120, 7)]
    for day in days:
        pass_of(firm, day, datetime.combine(day, time(), UTC))
    asked_for = {date(2025, 3, 3), date(2025, 3, 20)}
    for day in asked_for:
        pass_of(firm, day, datetime.combine(DAY, time(), UTC))
    with writing():
        thinning.thin(DAY)
    kept = set(db.session.scalars(select(Score.on)))
    recent = {day for day in days if day >= DAY - timedelta(days=30)}
    ends = {max(day for day in days if day.month == month) for month in {day.month for day in days}}
    assert kept == recent | ends | asked_for
    assert recent | ends < set(days)


@pytest.mark.postgresql
def test_names_are_asked_for_in_one_query(staffed, here, plugins, statements):
    run(staffed, here, plugins)
    with statements() as seen:
        scores.as_json([staffed.id], DAY)
    assert len(seen) == 2  # the scores, the names


@pytest.mark.postgresql
def test_refs_of_any_kind_have_a_name(staffed):
    from relmap.results.ref_names import plain_names

    refs = [Ref("person", 999), Ref("post", 999), Ref("project", 1), Ref("account", staffed.id)]
    names = plain_names(refs)
    assert [names[ref] for ref in refs] == [
        "a former contact",
        "a former post",
        "a former project",
        "Jingfeng",
    ]
    assert db.session.scalar(select(func.count()).select_from(Score)) == 0
