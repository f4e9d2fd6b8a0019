"""Projects: open a chance to sell, move it on, say who decides it, end it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select

from relmap.contracts import N_
from relmap.contracts.words import PROJECT_STAGES, ProjectStage
from relmap.errors import Refused
from relmap.facts.audit import add, remove, revise
from relmap.facts.closed_lists import refuse_unknown
from relmap.facts.locks import lock, raise_revision
from relmap.models import Account, Post, Project, ProjectPost, Unit, db
from relmap.names.folding import tidy

__all__ = [
    "DECIDED",
    "change_project",
    "change_stage",
    "decide_by",
    "decided_elsewhere",
    "find_project",
    "open_project",
    "withdraw_project",
]

DECIDED: Final[tuple[ProjectStage, ...]] = ("won", "lost")
"""The stages in which a project has ended."""

NO_STAGE: Final = N_("{value!r} is no stage: {known}.")
LONGEST_NAME: Final = 300


def find_project(account: Account, name: str, part_number: str | None = None) -> Project | None:
    """The project of this name (case aside) and part number at an account, if there is one."""
    query = select(Project).where(
        Project.account_id == account.id, func.lower(Project.name) == name.strip().lower()
    )
    for project in db.session.scalars(query.order_by(Project.id)):
        if _folded(project.part_number) == _folded(part_number):
            return project
    return None


def _folded(part_number: str | None) -> str:
    return (part_number or "").strip().casefold()


def open_project(
    account: Account,
    name: str,
    *,
    stage: ProjectStage = "concept",
    posts: Iterable[Post] = (),
    **fields: Any,
) -> Project:
    """A chance to sell; ``posts`` are those whose holders decide it. Does not commit.

    ``fields`` are columns of :class:`~relmap.models.Project`; without ``starts_on`` it was there
    before we first heard of it. A stage of won or lost needs ``ended_on``.
    """
    name = _name(name)
    lock(account)  # no unique key says what a twin is: case and part number count
    if find_project(account, name, fields.get("part_number")) is not None:
        raise Refused(
            "{account} has a project {name} already. Give its part number as well.",
            account=account.name,
            name=name,
        )
    project = Project(account_id=account.id, name=name, stage=stage, **fields)
    _check(project)
    add("open_project", project, account_id=account.id)
    for post in dict.fromkeys(posts):
        _add_post(project, post)
    raise_revision([account.id])
    return project


def _name(name: str) -> str:
    name = tidy(name)
    if not name:
        raise Refused("The name of a project is missing.")
    if len(name) > LONGEST_NAME:
        raise Refused(
            "The name of a project has {count} characters; {longest_name} at most.",
            count=len(name),
            longest_name=LONGEST_NAME,
        )
    return name


def _check(project: Project) -> None:
    refuse_unknown(project.stage, PROJECT_STAGES, NO_STAGE)
    is_decided = project.stage in DECIDED
    if is_decided and project.ended_on is None:
        raise Refused(
            "Say on which day {project} was {stage}.", project=project.name, stage=project.stage
        )
    if not is_decided and (project.ended_on or project.ended_because):
        raise Refused(
            "{project} is in {stage}: it ends when it is won or lost.",
            project=project.name,
            stage=project.stage,
        )
    begun, ended = project.starts_on, project.ended_on
    if begun is not None and ended is not None and ended <= begun:
        raise Refused(
            "The day must come after {begun}, when {project} began.",
            begun=begun,
            project=project.name,
        )
    if project.value is not None and project.value < 0:
        raise Refused("A value is no less than nothing; {value} is.", value=project.value)


def change_stage(
    project: Project, stage: ProjectStage, day: date, *, because: str | None = None
) -> Project:
    """The project stands at another stage from ``day`` on; earlier days keep the old one.

    Won and lost end it on that day, ``because`` of something; any other stage opens it again.
    """
    refuse_unknown(stage, PROJECT_STAGES, NO_STAGE)
    lock(project)
    is_decided = stage in DECIDED
    if because and not is_decided:
        raise Refused("{project} goes on: only won and lost have a reason.", project=project.name)
    if project.starts_on is not None and day <= project.starts_on and is_decided:
        raise Refused(
            "The day must come after {starts_on}, when {project} began.",
            starts_on=project.starts_on,
            project=project.name,
        )
    values = {
        "stage": stage,
        "ended_on": day if is_decided else None,
        "ended_because": because if is_decided else None,
    }
    if revise("change_stage", project, values, account_id=project.account_id, effective_on=day):
        raise_revision([project.account_id])
    return project


def change_project(
    project: Project, values: Mapping[str, Any], *, day: date | None = None
) -> Project:
    """Change what is on file of a project; with ``day`` from that day on, else it was wrong."""
    if "stage" in values or "ended_on" in values:
        raise Refused("A stage changes by itself, on its own day.")
    values = {**values, "name": _name(values["name"])} if "name" in values else dict(values)
    lock(project)  # as in open_project: a twin is looked for
    twin = find_project(
        project.account,
        values.get("name", project.name),
        values.get("part_number", project.part_number),
    )
    if twin is not None and twin.id != project.id:
        raise Refused("{account} has such a project already.", account=project.account.name)
    verb = "change_project"
    if revise(verb, project, values, account_id=project.account_id, effective_on=day):
        _check(project)
        raise_revision([project.account_id])
    return project


# --- who decides


def decide_by(project: Project, post: Post) -> ProjectPost:
    """The holder of this post has a word in the decision; does nothing where that is on file."""
    lock(project)
    found = _link(project, post)
    if found is None:
        found = _add_post(project, post)
        raise_revision([project.account_id])
    return found


def _link(project: Project, post: Post) -> ProjectPost | None:
    known = (ProjectPost.project_id == project.id) & (ProjectPost.post_id == post.id)
    return db.session.scalar(select(ProjectPost).where(known))


def _add_post(project: Project, post: Post) -> ProjectPost:
    unit = db.session.get_one(Unit, post.unit_id)
    if unit.account_id != project.account_id:
        raise Refused(
            "{post} is a post of another account and decides nothing here.", post=post.title
        )
    link = ProjectPost(project_id=project.id, post_id=post.id)
    add("decide_by", link, account_id=project.account_id)
    return link


def decided_elsewhere(project: Project, post: Post) -> None:
    """The post has no word in the decision: that was on file wrongly."""
    lock(project)
    link = _link(project, post)
    if link is None:
        raise Refused("{post} does not decide {project}.", post=post.title, project=project.name)
    remove("decided_elsewhere", link, account_id=project.account_id)
    raise_revision([project.account_id])


def withdraw_project(project: Project) -> None:
    """There never was such a project: the row goes, the audit log keeps it."""
    lock(project)
    account_id = project.account_id
    links = select(ProjectPost).where(ProjectPost.project_id == project.id)
    for link in db.session.scalars(links).all():
        remove("decided_elsewhere", link, account_id=account_id)
    db.session.expire(project, ["posts"])
    remove("withdraw_project", project, account_id=account_id)
    raise_revision([account_id])
