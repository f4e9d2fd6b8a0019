"""What is asked of one view, as the plain dicts that commands print, names filled in.

Nothing here is stored: each answer is reckoned anew. People are told apart by ``id`` beside their
names, since two may share one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from relmap.contracts import AccountView, Evidence, PostRow, Ref, codec
from relmap.facts.people import shown_id
from relmap.insight.blocking import BlockingSet, blocking_sets, project_blocking_sets
from relmap.insight.concentration import Spread, effective_threads
from relmap.insight.paths import paths
from relmap.insight.power import power
from relmap.insight.questions import questions
from relmap.insight.warmth import Step
from relmap.results.wording import filled, plain_names

__all__ = [
    "Told",
    "blocking_as_json",
    "paths_as_json",
    "power_as_json",
    "projects_as_json",
    "questions_as_json",
    "threads_as_json",
    "told_of",
]


class Told:
    """What refs are called, which ids people bear elsewhere, and evidence in words."""

    def __init__(self, names: Mapping[Ref, str], external_ids: Mapping[int, str | None]) -> None:
        self.names, self._external_ids = names, external_ids

    def name(self, ref: Ref) -> str:
        """What a ref is called now."""
        return self.names.get(ref) or plain_names([ref])[ref]

    def text(self, reason: Evidence) -> str:
        """A reason in words."""
        return filled(codec.plain(reason), self.names)

    def person(self, ref: Ref) -> dict[str, Any]:
        """A person: ``{"person", "id", "external_id"}``."""
        return {
            "person": self.name(ref),
            "id": ref.id,
            "external_id": self._external_ids.get(ref.id),
        }

    def people(self, refs: Iterable[Ref]) -> list[dict[str, Any]]:
        """Several people."""
        return [self.person(ref) for ref in refs]

    def post(self, row: PostRow) -> dict[str, Any]:
        """A post: ``{"post", "post_id", "unit"}``."""
        return {"post": self.name(row.ref), "post_id": row.ref.id, "unit": self.name(row.unit)}


def told_of(view: AccountView, *, also: Iterable[Ref] = ()) -> Told:
    """What all in a view are called, and ``also`` whom it does not know; one query.

    Units, posts and projects by their names of the view's day, people by those of today.
    """
    rows: Iterable[Any] = (*view.units, *view.posts, *view.people, *view.projects)
    named = {row.ref: row.name for row in view.units}
    named |= {row.ref: row.name for row in view.projects}
    named |= {row.ref: row.title for row in view.posts}
    return Told(
        plain_names({view.account.ref, *(row.ref for row in rows), *also}) | named,
        {
            row.ref.id: shown_id([_kind_and_value(text) for text in row.external_ids])
            for row in view.people
        },
    )


def _kind_and_value(text: str) -> tuple[str, str]:
    kind, _, value = text.partition(":")
    return kind, value


def _head(view: AccountView) -> dict[str, Any]:
    return {"account": view.account.name, "on": view.as_of.isoformat()}


# --- power


def power_as_json(view: AccountView) -> list[dict[str, Any]]:
    """Whose word weighs: everybody of theirs in place, the most powerful first."""
    told = told_of(view)
    return [
        told.person(row.person)
        | {
            "power": row.power,
            "reasons": [
                {"text": told.text(reason), "points": reason.points} for reason in row.reasons
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
    told = told_of(view, also=() if starting is None else (starting,))
    found = [
        {
            "strength": path.strength,
            "favours": path.favours,
            "asked": [told.person(who) | {"count": count} for who, count in path.asked],
            "leaving": [told.person(who) | {"on": day.isoformat()} for who, day in path.leaving],
            "steps": [_step(step, told) for step in path.steps],
            "weakest": _step(path.steps[path.weakest], told),
        }
        for path in paths(view, person, starting=starting, favours=favours)
    ]
    return _head(view) | told.person(person) | {"paths": found}


def _step(step: Step, told: Told) -> dict[str, Any]:
    return {
        "from": told.name(step.a),
        "from_id": step.a.id,
        "to": told.name(step.b),
        "to_id": step.b.id,
        "strength": step.strength,
        "why": told.text(step.reason),
    }


# --- threads


def threads_as_json(view: AccountView) -> dict[str, Any]:
    """The effective threads, and on whom each deciding post and each open project hangs."""
    told, found = told_of(view), effective_threads(view)
    return _head(view) | {
        "threads": found.count,
        "narrowest": found.narrowest.over,
        "spreads": [_spread(row, told) for row in found.spreads],
        "posts": [
            told.post(post) | {"weight": post.decision_weight} | blocking_as_json(row, told)
            for row in blocking_sets(view)
            for post in map(view.post, row.posts)
        ],
        "projects": projects_as_json(view, told),
    }


def _spread(row: Spread, told: Told) -> dict[str, Any]:
    return {
        "over": row.over,
        "threads": row.threads,
        "even_as": row.even_as,
        "held": [
            {"group": told.name(group) if isinstance(group, Ref) else group, "strength": held}
            for group, held in row.held
        ],
        "text": told.text(row.reason),
    }


def blocking_as_json(row: BlockingSet, told: Told) -> dict[str, Any]:
    """A blocking set; ``blocking`` is empty where nobody of ours reaches the post now."""
    return {
        "holders": told.people(row.holders),
        "is_reached": row.is_reached,
        "blocking": told.people(row.people),
        "each_alone": told.people(row.each_alone),
        "text": told.text(row.reason),
    }


def projects_as_json(view: AccountView, told: Told) -> list[dict[str, Any]]:
    """The open projects of which somebody said who decides, with the people on whom each hangs."""
    return [
        {
            "project": told.name(ref),
            "project_id": ref.id,
            "stage": view.project(ref).stage,
            "value": view.project(ref).value,
            "currency": view.project(ref).currency,
            "posts": [told.post(view.post(post)) for post in row.posts],
        }
        | blocking_as_json(row, told)
        for ref, row in project_blocking_sets(view).items()
    ]


# --- questions


def questions_as_json(view: AccountView, *, visits: int, horizon: int) -> list[dict[str, Any]]:
    """What is worth asking about who decides, by how much the answer could change the plan."""
    told = told_of(view)
    nobody = {"person": None, "id": None, "external_id": None}
    return [
        {"kind": row.kind}
        | told.post(view.post(row.post))
        | (nobody if row.person is None else told.person(row.person))
        | {"worth": row.worth, "text": told.text(row.asked)}
        for row in questions(view, visits=visits, horizon=horizon)
    ]
