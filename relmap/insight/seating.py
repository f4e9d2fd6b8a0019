"""The seats of an account as one looks at them: who sits there, how well known, for how long.

Everything that a grid, a list or a map shows of a seat is worked out here once, so that they agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

from relmap.contracts import AccountView, Basis, PersonRow, PostRow, PostStatus, Ref, TenureRow
from relmap.insight.beliefs import Belief, belief
from relmap.insight.cache import once_a_view
from relmap.insight.outlook.declarations import habits, next_due_of, term_on
from relmap.insight.outlook.spells import spells_of
from relmap.insight.strength import coverage, threads_of
from relmap.insight.terms import TermEnd

__all__ = [
    "Acquaintance",
    "Clock",
    "Seat",
    "acquaintance",
    "arrival",
    "clock",
    "coverage_step",
    "departures",
    "due",
    "due_in",
    "seats",
]


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """How well all of us together know somebody.

    ``coverage`` is ``None`` where there is no tie, no touch and no claim: unknown, not zero.
    """

    coverage: float | None
    knowers: tuple[Ref, ...]
    last_touch_on: date | None
    stance: Belief

    @property
    def step(self) -> int | None:
        """Coverage in steps of 0 (the name only) to 5; ``None`` where it is unknown."""
        return None if self.coverage is None else coverage_step(self.coverage)


@dataclass(frozen=True, slots=True)
class Clock:
    """How much of the time from the start of a tenure to the day it is due has passed.

    ``share`` is ``None`` where no such day is known. Where the start is unknown, ``days`` counts
    from the day we first knew and ``is_least`` says that it is at least that long. ``chance`` is
    the chance of a change within 180 days, where a forecast was made that is more than a band.
    """

    days: int
    is_least: bool
    term_days: int | None
    chance: float | None = None
    source: str | None = None

    @property
    def share(self) -> float | None:
        """The part of the term that has passed; above 1 the term is over."""
        return None if self.term_days is None else self.days / self.term_days


@dataclass(frozen=True, slots=True)
class Seat:
    """A post and one who sits in it, or the blank seat."""

    post: PostRow
    status: PostStatus
    is_deciding: bool
    tenure: TenureRow | None = None
    person: PersonRow | None = None
    known: Acquaintance | None = None
    clock: Clock | None = None


def coverage_step(coverage: float) -> int:
    """Coverage (0 to 1) in steps of 0 to 5: ceil(5 x coverage)."""
    return min(5, ceil(5 * coverage - 1e-9))


def acquaintance(view: AccountView, person: Ref) -> Acquaintance:
    """How well we know a person on the view's day."""
    found = threads_of(view, person)
    met = [thread.last_on for thread in found if thread.last_on is not None]
    is_known = bool(found or view.claims_about(person))
    return Acquaintance(
        coverage=coverage(view, person) if is_known else None,
        knowers=tuple(thread.ours for thread in found if thread.strength > 0),
        last_touch_on=max(met, default=None),
        stance=belief(view, person, "stance"),
    )


def clock(view: AccountView, tenure: TenureRow) -> Clock:
    """How long a tenure has lasted, against the day it is due (see :func:`due`)."""
    begun, ends = tenure.starts_on, due(view, tenure)
    outlook = view.outlook_of(tenure.ref)
    is_point = outlook is not None and outlook.band is None  # a short history gives no number
    return Clock(
        days=(view.as_of - begun).days,
        is_least=tenure.starts_after is None,
        term_days=(ends.on - begun).days if ends and ends.on > begun else None,
        chance=outlook.p180 if outlook and is_point else None,
        source=outlook.source if outlook else None,
    )


def due(view: AccountView, tenure: TenureRow) -> TermEnd | None:
    """The day a tenure is meant to end: as its forecast has it, else as the view tells.

    ``None`` where neither an announced day nor a term is known, or the term has long passed.
    """
    if tenure.ends_on is not None:
        return TermEnd("announced", tenure.ends_on, tenure.ends_on <= view.as_of)
    outlook = view.outlook_of(tenure.ref)
    if outlook is not None and any(part.kind for part in outlook.basis):
        found = due_in(outlook.basis)
        return found and replace(found, is_past=found.on <= view.as_of)
    return _dues(view).get(tenure.ref)


def due_in(basis: Iterable[Basis]) -> TermEnd | None:
    """The day that a forecast rests on; ``None`` where it rests on the history."""
    for part in basis:
        if part.kind in ("announced", "term", "policy") and part.due_on is not None:
            return TermEnd(part.kind, part.due_on, part.is_past)
    return None


@once_a_view
def _dues(view: AccountView) -> Mapping[Ref, TermEnd]:
    """The day each open tenure is due by its term, from the view alone."""
    day, spells = view.as_of, spells_of(view)
    known, found = habits(spells, day), {}
    for spell in spells:
        term = term_on(spell, day, known) if spell.is_held(day) else None
        on = next_due_of(spell, term, day) if term else None
        if term is not None and on is not None:
            assert isinstance(spell.tenure, Ref)
            found[spell.tenure] = TermEnd(term.kind, on, on <= day)
    return found


def seats(view: AccountView) -> tuple[Seat, ...]:
    """Every seat that stands on the day, blank ones too, in an order that stays between days."""
    rows: list[Seat] = []
    for post in sorted(view.open_posts, key=lambda row: (-row.decision_weight, row.ref)):
        holders = view.holders(post.ref)
        status, deciding = view.status(post), view.is_deciding(post)
        if not holders:
            rows.append(Seat(post, status, deciding))
        rows.extend(_held(view, post, tenure, is_deciding=deciding) for tenure in holders)
    return tuple(rows)


def _held(view: AccountView, post: PostRow, tenure: TenureRow, *, is_deciding: bool) -> Seat:
    return Seat(
        post=post,
        status="acting" if tenure.acting else "filled",
        is_deciding=is_deciding,
        tenure=tenure,
        person=view.person(tenure.person),
        known=acquaintance(view, tenure.person),
        clock=clock(view, tenure) if is_deciding else None,
    )


def departures(view: AccountView, since: date) -> tuple[TenureRow, ...]:
    """The tenures of posts that still stand which ended after ``since``, newest first."""
    standing = {post.ref for post in view.open_posts}
    ended = (
        row
        for row in view.tenures
        if row.post in standing and row.ends_on is not None and since < row.ends_on <= view.as_of
    )
    return tuple(sorted(ended, key=lambda row: (row.ends_on or since, row.ref), reverse=True))


def arrival(view: AccountView, tenure: TenureRow, since: date) -> str | None:
    """How a holder got there after ``since``: ``came``, ``moved``, or ``None`` if before."""
    if tenure.starts_on <= since or tenure.starts_after is None:
        return None
    before = (row for row in view.tenures_of(tenure.person) if row.ref != tenure.ref)
    limit = tenure.starts_on - timedelta(days=200)
    moved = any(row.ends_on is not None and limit <= row.ends_on for row in before)
    return "moved" if moved else "came"
