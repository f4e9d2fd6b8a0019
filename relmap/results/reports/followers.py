"""Who would follow in posts that do not decide: too many to store, so reckoned where asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from relmap.contracts import AccountView, Ref
from relmap.insight.succession import Succession, succession
from relmap.results.reports.documents import Naming, naming_of

__all__ = ["with_followers"]


def with_followers(
    rows: Sequence[Mapping[str, Any]], views: Iterable[AccountView]
) -> list[dict[str, Any]]:
    """Rows of ``relmap forecast --json`` in which every post says who would follow.

    ``views`` are of the accounts of the rows, on their day; they are asked for one by one.
    """
    open_rows = {row["tenure"] for row in rows if row["outside"] is None}
    found = {name: follow for view in views for name, follow in _followers(view, open_rows)}
    return [{**row, **found.get(row["tenure"], {})} for row in rows]


def _followers(view: AccountView, wanted: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """By tenure of those wanted: the successors and the chance of somebody from outside."""
    tenures = [row for row in view.open_tenures if str(row.ref) in wanted]
    if not tenures:
        return
    naming = naming_of(view)
    found: dict[Ref, dict[str, Any]] = {}
    for row in tenures:
        if row.post not in found:
            found[row.post] = _document(succession(view, row.post), naming)
        yield str(row.ref), found[row.post]


def _document(follow: Succession, naming: Naming) -> dict[str, Any]:
    successors = [
        {"person": naming.name(row.person), "chance": row.chance, "reason": naming.text(row.reason)}
        for row in follow.successors
    ]
    return {"successors": successors, "outside": follow.outside}
