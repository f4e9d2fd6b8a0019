"""What a plug-in does in our own process: within a time, silent, and without an end of the process.

Its import and its hooks run here, and its settings are made here; rules run apart, in the engine.
"""

from __future__ import annotations

import atexit
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from contextvars import copy_context
from functools import partial
from types import FrameType
from typing import Any, Final, NoReturn, TypeVar

from relmap.contracts import N_, Message
from relmap.hub.surroundings import interrupt, kept, undisturbed

__all__ = ["TookTooLong", "supervised"]

LAST_SECONDS = 5.0  # for what is to be done at the end of our process
AGAIN: Final = 1.0  # seconds until one who caught it is told once more
TOO_LONG: Final = N_("It took longer than {seconds:g} s.")
T = TypeVar("T")
_one_at_a_time = threading.RLock()  # two who bend standard output at once would leave it bent


class TookTooLong(BaseException):  # not an Exception: a plug-in's ``except Exception`` lets it by
    """The time was up."""

    def __init__(self, seconds: float, text: str) -> None:
        self.message = Message(text, {"seconds": seconds})
        super().__init__(str(self.message))


def supervised(
    call: Callable[[], T], seconds: float, *, text: str = TOO_LONG, is_watched: bool = False
) -> T:
    """What ``call`` returns; raises :class:`TookTooLong` once ``seconds`` have passed.

    What it changes in the process is put back, and what it prints goes to standard error. Where it
    ``is_watched``, which takes its time, it must neither change our code nor leave something
    running: :class:`Disturbed`.
    ``os._exit`` is a ``SystemExit`` to it, and so is a ``KeyboardInterrupt`` that is not a Ctrl-C.
    On the main thread an alarm interrupts it; C code that does not come back to Python has no
    limit there. Elsewhere it runs in a thread of its own, which is left behind where it does not
    end, and which then puts nothing back and ends nothing: by that time much else is going on.
    """
    watch = undisturbed() if is_watched else nullcontext()
    with _one_at_a_time, watch, _without_exit(), _last_words_bounded(), kept():
        if threading.current_thread() is threading.main_thread():
            with _alarm(TookTooLong(seconds, text), seconds), _own_interrupt():
                return call()
        return _beside(call, TookTooLong(seconds, text), seconds)


@contextmanager
def _own_interrupt() -> Iterator[None]:
    """Let a ``KeyboardInterrupt`` through where somebody pressed Ctrl-C; else it is an exit."""
    before, pressed = signal.getsignal(signal.SIGINT), []

    def note(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        if callable(before):
            before(number, frame)

    if callable(before):
        signal.signal(signal.SIGINT, note)  # put back with what it changed itself
    try:
        yield
    except KeyboardInterrupt:
        if pressed:
            raise
        raise SystemExit("KeyboardInterrupt") from None


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
    if raised and isinstance(raised[0], KeyboardInterrupt):  # Ctrl-C is the main thread's
        raise SystemExit("KeyboardInterrupt")
    if raised:
        raise raised[0]
    if returned:
        return returned[0]
    interrupt(thread)
    raise late


@contextmanager
def _without_exit() -> Iterator[None]:
    """Let ``os._exit`` raise in this process; a fork of it ends as it should, or here."""
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
        if os.getpid() != home:
            end(0)


@contextmanager
def _last_words_bounded() -> Iterator[None]:
    """Let what is to be done at the end of our process take a while, and no more."""
    register = atexit.register

    def register_bounded(call: Any, *words: Any, **named: Any) -> Any:
        def last() -> None:
            with suppress(BaseException):
                supervised(partial(call, *words, **named), LAST_SECONDS)

        register(last)
        return call

    replaced: Any = register_bounded
    atexit.register = replaced
    try:
        yield
    finally:
        atexit.register = register
