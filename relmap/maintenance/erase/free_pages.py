"""What a database still holds of rows that were changed or deleted."""

from __future__ import annotations

from contextlib import closing

from sqlalchemy import text

from relmap.errors import Refused
from relmap.models import db

__all__ = ["forget_free_pages"]

PATIENCE_MS = 30_000  # how long to wait for others to finish reading


def forget_free_pages() -> None:
    """Rewrite the database so that nothing of erased rows is left in its files.

    Call it after the unit of work has committed, outside any transaction. Refused where another
    program keeps an old state open; erasing the same person again then repeats this step alone.
    PostgreSQL's own archive of its log, if one is kept, is out of reach.
    """
    db.session.rollback()  # our own reading transaction would keep the old pages
    if db.engine.dialect.name == "sqlite":
        _rewrite_sqlite()
    else:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (FULL)"))


def _rewrite_sqlite() -> None:
    with closing(db.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        cursor.execute("VACUUM")
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.close()
    if busy:
        raise Refused(
            "The names are out of the book, but its files still hold them, because another program "
            "is reading. Stop relmap and give the same command once more."
        )
