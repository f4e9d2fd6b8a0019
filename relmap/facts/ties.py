"""Ties, touches and claims: what joins two people, what happened, what we believe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select

from relmap.contracts.words import (
    CLAIM_BASES,
    DIRECTED_TIES,
    DIRECTIONS,
    RELATIONSHIP_LEVELS,
    TIE_KINDS,
    TOUCH_KINDS,
    ClaimBasis,
    Direction,
    RelationshipLevel,
    TieKind,
    TouchKind,
)
from relmap.errors import Refused
from relmap.facts.audit import (
    accounts_of,
    accounts_of_tie,
    add,
    raise_revision,
    remove,
    revise,
    workplaces_of,
)
from relmap.models import Claim, Person, Post, Tie, Touch, TouchPerson, db

__all__ = [
    "add_claim",
    "add_tie",
    "add_touch",
    "end_tie",
    "judge_tie",
    "withdraw_claim",
    "withdraw_touch",
]

SHELF_LIFE_DAYS = {"stance": 180, "power": 365, "buying_role": 365, "level": 365}
DEFAULT_SHELF_LIFE = 365


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
    _refuse_unknown(kind, TIE_KINDS, "kind of tie")
    if level is not None:
        _refuse_unknown(level, RELATIONSHIP_LEVELS, "level")
        if a.side == b.side:
            raise Refused("A level says how close one of us is to one of them, nobody else.")
    if sign not in (-1, 0, 1):
        raise Refused("A tie's sign is -1, 0 or 1.")
    if _open_tie(a, b, kind) is not None:
        raise Refused(f"{a.name} and {b.name} have this tie already. Judge its level anew instead.")
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
    raise_revision(accounts_of_tie(a.id, b.id))
    return tie


def _ours_first(a: Person, b: Person, kind: str) -> tuple[Person, Person]:
    if a.id == b.id:
        raise Refused(f"{a.name} has no tie to {a.name}.")
    if kind == "knows" and a.side == "client" and b.side == "us":
        return b, a
    return a, b


def _refuse_unknown(value: str, known: Sequence[str], what: str) -> None:
    if value not in known:
        raise Refused(f"{value!r} is no {what}: {', '.join(known)}.")


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
    _refuse_unknown(level, RELATIONSHIP_LEVELS, "level")
    if day < tie.observed_on:
        raise Refused(f"The tie was judged on {tie.observed_on}, later than {day}.")
    concerned = accounts_of_tie(tie.a_id, tie.b_id)
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
    if tie.ends_on is not None:
        raise Refused(f"The tie ended on {tie.ends_on} already.")
    if day <= (tie.starts_on or tie.observed_on):
        raise Refused(f"The day must come after {tie.starts_on or tie.observed_on}.")
    revise("end_tie", tie, {"ends_on": day})
    raise_revision(accounts_of_tie(tie.a_id, tie.b_id))
    return tie


def add_touch(
    on: date,
    kind: TouchKind,
    people: Sequence[Person],
    *,
    direction: Direction = "both",
    said: str | None = None,
    next_step: str | None = None,
    next_step_on: date | None = None,
) -> Touch:
    """One dated contact; at least one of us and one of them took part. Does not commit."""
    _refuse_unknown(kind, TOUCH_KINDS, "kind of touch")
    _refuse_unknown(direction, DIRECTIONS, "direction")
    sides = {person.side for person in people}
    if sides != {"client", "us"}:
        raise Refused("A touch joins at least one of us with at least one of them.")
    touch = Touch(
        on=on,
        kind=kind,
        direction=direction,
        said=said,
        next_step=next_step,
        next_step_on=next_step_on,
    )
    ids = sorted({person.id for person in people})
    touch.people = [TouchPerson(person_id=person_id) for person_id in ids]
    add("add_touch", touch)
    raise_revision(workplaces_of(ids))
    return touch


def withdraw_touch(touch: Touch) -> None:
    """The contact never took place: the row goes, the audit log keeps it."""
    ids = [row.person_id for row in touch.people]
    for row in list(touch.people):
        db.session.delete(row)
    remove("withdraw_touch", touch)
    raise_revision(workplaces_of(ids))


def add_claim(
    about: Person | Post,
    what: str,
    value: str,
    *,
    on: date,
    basis: ClaimBasis,
    observer: Person | None = None,
    shelf_life_days: int | None = None,
    source: str | None = None,
) -> Claim:
    """One of us believes something about a person or a post; past its shelf life it is unknown."""
    _refuse_unknown(basis, CLAIM_BASES, "basis")
    claim = Claim(
        person_id=about.id if isinstance(about, Person) else None,
        post_id=about.id if isinstance(about, Post) else None,
        what=what,
        value=value,
        on=on,
        basis=basis,
        shelf_life_days=shelf_life_days or SHELF_LIFE_DAYS.get(what, DEFAULT_SHELF_LIFE),
        observer_id=None if observer is None else observer.id,
        source=source,
    )
    add("add_claim", claim)
    raise_revision(_accounts_about(about))
    return claim


def _accounts_about(about: Person | Post) -> set[int]:
    return accounts_of(about.id) if isinstance(about, Person) else {about.unit.account_id}


def withdraw_claim(claim: Claim) -> None:
    """Nobody ever believed it: the row goes, the audit log keeps it."""
    about = db.session.get(Person, claim.person_id) if claim.person_id else None
    post = db.session.get(Post, claim.post_id) if claim.post_id else None
    concerned = _accounts_about(about or post)  # type: ignore[arg-type]  # one of them is set
    remove("withdraw_claim", claim)
    raise_revision(concerned)
