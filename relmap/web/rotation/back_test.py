"""A back-test in a salesperson's words: what we said, what happened, against doing nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from relmap.contracts.message import N_
from relmap.insight.outlook.histories import NO_TENURE
from relmap.languages import _, tell
from relmap.results.runs.back_tests import refused_by

__all__ = ["CalibrationLine", "Verdict", "bins_of", "refusal", "verdict"]

ALIKE: Final = 0.003  # Brier scores nearer than this say the same
COIN: Final = 0.56  # an AUC below is chance, with as few as an account has


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """Posts of which we said about the same, in per cent: what we said and what changed."""

    said: int
    changed: int
    pairs: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, what to do with it, and what each measure says in words.

    ``share`` is how many of 100 left, whatever was said of them.
    """

    answer: str
    advice: str
    share: int
    brier: str
    auc: str
    calibration: str


def bins_of(report: Mapping[str, Any]) -> list[CalibrationLine]:
    """The deciles of a stored report, the lowest chances first.

    Those of which the same was said, in whole per cent, are one: else a tenth of the posts reads as
    a finding where ten tenths were told the same.
    """
    alike = groupby(report["calibration"], key=lambda row: round(100 * row["forecast"]))
    return [_bin(said, list(rows)) for said, rows in alike]


def _bin(said: int, rows: Sequence[Mapping[str, Any]]) -> CalibrationLine:
    pairs = sum(row["pairs"] for row in rows)
    return CalibrationLine(
        said=said,
        changed=round(100 * sum(row["left"] * row["pairs"] for row in rows) / pairs),
        pairs=pairs,
        low=round(100 * rows[0]["low"]),
        high=round(100 * rows[-1]["high"]),
    )


def verdict(report: Mapping[str, Any]) -> Verdict:
    """What a stored report says."""
    ours, plain = report["brier"], report["constant_rate"]["brier"]
    error = round(100 * report["calibration_error"])
    is_judged = 0 < report["left"] < report["pairs"]
    return Verdict(
        answer=_answer(ours, plain) if is_judged else _undecided(report["left"]),
        advice=_advice(ours, plain)
        if is_judged
        else _("Come back when some have and some have not."),
        share=round(100 * report["left"] / report["pairs"]),
        brier=_brier(ours, plain),
        auc=_auc(report["auc"]),
        calibration=_(
            "What we said and what happened lay {points} percentage points apart in the mean.",
            points=error,
        ),
    )


def refusal(stored: str) -> str:
    """Why nothing could be tested, for who works in a browser: a blank seat has no history."""
    reason = refused_by(stored)
    if reason.id == NO_TENURE:
        return _(
            "Nobody has sat in a post here as far as we know: its seats are blank. Enter who sits "
            "there; a test is possible once people have been seen to come and go."
        )
    return tell(reason)


def _answer(ours: float, plain: float) -> str:
    if ours < plain - ALIKE:
        return _("Our forecasts were better than the same chance for every post")
    if ours > plain + ALIKE:
        return _("Our forecasts were worse than the same chance for every post")
    return _("Our forecasts were as good as the same chance for every post, not better")


def _undecided(left: int) -> str:
    if left:
        return _("Every post changed, so there is nothing to judge by")
    return _("No post changed, so there is nothing to judge by")


def _advice(ours: float, plain: float) -> str:
    if ours < plain - ALIKE:
        return _(
            "Use the forecasts for the sum over many posts, not for a bet on one person. A fixed "
            "term or a calendar shows here as a clear gain."
        )
    return _(
        "Do not order your visits by these chances here: people leave without a pattern that we "
        "could find. How well we know who decides matters more than who may go first."
    )


def _brier(ours: float, plain: float) -> str:
    if abs(ours - plain) <= ALIKE:
        return _("as wrong as one who gives every post the same chance")
    if not plain:
        return _("one who gives every post the same chance was never wrong")
    share = round(100 * (1 - ours / plain))
    text = (
        N_("{percent} % less wrong than one who gives every post the same chance")
        if share > 0
        else N_("{percent} % more wrong than one who gives every post the same chance")
    )
    return _(text, percent=abs(share))


def _auc(auc: float | None) -> str:
    if auc is None:
        return _("all or none changed, so there is no order to judge")
    text = (
        N_(
            "of one who left and one who stayed, "
            "the leaver had the higher chance {times} times of 100: no better than a coin"
        )
        if auc < COIN
        else N_(
            "of one who left and one who stayed, "
            "the leaver had the higher chance {times} times of 100"
        )
    )
    return _(text, times=round(100 * auc))
