"""Who would follow in posts that do not decide: too many to store, so reckoned where asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relmap.contracts import AccountView
from relmap.insight.succession import Succession, succession
from relmap.results.reports.documents import Naming, naming_of

__all__ = ["followers_of", "with_followers"]

Followers = Mapping[str, Mapping[str, Any]]
"""By tenure: the successors and the chance of somebody from outside."""


def with_followers(rows: Sequence[Mapping[str, Any]], found: Followers) -> list[dict[str, Any]]:
    """Rows of ``relmap forecast --json`` in which every post says who would follow."""
    return [
        {**row, **(found.get(row["tenure"], {}) if row["outside"] is None else {})} for row in rows
    ]


def followers_of(view: AccountView) -> Followers:
    """Who would follow whom in the posts that do not decide."""
    deciding = {row.ref for row in view.deciding_posts}
    tenures = [row for row in view.open_tenures if row.post not in deciding]
    if not tenures:
        return {}
    naming = naming_of(view)
    posts = {row.post for row in tenures}
    found = {post: _document(succession(view, post), naming) for post in posts}
    return {str(row.ref): found[row.post] for row in tenures}


def _document(follow: Succession, naming: Naming) -> dict[str, Any]:
    successors = [
        {"person": naming.name(row.person), "chance": row.chance, "reason": naming.text(row.reason)}
        for row in follow.successors
    ]
    return {"successors": successors, "outside": follow.outside}
