"""Says who an uncertain row is, and writes what waited for that, with the import's day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from relmap.contracts.words import EndReason
from relmap.errors import Refused
from relmap.facts.audit import acting_as, actor_id, revise
from relmap.facts.locks import raise_revision
from relmap.facts.people import (
    add_contact,
    add_contact_point,
    add_external_id,
    add_person,
    change_person,
    get_person,
)
from relmap.facts.structure import account_of
from relmap.facts.tenures import correct_start, end_tenure, start_tenure
from relmap.imports.archive import rows_of
from relmap.imports.identity.clusters import unlike_kinds
from relmap.imports.open_rows import (
    Case,
    case_of,
    day_of,
    days,
    retell_leaving,
    settle_question,
    tell,
    tell_successor,
)
from relmap.imports.plan import IdKey, Interval
from relmap.imports.report import ImportReport, report_of_import
from relmap.imports.sheets.cells import id_key
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow
from relmap.imports.snapshot.days import corrected_start, note_of_start, written
from relmap.imports.snapshot.outcomes import rank
from relmap.models import (
    Contact,
    ExternalId,
    ImportRow,
    Person,
    Post,
    Tenure,
    Unit,
    db,
    utc_now,
    writing,
)
from relmap.names.folding import tidy
from relmap.names.matching import are_equal, name_keys

__all__ = ["resolve_row"]


def resolve_row(
    import_id: int, row: int, *, same: int | None, user_id: int | None = None
) -> ImportReport:
    """The row is the person ``same``, or somebody new; what waited is written.

    ``same`` is one of the row's candidates and keeps both names and both ids. Days are those of
    the import; seats, posts and holders are checked as they are today. Opens its own unit of work.
    Raises ``NotFound`` and ``Refused``.
    """
    with writing():
        case = case_of(import_id, row)
        with acting_as(actor_id() if user_id is None else user_id, import_id=import_id):
            person = _same(case, same) if same is not None else _different(case)
            settle_question(case)
            waiting = case.waiting
            waiting.status, waiting.person_id = "resolved", person.id
            waiting.answer = "different" if same is None else "same"
            waiting.resolved_at, waiting.resolved_by = utc_now(), actor_id()
            raise_revision([case.account.id])
        db.session.flush()
    return report_of_import(case.kept)  # which reads the file anew: nobody waits for that


# --- the same person


def _same(case: Case, person_id: int) -> Person:
    if person_id not in case.waiting.candidate_ids:
        raise Refused(
            "Person {person_id} is none of those whom row {row} may be: {known}. Name one of "
            "them, or say that it is somebody different.",
            person_id=person_id,
            row=case.row.row,
            known=case.waiting.candidate_ids,
        )
    person = get_person(person_id)
    _end_kept(case, _kept_for_this_row(case, person))
    return _be(case, person)


def _be(case: Case, person: Person) -> Person:
    """Write what the row says of somebody on file."""
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
    _take_ids(case, person)
    for way, value in case.row.contact_points:
        add_contact_point(person, way, value, account=case.account)


def _take_ids(case: Case, person: Person) -> None:
    """The ids that are free, and those of whom else the row might have been."""
    for kind, value in case.row.external_ids:
        owner = _owner(case, kind, value)
        if owner is None:
            add_external_id(person, kind, value, account=case.account)
        elif owner.person_id in case.waiting.candidate_ids:  # an inherited mailbox
            revise("hand_over_id", owner, {"person_id": person.id}, account_id=case.account.id)


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
    tell(case, told | days("start", start))
    tell_successor(case, person.id)


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
            retell_leaving(case, tenure.id, reason)


def _reason(old: Post, new: Post) -> EndReason:
    if old.unit.account_id != new.unit.account_id:
        return "left_company"
    return "promoted" if rank(new.level) < rank(old.level) else "moved_inside"


# --- somebody different


def _different(case: Case) -> Person:
    if case.waiting.reason == "start_by_hand":
        return _keep_start(case)
    _end_kept(case, case.waiting.waits.get("kept", ()))
    twin = _twin(case)
    if twin is not None:
        return _be(case, twin)
    row = case.row
    person = add_person(
        tidy(row.person or ""),
        latin_name=row.name_latin,
        nickname=row.nickname,
        address_as=row.address_as,
        affiliation=row.affiliation,
    )
    _take_ids(case, person)
    for way, value in row.contact_points:
        add_contact_point(person, way, value, account=case.account)
    if case.post is not None:
        _join(case, person)
    else:
        add_contact(person, case.account, day=case.day)
    return person


def _twin(case: Case) -> Person | None:
    """Who is new by the answer to another row of that name in the unit: one person, two posts."""
    asked = case.waiting
    answered = db.session.scalars(
        select(ImportRow).where(
            ImportRow.import_id == case.kept.id,
            ImportRow.account_id == asked.account_id,
            ImportRow.answer == "different",
            ImportRow.reason == asked.reason,
        )
    ).all()
    listed = rows_of(case.kept.id, only={one.row for one in answered})
    rows = {(row.row, row.part): row for row in listed}
    for one in answered:
        units = {one.waits.get("unit"), asked.waits.get("unit")} - {None}
        twin = rows.get((one.row, one.waits.get("part", 0)))
        if (
            twin is not None
            and len(units) < 2
            and one.candidate_ids == asked.candidate_ids
            and are_equal([twin.person or ""], [case.row.person or ""])
            and not unlike_kinds(_keys(case, twin), _keys(case, case.row))
        ):
            return get_person(one.person_id or 0)
    return None


def _keys(case: Case, row: SnapshotRow) -> set[IdKey]:
    return {(*id_key(kind, value), case.account.id) for kind, value in row.external_ids}


def _keep_start(case: Case) -> Person:
    """The start stays as somebody entered it; the list's is kept as a note."""
    person = get_person(case.waiting.candidate_ids[0])
    tenure = _open_tenure(person, case.post)
    if tenure is not None and case.row.starts is not None:
        note = {"start_note": written(case.row.starts)}
        revise("note_start", tenure, note, account_id=case.account.id)
    return person


def _kept_for_this_row(case: Case, person: Person) -> list[int]:
    """The tenures that waited for no other row, and are not the person's own."""
    others = db.session.scalars(
        select(ImportRow).where(
            ImportRow.import_id == case.kept.id,
            ImportRow.status == "waiting",
            ImportRow.id != case.waiting.id,
        )
    )
    awaited = {number for other in others for number in other.waits.get("kept", ())}
    mine = select(Tenure.id).where(Tenure.person_id == person.id)
    awaited |= set(db.session.scalars(mine))
    return [number for number in case.waiting.waits.get("kept", ()) if number not in awaited]


def _end_kept(case: Case, kept: Iterable[int]) -> None:
    """These tenures end, unless somebody ended them meanwhile or another row stood for them."""
    end = case.waiting.waits.get("end")
    for number in kept:
        tenure = db.session.get(Tenure, number)
        if tenure is None or tenure.ends_on is not None or end is None:
            continue
        if tenure.listed_on is not None and tenure.listed_on >= case.day:
            continue
        after, on, precision = day_of(end[0]), date.fromisoformat(end[1]), end[2]
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
        tell(case, told | days("end", interval))
