"""The sweep: what is due gets done, by whoever comes first, whatever happens in between."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from relmap import jobs
from relmap.errors import Refused
from relmap.facts import structure
from relmap.hub.engine import InProcess
from relmap.models import Alert, Due, Foresight, Scan, Score, db, writing
from relmap.results.reports import scores
from relmap.results.runs import scoring

pytestmark = pytest.mark.postgresql

DAY = date(2026, 7, 1)
NEXT = DAY + timedelta(days=1)
RULES = {
    "breadth.people_known",
    "depth.threads_held",
    "freshness.ties_kept_warm",
    "lint.map_in_order",
    "outlook.deciding_posts",
}
ALERT_RULES = 5  # of the bundled plug-ins


def count(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def scored() -> set[tuple[int, date]]:
    return {tuple(row) for row in db.session.execute(select(Score.account_id, Score.on))}


@pytest.fixture
def two(staffed) -> tuple[int, int]:
    """The ids of two accounts, one with people."""
    with writing():
        other = structure.open_account("Other", day=date(2024, 1, 1)).id
    return staffed.id, other


def test_a_sweep_scores_and_scans_every_account_once(two, here):
    done = jobs.sweep(DAY, runner=here)
    assert (done.scored, done.scanned, done.broken) == (list(two), list(two), [])
    assert set(db.session.scalars(select(Score.rule_key))) == RULES
    again = jobs.sweep(DAY, runner=here)
    assert (again.scored, again.scanned) == ([], [])


def test_one_write_is_one_account_to_do_again(two, staffed, here):
    jobs.sweep(DAY, runner=here)
    staffed.touch("Wang", "Wu", DAY)
    done = jobs.sweep(DAY, runner=here)
    assert (done.scored, done.scanned) == ([two[0]], [two[0]])


def test_time_alone_makes_all_accounts_due(two, here):
    jobs.sweep(DAY, runner=here)
    assert jobs.sweep(NEXT, runner=here).scored == list(two)


def test_a_departure_is_raised_by_the_next_sweep_and_by_no_other(staffed, here):
    jobs.sweep(DAY, runner=here)
    staffed.leave("Lin", date(2026, 3, 1))
    assert len(jobs.sweep(DAY, runner=here).raised) == 1
    assert jobs.sweep(NEXT, runner=here).raised == []
    assert count(Alert) == 1


def test_a_broken_account_does_not_stop_the_others(two, here, caplog):
    class Broken(InProcess):
        def score(self, view, rules):
            if view.account.ref.id == two[0]:
                raise OSError("The disk is full.")
            return super().score(view, rules)

    tried = {}
    done = jobs.sweep(DAY, runner=Broken(), tried=tried)
    assert (done.scored, done.broken) == ([two[1]], [two[0]])
    assert "The disk is full" in caplog.text
    assert jobs.sweep(DAY, runner=Broken(), tried=tried).broken == []  # waits for a change
    assert jobs.sweep(DAY, runner=here, tried={}).scored == [two[0]]


def test_a_day_that_was_asked_for_is_worked_off(staffed, here):
    past = date(2025, 6, 1)
    with writing():
        scoring.ask(staffed.id, past)
    assert jobs.sweep(DAY, runner=here).asked == [(staffed.id, past)]
    assert (staffed.id, past) in scored()
    assert count(Due) == 0
    assert scores.read_scores(staffed.id, past).on == past


def test_who_asks_for_many_days_does_not_stand_before_others(two, here):
    days = [DAY - timedelta(days=number) for number in range(1, 6)]
    with writing():
        for day in days:
            scoring.ask(two[0], day)
        scoring.ask(two[1], NEXT)
    done = jobs.sweep(DAY, runner=here)
    assert done.asked[:2] == [(two[0], days[0]), (two[1], NEXT)]
    assert done.asked[2:] == [(two[0], day) for day in days[1:]]


def test_a_stopped_sweep_ends_after_the_account_at_hand(two, here):
    done = jobs.sweep(DAY, runner=here, is_stopped=lambda: count(Score) > 0)
    assert (done.scored, done.scanned) == ([two[0]], [two[0]])


def test_an_account_is_read_once_to_be_scored_and_scanned(staffed, here, statements):
    with statements() as seen:
        jobs.sweep(DAY, runner=here)
    tenures = [text for text in seen if "FROM tenure" in text and "tenure.acting" in text]
    assert len(tenures) == 2  # today's view, and the one before that the first scan compares with


@pytest.mark.parametrize("moment", ["score", "check"])
def test_what_a_command_does_meanwhile_is_not_done_again(staffed, here, meanwhile, moment):
    """A command claims nothing: what it stores first stays."""

    def command():
        is_scored = jobs.score_account(staffed.id, DAY, runner=here)
        return is_scored, jobs.scan_account(staffed.id, DAY, runner=here)

    jobs.sweep(DAY - timedelta(days=1), runner=here)
    staffed.leave("Lin", date(2026, 6, 1))
    others = []

    class Overtaken(InProcess):
        def score(self, view, rules):
            return self.overtaken("score", super().score(view, rules))

        def check(self, before, now, rules):
            return self.overtaken("check", super().check(before, now, rules))

        def overtaken(self, now, outcomes):
            if now == moment and not others:
                others.append(meanwhile(command))
                others.append(meanwhile(everything_stored))
            return outcomes

    ours = jobs.sweep(DAY, runner=Overtaken())
    (is_scored, raised), stored = others
    assert everything_stored() == stored
    assert (is_scored, bool(ours.scored)) == (moment == "score", moment == "check")
    assert (len(raised), ours.raised) == (1, [])


# On SQLite it is the process that claims; two of them: test_messages.py.
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_account_that_another_worker_has_claimed_is_left_to_it(two, here, meanwhile):
    """In the middle of a turn another worker finds all but this account to do."""
    others, looked = [], []

    class Watched(InProcess):
        def score(self, view, rules):
            if not others:
                others.append(meanwhile(lambda: jobs.sweep(DAY, runner=here)))
            return super().score(view, rules)

        def check(self, before, now, rules):
            looked.append(now.account.ref.id)
            return super().check(before, now, rules)

    ours = jobs.sweep(DAY, runner=Watched())
    (theirs,) = others
    assert (ours.forecast, ours.scored, looked) == ([two[0]], [two[0]], [two[0]])
    assert (theirs.forecast, theirs.scored, theirs.scanned) == ([two[1]], [two[1]], [two[1]])


def everything_stored() -> list[tuple[object, ...]]:
    """Each result with its number and the moment at which it was stored."""
    of_scores = select(Score.id, Score.on, Score.computed_at).order_by(Score.id)
    of_days = select(Foresight.id, Foresight.on, Foresight.computed_at).order_by(Foresight.id)
    tables = (select(table.id).order_by(table.id) for table in (Scan, Alert))
    return [
        tuple(row) for query in (of_scores, of_days, *tables) for row in db.session.execute(query)
    ]


def test_what_is_written_between_scoring_and_scanning_is_seen(staffed):
    class Meanwhile(InProcess):
        def score(self, view, rules):
            if staffed.revision == view.revision:
                staffed.leave("Lin", date(2026, 6, 1))
            return super().score(view, rules)

    jobs.sweep(DAY - timedelta(days=1), runner=InProcess())
    assert len(jobs.sweep(DAY, runner=Meanwhile()).raised) == 1


def test_no_transaction_is_left_open(two, here):
    jobs.sweep(DAY, runner=here)
    assert not db.session().in_transaction()


def test_commands_get_documents_from_the_engine(staffed):
    (score,) = jobs.score_accounts([staffed.id], DAY, today=DAY)
    weighing = len(RULES) - 1  # all but the lint
    assert score["summary"].split(" rules")[0].endswith(f"of {weighing}")
    assert {rule["key"] for rule in score["rules"]} == RULES
    assert jobs.scan_accounts([staffed.id], DAY, today=DAY) == []
    staffed.leave("Lin", date(2026, 3, 1))
    (alert,) = jobs.scan_accounts([staffed.id], DAY, today=DAY)
    assert (alert["person"], alert["status"]) == ("Lin", "open")


def test_a_scan_of_many_is_refused_before_anything_is_done(two, staffed, here):
    jobs.scan_account(two[1], NEXT, runner=here)
    staffed.leave("Lin", date(2026, 3, 1))
    with pytest.raises(Refused, match="Other was scanned on 2026-07-02"):
        jobs.scan_accounts(list(two), DAY, today=DAY)
    assert count(Alert) == 0


# --- in processes of their own


def start(url, folder, code: str, *arguments: object) -> subprocess.Popen[str]:
    """Python that runs ``code`` on this database."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("RELMAP_")}
    env |= {"RELMAP_DATABASE_URL": url, "RELMAP_INSTANCE": str(folder)}
    env["RELMAP_SWEEP_SECONDS"] = "1"
    command = [sys.executable, "-c", code, *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=env, text=True, **pipes)


