"""Every verb beside another one: it locks before it reads, and two cannot wait for each other.

A verb that is not in ``VERBS`` fails the first test, so that each is held to the laws below.
"""

import re
import threading
from datetime import date, timedelta
from functools import partial
from importlib import import_module
from inspect import isfunction
from pkgutil import iter_modules

import pytest
from flask import current_app
from sqlalchemy import event, func, select, text

import relmap.facts
from relmap.errors import NotFound, Refused
from relmap.facts import claims, next_steps, people, projects, structure, tenures, ties, users
from relmap.facts import touches as touch_verbs
from relmap.facts.locks import raise_revision
from relmap.hub import health
from relmap.hub.engine import Outcome
from relmap.hub.registry import registry_of, set_setting, switch
from relmap.models import (
    Account,
    Alert,
    BackTest,
    Change,
    Claim,
    Contact,
    NextStep,
    Person,
    PluginHealth,
    PluginSetting,
    PluginSwitch,
    Post,
    Project,
    ProjectPost,
    Scan,
    Tenure,
    Tie,
    Touch,
    Unit,
    User,
    WhatIf,
    db,
    utc_now,
    writing,
)
from relmap.results.reports import alerts
from relmap.results.runs import back_tests, scanning, scoring, what_ifs
from tests.db.conftest import Firm

DAY = date(2026, 6, 1)
NEXT = DAY + timedelta(days=1)
PASSWORD, OTHER = "a quiet morning 7", "a quiet evening 8"
LOCKS = re.compile(r"\bFOR (NO KEY )?UPDATE\b|pg_advisory_xact_lock")
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b")


def _world() -> int:
    """Lin sits in two accounts, and there is one of each kind of fact about him."""
    here, there = Firm("Jingfeng"), Firm("Anhe")
    here.post("Director", "director")
    here.post("Buyer", seats=3)
    there.post("Adviser")
    here.sit("Lin", "Director", date(2025, 1, 1))
    here.sit("Wu", "Buyer", date(2025, 1, 1), acting=True)
    there.sit("Lin", "Adviser", date(2025, 1, 1))
    here.tie("Wang", "Lin", "vendor", date(2026, 1, 1))
    here.touch("Wang", "Lin", date(2026, 1, 1))
    with writing():
        account = db.session.get_one(Account, here.id)
        lin, post = named(Person, "Lin"), posted("Director")
        structure.open_unit(account, "Quality", day=date(2025, 1, 1))
        structure.open_post(named(Unit, "Quality"), "Inspector", day=date(2025, 1, 1))
        structure.open_unit(account, "Audit", day=date(2025, 1, 1))
        claims.add_claim(lin, "stance", "for", on=DAY, basis="told")
        next_steps.add_next_step(account, lin, due_on=DAY, day=DAY)
        project = projects.open_project(account, "Line 7")
        projects.decide_by(project, post)
        people.add_contact(people.add_person("Hu"), account, day=date(2025, 1, 1))
        people.add_person("Zhao", side="us")
        users.add_user("mia", role="member", password=PASSWORD)
        users.add_user("ada", role="administrator", password=PASSWORD)
        users.add_user("bo", role="administrator", password=PASSWORD)
        users.grant(named(User, "mia"), account, "read")
        users.deactivate(users.add_user("out", role="member", password=PASSWORD))
        alert = Alert(account_id=account.id, plugin="p", rule_key="r", rule_version=1, key="k")
        alert.text, alert.severity, alert.raised_on = "Lin left", "note", DAY
        db.session.add(alert)
    return here.id


@pytest.fixture
def world(context, filled) -> int:
    return filled(_world)


def one(kind, *conditions):
    """The oldest row, as a page finds it, or says that it is not there."""
    query = select(kind).where(*conditions).order_by(kind.id).limit(1)
    if (found := db.session.scalar(query)) is None:
        raise NotFound("It was taken away meanwhile.")
    return found


def named(kind, *names):
    return one(kind, kind.name.in_(names))


