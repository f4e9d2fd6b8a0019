"""Chances as pages say them: in steps of 5 %, or as a band where the history is too short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from relmap.insight.telling import in_steps

__all__ = ["HORIZONS", "Chance"]

HORIZONS: Final = (90, 180, 365)


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance that something happens; ``low`` and ``high`` differ where it is only a band.

    >>> Chance.point(0.38).text, Chance(0.2, 0.1, 0.4).text, Chance.point(0.01).text
    ('40 %', '10 to 40 %', '5 %')
    """

    value: float
    low: float
    high: float

    @classmethod
    def point(cls, value: float) -> Chance:
        """A chance that is a point."""
        return cls(value, value, value)

    @property
    def is_band(self) -> bool:
        """Whether only a band can be said."""
        return self.low < self.high

    @property
    def steps(self) -> tuple[int, ...]:
        """In per cent, in steps of 5: the point, or the low and the high where they differ."""
        if not self.is_band:
            return (in_steps(self.value),)
        return tuple(dict.fromkeys((in_steps(self.low), in_steps(self.high))))

    @property
    def text(self) -> str:
        """``40 %`` or ``10 to 40 %``."""
        return " to ".join(map(str, self.steps)) + " %"

    @property
    def short(self) -> str:
        """The number alone, for a ring or a drawing: ``40`` or ``10–40``."""
        return "–".join(map(str, self.steps))
