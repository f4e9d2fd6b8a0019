"""How a chance is told to people: never finer than it is known."""

from __future__ import annotations

__all__ = ["in_steps"]


def in_steps(chance: float) -> int:
    """A chance in per cent, in steps of 5; never 0 or 100 unless it is certain.

    >>> in_steps(0.01), in_steps(0.62), in_steps(0.997), in_steps(1.0)
    (5, 60, 95, 100)
    """
    if chance <= 0.0 or chance >= 1.0:
        return 0 if chance <= 0.0 else 100
    return min(max(5 * round(20 * chance), 5), 95)
