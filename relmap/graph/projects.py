"""The chances to sell as they stood on a day, and whom one of us meant to meet by then."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    Date,
    Float,
    Integer,
    Row,
    String,
    Subquery,
    and_,
    bindparam,
    cast,
    null,
    or_,
    select,
    union_all,
)

from relmap.contracts import NextStepRow, ProjectRow
from relmap.contracts.refs import ref_of
from relmap.graph.columns import ACCOUNT, DAY, day_or_none, end_as_of, ref_or_none
from relmap.graph.past_values import Rewound
from relmap.models import NextStep, Project, ProjectPost

__all__ = ["next_step_rows", "planned", "project_rows"]

Found = Sequence[Row[Any]]
DONE_SINCE: Final = bindparam("done_since", type_=Date)
"""Next steps done up to that day are not asked for any more: their favours are forgotten."""


def planned() -> Subquery:
    """SQL: a row a project that began by ``DAY`` and deciding post, and one a next step.

    Next steps are those open on the day or done after ``DONE_SINCE``; they have no stage. To be
    joined to the account: a query less.
    """
    both = union_all(_projects(), _next_steps())
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


def next_step_rows(rows: Found, day: date) -> tuple[NextStepRow, ...]:
    """The next steps among the rows of :func:`planned`, the earliest due first.

    One that was done later is open.
    """
    steps = [row for row in rows if row.planned_id is not None and row.planned_stage is None]
    return tuple(
        NextStepRow(
            ref=ref_of("next_step", row.planned_id),
            person=ref_of("person", row.planned_other_id),
            planned_on=row.planned_starts_on,
            due_on=row.planned_due_on,
            owner=ref_or_none("person", row.planned_owner_id),
            what=row.planned_name,
            from_plan=row.planned_part_number == "plan",
            through=ref_or_none("person", row.planned_through_id),
            done_on=end_as_of(day, row.planned_ended_on),
        )
        for row in sorted(steps, key=lambda row: (row.planned_due_on, row.planned_id))
    )


def _projects() -> Any:
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
            cast(null(), Integer).label("through_id"),
        )
        .outerjoin(ProjectPost, ProjectPost.project_id == Project.id)
        .where(
            Project.account_id == ACCOUNT,
            or_(Project.starts_on.is_(None), Project.starts_on <= DAY),
        )
    )


def _next_steps() -> Any:
    shown = and_(
        or_(NextStep.done_on.is_(None), NextStep.done_on > DONE_SINCE),
        or_(NextStep.dropped_on.is_(None), NextStep.dropped_on > DAY),
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
        NextStep.done_on.label("ended_on"),
        NextStep.through_id,
    ).where(NextStep.account_id == ACCOUNT, NextStep.planned_on <= DAY, shown)


def _project(row: Row[Any], day: date, was: Any, posts: Sequence[int]) -> ProjectRow:
    ended_on = day_or_none(was.get("ended_on", row.planned_ended_on))
    value = was.get("value", row.planned_value)
    is_to_end = ended_on is not None and ended_on > day  # how far it was by then, nobody wrote
    return ProjectRow(
        ref=ref_of("project", row.planned_id),
        name=was.get("name", row.planned_name),
        part_number=was.get("part_number", row.planned_part_number),
        stage=None if is_to_end else was.get("stage", row.planned_stage),
        value=None if value is None else float(value),
        currency=was.get("currency", row.planned_currency),
        starts_on=row.planned_starts_on,
        decides_on=day_or_none(was.get("decides_on", row.planned_due_on)),
        ended_on=None if is_to_end else ended_on,
        posts=tuple(ref_of("post", post) for post in posts),
    )
