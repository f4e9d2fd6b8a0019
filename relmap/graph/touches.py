"""The dated contacts with an account's people: recent ones listed, older ones counted."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Row, String, cast, func, null, select, union_all
from sqlalchemy.orm import aliased

from relmap.contracts import Ref, TouchRow
from relmap.contracts.rows import TouchCount
from relmap.graph.people import insiders
from relmap.models import Person, Touch, TouchPerson, db

__all__ = ["TOUCH_WINDOW", "touch_rows"]

TOUCH_WINDOW = timedelta(days=730)


def touch_rows(account_id: int, day: date) -> tuple[tuple[TouchRow, ...], tuple[TouchCount, ...]]:
    """The touches of the last 24 months one by one, older ones counted by pair; in one query."""
    since = day - TOUCH_WINDOW
    rows = db.session.execute(
        union_all(_recent(account_id, day, since), _counted(account_id, day, since))
    ).all()
    present: defaultdict[int, list[Ref]] = defaultdict(list)
    recent: dict[int, Row[Any]] = {}
    for row in rows:
        if row.id is not None:
            recent[row.id] = row
            present[row.id].append(Ref("person", row.person_id))
    touches = tuple(
        TouchRow(
            ref=Ref("touch", key),
            on=row.on,
            kind=row.kind,
            direction=row.direction,
            people=tuple(sorted(present[key])),
            next_step=row.next_step,
            next_step_on=row.next_step_on,
        )
        for key, row in sorted(recent.items(), key=lambda item: (item[1].on, item[0]))
    )
    counts = (
        TouchCount(Ref("person", row.person_id), Ref("person", row.their_id), row.number, row.on)
        for row in rows
        if row.id is None
    )
    return touches, tuple(sorted(counts, key=lambda row: (row.ours, row.theirs)))


def _recent(account_id: int, day: date, since: date) -> Any:
    everybody = aliased(TouchPerson)
    touched = select(TouchPerson.touch_id).where(
        TouchPerson.person_id.in_(insiders(account_id, day))
    )
    return (
        select(
            Touch.id,
            Touch.on,
            Touch.kind,
            Touch.direction,
            Touch.next_step,
            Touch.next_step_on,
            everybody.person_id,
            null().label("their_id"),
            null().label("number"),
        )
        .join(everybody, everybody.touch_id == Touch.id)
        .where(Touch.id.in_(touched), Touch.on <= day, Touch.on > since)
    )


def _counted(account_id: int, day: date, until: date) -> Any:
    """Touches up to ``until`` by pair of one of us and one of them."""
    ours, theirs = aliased(TouchPerson), aliased(TouchPerson)
    return (
        select(
            null().label("id"),
            func.max(Touch.on).label("on"),
            null().label("kind"),
            null().label("direction"),
            cast(null(), String).label("next_step"),
            cast(null(), Date).label("next_step_on"),
            ours.person_id,
            theirs.person_id.label("their_id"),
            func.count().label("number"),
        )
        .select_from(theirs)
        .join(Touch, Touch.id == theirs.touch_id)
        .join(ours, ours.touch_id == Touch.id)
        .join(Person, Person.id == ours.person_id)
        .where(theirs.person_id.in_(insiders(account_id, day)))
        .where(Person.side == "us", theirs.person_id != ours.person_id, Touch.on <= until)
        .group_by(ours.person_id, theirs.person_id)
    )
