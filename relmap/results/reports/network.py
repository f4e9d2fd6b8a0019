"""Power, ways and threads in one view, as the plain dicts that commands print, names filled in.

Nothing here is stored: each answer is reckoned anew. People are told apart by ``id`` beside their
names, since two may share one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relmap.contracts import AccountView, Ref
from relmap.insight.blocking import BlockingSet, blocking_sets, project_blocking_sets
from relmap.insight.concentration import Spread, effective_threads
from relmap.insight.paths import paths
from relmap.insight.power import power
from relmap.insight.questions import questions
from relmap.insight.warmth import Step
from relmap.results.reports.documents import Naming, naming_of

__all__ = [
    "blocking_as_json",
    "paths_as_json",
    "power_as_json",
    "projects_as_json",
    "questions_as_json",
    "threads_as_json",
]


def _head(view: AccountView) -> dict[str, Any]:
    return {"account": view.account.name, "on": view.as_of.isoformat()}


# --- power


def power_as_json(view: AccountView) -> list[dict[str, Any]]:
    """Whose word weighs: everybody of theirs in place, the most powerful first."""
    naming = naming_of(view)
    return [
        naming.person(row.person)
        | {
            "power": row.power,
            "reasons": [
                {"text": naming.text(reason), "points": reason.points} for reason in row.reasons
            ],
        }
        for row in power(view)
    ]


# --- paths


def paths_as_json(
    view: AccountView, person: Ref, *, starting: Ref | None = None, favours: Mapping[Ref, int]
) -> dict[str, Any]:
    """The strongest introductions to a person; ``paths`` is empty where no warm way leads there.

    They begin with any of us, or with ``starting``. ``favours`` are those asked lately, by person.
    """
    naming = naming_of(view, also=() if starting is None else (starting,))
    found = [
        {
            "strength": path.strength,
            "favours": path.favours,
            "asked": [naming.person(who) | {"count": count} for who, count in path.asked],
            "leaving": [naming.person(who) | {"on": day.isoformat()} for who, day in path.leaving],
            "steps": [_step(step, naming) for step in path.steps],
            "weakest": _step(path.steps[path.weakest], naming),
        }
        for path in paths(view, person, starting=starting, favours=favours)
    ]
    return _head(view) | naming.person(person) | {"paths": found}


def _step(step: Step, naming: Naming) -> dict[str, Any]:
    return {
        "from": naming.name(step.a),
        "from_id": step.a.id,
        "to": naming.name(step.b),
        "to_id": step.b.id,
        "strength": step.strength,
        "why": naming.text(step.reason),
    }


# --- threads


def threads_as_json(view: AccountView) -> dict[str, Any]:
    """The effective threads, and on whom each deciding post and each open project hangs."""
    naming, found = naming_of(view), effective_threads(view)
    return _head(view) | {
        "threads": found.count,
        "narrowest": found.narrowest.over,
        "spreads": [_spread(row, naming) for row in found.spreads],
        "posts": [
            naming.post(post) | {"weight": post.decision_weight} | blocking_as_json(row, naming)
            for row in blocking_sets(view)
            for post in map(view.post, row.posts)
        ],
        "projects": projects_as_json(view, naming),
    }


def _spread(row: Spread, naming: Naming) -> dict[str, Any]:
    return {
        "over": row.over,
        "threads": row.threads,
        "even_as": row.even_as,
        "held": [
            {"group": naming.name(group) if isinstance(group, Ref) else group, "strength": held}
            for group, held in row.held
        ],
        "text": naming.text(row.reason),
    }


def blocking_as_json(row: BlockingSet, naming: Naming) -> dict[str, Any]:
    """A blocking set; ``blocking`` is empty where nobody of ours reaches the post now."""
    return {
        "holders": naming.people(row.holders),
        "is_reached": row.is_reached,
        "blocking": naming.people(row.people),
        "each_alone": naming.people(row.each_alone),
        "text": naming.text(row.reason),
    }


def projects_as_json(view: AccountView, naming: Naming) -> list[dict[str, Any]]:
    """The open projects of which somebody said who decides, with the people on whom each hangs."""
    return [
        {
            "project": naming.name(ref),
            "project_id": ref.id,
            "stage": view.project(ref).stage,
            "value": view.project(ref).value,
            "currency": view.project(ref).currency,
            "posts": [naming.post(view.post(post)) for post in row.posts],
        }
        | blocking_as_json(row, naming)
        for ref, row in project_blocking_sets(view).items()
    ]


# --- questions


def questions_as_json(view: AccountView, *, visits: int, horizon: int) -> list[dict[str, Any]]:
    """What is worth asking about who decides, by how much the answer could change the plan."""
    naming = naming_of(view)
    nobody = {"person": None, "id": None, "external_id": None}
    return [
        {"kind": row.kind}
        | naming.post(view.post(row.post))
        | (nobody if row.person is None else naming.person(row.person))
        | {"worth": row.worth, "text": naming.text(row.asked)}
        for row in questions(view, visits=visits, horizon=horizon)
    ]
