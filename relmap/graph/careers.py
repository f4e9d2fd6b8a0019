"""Who sat where in many accounts at once: what an outlook learns from, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select, true

from relmap.contracts import AccountView, PostRow, Ref, TenureRow
from relmap.graph.accounts import account_row
from relmap.graph.structure import POST_COLUMNS, post_row
from relmap.graph.tenures import TENURE_COLUMNS, tenure_row
from relmap.hub.registry import measures_in_force
from relmap.models import Account, Change, Import, Post, Tenure, Unit, db

__all__ = ["declared_days", "past_views"]

TERMS: Final = {
    "tenure": {"term_ends_on"},
    "post": {"term_months", "review_month"},
    "account": {"rotation_months", "review_month", "handover_months"},
}
"""The columns that say when a tenure is meant to end, by the kind of fact that has them."""


def past_views(day: date, *, account_ids: Collection[int] | None = None) -> Iterator[AccountView]:
    """Views of accounts (all, unless told) that hold posts and tenures alone, by the ids.

    Three queries and the settings, however many accounts: a back-test refits on these, not on a
    view of each day. Titles, units, terms and policies are those of today.
    """
    measures = measures_in_force()
    posts = _posts(day, account_ids, dict(measures.level_weights))
    tenures = _tenures(day, account_ids)
    query = select(Account.__table__).where(_among(Account.id, account_ids)).order_by(Account.id)
    for row in db.session.execute(query):
        yield AccountView(
            account=account_row(row, {}),
            as_of=day,
            revision=row.revision,
            posts=tuple(posts.get(row.id, ())),
            tenures=tuple(tenures.get(row.id, ())),
            measures=measures,
        )


def declared_days(day: date, account_id: int | None = None) -> dict[Ref, date]:
    """Since when the terms on record by ``day`` hold, by the tenure, post or account; one query.

    Of one account, or of the book. Those that nobody declared from a day on are absent: they were
    always so.
    """
    undone = select(Import.id).where(Import.status == "undone")
    query = (
        select(Change.kind, Change.fact_id, Change.before, Change.effective_on)
        .where(
            Change.kind.in_(TERMS),
            Change.verb.in_(("change_account", "change_post", "set_term")),
            Change.effective_on <= day,
            true() if account_id is None else Change.account_id == account_id,
            or_(Change.import_id.is_(None), Change.import_id.not_in(undone)),
        )
        .order_by(Change.effective_on, Change.id)
    )
    return {
        Ref(row.kind, row.fact_id): row.effective_on
        for row in db.session.execute(query)
        if TERMS[row.kind] & set(row.before or ())
    }


def _among(column: Any, account_ids: Collection[int] | None) -> ColumnElement[bool]:
    return true() if account_ids is None else column.in_(account_ids)


def _posts(
    day: date, account_ids: Collection[int] | None, weights: dict[str, float]
) -> dict[int, list[PostRow]]:
    query = (
        select(Unit.account_id, *POST_COLUMNS)
        .join(Post, Post.unit_id == Unit.id)
        .where(Post.starts_on <= day, _among(Unit.account_id, account_ids))
        .order_by(Post.id)
    )
    rows = db.session.execute(query).all()
    known = {row.id for row in rows}
    found: defaultdict[int, list[PostRow]] = defaultdict(list)
    for row in rows:
        found[row.account_id].append(post_row(row[1:], day, {}, known, weights))
    return found


def _tenures(day: date, account_ids: Collection[int] | None) -> dict[int, list[TenureRow]]:
    query = (
        select(Unit.account_id, *TENURE_COLUMNS)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Tenure.starts_on <= day, Tenure.came(), _among(Unit.account_id, account_ids))
        .order_by(Tenure.starts_on, Tenure.id)
    )
    found: defaultdict[int, list[TenureRow]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row.account_id].append(tenure_row(row[1:], day, {}))
    return found
