"""Rows that are made where they are not there yet, whoever else makes them at this moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.dialects import postgresql, sqlite

from relmap.models.base import Model, db

__all__ = ["make_missing"]

INSERT: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def make_missing(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose key is not taken.

    Looking first would not do: two workers that both find nothing would both insert, and one fail.
    """
    insert = INSERT[db.session.get_bind().dialect.name](model)
    db.session.execute(insert.on_conflict_do_nothing(), list(rows))