def posted(title) -> Post:
    return one(Post, Post.title == title)


def sitting(title) -> Tenure:
    return one(Tenure, Tenure.post_id == posted(title).id)


def account() -> Account:
    return named(Account, "Jingfeng")


lin = partial(named, Person, "Lin", "Lin Bo")
wu, wang = (partial(named, Person, name) for name in ("Wu", "Wang"))
mia, ada, bo, out = (partial(named, User, name) for name in ("mia", "ada", "bo", "out"))
planned = partial(next_steps.PlannedStep, owner_id=None, due_on=NEXT)

VERBS = {
    "claims.add_claim": lambda: claims.add_claim(lin(), "power", "high", on=DAY, basis="told"),
    "claims.withdraw_claim": lambda: claims.withdraw_claim(one(Claim)),
    "next_steps.add_next_step": lambda: next_steps.add_next_step(
        account(), lin(), due_on=NEXT, day=DAY
    ),
    "next_steps.do_next_step": lambda: next_steps.do_next_step(one(NextStep), DAY),
    "next_steps.drop_next_step": lambda: next_steps.drop_next_step(
        one(NextStep), DAY, because="he retires"
    ),
    "next_steps.reopen_next_step": lambda: next_steps.reopen_next_step(one(NextStep)),
    "next_steps.take_plan_over": lambda: next_steps.take_plan_over(
        account(), [planned(person_id=wu().id)], day=DAY
    ),
    "people.add_contact": lambda: people.add_contact(lin(), account(), day=DAY),
    "people.add_contact_point": lambda: people.add_contact_point(lin(), "mail", "lin@a.example"),
    "people.add_external_id": lambda: people.add_external_id(lin(), "mail", "lin@a.example"),
    "people.add_name": lambda: people.add_name(lin(), "Lin Bo"),
    "people.add_person": lambda: people.add_person("Qian"),
    "people.change_person": lambda: people.change_person(lin(), {"name": "Lin Bo"}),
    "people.end_contact": lambda: people.end_contact(one(Contact), DAY),
    "projects.change_project": lambda: projects.change_project(one(Project), {"name": "Line 8"}),
    "projects.change_stage": lambda: projects.change_stage(one(Project), "won", DAY),
    "projects.decide_by": lambda: projects.decide_by(one(Project), posted("Buyer")),
    "projects.decided_elsewhere": lambda: projects.decided_elsewhere(
        one(Project), posted("Director")
    ),
    "projects.open_project": lambda: projects.open_project(account(), "Line 9"),
    "projects.withdraw_project": lambda: projects.withdraw_project(one(Project)),
    "structure.change_account": lambda: structure.change_account(
        account(), {"rotation_months": 36}, day=DAY
    ),
    "structure.change_post": lambda: structure.change_post(posted("Buyer"), {"term_months": 24}),
    "structure.close_post": lambda: structure.close_post(posted("Inspector"), DAY),
    "structure.close_unit": lambda: structure.close_unit(named(Unit, "Audit"), DAY),
    "structure.mark_vacant": lambda: structure.mark_vacant(posted("Inspector"), DAY),
    "structure.move_unit": lambda: structure.move_unit(
        named(Unit, "Audit"), named(Unit, "Quality"), day=DAY
    ),
    "structure.open_account": lambda: structure.open_account("Yuanda", day=DAY),
    "structure.open_post": lambda: structure.open_post(named(Unit, "Audit"), "Clerk", day=DAY),
    "structure.open_unit": lambda: structure.open_unit(account(), "Sales", day=DAY),
    "structure.rename_unit": lambda: structure.rename_unit(
        named(Unit, "Audit", "Law"), "Law", day=DAY
    ),
    "structure.report_to": lambda: structure.report_to(posted("Buyer"), posted("Director")),
    "tenures.confirm_acting": lambda: tenures.confirm_acting(sitting("Buyer"), DAY),
    "tenures.correct_end": lambda: tenures.correct_end(sitting("Director"), DAY),
    "tenures.correct_start": lambda: tenures.correct_start(sitting("Director"), date(2025, 2, 1)),
    "tenures.end_tenure": lambda: tenures.end_tenure(sitting("Director"), DAY),
    "tenures.move": lambda: tenures.move(sitting("Director"), posted("Inspector"), DAY),
    "tenures.set_term": lambda: tenures.set_term(sitting("Director"), NEXT),
    "tenures.start_tenure": lambda: tenures.start_tenure(lin(), posted("Inspector"), DAY),
    "tenures.withdraw_tenure": lambda: tenures.withdraw_tenure(sitting("Director")),
    "ties.add_tie": lambda: ties.add_tie(lin(), wu(), observed_on=DAY, kind="advises"),
    "ties.end_tie": lambda: ties.end_tie(one(Tie), DAY),
    "ties.judge_tie": lambda: ties.judge_tie(one(Tie), "problem_solver", DAY),
    "touches.add_touch": lambda: touch_verbs.add_touch(DAY, "visit", [wang(), lin()]),
    "touches.withdraw_touch": lambda: touch_verbs.withdraw_touch(one(Touch)),
    "users.add_user": lambda: users.add_user("eve", role="member", password=PASSWORD),
    "users.change_own_password": lambda: users.change_own_password(
        mia(), current=PASSWORD, new=OTHER
    ),
    "users.change_role": lambda: users.change_role(mia(), "manager"),
    "users.deactivate": lambda: users.deactivate(bo()),
    "users.grant": lambda: users.grant(mia(), named(Account, "Anhe"), "write"),
    "users.reactivate": lambda: users.reactivate(out()),
    "users.revoke": lambda: users.revoke(mia(), account()),
    "users.set_language": lambda: users.set_language(mia(), "zh_Hant"),
    "users.set_password": lambda: users.set_password(mia(), OTHER),
    "users.set_timezone": lambda: users.set_timezone(mia(), "Asia/Taipei"),
}
BESIDE = {
    "alerts.acknowledge": lambda: alerts.acknowledge(one(Alert).id),
    "alerts.close": lambda: alerts.close(one(Alert).id, reason="done"),
    "back_tests.ask_back_test": lambda: back_tests.ask_back_test(account().id, DAY),
    "back_tests.ask_back_test of the book": lambda: back_tests.ask_back_test(None, DAY),
    "registry.set_setting": lambda: set_setting(plugins_here(), "breadth", {"people": "30"}),
    "registry.switch off": lambda: switch(plugins_here(), "breadth", is_on=False),
    "registry.switch on": lambda: switch(plugins_here(), "breadth", is_on=True),
    "scoring.ask": lambda: scoring.ask(account().id, DAY),
    "what_ifs.ask_what_if": lambda: what_ifs.ask_what_if(account(), DAY, []),
}
"""What people write that is no fact."""

