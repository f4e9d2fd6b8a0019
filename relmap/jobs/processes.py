"""Further processes that forecast beside this one, where a book has many accounts to do.

A forecast is our own arithmetic, nothing of a plug-in: what a helper needs is the database and the
settings. Nothing is shared but the question what is due, which the database answers: helpers go
through the accounts from the end, whoever called them from the start, and where they meet nothing
is left. A helper that is killed or cannot start leaves its share to the caller.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from typing import Final

from flask import Flask, current_app

from relmap.config import Config, config_of
from relmap.models import db
from relmap.models.session import attach_database
from relmap.results.runs import forecasting

__all__ = ["LEAST", "helped"]

log = logging.getLogger(__name__)

LEAST: Final = 60
"""From so many accounts on helpers pay: starting one takes as long as forecasting some twenty."""
SECONDS_TO_DIE: Final = 5  # after SIGTERM: a commit at hand ends in much less


@contextmanager
def helped(
    account_ids: Sequence[int], day: date, *, today: date
) -> Iterator[Sequence[SpawnProcess]]:
    """A helper for each further core while accounts are worked on; none for fewer than ``LEAST``.

    They end with the block: what they had not done by then, its body did.
    """
    cores = len(os.sched_getaffinity(0))
    count = cores - 1 if len(account_ids) >= LEAST else 0
    backwards = list(reversed(account_ids))
    helpers = [_started(backwards[first::count], day, today) for first in range(count)]
    try:
        yield helpers
    finally:
        for helper in helpers:
            helper.terminate()  # at whatever it is: each commit is whole
        for helper in helpers:
            helper.join(SECONDS_TO_DIE)
            helper.kill()


def _started(account_ids: Sequence[int], day: date, today: date) -> SpawnProcess:
    """A process of its own memory: a fork of one with threads and connections may hang."""
    order = (account_ids, day, today, config_of(current_app), os.getpid())
    helper = get_context("spawn").Process(
        target=_help, args=order, name="relmap-forecasts", daemon=True
    )
    helper.start()
    return helper


def _help(account_ids: Sequence[int], day: date, today: date, config: Config, parent: int) -> None:
    """Forecast accounts in a helper's own process, as long as the one that started it lives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who started us says when to stop
    app = Flask("relmap")
    attach_database(app, config)
    with app.app_context():
        for account_id in account_ids:
            if os.getppid() != parent:
                return
            _forecast(account_id, day, today)


def _forecast(account_id: int, day: date, today: date) -> None:
    """Forecast one account; one that raises stays due, and whoever comes next says why."""
    try:
        forecasting.forecast(account_id, day, today=today)
    except Exception as error:
        log.info("Account %s is left to others: %s", account_id, error)
    finally:
        db.session.rollback()
