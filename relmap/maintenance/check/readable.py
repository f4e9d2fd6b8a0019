"""What the database holds in place of a value: text that is none, days that are none, other types.

SQLite takes anything in any column, and of a file that somebody else wrote the table may lack its
constraints. Whoever reads such a row stumbles over it, so that it is looked for first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    Select,
    Table,
    TextClause,
    cast,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from relmap.contracts import Message, Ref
from relmap.maintenance.check.violation import Violation
from relmap.models import db

__all__ = ["check_readable"]

MOST: Final = 20  # of one table: who has more needs a backup and not a list
UNREADABLE: Final = (DBAPIError, ValueError, TypeError, OverflowError, LookupError)


def check_readable() -> list[Violation]:
    """Rows that cannot be read or that break a constraint, a few of each table."""
    return [row for table in db.metadata.sorted_tables for row in _damaged(table)][:MOST]


def _damaged(table: Table) -> list[Violation]:
    try:
        found = list(_refused(table))
        _read(select(table))
    except UNREADABLE as error:
        db.session.rollback()
        return list(_unreadable(table)) or [_violation(table, 0, error)]
    return found


def _read(query: Select[Any]) -> None:
    for _ in db.session.execute(query.execution_options(yield_per=1_000)):
        pass


def _unreadable(table: Table) -> Iterator[Violation]:
    """The first rows of a table that cannot be read, one by one."""
    if "id" not in table.c:
        return
    try:
        numbers = db.session.scalars(select(cast(table.c.id, Integer))).all()
    except UNREADABLE:  # the table is gone, or a page of the file
        db.session.rollback()
        return
    found = 0
    for number in numbers:
        try:
            _read(select(table).where(table.c.id == number))
        except UNREADABLE as error:
            db.session.rollback()
            yield _violation(table, number, error)
            found += 1
        if found == MOST:
            return


def _refused(table: Table) -> Iterator[Violation]:
    """Rows that the database would refuse by its own schema; PostgreSQL has refused them."""
    if db.engine.dialect.name != "sqlite":
        return
    wrong: list[ColumnElement[bool] | TextClause] = [_is_wrong(column) for column in table.c]
    wrong += [
        text(f"NOT ({one.sqltext})")
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    ]
    number = table.c.id if "id" in table.c else func.coalesce(0, 0)
    for (row,) in db.session.execute(select(number).where(or_(*wrong)).limit(MOST)):
        yield Violation(
            "damaged",
            Ref(table.name, row if isinstance(row, int) else 0),
            Message(
                "A row of table {table} holds a value that it cannot hold.", {"table": table.name}
            ),
        )


def _is_wrong(column: Any) -> ColumnElement[bool]:
    kinds = {"text"}
    if isinstance(column.type, Integer | Boolean):
        kinds = {"integer"}
    elif isinstance(column.type, Float | Numeric):
        kinds = {"integer", "real"}
    elif isinstance(column.type, LargeBinary):
        kinds = {"blob"}
    if column.nullable:
        kinds.add("null")
    return func.typeof(column).not_in(sorted(kinds))


def _violation(table: Table, number: int, error: Exception) -> Violation:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return Violation(
        "damaged",
        Ref(table.name, number),
        Message(
            "A row of table {table} cannot be read ({reason}).",
            {"table": table.name, "reason": str(cause).partition("\n")[0]},
        ),
    )
