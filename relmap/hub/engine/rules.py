"""What a rule is, and a rule as the hub holds it."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol

from relmap.contracts import AccountView, Alert, Message, NotApplicable, Score
from relmap.contracts.signs import has_unshowable, one_line

__all__ = ["ActiveRule", "AlertRule", "Rule", "RuleKind", "ScoringRule", "flaw", "read_rule"]

RuleKind = Literal["score", "alert"]

LONGEST = 200  # of a key or a title; the columns hold 300
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
    """A rule with the plug-in it came from, and a digest of its package and settings.

    :func:`flaw` says whether it is one.
    """

    plugin: str
    rule: Any  # a ScoringRule or an AlertRule, by ``kind``
    kind: RuleKind
    settings_digest: str = ""
    key: str = field(init=False)
    version: int = field(init=False)
    title: str = field(init=False)
    weight: float = field(init=False)  # what it counts for in an account's total

    def __post_init__(self) -> None:
        """Read once what the rule says of itself; raises whatever it raises."""
        weight = getattr(self.rule, "weight", 1.0)
        said = {name: getattr(self.rule, name, None) for name in ("key", "version", "title")}
        said["weight"] = float(weight) if type(weight) is int else weight
        for name, value in said.items():
            object.__setattr__(self, name, value)

    @cached_property
    def payload(self) -> bytes:
        """The rule pickled for the child process; raises whatever its class raises."""
        said = (self.key, self.version, self.rule)
        return pickle.dumps(said, protocol=pickle.HIGHEST_PROTOCOL)


def read_rule(payload: bytes) -> Any:
    """The rule that was pickled; raises whatever its class raises.

    Raises ``ValueError`` where the code here says another version than where it was pickled: a
    plug-in was upgraded while relmap runs, and its results would be stored as the old one's.
    """
    key, version, rule = pickle.loads(payload)  # noqa: S301  # pickled by our own parent
    if (rule.key, rule.version) != (key, version):
        raise ValueError(
            f"{rule.key} {rule.version} is installed by now, and {key} {version} was loaded. "
            "Start relmap again."
        )
    return rule


def flaw(rule: ActiveRule) -> Message | None:
    """Why it is no rule of its plug-in, or ``None``."""
    key = rule.key
    name = Message("a {type}", {"type": type(rule.rule).__name__})
    if type(key) is not str or not KEY.fullmatch(key) or not key.startswith(f"{rule.plugin}."):
        text = "The key of {rule} must read '{plugin}.noun', in small letters."
        said = one_line(repr(key)) if type(key) is str else name
        return Message(text, {"rule": said, "plugin": rule.plugin})
    values = {"rule": one_line(repr(key))}
    if len(key) > LONGEST:
        return Message("The key of {rule} is too long.", values)
    if type(rule.version) is not int or not 1 <= rule.version < 2**31:
        return Message("The version of {rule} must be a whole number from 1 up.", values)
    if type(rule.title) is not str or not rule.title.strip():
        return Message("{rule} has no title.", values)
    if len(rule.title) > LONGEST or has_unshowable(rule.title):
        return Message(
            "The title of {rule} is too long, or holds signs that cannot be shown.", values
        )
    if type(rule.weight) is not float or not 0 <= rule.weight < 1e6:
        return Message("The weight of {rule} must be a number from 0 up.", values)
    method = "score" if rule.kind == "score" else "check"
    if isinstance(rule.rule, type) or not callable(getattr(rule.rule, method, None)):
        text = "{rule} must be an object with a method '{method}'."
        return Message(text, values | {"method": method})
    return None
