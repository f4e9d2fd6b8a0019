"""The child's side: takes orders, runs rules, says what came of each as soon as it is known.

An order is a pickled tuple (kind, rules to learn by number, numbers of rules to run, pickled
views). The answers are lines: ``loading`` before a rule new to this process is loaded, ``begun``
when the views are there, a report a rule, and ``done`` with what was written to that was only lent.
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import resource
import signal
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from relmap.contracts import AccountView
from relmap.hub.engine.call import described, run
from relmap.hub.engine.outcomes import Limits
from relmap.hub.engine.processes import children
from relmap.hub.engine.reports import Report, encode
from relmap.hub.engine.rules import RuleKind, read_rule
from relmap.hub.engine.watch import Watch
from relmap.hub.engine.wire import read_frame

__all__ = ["Order", "guard", "serve"]

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # prctl(2) of Linux
Order = tuple[RuleKind, dict[int, bytes], tuple[int, ...], bytes]


def serve(channel: socket.socket, limits: Limits) -> None:
    """Work off orders until the parent has gone."""
    channel.setblocking(True)
    _settle(limits, keep=channel.fileno())
    shelf = _Shelf(channel, limits)
    with channel.makefile("rb") as source:
        while (frame := read_frame(source)) is not None:
            shelf.work_off(pickle.loads(frame))  # noqa: S301  # from our own parent


def guard(process_id: int) -> None:
    """End a child's whole group where the parent was killed, which cannot do so any more.

    The kernel ends the child then, but not what a rule in it has started.
    """
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # one of them keeps the fork server alive
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGUSR1)
    if os.getppid() != 1:
        signal.sigwait({signal.SIGUSR1})
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process_id, signal.SIGKILL)


def _settle(limits: Limits, *, keep: int) -> None:
    """Nothing open but the channel; a group of our own, which ends with us; bounded memory."""
    os.setsid()
    _end_with_parent()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.closerange(3, keep)  # the fork server's own pipes among them
    os.closerange(keep + 1, os.sysconf("SC_OPEN_MAX"))
    # Arithmetic libraries otherwise reserve memory for a thread a core.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    _limit(resource.RLIMIT_AS, _address_space() + limits.memory_mib * 2**20)
    _limit(resource.RLIMIT_CORE, 0)


def _end_with_parent() -> None:
    """Let the kernel end us with the fork server, which ends with the process it serves.

    It also hands us what a rule's processes leave behind, so that a daemon is found.
    """
    with suppress(OSError, AttributeError):  # not on this system: the clock below does
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    if os.getppid() == 1:  # it has ended already
        os._exit(0)


def _limit(what: int, amount: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        amount = min(amount, hard)
    with suppress(ValueError, OSError):  # a system without this limit
        resource.setrlimit(what, (amount, amount))


def _address_space() -> int:
    """Bytes of address space this process has now, 0 where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


class _Shelf:
    """The rules this process knows, pickled, so that each account gets them fresh."""

    def __init__(self, channel: socket.socket, limits: Limits) -> None:
        self.channel = channel
        self.limits = limits
        self.home = os.getpid()
        self.payloads: dict[int, bytes] = {}

    def work_off(self, order: Order) -> None:
        kind, new, numbers, packed = order
        for number, payload in new.items():
            self._learn(number, payload)
        if new:
            gc.freeze()  # what is loaded stays: each account's rows had it walked over again
        views: list[AccountView] = list(pickle.loads(packed))  # noqa: S301  # from our own parent
        self._tell({"begun": True})
        watch = Watch(views)
        for number in numbers:
            report = self._report(kind, number, views)
            self._tell(report.header(number), report.result)
            if report.is_spent:
                return  # the parent ends us
        self._tell({"done": True, "change": watch.change()})

    def _learn(self, number: int, payload: bytes) -> None:
        """Load a rule once outside its time: this imports its plug-in."""
        self.payloads[number] = payload
        self._tell({"loading": number})
        with suppress(BaseException):  # it is loaded again when it runs, and fails there
            read_rule(payload)

    def _report(self, kind: RuleKind, number: int, views: list[AccountView]) -> Report:
        # Should the parent have gone, nobody stops a rule that loops: the kernel's clock does.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, self.limits.rule_seconds * 2 + 5)
        report = self._run(kind, number, views)
        if os.getpid() != self.home:  # the rule forked, and this is the other one
            os._exit(0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        left = _left_running()
        if left:
            return Report("failed", reason=f"It left a {left} running.", is_spent=True)
        return report

    def _run(self, kind: RuleKind, number: int, views: list[AccountView]) -> Report:
        try:
            rule = read_rule(self.payloads[number])
        except BaseException as error:
            return Report(
                "failed", reason=f"It did not load: {described(error, limits=self.limits)}"
            )
        return run(rule, kind, views, self.limits, apart=True)

    def _tell(self, header: dict[str, Any], result: str = "") -> None:
        try:
            self.channel.sendall(encode(header, result))
        except OSError:  # the parent has gone, and with it the reason to go on
            os._exit(0)


def _left_running() -> str | None:
    """What the rule started and left: a process, which is ended with its own, or a thread."""
    left = None
    with suppress(ChildProcessError):
        while True:
            process, _ = os.waitpid(-1, os.WNOHANG)
            if process == 0:  # there are some, and none of them has ended
                left = "process"
                running = children()
                for child in running:
                    os.kill(child, signal.SIGKILL)
                if not running:  # not known on this system
                    break
                os.waitpid(-1, 0)
    return left or ("thread" if threading.active_count() > 1 else None)
