"""Says who an uncertain row is, and writes what waited for that, with the import's day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from relmap.contracts.words import LEVELS, EndReason
from relmap.errors import NotFound, Refused
from relmap.facts.accounts import account_of
from relmap.facts.audit import acting_as, actor_id, lock_accounts, raise_revision, revise
from relmap.facts.people import (
    add_contact,
    add_contact_point,
    add_external_id,
    add_person,
    change_person,
    get_person,
)
from relmap.facts.sheets.cells import id_key
from relmap.facts.sheets.snapshot_rows import SnapshotRow
from relmap.facts.snapshots.days import corrected_start, note_of_start, written
from relmap.facts.snapshots.kept import get_import, rows_of
from relmap.facts.snapshots.names import name_keys, tidy
from relmap.facts.snapshots.planned import Interval
from relmap.facts.snapshots.report import ImportReport, report_of_import
from relmap.facts.tenures import correct_start, end_tenure, start_tenure
from relmap.models import (
    Account,
    Contact,
    ExternalId,
    Import,
    ImportRow,
    Person,
    Post,
    Tenure,
    Unit,
    db,
    utc_now,
    writing,
)

__all__ = ["resolve_row"]


@dataclass(frozen=True)
class Case:
    """A row that waits, with all that its answer needs."""

    kept: Import
    waiting: ImportRow
    row: SnapshotRow
    account: Account
    post: Post | None
    start: Interval

    @property
    def day(self) -> date:
        """The day of the list."""
        assert self.kept.on is not None
        return self.kept.on


def resolve_row(
    import_id: int, row: int, *, same: int | None, user_id: int | None = None
) -> ImportReport:
    """The row is the person ``same``, or somebody new; what waited is written.

    ``same`` is one of the row's candidates and keeps both names and both ids. Days are those of
    the import; seats, posts and holders are checked as they are today. Opens its own unit of work.
    Raises ``NotFound`` and ``Refused``.
    """
    with writing():
        case = _case(import_id, row)
        with acting_as(actor_id() if user_id is None else user_id, import_id=import_id):
            person = _same(case, same) if same is not None else _different(case)
            waiting = case.waiting
            waiting.status, waiting.person_id = "resolved", person.id
            waiting.answer = "different" if same is None else "same"
            waiting.resolved_at, waiting.resolved_by = utc_now(), actor_id()
            raise_revision([case.account.id])
        db.session.flush()
        return report_of_import(case.kept)


def _case(import_id: int, row: int) -> Case:
    """The row that waits, its account locked."""
    kept = get_import(import_id)
    waiting = db.session.scalar(
        select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.row == row)
    )
    if waiting is None:
        raise NotFound(f"Row {row} of import {import_id} is not uncertain.")
    lock_accounts([waiting.account_id])
    for stored in (kept, waiting):  # somebody else may have settled it while we waited
        db.session.refresh(stored)
    if kept.status != "applied" or waiting.status != "waiting":
        state = kept.status if kept.status != "applied" else waiting.status
        raise Refused(f"Row {row} of import {import_id} no longer waits: it is {state}.")
    found = rows_of(import_id, only={row})
    if not found or found[0].person is None:
        raise Refused(f"The name in row {row} was erased; there is nothing left to resolve.")
    account = db.session.get_one(Account, waiting.account_id)
    post_id = waiting.waits.get("post")
    after, on, precision = waiting.waits["start"]
    start = Interval(_day(after), date.fromisoformat(on), precision)
    post = None if post_id is None else db.session.get(Post, post_id)
    return Case(kept, waiting, found[0], account, post, start)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


# --- the same person


def _same(case: Case, person_id: int) -> Person:
    if person_id not in case.waiting.candidate_ids:
        known = ", ".join(str(number) for number in case.waiting.candidate_ids)
        raise Refused(
            f"Person {person_id} is none of those whom row {case.row.row} may be: {known}. "
            "Name one of them, or say that it is somebody different."
        )
    person = get_person(person_id)
    _learn(case, person)
    sitting = _open_tenure(person, case.post)
    if case.waiting.reason == "start_by_hand" and sitting is not None:
        _take_start(case, sitting)
    elif sitting is not None:
        revise("list_tenure", sitting, {"listed_on": case.day}, account_id=case.account.id)
        _take_better_start(case, sitting)
    elif case.post is not None:
        _join(case, person)
        _explain_leaving(case, person)
    elif not _works_there(case, person):
        add_contact(person, case.account, day=case.day)
    return person


def _works_there(case: Case, person: Person) -> bool:
    """Whether the person holds a post or stands as a contact in the account on the list's day."""
    held = (
        select(Tenure.id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            Tenure.person_id == person.id,
            Unit.account_id == case.account.id,
            or_(Tenure.ends_on.is_(None), Tenure.ends_on > case.day),
        )
    )
    entered = select(Contact.id).where(
        Contact.person_id == person.id,
        Contact.account_id == case.account.id,
        Contact.ends_on.is_(None),
    )
    return any(db.session.scalar(query.limit(1)) is not None for query in (held, entered))


