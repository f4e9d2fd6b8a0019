"""Questions to a view, answered by arithmetic: no clock, no session, no request."""

from relmap.insight.concentration import EffectiveThreads, Spread, effective_threads, hill
from relmap.insight.introductions import Introducer, introducers
from relmap.insight.power import Power, default_weights, power
from relmap.insight.rotation import NOBODY_FOLLOWED, Departure, SeatOutcome, departures
from relmap.insight.strength import (
    Thread,
    any_of,
    coverage,
    known_people,
    level_part,
    strength,
    threads,
    threads_of,
    touch_part,
)
from relmap.insight.threads import branch_of, branches, independent, people_in_place

__all__ = [
    "NOBODY_FOLLOWED",
    "Departure",
    "EffectiveThreads",
    "Introducer",
    "Power",
    "SeatOutcome",
    "Spread",
    "Thread",
    "any_of",
    "branch_of",
    "branches",
    "coverage",
    "default_weights",
    "departures",
    "effective_threads",
    "hill",
    "independent",
    "introducers",
    "known_people",
    "level_part",
    "people_in_place",
    "power",
    "strength",
    "threads",
    "threads_of",
    "touch_part",
]