EVERY = {**VERBS, **BESIDE}

NO_VERBS = {
    "people": {"find_ours", "get_person", "refresh_search_text", "shown_id"},
    "structure": {"account_of", "accounts_alike", "find_account", "root_unit"},
    "projects": {"find_project"},
    "tenures": {"get_tenure"},
    "next_steps": {"get_next_step"},
    "users": {
        *("administrators", "ensure_admin", "find_user", "folded", "generated_password"),
        *("list_users", "note_log_in", "user_with"),
    },
}
"""What reads; ``ensure_admin`` acts in an empty book only, and a log-in is noted each time."""

OTHER_ROOMS = {"audit", "closed_lists", "concerned", "locks", "logins"}
"""What is no verb, or has its own tests: tests/db/test_logins.py."""


def test_every_verb_is_held_to_the_laws():
    found = set()
    for module in iter_modules(relmap.facts.__path__):
        if module.name not in OTHER_ROOMS:
            verbs = import_module(f"relmap.facts.{module.name}")
            found |= {
                f"{module.name}.{name}"
                for name in verbs.__all__
                if isfunction(getattr(verbs, name)) and name not in NO_VERBS.get(module.name, ())
            }
    assert found == set(VERBS)


def plugins_here():
    return registry_of(current_app)


def end_there() -> None:
    tenures.end_tenure(sitting("Adviser"), DAY)


