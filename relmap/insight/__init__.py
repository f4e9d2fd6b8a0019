"""Questions to a view, answered by arithmetic: no clock, no session, no request."""

from relmap.insight.beliefs import Belief, belief, hostile_people
from relmap.insight.blocking import (
    BlockingSet,
    blocking_set,
    blocking_sets,
    joint_blocking_set,
    project_blocking_sets,
)
from relmap.insight.concentration import EffectiveThreads, Spread, effective_threads, hill
from relmap.insight.favours import FAVOUR_DAYS, favours
from relmap.insight.horizon import (
    Expected,
    Readiness,
    Sitter,
    band_of_leaving,
    chance_of_leaving,
    expected_coverage,
    leaving,
    readiness,
)
from relmap.insight.introductions import Introducer, introducers
from relmap.insight.paths import Path, paths
from relmap.insight.percentages import in_steps
from relmap.insight.plan import Plan, PlanStep, book_plan, plan
from relmap.insight.power import Power, default_weights, power
from relmap.insight.questions import Question, questions
from relmap.insight.rotation import (
    NOBODY_FOLLOWED,
    Departure,
    SeatOutcome,
    departures,
    is_same_unit,
    later_tenure,
)
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
from relmap.insight.succession import Succession, Successor, succession, successions
from relmap.insight.threads import branch_of, branches, independent, people_in_place
from relmap.insight.visits import Stake
from relmap.insight.warmth import Step, WarmNetwork, warm_network
from relmap.insight.waves import Wave, wave_in, waves, worst_case
from relmap.insight.whatif import Difference, Differences, Introduction, compare, without

__all__ = [
    "FAVOUR_DAYS",
    "NOBODY_FOLLOWED",
    "Belief",
    "BlockingSet",
    "Departure",
    "Difference",
    "Differences",
    "EffectiveThreads",
    "Expected",
    "Introducer",
    "Introduction",
    "Path",
    "Plan",
    "PlanStep",
    "Power",
    "Question",
    "Readiness",
    "SeatOutcome",
    "Sitter",
    "Spread",
    "Stake",
    "Step",
    "Succession",
    "Successor",
    "Thread",
    "WarmNetwork",
    "Wave",
    "any_of",
    "band_of_leaving",
    "belief",
    "blocking_set",
    "blocking_sets",
    "book_plan",
    "branch_of",
    "branches",
    "chance_of_leaving",
    "compare",
    "coverage",
    "default_weights",
    "departures",
    "effective_threads",
    "expected_coverage",
    "favours",
    "hill",
    "hostile_people",
    "in_steps",
    "independent",
    "introducers",
    "is_same_unit",
    "joint_blocking_set",
    "known_people",
    "later_tenure",
    "leaving",
    "level_part",
    "paths",
    "people_in_place",
    "plan",
    "power",
    "project_blocking_sets",
    "questions",
    "readiness",
    "strength",
    "succession",
    "successions",
    "threads",
    "threads_of",
    "touch_part",
    "warm_network",
    "wave_in",
    "waves",
    "without",
    "worst_case",
]
