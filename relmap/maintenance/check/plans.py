"""Projects and next steps that the services would refuse."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from relmap.contracts import Message, Ref
from relmap.maintenance.check.violation import Violation
from relmap.models import NextStep, Person, Post, Project, ProjectPost, Unit, db

__all__ = ["check_next_steps", "check_projects"]


def check_projects() -> Iterator[Violation]:
    """Projects that are there twice, or that a post of another account is to decide."""
    columns = (Project.id, Project.account_id, Project.name, Project.part_number)
    known: set[tuple[int, str, str]] = set()
    for row in db.session.execute(select(*columns).order_by(Project.id)):
        key = (row.account_id, row.name.casefold(), (row.part_number or "").casefold())
        if key in known:
            text = Message(
                "There are two projects {project} with the same part number.", {"project": row.name}
            )
            yield Violation("project_twice", Ref("project", row.id), text)
        known.add(key)
    strange = (
        select(Project.id, Project.name, Post.title)
        .join(ProjectPost, ProjectPost.project_id == Project.id)
        .join(Post, Post.id == ProjectPost.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.account_id != Project.account_id)
    )
    for project_id, name, title in db.session.execute(strange):
        text = Message(
            "{post}, a post of another account, is to decide {project}.",
            {"post": title, "project": name},
        )
        yield Violation("decided_elsewhere", Ref("project", project_id), text)


def check_next_steps() -> Iterator[Violation]:
    """Next steps in which the wrong side is to be met, or to go, or nobody introduces."""
    theirs, ours = aliased(Person), aliased(Person)
    columns = (NextStep.person_id, NextStep.owner_id, NextStep.through_id)
    in_the_way = or_(
        NextStep.through_id == NextStep.person_id, NextStep.through_id == NextStep.owner_id
    )
    query = (
        select(NextStep.id, *columns, theirs.side, ours.side.label("owner_side"))
        .join(theirs, theirs.id == NextStep.person_id)
        .outerjoin(ours, ours.id == NextStep.owner_id)
        .where(or_(theirs.side != "client", ours.side != "us", in_the_way))
    )
    for row in db.session.execute(query):
        ref = Ref("next_step", row.id)
        if row.side != "client" or row.owner_side == "client":
            if row.side != "client":
                text = Message("Of next step {step} one of us is to be met.", {"step": row.id})
            else:
                text = Message("Of next step {step} one of them is to take it.", {"step": row.id})
            yield Violation("step_of_the_wrong_side", ref, text)
        if row.through_id is not None and row.through_id in (row.person_id, row.owner_id):
            text = Message(
                "Next step {step} goes through somebody who takes it or is to be met.",
                {"step": row.id},
            )
            yield Violation("step_through_nobody", ref, text)
