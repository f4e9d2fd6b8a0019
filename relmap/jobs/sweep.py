"""The sweep: forecast, score and scan every account that is due, and what somebody asked for."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from flask import current_app

from relmap import graph
from relmap.contracts import AccountView, Measures
from relmap.errors import NotFound, Refused
from relmap.hub.engine import Runner
from relmap.hub.registry import registry_of
from relmap.jobs.processes import helped
from relmap.jobs.turns import forecast_first, scan_account, score_account
from relmap.models import db, writing
from relmap.models.book import is_lock, refusal_of
from relmap.results.reports.forecasts import with_outlook
from relmap.results.runs import (
    back_tests,
    forecasting,
    scanning,
    scans_ahead,
    scoring,
    what_ifs,
)

__all__ = ["State", "Swept", "Turn", "sweep"]

log = logging.getLogger(__name__)

Turn = tuple[str, int]  # forecast, score or scan, and the account
State = tuple[date, int, str]  # the day, the revision, the rules
CLOCK: Final[Turn] = ("clock", 0)


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
    locked: list[int] = field(default_factory=list)  # somebody else was writing there


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
    What the database refuses altogether, as on a full disk, is raised.
    """
    done, tried = Swept(), {} if tried is None else tried
    _turns(done, today, runner, tried, is_stopped)
    _work_off_asked(done, today, runner, is_stopped)
    _suppose(done, today, runner, tried, is_stopped)
    _test_back(done, today, tried, is_stopped)
    db.session.rollback()  # questions open a transaction as well
    return done


def _turns(
    done: Swept,
    today: date,
    runner: Runner,
    tried: dict[Turn, State],
    is_stopped: Callable[[], bool],
) -> None:
    """Forecast, score and scan account by account, with helpers where many are to forecast."""
    views, registry = Foreseen(), registry_of(current_app)
    to_forecast = dict(forecasting.due_accounts(today))
    to_score = dict(scoring.due_accounts(registry, today))
    to_scan = {} if _is_ahead(today, tried) else dict(scanning.due_accounts(registry, today))
    untried = [key for key in to_forecast if tried.get(("forecast", key)) != to_forecast[key]]
    with helped(sorted(untried), today, today=today):
        for account_id in sorted(to_forecast.keys() | to_score.keys() | to_scan.keys()):
            if is_stopped():
                return
            if _is_turn(("forecast", account_id), to_forecast, tried):
                with _turn(done, account_id):
                    if forecasting.forecast(account_id, today, today=today):
                        done.forecast.append(account_id)
            if _is_turn(("score", account_id), to_score, tried):
                with _turn(done, account_id):
                    if score_account(account_id, today, runner=runner, views=views):
                        done.scored.append(account_id)
            if _is_turn(("scan", account_id), to_scan, tried):
                with _turn(done, account_id):
                    done.raised += scan_account(account_id, today, runner=runner, views=views)
                    done.scanned.append(account_id)


def _is_ahead(today: date, tried: dict[Turn, State]) -> bool:
    """Whether the clock seems far ahead; that, and what an earlier clock did, is said once."""
    newest = scans_ahead.newest_day() or today
    is_far = scans_ahead.is_left_behind(newest, today)
    ahead = scans_ahead.scans_ahead(today) if newest > today else None
    state = (newest if is_far or ahead else today, ahead.account_count if ahead else 0, "")
    if tried.get(CLOCK) == state:
        return is_far
    tried[CLOCK] = state
    if is_far:
        log.warning(
            "The last scan was of %s and today is %s: is the clock right? No alert is looked for "
            "until somebody runs: relmap scan",
            newest,
            today,
        )
    if ahead is not None:
        log.warning(
            "Accounts that were scanned after today (%s), on days up to %s: %d. Nothing new is "
            "told of them until then. Take that back: relmap scan --reset %s",
            today,
            ahead.until,
            ahead.account_count,
            today,
        )
    return is_far


def _is_turn(turn: Turn, due: Mapping[int, State], tried: dict[Turn, State]) -> bool:
    """Whether the account is due and did not have its turn in this very state."""
    state = due.get(turn[1])
    if state is None or tried.get(turn) == state:
        return False
    tried[turn] = state
    return True


class Foreseen:
    """Gives views with the forecasts of their day, put together once for scores and scans."""

    def __init__(self) -> None:
        self.last: tuple[AccountView, AccountView] | None = None

    def __call__(self, account_id: int, day: date, *, measures: Measures) -> AccountView:
        """The account's view of the day with its outlook."""
        plain = graph.view(account_id, day, measures=measures)
        if self.last is None or self.last[0] is not plain:
            self.last = (plain, with_outlook(plain))
        return self.last[1]


def _work_off_asked(
    done: Swept, today: date, runner: Runner, is_stopped: Callable[[], bool]
) -> None:
    """The days that somebody asked for, accounts in turn: who asks for many waits for the others.

    Asked anew after each, so that who asks meanwhile need not wait for the rest.
    """
    worked: set[int] = set()
    turns: Counter[int] = Counter()
    while not is_stopped():
        waiting = [row for row in scoring.asked() if row[0] not in worked]
        if not waiting:
            return
        due_id, account_id, day = min(waiting, key=lambda row: (turns[row[1]], row[0]))
        worked.add(due_id)
        turns[account_id] += 1
        with _turn(done, account_id):
            forecast_first(account_id, day, today=today)
            score_account(account_id, day, runner=runner)
            done.asked.append((account_id, day))
        with _turn(done, account_id), writing():
            scoring.worked_off(due_id)


def _suppose(
    done: Swept,
    today: date,
    runner: Runner,
    tried: dict[Turn, State],
    is_stopped: Callable[[], bool],
) -> None:
    """The scores of the what-ifs that were asked for; one that breaks is not tried again."""
    due = dict.fromkeys(what_ifs.asked_what_ifs(), (date.min, 0, ""))
    for number in due:
        if is_stopped() or not _is_turn(("what-if", number), due, tried):
            continue
        with _turn(done, number):
            what_ifs.run_what_if(number, today, runner=runner, registry=registry_of(current_app))
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
    except Exception as error:
        refusal = refusal_of(error)
        if refusal is None:
            log.exception("Account %s could not be worked on.", account_id)
            done.broken.append(account_id)
        elif is_lock(error):
            log.warning("Account %s: %s", account_id, refusal)
            done.locked.append(account_id)
        else:
            raise  # of the others nothing could be written either
    finally:
        db.session.rollback()  # no transaction stays open between accounts
