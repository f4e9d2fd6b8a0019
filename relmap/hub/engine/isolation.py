"""The engine: rules in a child process that serves many accounts and is replaced once killed."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from types import TracebackType

from relmap.contracts import AccountView
from relmap.hub.engine.outcomes import Limits
from relmap.hub.engine.process import Child
from relmap.hub.engine.reports import Report
from relmap.hub.engine.rules import RuleKind
from relmap.hub.engine.runner import Runner
from relmap.hub.engine.watch import CHANGES
from relmap.hub.engine.wire import Ended, Silent, packed

__all__ = ["Engine"]


class Engine(Runner):
    """Runs rules in a child process. One thread, one engine; close it, or use it with ``with``.

    The rules of an account run one after the other on the same view. Where nothing went wrong, one
    look at the end shows that none of them wrote to it. Where a rule had to be stopped or something
    was written to, the others run once more, each by itself, so that only the culprit fails.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        super().__init__(limits)
        self._child: Child | None = None

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child process; the engine may be used again and then starts another."""
        self._end_child()

    @property
    def process_id(self) -> int | None:
        """The child process now, where there is one."""
        return self._child.process.pid if self._child else None

    def _reports(
        self, kind: RuleKind, views: tuple[AccountView, ...], payloads: Mapping[int, bytes]
    ) -> dict[int, Report]:
        """All rules together; after trouble each once more by itself."""
        account = _Account(kind, packed(views), self.limits)
        first = self._pass(account, payloads)
        if not first.trouble:
            return first.reports
        found = {}
        if first.stopped is not None:
            found[first.stopped] = first.reports[first.stopped]
        for index in payloads.keys() - found.keys():
            found[index] = self._alone(account, index, payloads[index])
        return found

    def _alone(self, account: _Account, index: int, payload: bytes) -> Report:
        if account.is_over:
            return _late(self.limits)
        one = self._pass(account, {index: payload})
        if one.stopped is None and one.trouble:
            return _failed(CHANGES.get(one.trouble, "It disturbed the process it ran in."))
        return one.reports[index]

    # --- one order to the child

    def _pass(self, account: _Account, payloads: Mapping[int, bytes]) -> _Pass:
        """Send an order and listen until all rules reported or one had to be stopped."""
        made = _Pass(tuple(payloads))
        if self._child and not self._child.is_alive:  # killed by somebody else meanwhile
            self._end_child()
        if self._child is None:
            self._child = Child(self.limits)
        try:
            self._listen(self._child, account, payloads, made)
        except Silent:
            self._end_child()
            made.stop(_late(self.limits) if account.is_over else _timed_out(made, self.limits))
        except (Ended, KeyError, TypeError, ValueError):  # gone, or the words of somebody else
            made.stop(_ended(made, self._end_child(patience=1.0)))
        except BaseException:  # Ctrl-C: what the child says from here on belongs to no order
            self._end_child()
            raise
        if made.trouble == "code" or made.is_spent:
            self._end_child()
        return made

    def _listen(
        self, child: Child, account: _Account, payloads: Mapping[int, bytes], made: _Pass
    ) -> None:
        limit = self.limits.load_seconds
        wanted = tuple(payloads.values())
        numbers = child.order(account.kind, wanted, account.views, monotonic() + limit)
        while not made.trouble:
            header, result = child.line(account.deadline(limit))
            if "loading" in header:
                made.loading = numbers.index(header["loading"])
            elif "begun" in header:
                made.loading, limit = None, self.limits.rule_seconds
                account.begin()
            elif "done" in header:
                made.trouble = header["change"]
                return
            else:
                made.add(Report.read(header, result))

    def _end_child(self, *, patience: float = 0.0) -> int | None:
        child, self._child = self._child, None
        return child.end(patience=patience) if child else None


@dataclass(slots=True)
class _Account:
    """One account's views on their way to the child, and until when its rules may run."""

    kind: RuleKind
    views: bytes
    limits: Limits
    ends_at: float | None = None

    def begin(self) -> None:
        if self.ends_at is None:  # loading plug-ins is not the account's time
            self.ends_at = monotonic() + self.limits.account_seconds

    def deadline(self, limit: float) -> float:
        own = monotonic() + limit
        return own if self.ends_at is None else min(own, self.ends_at)

    @property
    def is_over(self) -> bool:
        return self.ends_at is not None and self.ends_at <= monotonic()


@dataclass(slots=True)
class _Pass:
    """What came of one order: reports by the rules' indices, and what went wrong."""

    indices: tuple[int, ...]
    reports: dict[int, Report] = field(default_factory=dict)
    loading: int | None = None  # the position of the rule that is being loaded
    stopped: int | None = None  # the index of the rule that had to be stopped
    trouble: str | None = None  # view, code: written to; else what happened
    is_spent: bool = False

    def add(self, report: Report) -> None:
        """The next rule's report."""
        if len(self.reports) == len(self.indices):
            raise Ended  # more reports than rules: not our child's words
        if report.is_spent:
            self.is_spent = True
            self.stop(report)
        else:
            self.reports[self.indices[len(self.reports)]] = report

    def stop(self, report: Report) -> None:
        """The rule whose turn it was had to be stopped; this is its report."""
        self.trouble = "stopped"
        position = len(self.reports) if self.loading is None else self.loading
        if position < len(self.indices):
            self.stopped = self.indices[position]
            self.reports[self.stopped] = report


def _failed(reason: str) -> Report:
    return Report("failed", reason=reason)


def _late(limits: Limits) -> Report:
    reason = f"The account's {limits.account_seconds:g} s were used up before it could end."
    return Report("timed_out", reason=reason, ran=False)


def _timed_out(made: _Pass, limits: Limits) -> Report:
    if made.loading is not None:
        reason = f"It did not load within {limits.load_seconds:g} s."
        return Report("timed_out", reason=reason, seconds=limits.load_seconds)
    reason = f"It ran longer than {limits.rule_seconds:g} s and was stopped."
    return Report("timed_out", reason=reason, seconds=limits.rule_seconds)


def _ended(made: _Pass, status: int | None) -> Report:
    doing = "was loaded" if made.loading is not None else "ran"
    if status is None:
        return _failed("It disturbed its connection with the engine and was stopped.")
    if status < 0:
        return _failed(
            f"Its process was killed by {signal.Signals(-status).name} while it {doing}."
        )
    return _failed(f"It ended its process with exit status {status} while it {doing}.")
