"""The rows of an account's view: one frozen dataclass a kind of fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from relmap.contracts.refs import Ref
from relmap.contracts.words import (
    ClaimBasis,
    Direction,
    EndReason,
    Level,
    Precision,
    ProjectStage,
    RelationshipLevel,
    Side,
    TieKind,
    TouchKind,
)

__all__ = [
    "AccountRow",
    "Band",
    "Bands",
    "Basis",
    "BasisKind",
    "ClaimRow",
    "ContactRow",
    "NextStepRow",
    "OutlookRow",
    "PersonRow",
    "PostRow",
    "ProjectRow",
    "TenureRow",
    "TieRow",
    "TouchCount",
    "TouchRow",
    "UnitRow",
    "tenures_behind",
]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A client organisation we plan for. The rotation policy is in months."""

    ref: Ref
    name: str
    tier: str | None = None
    industry: str | None = None
    region: str | None = None
    owner: Ref | None = None
    rotation_months: int | None = None
    review_month: int | None = None
    handover_months: int | None = None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A part of the account; units form a tree."""

    ref: Ref
    name: str
    parent: Ref | None
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class PostRow:
    """A seat, whoever sits in it.

    ``decision_weight`` is the given one, else its level's default lifted by the power of who sits
    there; ``weight_given`` says which.
    """

    ref: Ref
    unit: Ref
    title: str
    function: str
    level: Level
    decision_weight: float
    seats: int
    reports_to: Ref | None
    vacant_since: date | None
    starts_on: date
    ends_on: date | None = None
    term_months: int | None = None
    review_month: int | None = None
    weight_given: bool = True


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A human being; ``external_ids`` read ``kind:value``."""

    ref: Ref
    side: Side
    name: str
    latin_name: str | None = None
    nickname: str | None = None
    address_as: str | None = None
    affiliation: str | None = None
    language: str | None = None
    external_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactRow:
    """We know that the person works there, not in which post."""

    ref: Ref
    person: Ref
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class TenureRow:
    """One person in one post from a day up to, not including, another.

    The start lies in (starts_after, starts_on], the end in (ends_after, ends_on];
    ``starts_after`` ``None`` means that the true start is unknown.
    """

    ref: Ref
    person: Ref
    post: Ref
    starts_after: date | None
    starts_on: date
    ends_after: date | None = None
    ends_on: date | None = None
    precision: Precision = "day"
    term_ends_on: date | None = None
    acting: bool = False
    end_reason: EndReason | None = None
    basis: str | None = None

    def has_ended(self, day: date) -> bool:
        """Whether the person no longer holds the post on ``day``."""
        return self.ends_on is not None and self.ends_on <= day


@dataclass(frozen=True, slots=True)
class TieRow:
    """A lasting relation between two people; ``observed_on`` is when its level was last judged."""

    ref: Ref
    a: Ref
    b: Ref
    kind: TieKind
    sign: int
    level: RelationshipLevel | None
    starts_on: date | None
    observed_on: date
    ends_on: date | None = None
    basis: ClaimBasis | None = None
    observer: Ref | None = None


@dataclass(frozen=True, slots=True)
class TouchRow:
    """One dated contact between people of both sides."""

    ref: Ref
    on: date
    kind: TouchKind
    direction: Direction
    people: tuple[Ref, ...]
    next_step: str | None = None
    next_step_on: date | None = None


