"""Ties and touches that break the rules of the services."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from relmap.contracts import Message, Ref
from relmap.contracts.words import DIRECTED_TIES
from relmap.maintenance.check.violation import Violation
from relmap.models import Person, Tie, Touch, TouchPerson, db

__all__ = ["check_ties", "check_touches"]


def check_ties() -> Iterator[Violation]:
    """Ties that are twice there, or with levels and sides that do not go together."""
    a, b = aliased(Person), aliased(Person)
    columns = (Tie.id, Tie.a_id, Tie.b_id, Tie.kind, Tie.level, Tie.ends_on)
    query = select(*columns, a.name, b.name.label("other"), a.side, b.side.label("other_side"))
    query = query.join(a, a.id == Tie.a_id).join(b, b.id == Tie.b_id).order_by(Tie.id)
    standing: set[tuple[int, int, str]] = set()
    for row in db.session.execute(query):
        ref, pair = (
            Ref("tie", row.id),
            Message("{person} and {other}", {"person": row.name, "other": row.other}),
        )
        if row.level is not None and row.side == row.other_side:
            text = Message(
                "The tie of {pair} has a level, and both are of one side.", {"pair": pair}
            )
            yield Violation("level_within_a_side", ref, text)
        if row.kind == "knows" and (row.side, row.other_side) == ("client", "us"):
            text = Message(
                "The tie of {pair} names theirs first; ours comes first.", {"pair": pair}
            )
            yield Violation("theirs_first", ref, text)
        if row.ends_on is None:
            one, other = row.a_id, row.b_id
            if row.kind not in DIRECTED_TIES:
                one, other = min(one, other), max(one, other)
            tie = (one, other, row.kind)
            if tie in standing:
                yield Violation(
                    "tie_twice",
                    ref,
                    Message(
                        "{pair} have this tie ({tie_kind}) twice.",
                        {"pair": pair, "tie_kind": row.kind},
                    ),
                )
            standing.add(tie)


def check_touches() -> Iterator[Violation]:
    """Touches that do not join both sides."""
    sides = (
        select(TouchPerson.touch_id, func.count(Person.side.distinct()).label("number"))
        .join(Person, Person.id == TouchPerson.person_id)
        .group_by(TouchPerson.touch_id)
        .subquery()
    )
    query = (
        select(Touch.id, Touch.on, Touch.kind)
        .outerjoin(sides, sides.c.touch_id == Touch.id)
        .where(or_(sides.c.number.is_(None), sides.c.number < 2))
    )
    for row in db.session.execute(query):
        text = Message(
            "The {touch} of {day} does not join one of us with one of them.",
            {"touch": row.kind, "day": row.on},
        )
        yield Violation("touch_of_one_side", Ref("touch", row.id), text)
