"""The sample book goes whole: its accounts with everything about them, and its people.

What people added to a sample account meanwhile goes with it. Of the sample's people those stay, as
people of the real book, who hold or held a post at a real account, are a contact of one, own one,
log in, or, on our side, have a tie, a touch or a claim that stays.

What hangs on what is read off the tables' foreign keys, those of plug-ins too: a row goes with the
row it cannot be without, and forgets one that it can be without.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Column, Delete, Table, Update, delete, func, select, update

from relmap.facts.concerned import accounts_of
from relmap.facts.locks import lock_accounts, raise_revision
from relmap.models import (
    Account,
    BackTest,
    BookRate,
    Change,
    Contact,
    Import,
    Person,
    Tenure,
    TouchPerson,
    db,
)
from relmap.models.chunks import chunked

__all__ = ["count_added_to_sample_book", "remove_sample_book"]

CANNOT_BE_WITHOUT: Final = {"claim.person_id", "claim.post_id", "back_test.account_id"}
"""Columns that may be empty, whose rows go all the same with what they point at."""
OF_A_PERSON: Final = ("person_name", "external_id", "contact_point")
HOLDING: Final = ("tenure", "contact", "import_row", "user")
"""Tables whose rows hold a person of theirs: what else is about them goes with them."""

Gone = defaultdict[str, set[int]]
"""By table the ids of the rows that go."""


def count_added_to_sample_book() -> int:
    """How many facts people wrote in sample accounts since: they go with the accounts."""
    made = select(func.max(Change.id)).where(Change.verb == "make_sample")
    last = db.session.scalar(made) or 0
    return sum(number > last for number in _changes(_doomed(_sample_accounts())))


def remove_sample_book() -> int:
    """Take the sample book away and say how many accounts went. Does not commit.

    :func:`count_added_to_sample_book` says beforehand how much of people's own work goes with it.
    """
    accounts = _sample_accounts()
    if not accounts:
        return 0
    lock_accounts(accounts)
    gone = _doomed(accounts)
    gone["change"] = _changes(gone)
    concerned = accounts_of(*gone["person"]) - accounts if gone["person"] else set()
    lock_accounts(concerned)
    _leave_shared_imports(accounts)
    _remove(gone)
    _remove_reckoned()
    db.session.execute(update(Person).where(Person.is_sample).values(is_sample=False))
    db.session.expire_all()
    raise_revision(concerned)
    return len(accounts)


def _sample_accounts() -> set[int]:
    return set(db.session.scalars(select(Account.id).where(Account.is_sample)))


# --- what goes


def _doomed(accounts: set[int]) -> Gone:
    """What hangs on the accounts, then their people, then what hangs on those."""
    gone: Gone = defaultdict(set, account=accounts)
    imports = db.session.execute(select(Import.id, Import.account_ids))
    gone["import"] = {
        row.id for row in imports if row.account_ids and accounts >= {*row.account_ids}
    }
    _spread(gone)
    gone["person"] = _clients(gone)
    gone["touch"] = _touches(gone["person"])
    _spread(gone)
    ours = select(Person.id).where(Person.side == "us", Person.is_sample)
    gone["person"] = gone["person"] | (set(db.session.scalars(ours)) - _held(gone))
    _spread(gone)
    return gone


def _clients(gone: Gone) -> set[int]:
    """Those of them who were at sample accounts and nowhere else."""
    were_here = {
        *_values(Tenure.person_id, Tenure.id, gone["tenure"]),
        *_values(Contact.person_id, Contact.id, gone["contact"]),
    }
    theirs = select(Person.id, Person.is_sample).where(Person.side == "client")
    here = {row.id for row in db.session.execute(theirs) if row.is_sample or row.id in were_here}
    return here - _held(gone, only=HOLDING)


def _touches(clients: set[int]) -> set[int]:
    """Touches at which nobody of the client's side is left."""
    concerned = _values(TouchPerson.touch_id, TouchPerson.person_id, clients)
    met = select(TouchPerson.person_id).join(Person).where(Person.side == "client")
    left = set(db.session.scalars(met)) - clients
    return concerned - _values(TouchPerson.touch_id, TouchPerson.person_id, left)


