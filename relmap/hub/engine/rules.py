"""What a rule is, and a rule as the hub holds it."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Protocol

from relmap.contracts import AccountView, Alert, Message, NotApplicable, Score

__all__ = ["ActiveRule", "AlertRule", "Rule", "RuleKind", "ScoringRule", "flaw"]

RuleKind = Literal["score", "alert"]

KEY = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


class Rule(Protocol):
    """What rules of both kinds say of themselves."""

    @property
    def key(self) -> str:
        """``plugin.noun``, unique and lasting: results are stored under it."""

    @property
    def version(self) -> int:
        """Raised whenever the same views may give another result."""

    @property
    def title(self) -> str:
        """What people read."""


class ScoringRule(Rule, Protocol):
    """A pure function of one view: no clock, no session, no request; picklable."""

    def score(self, view: AccountView) -> Score | NotApplicable:
        """How good the account is in this respect."""


class AlertRule(Rule, Protocol):
    """A pure function of two views of one account, the earlier and the later."""

    def check(self, before: AccountView, now: AccountView) -> Iterable[Alert]:
        """What one of us should act on, seen from both views."""


@dataclass(frozen=True)
class ActiveRule:
    """A rule with the plug-in it came from, and a digest of its package and settings."""

    plugin: str
    rule: Any  # a ScoringRule or an AlertRule, by ``kind``
    kind: RuleKind
    settings_digest: str = ""

    @property
    def key(self) -> str:
        """The rule's key, ``plugin.noun``."""
        key: str = self.rule.key
        return key

    @property
    def version(self) -> int:
        """The rule's version."""
        version: int = self.rule.version
        return version

    @property
    def title(self) -> str:
        """The rule's title."""
        title: str = self.rule.title
        return title

    @property
    def weight(self) -> float:
        """What the rule counts for in an account's total: its own ``weight``, else 1."""
        return float(getattr(self.rule, "weight", 1.0))

    @cached_property
    def payload(self) -> bytes:
        """The rule pickled for the child process; raises whatever its class raises."""
        return pickle.dumps(self.rule, protocol=pickle.HIGHEST_PROTOCOL)


def flaw(rule: Any, kind: RuleKind, *, plugin: str) -> Message | None:
    """Why the object is no rule of that plug-in, or ``None``."""
    key = getattr(rule, "key", None)
    name = repr(key) if isinstance(key, str) else Message("a {type}", {"type": type(rule).__name__})
    if not (isinstance(key, str) and KEY.fullmatch(key) and key.startswith(f"{plugin}.")):
        text = "The key of {rule} must read '{plugin}.noun', in small letters."
        return Message(text, {"rule": name, "plugin": plugin})
    version = getattr(rule, "version", None)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        return Message("The version of {rule} must be a whole number from 1 up.", {"rule": name})
    title = getattr(rule, "title", None)
    if not (isinstance(title, str) and title.strip()):
        return Message("{rule} has no title.", {"rule": name})
    weight = getattr(rule, "weight", 1.0)
    if not isinstance(weight, int | float) or not 0 <= weight < 1e6:
        return Message("The weight of {rule} must be a number from 0 up.", {"rule": name})
    method = "score" if kind == "score" else "check"
    if isinstance(rule, type) or not callable(getattr(rule, method, None)):
        text = "{rule} must be an object with a method '{method}'."
        return Message(text, {"rule": name, "method": method})
    return None