# --- what each does


def told_by(act) -> str:
    """What somebody is told who does this: nothing where it worked."""
    try:
        act()
    except (Refused, NotFound) as error:
        return f"{type(error).__name__}: {error}"
    return ""


class Enough(Exception):
    """Nothing of a unit of work is to stay."""


def in_a_row(act) -> tuple[list[str], list[str]]:
    """What two are told of whom the second comes when the first is done, and what is logged."""
    before = len(lines())
    told = [told_by(act), told_by(act)]
    db.session.flush()
    return told, lines()[before:]


def lines() -> list[str]:
    return list(db.session.scalars(select(Change.verb).order_by(Change.id)))


def rows() -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in KINDS]


KINDS = (
    *(Alert, BackTest, Contact, NextStep, PluginSetting, PluginSwitch, ProjectPost, Tenure, Tie),
    *(User, WhatIf),
)


class Two:
    """Two who act in threads and units of work of their own."""

    def __init__(self, app) -> None:
        self.app = app
        self.told: dict[str, str] = {}
        self.faults: list[BaseException] = []

    def start(self, name: str, act) -> threading.Thread:
        def run() -> None:
            with self.app.app_context():
                try:
                    self.told[name] = told_by(lambda: _in_a_unit(act))
                except BaseException as error:  # what a page would answer with 500
                    self.faults.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        return thread


def _in_a_unit(act) -> None:
    with writing():
        act()


def is_waiting() -> bool:
    if db.engine.dialect.name == "sqlite":  # it waits where it begins, and cannot say so
        return True
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as beside:
        return bool(beside.scalar(waiting))


# --- the laws


@pytest.mark.postgresql
@pytest.mark.parametrize("name", EVERY)
def test_two_at_once_are_told_what_two_in_a_row_are_told(app, world, name):
    act = EVERY[name]
    with pytest.raises(Enough), writing():
        told, logged = in_a_row(act)
        kept = rows()
        raise Enough
    before, two = len(lines()), Two(app)
    with writing():
        first = told_by(act)
        db.session.flush()
        thread = two.start("second", act)
        while thread.is_alive() and not is_waiting():
            pass
    thread.join()
    db.session.rollback()

    assert two.faults == []
    assert [first, two.told["second"]] == told
    assert lines()[before:] == logged
    assert rows() == kept


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("name", EVERY)
def test_two_on_two_accounts_of_one_person_do_not_wait_for_each_other(app, world, name):
    arrived: dict[int, threading.Event] = {}

    def meet(_connection, _cursor, statement, *_) -> None:
        """Whoever has the first lock goes on when the other has one too, or waits."""
        mine = arrived.get(threading.get_ident())
        if mine is None or mine.is_set() or not LOCKS.search(statement):
            return
        mine.set()
        others = [one for one in arrived.values() if one is not mine]
        while not all(one.is_set() for one in others) and not is_waiting():
            if not all(thread.is_alive() for thread in threads):
                return

    def arriving(act) -> None:
        arrived[threading.get_ident()] = threading.Event()
        both.wait()
        act()

    two, both, threads = Two(app), threading.Barrier(2), []
    event.listen(db.engine, "after_cursor_execute", meet)
    for who, act in (("here", EVERY[name]), ("there", end_there)):
        threads.append(two.start(who, partial(arriving, act)))
    for thread in threads:
        thread.join()
    event.remove(db.engine, "after_cursor_execute", meet)

    assert two.faults == []
    assert two.told["there"] == ""


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_verbs_lock_before_they_write_and_all_accounts_at_once(world, statements):
    late = {}
    for name in EVERY.keys() - {"people.add_person"}:  # there is nothing yet to lock
        with pytest.raises(Enough), writing(), statements() as sent:
            told_by(EVERY[name])
            db.session.flush()
            raise Enough
        locks = [statement for statement in sent if LOCKS.search(statement)]
        first = next(one for one in [*sent, ""] if LOCKS.search(one) or WRITES.match(one))
        of_accounts = [
            one for one in locks if re.search(r"FROM account\s+WHERE account.id IN", one)
        ]
        if first not in locks or len(of_accounts) > 1:
            late[name] = sent
    assert late == {}


