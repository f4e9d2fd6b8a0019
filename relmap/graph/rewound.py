"""What changed after a day, read back from the audit log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, or_, select

from relmap.graph.columns import ACCOUNT, DAY
from relmap.models import Change, Import, db

__all__ = ["Rewound", "rewound_columns"]

Rewound = Mapping[tuple[str, int], Mapping[str, Any]]  # by kind and id of the fact


def rewound_columns(account_id: int, day: date) -> Rewound:
    """The columns that later changes of the world overwrote, by fact, as they were on ``day``."""
    later = db.session.execute(_later(), {"account_id": account_id, "day": day})
    columns: defaultdict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for kind, fact_id, before in later:
        columns[kind, fact_id].update(before or {})  # the earliest later change has the last word
    return columns


@cache
def _later() -> Select[Any]:
    undone = select(Import.id).where(Import.status == "undone")
    return (
        select(Change.kind, Change.fact_id, Change.before)
        .where(
            Change.account_id == ACCOUNT,
            Change.effective_on > DAY,
            or_(Change.import_id.is_(None), Change.import_id.not_in(undone)),
        )
        .order_by(Change.effective_on.desc(), Change.id.desc())
    )
