"""The whole book at a glance: each account's size, total and open alerts."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, or_, select, union

from relmap.models import Account, Contact, Post, Tenure, Unit, db
from relmap.results.reports.alerts import open_counts
from relmap.results.reports.scores import totals

__all__ = ["summaries"]


def summaries(day: date) -> list[dict[str, Any]]:
    """Every account by name, as ``relmap account list --json`` prints it; five queries.

    ``people`` hold a post or are contacts on the day, ``posts`` stand on it, the blank included.
    """
    rows = db.session.execute(select(Account.id, Account.name, Account.tier)).all()
    ids = [row.id for row in rows]
    people, posts = _people(day), _posts(day)
    scored, alerts = totals(ids, day), open_counts(ids, day)
    return [
        {
            "name": row.name,
            "tier": row.tier,
            "people": people.get(row.id, 0),
            "posts": posts.get(row.id, 0),
            "total": scored[row.id].total if row.id in scored else None,
            "alerts": alerts.get(row.id, 0),
        }
        for row in sorted(rows, key=lambda row: row.name)
    ]


def _people(day: date) -> dict[int, int]:
    held = (
        select(Unit.account_id, Tenure.person_id)
        .join(Post, Post.unit_id == Unit.id)
        .join(Tenure, Tenure.post_id == Post.id)
        .where(Tenure.holding(day))
    )
    listed = select(Contact.account_id, Contact.person_id).where(
        Contact.starts_on <= day, or_(Contact.ends_on.is_(None), Contact.ends_on > day)
    )
    both = union(held, listed).subquery()
    counted = select(both.c.account_id, func.count()).group_by(both.c.account_id)
    return dict(db.session.execute(counted).all())


def _posts(day: date) -> dict[int, int]:
    counted = (
        select(Unit.account_id, func.count())
        .join(Post, Post.unit_id == Unit.id)
        .where(Post.standing(day))
        .group_by(Unit.account_id)
    )
    return dict(db.session.execute(counted).all())
