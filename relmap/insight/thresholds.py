"""How far ahead is looked, and from which chance on something is done about it."""

from __future__ import annotations

from typing import Final

__all__ = ["EVEN", "FEW", "HALF_STEP", "HORIZON", "HORIZONS", "LIKELY"]

HORIZONS: Final = (90, 180, 365)  # days: a quarter, half a year and a year, as visits are planned
HORIZON: Final = HORIZONS[1]  # of a plan, where nobody says otherwise
LIKELY: Final = 0.3  # from this chance of a change on we ask whether we are ready
EVEN: Final = 0.5  # and from this one on, who follows and what the plan does about it
FEW: Final = 20  # tenures, or terms that have passed, below which a figure is shown as a band
HALF_STEP: Final = 0.025  # figures are told in steps of 5 %: what is less than half of one is not
