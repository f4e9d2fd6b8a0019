"""A row that waits for an answer, and what its import tells once it has one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from relmap.contracts import Message
from relmap.errors import NotFound, Refused
from relmap.facts.concerned import accounts_of
from relmap.facts.locks import get_for_change, lock_accounts
from relmap.imports.archive import get_import, parts_of, rows_of
from relmap.imports.plan import KINDS, Interval
from relmap.imports.sheets.row_places import row_told
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow
from relmap.models import Account, Import, ImportRow, Post, Tenure, db

__all__ = [
    "Case",
    "case_of",
    "day_of",
    "days",
    "retell_leaving",
    "settle_question",
    "tell",
    "tell_successor",
]


PLACE: Final = ("account", "account_id", "unit", "unit_id", "post", "post_id")
NOTHING_TOLD: Final[Mapping[str, Any]] = {
    "before": None,
    "after": None,
    "seat": None,
    "moved_to": None,
    "moved_from": None,
    "reason": None,
    "successors": [],
    "candidates": [],
}
"""What a change tells besides its place, its row and its person."""


@dataclass(frozen=True)
class Case:
    """A row that waits, with all that its answer needs."""

    kept: Import
    waiting: ImportRow
    row: SnapshotRow
    account: Account
    post: Post | None
    start: Interval

    @property
    def day(self) -> date:
        """The day of the list."""
        assert self.kept.on is not None
        return self.kept.on


def case_of(import_id: int, row: int) -> Case:
    """The row that waits, its account locked; raises ``NotFound`` and ``Refused``."""
    kept = get_import(import_id)
    told = row_told(row, parts_of(kept))
    waiting = db.session.scalar(
        select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.row == row)
    )
    if waiting is None:
        raise NotFound(
            "Row {row} of import {import_id} is not uncertain.", row=told, import_id=import_id
        )
    lock_accounts({waiting.account_id, *accounts_of(*_people(waiting))})
    for stored in (kept, waiting):  # somebody else may have settled it while we waited
        get_for_change(type(stored), stored.id)
    if kept.status != "applied" or waiting.status != "waiting":
        state = kept.status if kept.status != "applied" else waiting.status
        raise Refused(
            Message(
                "Row {row} of import {import_id} no longer waits: it is {import_status}.",
                {"row": told, "import_id": import_id, "import_status": state},
            )
        )
    part = waiting.waits.get("part", 0)
    found = [one for one in rows_of(import_id, only={row}) if one.part == part]
    if not found or found[0].person is None:
        raise Refused(
            Message(
                "The name in row {row} was erased; there is nothing left to resolve.",
                {"row": told},
            )
        )
    account = db.session.get_one(Account, waiting.account_id)
    post_id = waiting.waits.get("post")
    after, on, precision = waiting.waits["start"]
    start = Interval(day_of(after), date.fromisoformat(on), precision)
    post = None if post_id is None else db.session.get(Post, post_id)
    return Case(kept, waiting, found[0], account, post, start)


def _people(waiting: ImportRow) -> set[int]:
    """Who the row may be, and whose tenures an answer ends."""
    kept = select(Tenure.person_id).where(Tenure.id.in_(waiting.waits.get("kept", ())))
    return {*waiting.candidate_ids, *db.session.scalars(kept)}


def day_of(text: str | None) -> date | None:
    """A day as a waiting row keeps it."""
    return None if text is None else date.fromisoformat(text)


# --- what the import tells


def days(which: str, interval: Interval) -> dict[str, Any]:
    """The two days of a ``start`` or an ``end`` as a change tells them."""
    after = interval.after.isoformat() if interval.after else None
    return {f"{which}s_after": after, f"{which}s_on": interval.on.isoformat()}


def tell(case: Case, told: Mapping[str, Any]) -> None:
    """The uncertain row gives way to what came of it."""
    row = case.row.row
    uncertain = next(
        (one for one in case.kept.changes if one["kind"] == "uncertain" and one["row"] == row), None
    )
    others = [one for one in case.kept.changes if one is not uncertain]
    template = uncertain or next(one for one in others if one.get("resolves") == row)
    place = {key: template[key] for key in PLACE}
    case.kept.changes = [*others, {**place, **NOTHING_TOLD, "row": row, "resolves": row, **told}]


def tell_successor(case: Case, person_id: int) -> None:
    """Whoever left the row's post in the same list was followed by this person."""
    assert case.post is not None
    case.kept.changes = [
        {**one, "successors": [*one["successors"], person_id]}
        if one["kind"] == "left_post"
        and one["post_id"] == case.post.id
        and one["seat"] == "replaced"
        and one["person_id"] != person_id
        else one
        for one in case.kept.changes
    ]


def settle_question(case: Case) -> None:
    """A row that is answered is uncertain no longer, also where the answer changes nothing."""
    case.kept.changes = [
        one for one in case.kept.changes if one["kind"] != "uncertain" or one["row"] != case.row.row
    ]
    kinds = Counter(one["kind"] for one in case.kept.changes)
    others = {key: count for key, count in case.kept.counts.items() if key not in KINDS}
    case.kept.counts = others | {kind: kinds[kind] for kind in KINDS if kinds[kind]}


def retell_leaving(case: Case, tenure_id: int, reason: str) -> None:
    """Say of a tenure that ended in the same list why, and where the person went."""
    assert case.post is not None
    place = {
        "account": case.row.account,
        "unit": case.row.unit or "",
        "post": case.row.post or case.post.title,
    }
    changes = []
    for one in case.kept.changes:
        if one["kind"] == "left_post" and one["tenure_id"] == tenure_id:
            changes.append({**one, "reason": reason, "moved_to": place})
        elif one["kind"] == "joined_post" and one.get("resolves") == case.row.row:
            changes.append({**one, "moved_from": _place_left(case, tenure_id)})
        else:
            changes.append(one)
    case.kept.changes = changes


def _place_left(case: Case, tenure_id: int) -> dict[str, str] | None:
    left = (one for one in case.kept.changes if one["kind"] == "left_post")
    return next(
        (
            {key: one[key] or "" for key in ("account", "unit", "post")}
            for one in left
            if one["tenure_id"] == tenure_id
        ),
        None,
    )