def wait(process: subprocess.Popen[str]) -> str:
    """What it printed; fails where it failed."""
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out


HEAD = """
import json, sys
from datetime import date, timedelta
from relmap import jobs
from relmap.app import create_app
from relmap.models import db, writing
app = create_app()
"""
SWEEP = (
    HEAD
    + """
with app.app_context(), jobs.engine() as runner:
    done = jobs.sweep(date(2026, 7, 1), runner=runner)
    assert not done.broken, done
    print(json.dumps([done.forecast, done.scored, done.raised]))
"""
)
WORK = (
    HEAD
    + """
with app.app_context():
    jobs.work(once=sys.argv[1] == "once", beside=int(sys.argv[2]) or None)
"""
)


def rotated(make_firm, number: int) -> list[int]:
    """The ids of so many accounts, each with one departure."""
    ids = []
    for index in range(number):
        firm = make_firm(f"Account {index}")
        firm.post("Buyer")
        firm.sit(f"P{index}", "Buyer", date(2025, 1, 1))
        firm.leave(f"P{index}", date(2026, 3, 1))
        ids.append(firm.id)
    db.session.rollback()
    return ids


def test_two_sweeps_at_once_do_the_work_once(context, db_url, tmp_path, make_firm):
    ids = rotated(make_firm, 6)
    sweeps = [start(db_url, tmp_path, SWEEP) for _ in range(2)]
    one, other = (json.loads(wait(sweep)) for sweep in sweeps)
    forecast, scored_by_either, raised = (sorted(a + b) for a, b in zip(one, other, strict=True))
    assert forecast == scored_by_either == ids  # each account once, by one of the two
    assert raised == sorted(db.session.scalars(select(Alert.id)))
    assert (count(Alert), count(Scan)) == (6, 6 * ALERT_RULES)
    assert count(Score) == 6 * len(RULES)