def _held(gone: Gone, only: Collection[str] | None = None) -> set[int]:
    """The people at whom rows that stay point (of ``only`` these tables), if not as their own."""
    found = set()
    for table in db.metadata.sorted_tables:
        if table.name in OF_A_PERSON or (only and table.name not in only):
            continue
        owners = _owners(table)
        for column in table.c:
            if _target(column) == "person":
                for person, *keys in db.session.execute(select(column, *owners)):
                    pairs = zip(keys, owners.values(), strict=True)
                    if not any(key in gone[name] for key, name in pairs):
                        found.add(person)
    return found


def _spread(gone: Gone) -> None:
    """Let everything go that cannot be without what goes."""
    for table in db.metadata.sorted_tables:
        if "id" in table.c:
            for column, target in _owners(table).items():
                gone[table.name] |= _values(table.c.id, column, gone[target])


def _owners(table: Table) -> dict[Column[Any], str]:
    """The columns without whose row a row cannot be, its own id first, and where those rows are."""
    found = {table.c.id: table.name} if "id" in table.c else {}
    for column in table.c:
        target = _target(column)
        if target and (not column.nullable or str(column) in CANNOT_BE_WITHOUT):
            found[column] = target
    return found


def _target(column: Column[Any]) -> str | None:
    """The table at which a column points."""
    return next((key.column.table.name for key in column.foreign_keys), None)


# --- the audit log


def _changes(gone: Gone) -> set[int]:
    """The lines of the audit log about what goes."""
    return {
        row.id
        for row in db.session.scalars(select(Change))
        if row.account_id in gone["account"]
        or row.fact_id in gone[row.kind]
        or row.import_id in gone["import"]
        or _is_about(row, gone["person"])
    }


def _is_about(change: Change, people: set[int]) -> bool:
    """Whether a fact that was withdrawn since was about people who go."""
    columns = {**(change.before or {}), **(change.after or {})}
    return any(columns.get(key) in people for key in ("person_id", "a_id", "b_id"))


# --- going


def _remove(gone: Gone) -> None:
    """Let what stays forget what goes, then delete, so that nothing points at what is gone."""
    tables = db.metadata.sorted_tables
    for table in tables:
        for column in table.c:
            target = _target(column)
            if target and column not in _owners(table):
                _each(update(table).values({column: None}), column, gone[target])
    for table in reversed(tables):
        for column, target in _owners(table).items():
            _each(delete(table), column, gone[target])


def _leave_shared_imports(accounts: set[int]) -> None:
    """Imports that were of other accounts too stay theirs."""
    for row in db.session.scalars(select(Import)):
        if accounts & {*row.account_ids} and not accounts >= {*row.account_ids}:
            row.account_ids = [account for account in row.account_ids if account not in accounts]
    db.session.flush()


def _remove_reckoned() -> None:
    """The sample's rates, and tests of the whole book: invented people may be in them."""
    of_book = BackTest.account_id.is_(None) & BackTest.computed_at.is_not(None)
    for statement in (delete(BookRate).where(BookRate.is_sample), delete(BackTest).where(of_book)):
        db.session.execute(statement.execution_options(synchronize_session=False))


# --- many ids, few at a time


def _values(column: Any, key: Any, keys: Collection[int]) -> set[Any]:
    """The values of a column in the rows of these keys."""
    return {
        value
        for some in chunked(keys)
        for value in db.session.scalars(select(column).where(key.in_(some)))
    }


def _each(statement: Update | Delete, key: Column[Any], keys: Collection[int]) -> None:
    for some in chunked(keys):
        db.session.execute(
            statement.where(key.in_(some)).execution_options(synchronize_session=False)
        )
