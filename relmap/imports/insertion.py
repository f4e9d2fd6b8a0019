"""Rows made many at once: what an import writes, with ids below zero made real."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, func, insert, literal, literal_column, select, text

from relmap.facts.audit import actor_id
from relmap.models import Model, db, utc_now
from relmap.models.chunks import ROWS, chunked

if TYPE_CHECKING:
    from relmap.imports.plan import Made

__all__ = ["RealIds", "make_rows"]

RealIds = dict[tuple[str, int], int]
"""Table name and id below zero, to the id the database gave."""


def make_rows(
    made: Iterable[Made], *, import_id: int | None, known: RealIds | None = None
) -> RealIds:
    """Insert planned rows, parents before children, and say which ids they got.

    A foreign key below zero means a row of the same plan, or one of ``known``, made before. The
    audit log gets no line a row: the caller writes one for the import, and every row carries
    ``import_id``.
    """
    by_table: defaultdict[str, list[Made]] = defaultdict(list)
    for row in made:
        by_table[row.kind].append(row)
    real = dict(known or {})
    for table in Model.metadata.sorted_tables:
        waiting = by_table.pop(table.name, [])
        targets = _targets(table)
        own = [key for key, target in targets.items() if target == table.name]
        while waiting:  # a row that refers to another of its own table waits for it
            ready = [row for row in waiting if _is_ready(row, own, real)] if own else waiting
            if not ready:
                raise ValueError(f"{table.name}: planned rows refer to each other in a circle")
            _insert(table, ready, targets, real, import_id)
            waiting = [row for row in waiting if (row.kind, row.id) not in real] if own else []
    if by_table:
        raise ValueError(f"There are no tables {', '.join(by_table)}")
    return real


def _targets(table: Table) -> dict[str, str]:
    """Columns that refer to a table, and which."""
    targets = {
        column.key: next(iter(column.foreign_keys)).column.table.name
        for column in table.columns
        if column.foreign_keys
    }
    if table.name == "external_id":
        targets["scope_id"] = "account"  # 0 for no account, hence no foreign key
    return targets


def _is_ready(row: Made, own: Sequence[str], real: RealIds) -> bool:
    return all(
        (row.kind, value) in real
        for key in own
        if (value := row.columns.get(key)) is not None and value < 0
    )


def _insert(
    table: Table,
    rows: Sequence[Made],
    targets: Mapping[str, str],
    real: RealIds,
    import_id: int | None,
) -> None:
    recorded = _recorded(table, import_id)
    numbers: Sequence[int] = _new_ids(table, len(rows)) if "id" in table.columns else ()
    alike: defaultdict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for row, number in zip_longest(rows, numbers):  # one statement writes rows of the same columns
        values = _resolved(row.columns, targets, real)
        if number is not None:
            values["id"] = number
        alike[frozenset(row.columns)].append(values)
        real[row.kind, row.id] = number or 0
    for keys, group in alike.items():
        statement = insert(table).values({key: recorded[key] for key in recorded.keys() - keys})
        for some in chunked(group, ROWS):
            db.session.execute(statement, some)


def _recorded(table: Table, import_id: int | None) -> dict[str, Any]:
    """When the rows were learnt, by whom, from what: the same for all, so part of the statement.

    As values of each row they would be looked at again for each: a fifth of all the time.
    """
    if "recorded_by" not in table.columns:
        return {}
    values = {"recorded_at": utc_now(), "recorded_by": actor_id(), "import_id": import_id}
    dialect = db.session.connection().dialect
    return {
        key: literal_column(
            str(
                literal(value, table.c[key].type).compile(
                    dialect=dialect, compile_kwargs={"literal_binds": True}
                )
            ),
            table.c[key].type,
        )
        for key, value in values.items()
    }


def _new_ids(table: Table, count: int) -> Sequence[int]:
    """Ids for rows to come, taken before they are written.

    Asking each row for the id it got would send the rows one by one: SQLite does not say which id
    is whose. There nobody else writes while our unit of work does; elsewhere the sequence is asked.
    """
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        given = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        last = db.session.scalar(given, {"name": table.name}) or 0  # deleted rows' ids included
        return range(last + 1, last + 1 + count)
    sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
    number = func.nextval(sequence)
    taken = db.session.scalars(select(number).select_from(func.generate_series(1, count)))
    return sorted(taken)


def _resolved(
    columns: Mapping[str, Any], targets: Mapping[str, str], real: RealIds
) -> dict[str, Any]:
    values = dict(columns)
    for key, target in targets.items():
        value = values.get(key)
        if value is not None and value < 0:
            values[key] = real[target, value]
    return values
