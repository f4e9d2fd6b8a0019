"""The views that scans keep to compare with: the person stays in them as a row without a name."""

from __future__ import annotations

import json
from itertools import chain
from typing import Any, Final

from sqlalchemy import update

from relmap.contracts import PersonRow, Ref, codec
from relmap.maintenance.erase.identifiers import WHO, Identifiers
from relmap.maintenance.erase.reach import ErasureReach
from relmap.models import StoredView, db
from relmap.models.chunks import rows_by_key

__all__ = ["erase_from_views"]

EMPTY: Final[dict[str, Any]] = {
    **{name: WHO[name] for name in WHO if name in PersonRow.__dataclass_fields__},
    "external_ids": [],
}
VIEWS: Final = 10  # in memory at a time: each may hold hundreds of people
WITH_TEXTS: Final = frozenset({"units", "posts", "touches", "claims", "projects", "next_steps"})


def erase_from_views(reach: ErasureReach) -> None:
    """Blank the person's row in every stored view, and take the names out of their texts."""
    rows = rows_by_key(StoredView.digest, StoredView.account_id, StoredView.document, size=VIEWS)
    for digest, account_id, document in chain.from_iterable(rows):
        content = json.loads(document)
        cleared = _cleared(content, reach.forms, near=account_id in reach.accounts)
        if cleared != content:
            statement = update(StoredView).where(StoredView.digest == digest)
            db.session.execute(statement.values(document=codec.dumps(cleared)))


def _cleared(content: dict[str, Any], forms: Identifiers, *, near: bool) -> dict[str, Any]:
    me = str(Ref("person", forms.person_id))
    others = {str(Ref("person", person)) for person in forms.bearers}
    cleared = dict(content)
    cleared["people"] = [{**row, **EMPTY} if row["ref"] == me else row for row in content["people"]]
    for key in WITH_TEXTS & content.keys():  # a stored view may be older than a kind of row
        cleared[key] = [
            forms.taken_out_of_json(row, near=near and not _is_namesakes(row, others))
            for row in content[key]
        ]
    cleared["attached"] = [
        [plugin, json.dumps(forms.taken_out_of_json(json.loads(text), near=near))]
        for plugin, text in content["attached"]
    ]
    return cleared


def _is_namesakes(row: dict[str, Any], others: set[str]) -> bool:
    people = {*row.get("people", ()), *(row.get(key) for key in ("about", "observer", "person"))}
    return not others.isdisjoint(people)
