"""Units, posts and tenures of the book, and how they lie in each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import select

from relmap.contracts import Message
from relmap.models import Account, Change, Post, Tenure, Unit, db

__all__ = ["Fact", "Rows", "Structure", "circles", "lies_within", "span_of"]

Fact = Any  # a row of some columns of a table
Rows = Sequence[Fact]


class Structure:
    """Units, posts and tenures of the book, each read once."""

    @cached_property
    def accounts(self) -> Mapping[int, str]:
        """The names of accounts by id."""
        return {row.id: row.name for row in db.session.execute(select(Account.id, Account.name))}

    @cached_property
    def units(self) -> Mapping[int, Fact]:
        """The units by id."""
        columns = (Unit.id, Unit.account_id, Unit.parent_id, Unit.name, Unit.is_root)
        query = select(*columns, Unit.starts_on, Unit.ends_on)
        return {row.id: row for row in db.session.execute(query)}

    @cached_property
    def posts(self) -> Mapping[int, Fact]:
        """The posts by id."""
        columns = (Post.id, Post.unit_id, Post.title, Post.seats, Post.reports_to_id)
        query = select(*columns, Post.vacant_since, Post.starts_on, Post.ends_on, Post.import_id)
        return {row.id: row for row in db.session.execute(query)}

    @cached_property
    def tenures(self) -> Mapping[int, Rows]:
        """The tenures by post, in the order of their beginning."""
        columns = (Tenure.id, Tenure.post_id, Tenure.person_id, Tenure.end_reason)
        query = select(
            *columns, Tenure.starts_on, Tenure.ends_on, Tenure.recorded_at, Tenure.import_id
        )
        by_post: defaultdict[int, list[Fact]] = defaultdict(list)
        for row in db.session.execute(query.order_by(Tenure.starts_on, Tenure.id)):
            by_post[row.post_id].append(row)
        return by_post

    @cached_property
    def second_seats(self) -> set[tuple[int, int | None]]:
        """Posts of one seat that were given another, each with the import that did."""
        query = select(Change.fact_id, Change.import_id, Change.before).where(
            Change.kind == "post", Change.import_id.is_not(None)
        )
        rows = db.session.execute(query)
        return {
            (row.fact_id, row.import_id) for row in rows if (row.before or {}).get("seats") == 1
        }

    @cached_property
    def moved(self) -> set[tuple[str, int]]:
        """Units and posts that were put under another unit: they may be older than it."""
        query = select(Change.kind, Change.fact_id, Change.before).where(
            Change.kind.in_(("unit", "post")), Change.effective_on.is_not(None)
        )
        return {
            (row.kind, row.fact_id)
            for row in db.session.execute(query)
            if row.before and not {"parent_id", "unit_id"}.isdisjoint(row.before)
        }

    def account_of(self, post: Fact) -> int:
        """The account in which a post is."""
        return int(self.units[post.unit_id].account_id)


def circles(above: Mapping[int, int | None]) -> list[tuple[int, ...]]:
    """Every circle of a graph in which each node points at one other at most, once."""
    done: set[int] = set()
    found = []
    for start in above:
        path: dict[int, None] = {}
        node: int | None = start
        while node is not None and node not in done and node not in path:
            path[node] = None
            node = above.get(node)
        if node is not None and node in path:
            way = list(path)
            found.append(tuple(way[way.index(node) :]))
        done.update(path)
    return found


def lies_within(inner: Fact, outer: Fact, *, may_be_older: bool = False) -> bool:
    """Whether the days of one are among those of the other."""
    begins = may_be_older or inner.starts_on >= outer.starts_on
    ends = outer.ends_on is None or (
        inner.ends_on is not None
        and inner.ends_on <= outer.ends_on
        and (may_be_older or inner.starts_on < outer.ends_on)
    )
    return begins and ends


def span_of(row: Fact) -> Message:
    """The days of a row, in words."""
    if row.ends_on is None:
        return Message("{first} to now", {"first": row.starts_on})
    return Message("{first} to {last}", {"first": row.starts_on, "last": row.ends_on})
