"""Where the book lies, of which relmap it is, and why it cannot be used."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from flask import has_request_context
from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import DBAPIError

from relmap.config import Config
from relmap.contracts.signs import shown
from relmap.errors import Refused
from relmap.models.base import db

__all__ = [
    "BUSY_SECONDS",
    "PAGE_SECONDS",
    "book_edition",
    "book_url",
    "is_lock",
    "known_steps",
    "refusal_of",
    "refuse_other_book",
    "refusing_failures",
]

# An import writes for seconds; whoever waits for it should get the turn, not an error.
BUSY_SECONDS: Final = 30
# Of the few threads that serve pages none should stand still for as long.
PAGE_SECONDS: Final = 5
SQLITE: Final = "sqlite:///"
NO_TEXT: Final = "Could not decode to UTF-8"
NO_ANSWER: Final = ("08", "28", "3D", "53", "57")
"""Classes of PostgreSQL's states: no connection, not let in, no such database, full, closing."""
LOCKED: Final = "55P03"
"""PostgreSQL's state of who waited for a lock in vain."""


def book_edition() -> int:
    """A number that a restored book does not share with the one whose place it took.

    SQLite raises its schema's version when another book is copied over one. On PostgreSQL it is
    always 0: there relmap is stopped while a book is restored.
    """
    if db.engine.dialect.name != "sqlite":
        return 0
    return int(db.session.connection().exec_driver_sql("PRAGMA schema_version").scalar_one())


# --- where it lies


def book_url(config: Config) -> URL:
    """The address of the book; raises ``Refused`` where no book can lie there.

    A file of SQLite is named as in a URL, ``%3F`` for ``?``, on whatever SQLAlchemy runs.
    """
    written = config.database_url.removeprefix(SQLITE)
    if config.database_url == written or written in ("", ":memory:") or written[:5] == "file:":
        return make_url(config.database_url)
    if "?" in written:
        raise Refused(
            "RELMAP_DATABASE_URL has a ? in {path!r}, which ends a path there. Write %3F for ? "
            "and %25 for %.",
            path=written,
        )
    folder = _folder(config, unquote(written))
    if folder != _folder(config, written) and _folder(config, written).is_dir():
        raise Refused(
            "RELMAP_DATABASE_URL has a % in {path!r}, which stands for another sign there. Write "
            "%25 for %.",
            path=written,
        )
    if not folder.is_dir():
        raise Refused(
            "There is no folder {folder} for the book. Make it, or mend RELMAP_DATABASE_URL (%25 "
            "there stands for %, %3F for ?).",
            folder=folder,
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refused(
            "relmap may not write into {folder}, where the book lies. Allow it, or name another "
            "place in RELMAP_DATABASE_URL.",
            folder=folder,
        )
    return URL.create("sqlite", database=unquote(written))


def _folder(config: Config, path: str) -> Path:
    return (config.instance / path).parent


def _name() -> str:
    """The book as people know it: its file, or its server without the password."""
    url = db.engine.url
    name = url.database or "" if url.drivername == "sqlite" else url.render_as_string()
    return shown(name)


# --- why it fails


@contextmanager
def refusing_failures() -> Iterator[None]:
    """Raise ``Refused`` in place of a failure of the database that somebody can mend."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        if refusal := refusal_of(error):
            raise refusal from error
        raise


def refusal_of(error: Exception) -> Refused | None:
    """What somebody can do about a failure of the database; ``None`` where it is our fault."""
    if is_lock(error):
        return _refusal_of_lock()
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _refusal_of_sqlite(cause)
    state = getattr(cause, "sqlstate", None)
    is_away = type(cause).__name__ == "OperationalError" and state is None
    if not is_away and not str(state or "").startswith(NO_ANSWER):
        return None
    return Refused(
        "The database does not answer ({reason}). Look after it, then try again.",
        reason=str(cause).strip().partition("\n")[0],
    )


def is_lock(error: Exception) -> bool:
    """Whether it failed because somebody else held for too long what it waited for."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the rest says which kind of it
        return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(cause, "sqlstate", None) == LOCKED


def _refusal_of_sqlite(cause: sqlite3.Error) -> Refused | None:
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the rest says which kind of it
    if str(cause).startswith(NO_TEXT):  # of Python's own module, without a code
        return Refused(
            "{book} holds text that cannot be read. See where: relmap check. Then restore a "
            "backup: relmap restore FILE",
            book=_name(),
        )
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return Refused(
            "{book} is no database, or is damaged. Name another file in RELMAP_DATABASE_URL, or "
            "move this one away and restore a backup: relmap restore FILE",
            book=_name(),
        )
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return Refused(
            "{book} cannot be written ({reason}). Look whose the file and its folder are.",
            book=_name(),
            reason=str(cause),
        )
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return Refused(
            "The disk of {book} does not take more ({reason}). Make room, then try again.",
            book=_name(),
            reason=str(cause),
        )
    return None


def _refusal_of_lock() -> Refused:
    if has_request_context():
        return Refused(
            "Something long is being written, such as an import or an erasure, and yours waited "
            "its turn in vain. Nothing of it was saved; try again in a minute."
        )
    return Refused(
        "Another program has been writing into {book} for more than {seconds} seconds. "
        "Nothing was written. Close it there, then try again.",
        book=_name(),
        seconds=BUSY_SECONDS,
    )


# --- of which relmap it is


@cache
def known_steps() -> tuple[str, ...]:
    """The steps of the core's migrations, the oldest first, read without loading Alembic."""
    folder = files("relmap_migrations") / "versions"
    names = (file.name for file in folder.iterdir())
    return tuple(sorted(name.partition("_")[0] for name in names if name[:1].isdecimal()))


@refusing_failures()
def refuse_other_book(*, is_older_taken: bool = False, is_newer_taken: bool = False) -> None:
    """Raise ``Refused`` for a book of a newer relmap, of an older one, and for no book at all.

    A file that is another program's, damaged or no database is refused in any case.
    """
    step = _step()
    if step is not None and step not in known_steps():
        if is_newer_taken:
            return
        raise Refused(
            "{book} was written by a newer relmap (step {step}; this one knows {newest}). Install "
            "that one; nothing was changed.",
            book=_name(),
            step=step,
            newest=known_steps()[-1],
        )
    if step != known_steps()[-1] and not is_older_taken:
        raise Refused("The database is not at this version's schema. Run: relmap init")


def _step() -> str | None:
    """The step the book is at, ``None`` where there is no book yet; no file is made by asking."""
    is_file = db.engine.dialect.name == "sqlite"
    if is_file and db.engine.url.database and not _file().exists():
        return None
    with db.engine.connect() as connection:
        tables = set(db.inspect(connection).get_table_names())
        if "alembic_version" in tables:
            step = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return None if step is None else str(step)
    if is_file and tables:
        raise Refused(
            "{book} is a database of another program. Name another file in RELMAP_DATABASE_URL.",
            book=_name(),
        )
    return None


def _file() -> Path:
    return Path(db.engine.url.database or "")
