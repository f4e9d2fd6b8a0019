"""Whether a file is a whole book of relmap, and holds nothing besides.

A backup comes from somewhere, and what a database does by itself (triggers, views) it would do in
relmap's name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, text

from relmap.contracts import N_, Message
from relmap.contracts.signs import shown
from relmap.errors import Refused
from relmap.facts.users import ROLES
from relmap.maintenance.check.readable import check_readable
from relmap.models import db
from relmap.models.book import NO_TEXT, known_steps

__all__ = ["reading", "refuse_other_file", "refuse_other_schema", "tables_of"]

MAGIC: Final = b"SQLite format 3\x00"
TABLES: Final = frozenset({"account", "unit", "post", "person", "tenure", "change"})
VERSION: Final = "alembic_version"
NAMED: Final = (CheckConstraint, ForeignKeyConstraint, UniqueConstraint)
OTHER_KINDS: Final = {"trigger": N_("a trigger"), "view": N_("a view"), "table": N_("a table")}


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def tables_of(path: Path) -> set[str]:
    """The names of the tables of a file."""
    with reading(path) as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        return {name for (name,) in connection.execute(query)}


# --- before it takes the place of the present book


def refuse_other_file(path: Path) -> None:
    """Refuse what is no whole backup of a book that this relmap knows."""
    if not path.is_file():
        raise Refused("There is no file {path}.", path=path)
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise Refused("{path} is no backup of relmap: it is not an SQLite database.", path=path)
    try:
        _refuse_contents(path)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise Refused(
            "{path} is damaged ({error}). Take an older backup.", path=path, error=error
        ) from error


def _refuse_contents(path: Path) -> None:
    if missing := TABLES - tables_of(path):
        raise Refused(
            "{path} is no backup of relmap: it has no table {missing}.",
            path=path,
            missing=min(missing),
        )
    with reading(path) as connection:
        _refuse_others(connection, path)
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        found = found.splitlines()[-1]  # a heading may stand above it
        if found != "ok":
            raise Refused(
                "{path} is damaged ({found}). Take an older backup.", path=path, found=found
            )
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise Refused("{path} is damaged: rows point at rows that are gone.", path=path)
        _refuse_step(connection, path)
        _refuse_texts(connection, path)
        _refuse_roles(connection, path)


def _refuse_others(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse triggers, views, and tables that are neither relmap's nor a plug-in's."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    chains = {
        name.removeprefix(f"{VERSION}_") for _, name, _ in rows if name.startswith(f"{VERSION}_")
    }
    known = {*db.metadata.tables, VERSION, *(f"{VERSION}_{chain}" for chain in chains)}
    for kind, name, sql in rows:
        is_plain = (sql or "").upper().startswith("CREATE TABLE")
        is_ours = name in known or any(name.startswith(f"{chain}_") for chain in chains)
        if kind == "index" or name == "sqlite_sequence":
            continue
        if kind != "table" or not is_plain or not is_ours:
            raise Refused(
                "{path} holds {kind} that is not relmap's: {name}. Nothing was restored; take a "
                "backup that relmap wrote.",
                path=path,
                kind=Message(OTHER_KINDS.get(kind, OTHER_KINDS["table"])),
                name=shown(name),
            )


def _refuse_step(connection: sqlite3.Connection, path: Path) -> None:
    steps = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    if len(steps) > 1:
        raise Refused("{path} is damaged: it says that it is of two versions.", path=path)
    if not steps or steps[0][0] not in known_steps():
        raise Refused(
            "{path} was made by a newer relmap. Install that one, then restore.", path=path
        )


def _refuse_texts(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse text that is none: whoever read it later would stumble over it."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in names:
        table = name.replace('"', '""')
        try:
            for _ in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  # the file's own
                pass
        except sqlite3.OperationalError as error:
            if not str(error).startswith(NO_TEXT):
                raise
            raise Refused(
                "{path} is damaged: table {table} holds text that cannot be read. Take an older "
                "backup.",
                path=path,
                table=table,
            ) from error


def _refuse_roles(connection: sqlite3.Connection, path: Path) -> None:
    for name, role in connection.execute('SELECT name, role FROM "user"'):
        if role not in ROLES:
            raise Refused(
                "{path} gives the user {name} the role {role}, which there is not. Nothing was "
                "restored.",
                path=path,
                name=shown(str(name)),
                role=shown(str(role)),
            )


# --- once it is at the newest schema


def refuse_other_schema(path: Path) -> None:
    """Refuse where the book that was taken over lacks a column or constraint, or breaks one."""
    for table in db.metadata.sorted_tables:
        if lacking := _lacking(table.name):
            raise Refused(
                "{path} is damaged: its table {table} is not as relmap makes it ({what}). The "
                "book is as it was.",
                path=path,
                table=table.name,
                what=", ".join(sorted(lacking)),
            )
    for violation in check_readable()[:1]:
        raise Refused(
            "{path} is damaged. {what} The book is as it was.", path=path, what=violation.message
        )


def _lacking(name: str) -> set[str]:
    """Columns and indexes that are too many or missing, and constraints that are missing."""
    table = db.metadata.tables[name]
    query = text("SELECT name, hidden FROM pragma_table_xinfo(:name)").bindparams(name=name)
    columns = {column if not hidden else "" for column, hidden in db.session.execute(query)}
    query = text("SELECT name, type, sql FROM sqlite_master WHERE tbl_name = :name")
    rows = db.session.execute(query.bindparams(name=name)).all()
    sql = " ".join(row.sql or "" for row in rows)
    named = {str(one.name) for one in table.constraints if isinstance(one, NAMED)}
    indexes = {row.name for row in rows if row.type == "index" and row.sql}  # of their own
    others = indexes ^ {str(one.name) for one in table.indexes}
    return columns ^ set(table.c.keys()) | {one for one in named if one not in sql} | others
