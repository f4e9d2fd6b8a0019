"""The engine: rules in a child process that serves many accounts and is replaced once killed."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from relmap.contracts import AccountView
from relmap.hub.engine.outcomes import Limits, Outcome
from relmap.hub.engine.rules import ActiveRule

__all__ = ["Engine"]


class Engine:
    """Runs rules in a child process. One thread, one engine; close it, or use it with ``with``."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def score(self, view: AccountView, rules: Sequence[ActiveRule]) -> tuple[Outcome, ...]:
        """Run scoring rules on a view: one outcome a rule, in their order."""
        raise NotImplementedError

    def check(
        self, before: AccountView, now: AccountView, rules: Sequence[ActiveRule]
    ) -> tuple[Outcome, ...]:
        """Run alert rules on two views of an account: one outcome a rule, in their order."""
        raise NotImplementedError

    def close(self) -> None:
        """End the child process; the engine may be used again and then starts another."""
