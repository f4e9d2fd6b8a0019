"""The constants of strength and coverage, as one value that travels with a view."""

from __future__ import annotations

from dataclasses import dataclass

from relmap.contracts.words import DECIDING_WEIGHT, WEIGHT_OF_LEVEL

__all__ = ["Measures"]


def _touch_weights() -> tuple[tuple[str, float, int], ...]:
    return (
        ("visit", 0.35, 180),
        ("meal", 0.45, 240),
        ("event", 0.25, 180),
        ("call", 0.20, 120),
        ("complaint_call", 0.20, 120),
        ("sample", 0.20, 150),
        ("gift", 0.15, 180),
        ("message", 0.10, 60),
        ("mail", 0.08, 60),
        ("other", 0.10, 90),
    )


@dataclass(frozen=True, slots=True)
class Measures:
    """What strength, coverage and "deciding" are reckoned with; every number is a setting.

    ``touches`` holds (kind, weight, half-life in days); ``level_half_life`` is in days.
    docs/strength.md gives the formula.
    """

    touches: tuple[tuple[str, float, int], ...] = _touch_weights()
    level_share: float = 0.8
    touch_share: float = 0.8
    level_half_life: int = 730
    known_from: float = 0.3
    deciding_from: float = DECIDING_WEIGHT
    level_weights: tuple[tuple[str, float], ...] = tuple(WEIGHT_OF_LEVEL.items())
