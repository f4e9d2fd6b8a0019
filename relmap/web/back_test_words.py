"""A back-test in a salesperson's words: what we said, what happened, against doing nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["Bin", "Verdict", "bins_of", "verdict"]

ALIKE: Final = 0.003  # Brier scores nearer than this say the same


@dataclass(frozen=True, slots=True)
class Bin:
    """Posts of which we said about the same, in per cent: what we said and what changed."""

    said: int
    changed: int
    pairs: int
    low: int
    high: int

    @property
    def text(self) -> str:
        """The bin as one says it."""
        return f"Of 100 posts where we said {self.said} %, {self.changed} changed."


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, and what each measure says in words."""

    answer: str
    brier: str
    auc: str
    calibration: str


def bins_of(report: Mapping[str, Any]) -> list[Bin]:
    """The deciles of a stored report, the lowest chances first."""
    return [
        Bin(
            said=round(100 * row["forecast"]),
            changed=round(100 * row["left"]),
            pairs=row["pairs"],
            low=round(100 * row["low"]),
            high=round(100 * row["high"]),
        )
        for row in report["calibration"]
    ]


def verdict(report: Mapping[str, Any]) -> Verdict:
    """What a stored report says."""
    ours, plain = report["brier"], report["constant_rate"]["brier"]
    error = round(100 * report["calibration_error"])
    return Verdict(
        answer=_answer(ours, plain),
        brier=_brier(ours, plain),
        auc=_auc(report["auc"]),
        calibration=f"What we said and what happened lay {error} percentage points apart "
        "in the mean.",
    )


def _answer(ours: float, plain: float) -> str:
    if ours < plain - ALIKE:
        return "Our forecasts were better than the plain rate"
    if ours > plain + ALIKE:
        return "Our forecasts were worse than the plain rate"
    return "Our forecasts were as good as the plain rate, not better"


def _brier(ours: float, plain: float) -> str:
    share = round(100 * (1 - ours / plain)) if plain else 0
    if abs(ours - plain) <= ALIKE:
        return "as wrong as one who gives every post the same chance"
    more = "less" if share > 0 else "more"
    return f"{abs(share)} % {more} wrong than one who gives every post the same chance"


def _auc(auc: float | None) -> str:
    if auc is None:
        return "all or none changed, so there is no order to judge"
    times = round(100 * auc)
    text = (
        f"of one who left and one who stayed, the leaver had the higher chance {times} times of 100"
    )
    return text + (": hardly more than a coin" if auc < 0.56 else "")
