"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass

from relmap.contracts import Message, Ref

__all__ = ["Violation"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One fact that breaks a rule: the rule's name, the fact, and what is wrong with it."""

    kind: str
    ref: Ref
    message: Message
