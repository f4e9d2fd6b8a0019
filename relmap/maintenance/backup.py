"""The whole book to a file and back, while relmap runs; docs/backup.md says when and how often.

Only SQLite keeps the book in a file of ours. On PostgreSQL its own programs do this better, and the
refusal says which.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from relmap.contracts import N_
from relmap.errors import Refused
from relmap.maintenance.book_file import (
    reading,
    refuse_other_file,
    refuse_other_schema,
    tables_of,
)
from relmap.models import db, utc_now

__all__ = ["backup", "restore"]

PATIENCE: Final = 30.0  # seconds to wait for somebody who writes
NOT_BACKED_UP: Final = N_(
    "The book is in PostgreSQL. Back it up with its own program (it asks for the password):\n"
    "    {command}"
)
NOT_RESTORED: Final = N_(
    "The book is in PostgreSQL. Restore it with its own program (it asks for the password):\n"
    "    {command}"
)
TO_DUMP: Final = 'pg_dump --format=custom --file="{file}" "{url}"'
TO_RESTORE: Final = 'pg_restore --clean --if-exists --no-owner --dbname="{url}" "{file}"'


def backup(path: Path) -> None:
    """Write the whole database to a file that is not there yet, readable by its owner only.

    Others may read and write meanwhile: the file holds one moment. It appears when it is whole.
    """
    _refuse_postgresql(NOT_BACKED_UP, TO_DUMP, path)
    path = path.absolute()
    _refuse_taken(path)
    with _unfinished(path) as part:
        with closing(db.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            try:
                cursor.execute("VACUUM INTO ?", (str(part),))
            except sqlite3.OperationalError as error:
                _refuse_full(error, path)
                raise
            cursor.close()
        _publish(part, path)


def restore(path: Path) -> Path | None:
    """Put the database back as a backup holds it; the present one is kept in the file returned.

    ``None`` where there was nothing to keep. The backup is looked through first, and nothing is
    changed where it cannot be right; one of an older relmap is brought to the newest schema. Who
    reads meanwhile sees the old state to the end, who comes later the new one.
    """
    from relmap.models.schema import upgrade

    _refuse_postgresql(NOT_RESTORED, TO_RESTORE, path)
    path, present = path.absolute(), _present_file()
    if path.exists() and present.exists() and path.samefile(present):
        raise Refused("{path} is the database in use. Name the file of a backup.", path=path)
    refuse_other_file(path)
    db.session.remove()
    kept = _keep(present)
    try:
        _copy(path, present)
    except BaseException:
        if kept is not None:
            kept.unlink()  # the present book is as it was
        raise
    try:
        upgrade()
        refuse_other_schema(path)
    except BaseException:
        db.session.remove()
        if kept is not None:
            _copy(kept, present)
        raise
    finally:
        db.session.remove()
        db.engine.dispose()  # connections that know the old tables
    return kept


def _refuse_postgresql(text: str, line: str, path: Path) -> None:
    if db.engine.dialect.name == "sqlite":
        return
    url = db.engine.url.set(drivername="postgresql", password=None)
    shown = line.format(url=url.render_as_string(), file=path)
    raise Refused(text, command=shown)


def _refuse_taken(path: Path) -> None:
    if os.path.lexists(path):
        raise Refused(
            "{path} is there already; a backup overwrites nothing. Name another file.", path=path
        )
    if not path.parent.is_dir():
        raise Refused("There is no folder {parent}. Make it first.", parent=path.parent)


def _refuse_full(error: sqlite3.Error, path: Path) -> None:
    """Refuse where the backup, which may lie on another disk than the book, has no room."""
    if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        raise Refused(
            "The disk of {book} does not take more ({reason}). Make room, then try again.",
            book=path,
            reason=error,
        ) from error


def _present_file() -> Path:
    name = db.engine.url.database
    if not name or name == ":memory:":
        raise Refused("The database is in memory only: there is no file to restore it to.")
    return Path(name).absolute()


# --- files


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A file beside ``path``, its owner's only, that is gone in the end.

    In a folder of its own, with which what SQLite lays beside it goes as well.
    """
    with tempfile.TemporaryDirectory(
        prefix=f".{path.name}.", suffix=".part", dir=path.parent
    ) as folder:
        part = Path(folder, "book")
        part.touch(mode=0o600)
        yield part


def _publish(part: Path, path: Path) -> None:
    """Give the finished file its name; it is on the disk by then, and nobody's is overwritten."""
    _flush(part)
    try:
        os.link(part, path)
    except FileExistsError:
        _refuse_taken(path)
        raise
    except OSError:  # a file system without links
        _refuse_taken(path)
        part.rename(path)
    _flush(path.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep(present: Path) -> Path | None:
    """Copy the present book beside itself, named after this moment."""
    if not present.exists() or not tables_of(present):
        return None
    moment = utc_now().strftime("%Y%m%d-%H%M%S")
    kept = present.with_name(f"{present.stem}-before-restore-{moment}{present.suffix}")
    number = 2
    while kept.exists():
        kept = kept.with_name(f"{present.stem}-before-restore-{moment}-{number}{present.suffix}")
        number += 1
    backup(kept)
    return kept


def _copy(source: Path, target: Path) -> None:
    """Make the target hold what the source holds, in one transaction of the target."""
    began = time.monotonic()

    def wait(status: int, remaining: int, total: int) -> None:
        is_locked = status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        if is_locked and time.monotonic() - began > PATIENCE:
            raise Refused("Somebody is writing all the time. Stop relmap, then restore.")

    target.touch(mode=0o600)  # its owner's only, where it is new
    with reading(source) as reader, closing(sqlite3.connect(target)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        reader.backup(writer, pages=-1, progress=wait, sleep=0.1)
