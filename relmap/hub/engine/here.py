"""The same checks as the engine, in this process: for tests and for the bench."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from relmap.contracts import AccountView
from relmap.hub.engine.outcomes import Limits, Outcome
from relmap.hub.engine.rules import ActiveRule

__all__ = ["InProcess"]


class InProcess:
    """Runs rules here, with every check of the engine and no limits of time or memory."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()

    def __enter__(self) -> InProcess:
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
        """Nothing to end; so that one stands in for the other."""
