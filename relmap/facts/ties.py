"""Ties: the lasting relations between two people."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from relmap.contracts import N_
from relmap.contracts.words import (
    DIRECTED_TIES,
    RELATIONSHIP_LEVELS,
    TIE_KINDS,
    ClaimBasis,
    RelationshipLevel,
    TieKind,
)
from relmap.errors import Refused
from relmap.facts.audit import add, revise
from relmap.facts.closed_lists import refuse_unknown
from relmap.facts.concerned import accounts_of_tie
from relmap.facts.locks import lock, raise_revision
from relmap.models import Person, Tie, db

__all__ = ["add_tie", "end_tie", "judge_tie"]


def add_tie(
    a: Person,
    b: Person,
    *,
    observed_on: date,
    kind: TieKind = "knows",
    level: RelationshipLevel | None = None,
    sign: int = 1,
    starts_on: date | None = None,
    basis: ClaimBasis | None = None,
    observer: Person | None = None,
    note: str | None = None,
) -> Tie:
    """A lasting relation between two people.

    Between one of us and one of them it is stored with ours first and may have a ``level``; two
    people may have one of the kinds with a direction each way round. Does not commit.
    """
    a, b = _ours_first(a, b, kind)
    refuse_unknown(kind, TIE_KINDS, N_("{value!r} is no kind of tie: {known}."))
    if level is not None:
        refuse_unknown(level, RELATIONSHIP_LEVELS, N_("{value!r} is no level: {known}."))
        if a.side == b.side:
            raise Refused("A level says how close one of us is to one of them, nobody else.")
    if sign not in (-1, 0, 1):
        raise Refused("A tie's sign is -1, 0 or 1.")
    concerned = lock(a, b, of=lambda: accounts_of_tie(a.id, b.id))
    if _open_tie(a, b, kind) is not None:
        raise Refused(
            "{a} and {b} have this tie already. Judge its level anew instead.", a=a.name, b=b.name
        )
    tie = Tie(
        a_id=a.id,
        b_id=b.id,
        kind=kind,
        sign=-1 if kind == "conflicts" else sign,
        level=level,
        starts_on=starts_on,
        observed_on=observed_on,
        basis=basis,
        observer_id=None if observer is None else observer.id,
        note=note,
    )
    add("add_tie", tie)
    raise_revision(concerned)
    return tie


def _ours_first(a: Person, b: Person, kind: str) -> tuple[Person, Person]:
    if a.id == b.id:
        raise Refused("{a} has no tie to {a}.", a=a.name)
    if kind == "knows" and a.side == "client" and b.side == "us":
        return b, a
    return a, b


def _open_tie(a: Person, b: Person, kind: str) -> Tie | None:
    ways = [(a.id, b.id)] if kind in DIRECTED_TIES else [(a.id, b.id), (b.id, a.id)]
    query = select(Tie).where(
        or_(*((Tie.a_id == one) & (Tie.b_id == other) for one, other in ways)),
        Tie.kind == kind,
        Tie.ends_on.is_(None),
    )
    return db.session.scalars(query.limit(1)).first()


def judge_tie(tie: Tie, level: RelationshipLevel, day: date) -> Tie:
    """Say anew how close the two are: the old judgement ends on ``day``, another begins.

    Also where the level is the same, so that earlier days keep the age of the judgement they knew.
    The tie of the day is returned; on the day of the old judgement it is corrected in place.
    """
    refuse_unknown(level, RELATIONSHIP_LEVELS, N_("{value!r} is no level: {known}."))
    concerned = lock(tie)
    _refuse_ended(tie)
    if day < tie.observed_on:
        raise Refused(
            "The tie was judged on {observed_on}, later than {day}.",
            observed_on=tie.observed_on,
            day=day,
        )
    if day <= max(tie.observed_on, tie.starts_on or tie.observed_on):
        revise("judge_tie", tie, {"level": level, "observed_on": day})
        raise_revision(concerned)
        return tie
    revise("end_tie", tie, {"ends_on": day})
    newer = Tie(
        a_id=tie.a_id,
        b_id=tie.b_id,
        kind=tie.kind,
        sign=tie.sign,
        level=level,
        starts_on=day,
        observed_on=day,
        basis=tie.basis,
        observer_id=tie.observer_id,
    )
    add("judge_tie", newer)
    raise_revision(concerned)
    return newer


def end_tie(tie: Tie, day: date) -> Tie:
    """The relation is no more from ``day`` on."""
    concerned = lock(tie)
    _refuse_ended(tie)
    if day <= (tie.starts_on or tie.observed_on):
        raise Refused("The day must come after {value1}.", value1=tie.starts_on or tie.observed_on)
    revise("end_tie", tie, {"ends_on": day})
    raise_revision(concerned)
    return tie


def _refuse_ended(tie: Tie) -> None:
    if tie.ends_on is not None:
        raise Refused("The tie ended on {ends_on} already.", ends_on=tie.ends_on)
