"""Locks, the audit log and the revisions: what every verb does besides its own work.

A verb begins with :func:`lock`, so that what it reads from there on stays. It writes its rows, then
calls :func:`record` for the fact and :func:`raise_revision` for the accounts concerned, in the same
unit of work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, Final, TypeVar
from zlib import crc32

from sqlalchemy import func, inspect, or_, select, union, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError

from relmap.contracts import N_
from relmap.errors import NotFound, Refused
from relmap.languages.labels import label_message
from relmap.models import (
    Account,
    Alert,
    Change,
    Claim,
    Contact,
    Import,
    Model,
    NextStep,
    Person,
    Post,
    Project,
    Tenure,
    Tie,
    Touch,
    TouchPerson,
    Unit,
    db,
)
from relmap.models.session import locked_accounts

__all__ = [
    "accounts_of",
    "accounts_of_tie",
    "acting_as",
    "actor_id",
    "add",
    "columns_of",
    "get_for_change",
    "lock",
    "lock_accounts",
    "lock_kind",
    "raise_revision",
    "record",
    "refuse_changed_later",
    "remove",
    "revise",
    "workplaces_of",
]

_actor: ContextVar[int | None] = ContextVar("relmap_actor", default=None)
_import: ContextVar[int | None] = ContextVar("relmap_import", default=None)

M = TypeVar("M", bound=Model)

GONE: Final = N_("It was taken away meanwhile.")
LOCK_NOT_AVAILABLE: Final = "55P03"
"""What PostgreSQL calls it where a lock is not waited for."""


@contextmanager
def acting_as(user_id: int | None, *, import_id: int | None = None) -> Iterator[None]:
    """What is written inside is written by this user, and by this import if one is named."""
    actor, import_ = _actor.set(user_id), _import.set(import_id)
    try:
        yield
    finally:
        _actor.reset(actor)
        _import.reset(import_)


def actor_id() -> int | None:
    """The user on whose behalf is being written; ``None`` at the command line."""
    return _actor.get()


def plain(value: Any) -> Any:
    """A column's value in JSON's types."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def columns_of(fact: Model) -> dict[str, Any]:
    """A row's columns by their attribute names, in JSON's types."""
    return {item.key: plain(getattr(fact, item.key)) for item in inspect(fact).mapper.column_attrs}


def record(
    verb: str,
    fact: Model,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    account_id: int | None = None,
    effective_on: date | None = None,
) -> Change:
    """Write one line of the audit log about a stored fact (it must have its id)."""
    change = Change(
        user_id=_actor.get(),
        import_id=_import.get(),
        verb=verb,
        kind=fact.__tablename__,
        fact_id=fact.id,  # type: ignore[attr-defined]  # every audited table has one
        account_id=account_id,
        effective_on=effective_on,
        before=None if before is None else {key: plain(value) for key, value in before.items()},
        after=None if after is None else {key: plain(value) for key, value in after.items()},
    )
    db.session.add(change)
    return change


def add(verb: str, fact: Model, *, account_id: int | None = None) -> None:
    """Store a new fact and log it with all its columns."""
    if hasattr(fact, "recorded_by"):
        fact.recorded_by = _actor.get()
        fact.import_id = _import.get()  # type: ignore[attr-defined]  # both come with Recorded
    db.session.add(fact)
    db.session.flush()
    record(verb, fact, after=columns_of(fact), account_id=account_id)


def revise(
    verb: str,
    fact: Model,
    values: Mapping[str, Any],
    *,
    account_id: int | None = None,
    effective_on: date | None = None,
) -> bool:
    """Change columns of a stored fact and log what differs; ``False`` where nothing does."""
    before = {key: getattr(fact, key) for key in values if getattr(fact, key) != values[key]}
    if not before:
        return False
    after = {key: values[key] for key in before}
    for key, value in after.items():
        setattr(fact, key, value)
    db.session.flush()
    record(verb, fact, before=before, after=after, account_id=account_id, effective_on=effective_on)
    return True


def refuse_changed_later(fact: Model, values: Mapping[str, Any], day: date | None) -> None:
    """Raise ``Refused`` where one of these columns changed on a later day than ``day``.

    Days before such a change keep what stood there then: what is written between would be lost.
    """
    if day is None:
        return
    undone = select(Import.id).where(Import.status == "undone")
    later = db.session.execute(
        select(Change.effective_on, Change.before)
        .where(
            Change.kind == fact.__tablename__,
            Change.fact_id == fact.id,  # type: ignore[attr-defined]  # as in record
            Change.effective_on > day,
            or_(Change.import_id.is_(None), Change.import_id.not_in(undone)),
        )
        .order_by(Change.effective_on)
    )
    for on, before in later:
        if changed := sorted(set(before or ()) & set(values)):
            raise Refused(
                "The {columns} on record holds from {on} on. Give that day or a later one.",
                columns=[label_message("column", key) for key in changed],
                on=on,
            )


