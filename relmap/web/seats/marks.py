"""The marks a person or a post is drawn with: stance, the ring of a deciding post, coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from relmap.contracts.words import STANCES
from relmap.insight.beliefs import Belief
from relmap.insight.percentages import in_steps
from relmap.insight.seating import Clock
from relmap.languages import label
from relmap.web.layout.days import span_text

__all__ = [
    "STANCE_UNKNOWN",
    "ClockMark",
    "StanceMark",
    "clock_mark",
    "coverage_label",
    "stance_mark",
]


@dataclass(frozen=True, slots=True)
class StanceMark:
    """A stance as drawn: its mark (one of the stances, or ``split``), said in words."""

    mark: str
    label: str
    is_fading: bool = False
    left: str = ""  # of a split: the best and the worst that is said
    right: str = ""


STANCE_UNKNOWN: Final = StanceMark("unknown", "stance unknown")


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
        return "not known: no tie, no touch, no claim"
    return f"known to us {round(100 * coverage)} %"


def stance_mark(stance: Belief) -> StanceMark:
    """A stance for the eye: the value that holds, a split, or unknown with what it was."""
    if stance.value is None:
        was = f"; was: {label('stance', stance.was.value)}" if stance.was else ""
        return StanceMark("unknown", f"stance unknown{was}")
    said = [label("stance", value) for value in stance.values]
    if stance.is_disputed:
        left, right = stance.extremes or ("supporter", "non_supporter")
        split = f"colleagues disagree: {' / '.join(said)}"
        return StanceMark("split", split, stance.is_fading, left, right)
    mark = stance.value if stance.value in STANCES else "unknown"
    return StanceMark(mark, said[0], stance.is_fading)


def clock_mark(clock: Clock) -> ClockMark:
    """The ring of a deciding post: the part of the term passed, and years in post or the chance."""
    years = clock.days / 365.25
    least = "at least " if clock.is_least else ""
    label = f"in post for {least}{span_text(clock.days)}"
    if clock.share is not None and clock.term_days:
        label += (
            f" of a term of {span_text(clock.term_days)}: {round(100 * clock.share)} % has passed"
        )
    text, unit = f"{years:.1f}".removesuffix(".0") if years < 10 else f"{years:.0f}", "y"
    if clock.chance is not None:
        band = in_steps(clock.chance)
        text, unit = str(band), "%"
        label += f"; about {band} % chance of change in 180 days ({clock.source})"
    share = None if clock.share is None else min(100, round(100 * clock.share))
    return ClockMark(share, text, unit, label, is_over=(clock.share or 0) > 1)
