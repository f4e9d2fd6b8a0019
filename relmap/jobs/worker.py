"""The worker: sweeps again and again until told to stop, and may be killed at any moment."""

from __future__ import annotations

import gc
import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

from flask import current_app

from relmap.clock import today
from relmap.config import config_of
from relmap.hub.engine import Runner
from relmap.jobs.due import Tried, thin_daily
from relmap.jobs.sweep import sweep
from relmap.jobs.turns import engine
from relmap.models import db
from relmap.models.book import refusal_of

__all__ = ["work"]

log = logging.getLogger(__name__)


def work(*, once: bool = False, beside: int | None = None) -> bool:
    """Sweep again and again, until told to stop (SIGTERM, SIGINT) or ``beside`` has ended.

    ``beside`` is the process id of the web server that started us. Every commit is whole, so that
    a worker may be killed at any moment. Returns whether the last sweep did all that was due.
    """
    stop = Event()
    is_orphan = _orphanhood(beside)

    def is_stopped() -> bool:
        return stop.is_set() or is_orphan()

    tried: Tried = {}
    is_whole = True
    gc.freeze()  # what is loaded stays: walking it over and over took an eighth of a forecast
    with engine() as runner, _stopped_by_signals(stop):
        while not is_stopped():
            is_whole = _sweep_once(runner, tried, is_stopped)
            if once:
                break
            stop.wait(config_of(current_app).sweep_seconds)
    return is_whole


def _sweep_once(runner: Runner, tried: Tried, is_stopped: Callable[[], bool]) -> bool:
    """A sweep that never raises, and whether it did all: the database may be away for a while."""
    day = today()
    try:
        done = sweep(day, runner=runner, tried=tried, is_stopped=is_stopped)
        thin_daily(day, tried)
    except Exception as error:
        tried.clear()  # whose turn it was had none: there may be room, or an answer, next time
        if refusal := refusal_of(error):
            log.warning("The sweep of %s: %s", day, refusal)
        else:
            log.exception("The sweep of %s did not end well; the next one goes on.", day)
        return False
    else:
        return not (done.broken or done.locked)
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
