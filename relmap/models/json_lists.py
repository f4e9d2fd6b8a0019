"""What stands in a list of JSON, asked of the database: the list itself is not loaded."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import JSON, ColumnElement, Integer, String, cast, column, func
from sqlalchemy.sql.selectable import TableValuedAlias

from relmap.models.base import db

__all__ = ["elements_of", "numbers_of"]

EACH: Final[dict[str, Any]] = {"sqlite": func.json_each, "postgresql": func.json_array_elements}


def elements_of(listed: Any) -> TableValuedAlias:
    """SQL: a row an element of the list that a column holds; ``c.value`` is the element."""
    found: TableValuedAlias = EACH[db.session.get_bind().dialect.name](listed).table_valued(
        column("value", JSON)
    )
    return found


def numbers_of(elements: TableValuedAlias) -> ColumnElement[int]:
    """SQL: an element that is a whole number."""
    return cast(cast(elements.c.value, String), Integer)
