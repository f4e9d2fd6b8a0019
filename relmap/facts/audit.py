"""The audit log: what every verb writes besides its own rows, and on whose behalf.

A verb begins with :func:`~relmap.facts.locks.lock`, so that what it reads from there on stays. It
writes its rows, then calls :func:`record` for the fact and
:func:`~relmap.facts.locks.raise_revision` for the accounts concerned, in the same unit of work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, or_, select

from relmap.errors import Refused
from relmap.languages.labels import label_message
from relmap.models import Change, Import, Model, db

__all__ = [
    "acting_as",
    "actor_id",
    "add",
    "columns_of",
    "record",
    "refuse_changed_later",
    "remove",
    "revise",
]

_actor: ContextVar[int | None] = ContextVar("relmap_actor", default=None)
_import: ContextVar[int | None] = ContextVar("relmap_import", default=None)


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
