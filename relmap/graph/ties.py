"""The lasting relations of an account's people."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, or_, select

from relmap.contracts import Ref, TieRow
from relmap.graph.columns import DAY, end_as_of, ref_or_none
from relmap.graph.people import insiders
from relmap.models import Tie, db

__all__ = ["tie_rows"]


def tie_rows(account_id: int, day: date) -> tuple[TieRow, ...]:
    """The ties of the account's people that began by ``day``, by their ids."""
    found = db.session.execute(_ties(), {"account_id": account_id, "day": day})
    return tuple(_tie(row, day) for row in found)


@cache
def _ties() -> Any:
    inside = insiders()
    return (
        select(
            Tie.id,
            Tie.a_id,
            Tie.b_id,
            Tie.kind,
            Tie.sign,
            Tie.level,
            Tie.starts_on,
            Tie.observed_on,
            Tie.ends_on,
            Tie.basis,
            Tie.observer_id,
        )
        .where(or_(Tie.a_id.in_(inside), Tie.b_id.in_(inside)))
        .where(or_(Tie.starts_on.is_(None), Tie.starts_on <= DAY))
        .order_by(Tie.id)
    )


def _tie(row: Row[Any], day: date) -> TieRow:
    return TieRow(
        ref=Ref("tie", row.id),
        a=Ref("person", row.a_id),
        b=Ref("person", row.b_id),
        kind=row.kind,
        sign=row.sign,
        level=row.level,  # over all its span: another level is another tie
        starts_on=row.starts_on,
        observed_on=min(row.observed_on, day),
        ends_on=end_as_of(day, row.ends_on),
        basis=row.basis,
        observer=ref_or_none("person", row.observer_id),
    )
