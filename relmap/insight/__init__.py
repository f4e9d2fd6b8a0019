"""Questions to a view, answered by arithmetic: no clock, no session, no request."""

from relmap.insight.introductions import Introducer, introducers
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
    "Introducer",
    "SeatOutcome",
    "Thread",
    "any_of",
    "branch_of",
    "branches",
    "coverage",
    "departures",
    "independent",
    "introducers",
    "known_people",
    "level_part",
    "people_in_place",
    "strength",
    "threads",
    "threads_of",
    "touch_part",
]
