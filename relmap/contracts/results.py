"""What a rule gives back: evidence, actions, scores and alerts.

Texts are message ids: ``{0}``, ``{1}`` stand for the refs in order, ``{name}`` for a value. Names
never go in, so that a stored result follows a rename, an erasure and a translation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from relmap.contracts.message import Message, fields_of_text
from relmap.contracts.refs import Ref
from relmap.contracts.words import Severity

__all__ = ["Action", "Alert", "Evidence", "NotApplicable", "Score", "Value"]

Value = str | int | float | bool | Message | None

TOLERANCE = 1e-9


def _check_text(text: str, refs: tuple[Ref, ...], values: Mapping[str, Value]) -> None:
    """Refuse a text that asks for a ref or a value it does not have."""
    if isinstance(refs, Ref):  # which is a tuple as well
        raise ValueError(f"The refs of {text!r} are a tuple of refs: write ({refs},).")
    for name in fields_of_text(text):
        known = int(name) < len(refs) if name.isdecimal() else name in values
        if not known:
            raise ValueError(f"The text {text!r} asks for {{{name}}}, which was not given.")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason of a score or an alert, and the points it is worth (may be negative)."""

    text: str
    points: float = 0.0
    refs: tuple[Ref, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_text(self.text, self.refs, self.values)
        if not math.isfinite(self.points):
            raise ValueError(f"The points of {self.text!r} are {self.points}, not a number.")


@dataclass(frozen=True, slots=True)
class Action:
    """What to do next; ``owner`` is one of us, ``gain`` the points the rule would gain by it."""

    text: str
    refs: tuple[Ref, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    owner: Ref | None = None
    gain: float | None = None

    def __post_init__(self) -> None:
        _check_text(self.text, self.refs, self.values)


@dataclass(frozen=True, slots=True)
class Score:
    """How good an account is in one respect; its points *are* the sum of its evidence.

    Raises ``ValueError`` unless 0 <= points <= out_of and out_of > 0.
    """

    evidence: tuple[Evidence, ...]
    out_of: float
    actions: tuple[Action, ...] = ()

    def __post_init__(self) -> None:
        if not (math.isfinite(self.out_of) and self.out_of > 0):
            raise ValueError(f"A score is out of a number above 0, not out of {self.out_of}.")
        if not -TOLERANCE <= self.points <= self.out_of + TOLERANCE:
            raise ValueError(f"{self.points} points are not between 0 and {self.out_of}.")

    @property
    def points(self) -> float:
        """The sum of the evidence."""
        return math.fsum(item.points for item in self.evidence)


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The rule has nothing to say of this account, and why (an empty account, say)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Something one of us should act on.

    ``key`` says which happening this is: one account, rule and key raise one alert, once. Build it
    from a tenure's ref, not from its dates, which people correct.

    Where ``is_over`` the cause is gone (who left is back): none is raised, and one of this key that
    stands is closed with the text as the reason. Should it come again, it stands again.

    ``parts`` are the keys of alerts, of whichever rule, that tell a part of what this one tells as
    a whole. None of them stands while this one does, which carries what they rest on and ask for.
    """

    key: str
    text: str
    severity: Severity
    refs: tuple[Ref, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    actions: tuple[Action, ...] = ()
    is_over: bool = False
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_text(self.text, self.refs, self.values)
        if self.severity not in get_args(Severity):
            raise ValueError(f"{self.severity!r} is no severity: note, warning or urgent.")
        if not self.key:
            raise ValueError("An alert needs a key that says which happening it is about.")
