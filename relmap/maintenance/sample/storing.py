"""The draft becomes rows: in bulk, table by table, its places turned into the database's ids."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import insert

from relmap.facts.audit import actor_id
from relmap.maintenance.sample.draft import Draft
from relmap.models import (
    Account,
    Change,
    Claim,
    Contact,
    ContactPoint,
    ExternalId,
    Model,
    NextStep,
    Person,
    Post,
    Project,
    ProjectPost,
    Recorded,
    Tenure,
    Tie,
    Touch,
    TouchPerson,
    Unit,
    db,
)

__all__ = ["store_draft"]

ORDER: Final[tuple[type[Model], ...]] = (  # what is pointed at comes first
    Person,
    Account,
    ExternalId,
    ContactPoint,
    Unit,
    Post,
    Tenure,
    Contact,
    Tie,
    Touch,
    TouchPerson,
    Claim,
    Project,
    ProjectPost,
    NextStep,
    Change,
)
POINTS_AT: Final = {  # columns that hold an id without a foreign key
    "external_id": {"scope_id": "account"},  # 0, the whole book, stays 0
    "change": {"account_id": "account"},
}
Ids = dict[str, dict[int, int]]  # by table: the place in the draft, the id in the database


def store_draft(draft: Draft) -> dict[int, int]:
    """Write all rows and give the accounts' ids by their places. Does not commit."""
    ids: Ids = {}
    for model in ORDER:
        _store_table(draft, model, ids)
    return ids["account"]


def _store_table(draft: Draft, model: type[Model], ids: Ids) -> None:
    """Insert a table's rows; those that point into their own table after what they point at."""
    table = model.__tablename__
    stored = ids.setdefault(table, {})
    waiting = dict(draft.numbered(model))
    own = [name for name, target in _targets(model).items() if target == table]
    while waiting:
        ready = {
            place: row
            for place, row in waiting.items()
            if all(row[name] is None or row[name] in stored for name in own)
        }
        stored.update(_insert(model, ready, ids))
        waiting = {place: row for place, row in waiting.items() if place not in ready}


def _insert(model: type[Model], rows: Mapping[int, Mapping[str, Any]], ids: Ids) -> dict[int, int]:
    table = model.__table__
    values = [_row(model, row, ids) for row in rows.values()]
    if "id" not in table.columns:
        db.session.execute(insert(model), values)
        return {}
    statement = insert(model).returning(table.c.id, sort_by_parameter_order=True)
    return dict(zip(rows, db.session.scalars(statement, values), strict=True))


def _row(model: type[Model], row: Mapping[str, Any], ids: Ids) -> dict[str, Any]:
    targets = _targets(model)
    values = {
        name: ids[targets[name]][value] if value and name in targets else value
        for name, value in row.items()
    }
    if issubclass(model, Recorded):
        values["recorded_by"] = actor_id()
    if model is Change:
        values["user_id"] = actor_id()
        values["fact_id"] = ids[row["kind"]][row["fact_id"]]
        for state in ("before", "after"):
            values[state] = dict(row[state])
    return values


@cache
def _targets(model: type[Model]) -> dict[str, str]:
    """The columns that hold the ids of a table, with that table."""
    table = model.__table__
    found = {
        column.name: key.target_fullname.partition(".")[0]
        for column in table.columns
        for key in column.foreign_keys
    }
    return {**found, **POINTS_AT.get(model.__tablename__, {})}
