"""The dated contacts with an account's people: recent ones listed, older ones counted.

Of somebody who came from another account, or went to one, those of their time here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Date, String, bindparam, cast, func, null, select, union_all
from sqlalchemy.orm import aliased

from relmap.clock import day_end
from relmap.contracts import Ref, TouchRow
from relmap.contracts.refs import ref_of
from relmap.contracts.rows import TouchCount
from relmap.graph.columns import DAY, rows_of
from relmap.graph.people import insiders, is_of_insiders_time
from relmap.models import Person, Touch, TouchPerson

__all__ = ["SINCE", "TOUCH_COLUMNS", "TOUCH_WINDOW", "touch_rows", "touches_in"]

TOUCH_WINDOW = timedelta(days=730)
SINCE = bindparam("since", type_=Date)
TOUCH_COLUMNS: Final = (
    Touch.on,
    Touch.id,
    Touch.kind,
    Touch.direction,
    Touch.next_step,
    Touch.next_step_on,
)


def touch_rows(account_id: int, day: date) -> tuple[tuple[TouchRow, ...], tuple[TouchCount, ...]]:
    """The touches of the last 24 months one by one, older ones counted by pair; in one query."""
    window = {"since": day - TOUCH_WINDOW, "day": day, "day_over": day_end(day)}
    rows = rows_of(_recent_and_counted(), {"account_id": account_id, **window})
    present: list[Sequence[Any]] = []
    counts: list[TouchCount] = []
    for on, number, *rest, person_id, their_id, count in rows:
        if number is not None:
            present.append((on, number, *rest, person_id))
        else:
            counts.append(
                TouchCount(ref_of("person", person_id), ref_of("person", their_id), count, on)
            )
    return touches_in(present), tuple(sorted(counts, key=attrgetter("ours", "theirs")))


def touches_in(rows: Iterable[Sequence[Any]]) -> tuple[TouchRow, ...]:
    """The touches of rows of ``TOUCH_COLUMNS`` and one who was present, by their days."""
    present: defaultdict[tuple[Any, ...], list[Ref]] = defaultdict(list)
    for *touch, person_id in rows:
        present[tuple(touch)].append(ref_of("person", person_id))
    return tuple(
        TouchRow(
            ref=ref_of("touch", number),
            on=on,
            kind=kind,
            direction=direction,
            people=tuple(sorted(people)),
            next_step=next_step,
            next_step_on=next_step_on,
        )
        for (on, number, kind, direction, next_step, next_step_on), people in sorted(
            present.items()  # by the day, then the touch
        )
    )


@cache
def _recent_and_counted() -> Any:
    return union_all(_recent(), _counted())


def _recent() -> Any:
    everybody = aliased(TouchPerson)
    present, day = aliased(TouchPerson), aliased(Touch)
    touched = (
        select(present.touch_id)
        .join(day, day.id == present.touch_id)
        .where(present.person_id.in_(insiders()), is_of_insiders_time(present.person_id, day.on))
    )
    return (
        select(
            *TOUCH_COLUMNS,
            everybody.person_id,
            null().label("their_id"),
            null().label("number"),
        )
        .join(everybody, everybody.touch_id == Touch.id)
        .where(Touch.id.in_(touched), Touch.on <= DAY, Touch.on > SINCE)
    )


def _counted() -> Any:
    """Older touches by pair of one of us and one of them."""
    ours, theirs = aliased(TouchPerson), aliased(TouchPerson)
    return (
        select(
            func.max(Touch.on).label("on"),
            null().label("id"),
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
        .where(theirs.person_id.in_(insiders()), is_of_insiders_time(theirs.person_id, Touch.on))
        .where(Person.side == "us", theirs.person_id != ours.person_id, Touch.on <= SINCE)
        .group_by(ours.person_id, theirs.person_id)
    )
