"""What one of us believed by a day about an account's people and posts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select

from relmap.contracts import ClaimRow, Ref
from relmap.graph.columns import ref_or_none
from relmap.models import Claim, db

__all__ = ["claim_rows"]


def claim_rows(people: Iterable[int], posts: Iterable[int], day: date) -> tuple[ClaimRow, ...]:
    """The claims about these people and posts that were made by ``day``, by their days."""
    about = or_(Claim.person_id.in_(list(people)), Claim.post_id.in_(list(posts)))
    query = select(Claim.__table__).where(about, Claim.on <= day).order_by(Claim.on, Claim.id)
    return tuple(
        ClaimRow(
            ref=Ref("claim", row.id),
            about=Ref("person", row.person_id) if row.person_id else Ref("post", row.post_id),
            what=row.what,
            value=row.value,
            on=row.on,
            basis=row.basis,
            shelf_life_days=row.shelf_life_days,
            observer=ref_or_none("person", row.observer_id),
        )
        for row in db.session.execute(query)
    )
