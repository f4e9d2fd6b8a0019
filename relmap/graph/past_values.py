"""What changed after a day, read back from the audit log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, bindparam, or_, select

from relmap.graph.columns import ACCOUNT, DAY, rows_of
from relmap.models import Change, Import
from relmap.models.chunks import chunked

__all__ = ["NOTHING", "Rewound", "rewound_columns", "rewound_of"]

Rewound = Mapping[tuple[str, int], Mapping[str, Any]]  # by kind and id of the fact
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
"""What a fact had in another way on the day, where it had nothing."""


def rewound_columns(account_id: int, day: date) -> Rewound:
    """The columns that later changes of the world overwrote, by fact, as they were on ``day``."""
    return _put_back(rows_of(_later(), {"account_id": account_id, "day": day}))


def rewound_of(account_ids: Iterable[int], day: date) -> Rewound:
    """The same for several accounts: one query for up to 500."""
    rows: list[Row[Any]] = []
    for some in chunked(set(account_ids)):
        asked = {"account_ids": some, "day": day}
        rows += rows_of(_later_of_several(), asked)
    return _put_back(rows)


def _put_back(later: Iterable[Row[Any]]) -> Rewound:
    columns: defaultdict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for row in later:  # the earliest later change has the last word
        columns[row.kind, row.fact_id].update(row.before or {})
    return columns


@cache
def _later() -> Select[Any]:
    return _later_in(Change.account_id == ACCOUNT)


@cache
def _later_of_several() -> Select[Any]:
    return _later_in(Change.account_id.in_(bindparam("account_ids", expanding=True)))


def _later_in(of_accounts: ColumnElement[bool]) -> Select[Any]:
    undone = select(Import.id).where(Import.status == "undone")
    return (
        select(Change.kind, Change.fact_id, Change.before)
        .where(
            of_accounts,
            Change.effective_on > DAY,
            or_(Change.import_id.is_(None), Change.import_id.not_in(undone)),
        )
        .order_by(Change.effective_on.desc(), Change.id.desc())
    )
