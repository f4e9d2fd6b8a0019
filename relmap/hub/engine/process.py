"""The parent's hold on one child process: started by the fork server, ended for good."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import ModuleType
from typing import Any

from relmap.hub.engine.child import Order, guard, serve
from relmap.hub.engine.outcomes import Limits
from relmap.hub.engine.processes import descendants
from relmap.hub.engine.reports import decode
from relmap.hub.engine.rules import RuleKind
from relmap.hub.engine.wire import Ended, Wire

__all__ = ["Child"]

SECONDS_TO_DIE = 5  # after SIGKILL: longer only where the kernel is stuck, and then we go on
_starting = threading.Lock()


class Child:
    """One child process and the wire to it."""

    def __init__(self, limits: Limits) -> None:
        context = multiprocessing.get_context("forkserver")
        # A plug-in must not be preloaded: one that raises there takes the fork server with it.
        context.set_forkserver_preload(["relmap.hub.engine"])
        ours, theirs = socket.socketpair()
        with theirs, _without_main():
            self.process = _started(context, serve, theirs, limits)
            self.guard = _started(context, guard, self.process.pid)
        # A result that JSON had to escape can be longer than its text; the header comes on top.
        longest = limits.result_kib * 1024 * 4 + 65_536
        self.wire = Wire(ours, self.process.sentinel, longest)
        self.numbers: dict[bytes, int] = {}

    @property
    def is_alive(self) -> bool:
        """Whether the process still waits for orders."""
        return self.process.is_alive()

    def order(
        self, kind: RuleKind, payloads: Sequence[bytes], views: bytes, deadline: float
    ) -> tuple[int, ...]:
        """Send an order; the numbers under which the child will speak of the rules."""
        new = {}
        for payload in payloads:
            if payload not in self.numbers:
                self.numbers[payload] = len(self.numbers)
                new[self.numbers[payload]] = payload
        numbers = tuple(self.numbers[payload] for payload in payloads)
        order: Order = (kind, new, numbers, views)
        self.wire.send(pickle.dumps(order, protocol=pickle.HIGHEST_PROTOCOL), deadline)
        return numbers

    def line(self, deadline: float) -> tuple[dict[str, Any], str]:
        """The next line's header and result; raises ``Silent`` or ``Ended``."""
        try:
            return decode(self.wire.line(deadline))
        except ValueError as error:  # something else wrote to the wire
            raise Ended from error

    def end(self, *, patience: float = 0.0) -> int | None:
        """Kill the process and all it started.

        Returns the exit status (negative: the signal) of a process that ended by itself within
        ``patience`` seconds, else ``None``.
        """
        self.process.join(timeout=patience)
        status = self.process.exitcode
        # Some may have left the group. The number of one that has ended may be another's by now.
        own = descendants(self.process.pid or 0) if status is None else set()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        for process in own:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        self.process.kill()  # where it had no group of its own yet
        self.guard.kill()
        self.wire.close()
        for one in (self.process, self.guard):
            one.join(timeout=SECONDS_TO_DIE)
            one.close()
        return status


def _started(
    context: ForkServerContext, target: Callable[..., None], *order: Any
) -> ForkServerProcess:
    """A process at work; where the fork server was killed, one of a new fork server."""
    for patience in (0.1, 0.5, 2.0, None):
        process = context.Process(target=target, args=order, name="relmap-rules", daemon=True)
        try:
            process.start()
        except (OSError, EOFError):
            if patience is None:
                raise
            time.sleep(patience)  # until it is seen to be dead
        else:
            return process
    raise AssertionError


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide ``__main__`` from multiprocessing, which would run it again in the child.

    That would load the whole application there, and a script without a guard would start anew.
    """
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
