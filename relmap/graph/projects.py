"""The chances to sell as they stood on a day, and whom one of us meant to meet by then."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Date,
    Float,
    Integer,
    Row,
    String,
    Subquery,
    and_,
    cast,
    null,
    or_,
    select,
    union_all,
)

from relmap.contracts import NextStepRow, ProjectRow, Ref
from relmap.graph.columns import day_or_none, ref_or_none
from relmap.graph.rewound import Rewound
from relmap.models import NextStep, Project, ProjectPost

__all__ = ["next_step_rows", "planned", "project_rows"]

Found = Sequence[Row[Any]]


def planned(account_id: int, day: date) -> Subquery:
    """SQL: a row a project that began by ``day`` and deciding post, and one a next step open on it.

    Next steps have no stage. To be joined to the account: a query less.
    """
    both = union_all(_projects(account_id, day), _next_steps(account_id, day))
    return both.subquery("planned")


def project_rows(
    rows: Found, day: date, rewound: Rewound, post_ids: Collection[int]
) -> tuple[ProjectRow, ...]:
    """The projects among the rows of :func:`planned`.

    ``post_ids`` are the posts of the view: one that came later decides nothing yet.
    """
    found = {row.planned_id: row for row in rows if row.planned_stage is not None}
    posts: dict[int, set[int]] = {key: set() for key in found}
    for row in rows:
        if row.planned_id in posts and row.planned_other_id in post_ids and row.planned_stage:
            posts[row.planned_id].add(row.planned_other_id)
    return tuple(
        _project(found[key], day, rewound.get(("project", key), {}), sorted(posts[key]))
        for key in sorted(found)
    )


def next_step_rows(rows: Found) -> tuple[NextStepRow, ...]:
    """The next steps among the rows of :func:`planned`, the earliest due first."""
    steps = [row for row in rows if row.planned_id is not None and row.planned_stage is None]
    return tuple(
        NextStepRow(
            ref=Ref("next_step", row.planned_id),
            person=Ref("person", row.planned_other_id),
            planned_on=row.planned_starts_on,
            due_on=row.planned_due_on,
            owner=ref_or_none("person", row.planned_owner_id),
            what=row.planned_name,
            from_plan=row.planned_part_number == "plan",
        )
        for row in sorted(steps, key=lambda row: (row.planned_due_on, row.planned_id))
    )


def _projects(account_id: int, day: date) -> Any:
    return (
        select(
            Project.id,
            Project.name,
            Project.stage,
            Project.starts_on,
            Project.decides_on.label("due_on"),
            ProjectPost.post_id.label("other_id"),
            cast(null(), Integer).label("owner_id"),
            Project.part_number,
            Project.currency,
            cast(Project.value, Float).label("value"),
            Project.ended_on,
        )
        .outerjoin(ProjectPost, ProjectPost.project_id == Project.id)
        .where(
            Project.account_id == account_id,
            or_(Project.starts_on.is_(None), Project.starts_on <= day),
        )
    )


def _next_steps(account_id: int, day: date) -> Any:
    ended_later = and_(
        or_(NextStep.done_on.is_(None), NextStep.done_on > day),
        or_(NextStep.dropped_on.is_(None), NextStep.dropped_on > day),
    )
    return select(
        NextStep.id,
        NextStep.what.label("name"),
        cast(null(), String).label("stage"),
        NextStep.planned_on,
        NextStep.due_on,
        NextStep.person_id,
        NextStep.owner_id,
        NextStep.origin,
        cast(null(), String).label("currency"),
        cast(null(), Float).label("value"),
        cast(null(), Date).label("ended_on"),
    ).where(NextStep.account_id == account_id, NextStep.planned_on <= day, ended_later)


def _project(row: Row[Any], day: date, was: Any, posts: Sequence[int]) -> ProjectRow:
    ended_on = day_or_none(was.get("ended_on", row.planned_ended_on))
    value = was.get("value", row.planned_value)
    is_to_end = ended_on is not None and ended_on > day  # how far it was by then, nobody wrote
    return ProjectRow(
        ref=Ref("project", row.planned_id),
        name=was.get("name", row.planned_name),
        part_number=was.get("part_number", row.planned_part_number),
        stage=None if is_to_end else was.get("stage", row.planned_stage),
        value=None if value is None else float(value),
        currency=was.get("currency", row.planned_currency),
        starts_on=row.planned_starts_on,
        decides_on=day_or_none(was.get("decides_on", row.planned_due_on)),
        ended_on=None if is_to_end else ended_on,
        posts=tuple(Ref("post", post) for post in posts),
    )
