"""What queries ask by, their rows, and values as a view writes them.

Queries are put together once a process: that costs more than running them for a usual account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Date, Integer, bindparam

from relmap.contracts import Ref
from relmap.contracts.refs import ref_of
from relmap.models import db
from relmap.models.base import UtcDateTime

__all__ = [
    "ACCOUNT",
    "DAY",
    "DAY_OVER",
    "day_or_none",
    "end_as_of",
    "ref_or_none",
    "rows_of",
]

ACCOUNT: Final = bindparam("account_id", type_=Integer)
DAY: Final = bindparam("day", type_=Date)
DAY_OVER: Final = bindparam("day_over", type_=UtcDateTime)
"""What the queries are asked by: of which account, as of which day, and when that was over."""


def rows_of(query: Any, asked: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a query for columns, to be unpacked: to ask a row for one costs as much as four.

    Asked past the session, which would make each row a second time.
    """
    db.session.flush()
    return db.session.connection().execute(query, asked).all()


def ref_or_none(kind: str, fact_id: int | None) -> Ref | None:
    """The ref of a fact that a column may name."""
    return None if fact_id is None else ref_of(kind, fact_id)


def day_or_none(value: Any) -> date | None:
    """A day from a column, or from the audit log, which writes it as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def end_as_of(day: date, ends_on: date | None) -> date | None:
    """An end that has come by ``day``; a later one is not known yet."""
    return ends_on if ends_on is not None and ends_on <= day else None
