"""What a plug-in finds in our process and leaves as it was: streams, folder, loggers, our own code.

Whoever runs in a process shares all of it, and a library often changes some when it is imported.
"""

from __future__ import annotations

import builtins
import ctypes
import decimal
import io
import locale
import logging
import os
import random
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import thread as pools
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from relmap.contracts import N_
from relmap.errors import RelmapError
from relmap.hub.engine.processes import children_since, now
from relmap.hub.engine.watch import CHANGES, code_of

__all__ = ["Disturbed", "interrupt", "kept", "undisturbed"]

STREAMS: Final = ("stdout", "stderr", "__stdout__", "__stderr__")
OURS: Final = ("relmap.", "relmap_plugins.")
LEFT: Final = {
    "thread": N_("It left a thread running."),
    "process": N_("It left a process running."),
}


class Disturbed(RelmapError):  # a fact about a plug-in, caught where it is asked
    """What it did to others in the process."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """Raise :class:`Disturbed` at the end where our code was changed or something runs on.

    What was changed is put back. What was left keeps nobody waiting: a thread ends at its next
    step in Python, a process at once.
    """
    with _code_kept() as changed, _left_running() as left:
        yield
    if changed:
        raise Disturbed(CHANGES["code"])
    if left:
        raise Disturbed(LEFT[left[0]])


@contextmanager
def kept() -> Iterator[None]:
    """Put everything back at the end; meanwhile what is printed goes to standard error.

    Standard output may be a document of ours.
    """
    with ExitStack() as stack:
        stack.enter_context(_descriptors_kept())
        stack.enter_context(_streams_lent())
        stack.enter_context(warnings.catch_warnings())
        for restore in _restorers():
            stack.callback(restore)
        yield


@contextmanager
def _descriptors_kept() -> Iterator[None]:
    """The three that every process has, whoever closes them; 1 leads where 2 leads."""
    with suppress(OSError, ValueError, AttributeError):  # a stream that is closed, or none
        sys.stdout.flush()
    saved = []
    for number in (0, 1, 2):
        with suppress(OSError):  # a daemon may have none
            saved.append((os.dup(number), number))
    with suppress(OSError):
        os.dup2(2, 1)
    try:
        yield
    finally:
        for copy, number in saved:
            os.dup2(copy, number)
            os.close(copy)


@contextmanager
def _streams_lent() -> Iterator[None]:
    """Streams of its own, which it may keep, wrap and close."""
    before = {name: getattr(sys, name) for name in STREAMS}
    try:
        lent: Any = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115  # it is kept
    except OSError:
        lent = io.StringIO()
    for name in STREAMS:
        setattr(sys, name, lent)
    try:
        yield
    finally:
        for name, stream in before.items():
            setattr(sys, name, stream)


def _restorers() -> Iterator[Callable[[], object]]:
    """One for each thing that everybody in a process shares."""
    held = dict(vars(builtins))
    yield lambda: _put_back(builtins, held)
    modules = dict(sys.modules)
    yield lambda: _set_modules(modules)
    environment = dict(os.environ)
    yield lambda: _set_environment(environment)
    with suppress(OSError):  # the folder may be gone
        yield partial(os.chdir, Path.cwd())
    mask = os.umask(0o077)
    os.umask(mask)
    yield lambda: os.umask(mask)
    words, path = locale.setlocale(locale.LC_ALL), list(sys.path)
    yield lambda: locale.setlocale(locale.LC_ALL, words)
    yield lambda: _set_path(path)
    deepest, patience = sys.getrecursionlimit(), socket.getdefaulttimeout()
    yield lambda: sys.setrecursionlimit(deepest)
    yield lambda: socket.setdefaulttimeout(patience)
    chance, reckoning = random.getstate(), decimal.getcontext().copy()
    yield lambda: random.setstate(chance)
    yield lambda: decimal.setcontext(reckoning)
    yield from _restorers_of_loggers()
    if threading.current_thread() is threading.main_thread():
        handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
        yield lambda: _set_handlers(handlers)


def _set_modules(before: Mapping[str, ModuleType]) -> None:
    """What was imported stays what it is; what was imported since stays as well."""
    for name, module in before.items():
        if sys.modules.get(name) is not module:
            sys.modules[name] = module


def _set_environment(before: dict[str, str]) -> None:
    if dict(os.environ) == before:
        return
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)
    time.tzset()


def _set_path(before: list[str]) -> None:
    """Ours first: what it added is where it finds its own, and hides nothing of ours."""
    sys.path[:] = [*before, *(place for place in sys.path if place not in before)]


def _set_handlers(before: Mapping[Any, Any]) -> None:
    for number, handler in before.items():
        if handler is not None and signal.getsignal(number) is not handler:
            signal.signal(number, handler)


def _restorers_of_loggers() -> Iterator[Callable[[], object]]:
    """How they are set: configuring logging anew disables those there are."""
    silenced = logging.root.manager.disable
    yield lambda: logging.disable(silenced)
    every = [*logging.root.manager.loggerDict.values(), logging.root]
    for logger in every:
        if isinstance(logger, logging.Logger):
            was = (logger.level, logger.disabled, logger.propagate, [*logger.handlers])
            yield partial(_set_logger, logger, *was)


def _set_logger(
    logger: logging.Logger, level: int, disabled: bool, propagate: bool, handlers: list[Any]
) -> None:
    if logger.level != level:
        logger.setLevel(level)
    logger.disabled, logger.propagate, logger.handlers[:] = disabled, propagate, handlers


# --- what is put back and told


@contextmanager
def _code_kept() -> Iterator[list[str]]:
    """Put our own code back at the end; the list then names what was changed."""
    before = [(owner, dict(vars(owner))) for owner in code_of(OURS)]
    changed: list[str] = []
    try:
        yield changed
    finally:
        for owner, held in before:
            changed += _put_back(owner, held)


def _put_back(owner: ModuleType | type, held: Mapping[str, Any]) -> list[str]:
    """Give the owner what it held, and return what had changed; more may have come."""
    now, gone = vars(owner), object()
    changed = [name for name, value in held.items() if now.get(name, gone) is not value]
    for name in changed:
        setattr(owner, name, held[name])
    return changed


@contextmanager
def _left_running() -> Iterator[list[str]]:
    """The list says, at the end, whether a thread or a process was started and runs on."""
    family, begun = {threading.current_thread()}, now()
    left: list[str] = []
    waited_for: Any = pools._threads_queues
    start = threading.Thread.start

    def start_one(thread: threading.Thread) -> None:
        if threading.current_thread() in family:
            family.add(thread)
            thread.daemon = True  # so that the end of relmap does not wait for it
        start(thread)

    replaced: Any = start_one
    threading.Thread.start = replaced  # type: ignore[method-assign]  # put back below
    try:
        yield left
    finally:
        threading.Thread.start = start  # type: ignore[method-assign]  # as it was
        for thread in family - {threading.current_thread()}:
            if thread.is_alive():
                left.append("thread")
                interrupt(thread)
                waited_for.pop(thread, None)  # its pool is waited for all the same
        # Of these threads only: what others start meanwhile is none of the plug-in's.
        alive = [thread.native_id or 0 for thread in family if thread.is_alive()]
        for process in children_since(begun, alive):
            left.append("process")
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)


def interrupt(thread: threading.Thread) -> None:
    """End a thread at its next step in Python; one that waits in C code goes on waiting."""
    number = ctypes.c_ulong(thread.ident or 0)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(number, ctypes.py_object(SystemExit))
