"""Locks, in one order, so that two cannot wait for each other (docs/adr/0019), and revisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar
from zlib import crc32

from sqlalchemy import func, inspect, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError

from relmap.contracts import N_
from relmap.errors import NotFound, Refused
from relmap.facts.concerned import accounts_concerned
from relmap.models import Account, Model, db
from relmap.models.session import locked_accounts

__all__ = [
    "accounts_for_change",
    "get_for_change",
    "lock",
    "lock_accounts",
    "lock_kind",
    "raise_revision",
]

M = TypeVar("M", bound=Model)

GONE: Final = N_("It was taken away meanwhile.")
LOCK_NOT_AVAILABLE: Final = "55P03"
"""What PostgreSQL calls it where a lock is not waited for."""


def lock(*facts: Model, of: Callable[[], set[int]] | None = None) -> set[int]:
    """Lock what a verb is about; returns the accounts concerned. The first thing a verb does.

    First the accounts concerned, in the order of their ids, then the facts; all that is read from
    there on is as it is now. ``of`` says which accounts, where it is not all that the facts
    concern. Raises ``NotFound`` where a fact is gone.
    """
    find = of or (lambda: {number for fact in facts for number in accounts_concerned(fact)})
    try:
        while not (concerned := find()) <= locked_accounts():
            lock_accounts(concerned)  # more may be concerned by what was written while we waited
    except ObjectDeletedError:
        raise NotFound(GONE) from None
    for fact in sorted(facts, key=lambda fact: (fact.__tablename__, _id(fact))):
        get_for_change(type(fact), _id(fact))
    return concerned


def _id(fact: Model) -> int:
    """A stored fact's id, without reading it: it may be gone."""
    identity = inspect(fact).identity
    assert identity is not None  # verbs are given what is stored
    return int(identity[0])


def get_for_change(model: type[M], fact_id: int) -> M:
    """The row of this id, read now and locked until the unit of work ends; raises ``NotFound``.

    Who only points at it need not wait.
    """
    fact = db.session.get(
        model, fact_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if fact is None:
        raise NotFound(GONE)
    return fact


def lock_accounts(account_ids: Iterable[int]) -> None:
    """Lock accounts in the order of their ids until the unit of work ends.

    Where one with a higher id is locked already, nobody is waited for: ``Refused`` if another unit
    of work has it. SQLite locks as a whole at BEGIN.
    """
    wanted, held = set(account_ids), locked_accounts()
    if missing := wanted - held:
        query = select(Account.id).where(Account.id.in_(missing)).order_by(Account.id)
        is_in_order = min(missing) > max(held, default=0)
        try:
            db.session.execute(query.with_for_update(key_share=True, nowait=not is_in_order))
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
            raise Refused(
                "Others are writing about the same accounts. Nothing was stored: try again."
            ) from None
        held |= missing
        db.session.flush()
        db.session.expire_all()  # what the session read may be older than what we waited for


def accounts_for_change(account_ids: Iterable[int]) -> list[Account]:
    """The accounts, locked and then read, in the order of their ids."""
    wanted = set(account_ids)
    lock_accounts(wanted)
    found = select(Account).where(Account.id.in_(wanted)).order_by(Account.id)
    return list(db.session.scalars(found))


def lock_kind(model: type[Model]) -> None:
    """Let nobody else write rows of a kind, who asks so too, until the unit of work ends.

    Where a twin is looked for in the whole book there is no row to lock. After the accounts.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        key = crc32(model.__tablename__.encode())
        db.session.execute(select(func.pg_advisory_xact_lock(key)))


def raise_revision(account_ids: Iterable[int]) -> None:
    """Make accounts due, by one atomic step each; they must be locked."""
    wanted = set(account_ids)
    if unlocked := wanted - locked_accounts():
        raise RuntimeError(f"Accounts {sorted(unlocked)} are raised and not locked: lock() first.")
    for account_id in sorted(wanted):
        db.session.execute(
            update(Account)
            .where(Account.id == account_id)
            .values(revision=Account.revision + 1)
            .execution_options(synchronize_session=False)
        )
