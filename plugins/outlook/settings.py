"""From when on a change to come is worth telling."""

from __future__ import annotations

from dataclasses import dataclass

from relmap.api import setting

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """From which chance on a change is worth an alert."""

    horizon: int = setting(180, "Days ahead to be warned of", low=30, high=365)
    likely: float = setting(0.4, "Chance of leaving from which we are warned", low=0.05, high=1)
    follows: float = setting(0.08, "Chance of following that makes a successor", low=0.01, high=1)
    wave_days: int = setting(60, "Days within which people leave together", low=7, high=365)
    wave_people: int = setting(3, "People of one unit who make a wave", low=2, high=50)
    wave_share: float = setting(0.3, "Share of a unit that makes a wave", low=0.05, high=1)
