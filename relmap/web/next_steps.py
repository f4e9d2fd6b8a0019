"""Whom to meet next: the actions that stored scores propose, the greatest gain first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from relmap.contracts import Ref
from relmap.results.reading import ScoreCard
from relmap.web.texts import Line, Names, line, refs_in

__all__ = ["MOST_STEPS", "Step", "next_steps", "step_numbers"]

MOST_STEPS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: its number is the same on the page, in the grid and on the map."""

    number: int
    line: Line
    rule: str
    gain: float | None


@dataclass(frozen=True, slots=True)
class _Proposal:
    action: Mapping[str, Any]
    rule: str
    gain: float | None


def _proposals(card: ScoreCard) -> list[_Proposal]:
    """Actions of all rules, the greatest gain of the total first, one for a person or post."""
    weight = sum(rule.weight for rule in card.rows if rule.status == "ok")
    found = []
    for rule in card.rows:
        for action in rule.actions:
            gain = action.get("gain")
            if gain is not None and rule.out_of and weight:
                gain = 100 * gain * rule.weight / rule.out_of / weight
            found.append(_Proposal(action, rule.rule_title, gain))
    found.sort(key=lambda proposal: -(proposal.gain or 0))
    seen: set[Ref] = set()
    kept = []
    for proposal in found:
        about = refs_in([{"text": "", "refs": proposal.action.get("refs") or ()}])
        if not about & seen:
            kept.append(proposal)
        seen |= about
    return kept[:MOST_STEPS]


def next_steps(card: ScoreCard | None, names: Names) -> list[Step]:
    """The steps for the eye."""
    if card is None:
        return []
    return [
        Step(number, line(proposal.action, names), proposal.rule, proposal.gain)
        for number, proposal in enumerate(_proposals(card), start=1)
    ]


def step_numbers(card: ScoreCard | None) -> dict[Ref, int]:
    """The number of each person or post that a step is about."""
    numbers: dict[Ref, int] = {}
    for number, proposal in enumerate(_proposals(card) if card else (), start=1):
        for ref in refs_in([{"text": "", "refs": proposal.action.get("refs") or ()}]):
            numbers.setdefault(ref, number)
    return numbers
