"""One import that is no snapshot: planned outside, written in one unit of work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from relmap.errors import Refused
from relmap.facts.audit import (
    accounts_of_tie,
    acting_as,
    actor_id,
    lock_accounts,
    raise_revision,
    remove,
    revise,
    workplaces_of,
)
from relmap.imports.archive import kept_cells
from relmap.imports.insertion import make_rows
from relmap.imports.plan import Made, Note, Revised, note_of_row, unread
from relmap.imports.report import ImportReport
from relmap.imports.sheets.table import Table
from relmap.models import Account, Change, Contact, Import, Model, db, utc_now, writing
from relmap.models.chunks import chunked

__all__ = ["Draft", "revisions_of", "run_import"]

ATTEMPTS: Final = 4


@dataclass(slots=True)
class Draft:
    """What one file adds and corrects, while it is planned."""

    made: list[Made] = field(default_factory=list)
    revised: list[Revised] = field(default_factory=list)
    revisions: dict[int, int] = field(default_factory=dict)
    """Account to the revision that was planned against."""
    concerned: set[int] = field(default_factory=set)
    """Accounts whose facts change; below zero for one that is opened."""
    people: set[int] = field(default_factory=set)
    """People whose facts change; below zero for those who are made."""
    removed_contacts: list[int] = field(default_factory=list)
    """Contact entries that were never without a post, as the history shows."""
    changes: list[dict[str, Any]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    _last_id: dict[str, int] = field(default_factory=dict)

    def new_id(self, kind: str) -> int:
        """An id below zero for a row of this table."""
        self._last_id[kind] = self._last_id.get(kind, 0) - 1
        return self._last_id[kind]

    def make(self, kind: str, /, **columns: Any) -> int:
        """A row to be made; returns its id below zero."""
        number = self.new_id(kind)
        self.made.append(Made(kind, number, columns))
        return number

    def count(self, what: str, by: int = 1) -> None:
        """Add to one of the figures of the report."""
        self.counts[what] = self.counts.get(what, 0) + by

    def note(self, row: int | None, text: str, /, **values: Any) -> None:
        """Say of a row what was not taken as it stands; no names of people."""
        self.notes.append(note_of_row(row, text, **values))

    def change(self, kind: str, row: int, /, **told: Any) -> None:
        """Tell of one change, and count it."""
        self.changes.append({"kind": kind, "row": row, **told})
        self.count(kind)

    @property
    def is_empty(self) -> bool:
        """Whether everything is on file already."""
        return not (self.made or self.revised or self.removed_contacts)


def revisions_of(account_ids: set[int]) -> dict[int, int]:
    """The revisions of accounts, read before their facts are."""
    rows = db.session.execute(
        select(Account.id, Account.revision).where(Account.id.in_(account_ids))
    )
    return {row.id: row.revision for row in rows}


def run_import(
    kind: str,
    table: Table,
    plan: Callable[[], Draft],
    *,
    account: str | None,
    column_map: Mapping[str, str],
    dry_run: bool,
    unused: tuple[str, ...] = (),
) -> ImportReport:
    """Plan, then write in one unit of work if nobody wrote meanwhile; else plan again.

    Where others keep writing about the same accounts, the last attempt makes them wait and plans
    inside. A file whose facts are all on record makes no import.
    """
    for attempt in range(ATTEMPTS):
        is_last = attempt == ATTEMPTS - 1
        db.session.rollback()
        draft = _planned(plan, unused)
        if dry_run or draft.is_empty:
            db.session.rollback()
            report = _report(kind, table, draft)
            return report if dry_run else replace(report, status="applied")
        try:
            with writing():
                if is_last:
                    lock_accounts(draft.revisions)  # what is read from here on stays
                    draft = _planned(plan, unused)
                if not is_last and _is_stale(draft):
                    continue
                number = _write(kind, table, draft, account=account, column_map=column_map)
        except IntegrityError:  # somebody made the same account or id in this very moment
            if is_last:
                raise
            continue
        return replace(_report(kind, table, draft), import_id=number, status="applied")
    raise AssertionError("the last attempt writes or raises")


def _planned(plan: Callable[[], Draft], unused: tuple[str, ...]) -> Draft:
    draft = plan()
    if unused:
        draft.notes.append(unread(unused))
    return draft


def _report(kind: str, table: Table, draft: Draft) -> ImportReport:
    accounts = (change.get("account") for change in draft.changes)
    return ImportReport(
        import_id=None,
        status="dry_run",
        on=None,
        file=table.name,
        accounts=tuple(dict.fromkeys(name for name in accounts if name)),
        changes=tuple(draft.changes),
        counts=draft.counts,
        notes=tuple(draft.notes),
        kind=kind,
    )


def _is_stale(draft: Draft) -> bool:
    locked = lock_accounts(draft.revisions)
    return {account.id: account.revision for account in locked} != draft.revisions


def _write(
    kind: str,
    table: Table,
    draft: Draft,
    *,
    account: str | None,
    column_map: Mapping[str, str],
) -> int:
    now = utc_now()
    row = Import(
        kind=kind,
        file_name=table.name[:300],
        status="applied",
        account_name=account,
        column_map=dict(column_map),
        table=kept_cells(table),
        notes=[note.to_json() for note in draft.notes],
        counts=draft.counts,
        created_by=actor_id(),
        created_at=now,
        applied_at=now,
    )
    db.session.add(row)
    db.session.flush()
    with acting_as(actor_id(), import_id=row.id):
        for change in draft.revised:  # what ends makes room for what begins
            _revise(change, row.id)
        made = [_stamped(one, row.id) for one in draft.made]
        real = make_rows(made, import_id=row.id)
        for contact_id in draft.removed_contacts:
            contact = db.session.get_one(Contact, contact_id)
            remove("end_contact", contact, account_id=contact.account_id)
        concerned = {real.get(("account", number), number) for number in draft.concerned}
        people = {real.get(("person", one), one) for one in draft.people}
        concerned |= workplaces_of(people)
        row.account_ids = sorted(concerned)
        _log(kind, row, draft)
        db.session.flush()
        raise_revision(concerned | _where_outsiders(kind, people))
    return row.id


def _where_outsiders(kind: str, people: Collection[int]) -> set[int]:
    """The accounts in whose views these people's new ties stand though they never were there."""
    some_of_them = chunked(people) if kind == "ties" else ()
    return {account for some in some_of_them for account in accounts_of_tie(*some)}


