"""The same checks as the engine's, in this process: for the test kit and for the bench."""

from __future__ import annotations

import pickle
from collections.abc import Sequence

from relmap.contracts import AccountView
from relmap.hub.engine.call import described, run
from relmap.hub.engine.examiner import Examiner
from relmap.hub.engine.outcomes import Limits, Outcome
from relmap.hub.engine.reports import Report
from relmap.hub.engine.rules import ActiveRule, RuleKind
from relmap.hub.engine.watch import CHANGES, Watch

__all__ = ["InProcess"]


class InProcess:
    """Runs rules here, each examined as the engine does, without limits of time and memory."""

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

    def close(self) -> None:
        """Nothing to end; so that one may stand in for the other."""

    def _run(
        self, kind: RuleKind, views: tuple[AccountView, ...], rules: Sequence[ActiveRule]
    ) -> tuple[Outcome, ...]:
        examiner = Examiner(views, self.limits)
        return tuple(examiner.outcome(rule, self._report(kind, views, rule)) for rule in rules)

    def _report(self, kind: RuleKind, views: tuple[AccountView, ...], rule: ActiveRule) -> Report:
        try:
            payload = rule.payload
        except Exception as error:  # whatever its class does when it is pickled
            said = described(error, limits=self.limits)
            return Report("failed", reason=f"It cannot be pickled: {said}")
        try:
            fresh = pickle.loads(payload)  # noqa: S301  # pickled here, a line ago
        except Exception as error:
            said = described(error, limits=self.limits)
            return Report("failed", reason=f"It did not load: {said}")
        watch = Watch(views)
        report = run(fresh, kind, views, self.limits, apart=False)
        if change := watch.change():
            return Report("failed", reason=CHANGES[change])
        return report
