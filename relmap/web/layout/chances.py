"""Chances as pages say them: in steps of 5 %, or as a band where the history is too short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from relmap.insight.percentages import band_in_steps, in_steps
from relmap.languages import _

__all__ = ["HORIZONS", "LIKELY", "Chance", "none_stands_out"]

HORIZONS: Final = (90, 180, 365)
LIKELY: Final = 0.3  # from this chance of a change on we ask whether we are ready


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


def none_stands_out(expected: float, count: int, *, days: int) -> str:
    """Of so many posts none is likely by itself: how many may change all the same.

    >>> none_stands_out(1.67, 42, days=180)
    'No single post stands out (30 % or more); about 2 of 42 may change within 180 days'
    """
    number, values = round(expected), {"share": round(100 * LIKELY), "days": days}
    if count == 1:
        return _(
            "The one post with a figure does not stand out ({share} % or more) within {days} days",
            **values,
        )
    if not number:
        return _(
            "No single post stands out ({share} % or more); fewer than one of {all_count} may "
            "change within {days} days",
            all_count=count,
            **values,
        )
    return _(
        "No single post stands out ({share} % or more); about {changes_count} of {all_count} may "
        "change within {days} days",
        changes_count=number,
        all_count=count,
        **values,
    )