def _stamped(made: Made, import_id: int) -> Made:
    """A tenure that has ended says when and by which import that was learnt."""
    if made.kind != "tenure" or made.columns.get("ends_on") is None:
        return made
    learnt = {"end_recorded_at": utc_now(), "end_import_id": import_id}
    return Made(made.kind, made.id, {**made.columns, **learnt})


def _revise(change: Revised, import_id: int) -> None:
    model = {mapper.class_.__tablename__: mapper.class_ for mapper in Model.registry.mappers}
    fact = db.session.get(model[change.kind], change.id)
    if fact is None:
        raise Refused("A fact of this import was taken back meanwhile. Try again.")
    values = dict(change.after)
    if change.kind == "tenure" and values.get("ends_on") is not None:
        values |= {"end_recorded_at": utc_now(), "end_import_id": import_id}
    revise(
        change.verb,
        fact,
        values,
        account_id=change.account_id,
        effective_on=change.effective_on,
    )


def _log(kind: str, row: Import, draft: Draft) -> None:
    """One line of the audit log for all the rows that were made."""
    db.session.add(
        Change(
            user_id=actor_id(),
            import_id=row.id,
            verb=f"import_{kind}",
            kind="import",
            fact_id=row.id,
            after=dict(draft.counts),
        )
    )
