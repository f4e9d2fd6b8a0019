"""How units of work open and close.

On SQLite a transaction that reads and then writes fails at once with "database is locked" when
somebody else wrote in between, whatever the timeout. So a unit of work that writes says so before
it reads: ``with writing(): ...`` opens with ``BEGIN IMMEDIATE`` and waits its turn. Everything
else only reads, and writing outside is refused, on PostgreSQL as well. There what only reads is
``REPEATABLE READ READ ONLY``: a page of nine queries sees one moment, as on SQLite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from flask import Flask, has_request_context
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from relmap.config import Config, default_url
from relmap.models.base import db
from relmap.models.book import BUSY_SECONDS, PAGE_SECONDS, book_url

__all__ = ["attach_database", "is_writing", "locked_accounts", "writing"]

OUTSIDE: Final = "Facts are written inside `with writing():`, and nowhere else."
WRITES: Final = re.compile(r"\s*(insert|update|delete|replace|merge)\b", re.IGNORECASE)
OURS: Final = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
KEPT_ALIVE: Final = (
    "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
)
"""In seconds; over a socket of this machine it says nothing."""
_locked: ContextVar[set[int] | None] = ContextVar("relmap_locked", default=None)
"""The accounts that the unit of work locked; ``None`` outside of one."""


@contextmanager
def writing() -> Iterator[None]:
    """One unit of work that writes: commits at the end, rolls back on any exception."""
    if is_writing():
        raise RuntimeError("A unit of work is already open: services do not open their own.")
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("There are changes from outside a unit of work; they would be lost.")
    db.session.rollback()  # end the reading transaction: what it saw may be old
    # From here on the first statement opens a transaction anew, on SQLite as BEGIN IMMEDIATE.
    token = _locked.set(set())
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _locked.reset(token)


def is_writing() -> bool:
    """Whether a unit of work is open."""
    return _locked.get() is not None


def locked_accounts() -> set[int]:
    """The accounts that this unit of work has locked, to be added to."""
    locked = _locked.get()
    if locked is None:
        raise RuntimeError(OUTSIDE)
    return locked


@event.listens_for(Session, "before_flush")
def _refuse_writing_outside(session: Session, *_: Any) -> None:
    if not is_writing():
        raise RuntimeError(OUTSIDE)


def _refuse_statement_outside(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    """What never passes a flush: Core's inserts, updates and deletes, and plain text."""
    if not is_writing() and WRITES.match(statement):
        raise RuntimeError(OUTSIDE)


def attach_database(app: Flask, config: Config) -> None:
    """Give an application its settings and its database: all that jobs need, without the pages.

    Raises ``Refused`` where the book cannot lie where the settings say.
    """
    if config.database_url == default_url(config.instance):
        config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.extensions["relmap.config"] = config
    app.config.update(
        SQLALCHEMY_DATABASE_URI=book_url(config),
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # no names, no hashes in the log
    )
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            _prepare_engine(engine)


def _prepare_engine(engine: Engine) -> None:
    """Set up the way transactions begin, what they may write, and SQLite's pragmas."""
    event.listen(engine, "before_cursor_execute", _refuse_statement_outside)
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _connect_to_postgresql)
        event.listen(engine, "begin", _begin_in_postgresql)
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        if cursor.execute(OURS).fetchone():  # no byte of another program's file is changed
            cursor.execute("PRAGMA journal_mode = WAL")  # who reads waits for nobody who writes
        cursor.execute("PRAGMA synchronous = NORMAL")  # with WAL whole after a crash
        cursor.execute("PRAGMA foreign_keys = ON")  # SQLite leaves them unchecked otherwise
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if not is_writing():
            connection.exec_driver_sql("BEGIN")
            return
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_patience()}")
        cursor.close()
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _connect_to_postgresql(connection: Any, _: Any) -> None:
    """Wait for a lock no longer than on SQLite; by itself PostgreSQL waits for ever.

    Nor does it wait two hours to see that our machine has died, and with it what we had claimed.
    """
    connection.execute(f"SET lock_timeout = {BUSY_SECONDS * 1000}")
    connection.execute(KEPT_ALIVE)
    connection.commit()


def _begin_in_postgresql(connection: Connection) -> None:
    """Say how the transaction begins; psycopg does so with its first statement."""
    from psycopg import IsolationLevel  # there with the extra only

    driver: Any = connection.connection.dbapi_connection
    writes = is_writing()
    driver.read_only = not writes
    driver.isolation_level = None if writes else IsolationLevel.REPEATABLE_READ
    if writes and has_request_context():
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_patience()}")


def _patience() -> int:
    """For how many milliseconds a unit of work waits for whoever writes."""
    return int((PAGE_SECONDS if has_request_context() else BUSY_SECONDS) * 1000)
