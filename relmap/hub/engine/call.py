"""One rule on one account, wherever that is: called, timed, and whatever it raises caught."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any, Final

from relmap.contracts import AccountView, Alert, NotApplicable, Score, codec
from relmap.contracts.signs import one_line
from relmap.hub.engine.outcomes import Limits
from relmap.hub.engine.reports import Report
from relmap.hub.engine.rules import RuleKind

__all__ = ["described", "run"]

HALF: Final = re.compile(r"[\ud800-\udfff]")


class Nonsense(Exception):  # not an error of ours: what the rule gave back
    """The rule returned what no rule returns."""


def run(
    rule: Any, kind: RuleKind, views: Sequence[AccountView], limits: Limits, *, apart: bool
) -> Report:
    """Call the rule and put what it gives into JSON; raises nothing that the rule raised.

    ``apart`` says that this is a child process, where even Ctrl-C can only come from the rule.
    """
    began = perf_counter()
    try:
        report = _scored(rule, views) if kind == "score" else _checked(rule, views, limits)
    except Nonsense as error:
        report = Report("failed", reason=str(error))
    except BaseException as error:  # SystemExit and its kin are failures of the rule too
        if isinstance(error, KeyboardInterrupt) and not apart:
            raise
        report = Report("failed", reason=described(error, limits=limits, own=_file_of(rule)))
    if len(report.result) > limits.result_kib * 1024:
        report = Report("failed", reason=f"Its result is larger than {limits.result_kib} KiB.")
    elif HALF.search(report.result):  # as bytes it could not even be handed over
        report = Report("failed", reason="A text of its result holds half a sign.")
    seconds = perf_counter() - began
    return Report(report.status, report.result, report.reason, seconds, report.is_spent)


def _scored(rule: Any, views: Sequence[AccountView]) -> Report:
    result = rule.score(*views)
    if type(result) is NotApplicable:
        return Report("n/a", reason=one_line(result.reason))
    if type(result) is not Score:  # a subclass could say other points than its evidence
        raise Nonsense(f"It returned {_a(result)}, not a Score or NotApplicable.")
    return Report("ok", codec.dumps(result))


def _checked(rule: Any, views: Sequence[AccountView], limits: Limits) -> Report:
    result = rule.check(*views)
    if not isinstance(result, Iterable):
        raise Nonsense(f"It returned {_a(result)}, not alerts.")
    alerts = tuple(islice(result, limits.alert_count + 1))
    if len(alerts) > limits.alert_count:
        raise Nonsense(f"It raised more than {limits.alert_count} alerts for one account.")
    for alert in alerts:
        if type(alert) is not Alert:
            raise Nonsense(f"It gave {_a(alert)} among its alerts.")
    return Report("ok", codec.dumps(alerts))


def _a(value: object) -> str:
    if value is None:
        return "nothing"
    name = type(value).__name__
    return f"an {name}" if name[0] in "aeiouAEIO" else f"a {name}"


def described(error: BaseException, *, limits: Limits | None = None, own: str | None = None) -> str:
    """The error in one short line, with the last frame in the file ``own``, else the last."""
    if isinstance(error, MemoryError) and limits is not None:
        return f"It asked for more than {limits.memory_mib} MiB of memory{_place(error, own)}."
    try:
        text = str(error)
    except BaseException:  # whatever its __str__ does
        text = ""
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return one_line(said) + _place(error, own)


def _file_of(rule: Any) -> str | None:
    return getattr(sys.modules.get(type(rule).__module__), "__file__", None)


def _place(error: BaseException, own: str | None) -> str:
    frames = _frames(error.__traceback__)
    if not frames:
        return ""
    frame = ([frame for frame in frames if frame.filename == own] or frames)[-1]
    return f" ({Path(frame.filename).name}, line {frame.lineno}, in {frame.name})"


def _frames(trace: TracebackType | None) -> list[traceback.FrameSummary]:
    frames = traceback.StackSummary.extract(traceback.walk_tb(trace), lookup_lines=False)
    return [frame for frame in frames if frame.filename != __file__]
