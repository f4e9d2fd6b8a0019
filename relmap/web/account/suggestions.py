"""What stored scores propose where there is no plan yet, the greatest gain first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from relmap.contracts import Ref
from relmap.results.reports.scores import ScoreCard
from relmap.web.layout.sentences import Line, Names, line

__all__ = ["MOST_STEPS", "Suggestion", "next_steps"]

MOST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to do."""

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
    kept: dict[Ref | None, _Proposal] = {}
    for proposal in found:
        kept.setdefault(_target(proposal.action), proposal)
    return list(kept.values())[:MOST_STEPS]


def _target(action: Mapping[str, Any]) -> Ref | None:
    """Whom a step is about: the last person its text names besides the owner, else the post."""
    refs = [Ref.parse(ref) for ref in action.get("refs") or ()]
    fields = (field for _, field, _, _ in Formatter().parse(str(action["text"])))
    numbers = sorted(int(field) for field in fields if field and field.isdecimal())
    named = [refs[number] for number in numbers if number < len(refs)]
    people = [ref for ref in named if ref.kind == "person" and str(ref) != action.get("owner")]
    found = people or named
    return found[-1] if found else None


def next_steps(card: ScoreCard | None, names: Names) -> list[Suggestion]:
    """The steps for the eye."""
    if card is None:
        return []
    return [
        Suggestion(line(proposal.action, names), proposal.rule, proposal.gain)
        for proposal in _proposals(card)
    ]
