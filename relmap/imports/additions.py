"""What an import of ties or of touches added, with the names of today."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from relmap.models import Import, Person, Tie, Touch, TouchPerson, db

__all__ = ["added_by"]


def added_by(kept: Import) -> list[dict[str, Any]]:
    """The ties or touches that an import made and nobody took back, as it told them then."""
    if kept.kind == "ties":
        return _ties(kept.id)
    return _touches(kept.id) if kept.kind == "touches" else []


def _ties(import_id: int) -> list[dict[str, Any]]:
    a, b = aliased(Person), aliased(Person)
    query = (
        select(a.name, b.name, Tie.kind, Tie.level)
        .join(a, a.id == Tie.a_id)
        .join(b, b.id == Tie.b_id)
        .where(Tie.import_id == import_id)
        .order_by(Tie.id)
    )
    return [
        {"kind": "tie_added", "from": one, "to": other, "tie": kind, "level": level}
        for one, other, kind, level in db.session.execute(query)
    ]


def _touches(import_id: int) -> list[dict[str, Any]]:
    query = (
        select(Touch.id, Touch.on, Touch.kind, Person.side, Person.name)
        .join(TouchPerson, TouchPerson.touch_id == Touch.id)
        .join(Person, Person.id == TouchPerson.person_id)
        .where(Touch.import_id == import_id)
        .order_by(Touch.id, Person.id)
    )
    rows = db.session.execute(query).all()
    people: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for row in rows:
        people[row.id, "ours" if row.side == "us" else "theirs"].append(row.name)
    return [
        {
            "kind": "touch_added",
            "day": on.isoformat(),
            "touch": kind,
            "ours": people[number, "ours"],
            "theirs": people[number, "theirs"],
        }
        for number, on, kind in dict.fromkeys((row.id, row.on, row.kind) for row in rows)
    ]
