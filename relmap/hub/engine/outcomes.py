"""What came of running one rule on one account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from relmap.contracts import Alert, Score

__all__ = ["Limits", "Outcome", "Status"]

Status = Literal["ok", "n/a", "failed", "timed_out"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a rule may use before it is stopped. Times are in seconds, sizes in MiB.

    A rule takes milliseconds (docs/benchmarks.md): who comes near these limits loops or hoards.
    """

    rule_seconds: float = 5.0
    account_seconds: float = 30.0
    load_seconds: float = 30.0  # apart from the rule's time: the first import of a library is slow
    memory_mib: int = 1024
    result_kib: int = 2048  # of JSON that we parse and keep for every account and day
    alert_count: int = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rule's result for one account, or why there is none.

    ``score`` is given for a scoring rule that ended ``ok``; ``alerts`` for an alert rule that
    did. ``reason`` explains every other status in one line without names of people. ``ran`` is
    false where the account's time was used up before the rule's turn: that is no failure of it.
    """

    plugin: str
    key: str
    version: int
    status: Status
    score: Score | None = None
    alerts: tuple[Alert, ...] = ()
    reason: str = ""
    seconds: float = 0.0
    ran: bool = True
