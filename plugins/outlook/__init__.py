"""How ready we are for the changes to come, and what we should not be surprised by."""

from __future__ import annotations

from relmap.api import AlertRule, ScoringRule, hookimpl

from .. import translations
from .handover import HandoverWithoutMeeting
from .readiness import DecidingPosts
from .risk import CoverageAtRisk
from .settings import Settings
from .successors import UnknownSuccessor
from .wave import WaveBegins

__all__ = [
    "CoverageAtRisk",
    "DecidingPosts",
    "HandoverWithoutMeeting",
    "Settings",
    "UnknownSuccessor",
    "WaveBegins",
    "alert_rules",
    "scoring_rules",
    "settings",
    "translations",
]


@hookimpl
def settings() -> type[Settings]:
    """What administrators may set."""
    return Settings


@hookimpl
def scoring_rules() -> list[ScoringRule]:
    """How ready we are."""
    return [DecidingPosts()]


@hookimpl
def alert_rules(settings: Settings) -> list[AlertRule]:
    """What we should not be surprised by."""
    return [
        CoverageAtRisk(settings),
        UnknownSuccessor(settings),
        HandoverWithoutMeeting(settings),
        WaveBegins(settings),
    ]