def _learn(case: Case, person: Person) -> None:
    """Both names and both ids are kept; the name of the list is the newer one."""
    name = tidy(case.row.person or "")
    values: dict[str, Any] = {}
    if name != person.name and (case.row.external_ids or _is_other(name, person)):
        values["name"] = name
    for field, key in (("affiliation", "affiliation"), ("name_latin", "latin_name")):
        said = getattr(case.row, field)
        if said and said.casefold() != (getattr(person, key) or "").casefold():
            values[key] = said
    if values:
        change_person(person, values)
    for kind, value in case.row.external_ids:
        if _owner(case, kind, value) is None:
            add_external_id(person, kind, value, account=case.account)
    for way, value in case.row.contact_points:
        add_contact_point(person, way, value)


def _is_other(name: str, person: Person) -> bool:
    spellings = [person.name, *(row.name for row in person.other_names)]
    return all(name_keys(name).isdisjoint(name_keys(other)) for other in spellings)


def _owner(case: Case, kind: str, value: str) -> ExternalId | None:
    _, key = id_key(kind, value)  # type: ignore[arg-type]  # the sheet reads known kinds only
    scope = case.account.id if kind == "staff_number" else 0
    return db.session.scalar(
        select(ExternalId).where(
            ExternalId.kind == kind, ExternalId.value == key, ExternalId.scope_id == scope
        )
    )


def _open_tenure(person: Person, post: Post | None) -> Tenure | None:
    if post is None:
        return None
    return db.session.scalar(
        select(Tenure).where(
            Tenure.person_id == person.id, Tenure.post_id == post.id, Tenure.ends_on.is_(None)
        )
    )


def _take_start(case: Case, tenure: Tenure) -> None:
    cell = case.row.starts
    assert cell is not None
    correct_start(tenure, cell.on, after=cell.after, precision=cell.precision)


def _take_better_start(case: Case, tenure: Tenure) -> None:
    """As for anybody who was there already, a start in the list corrects the one on file."""
    cell = case.row.starts
    start = corrected_start(tenure, cell, day=case.day) if cell is not None else None
    if start is not None:
        correct_start(tenure, start.on, after=start.after, precision=start.precision)


def _join(case: Case, person: Person) -> None:
    assert case.post is not None
    row, start = case.row, case.start
    tenure = start_tenure(
        person,
        case.post,
        start.on,
        after=start.after,
        start_known=start.after is not None,
        acting=row.acting,
        precision=start.precision,
        term_ends_on=row.term_ends_on.on if row.term_ends_on else None,
        basis="listed",
    )
    tenure.listed_on = case.day
    tenure.start_note = note_of_start(row.starts, start)
    told = {"kind": "joined_post", "person_id": person.id, "tenure_id": tenure.id}
    _tell(case, told | _days("start", start))


