"""The plan of an account for the eye: whom to meet, and who has which step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from flask import g
from markupsafe import Markup

from relmap.clock import today
from relmap.contracts import AccountView, Ref
from relmap.permissions import can
from relmap.results.ref_names import refs_in
from relmap.results.reports.foresight import AccountForesight, OpenStep, with_newest_forecasts
from relmap.web.layout.sentences import Line, Names, line
from relmap.web.security.viewer import current_viewer

__all__ = [
    "PlanLine",
    "Taken",
    "foreseen",
    "numbers_of_plan",
    "plan_lines",
    "refs_of_plan",
    "taken_beside",
    "taken_of",
]

STEPS_SHOWN: Final = 3


# --- whom to meet


@dataclass(frozen=True, slots=True)
class Taken:
    """A visit somebody of us has: whom to meet, who goes, until when.

    ``may_end`` says whether the viewer may say that it is done, or drop it.
    """

    step_id: int
    who: Markup
    owner: Markup | None
    due_on: date
    may_end: bool


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One person to meet: the number is the same on the page, in the grid and on the map.

    ``gain`` is in points of 100: the part of all deciding weight that the visits would add.
    ``who`` is the ``name`` with a link, ``steps`` are the visits somebody of us has.
    """

    number: int
    person_id: int
    name: Markup
    who: Markup
    by: Markup | None
    by_id: int | None
    path: tuple[Markup, ...]
    visits: int
    gain: float
    reason: Line
    due_on: tuple[date, ...]
    steps: tuple[Taken, ...]

    @property
    def left(self) -> int:
        """How many of the visits nobody has taken."""
        return max(0, self.visits - len(self.steps))


def _by_person(ahead: AccountForesight) -> dict[str, list[Mapping[str, Any]]]:
    """The steps of the plan by person, in the order of their first."""
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for step in ahead.plan["steps"]:
        found[step["person"]].append(step)
    return dict(found)


def refs_of_plan(ahead: AccountForesight) -> set[Ref]:
    """Whom the first steps of the plan name, and who of us has a step."""
    rows = [row for rows in list(_by_person(ahead).values())[:STEPS_SHOWN] for row in rows]
    found = refs_in([row["reason"] for row in rows])
    for row in rows:
        found |= {Ref.parse(ref) for ref in (row["person"], row["by"], *row["path"]) if ref}
    return found | {Ref("person", step.owner_id) for step in ahead.steps if step.owner_id}


def plan_lines(
    ahead: AccountForesight | None, names: Names, *, most: int | None = STEPS_SHOWN
) -> list[PlanLine]:
    """The first people of the plan for the eye, several visits to one as one line."""
    if ahead is None:
        return []
    groups = list(_by_person(ahead).values())[:most]
    return [_line(ahead, number, rows, names) for number, rows in enumerate(groups, start=1)]


def _line(
    ahead: AccountForesight, number: int, rows: list[Mapping[str, Any]], names: Names
) -> PlanLine:
    first = rows[0]
    person, weight = Ref.parse(first["person"]), ahead.plan["weight"] or 1.0
    by = Ref.parse(first["by"]) if first["by"] else None
    open_steps = [step for step in ahead.steps if step.person_id == person.id]
    return PlanLine(
        number=number,
        person_id=person.id,
        name=names.unlinked(person),
        who=names.link(person),
        by=names.link(by) if by else None,
        by_id=by.id if by else None,
        path=tuple(names.link(Ref.parse(ref)) for ref in first["path"]),
        visits=len(rows),
        gain=100 * sum(row["gain"] for row in rows) / weight,
        reason=line(first["reason"], names),
        due_on=tuple(sorted(ahead.on + timedelta(days=row["in_days"]) for row in rows)),
        steps=tuple(_taken(step, names) for step in open_steps[: len(rows)]),
    )


def _taken(step: OpenStep, names: Names) -> Taken:
    owner = names.link(Ref("person", step.owner_id)) if step.owner_id else None
    who = names.link(Ref("person", step.person_id))
    return Taken(step.id, who, owner, step.due_on, _may_write(step.account_id))


def _may_write(account_id: int) -> bool:
    """Whether the viewer may change an account; asked once a request."""
    asked: dict[int, bool] = g.setdefault("may_write", {})
    if account_id not in asked:
        asked[account_id] = can(current_viewer(), "write", account_id)
    return asked[account_id]


def taken_of(person: Ref, ahead: AccountForesight | None, names: Names) -> list[Taken]:
    """The open visits to one person, the first due first."""
    steps = ahead.steps if ahead else ()
    return [_taken(step, names) for step in steps if step.person_id == person.id]


def taken_beside(
    ahead: AccountForesight | None, plan: Iterable[PlanLine], names: Names
) -> list[Taken]:
    """The open visits that the plan of today does not ask for, the first due first."""
    shown = {step.step_id for row in plan for step in row.steps}
    return [_taken(step, names) for step in (ahead.steps if ahead else ()) if step.id not in shown]


def numbers_of_plan(ahead: AccountForesight | None) -> dict[Ref, int]:
    """The number of each person the plan would have us meet, as far as it is shown."""
    people = list(_by_person(ahead))[:STEPS_SHOWN] if ahead else ()
    return {Ref.parse(person): number for number, person in enumerate(people, start=1)}


# --- the forecasts in a view, for what is drawn of it


def foreseen(view: AccountView) -> tuple[AccountView, AccountForesight | None]:
    """Today's view with the newest forecasts, and what is stored beside them (one query).

    A past day has neither: what may come is a question of today.
    """
    return with_newest_forecasts(view) if view.as_of == today() else (view, None)
