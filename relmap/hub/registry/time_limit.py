"""A limit of time for what a plug-in does in our own process, while it is imported."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from relmap.contracts import Message

__all__ = ["TookTooLong", "time_limit"]

AGAIN: Final = 1.0  # seconds until one who caught it is told once more


class TookTooLong(BaseException):  # not an Exception: a plug-in's ``except Exception`` lets it by
    """The time was up."""

    def __init__(self, seconds: float) -> None:
        self.message = Message("It took longer than {seconds:g} s to import.", {"seconds": seconds})
        super().__init__(str(self.message))


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise :class:`TookTooLong` inside the block once ``seconds`` have passed.

    It is an alarm of the process, so there is no limit off the main thread, nor for C code that
    does not come back to Python.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise TookTooLong(seconds)

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
