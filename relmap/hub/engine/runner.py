"""What runs rules on an account and examines what they give, wherever they run."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from relmap.contracts import AccountView
from relmap.hub.engine.call import described
from relmap.hub.engine.examiner import Examiner
from relmap.hub.engine.outcomes import Limits, Outcome
from relmap.hub.engine.reports import Report
from relmap.hub.engine.rules import ActiveRule, RuleKind

__all__ = ["Runner"]


class Runner(ABC):
    """Runs rules: the engine's child process, or this one (for tests and the bench)."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()

    def score(self, view: AccountView, rules: Sequence[ActiveRule]) -> tuple[Outcome, ...]:
        """Run scoring rules on a view: one outcome a rule, in their order."""
        return self._run("score", (view,), rules)

    def check(
        self, before: AccountView, now: AccountView, rules: Sequence[ActiveRule]
    ) -> tuple[Outcome, ...]:
        """Run alert rules on two views of an account: one outcome a rule, in their order."""
        return self._run("alert", (before, now), rules)

    def _run(
        self, kind: RuleKind, views: tuple[AccountView, ...], rules: Sequence[ActiveRule]
    ) -> tuple[Outcome, ...]:
        found: dict[int, Report] = {}
        payloads: dict[int, bytes] = {}
        for index, rule in enumerate(rules):
            try:
                payloads[index] = rule.payload
            except Exception as error:  # whatever its class does when it is pickled
                said = described(error, limits=self.limits)
                found[index] = Report("failed", reason=f"It cannot be pickled: {said}")
        if payloads:
            found |= self._reports(kind, views, payloads)
        examiner = Examiner(views, self.limits)
        return tuple(examiner.outcome(rule, found[index]) for index, rule in enumerate(rules))

    @abstractmethod
    def _reports(
        self, kind: RuleKind, views: tuple[AccountView, ...], payloads: Mapping[int, bytes]
    ) -> dict[int, Report]:
        """What came of the pickled rules, under the numbers they were given with."""
