"""Many ids in one question, many rows in one statement: few at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import select

from relmap.models.base import db

__all__ = ["IDS", "MANY_IDS", "ROWS", "chunked", "rows_by_key", "streamed"]

T = TypeVar("T")

# SQLite before 3.32 takes 999 parameters in a statement, and a question asks for more than the ids.
IDS: Final = 500
"""Ids in one ``IN (...)``."""
# SQLite since then takes 32,766 and PostgreSQL 65,535: for the few questions that may be asked once
# only, however large an account is.
MANY_IDS: Final = 10_000
"""Ids in one ``IN (...)`` of a page, whose number of questions must not grow with the people."""
# Larger batches are no faster on either database, and all rows of one stand in memory twice.
ROWS: Final = 5_000
"""Rows in one statement that is executed for many."""


def chunked(values: Iterable[T], size: int = IDS) -> Iterator[Sequence[T]]:
    """The values in their order, a set's sorted, at most ``size`` at a time."""
    if isinstance(values, Sequence):
        ordered: Sequence[T] = values
    else:
        ordered = sorted(values)  # type: ignore[type-var]  # sets here are of ids
    return (ordered[start : start + size] for start in range(0, len(ordered), size))


def rows_by_key(key: Any, *columns: Any, size: int = IDS) -> Iterator[Sequence[Any]]:
    """All rows of a table in the order of a key, which comes first, ``size`` in memory at a time.

    They may be written to meanwhile, but for the key.
    """
    query, rows = select(key, *columns).order_by(key).limit(size), None
    while rows is None or len(rows) == size:
        later = query if rows is None else query.where(key > rows[-1][0])
        rows = db.session.execute(later).all()
        yield rows


def streamed(query: Any) -> Iterator[Any]:
    """The rows of a query, few in memory at a time; nobody writes to their tables meanwhile."""
    yield from db.session.execute(query.execution_options(yield_per=IDS))
