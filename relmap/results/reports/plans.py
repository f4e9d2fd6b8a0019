"""Cultivation plans of an account or of the book, as the plain dicts that commands print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select

from relmap import graph
from relmap.contracts import AccountView, Evidence, Ref, codec
from relmap.insight.paths import paths
from relmap.insight.plan import Plan, PlanStep, book_plan, plan, visits_in
from relmap.insight.thresholds import HORIZON
from relmap.insight.waves import Wave, worst_case
from relmap.models import Foresight
from relmap.models.chunks import streamed
from relmap.results.ref_names import plain_names
from relmap.results.reports.alerts import external_ids_of
from relmap.results.reports.documents import Naming, naming_of
from relmap.results.reports.forecasts import with_outlook

__all__ = ["book_plan_as_json", "plan_as_json", "wave_as_json"]

T = TypeVar("T")
AtAccount = tuple[Ref, T]
"""Something of one account, with the account: a book has many."""


def plan_as_json(view: AccountView, *, visits: int, horizon: int) -> dict[str, Any]:
    """The best use of ``visits`` visits in an account, complete enough to reckon it again."""
    found, account = _plan(view, visits, horizon), view.account.ref
    worst = _worst_at(view, found)
    left_out = [(account, row) for row in found.left_out]
    return _document(found, worst, left_out, naming_of(view), view.as_of)


def book_plan_as_json(
    account_ids: Sequence[int], on: date, *, visits: int, horizon: int
) -> dict[str, Any]:
    """Where to spend ``visits`` visits in a whole book; ``account`` is ``None``.

    What was stored with the forecasts of the day is read back. A view is built where that is not
    enough: at another horizon, in an account on which more visits fall than were planned there, and
    in that of the costliest wave.
    """
    stored = dict(_stored_prospects(on)) if horizon == HORIZON else {}
    prospects = {
        number: stored.get(number) or _prospect(_view(number, on), visits, horizon)
        for number in account_ids
    }
    plans = {number: prospect.plan for number, prospect in prospects.items()}
    wanted = visits_in(list(plans.values()), visits=visits)
    for number, one in plans.items():
        if one.account and one.visits < wanted[one.account]:
            plans[number] = _plan(_view(number, on), visits, horizon)
    found = book_plan(plans.values(), visits=visits)
    losses = {number: row.loss for number, row in prospects.items() if row.loss is not None}
    sea = max(losses, key=losses.__getitem__, default=None)
    worst = None if sea is None else _worst_at(_view(sea, on), found)
    left_out = [(one.account, row) for one in plans.values() if one.account for row in one.left_out]
    refs = _refs_in(found) | {ref for account, row in left_out for ref in (account, *row.refs)}
    if worst is not None:
        refs.update((worst[0], worst[1].unit, *worst[1].people))
    people = sorted(ref.id for ref in refs if ref.kind == "person")
    naming = Naming(plain_names(refs), external_ids_of(people))
    return _document(found, worst, left_out, naming, on)


class _Prospect(NamedTuple):
    """The plan of an account, and what its costliest wave would cost."""

    plan: Plan
    loss: float | None


def _prospect(view: AccountView, visits: int, horizon: int) -> _Prospect:
    wave = worst_case(view, horizon=horizon)
    return _Prospect(_plan(view, visits, horizon), None if wave is None else wave.loss)


def _stored_prospects(on: date) -> Iterator[tuple[int, _Prospect]]:
    """By account what was stored on the day."""
    for row in streamed(select(Foresight.account_id, Foresight.document).where(Foresight.on == on)):
        waves = codec.read(tuple[Wave, ...], row.document["waves"])
        plan = codec.read(Plan, row.document["plan"])
        yield row.account_id, _Prospect(plan, waves[0].loss if waves else None)


def _view(account_id: int, on: date) -> AccountView:
    return with_outlook(graph.view(account_id, on))


def _worst_at(view: AccountView, found: Plan) -> AtAccount[Wave] | None:
    """The costliest wave of an account, with what it is worth after a plan's visits."""
    wave = worst_case(view, horizon=found.horizon, planned=found)
    return None if wave is None else (view.account.ref, wave)


def _refs_in(found: Plan) -> set[Ref]:
    refs = {row.person for row in found.people}
    for step in found.steps:
        by = (step.by,) if step.by else ()
        refs.update((step.account, *by, *step.path, *step.reason.refs))
    return refs


def _plan(view: AccountView, visits: int, horizon: int) -> Plan:
    return plan(view, visits=visits, horizon=horizon, paths=partial(paths, most=1))


def _document(
    found: Plan,
    worst: AtAccount[Wave] | None,
    left_out: Iterable[AtAccount[Evidence]],
    naming: Naming,
    on: date,
) -> dict[str, Any]:
    return {
        "account": None if found.account is None else naming.name(found.account),
        "on": on.isoformat(),
        "visits": found.visits,
        "horizon": found.horizon,
        "weight": found.weight,
        "value_before": found.value_before,
        "value_after": found.value_after,
        "value_with_one_less": found.value_with_one_less,
        "value_with_one_more": found.value_with_one_more,
        "people": [
            naming.person(row.person)
            | {
                "weight": row.weight,
                "coverage": row.coverage,
                "gain_per_visit": row.gain_per_visit,
            }
            for row in found.people
        ],
        "steps": [_step(row, naming, on) for row in found.steps],
        "worst_case": None if worst is None else _worst(*worst, naming),
        "left_out": [
            {"account": naming.name(account), "text": naming.text(row)} for account, row in left_out
        ],
    }


def _step(row: PlanStep, naming: Naming, on: date) -> dict[str, Any]:
    return naming.person(row.person) | {
        "account": naming.name(row.account),
        "number": row.number,
        "by": None if row.by is None else naming.name(row.by),
        "by_id": None if row.by is None else row.by.id,
        "due_on": (on + timedelta(days=row.in_days)).isoformat(),
        "gain": row.gain,
        "reason": naming.text(row.reason),
        "path": [naming.name(person) for person in row.path],
        "path_ids": [person.id for person in row.path],
    }


def _worst(account: Ref, wave: Wave, naming: Naming) -> dict[str, Any]:
    """The costliest wave of a unit: those who decide there leave together."""
    head = {"account": naming.name(account)}
    return head | wave_as_json(wave, naming) | {"value_after": wave.value_after}


def wave_as_json(wave: Wave, naming: Naming) -> dict[str, Any]:
    """A wave: who goes in it, what is left of the value before any visit, and how likely it is.

    ``deciders`` are those with a forecast; of fewer than two the chances are ``None``.
    """
    deciders = max(len(wave.chances) - 1, 0)
    return {
        "unit": naming.name(wave.unit),
        "people": naming.people(wave.people),
        "value_before": wave.value_before,
        "value": wave.value,
        "horizon": wave.horizon,
        "deciders": deciders,
        "two_or_more": wave.at_least(2),
        "all": wave.at_least(deciders),
        "tenures": wave.tenures,
    }
