"""Other people's words: what was said, noted, decided, found, without the person's names."""

from __future__ import annotations

from itertools import chain
from typing import Any, Final

from sqlalchemy import select, update

from relmap.maintenance.erase.reach import ErasureReach
from relmap.models import (
    Alert,
    Claim,
    ContactPoint,
    Forecast,
    Foresight,
    Model,
    NextStep,
    Person,
    PluginHealth,
    Post,
    PostOutlook,
    Project,
    Score,
    Tenure,
    Tie,
    Touch,
    Unit,
    db,
)
from relmap.models.chunks import rows_by_key

__all__ = ["TEXTS", "erase_from_texts"]

TEXTS: Final[dict[type[Model], tuple[str, ...]]] = {
    Touch: ("said", "next_step"),
    Tie: ("note",),
    Claim: ("value", "source"),
    Tenure: ("start_note",),
    Person: ("preferences", "affiliation"),
    ContactPoint: ("note",),
    Post: ("title",),
    Unit: ("name",),
    Project: ("name", "part_number", "ended_because"),
    NextStep: ("what", "dropped_because"),
    Alert: ("text", "values", "evidence", "actions", "closed_reason"),
    Score: ("evidence", "actions", "reason"),
    Forecast: ("basis",),
    Foresight: ("document",),
    PostOutlook: ("basis", "values"),
    PluginHealth: ("last_error",),
}
"""Every column in which somebody may have written a name; an account's own name stays."""


def erase_from_texts(reach: ErasureReach) -> None:
    """Take the person's names out of every text of the book."""
    for model, columns in TEXTS.items():
        _erase_from_table(model, columns, reach)


def _erase_from_table(model: Any, columns: tuple[str, ...], reach: ErasureReach) -> None:
    key = model.rule_key if model is PluginHealth else model.id
    named = [getattr(model, column) for column in columns]
    account = [model.account_id] if hasattr(model, "account_id") else []
    rows = rows_by_key(key.label("id"), *account, *named)
    for row in chain.from_iterable(rows):
        if model is Unit and _is_root(row.id):
            continue
        near = reach.is_near(model.__tablename__, row)
        texts = row._mapping
        cleared = {
            column: text
            for column in columns
            if (text := reach.forms.taken_out_of_json(texts[column], near=near)) != texts[column]
        }
        if cleared:
            db.session.execute(
                update(model)
                .where(key == row.id)
                .values(cleared)
                .execution_options(synchronize_session=False)
            )


def _is_root(unit_id: int) -> bool:
    return bool(db.session.scalar(select(Unit.is_root).where(Unit.id == unit_id)))
