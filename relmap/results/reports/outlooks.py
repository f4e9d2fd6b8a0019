"""Stored forecasts as the plain dicts that ``relmap forecast --json`` prints, names filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from relmap import graph
from relmap.contracts import Basis, Message, Ref
from relmap.models import Forecast, Post, Tenure, db
from relmap.models.chunks import chunked
from relmap.results.ref_names import filled, plain_names
from relmap.results.reports.alerts import external_ids_of
from relmap.results.reports.basis import exactly, parts_of
from relmap.results.reports.forecasts import StoredForesight, read_foresight

__all__ = ["as_json"]

NO_START: Final[dict[str, Any]] = {"seen_since": None, "began_after": None}


def as_json(
    account_ids: Sequence[int], day: date, *, told: Callable[[Message], str] = str
) -> list[dict[str, Any]]:
    """The newest forecasts of accounts at or before a day, the likeliest to leave first.

    Units and posts are called as they were on the day, people and accounts as they are now.
    ``successors`` and ``outside`` are those of deciding posts; of others nobody asks who follows.
    ``told`` puts what a chance rests on into words: by default as JSON has it, days in ISO form.
    """
    found = [seen for number in account_ids if (seen := read_foresight(number, day))]
    rows = [(seen, row) for seen in found for row in seen.forecasts]
    was = graph.rewound_of((seen.account_id for seen in found), day)
    units = _units((row.post_id for _, row in rows), was)
    refs = {Ref("account", seen.account_id) for seen in found}
    for _, row in rows:
        refs |= {Ref("person", row.person_id), Ref("post", row.post_id)}
    refs |= {Ref("unit", unit) for unit in units.values()}
    follows = {seen.account_id: _follows(seen) for seen in found}
    refs |= {ref for some in follows.values() for one in some.values() for ref in _refs_in(one)}
    names = _names_on(refs, was)
    ids = external_ids_of(sorted({row.person_id for _, row in rows}))
    starts = _starts(row.tenure_id for _, row in rows)
    return [
        _holder(seen, row, names, ids, units, told)
        | starts.get(row.tenure_id, NO_START)
        | _after(follows[seen.account_id], row, names)
        for seen, row in sorted(rows, key=lambda pair: -(pair[1].p365 or 0.0))
    ]


def _names_on(refs: Iterable[Ref], was: graph.Rewound) -> dict[Ref, str]:
    names = plain_names(refs)
    for ref, name in names.items():
        if column := {"unit": "name", "post": "title"}.get(ref.kind):
            names[ref] = was.get((ref.kind, ref.id), {}).get(column, name)
    return names


def _units(post_ids: Iterable[int], was: graph.Rewound) -> dict[int, int]:
    """The unit of each post on the day."""
    found = {}
    for some in chunked(set(post_ids)):
        query = select(Post.id, Post.unit_id).where(Post.id.in_(some))
        for row in db.session.execute(query):
            found[row.id] = was.get(("post", row.id), {}).get("unit_id", row.unit_id)
    return found


def _starts(tenure_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The first day on record of each tenure, and the day after which it began, where known."""
    found: dict[int, dict[str, Any]] = {}
    for some in chunked(set(tenure_ids)):
        columns = (Tenure.id, Tenure.starts_after, Tenure.starts_on)
        for row in db.session.execute(select(*columns).where(Tenure.id.in_(some))):
            after = None if row.starts_after is None else row.starts_after.isoformat()
            found[row.id] = {"seen_since": row.starts_on.isoformat(), "began_after": after}
    return found


def _follows(seen: StoredForesight) -> dict[Ref, Mapping[str, Any]]:
    return {Ref.parse(row["post"]): row for row in seen.document["successions"]}


def _refs_in(succession: Mapping[str, Any]) -> set[Ref]:
    return {Ref.parse(ref) for row in succession["successors"] for ref in row["reason"]["refs"]}


def _holder(
    seen: StoredForesight,
    row: Forecast,
    names: Mapping[Ref, str],
    ids: Mapping[int, str | None],
    units: Mapping[int, int],
    told: Callable[[Message], str],
) -> dict[str, Any]:
    unit = units.get(row.post_id)
    return {
        "tenure": f"tenure:{row.tenure_id}",
        "account": names[Ref("account", seen.account_id)],
        "unit": None if unit is None else names[Ref("unit", unit)],
        "post": names[Ref("post", row.post_id)],
        "person": names[Ref("person", row.person_id)],
        "external_id": ids.get(row.person_id),
        "held_since": row.held_since.isoformat() if row.held_since else None,
        "source": row.source,
        "p90": row.p90,
        "p180": row.p180,
        "p365": row.p365,
        "bands": row.bands,
        "basis": [_part(part, told) for part in parts_of(row.basis)],
    }


def _part(part: Basis, told: Callable[[Message], str]) -> dict[str, Any]:
    return {
        "text": told(exactly(part)),
        "tenures": part.tenures,
        "of_others": part.of_others,
    }


def _after(
    follows: Mapping[Ref, Mapping[str, Any]], row: Forecast, names: Mapping[Ref, str]
) -> dict[str, Any]:
    found = follows.get(Ref("post", row.post_id))
    if found is None:
        return {"successors": [], "outside": None}
    successors = [
        {
            "person": names[Ref.parse(one["person"])],
            "chance": one["chance"],
            "reason": filled(one["reason"], names),
        }
        for one in found["successors"]
    ]
    return {"successors": successors, "outside": found["outside"]}
