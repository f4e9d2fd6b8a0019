"""Units and posts as they were called and hung together on a day."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import and_, select

from relmap.contracts import Measures, PostRow, UnitRow
from relmap.contracts.refs import ref_of
from relmap.graph.columns import (
    ACCOUNT,
    DAY,
    day_or_none,
    end_as_of,
    ref_or_none,
    rows_of,
)
from relmap.graph.past_values import NOTHING, Rewound
from relmap.models import Post, Unit

__all__ = ["POST_COLUMNS", "UNIT_COLUMNS", "post_row", "structure_rows", "unit_row"]

UNIT_COLUMNS: Final = (Unit.id, Unit.name, Unit.parent_id, Unit.starts_on, Unit.ends_on)
UNIT_WIDTH: Final = len(UNIT_COLUMNS)
POST_COLUMNS: Final = (
    Post.id,
    Post.unit_id,
    Post.title,
    Post.function,
    Post.level,
    Post.decision_weight,
    Post.seats,
    Post.reports_to_id,
    Post.vacant_since,
    Post.starts_on,
    Post.ends_on,
    Post.term_months,
    Post.review_month,
)


def structure_rows(
    account_id: int, day: date, rewound: Rewound, measures: Measures
) -> tuple[tuple[UnitRow, ...], tuple[PostRow, ...]]:
    """Units and posts that began by ``day``, both by their ids."""
    found = rows_of(_structure(), {"account_id": account_id, "day": day})
    units = {row[0]: row[:UNIT_WIDTH] for row in found}
    posts = {row[UNIT_WIDTH]: row[UNIT_WIDTH:] for row in found if row[UNIT_WIDTH] is not None}
    weights = dict(measures.level_weights)
    return (
        tuple(unit_row(units[key], day, rewound) for key in sorted(units)),
        tuple(post_row(posts[key], day, rewound, posts, weights) for key in sorted(posts)),
    )


@cache
def _structure() -> Any:
    return (
        select(*UNIT_COLUMNS, *POST_COLUMNS)
        .select_from(Unit)
        .outerjoin(Post, and_(Post.unit_id == Unit.id, Post.starts_on <= DAY))
        .where(Unit.account_id == ACCOUNT, Unit.starts_on <= DAY)
    )


def unit_row(values: Iterable[Any], day: date, rewound: Rewound) -> UnitRow:
    """A unit as it was on ``day``; ``values`` are those of :data:`UNIT_COLUMNS`."""
    number, name, parent_id, starts_on, ends_on = values
    was = rewound.get(("unit", number), NOTHING)
    return UnitRow(
        ref=ref_of("unit", number),
        name=was.get("name", name),
        parent=ref_or_none("unit", was.get("parent_id", parent_id)),
        starts_on=starts_on,
        ends_on=end_as_of(day, ends_on),
    )


def post_row(
    values: Iterable[Any],
    day: date,
    rewound: Rewound,
    known: Container[int],
    weights: Mapping[str, float],
) -> PostRow:
    """A post as it was on ``day``; ``known`` are the ids of the posts that began by then.

    ``values`` are those of :data:`POST_COLUMNS`.
    """
    number, unit_id, title, function, level, given, seats, superior, vacant_since, *rest = values
    starts_on, ends_on, term_months, review_month = rest
    was = rewound.get(("post", number), NOTHING)
    level = was.get("level", level)
    given = was.get("decision_weight", given)
    superior = was.get("reports_to_id", superior)
    vacant_since = day_or_none(was.get("vacant_since", vacant_since))
    return PostRow(
        ref=ref_of("post", number),
        unit=ref_of("unit", was.get("unit_id", unit_id)),
        title=was.get("title", title),
        function=was.get("function", function),
        level=level,
        decision_weight=weights.get(level, 0.0) if given is None else given,
        seats=was.get("seats", seats),
        reports_to=ref_or_none("post", superior if superior in known else None),
        vacant_since=vacant_since if vacant_since is not None and vacant_since <= day else None,
        starts_on=starts_on,
        ends_on=end_as_of(day, ends_on),
        term_months=was.get("term_months", term_months),
        review_month=was.get("review_month", review_month),
        weight_given=given is not None,
    )
