"""Questions to a view, answered by arithmetic: no clock, no session, no request."""

from relmap.insight.blocking import (
    BlockingSet,
    blocking_set,
    blocking_sets,
    joint_blocking_set,
    project_blocking_sets,
)
from relmap.insight.concentration import EffectiveThreads, Spread, effective_threads, hill
from relmap.insight.introductions import Introducer, introducers
from relmap.insight.paths import Path, paths
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
from relmap.insight.warmth import Step, WarmNetwork, warm_network

__all__ = [
    "NOBODY_FOLLOWED",
    "BlockingSet",
    "Departure",
    "EffectiveThreads",
    "Introducer",
    "Path",
    "Power",
    "SeatOutcome",
    "Spread",
    "Step",
    "Thread",
    "WarmNetwork",
    "any_of",
    "blocking_set",
    "blocking_sets",
    "branch_of",
    "branches",
    "coverage",
    "default_weights",
    "departures",
    "effective_threads",
    "hill",
    "independent",
    "introducers",
    "joint_blocking_set",
    "known_people",
    "level_part",
    "paths",
    "people_in_place",
    "power",
    "project_blocking_sets",
    "strength",
    "threads",
    "threads_of",
    "touch_part",
    "warm_network",
]
