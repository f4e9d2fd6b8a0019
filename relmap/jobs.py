"""What runs beside the pages: plain functions of ids and a day, called by the CLI and the worker.

Each is idempotent, commits once an account, and may run twice at once. A lost message or a killed
worker loses nothing: what is due is found again by the next sweep.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from threading import Event
from types import FrameType
from typing import Any, Final

from flask import current_app
from sqlalchemy import select

from relmap import config_of, graph, registry_of
from relmap.contracts import AccountView, Measures
from relmap.errors import NotFound, Refused
from relmap.hub.engine import Engine, Limits
from relmap.hub.registry import Registry
from relmap.models import Account, Alert, db, writing
from relmap.results import (
    alerts,
    asked_what_ifs,
    back_tests,
    forecasting,
    outlooks,
    reading,
    scanning,
    scoring,
    thinning,
)
from relmap.results.due import Views
from relmap.results.scoring import Runner

__all__ = [
    "Swept",
    "all_accounts",
    "engine",
    "forecast_account",
    "forecast_accounts",
    "limits",
    "scan_account",
    "scan_accounts",
    "score_account",
    "score_accounts",
    "sweep",
    "work",
]

log = logging.getLogger(__name__)

Turn = tuple[str, int]  # forecast, score or scan, and the account
State = tuple[date, int, str]  # the day, the revision, the rules

MIB: Final = 1024 * 1024
THINNING: Final[Turn] = ("thin", 0)


@dataclass
class Swept:
    """What one sweep did; ``broken`` are accounts that raised, whose trace is in the log."""

    forecast: list[int] = field(default_factory=list)
    scored: list[int] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    asked: list[tuple[int, date]] = field(default_factory=list)
    tested: list[int] = field(default_factory=list)  # ids of back-tests
    supposed: list[int] = field(default_factory=list)  # ids of what-ifs
    raised: list[int] = field(default_factory=list)  # ids of alerts
    broken: list[int] = field(default_factory=list)


def limits() -> Limits:
    """What the settings allow a rule."""
    config = config_of(current_app)
    return Limits(
        rule_seconds=config.rule_seconds,
        account_seconds=config.account_seconds,
        memory_mib=config.rule_memory // MIB,
    )


@contextmanager
def engine() -> Iterator[Engine]:
    """The engine under today's settings. Never in a web process: rules belong to jobs."""
    with Engine(limits()) as started:
        yield started


def all_accounts() -> list[int]:
    """The ids of all accounts, by name."""
    return list(db.session.scalars(select(Account.id).order_by(Account.name)))


# --- one account


def forecast_account(account_id: int, day: date, *, views: Views = graph.view) -> bool:
    """Forecast an account on a day where that is due; whether there was anything to do."""
    return forecasting.forecast(account_id, day, views=views)


def score_account(
    account_id: int,
    day: date,
    *,
    runner: Runner,
    retry: bool = False,
    views: Views = graph.view,
) -> bool:
    """Score an account on a day where that is due; whether there was anything to do."""
    return scoring.score(
        account_id, day, runner=runner, registry=_registry(), retry=retry, views=views
    )


def scan_account(
    account_id: int, day: date, *, runner: Runner, views: Views = graph.view
) -> list[int]:
    """Look for alerts of an account; the ids of those raised. Refused before the newest scan."""
    return scanning.scan(account_id, day, runner=runner, registry=_registry(), views=views)


def _registry() -> Registry:
    return registry_of(current_app)


# --- some accounts, as commands print them


def forecast_accounts(account_ids: Sequence[int], day: date) -> list[dict[str, Any]]:
    """Forecast accounts on a day where due, and read who may leave, with names."""
    for account_id in account_ids:
        forecast_account(account_id, day)
    return outlooks.as_json(account_ids, day)


def score_accounts(account_ids: Sequence[int], day: date) -> list[dict[str, Any]]:
    """Score accounts on a day where due, forecast before, and read their scores with names."""
    with engine() as started:
        for account_id in account_ids:
            _forecast_first(account_id, day)
            score_account(account_id, day, runner=started, retry=True)
    return reading.as_json(account_ids, day)


