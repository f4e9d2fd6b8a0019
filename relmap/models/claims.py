"""Who works on what: a claim is released by the end of its turn, or by the death of its holder.

On PostgreSQL it is an advisory lock of a connection of its own (so that PgBouncer has to pool by
session), on SQLite a locked byte of a file beside the book.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, literal_column, select, table
from sqlalchemy.exc import DBAPIError

from relmap.models.base import db

__all__ = ["KINDS", "claim", "is_anybody_at_work"]

KINDS: Final = ("account", "what-if", "back-test")
FIRST_CLASS: Final = 0x52454C00
"""Other programs of the same database take other numbers for their locks."""


def claim(kind: str, number: int) -> AbstractContextManager[bool]:
    """Whether the turn is ours: then it is nobody else's as long as the block lasts.

    ``number`` is the id of the account, what-if or back-test.
    """
    if db.engine.dialect.name == "postgresql":
        return _lock(FIRST_CLASS + KINDS.index(kind), number)
    return _byte(number * len(KINDS) + KINDS.index(kind))


def is_anybody_at_work() -> bool:
    """Whether some worker, on whatever machine, holds a claim."""
    if db.engine.dialect.name == "postgresql":
        held = (
            select(1)
            .select_from(table("pg_locks"))
            .where(
                literal_column("locktype") == "advisory",
                literal_column("database")
                == select(literal_column("oid"))
                .select_from(table("pg_database"))
                .where(literal_column("datname") == func.current_database())
                .scalar_subquery(),
                literal_column("classid").between(FIRST_CLASS, FIRST_CLASS + len(KINDS) - 1),
            )
        )
        return db.session.scalar(held.limit(1)) is not None
    with _file().open("r") as file:
        return not _locked(file, fcntl.LOCK_SH)


@contextmanager
def _lock(kind: int, number: int) -> Iterator[bool]:
    engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        is_ours = bool(connection.scalar(select(func.pg_try_advisory_lock(kind, number))))
        try:
            yield is_ours
        finally:
            if is_ours:
                _release(connection, kind, number)


def _release(connection: Any, kind: int, number: int) -> None:
    try:
        connection.execute(select(func.pg_advisory_unlock(kind, number)))
    except DBAPIError:
        connection.invalidate()  # the claim goes with it, and never back into the pool


@contextmanager
def _byte(place: int) -> Iterator[bool]:
    with _file().open("r+") as file:  # that it is closed releases the byte
        yield _locked(file, fcntl.LOCK_EX, 1, place)


def _locked(file: Any, how: int, length: int = 0, place: int = 0) -> bool:
    try:
        fcntl.lockf(file, how | fcntl.LOCK_NB, length, place)
    except OSError:
        return False
    return True


def _file() -> Path:
    path = Path(f"{db.engine.url.database}-claims")
    path.touch(mode=0o600)
    return path
