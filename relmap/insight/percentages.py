"""How a chance is told to people: never finer than it is known."""

from __future__ import annotations

from math import ceil, floor
from typing import Final

__all__ = ["ENOUGH", "band_in_steps", "in_steps"]

ENOUGH: Final = 8
"""Values below which quartiles and deciles are not told: they would repeat single ones."""


def in_steps(chance: float) -> int:
    """A chance in per cent, in steps of 5; never 0 or 100 unless it is certain.

    >>> in_steps(0.01), in_steps(0.62), in_steps(0.997), in_steps(1.0)
    (5, 60, 95, 100)
    """
    if chance <= 0.0 or chance >= 1.0:
        return 0 if chance <= 0.0 else 100
    return min(max(5 * round(20 * chance), 5), 95)


def band_in_steps(low: float, high: float) -> tuple[int, int]:
    """A band in per cent, out to the steps of 5 around it: never narrower, never a point.

    >>> band_in_steps(0.01, 0.071), band_in_steps(0.31, 0.32), band_in_steps(0.97, 1.0)
    ((0, 10), (30, 35), (95, 100))
    """
    least, most = 5 * floor(20 * low + 1e-9), 5 * ceil(20 * high - 1e-9)
    if least == most:
        most = min(least + 5, 100)
        least = most - 5
    return max(least, 0), min(most, 100)
