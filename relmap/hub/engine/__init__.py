"""Runs the rules of plug-ins: ``Engine`` in a child process, ``InProcess`` here, checked alike.

    with Engine(limits) as engine:
        for view in views:
            outcomes = engine.score(view, rules)          # one Outcome a rule, in their order
            outcomes = engine.check(before, now, rules)   # the same for alert rules

This package imports neither Flask nor SQLAlchemy: it is all that the child preloads.
"""

from relmap.hub.engine.in_process import InProcess
from relmap.hub.engine.isolation import Engine
from relmap.hub.engine.outcomes import Limits, Outcome
from relmap.hub.engine.rules import ActiveRule, RuleKind
from relmap.hub.engine.runner import Runner

__all__ = [
    "ActiveRule",
    "Engine",
    "InProcess",
    "Limits",
    "Outcome",
    "RuleKind",
    "Runner",
]
