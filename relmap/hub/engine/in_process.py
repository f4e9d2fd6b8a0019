"""The same checks as the engine's, in this process: for the test kit and for the bench."""

from __future__ import annotations

from collections.abc import Mapping

from relmap.contracts import AccountView
from relmap.hub.engine.call import described, run
from relmap.hub.engine.reports import Report
from relmap.hub.engine.rules import RuleKind, read_rule
from relmap.hub.engine.runner import Runner
from relmap.hub.engine.watch import CHANGES, Watch

__all__ = ["InProcess"]


class InProcess(Runner):
    """Runs rules here, each examined as the engine does, without limits of time and memory."""

    def _reports(
        self, kind: RuleKind, views: tuple[AccountView, ...], payloads: Mapping[int, bytes]
    ) -> dict[int, Report]:
        return {index: self._report(kind, views, payload) for index, payload in payloads.items()}

    def _report(self, kind: RuleKind, views: tuple[AccountView, ...], payload: bytes) -> Report:
        try:
            fresh = read_rule(payload)
        except Exception as error:
            said = described(error, limits=self.limits)
            return Report("failed", reason=f"It did not load: {said}")
        watch = Watch(views)
        report = run(fresh, kind, views, self.limits, apart=False)
        if change := watch.change():
            return Report("failed", reason=CHANGES[change])
        return report