def scan_accounts(account_ids: Sequence[int], day: date) -> list[dict[str, Any]]:
    """Look for alerts of accounts, and read those that were raised, the most urgent first.

    Refused, before anything is done, where one of them was scanned on a later day.
    """
    scanning.refuse_older(account_ids, day)
    raised: list[int] = []
    with engine() as started:
        for account_id in account_ids:
            _forecast_first(account_id, day)
            raised += scan_account(account_id, day, runner=started)
    query = alerts.select_alerts(today=day, status="open").where(Alert.id.in_(raised))
    return alerts.as_json(db.session.scalars(query).all(), today=day)


def _forecast_first(account_id: int, day: date) -> None:
    """Forecast what is to be scored; where that breaks, rules go without and say so."""
    try:
        forecast_account(account_id, day)
    except NotFound:
        raise
    except Exception:
        log.exception("Account %s could not be forecast.", account_id)
        db.session.rollback()


# --- the book


def sweep(
    today: date,
    *,
    runner: Runner,
    tried: dict[Turn, State] | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Swept:
    """Forecast, score and scan every account that is due, then the days somebody asked for.

    An account that raises is logged and left; the others go on. ``tried`` remembers for what
    state each account had its turn: one that stays due (a rule keeps failing) waits for a change.
    """
    done, tried, views = Swept(), {} if tried is None else tried, LastView()
    to_forecast = dict(forecasting.due_accounts(today))
    to_score = dict(scoring.due_accounts(_registry(), today))
    to_scan = dict(scanning.due_accounts(_registry(), today))
    for account_id in sorted(to_forecast.keys() | to_score.keys() | to_scan.keys()):
        if is_stopped():
            break
        if _is_turn(("forecast", account_id), to_forecast, tried):
            with _turn(done, account_id):
                if forecast_account(account_id, today, views=views):
                    done.forecast.append(account_id)
        if _is_turn(("score", account_id), to_score, tried):
            with _turn(done, account_id):
                if score_account(account_id, today, runner=runner, views=views.foreseen):
                    done.scored.append(account_id)
        if _is_turn(("scan", account_id), to_scan, tried):
            with _turn(done, account_id):
                done.raised += scan_account(account_id, today, runner=runner, views=views.foreseen)
                done.scanned.append(account_id)
    for due_id, account_id, day in scoring.asked():
        if not is_stopped():
            _work_off(done, due_id, account_id, day, runner)
    _suppose(done, runner, tried, is_stopped)
    _test_back(done, today, tried, is_stopped)
    db.session.rollback()  # questions open a transaction as well
    return done


def _is_turn(turn: Turn, due: Mapping[int, State], tried: dict[Turn, State]) -> bool:
    """Whether the account is due and did not have its turn in this very state."""
    state = due.get(turn[1])
    if state is None or tried.get(turn) == state:
        return False
    tried[turn] = state
    return True


class LastView:
    """Gives views and remembers the last: what was just forecast is scored and scanned as well."""

    def __init__(self) -> None:
        self.view: AccountView | None = None
        self.seen: tuple[AccountView, AccountView] | None = None

    def __call__(self, account_id: int, day: date, *, measures: Measures) -> AccountView:
        """The account's view of the day, the remembered one while its revision still stands."""
        wanted = (account_id, day, measures)
        revision = db.session.scalar(select(Account.revision).where(Account.id == account_id))
        last = self.view
        if (
            last is None
            or (last.account.ref.id, last.as_of, last.measures) != wanted
            or last.revision != revision
        ):
            last = graph.view(account_id, day, measures=measures)
        self.view = last
        return last

    def foreseen(self, account_id: int, day: date, *, measures: Measures) -> AccountView:
        """The same view with the forecasts of its day, put together once for scores and scans."""
        plain = self(account_id, day, measures=measures)
        if self.seen is None or self.seen[0] is not plain:
            self.seen = (plain, forecasting.with_outlook(plain))
        return self.seen[1]


def _work_off(done: Swept, due_id: int, account_id: int, day: date, runner: Runner) -> None:
    with _turn(done, account_id):
        _forecast_first(account_id, day)
        score_account(account_id, day, runner=runner)
        done.asked.append((account_id, day))
    with _turn(done, account_id), writing():
        scoring.worked_off(due_id)


def _suppose(
    done: Swept, runner: Runner, tried: dict[Turn, State], is_stopped: Callable[[], bool]
) -> None:
    """The scores of the what-ifs that were asked for; one that breaks is not tried again."""
    due = dict.fromkeys(asked_what_ifs.asked_what_ifs(), (date.min, 0, ""))
    for number in due:
        if is_stopped() or not _is_turn(("what-if", number), due, tried):
            continue
        with _turn(done, number):
            asked_what_ifs.run_what_if(number, runner=runner, registry=_registry())
            done.supposed.append(number)


def _test_back(
    done: Swept, today: date, tried: dict[Turn, State], is_stopped: Callable[[], bool]
) -> None:
    """The oldest back-test that was asked for: one a sweep, since each takes its time."""
    due = dict.fromkeys(back_tests.asked_back_tests(), (today, 0, ""))
    for number in due:
        if is_stopped() or not _is_turn(("back-test", number), due, tried):
            continue
        with _turn(done, number):
            back_tests.run_back_test(number, today)
            done.tested.append(number)
        return


@contextmanager
def _turn(done: Swept, account_id: int) -> Iterator[None]:
    """One account's turn: whatever it raises is logged, and the next one's turn comes."""
    try:
        yield
    except (NotFound, Refused) as error:
        log.info("Account %s: %s", account_id, error)
    except Exception:
        log.exception("Account %s could not be worked on.", account_id)
        done.broken.append(account_id)
    finally:
        db.session.rollback()  # no transaction stays open between accounts


# --- the worker


def work(*, once: bool = False, beside: int | None = None) -> None:
    """Sweep again and again, until told to stop (SIGTERM, SIGINT) or ``beside`` has ended.

    ``beside`` is the process id of the web server that started us. Every commit is whole, so that
    a worker may be killed at any moment.
    """
    stop = Event()
    is_orphan = _orphanhood(beside)

    def is_stopped() -> bool:
        return stop.is_set() or is_orphan()

    tried: dict[Turn, State] = {}
    gc.freeze()  # what is loaded stays: walking it over and over took an eighth of a forecast
    with engine() as runner, _stopped_by_signals(stop):
        while not is_stopped():
            _sweep_once(runner, tried, is_stopped)
            if once:
                return
            stop.wait(config_of(current_app).sweep_seconds)


def _sweep_once(runner: Runner, tried: dict[Turn, State], is_stopped: Callable[[], bool]) -> None:
    """A sweep that never raises: the database may be away for a while."""
    today = date.today()
    try:
        sweep(today, runner=runner, tried=tried, is_stopped=is_stopped)
        if tried.get(THINNING) != (today, 0, ""):
            with writing():
                thinning.thin(today)
            tried[THINNING] = (today, 0, "")
    except Exception:
        log.exception("The sweep of %s did not end well; the next one goes on.", today)
    finally:
        db.session.rollback()


def _orphanhood(beside: int | None) -> Callable[[], bool]:
    """Whether the process beside which we work has ended, as a question to ask again."""
    if beside is None:
        return lambda: False
    is_child = os.getppid() == beside

    def is_orphan() -> bool:
        if is_child:
            return os.getppid() != beside
        try:
            os.kill(beside, 0)
        except ProcessLookupError:
            return True
        return False

    return is_orphan


@contextmanager
def _stopped_by_signals(stop: Event) -> Iterator[None]:
    """SIGTERM and SIGINT end the work after the account at hand."""

    def on_signal(_: int, __: FrameType | None) -> None:
        stop.set()

    before = {
        number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