def _explain_leaving(case: Case, person: Person) -> None:
    """Posts the person left in the same list were left for this one."""
    assert case.post is not None
    left = db.session.scalars(
        select(Tenure).where(Tenure.person_id == person.id, Tenure.end_import_id == case.kept.id)
    )
    for tenure in left:
        if tenure.end_reason == "unknown":
            account_id = account_of(tenure.post).id
            reason = _reason(tenure.post, case.post)
            revise("correct_end", tenure, {"end_reason": reason}, account_id=account_id)
            raise_revision([account_id])
            _retell_leaving(case, tenure.id, reason)


def _reason(old: Post, new: Post) -> EndReason:
    if old.unit.account_id != new.unit.account_id:
        return "left_company"
    is_up = [*LEVELS].index(new.level) < [*LEVELS].index(old.level)  # type: ignore[arg-type]
    return "promoted" if is_up else "moved_inside"


# --- somebody different


def _different(case: Case) -> Person:
    if case.waiting.reason == "start_by_hand":
        return _keep_start(case)
    _end_kept(case)
    row = case.row
    person = add_person(
        tidy(row.person or ""),
        latin_name=row.name_latin,
        nickname=row.nickname,
        address_as=row.address_as,
        affiliation=row.affiliation,
    )
    for kind, value in row.external_ids:
        owner = _owner(case, kind, value)
        if owner is None:
            add_external_id(person, kind, value, account=case.account)
        elif owner.person_id in case.waiting.candidate_ids:  # an inherited mailbox
            revise("hand_over_id", owner, {"person_id": person.id}, account_id=case.account.id)
    for way, value in row.contact_points:
        add_contact_point(person, way, value)
    if case.post is not None:
        _join(case, person)
    else:
        add_contact(person, case.account, day=case.day)
    return person


def _keep_start(case: Case) -> Person:
    """The start stays as somebody entered it; the list's is kept as a note."""
    person = get_person(case.waiting.candidate_ids[0])
    tenure = _open_tenure(person, case.post)
    if tenure is not None and case.row.starts is not None:
        note = {"start_note": written(case.row.starts)}
        revise("note_start", tenure, note, account_id=case.account.id)
    return person


def _end_kept(case: Case) -> None:
    """The tenures that waited with the row end, unless somebody ended them meanwhile."""
    end = case.waiting.waits.get("end")
    for number in case.waiting.waits.get("kept", ()):
        tenure = db.session.get(Tenure, number)
        if tenure is None or tenure.ends_on is not None or end is None:
            continue
        after, on, precision = _day(end[0]), date.fromisoformat(end[1]), end[2]
        end_tenure(tenure, on, after=after)
        by_list = {"end_import_id": case.kept.id}
        revise("end_tenure", tenure, by_list, account_id=case.account.id)
        interval = Interval(after, on, precision)
        told = {
            "kind": "left_post",
            "person_id": tenure.person_id,
            "tenure_id": tenure.id,
            "seat": "replaced",
            "reason": "unknown",
            "row": None,
        }
        _tell(case, told | _days("end", interval))


# --- what the import tells


def _days(which: str, interval: Interval) -> dict[str, Any]:
    after = interval.after.isoformat() if interval.after else None
    return {f"{which}s_after": after, f"{which}s_on": interval.on.isoformat()}


def _tell(case: Case, told: Mapping[str, Any]) -> None:
    """The uncertain row gives way to what came of it."""
    row = case.row.row
    uncertain = next(
        (one for one in case.kept.changes if one["kind"] == "uncertain" and one["row"] == row), None
    )
    others = [one for one in case.kept.changes if one is not uncertain]
    template = uncertain or next(one for one in others if one.get("resolves") == row)
    line = {**template, "reason": None, "candidates": [], "resolves": row, **told}
    case.kept.changes = [*others, line]


def _retell_leaving(case: Case, tenure_id: int, reason: str) -> None:
    assert case.post is not None
    place = {
        "account": case.row.account,
        "unit": case.row.unit or "",
        "post": case.row.post or case.post.title,
    }
    case.kept.changes = [
        {**one, "reason": reason, "moved_to": place}
        if one["kind"] == "left_post" and one["tenure_id"] == tenure_id
        else one
        for one in case.kept.changes
    ]
