"""What a database still holds of rows that were changed or deleted."""

from __future__ import annotations

import time
from contextlib import closing
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from relmap.errors import Refused
from relmap.models import db
from relmap.models.book import is_lock

__all__ = ["forget_free_pages"]

PATIENCE_MS: Final = 30_000  # how long to wait for others to finish reading
LOCK_MS: Final = 2_000  # as long do those who come later wait behind us for a table
OLDER: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
    "AND datname = current_database() AND age(backend_xmin) > age(CAST(:now AS xid))"
)
"""Who sees the database as it was before a transaction: for them the old rows are kept."""


def forget_free_pages() -> None:
    """Rewrite the database so that nothing of erased rows is left in its files.

    Call it after the unit of work has committed, outside any transaction. Refused where another
    program keeps an old state open; erasing the same person again then repeats this step alone.
    PostgreSQL's own archive of its log, if one is kept, is out of reach.
    """
    db.session.rollback()  # our own reading transaction would keep the old pages
    is_rewritten = _rewrite_sqlite if db.engine.dialect.name == "sqlite" else _rewrite_postgresql
    if not is_rewritten():
        raise Refused(
            "The names are out of the book, but its files still hold them, because another program "
            "is reading. Stop relmap and give the same command once more."
        )


def _rewrite_sqlite() -> bool:
    with closing(db.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        cursor.execute("VACUUM")
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.close()
    return not busy


def _rewrite_postgresql() -> bool:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not _old_states_ended(connection):
            return False
        connection.execute(text(f"SET lock_timeout = {LOCK_MS}"))
        try:
            connection.execute(text("VACUUM (FULL)"))
        except OperationalError as error:
            if is_lock(error):
                return False
            raise
        finally:
            connection.invalidate()  # nobody after us goes by our patience
    return True


def _old_states_ended(connection: Connection) -> bool:
    """Wait until nobody sees the book as it was, as pages do for a moment."""
    now = connection.scalar(text("SELECT CAST(pg_current_xact_id() AS text)"))
    ends_at = time.monotonic() + PATIENCE_MS / 1000
    while connection.scalar(OLDER, {"now": now}):
        if time.monotonic() > ends_at:
            return False
        time.sleep(0.05)
    return True
