"""Next steps: whom one of us means to meet by a day; added, done, dropped, taken from a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from sqlalchemy import select

from relmap.errors import NotFound, Refused
from relmap.facts.audit import add, revise
from relmap.facts.concerned import accounts_of
from relmap.facts.locks import lock, raise_revision
from relmap.models import Account, NextStep, Person, db

__all__ = [
    "MOST_DAYS",
    "PlannedStep",
    "add_next_step",
    "do_next_step",
    "drop_next_step",
    "get_next_step",
    "reopen_next_step",
    "take_plan_over",
]

MOST_DAYS: Final = 5 * 365 + 1
"""How far ahead a next step may be due."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of a plan as somebody takes it over: ids of people, and the day it is due.

    ``through_id`` is who is asked first for an introduction.
    """

    person_id: int
    owner_id: int | None
    due_on: date
    what: str | None = None
    through_id: int | None = None


def get_next_step(step_id: int) -> NextStep:
    """The next step of this id; raises ``NotFound``."""
    step = db.session.get(NextStep, step_id)
    if step is None:
        raise NotFound("There is no next step {step_id}.", step_id=step_id)
    return step


def add_next_step(
    account: Account,
    person: Person,
    *,
    due_on: date,
    day: date,
    owner: Person | None = None,
    through: Person | None = None,
    what: str | None = None,
    origin: Literal["plan", "hand"] = "hand",
) -> NextStep:
    """One of us (``owner``) means to meet one of them by ``due_on``. Does not commit.

    ``through``, one of them or a colleague, is asked for an introduction first: a favour that
    counts. ``day`` is when that was decided: views of earlier days do not show it.
    """
    lock(account)
    _refuse_wrong_people(account, person, owner=owner, through=through)
    if due_on < day:
        raise Refused(
            "{due_on} is past already on {day}. Give a day to come.", due_on=due_on, day=day
        )
    if due_on - day > timedelta(days=MOST_DAYS):
        raise Refused("{due_on} is more than five years ahead. Give a nearer day.", due_on=due_on)
    step = NextStep(
        account_id=account.id,
        person_id=person.id,
        owner_id=None if owner is None else owner.id,
        through_id=None if through is None else through.id,
        planned_on=day,
        due_on=due_on,
        what=(what or "").strip() or None,
        origin=origin,
    )
    add("add_next_step", step, account_id=account.id)
    raise_revision([account.id])
    return step


def _refuse_wrong_people(
    account: Account, person: Person, *, owner: Person | None, through: Person | None
) -> None:
    if person.side != "client":
        raise Refused(
            "{person} is one of us. A next step is to meet one of them.", person=person.name
        )
    if owner is not None and owner.side != "us":
        raise Refused("{owner} is one of them. One of us takes the step.", owner=owner.name)
    if account.id not in accounts_of(person.id):
        raise Refused(
            "{person} has nothing to do with {account}.", person=person.name, account=account.name
        )
    if through is not None:
        if through.id in {person.id, None if owner is None else owner.id}:
            raise Refused(
                "{through} introduces nobody here. Leave out who is asked first.",
                through=through.name,
            )
        if through.side == "client" and account.id not in accounts_of(through.id):
            raise Refused(
                "{through} has nothing to do with {account}.",
                through=through.name,
                account=account.name,
            )


def do_next_step(step: NextStep, day: date) -> NextStep:
    """They met on ``day``."""
    lock(step)
    _refuse_ended(step)
    _refuse_before(step, day, about="done_on")
    return _end(step, "do_next_step", done_on=day)


def drop_next_step(step: NextStep, day: date, *, because: str) -> NextStep:
    """Nobody means to do it any more from ``day`` on."""
    words = because.strip()
    if not words:
        raise Refused("Say why it is dropped.", about="dropped_because")
    lock(step)
    _refuse_ended(step)
    _refuse_before(step, day, about=None)
    return _end(step, "drop_next_step", dropped_on=day, dropped_because=words)


def reopen_next_step(step: NextStep) -> NextStep:
    """It was neither done nor dropped: what said so was a slip, and the step is open as before."""
    lock(step)
    if step.done_on is None and step.dropped_on is None:
        raise Refused("It is open already.")
    return _end(step, "reopen_next_step", done_on=None, dropped_on=None, dropped_because=None)


def _refuse_ended(step: NextStep) -> None:
    if step.done_on is not None:
        raise Refused("It was done on {done_on} already.", done_on=step.done_on)
    if step.dropped_on is not None:
        raise Refused("It was dropped on {dropped_on}. Add a new one.", dropped_on=step.dropped_on)


def _refuse_before(step: NextStep, day: date, *, about: str | None) -> None:
    if day < step.planned_on:
        raise Refused(
            "It was planned on {planned_on}, later than {day}.",
            planned_on=step.planned_on,
            day=day,
            about=about,
        )


def _end(step: NextStep, verb: str, **values: date | str | None) -> NextStep:
    revise(verb, step, values, account_id=step.account_id)
    raise_revision([step.account_id])
    return step


def take_plan_over(account: Account, steps: Iterable[PlannedStep], *, day: date) -> list[NextStep]:
    """Store the steps of a plan as next steps with owner and due day. Does not commit.

    A person whom somebody means to meet already keeps that step; only the others are returned. A
    plan may meet a person several times: each visit is a step, and those on file count.
    """
    lock(account)  # who takes the same plan over at once finds these steps on file
    open_steps = select(NextStep.person_id).where(
        NextStep.account_id == account.id, NextStep.done_on.is_(None), NextStep.dropped_on.is_(None)
    )
    waiting = list(db.session.scalars(open_steps))
    taken = []
    for step in steps:
        if step.person_id in waiting:
            waiting.remove(step.person_id)
            continue
        taken.append(_take_over(account, step, day))
    return taken


def _take_over(account: Account, step: PlannedStep, day: date) -> NextStep:
    owner, through = (
        None if person_id is None else db.session.get_one(Person, person_id)
        for person_id in (step.owner_id, step.through_id)
    )
    return add_next_step(
        account,
        db.session.get_one(Person, step.person_id),
        due_on=step.due_on,
        day=day,
        owner=owner,
        through=through,
        what=step.what,
        origin="plan",
    )
