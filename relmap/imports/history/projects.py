"""Lists of projects become projects: new ones are added, others brought up to the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from relmap.errors import Refused
from relmap.facts.projects import DECIDED
from relmap.imports.history.deciders import Deciders
from relmap.imports.history.draft import Additions, revisions_of
from relmap.imports.history.parties import accounts_on_file
from relmap.imports.plan import Made, Revised
from relmap.imports.sheets.project_rows import FileProject
from relmap.models import Project, ProjectPost, db

__all__ = ["plan_projects"]

CORRECTED: Final = ("name", "part_number", "starts_on")
"""What a list knows better than the book; all else became so by the day of the list."""
STATED: Final = (
    *("part_number", "stage", "value", "currency", "starts_on", "decides_on"),
    *("ended_on", "ended_because"),
)
TOLD: Final = ("stage", "value", "currency", "starts_on", "decides_on", "ended_on")
"""What the report says of a new one."""


@dataclass(slots=True)
class _Slot:
    """One project: as it is on file (``id`` above zero) and what the rows say of it."""

    id: int
    account_id: int
    name: str
    part_number: str | None
    stored: Mapping[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    said_in: dict[str, int] = field(default_factory=dict)
    rows: list[FileProject] = field(default_factory=list)
    posts: dict[int, FileProject] = field(default_factory=dict)
    stored_posts: set[int] = field(default_factory=set)


def plan_projects(rows: Sequence[FileProject], *, on: date) -> Additions:
    """What a list of projects that was true on a day adds and changes. Writes nothing."""
    draft = Additions(
        counts={"rows": len(rows), "project_added": 0, "project_changed": 0, "unchanged": 0}
    )
    accounts = _accounts(rows)
    ids = {account_id for account_id, _ in accounts.values()}
    draft.revisions = revisions_of(ids)
    shelf, deciders = _ProjectsOnFile(draft, ids, rows), Deciders(ids, on)
    for row in rows:
        slot = shelf.slot(row, accounts[row.account.casefold()][0])
        _take(slot, row)
        for post in deciders.posts(row, slot.account_id):
            slot.posts.setdefault(post, row)
    names = dict(accounts.values())
    for slot in shelf.asked():
        if slot.id < 0:
            _add(draft, slot, names[slot.account_id], on)
        else:
            _bring_up(draft, slot, names[slot.account_id], on)
    return draft


def _accounts(rows: Iterable[FileProject]) -> dict[str, tuple[int, str]]:
    names: dict[str, int] = {}
    for row in rows:
        names.setdefault(row.account, row.row)
    return accounts_on_file(names)


class _ProjectsOnFile:
    """The projects of the accounts, by name; a project is told by its name and part number."""

    def __init__(
        self, draft: Additions, account_ids: set[int], rows: Sequence[FileProject]
    ) -> None:
        self._draft = draft
        self._named: defaultdict[tuple[int, str], list[_Slot]] = defaultdict(list)
        self._asked: dict[int, _Slot] = {}
        self._without_part = {row.project.casefold() for row in rows if row.part_number is None}
        by_id = {}
        query = select(Project).where(Project.account_id.in_(account_ids)).order_by(Project.id)
        for project in db.session.scalars(query):
            stored = {name: getattr(project, name) for name in STATED}
            slot = _Slot(project.id, project.account_id, project.name, project.part_number, stored)
            self._named[slot.account_id, slot.name.casefold()].append(slot)
            by_id[slot.id] = slot
        links = select(ProjectPost.project_id, ProjectPost.post_id)
        for project_id, post_id in db.session.execute(links):
            if project_id in by_id:
                by_id[project_id].stored_posts.add(post_id)

    def slot(self, row: FileProject, account_id: int) -> _Slot:
        """The project of a row, on file or to be made."""
        named = self._named[account_id, row.project.casefold()]
        found = self._among(named, row)
        if found is None:
            number = self._draft.new_id("project")
            found = _Slot(number, account_id, row.project, row.part_number)
            named.append(found)
        self._asked[found.id] = found
        return found

    def _among(self, named: Sequence[_Slot], row: FileProject) -> _Slot | None:
        same = [slot for slot in named if _folded(slot.part_number) == _folded(row.part_number)]
        if same:
            return same[0]
        if row.part_number is not None:  # on file without one, which the list knows
            blank = [slot for slot in named if slot.id > 0 and slot.part_number is None]
            if blank and row.project.casefold() not in self._without_part:
                blank[0].part_number = row.part_number
                return blank[0]
            return None
        if len(named) > 1:
            raise Refused(
                "Row {row}: {account} has {number} projects called {project}. Give the "
                "part_number.",
                row=row.row,
                column="project",
                account=row.account,
                number=len(named),
                project=row.project,
            )
        return named[0] if named else None

    def asked(self) -> list[_Slot]:
        """The projects that the rows name, in their order."""
        return list(self._asked.values())


def _folded(part_number: str | None) -> str:
    return (part_number or "").casefold()


def _take(slot: _Slot, row: FileProject) -> None:
    """Add what a row says of its project; two rows must not contradict each other."""
    slot.rows.append(row)
    for name in STATED:
        value = slot.part_number if name == "part_number" else getattr(row, name)
        if value is None:
            continue
        if slot.said.setdefault(name, value) != value:
            first = slot.said_in[name]
            raise Refused(
                "Row {row} says otherwise of {project} than row {first} ({column}). Keep one "
                "of them.",
                row=row.row,
                column=name,
                project=row.project,
                first=first,
            )
        slot.said_in.setdefault(name, row.row)


def _add(draft: Additions, slot: _Slot, account: str, on: date) -> None:
    values = {"stage": "concept", **slot.said}
    _settle_end(slot, values, on)
    number = slot.id
    made = {"account_id": slot.account_id, "name": slot.name, **values}
    draft.made.append(Made("project", number, made))
    for post_id in slot.posts:
        draft.make("project_post", project_id=number, post_id=post_id)
    draft.concerned.add(slot.account_id)
    told = {name: _told(values[name]) for name in TOLD if values.get(name) is not None}
    told |= {"part_number": slot.part_number, "posts": len(slot.posts)}
    draft.change("project_added", slot.rows[0].row, account=account, project=slot.name, **told)


def _bring_up(draft: Additions, slot: _Slot, account: str, on: date) -> None:
    """Change of a project on file what the list says otherwise."""
    values = dict(slot.said)
    if "stage" in values or "ended_on" in values:
        values = {"stage": slot.stored["stage"], **values}
        _settle_end(slot, values, on)
    changed = {name: value for name, value in values.items() if value != slot.stored[name]}
    posts = [post_id for post_id in slot.posts if post_id not in slot.stored_posts]
    if not (changed or posts):
        draft.count("unchanged")
        return
    _revise(draft, slot, changed, on)
    for post_id in posts:
        draft.make("project_post", project_id=slot.id, post_id=post_id)
    draft.concerned.add(slot.account_id)
    before = {name: _told(slot.stored[name]) for name in changed}
    after = {name: _told(value) for name, value in changed.items()}
    told: dict[str, Any] = {"before": before, "after": after} if changed else {}
    if posts:
        told["posts_added"] = len(posts)
    draft.change("project_changed", slot.rows[0].row, account=account, project=slot.name, **told)


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _revise(draft: Additions, slot: _Slot, changed: Mapping[str, Any], on: date) -> None:
    """What was wrong is corrected; what became otherwise did so on a day."""
    ended_on = changed.get("ended_on")
    parts = (
        ("change_project", None, {name: changed[name] for name in changed if name in CORRECTED}),
        (
            "change_stage" if "stage" in changed else "change_project",
            ended_on or on,
            {name: changed[name] for name in changed if name not in CORRECTED},
        ),
    )
    for verb, day, values in parts:
        if values:
            draft.revised.append(
                Revised(verb, "project", slot.id, slot.account_id, values, effective_on=day)
            )


def _settle_end(slot: _Slot, values: dict[str, Any], on: date) -> None:
    """Won and lost have a day, by default that of the list; any other stage has none."""
    row = slot.rows[0]
    _refuse_end_to_come(slot, on)
    if values["stage"] in DECIDED:
        known = slot.stored.get("ended_on") if values["stage"] == slot.stored.get("stage") else None
        values["ended_on"] = values.get("ended_on") or known or on
    elif values.get("ended_on") is not None or values.get("ended_because") is not None:
        raise Refused(
            "Row {row}: {project} has an end, but its stage is {stage}. Write won or lost as "
            "its stage.",
            row=row.row,
            column="ended_on",
            project=row.project,
            stage=values["stage"],
        )
    elif slot.stored.get("ended_on") is not None:
        values |= {"ended_on": None, "ended_because": None}
    begun = values.get("starts_on") or slot.stored.get("starts_on")
    if begun is not None and values.get("ended_on") is not None and values["ended_on"] <= begun:
        raise Refused(
            "Row {row}: the end {end} of {project} does not come after its start {start}.",
            row=row.row,
            column="ended_on",
            end=values["ended_on"],
            project=row.project,
            start=begun,
        )


def _refuse_end_to_come(slot: _Slot, on: date) -> None:
    """A list of a day cannot tell of an end after it; how far the project is would be lost."""
    ended_on = slot.said.get("ended_on")
    if ended_on is not None and on < ended_on != slot.stored.get("ended_on"):
        raise Refused(
            "Row {row}: the end {end} of {project} comes after the day of the list, {day}. "
            "Write its stage of that day, and the day as decides_on.",
            row=slot.said_in["ended_on"],
            column="ended_on",
            end=ended_on,
            project=slot.name,
            day=on,
        )
