"""Touches: dated contacts between our people and theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from relmap.contracts import N_
from relmap.contracts.words import DIRECTIONS, TOUCH_KINDS, Direction, TouchKind
from relmap.errors import Refused
from relmap.facts.audit import add, remove
from relmap.facts.closed_lists import refuse_unknown
from relmap.facts.concerned import workplaces_of
from relmap.facts.locks import lock, raise_revision
from relmap.models import Person, Touch, TouchPerson, db

__all__ = ["add_touch", "withdraw_touch"]


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
    refuse_unknown(kind, TOUCH_KINDS, N_("{value!r} is no kind of touch: {known}."))
    refuse_unknown(direction, DIRECTIONS, N_("{value!r} is no direction: {known}."))
    sides = {person.side for person in people}
    if sides != {"client", "us"}:
        raise Refused("A touch joins at least one of us with at least one of them.")
    ids = sorted({person.id for person in people})
    concerned = lock(of=lambda: workplaces_of(ids))
    touch = Touch(
        on=on,
        kind=kind,
        direction=direction,
        said=said,
        next_step=next_step,
        next_step_on=next_step_on,
    )
    touch.people = [TouchPerson(person_id=person_id) for person_id in ids]
    add("add_touch", touch)
    raise_revision(concerned)
    return touch


def withdraw_touch(touch: Touch) -> None:
    """The contact never took place: the row goes, the audit log keeps it."""
    concerned = lock(touch)
    for row in list(touch.people):
        db.session.delete(row)
    remove("withdraw_touch", touch)
    raise_revision(concerned)
