"""Chances as pages say them: in steps of 5 %, or as a band where the history is too short."""

from __future__ import annotations

from dataclasses import dataclass

from relmap.insight.percentages import band_in_steps, in_steps
from relmap.languages import _

__all__ = ["Chance"]


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance that something happens; ``low`` and ``high`` differ where it is only a band.

    >>> Chance.point(0.38).text, Chance(0.2, 0.11, 0.38).text, Chance(0.04, 0.01, 0.07).text
    ('40 %', '10 to 40 %', 'under 10 %')
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
        """In per cent, in steps of 5: the point, or the low and the high of the band."""
        if not self.is_band:
            return (in_steps(self.value),)
        return band_in_steps(self.low, self.high)

    @property
    def text(self) -> str:
        """``40 %``, ``10 to 40 %`` or ``under 10 %``."""
        low, high = self.steps[0], self.steps[-1]
        if not self.is_band:
            return _("{share} %", share=low)
        if low == 0 and high < 100:
            return _("under {share} %", share=high)
        return _("{low} to {high} %", low=low, high=high)

    @property
    def short(self) -> str:
        """The number alone, for a ring or a drawing: ``40`` or ``10–40``."""
        return "–".join(map(str, self.steps))
