"""Each deciding post as it was foreseen, in columns: what the rotation radar sorts and counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import delete, insert

from relmap.contracts import AccountView, PostRow, Ref, TenureRow, codec
from relmap.insight.horizon import Expected, expected
from relmap.insight.outlook import HolderOutlook
from relmap.insight.seating import clock, due_in
from relmap.insight.strength import coverage, known_people
from relmap.insight.succession import Succession, successions
from relmap.insight.thresholds import HORIZONS
from relmap.models import PostOutlook, db

__all__ = ["post_outlooks", "store_post_outlooks"]

SUCCESSORS: Final = 3


def store_post_outlooks(account_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the radar's rows of an account in place of those before. Does not commit."""
    db.session.execute(delete(PostOutlook).where(PostOutlook.account_id == account_id))
    if rows:
        db.session.execute(insert(PostOutlook), rows)


def post_outlooks(view: AccountView, found: Sequence[HolderOutlook]) -> list[dict[str, Any]]:
    """The columns of :class:`PostOutlook` for each deciding post, by its ref.

    The view holds what was ``found`` as its outlook.
    """
    by_tenure = {row.tenure: row for row in found}
    ahead = {days: {part.post: part for part in expected(view, horizon=days)} for days in HORIZONS}
    rows = []
    for post in sorted(view.deciding_posts, key=lambda row: row.ref):
        tenure = _likeliest(view, post, by_tenure)
        row = by_tenure.get(tenure.ref) if tenure else None
        parts = {days: part[post.ref] for days, part in ahead.items()}
        rows.append(
            _post(view, post)
            | _holder(view, tenure, row)
            | _due(row)
            | _ready(parts, row)
            | _follows(view, successions(view).get(post.ref))
        )
    return rows


def _post(view: AccountView, post: PostRow) -> dict[str, Any]:
    holders = view.holders(post.ref)
    known = [coverage(view, row.person) for row in holders]
    values: defaultdict[str, float] = defaultdict(float)
    for project in view.open_projects:
        if post.ref in project.posts and project.value:
            values[project.currency or ""] += project.value
    return {
        "account_id": view.account.ref.id,
        "on": view.as_of,
        "post_id": post.ref.id,
        "function": post.function,
        "weight": post.decision_weight,
        "holder_count": len(holders),
        "coverage": sum(known) / len(known) if known else None,  # a free seat counts for nothing
        "values": dict(values),
    }


def _likeliest(
    view: AccountView, post: PostRow, found: Mapping[Ref, HolderOutlook]
) -> TenureRow | None:
    """The holder likeliest to go; one without forecast where none has."""
    chances = {row: found[row.ref].p365 for row in view.holders(post.ref) if row.ref in found}
    if chances:
        return max(chances, key=lambda row: chances[row])
    return next(iter(view.holders(post.ref)), None)


def _holder(
    view: AccountView, tenure: TenureRow | None, row: HolderOutlook | None
) -> dict[str, Any]:
    bands = row.bands if row and row.bands else {}
    return {
        "tenure_id": tenure.ref.id if tenure else None,
        "person_id": tenure.person.id if tenure else None,
        "share": _share(view, tenure) if tenure else None,
        "source": row.source if row else None,
        "is_band": bool(bands),
        "bands": {figure: list(band) for figure, band in bands.items()},
        "basis": codec.plain(row.basis) if row else [],
    }


def _share(view: AccountView, tenure: TenureRow) -> float | None:
    """The part of the term that has passed; unknown where the start is."""
    found = clock(view, tenure)
    return None if found.is_least else found.share


def _due(row: HolderOutlook | None) -> dict[str, Any]:
    """The day on which the holder is due to go, and what says so: as the forecast has it."""
    found = due_in(row.basis) if row else None
    return {"due_on": found and found.on, "due_kind": found and found.kind}


def _ready(parts: Mapping[int, Expected], row: HolderOutlook | None) -> dict[str, Any]:
    """The chance of a change and the coverage to be expected, by horizon.

    No chance within 90 days where it would only mirror the calendar of the lists.
    """
    columns: dict[str, Any] = {}
    for days, part in parts.items():
        is_said = row is not None and not (days == HORIZONS[0] and row.mirrors_imports)
        columns[f"change{days}"] = part.change if is_said else None
        columns[f"ready{days}"] = part.coverage if is_said else None
    return columns


def _follows(view: AccountView, follow: Succession | None) -> dict[str, Any]:
    rows = follow.successors[:SUCCESSORS] if follow else ()
    warm = known_people(view)
    return {
        "outside": follow.outside if follow else None,
        "successors": [
            {
                "person": str(row.person),
                "chance": row.chance,
                "coverage": coverage(view, row.person),
                "is_known": row.person in warm,
            }
            for row in rows
        ],
    }