@dataclass(frozen=True, slots=True)
class TouchCount:
    """How many touches of a pair lie before the 24 months that a view lists one by one."""

    ours: Ref
    theirs: Ref
    count: int
    last_on: date


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Something one of us believes about a person or post, with a shelf life in days."""

    ref: Ref
    about: Ref
    what: str
    value: str
    on: date
    basis: ClaimBasis
    shelf_life_days: int
    observer: Ref | None = None
    project: Ref | None = None

    def is_stale(self, day: date) -> bool:
        """Whether the claim is past its shelf life: its value then counts as unknown."""
        return (day - self.on).days > self.shelf_life_days


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One chance to sell, and the posts whose holders decide it.

    ``stage`` is ``None`` where nobody knows how far it was on the day: it ended later. ``value`` is
    in ``currency`` (ISO 4217, ``None``: nobody said). ``decides_on`` is when the decision is
    expected, ``ended_on`` when it was won or lost.
    """

    ref: Ref
    name: str
    part_number: str | None = None
    stage: ProjectStage | None = None
    value: float | None = None
    currency: str | None = None
    starts_on: date | None = None
    decides_on: date | None = None
    ended_on: date | None = None
    posts: tuple[Ref, ...] = ()

    def has_ended(self, day: date) -> bool:
        """Whether it was won or lost by ``day``."""
        return self.ended_on is not None and self.ended_on <= day


@dataclass(frozen=True, slots=True)
class NextStepRow:
    """One of us (``owner``) means to meet one of them; open until it is done.

    ``through`` is who is asked first for an introduction, one of them or a colleague.
    """

    ref: Ref
    person: Ref
    planned_on: date
    due_on: date
    owner: Ref | None = None
    what: str | None = None
    from_plan: bool = False
    through: Ref | None = None
    done_on: date | None = None


Band = tuple[float, float]
"""The low and the high of a chance."""


@dataclass(frozen=True, slots=True)
class Bands:
    """The band of each of a forecast's three chances."""

    p90: Band
    p180: Band
    p365: Band


BasisKind = Literal[
    "announced",  # the last day is known
    "term",  # a declared term
    "policy",  # the account's rotation
    "start_unknown",
    "acting",
    "term_passed",
    # parts of the model, each with its weight
    "rate",
    "time_in_post",
    "cycle",
    "own_cycle",
    "elsewhere",  # the rate that other accounts lend
]


@dataclass(frozen=True, slots=True)
class Basis:
    """A part of a forecast's reckoning, and how many tenures it rests on.

    They are the account's own, or ``of_others``: those of the book's other accounts. ``kind`` says
    what it is, ``weight`` (in per cent) how much of the model. ``due_on`` is the last day announced
    or the day a term is due (``None``: unknown), ``is_past`` where that day has come and the holder
    is still there; ``left`` of the ``tenures`` left when they were due. Where the start is unknown
    ``least_days`` counts from the day on which the holder was first seen. ``text`` is a sentence as
    it stands, of what was stored before there were kinds.
    """

    text: str = ""
    tenures: int = 0
    of_others: bool = False
    kind: BasisKind | None = None
    weight: int | None = None
    due_on: date | None = None
    is_past: bool = False
    left: int | None = None
    least_days: int | None = None


def tenures_behind(basis: Iterable[Basis]) -> int:
    """How many of the account's own tenures the best founded part rests on."""
    return max((part.tenures for part in basis if not part.of_others), default=0)


@dataclass(frozen=True, slots=True)
class OutlookRow:
    """The forecast of one open tenure: chances of leaving within 90, 180 and 365 days.

    ``source`` says what it rests on: ``announced``, ``term``, ``policy`` or ``model``, and
    ``basis`` more closely; ``tenures`` is the most of the account's own that one part rests on.
    ``bands`` are there where few tenures are behind the chances: tell them in place of points.
    Where ``mirrors_imports``, lists come too seldom for ``p90`` to be told: it would only show when
    we look. ``held_since`` is ``None`` where the start is unknown.
    """

    tenure: Ref
    source: str
    p90: float | None
    p180: float | None
    p365: float | None
    bands: Bands | None = None
    tenures: int = 0
    held_since: date | None = None
    mirrors_imports: bool = False
    basis: tuple[Basis, ...] = ()

    @property
    def band(self) -> Band | None:
        """The band of the chance of leaving within 365 days."""
        return None if self.bands is None else self.bands.p365
