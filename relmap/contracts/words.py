"""The field's words as closed lists: levels, functions, reasons, kinds.

The lists are ordered where the field orders them (levels from the top, relationship levels from
the bottom), so that an index into one is a rank.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

__all__ = [
    "CLAIM_BASES",
    "CONTACT_KINDS",
    "DECIDING_WEIGHT",
    "DIRECTED_TIES",
    "DIRECTIONS",
    "END_REASONS",
    "EXTERNAL_ID_KINDS",
    "FUNCTIONS",
    "LANGUAGES",
    "LEVELS",
    "NOBODY_FOLLOWED",
    "PROJECT_STAGES",
    "RELATIONSHIP_LEVELS",
    "SEVERITIES",
    "STANCES",
    "TIE_KINDS",
    "TOUCH_KINDS",
    "WEIGHT_OF_LEVEL",
    "ClaimBasis",
    "Direction",
    "EndReason",
    "ExternalIdKind",
    "Function",
    "Language",
    "Level",
    "PostStatus",
    "Precision",
    "ProjectStage",
    "RelationshipLevel",
    "SeatOutcome",
    "Severity",
    "Side",
    "Stance",
    "TieKind",
    "TouchKind",
]

Side = Literal["client", "us"]
Level = Literal["executive", "director", "manager", "lead", "staff"]
Function = Literal[
    "management",
    "rnd",
    "component_engineering",
    "purchasing",
    "quality",
    "npi",
    "planning",
    "product",
    "finance",
    "other",
]
RelationshipLevel = Literal[
    "none", "vendor", "credible_source", "problem_solver", "trusted_advisor"
]
EndReason = Literal[
    "left_company",
    "moved_inside",
    "promoted",
    "retired",
    "acting_ended",
    "post_abolished",
    "never_came",  # was announced, and did not come on the day
    "unknown",
]
PostStatus = Literal["filled", "acting", "vacant", "unknown_holder", "abolished"]
SeatOutcome = Literal["replaced", "still_held", "unit_closed", "post_closed", "vacant"]
Precision = Literal["day", "month", "year"]
TieKind = Literal[
    "knows",
    "influences",
    "advises",
    "conflicts",
    "schoolmate",
    "former_colleague",
    "family",
    "friend",
    "dotted_line",
]
TouchKind = Literal[
    "visit",
    "call",
    "mail",
    "message",
    "meal",
    "gift",
    "sample",
    "event",
    "complaint_call",
    "other",
]
ProjectStage = Literal[
    "concept",
    "specification",
    "sample",
    "evaluation",
    "qualification",
    "pilot",
    "mass_production",
    "end_of_life",
    "won",
    "lost",
]
Direction = Literal["out", "in", "both"]
ClaimBasis = Literal["told", "seen", "inferred", "hearsay"]
Stance = Literal["mentor", "supporter", "neutral", "non_supporter", "enemy", "unknown"]
Severity = Literal["note", "warning", "urgent"]
ExternalIdKind = Literal["mail", "staff_number", "handle"]
ContactKind = Literal["mail", "phone", "mobile", "wechat", "line", "address", "other"]
Language = Literal["en", "zh_Hant", "zh_Hans"]

LEVELS: Final[tuple[Level, ...]] = get_args(Level)
FUNCTIONS: Final[tuple[Function, ...]] = get_args(Function)
RELATIONSHIP_LEVELS: Final[tuple[RelationshipLevel, ...]] = get_args(RelationshipLevel)
END_REASONS: Final[tuple[EndReason, ...]] = get_args(EndReason)
NOBODY_FOLLOWED: Final[frozenset[SeatOutcome]] = frozenset({"vacant", "unit_closed"})
TIE_KINDS: Final[tuple[TieKind, ...]] = get_args(TieKind)
# Kinds that say something else the other way round: A asks B, and B asks A, are two ties.
DIRECTED_TIES: Final[frozenset[TieKind]] = frozenset({"advises", "influences", "dotted_line"})
TOUCH_KINDS: Final[tuple[TouchKind, ...]] = get_args(TouchKind)
PROJECT_STAGES: Final[tuple[ProjectStage, ...]] = get_args(ProjectStage)
DIRECTIONS: Final[tuple[Direction, ...]] = get_args(Direction)
CLAIM_BASES: Final[tuple[ClaimBasis, ...]] = get_args(ClaimBasis)
STANCES: Final[tuple[Stance, ...]] = get_args(Stance)
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
EXTERNAL_ID_KINDS: Final[tuple[ExternalIdKind, ...]] = get_args(ExternalIdKind)
CONTACT_KINDS: Final[tuple[ContactKind, ...]] = get_args(ContactKind)
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

# What a post's word weighs when somebody decides for or against us, where nobody said otherwise.
WEIGHT_OF_LEVEL: Final[dict[Level, float]] = {
    "executive": 1.0,
    "director": 0.8,
    "manager": 0.5,
    "lead": 0.2,
    "staff": 0.0,
}
DECIDING_WEIGHT: Final = 0.5
"""A post is *deciding* from this decision weight up."""
