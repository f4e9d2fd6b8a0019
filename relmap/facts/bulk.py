"""Rows made many at once: what an import writes, with ids below zero made real."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Table, insert

from relmap.facts.audit import actor_id
from relmap.models import Model, db, utc_now

if TYPE_CHECKING:
    from relmap.facts.snapshots.planned import Made

__all__ = ["RealIds", "make_rows"]

CHUNK: Final = 5_000

RealIds = dict[tuple[str, int], int]
"""Table name and id below zero, to the id the database gave."""


def make_rows(made: Iterable[Made], *, import_id: int | None) -> RealIds:
    """Insert planned rows, parents before children, and say which ids they got.

    A foreign key below zero means a row of the same plan. The audit log gets no line a row: the
    caller writes one for the import, and every row carries ``import_id``.
    """
    by_table: defaultdict[str, list[Made]] = defaultdict(list)
    for row in made:
        by_table[row.kind].append(row)
    real: RealIds = {}
    for table in Model.metadata.sorted_tables:
        waiting = by_table.pop(table.name, [])
        while waiting:  # a row that refers to another of its own table waits for it
            ready = [row for row in waiting if _is_ready(row, table, real)]
            if not ready:
                raise ValueError(f"{table.name}: planned rows refer to each other in a circle")
            _insert(table, ready, real, import_id)
            waiting = [row for row in waiting if (row.kind, row.id) not in real]
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


def _is_ready(row: Made, table: Table, real: RealIds) -> bool:
    return all(
        (target, value) in real
        for key, target in _targets(table).items()
        if (value := row.columns.get(key)) is not None and value < 0
    )


def _insert(table: Table, rows: Sequence[Made], real: RealIds, import_id: int | None) -> None:
    targets = _targets(table)
    recorded: dict[str, Any] = {}
    if "recorded_by" in table.columns:
        recorded = {
            "recorded_at": utc_now(),
            "recorded_by": actor_id(),
            "import_id": import_id,
        }
    alike: defaultdict[frozenset[str], list[Made]] = defaultdict(list)
    for row in rows:  # one statement writes rows of the same columns
        alike[frozenset(row.columns)].append(row)
    for group in alike.values():
        for start in range(0, len(group), CHUNK):
            chunk = group[start : start + CHUNK]
            values = [{**recorded, **_resolved(row.columns, targets, real)} for row in chunk]
            if "id" not in table.columns:
                db.session.execute(insert(table), values)
                real.update({(row.kind, row.id): 0 for row in chunk})
                continue
            ids = db.session.scalars(
                insert(table).returning(table.c.id, sort_by_parameter_order=True), values
            )
            for row, real_id in zip(chunk, ids, strict=True):
                real[row.kind, row.id] = real_id


def _resolved(
    columns: Mapping[str, Any], targets: Mapping[str, str], real: RealIds
) -> dict[str, Any]:
    return {
        key: real[targets[key], value]
        if key in targets and value is not None and value < 0
        else value
        for key, value in columns.items()
    }