@pytest.mark.postgresql
def test_of_two_administrators_who_go_at_once_one_stays(app, world):
    two = Two(app)
    with writing():
        users.deactivate(ada())
        thread = two.start("bo", lambda: users.deactivate(bo()))
        while thread.is_alive() and not is_waiting():
            pass
    thread.join()

    assert two.faults == []
    assert "last administrator" in two.told["bo"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_accounts_are_scored_and_scanned_at_once(
    app, monkeypatch, meanwhile, context, plugins, here
):
    monkeypatch.setattr(health, "NEWS_AFTER", timedelta(0))  # every run is noted
    accounts = [Firm(name).id for name in ("Jingfeng", "Anhe")]

    def work(account_id: int, day: date) -> list[bool]:
        scored = scoring.score(account_id, day, runner=here, registry=plugins)
        scanning.scan(account_id, day, runner=here, registry=plugins)
        return [scored, bool(db.session.scalar(select(func.count(Scan.id)).where(Scan.on == day)))]

    for account_id in accounts:  # from here on each rule has its line of health
        work(account_id, DAY)
    me, others = threading.get_ident(), []

    def refuse_to_wait(connection) -> None:
        if threading.get_ident() != me:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 500")

    def work_beside(session) -> None:
        if threading.get_ident() == me:
            others.append(meanwhile(lambda: work(accounts[1], NEXT + timedelta(len(others)))))

    event.listen(db.engine, "begin", refuse_to_wait)
    event.listen(db.session, "before_commit", work_beside)
    try:
        work(accounts[0], NEXT)
    finally:
        event.remove(db.session, "before_commit", work_beside)
        event.remove(db.engine, "begin", refuse_to_wait)
    assert others == [[True, True]] * 2


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("status", "in_a_row"), [("failed", 3), ("ok", 0)])
def test_what_is_counted_at_once_with_a_failure_is_not_lost(app, context, status, in_a_row):
    def ended(status: str, account_id: int) -> None:
        outcome = Outcome("own", "own.rule", 1, status, reason="x")
        health.record([outcome], account_id=account_id, at=utc_now())

    with writing():
        ended("failed", 1)
    two = Two(app)
    with writing():
        ended("failed", 2)
        thread = two.start("third", lambda: ended(status, 3))
        while thread.is_alive() and not is_waiting():
            pass
    thread.join()
    db.session.rollback()
    assert two.faults == []
    row = db.session.get_one(PluginHealth, "own.rule")
    assert (row.failures_in_row, row.suspended_at is not None) == (in_a_row, in_a_row == 3)
    assert len(row.account_failures) == (3 if status == "failed" else 2)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_of_two_accounts_of_a_new_rule_one_makes_its_line(app, context):
    def failed(account_id: int) -> None:
        outcome = Outcome("own", "own.rule", 1, "failed", reason="x")
        health.record([outcome], account_id=account_id, at=utc_now())

    two = Two(app)
    with writing():
        failed(1)
        thread = two.start("second", lambda: failed(2))
        while thread.is_alive() and not is_waiting():
            pass
    thread.join()
    db.session.rollback()
    assert two.faults == []
    assert db.session.scalars(select(PluginHealth.failures_in_row)).all() == [2]


def test_to_raise_an_account_that_is_not_locked_is_refused(world):
    with pytest.raises(RuntimeError, match="not locked"), writing():
        raise_revision([world])
