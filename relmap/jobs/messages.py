"""The same turns on several machines: Celery brings workers word of where to look.

A message says no more than that. What is due is a question to the database, which each sweep asks
anew, and whoever gets the word claims the account first: a message that is lost, late or doubled
does no harm, and while the broker is away nothing is lost but time.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import wraps
from itertools import islice
from typing import Any, Final

from celery import Celery
from flask import current_app

from relmap.clock import today
from relmap.config import Config, config_of
from relmap.errors import Refused
from relmap.jobs.due import Tried, asked_days, due_accounts, thin_daily
from relmap.jobs.sweep import Swept, Turns
from relmap.jobs.turns import engine
from relmap.models import db
from relmap.models.book import refusal_of
from relmap.results.runs import back_tests, last_sweep, what_ifs

__all__ = ["beat", "worker"]

log = logging.getLogger(__name__)

SWEEP: Final = "relmap.sweep"
SWEEPS, ASKED, ACCOUNTS = QUEUES = ("relmap.sweeps", "relmap.asked", "relmap.accounts")
"""What a worker takes first stands first: what somebody asked for goes before the accounts."""
MOST: Final = {ASKED: 20, ACCOUNTS: 5_000}
"""Words sent at once: of questions few, so that who asks later need not wait for all of them; with
more accounts the sweep itself would take a while, and what it says grow old."""
LATE_SECONDS: Final = 3600
"""Of a sweep that nobody took. Longer than the clocks of two machines are apart."""


def worker() -> int:
    """Take turns as messages say, until told to stop (SIGTERM, SIGINT); the exit status.

    One process, one turn at a time: rules start children, which Celery's other pools forbid.
    """
    gc.freeze()  # what is loaded stays: walking it over and over took an eighth of a forecast
    with engine() as runner:
        celery = _celery()
        _add_tasks(celery, Turns(runner, {}))
        one = celery.Worker(
            pool="solo",
            concurrency=1,
            loglevel="WARNING",
            quiet=True,
            queues=list(QUEUES),
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,  # a turn takes longer than it would be waited for
        )
        one.start()
        return int(one.exitcode or 0)


def beat() -> None:
    """Send word of a sweep again and again, until told to stop. Two of these do no harm."""
    _celery().Beat(loglevel="WARNING", quiet=True, scheduler_cls="celery.beat:Scheduler").run()


def _celery() -> Celery:
    config = config_of(current_app)
    if not config.broker_url:
        raise Refused(
            "No broker is set. Name one in RELMAP_BROKER_URL, such as redis://127.0.0.1:6379/0; "
            "without one relmap serve or relmap work does the background work."
        )
    celery = Celery("relmap", broker=config.broker_url, set_as_current=False)
    celery.conf.update(_settings(config))
    return celery


def _settings(config: Config) -> dict[str, Any]:
    sent = {"queue": SWEEPS, "expires": LATE_SECONDS}
    sent |= {"retry": True, "retry_policy": {"max_retries": 1}}  # which opens a lost channel anew
    each = {"task": SWEEP, "schedule": config.sweep_seconds, "options": sent}
    return {
        "beat_schedule": {"sweep": each},
        "broker_connection_max_retries": None,  # it comes back
        "broker_connection_retry_on_startup": True,
        "broker_heartbeat": 0,
        "broker_transport_options": {"queue_order_strategy": "priority"},
        "accept_content": ["json"],
        "task_default_queue": ACCOUNTS,
        "task_ignore_result": True,
        "task_publish_retry": False,  # the next sweep says it again
        "worker_enable_remote_control": False,  # nobody at the broker tells workers what to do
        "worker_prefetch_multiplier": 1,
    }


def _add_tasks(celery: Celery, turns: Turns) -> None:
    """What messages ask for: a sweep, or the turn of one account or question."""

    def task(act: Callable[..., object]) -> Any:
        return celery.task(name=f"relmap.{act.__name__}", shared=False)(
            _outcome_told(act, turns.tried)
        )

    @task
    def account(account_id: int, due: Mapping[str, Sequence[object]]) -> None:
        now = today()  # a word of yesterday says nothing about it: the next sweep does
        states = {work: tuple(state) for work, state in due.items() if state[0] == now}
        turns.account(account_id, states, now)

    @task
    def day(*asked: Any) -> None:
        turns.day(asked, today())

    @task
    def what_if(number: int) -> None:
        turns.what_if(number, today())

    @task
    def back_test(number: int) -> None:
        turns.back_test(number, today())

    @task
    def sweep() -> None:
        if not _is_empty(celery, SWEEPS):
            return  # another waits: this one came late
        turns.done = Swept()  # which nobody reads here
        if _is_empty(celery, ASKED):
            _send(ASKED, asked())
        if _is_empty(celery, ACCOUNTS):
            due = due_accounts(today(), turns.tried)
            _send(ACCOUNTS, ((account, words) for words in due.items()))
        last_sweep.note()
        thin_daily(today(), turns.tried)

    def asked() -> Iterator[tuple[Any, Sequence[object]]]:
        """Each question in its turn; of back-tests the oldest alone, since each takes its time."""
        yield from ((day, words) for words in asked_days())
        for number in what_ifs.asked_what_ifs():
            if ("what-if", number) not in turns.tried:
                yield what_if, [number]
        for number in back_tests.asked_back_tests():
            if turns.tried.get(("back-test", number)) != (today(),):
                yield back_test, [number]
                return


def _outcome_told(act: Callable[..., object], tried: Tried) -> Callable[..., None]:
    """A task that never raises: the database may be away for a while, and is asked again."""

    @wraps(act)
    def told(*words: object) -> None:
        try:
            act(*words)
        except Exception as error:
            if refusal := refusal_of(error):
                tried.clear()  # there may be an answer next time
                log.warning("%s: %s", act.__name__, refusal)
            else:
                log.exception("%s did not end well; the next sweep goes on.", act.__name__)
        finally:
            db.session.rollback()

    return told


def _is_empty(celery: Celery, queue: str) -> bool:
    """Whether all that was sent is taken: what waits need not be said twice."""
    with celery.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1)
        try:
            waiting = connection.default_channel.queue_declare(queue, passive=True).message_count
        except connection.channel_errors:  # nothing was ever sent
            return True
        return not waiting


def _send(queue: str, all_words: Iterable[tuple[Any, Sequence[object]]]) -> None:
    for task, words in islice(all_words, MOST[queue]):
        task.apply_async(words, queue=queue)
