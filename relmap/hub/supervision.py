"""What a plug-in does in our own process: within a time, silent, and without an end of the process.

Its import and its hooks run here, and its settings are made here; rules run apart, in the engine.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from contextvars import copy_context
from types import FrameType
from typing import Any, Final, NoReturn, TypeVar

from relmap.contracts import N_, Message

__all__ = ["TookTooLong", "supervised"]

AGAIN: Final = 1.0  # seconds until one who caught it is told once more
TOO_LONG: Final = N_("It took longer than {seconds:g} s.")
T = TypeVar("T")
_one_at_a_time = threading.RLock()  # two who bend standard output at once would leave it bent


class TookTooLong(BaseException):  # not an Exception: a plug-in's ``except Exception`` lets it by
    """The time was up."""

    def __init__(self, seconds: float, text: str) -> None:
        self.message = Message(text, {"seconds": seconds})
        super().__init__(str(self.message))


def supervised(call: Callable[[], T], seconds: float, *, text: str = TOO_LONG) -> T:
    """What ``call`` returns; raises :class:`TookTooLong` once ``seconds`` have passed.

    What it prints goes to standard error: standard output may be a document of ours. ``os._exit``
    is a ``SystemExit`` to it. On the main thread an alarm interrupts it; C code that does not come
    back to Python has no limit there. Elsewhere it runs in a thread of its own, which is left
    behind where it does not end.
    """
    with _one_at_a_time, _without_exit(), _silent():
        if threading.current_thread() is threading.main_thread():
            with _alarm(TookTooLong(seconds, text), seconds):
                return call()
        return _beside(call, TookTooLong(seconds, text), seconds)


@contextmanager
def _alarm(late: TookTooLong, seconds: float) -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise late

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _beside(call: Callable[[], T], late: TookTooLong, seconds: float) -> T:
    returned: list[T] = []
    raised: list[BaseException] = []
    context = copy_context()

    def work() -> None:
        try:
            returned.append(context.run(call))
        except BaseException as error:  # told to whoever waits
            raised.append(error)

    thread = threading.Thread(target=work, daemon=True, name="relmap-plug-in")
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if returned:
        return returned[0]
    _interrupt(thread)
    raise late


def _interrupt(thread: threading.Thread) -> None:
    """End a thread at its next step in Python; one that waits in C code goes on waiting."""
    number = ctypes.c_ulong(thread.ident or 0)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(number, ctypes.py_object(SystemExit))


@contextmanager
def _silent() -> Iterator[None]:
    """Send what is printed to standard error, by Python or by a process that it starts."""
    with ExitStack() as stack:
        with suppress(OSError, ValueError):  # a stream that is closed, or no file
            sys.stdout.flush()
            kept = os.dup(1)
            stack.callback(os.close, kept)
            os.dup2(2, 1)
            stack.callback(os.dup2, kept, 1)
        stack.enter_context(redirect_stdout(sys.stderr))
        yield


@contextmanager
def _without_exit() -> Iterator[None]:
    """Let ``os._exit`` raise in this process; a fork of it ends as it should."""
    end, home, is_on = os._exit, os.getpid(), True

    def refuse(status: int) -> NoReturn:
        if is_on and os.getpid() == home:
            raise SystemExit(f"os._exit({status})")
        end(status)

    replaced: Any = refuse
    os._exit = replaced
    try:
        yield
    finally:
        is_on = False
        os._exit = end
