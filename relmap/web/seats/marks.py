"""The marks a person or a post is drawn with: stance, the ring of a deciding post, coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from relmap.contracts import Message
from relmap.contracts.words import STANCES
from relmap.insight.beliefs import Belief
from relmap.insight.percentages import in_steps
from relmap.insight.seating import Clock
from relmap.languages import _, _c, label
from relmap.web.layout.days import span_text

__all__ = [
    "ClockMark",
    "StanceMark",
    "clock_mark",
    "coverage_label",
    "stance_mark",
]


RESTS_ON: Final = {
    "announced": Message("announced", context="source"),
    "model": Message("model", context="source"),
    "policy": Message("policy", context="source"),
    "term": Message("term", context="source"),
}


@dataclass(frozen=True, slots=True)
class StanceMark:
    """A stance as drawn: its mark (one of the stances, or ``split``), said in words."""

    mark: str
    label: str
    value: str  # the same beside the word "Stance"
    is_fading: bool = False
    left: str = ""  # of a split: the best and the worst that is said
    right: str = ""


@dataclass(frozen=True, slots=True)
class ClockMark:
    """The ring of a deciding post: ``share`` in per cent of the term, and the number inside."""

    share: int | None
    text: str
    unit: str
    label: str
    is_over: bool = False


def coverage_label(coverage: float | None) -> str:
    """Coverage in words: what the pips say."""
    if coverage is None:
        return _("not known: no tie, no touch, no claim")
    return _("known to us {share} %", share=round(100 * coverage))


def stance_mark(stance: Belief | None) -> StanceMark:
    """A stance for the eye: the value that holds, a split, or unknown with what it was."""
    if stance is None or stance.value is None:
        was = stance.was if stance else None
        if was is None:
            return StanceMark("unknown", label("stance", "unknown"), _("unknown"))
        return StanceMark(
            "unknown",
            _("stance unknown; was: {stance}", stance=was.value),
            _("unknown; was: {stance}", stance=was.value),
        )
    if stance.is_disputed:
        left, right = stance.extremes or ("supporter", "non_supporter")
        said = " / ".join(label("stance", value) for value in stance.values)
        told = _("colleagues disagree: {stances}", stances=said)
        return StanceMark("split", told, told, stance.is_fading, left, right)
    mark = stance.value if stance.value in STANCES else "unknown"
    told = label("stance", stance.values[0])
    return StanceMark(mark, told, told, stance.is_fading)


def clock_mark(clock: Clock) -> ClockMark:
    """The ring of a deciding post: the part of the term passed, and years in post or the chance."""
    years = clock.days / 365.25
    text = f"{years:.1f}".removesuffix(".0") if years < 10 else f"{years:.0f}"
    text = f"\u2265{text}" if clock.is_least else text
    unit, told = _c("unit", "y"), _in_post(clock)
    if clock.chance is not None:
        band = in_steps(clock.chance)
        text, unit = str(band), "%"
        told = _(
            "{in_post}; about {share} % chance of change in 180 days ({rests_on})",
            in_post=told,
            share=band,
            rests_on=RESTS_ON.get(clock.source or "", clock.source),
        )
    share = None if clock.share is None else min(100, round(100 * clock.share))
    return ClockMark(share, text, unit, told, is_over=(clock.share or 0) > 1)


def _in_post(clock: Clock) -> str:
    span = span_text(clock.days)
    if clock.share is None or not clock.term_days:
        if clock.is_least:
            return _("in post for at least {span}", span=span)
        return _("in post for {span}", span=span)
    told = {"span": span, "term": span_text(clock.term_days), "share": round(100 * clock.share)}
    if clock.is_least:
        return _(
            "in post for at least {span} of a term of {term}: at least {share} % has passed", **told
        )
    return _("in post for {span} of a term of {term}: {share} % has passed", **told)
