"""What a rule must keep to, checked on one account at a time."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

from relmap.contracts import AccountView
from relmap.hub.engine import ActiveRule, Engine, InProcess, Limits, Outcome, RuleKind
from relmap.hub.engine.rules import flaw

__all__ = ["check_rule"]


def check_rule(
    rule: Any, *views: AccountView, apart: bool = True, limits: Limits | None = None
) -> Outcome:
    """Run a rule on a view, an alert rule on two (before, now), and check that it keeps its word.

    The rule must have key, version and title, be picklable, give the same result each time and from
    a view read back from JSON, leave the view alone, and hand out results that can be stored. With
    ``apart`` it also runs in a child process, as it will in use, and must give the same there.

    Returns the outcome; raises ``AssertionError`` with what is wrong. That a rule is not applicable
    is not wrong.

    >>> from relmap.testing import AccountBuilder
    >>> from relmap_plugins.breadth import PeopleKnown
    >>> book = AccountBuilder().tenure("Li Na", "Buyer", since="2025-03-01")
    >>> check_rule(PeopleKnown(), book.view("2026-07-01")).status
    'ok'
    """
    active = _active(rule, views)
    here = InProcess(limits)
    first = _ran(here, active, views)
    _same(first, _ran(here, active, views), "It gave another result the second time")
    copies = tuple(AccountView.from_json(view.to_json()) for view in views)
    _same(first, _ran(here, active, copies), "It gave another result on an equal view")
    if apart:
        with Engine(limits) as engine:
            there = _ran(engine, active, views)
        _same(first, there, "It gave another result in a child process")
    return first


def _active(rule: Any, views: tuple[AccountView, ...]) -> ActiveRule:
    kind: RuleKind = "score" if len(views) == 1 else "alert"
    if len(views) not in (1, 2):
        raise AssertionError(
            "Give one view for a scoring rule, two (before, now) for an alert rule."
        )
    plugin = str(getattr(rule, "key", "")).partition(".")[0]
    active = ActiveRule(plugin, rule, kind)
    wrong = flaw(active)
    if wrong:
        raise AssertionError(wrong)
    try:
        pickle.dumps(rule)
    except Exception as error:
        raise AssertionError(f"{rule.key} cannot be pickled: {error}") from error
    return active


def _ran(engine: Engine | InProcess, active: ActiveRule, views: tuple[AccountView, ...]) -> Outcome:
    if active.kind == "score":
        (outcome,) = engine.score(views[0], [active])
    else:
        (outcome,) = engine.check(views[0], views[1], [active])
    if outcome.status in ("failed", "timed_out"):
        raise AssertionError(f"{active.key} {outcome.status.replace('_', ' ')}. {outcome.reason}")
    return outcome


def _same(first: Outcome, second: Outcome, complaint: str) -> None:
    if replace(first, seconds=0) != replace(second, seconds=0):
        raise AssertionError(
            f"{first.key}: {complaint}. A rule must be a function of its views alone: no clock, no "
            f"chance, no state of its own, nothing that depends on the order of a set.\n"
            f"first:  {first}\nsecond: {second}"
        )