def test_a_worker_killed_anywhere_loses_nothing(context, db_url, tmp_path, make_firm):
    rotated(make_firm, 8)
    for least in (1, 4):
        sweep = start(db_url, tmp_path, SWEEP)
        while len(scored()) < least and sweep.poll() is None:
            db.session.rollback()
            time.sleep(0.01)
        sweep.send_signal(signal.SIGKILL)
        sweep.communicate()
        db.session.rollback()
        assert count(Score) % len(RULES) == 0  # an account's scores are there whole or not at all
    wait(start(db_url, tmp_path, SWEEP))
    db.session.rollback()
    assert count(Score) == 8 * len(RULES)
    assert (count(Alert), count(Scan)) == (8, 8 * ALERT_RULES)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_worker_does_one_sweep_and_stops(two, db_url, tmp_path):
    wait(start(db_url, tmp_path, WORK, "once", 0))
    db.session.rollback()
    assert {account_id for account_id, _ in scored()} == set(two)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_worker_stops_when_it_is_told_to(two, db_url, tmp_path):
    worker = start(db_url, tmp_path, WORK, "on", 0)
    while not scored() and worker.poll() is None:
        db.session.rollback()
        time.sleep(0.01)
    worker.terminate()
    wait(worker)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_worker_ends_with_the_server_it_works_beside(two, db_url, tmp_path):
    server = start(db_url, tmp_path, "input()")
    worker = start(db_url, tmp_path, WORK, "on", server.pid)
    while not scored() and worker.poll() is None:
        db.session.rollback()
        time.sleep(0.01)
    assert worker.poll() is None
    server.kill()
    server.communicate()
    wait(worker)