def remove(verb: str, fact: Model, *, account_id: int | None = None) -> None:
    """Take back a fact that was never true; the log keeps all its columns."""
    record(verb, fact, before=columns_of(fact), account_id=account_id)
    db.session.delete(fact)
    db.session.flush()


# --- locks: in one order, so that two cannot wait for each other (docs/adr/0019)


def lock(*facts: Model, of: Callable[[], set[int]] | None = None) -> set[int]:
    """Lock what a verb is about; returns the accounts concerned. The first thing a verb does.

    First the accounts concerned, in the order of their ids, then the facts; all that is read from
    there on is as it is now. ``of`` says which accounts, where it is not all that the facts
    concern. Raises ``NotFound`` where a fact is gone.
    """
    find = of or (lambda: {number for fact in facts for number in _accounts_concerned(fact)})
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


def lock_accounts(account_ids: Iterable[int]) -> list[Account]:
    """The accounts, locked in the order of their ids until the unit of work ends.

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


# --- which accounts a fact concerns


def _accounts_concerned(fact: Model) -> set[int]:
    """The accounts whose views a change of this fact may change."""
    match fact:
        case Account():
            return {fact.id}
        case Unit() | Project() | NextStep() | Alert():
            return {fact.account_id}
        case Post():
            return {fact.unit.account_id}
        case Person():
            return accounts_of(fact.id)
        case Contact():
            return {fact.account_id} | accounts_of(fact.person_id)
        case Tenure():
            return {fact.post.unit.account_id} | accounts_of(fact.person_id)
        case Tie():
            return accounts_of_tie(fact.a_id, fact.b_id)
        case Touch():
            return workplaces_of(row.person_id for row in fact.people)
        case Claim(person_id=None):
            return _accounts_concerned(db.session.get_one(Post, fact.post_id))
        case Claim():
            return accounts_of(fact.person_id or 0)
    return set()


def accounts_of(*person_ids: int) -> set[int]:
    """The accounts that facts about these people concern.

    Where they hold or held a post or are a contact, and where those do with whom they have a tie
    or a touch. One of us also shows where an outsider whom they know has a tie. And those that they
    own, or where they are in a next step.
    """
    partners = {*person_ids, *_tied_to(person_ids)}
    touches = select(TouchPerson.touch_id).where(TouchPerson.person_id.in_(person_ids))
    partners |= set(
        db.session.scalars(select(TouchPerson.person_id).where(TouchPerson.touch_id.in_(touches)))
    )
    ours = _of_side("us", person_ids)
    if ours:
        partners |= _tied_to(_of_side("client", _tied_to(ours)))
    return workplaces_of(partners) | _named_in_plans(person_ids)


def _named_in_plans(person_ids: Iterable[int]) -> set[int]:
    """The accounts that one of these owns, or whose next steps name one."""
    ends = (NextStep.person_id, NextStep.owner_id, NextStep.through_id)
    owned = select(Account.id).where(Account.owner_id.in_(person_ids))
    planned = select(NextStep.account_id).where(or_(*(end.in_(person_ids) for end in ends)))
    return set(db.session.scalars(union(owned, planned)))


def accounts_of_tie(*person_ids: int) -> set[int]:
    """The accounts in whose views ties between these people stand.

    Where they hold or held a post or are a contact, and where those do with whom those of theirs
    have a tie: there they may be outsiders.
    """
    return workplaces_of({*person_ids, *_tied_to(_of_side("client", person_ids))})


def _of_side(side: str, person_ids: Iterable[int]) -> set[int]:
    query = select(Person.id).where(Person.id.in_(set(person_ids)), Person.side == side)
    return set(db.session.scalars(query))


def _tied_to(person_ids: Iterable[int]) -> set[int]:
    """With whom these people have a tie."""
    wanted, found = set(person_ids), set()
    for one, other in ((Tie.a_id, Tie.b_id), (Tie.b_id, Tie.a_id)):
        found |= set(db.session.scalars(select(other).where(one.in_(wanted))))
    return found


def workplaces_of(person_ids: Iterable[int]) -> set[int]:
    """The accounts where these people hold or held a post, or are a contact."""
    wanted = set(person_ids)
    held = (
        select(Unit.account_id)
        .join(Post, Post.unit_id == Unit.id)
        .join(Tenure, Tenure.post_id == Post.id)
        .where(Tenure.person_id.in_(wanted))
    )
    listed = select(Contact.account_id).where(Contact.person_id.in_(wanted))
    return set(db.session.scalars(union(held, listed)))
