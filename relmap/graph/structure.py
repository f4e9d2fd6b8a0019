"""Units and posts as they were called and hung together on a day."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, select

from relmap.contracts import Measures, PostRow, Ref, UnitRow
from relmap.graph.columns import ACCOUNT, DAY, columns_of, day_or_none, end_as_of, ref_or_none
from relmap.graph.past_values import Rewound
from relmap.models import Post, Unit, db

__all__ = ["post_row", "structure_rows"]


def structure_rows(
    account_id: int, day: date, rewound: Rewound, measures: Measures
) -> tuple[tuple[UnitRow, ...], tuple[PostRow, ...]]:
    """Units and posts that began by ``day``, both by their ids."""
    found = db.session.execute(_structure(), {"account_id": account_id, "day": day}).all()
    units = {row.unit_id: _unit(row, day, rewound) for row in found}
    known = {row.post_id for row in found if row.post_id is not None}
    weights = dict(measures.level_weights)
    posts = {
        row.post_id: post_row(row, day, rewound, known, weights)
        for row in found
        if row.post_id is not None
    }
    return tuple(units[key] for key in sorted(units)), tuple(posts[key] for key in sorted(posts))


@cache
def _structure() -> Select[Any]:
    return (
        select(*columns_of(Unit, Post))
        .select_from(Unit)
        .outerjoin(Post, and_(Post.unit_id == Unit.id, Post.starts_on <= DAY))
        .where(Unit.account_id == ACCOUNT, Unit.starts_on <= DAY)
    )


def _unit(row: Row[Any], day: date, rewound: Rewound) -> UnitRow:
    was = rewound.get(("unit", row.unit_id), {})
    return UnitRow(
        ref=Ref("unit", row.unit_id),
        name=was.get("name", row.unit_name),
        parent=ref_or_none("unit", was.get("parent_id", row.unit_parent_id)),
        starts_on=row.unit_starts_on,
        ends_on=end_as_of(day, row.unit_ends_on),
    )


def post_row(
    row: Row[Any],
    day: date,
    rewound: Rewound,
    known: Container[int],
    weights: Mapping[str, float],
) -> PostRow:
    """A post as it was on ``day``; ``known`` are the ids of the posts that began by then."""
    was = rewound.get(("post", row.post_id), {})
    level = was.get("level", row.post_level)
    given = was.get("decision_weight", row.post_decision_weight)
    superior = was.get("reports_to_id", row.post_reports_to_id)
    vacant_since = day_or_none(was.get("vacant_since", row.post_vacant_since))
    return PostRow(
        ref=Ref("post", row.post_id),
        unit=Ref("unit", was.get("unit_id", row.post_unit_id)),
        title=was.get("title", row.post_title),
        function=was.get("function", row.post_function),
        level=level,
        decision_weight=weights.get(level, 0.0) if given is None else given,
        seats=was.get("seats", row.post_seats),
        reports_to=ref_or_none("post", superior if superior in known else None),
        vacant_since=vacant_since if vacant_since is not None and vacant_since <= day else None,
        starts_on=row.post_starts_on,
        ends_on=end_as_of(day, row.post_ends_on),
        term_months=was.get("term_months", row.post_term_months),
        review_month=was.get("review_month", row.post_review_month),
        weight_given=given is not None,
    )
