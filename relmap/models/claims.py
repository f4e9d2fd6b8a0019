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

from relmap.errors import Refused
from relmap.models.base import db

__all__ = ["KINDS", "claim", "is_anybody_at_work"]

KINDS: Final = ("account", "what-if", "back-test", "day")
FIRST_CLASS: Final = 0x52454C00
"""Other programs of the same database take other numbers for their locks."""


def claim(kind: str, number: int) -> AbstractContextManager[bool]:
    """Whether the turn is ours: then it is nobody else's as long as the block lasts.

    ``number`` is the id of the account, what-if, back-test or question for a day. Raises
    ``Refused`` where no file can be made beside the book.
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
    try:
        with _path().open("r") as file:
            return not _locked(file, fcntl.LOCK_SH)
    except OSError:  # nobody has claimed anything, or it is not for us to know
        return False


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
    path = _path()
    try:
        path.touch(mode=0o600)
        file = path.open("r+")
    except OSError as error:
        raise Refused(
            "{path} cannot be written ({reason}), where relmap notes who works on what. Look whose "
            "the file and its folder are.",
            path=path,
            reason=error.strerror,
        ) from error
    with file:  # that it is closed releases the byte
        yield _locked(file, fcntl.LOCK_EX, 1, place)


def _locked(file: Any, how: int, length: int = 0, place: int = 0) -> bool:
    try:
        fcntl.lockf(file, how | fcntl.LOCK_NB, length, place)
    except (BlockingIOError, PermissionError):  # of lockf: somebody else has it
        return False
    return True


def _path() -> Path:
    book = Path(db.engine.url.database or "").resolve()  # the same by whatever link
    return book.with_name(f"{book.name}-claims")
