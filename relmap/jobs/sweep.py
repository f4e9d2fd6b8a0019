"""The sweep: forecast, score and scan every account that is due, and what somebody asked for."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from flask import current_app

from relmap import graph
from relmap.contracts import AccountView, Measures
from relmap.errors import NotFound, Refused
from relmap.hub.engine import Runner
from relmap.hub.registry import registry_of
from relmap.jobs.due import AskedDay, State, Tried, Turn, asked_days, due_accounts
from relmap.jobs.turns import forecast_first, scan_account, score_account
from relmap.models import db, writing
from relmap.models.book import is_lock, refusal_of
from relmap.models.claims import claim
from relmap.results.reports.forecasts import with_outlook
from relmap.results.runs import back_tests, forecasting, scoring, what_ifs

__all__ = ["Swept", "Turns", "sweep"]

log = logging.getLogger(__name__)


@dataclass
class Swept:
    """What turns did; ``broken`` are accounts that raised, whose trace is in the log."""

    forecast: list[int] = field(default_factory=list)
    scored: list[int] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    asked: list[tuple[int, date]] = field(default_factory=list)
    tested: list[int] = field(default_factory=list)  # ids of back-tests
    supposed: list[int] = field(default_factory=list)  # ids of what-ifs
    raised: list[int] = field(default_factory=list)  # ids of alerts
    broken: list[int] = field(default_factory=list)
    locked: list[int] = field(default_factory=list)  # somebody else was at it


def sweep(
    today: date,
    *,
    runner: Runner,
    tried: Tried | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Swept:
    """Forecast, score and scan every account that is due, then the days somebody asked for.

    An account that raises is logged and left; the others go on. One that another worker has claimed
    is left to it. What the database refuses altogether, as on a full disk, is raised.
    """
    turns = Turns(runner, {} if tried is None else tried)
    for account_id, due in due_accounts(today, turns.tried).items():
        if is_stopped():
            break
        turns.account(account_id, due, today)
    _work_off_asked(turns, today, is_stopped)
    for number in what_ifs.asked_what_ifs():
        if not is_stopped():
            turns.what_if(number, today)
    for number in back_tests.asked_back_tests():
        if not is_stopped() and turns.back_test(number, today):
            break  # one a sweep, since each takes its time
    db.session.rollback()  # questions open a transaction as well
    return turns.done


def _work_off_asked(turns: Turns, today: date, is_stopped: Callable[[], bool]) -> None:
    """Asked anew after each day, so that who asks meanwhile need not wait for the rest."""
    worked: set[int] = set()
    of_account: Counter[int] = Counter()
    while not is_stopped():
        waiting = asked_days(worked, of_account)
        if not waiting:
            return
        asked = waiting[0]
        worked.add(asked[0])
        of_account[asked[1]] += 1
        turns.day(asked, today)


class Turns:
    """Takes one turn after the other: claims it, does what is still due, remembers what it tried.

    What no claim keeps apart, such as a command beside, is stored once all the same.
    """

    def __init__(self, runner: Runner, tried: Tried) -> None:
        self.runner = runner
        self.tried = tried
        self.done = Swept()
        self._views = Foreseen()

    def account(self, account_id: int, due: Mapping[str, State], today: date) -> None:
        """Forecast, score and scan an account, as far as that is due and was not tried before."""
        works = {"forecast": self._forecast, "score": self._score, "scan": self._scan}
        with self._claimed("account", account_id) as is_ours:
            if not is_ours:
                self.done.locked.append(account_id)
                return
            for work, act in works.items():
                turn = (work, account_id)
                if work in due and self.tried.get(turn) != due[work]:
                    with self._turn(turn, due[work]):
                        act(account_id, today)

    def day(self, asked: AskedDay, today: date) -> None:
        """Score an account on a day that somebody asked for."""
        due_id, account_id, day = asked
        with self._claimed("day", due_id) as is_ours:
            if not is_ours or asked not in scoring.asked():
                return
            with self._turn(("day", due_id)):
                forecast_first(account_id, day, today=today)
                score_account(account_id, day, runner=self.runner)
                self.done.asked.append((account_id, day))
            with self._turn(("day", due_id)), writing():
                scoring.worked_off(due_id)

    def what_if(self, number: int, today: date) -> None:
        """The scores of a what-if; one that breaks is not tried again."""
        with self._claimed("what-if", number) as is_ours:
            turn = ("what-if", number)
            if not is_ours or turn in self.tried or number not in what_ifs.asked_what_ifs():
                return
            registry = registry_of(current_app)
            with self._turn(turn, ()):
                what_ifs.run_what_if(number, today, runner=self.runner, registry=registry)
                self.done.supposed.append(number)

    def back_test(self, number: int, today: date) -> bool:
        """Test foresight on the past; one that breaks is tried again the next day.

        Returns whether the turn was ours.
        """
        with self._claimed("back-test", number) as is_ours:
            turn, state = ("back-test", number), (today,)
            if not is_ours or self.tried.get(turn) == state:
                return False
            if number not in back_tests.asked_back_tests():
                return False
            with self._turn(turn, state):
                back_tests.run_back_test(number, today)
                self.done.tested.append(number)
            return True

    def _forecast(self, account_id: int, today: date) -> None:
        if forecasting.forecast(account_id, today, today=today):
            self.done.forecast.append(account_id)

    def _score(self, account_id: int, today: date) -> None:
        if score_account(account_id, today, runner=self.runner, views=self._views):
            self.done.scored.append(account_id)

    def _scan(self, account_id: int, today: date) -> None:
        raised = scan_account(account_id, today, runner=self.runner, views=self._views)
        self.done.raised += raised
        self.done.scanned.append(account_id)

    @contextmanager
    def _claimed(self, kind: str, number: int) -> Iterator[bool]:
        with claim(kind, number) as is_ours:
            db.session.rollback()  # what was done before we had the claim is seen
            yield is_ours

    @contextmanager
    def _turn(self, turn: Turn, state: State | None = None) -> Iterator[None]:
        """One turn: whatever it raises is logged, and the next one comes.

        Without a ``state`` it may be taken again.
        """
        if state is not None:
            self.tried[turn] = state
        number = turn[1]
        try:
            yield
        except (NotFound, Refused) as error:
            log.info("Account %s: %s", number, error)
        except Exception as error:
            refusal = refusal_of(error)
            if refusal is None:
                log.exception("Account %s could not be worked on.", number)
                self.done.broken.append(number)
                return
            self.tried.pop(turn, None)  # it had none
            if not is_lock(error):
                raise  # of the others nothing could be written either
            log.warning("Account %s: %s", number, refusal)
            self.done.locked.append(number)
        finally:
            db.session.rollback()  # no transaction stays open between accounts


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
