"""A plan as it is offered to be taken over: its visits that nobody has, and what is sent back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any

from flask import request

from relmap.clock import today
from relmap.contracts import AccountView, Ref, codec
from relmap.contracts.message import N_
from relmap.errors import Refused
from relmap.facts.next_steps import MOST_DAYS, PlannedStep
from relmap.languages import _
from relmap.names.days import one_day
from relmap.results.reports.foresight import AccountForesight, open_steps, read_account_foresight
from relmap.web.forms import Choice, Day, Field, Form
from relmap.web.layout.query import number_asked
from relmap.web.layout.sentences import Names, names_in
from relmap.web.outlook.plan_lines import PlanLine, plan_lines
from relmap.web.plan.cultivation import read

__all__ = ["Offer", "OfferForm", "OpenVisit", "offer_of", "were_taken"]

CHANGED = N_(
    "The plan has changed since this form was opened. Look at it as it is now, then take it."
)


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """A visit of the plan that nobody has: its ``key`` is the same in each form that offers it."""

    key: str
    person_id: int
    number: int
    by_id: int | None
    through_id: int | None
    due_on: date


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan, stored or asked for with so many visits, and what of it is to be taken over.

    ``mark`` changes with the plan and with the next steps on file.
    """

    ahead: AccountForesight | None
    plan: tuple[PlanLine, ...]
    visits: tuple[OpenVisit, ...]
    mark: str


def offer_of(seen: AccountView) -> Offer:
    """The plan of ``?visits=`` and ``?horizon=`` as *whom to cultivate* has it, else the stored."""
    if number_asked("visits") is None:
        ahead = read_account_foresight(seen.account.ref.id, seen.as_of)
        names = names_in(seen)
    else:
        found = read(seen)
        names = found.names
        document = {"plan": codec.plain(found.found.plan)}
        ahead = AccountForesight(seen.as_of, document, open_steps(seen))
    return _offer(ahead, names, seen.as_of)


def _offer(ahead: AccountForesight | None, names: Names, day: date) -> Offer:
    lines = tuple(plan_lines(ahead, names, most=None))
    return Offer(ahead, lines, tuple(_visits(ahead, day)), _mark(ahead))


def _visits(ahead: AccountForesight | None, day: date) -> Iterator[OpenVisit]:
    """The visits that nobody has taken, in the order in which they are due."""
    if ahead is None:
        return
    on_file = Counter(step.person_id for step in ahead.steps)
    taken: Counter[int] = Counter()
    for step in sorted(ahead.plan["steps"], key=lambda row: row["in_days"]):
        person = Ref.parse(step["person"]).id
        taken[person] += 1
        if taken[person] <= on_file[person]:
            continue
        yield OpenVisit(
            key=f"{person}-{step['number']}",
            person_id=person,
            number=step["number"],
            by_id=Ref.parse(step["by"]).id if step["by"] else None,
            through_id=None if on_file[person] else _introducer_of(step),
            due_on=max(ahead.on + timedelta(days=step["in_days"]), day),
        )


def _introducer_of(step: Mapping[str, Any]) -> int | None:
    """Who is asked first in a step of a plan: the first of theirs on its way.

    Nobody where one of us knows the person, nor for a second visit, which needs no introduction.
    """
    path = step["path"]
    return Ref.parse(path[1]).id if len(path) > 2 and step["number"] == 1 else None


def _mark(ahead: AccountForesight | None) -> str:
    if ahead is None:
        return ""
    steps = [(row["person"], row["number"], row["by"], row["path"]) for row in ahead.plan["steps"]]
    said = repr((steps, sorted(step.id for step in ahead.steps)))
    return blake2b(said.encode(), digest_size=8).hexdigest()


# --- what is sent back

KEY = re.compile(r"[0-9]{1,9}-[0-9]{1,9}")


class DueDay(Day):
    """A day until when somebody is met; the verb says how far ahead it may lie."""

    def read(self, text: str) -> date:
        """The day; raises ``Refused``."""
        return one_day(text)


class OfferForm(Form):
    """The visits of a plan, each to be ticked, with who of us goes until when."""

    def __init__(self, offer: Offer, ours: Mapping[int, str], *, sent: bool = False) -> None:
        self.offer, self.ours = offer, ours
        offered = {visit.key: visit for visit in offer.visits}
        self.ticked = dict.fromkeys(request.form.getlist("take") if sent else offered)
        self.visits = {key: offered.get(key) for key in [*offered, *self.ticked]}
        super().__init__(sent=sent)

    def prepare(self) -> None:
        """An owner and a day for each visit."""
        for key, visit in self.visits.items():
            if not KEY.fullmatch(key):
                continue  # no form of ours
            owner = Choice(
                N_("who of us"),
                self.ours,
                column=None,
                default=visit and visit.by_id,
                required=N_("Say of each visit who of us goes."),
            )
            due = DueDay(
                N_("until"),
                column=None,
                default=visit and visit.due_on,
                required=N_("Say of each visit until when."),
                earliest=today(),
                latest=lambda: today() + timedelta(days=MOST_DAYS),
            )
            self.add(f"owner-{key}", owner)
            self.add(f"due-{key}", due)

    def is_left_out(self, field: Field) -> bool:
        """Whether it is of a visit that was not ticked."""
        return field.name.partition("-")[2] not in self.ticked

    def steps(self) -> list[PlannedStep]:
        """The visits that were ticked, each with owner and day; raises ``Refused``."""
        if not self.ticked:
            raise Refused("No visit was chosen. Tick at least one of the plan.")
        return [self._step(key) for key in self.ticked]

    def _step(self, key: str) -> PlannedStep:
        if not KEY.fullmatch(key):
            raise Refused(CHANGED)
        visit, owner_id = self.visits[key], self[f"owner-{key}"].data
        is_as_planned = visit is not None and owner_id == visit.by_id
        ahead = self.offer.ahead
        return PlannedStep(
            person_id=int(key.partition("-")[0]),
            owner_id=owner_id,
            due_on=self[f"due-{key}"].data,
            through_id=visit.through_id if visit and is_as_planned else None,
            what=_("Visit of the plan of {day}", day=ahead.on) if ahead else None,
        )


def were_taken(offer: Offer, chosen: list[PlannedStep], mark: str) -> bool:
    """Whether these visits are on file already: the form was sent before.

    Raises ``Refused`` where the plan is another than the one that was shown.
    """
    if mark == offer.mark and all(
        any(row.person_id == visit.person_id for visit in offer.visits) for row in chosen
    ):
        return False
    on_file = Counter(
        (step.person_id, step.owner_id, step.due_on)
        for step in (offer.ahead.steps if offer.ahead else ())
    )
    if Counter((row.person_id, row.owner_id, row.due_on) for row in chosen) <= on_file:
        return True
    raise Refused(CHANGED)
