"""Who sat in which post; a start or an end that was announced by the day shows before it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from relmap.clock import day_end
from relmap.contracts import TenureRow
from relmap.contracts.refs import ref_of
from relmap.graph.columns import ACCOUNT, DAY, DAY_OVER, day_or_none, rows_of
from relmap.graph.past_values import NOTHING, Rewound
from relmap.models import Post, Tenure, Unit, db

__all__ = ["TENURE_COLUMNS", "is_on_record", "last_announced", "tenure_row", "tenure_rows"]

TENURE_COLUMNS: Final = (
    Tenure.id,
    Tenure.person_id,
    Tenure.post_id,
    Tenure.starts_after,
    Tenure.starts_on,
    Tenure.ends_after,
    Tenure.ends_on,
    Tenure.precision,
    Tenure.term_ends_on,
    Tenure.acting,
    Tenure.end_reason,
    Tenure.end_recorded_at,
    Tenure.basis,
)


def tenure_rows(
    account_id: int, day: date, rewound: Rewound
) -> tuple[tuple[TenureRow, ...], tuple[TenureRow, ...]]:
    """The tenures that began by ``day``, and those announced by then, both by their starts."""
    asked = {"account_id": account_id, "day": day, "day_over": day_end(day)}
    rows = tuple(tenure_row(row, day, rewound) for row in rows_of(_tenures(), asked))
    begun = tuple(row for row in rows if row.starts_on <= day)
    return begun, rows[len(begun) :]


def last_announced(account_id: int, day: date) -> date | None:
    """The last day after ``day`` on which somebody is to begin or to leave; one query."""
    starts = func.max(case((Tenure.starts_on > day, Tenure.starts_on)))
    ends = func.max(case((Tenure.ends_on > day, Tenure.ends_on)))
    found = db.session.execute(
        select(starts, ends)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.account_id == account_id)
    ).one()
    return max((on for on in found if on is not None), default=None)


def is_on_record() -> ColumnElement[bool]:
    """SQL: the tenure began by ``DAY``, or was announced by then for a seat that stands.

    Whoever was announced and did not come is so until the day, and not after.
    """
    announced = and_(Tenure.recorded_at < DAY_OVER, Post.starts_on <= DAY, Unit.starts_on <= DAY)
    began = and_(Tenure.starts_on <= DAY, Tenure.came())
    return or_(began, and_(Tenure.starts_on > DAY, announced))


@cache
def _tenures() -> Any:
    return (
        select(*TENURE_COLUMNS)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.account_id == ACCOUNT, is_on_record())
        .order_by(Tenure.starts_on, Tenure.id)
    )


def tenure_row(values: Iterable[Any], day: date, rewound: Rewound) -> TenureRow:
    """A tenure as it was known on ``day``: an end shows once it has come or was announced.

    ``values`` are those of :data:`TENURE_COLUMNS`.
    """
    number, person_id, post_id, starts_after, starts_on, ends_after, ends_on, *rest = values
    precision, term_ends_on, acting, end_reason, end_recorded_at, basis = rest
    was = rewound.get(("tenure", number), NOTHING)
    shown = ends_on is not None and (ends_on <= day or _was_announced(end_recorded_at, day))
    return TenureRow(
        ref=ref_of("tenure", number),
        person=ref_of("person", person_id),
        post=ref_of("post", post_id),
        starts_after=starts_after,
        starts_on=starts_on,
        ends_after=ends_after if shown else None,
        ends_on=ends_on if shown else None,
        precision=precision,
        term_ends_on=day_or_none(was.get("term_ends_on", term_ends_on)),
        acting=acting,
        end_reason=end_reason if shown else None,
        basis=basis,
    )


def _was_announced(recorded_at: datetime | None, day: date) -> bool:
    """Whether the end was on record when ``day`` was over."""
    return recorded_at is not None and recorded_at < day_end(day)
