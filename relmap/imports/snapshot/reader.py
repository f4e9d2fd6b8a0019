"""Reads what is on file into the frozen values that a plan compares a list with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, or_, select

from relmap.imports.accounts import AccountNames
from relmap.imports.facts_on_file import (
    Seating,
    StoredContact,
    StoredPerson,
    StoredPost,
    StoredTenure,
    StoredUnit,
    UnresolvedRow,
    grouped,
)
from relmap.imports.identity.people_on_file import ids_of, in_chunks, owners_of_ids, read_people
from relmap.imports.plan import IdKey
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow
from relmap.models import (
    Change,
    Contact,
    Coverage,
    Import,
    ImportRow,
    Post,
    Tenure,
    Unit,
    db,
)
from relmap.names.matching import account_key, unit_key

__all__ = ["OnFile", "read_on_file"]


@dataclass(frozen=True)
class OnFile:
    """All that a plan is handed besides the file."""

    views: Mapping[str, Seating]
    known: Mapping[IdKey, StoredPerson]
    coverage: Mapping[int, tuple[date, ...]]
    waiting: tuple[UnresolvedRow, ...]

    @property
    def owners(self) -> dict[IdKey, int]:
        """Whose each id of the file is."""
        return {key: person.id for key, person in self.known.items()}


def read_on_file(rows: Sequence[SnapshotRow], day: date) -> OnFile:
    """Everything on file about the accounts and the ids of a list.

    An account that the book does not know gets an id below zero and nothing but its root. The
    revisions are read before the facts.
    """
    accounts = _accounts({row.account for row in rows})
    account_ids = sorted({account.id for account in accounts.values() if account.id > 0})
    tenures = _tenures(account_ids)
    contacts = _contacts(account_ids)
    owners = owners_of_ids(ids_of(rows, {name: account.id for name, account in accounts.items()}))
    insiders = {row.person_id for some in tenures.values() for row in some}
    insiders |= {row.person_id for some in contacts.values() for row in some}
    people = read_people(insiders | set(owners.values()), set(account_ids))
    structure = _structure(account_ids, day)
    lists = _lists(account_ids)
    by_id: dict[int, Seating] = {}
    for account in accounts.values():
        if account.id not in by_id:
            by_id[account.id] = _seating(account, structure, tenures, contacts, people, lists)
    return OnFile(
        views={name: by_id[account.id] for name, account in accounts.items()},
        known={key: people[owner] for key, owner in owners.items()},
        coverage=_coverage(account_ids),
        waiting=_waiting(account_ids),
    )


# --- accounts


@dataclass(frozen=True, slots=True)
class _AccountOnFile:
    id: int
    name: str
    revision: int


def _accounts(names: Collection[str]) -> dict[str, _AccountOnFile]:
    """The account of each name; a new one for a name nobody knows."""
    on_file = AccountNames(names)
    found: dict[str, _AccountOnFile] = {}
    new: dict[str, _AccountOnFile] = {}
    for name in sorted(names):
        if row := on_file.find(name):
            found[name] = _AccountOnFile(row.id, row.name, row.revision)
            continue
        opened = _AccountOnFile(-1 - len(new), name, 0)
        found[name] = new.setdefault(account_key(name), opened)
    return found


def _seating(
    account: _AccountOnFile,
    structure: Mapping[int, tuple[list[StoredUnit], list[StoredPost]]],
    tenures: Mapping[int, Sequence[StoredTenure]],
    contacts: Mapping[int, Sequence[StoredContact]],
    people: Mapping[int, StoredPerson],
    lists: Mapping[int, Sequence[Row[Any]]],
) -> Seating:
    units, posts = structure.get(account.id, ([], []))
    new_root = StoredUnit(account.id, account.name, is_root=True)
    root = next((unit for unit in units if unit.is_root), new_root)
    own_tenures, own_contacts = tenures.get(account.id, ()), contacts.get(account.id, ())
    insiders = {row.person_id for row in own_tenures} | {row.person_id for row in own_contacts}
    newest = max(lists.get(account.id, ()), key=lambda row: (row.on, row.id), default=None)
    return Seating(
        account_id=account.id,
        name=account.name,
        root=root,
        revision=account.revision,
        units=tuple(unit for unit in units if unit is not root),
        posts=tuple(posts),
        people={number: people[number] for number in sorted(insiders)},
        tenures=tuple(own_tenures),
        contacts=tuple(own_contacts),
        newest_on=newest.on if newest else None,
        newest_import_id=newest.id if newest else None,
        complete_on=tuple(row.on for row in lists.get(account.id, ()) if row.complete),
    )


def _lists(account_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """The applied snapshots of each account."""
    query = select(Import.id, Import.on, Import.complete, Import.account_ids).where(
        Import.kind == "snapshot", Import.status == "applied"
    )
    lists: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    wanted = set(account_ids)
    for row in db.session.execute(query):
        for account_id in wanted.intersection(row.account_ids):
            lists[account_id].append(row)
    return lists


# --- structure


_POST: Final = (
    Post.id,
    Post.unit_id,
    Post.title,
    Post.level,
    Post.function,
    Post.level_is_given,
    Post.function_is_given,
    Post.decision_weight,
    Post.seats,
    Post.reports_to_id,
    Post.vacant_since,
    Post.starts_on,
)


def _structure(
    account_ids: Sequence[int], day: date
) -> dict[int, tuple[list[StoredUnit], list[StoredPost]]]:
    structure: defaultdict[int, tuple[list[StoredUnit], list[StoredPost]]] = defaultdict(
        lambda: ([], [])
    )
    stands = or_(Unit.ends_on.is_(None), Unit.ends_on > day)
    units = in_chunks(
        account_ids,
        lambda some: select(Unit.__table__).where(Unit.account_id.in_(some), stands),
    )
    for row in sorted(units, key=lambda row: row.id):
        structure[row.account_id][0].append(
            StoredUnit(row.id, row.name, row.parent_id, row.external_id, row.is_root, row.starts_on)
        )
    posts = in_chunks(
        account_ids,
        lambda some: (
            select(*_POST, Unit.account_id)
            .join(Unit, Unit.id == Post.unit_id)
            .where(
                Unit.account_id.in_(some), stands, or_(Post.ends_on.is_(None), Post.ends_on > day)
            )
        ),
    )
    for row in sorted(posts, key=lambda row: row.id):
        structure[row.account_id][1].append(
            StoredPost(
                id=row.id,
                unit_id=row.unit_id,
                title=row.title,
                level=row.level,
                function=row.function,
                level_is_given=row.level_is_given,
                function_is_given=row.function_is_given,
                decision_weight=row.decision_weight,
                seats=row.seats,
                reports_to_id=row.reports_to_id,
                vacant_since=row.vacant_since,
                starts_on=row.starts_on,
            )
        )
    return structure


# --- tenures


_TENURE: Final = (
    Tenure.id,
    Tenure.person_id,
    Tenure.post_id,
    Tenure.starts_after,
    Tenure.starts_on,
    Tenure.ends_after,
    Tenure.ends_on,
    Tenure.precision,
    Tenure.acting,
    Tenure.term_ends_on,
    Tenure.start_note,
    Tenure.listed_on,
    Tenure.basis,
    Tenure.end_import_id,
    Tenure.end_reason,
)


def _tenures(account_ids: Sequence[int]) -> dict[int, tuple[StoredTenure, ...]]:
    rows = in_chunks(
        account_ids,
        lambda some: (
            select(
                *_TENURE,
                Post.unit_id,
                Unit.account_id,
                Unit.name.label("unit_name"),
                Import.on.label("ended_by_list_of"),
            )
            .join(Post, Post.id == Tenure.post_id)
            .join(Unit, Unit.id == Post.unit_id)
            .outerjoin(Import, Import.id == Tenure.end_import_id)
            .where(Unit.account_id.in_(some))
        ),
    )
    start_by_hand = _starts_given_by_hand(account_ids)
    return grouped(
        (row.account_id, _tenure(row, row.id in start_by_hand))
        for row in sorted(rows, key=lambda row: row.id)
    )


def _tenure(row: Row[Any], start_was_corrected: bool) -> StoredTenure:
    is_entered = row.basis == "entered"
    return StoredTenure(
        id=row.id,
        person_id=row.person_id,
        post_id=row.post_id,
        unit_id=row.unit_id,
        unit_key=unit_key(row.unit_name),
        starts_after=row.starts_after,
        starts_on=row.starts_on,
        ends_after=row.ends_after,
        ends_on=row.ends_on,
        precision=row.precision,
        acting=row.acting,
        term_ends_on=row.term_ends_on,
        start_note=row.start_note,
        listed_on=row.listed_on,
        is_listed=row.listed_on is not None or not is_entered,
        start_by_hand=is_entered or start_was_corrected,
        end_by_hand=row.ends_on is not None and row.end_import_id is None,
        never_came=row.end_reason == "never_came",
        end_is_announced=_is_announced(row),
    )


def _is_announced(row: Row[Any]) -> bool:
    """Whether a list wrote the end before it came; a history has no day of its own."""
    listed_on = row.ended_by_list_of
    return listed_on is not None and row.ends_on > listed_on and row.end_reason != "never_came"


def _starts_given_by_hand(account_ids: Sequence[int]) -> set[int]:
    """Tenures whose start somebody corrected, by the audit log."""
    rows = in_chunks(
        account_ids,
        lambda some: select(Change.fact_id, Change.after).where(
            Change.kind == "tenure", Change.import_id.is_(None), Change.account_id.in_(some)
        ),
    )
    return {row.fact_id for row in rows if row.after and "starts_on" in row.after}


def _contacts(account_ids: Sequence[int]) -> dict[int, tuple[StoredContact, ...]]:
    rows = in_chunks(
        account_ids,
        lambda some: select(Contact.__table__).where(
            Contact.account_id.in_(some), Contact.ends_on.is_(None)
        ),
    )
    return grouped(
        (row.account_id, StoredContact(row.id, row.person_id, row.starts_on))
        for row in sorted(rows, key=lambda row: row.id)
    )


# --- earlier lists


def _coverage(account_ids: Sequence[int]) -> dict[int, tuple[date, ...]]:
    rows = in_chunks(
        account_ids,
        lambda some: (
            select(Coverage.unit_id, Coverage.on)
            .join(Unit, Unit.id == Coverage.unit_id)
            .where(Unit.account_id.in_(some))
            .distinct()
        ),
    )
    return grouped((row.unit_id, row.on) for row in rows)


def _waiting(account_ids: Sequence[int]) -> tuple[UnresolvedRow, ...]:
    from relmap.imports.archive import rows_of  # the cells of a kept file, read again

    query = (
        select(ImportRow, Import.on)
        .join(Import, Import.id == ImportRow.import_id)
        .where(
            ImportRow.status == "waiting",
            Import.status == "applied",
            ImportRow.account_id.in_(account_ids),
        )
        .order_by(ImportRow.import_id, ImportRow.row)
    )
    found = db.session.execute(query).all()
    named = {
        import_id: {
            (row.row, row.part): row
            for row in rows_of(import_id, only={one.row for one, _ in some})
        }
        for import_id, some in grouped((one.import_id, (one, on)) for one, on in found).items()
    }
    return tuple(
        UnresolvedRow(
            import_id=row.import_id,
            row=row.row,
            on=on or date.min,
            account_id=row.account_id,
            unit_id=row.waits.get("unit"),
            post_id=row.waits.get("post"),
            name=named[row.import_id][_place(row)].person or "",
            reason=row.reason,
            candidate_ids=tuple(row.candidate_ids),
        )
        for row, on in found
        if _place(row) in named[row.import_id]
    )


def _place(waiting: ImportRow) -> tuple[int, int]:
    """The row that waits, and which part of it."""
    return waiting.row, waiting.waits.get("part", 0)
