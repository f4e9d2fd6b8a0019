"""What one of us believed by a day about an account's people and posts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, or_, select

from relmap.contracts import ClaimRow
from relmap.contracts.refs import ref_of
from relmap.graph.columns import DAY, ref_or_none, rows_of
from relmap.graph.people import is_of_the_account
from relmap.models import Claim

__all__ = ["claim_row", "claim_rows"]


def claim_rows(
    account_id: int, people: Iterable[int], posts: Iterable[int], day: date
) -> tuple[ClaimRow, ...]:
    """The claims about these people and posts that were made by ``day``, by their days.

    What was claimed of a person while they were at another account is that account's.
    """
    asked = {
        "account_id": account_id,
        "people": list(people),
        "posts": list(posts),
        "day": day,
    }
    return tuple(claim_row(row) for row in rows_of(_claims(), asked))


def claim_row(row: Row[Any]) -> ClaimRow:
    """A row of the table of claims, as views have it."""
    return ClaimRow(
        ref=ref_of("claim", row.id),
        about=ref_of("person", row.person_id) if row.person_id else ref_of("post", row.post_id),
        what=row.what,
        value=row.value,
        on=row.on,
        basis=row.basis,
        shelf_life_days=row.shelf_life_days,
        observer=ref_or_none("person", row.observer_id),
    )


@cache
def _claims() -> Select[Any]:
    about = or_(
        and_(
            Claim.person_id.in_(bindparam("people", expanding=True)),
            is_of_the_account(Claim.person_id, Claim.on),
        ),
        Claim.post_id.in_(bindparam("posts", expanding=True)),
    )
    return select(Claim.__table__).where(about, Claim.on <= DAY).order_by(Claim.on, Claim.id)
