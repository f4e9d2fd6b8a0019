"""A person: posts held, who of us knows them, ties, beliefs and their age, touches."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import Subquery, case, func, or_, select

from relmap.clock import today
from relmap.contracts.words import RELATIONSHIP_LEVELS
from relmap.languages import _, label
from relmap.models import Person, Tie, Touch, TouchPerson, db
from relmap.permissions import facts_open_to, people_open_to
from relmap.web.layout.days import leaving_text
from relmap.web.layout.names import name_of
from relmap.web.person.dossier import dossier
from relmap.web.security.viewer import current_viewer, person_or_404
from relmap.web.timeline.career import career

pages = Blueprint("person", __name__, url_prefix="/people")

KNOWN_SHOWN = 100


@pages.get("/<int:person_id>")
def show(person_id: int) -> str:
    """One of theirs with all on file the viewer may see, or one of us with whom they know."""
    person = person_or_404(person_id)
    name = name_of(person)
    if person.side == "us":
        return render_template(
            "person/colleague.html",
            active="accounts",
            person=person,
            name=name,
            known=_known_by(person),
        )
    day = today()
    found = dossier(person, viewer=current_viewer(), day=day)
    return render_template(
        "person/person.html",
        active="accounts",
        person=person,
        name=name,
        file=found,
        wide=career(found.spans, found.touch_days, today=day),
        narrow=career(found.spans, found.touch_days, today=day, is_narrow=True),
    )


def _known_by(person: Person) -> list[dict[str, Any]]:
    """Whom one of us knows at accounts the viewer may read, the last touch first."""
    theirs = TouchPerson.__table__.alias("theirs")
    touched = (
        select(theirs.c.person_id, func.max(Touch.on).label("last_on"), func.count().label("count"))
        .join(Touch, Touch.id == theirs.c.touch_id)
        .join(TouchPerson, TouchPerson.touch_id == Touch.id)
        .where(
            TouchPerson.person_id == person.id,
            facts_open_to(current_viewer(), theirs.c.person_id, Touch.on),
        )
        .group_by(theirs.c.person_id)
        .subquery()
    )
    tied = _standing_ties(person)
    rows = db.session.execute(
        select(Person, tied.c.level, tied.c.ends_on, touched.c.last_on, touched.c.count)
        .outerjoin(tied, tied.c.person_id == Person.id)
        .outerjoin(touched, touched.c.person_id == Person.id)
        .where(
            Person.side == "client",
            Person.erased_at.is_(None),
            (tied.c.person_id.is_not(None)) | (touched.c.person_id.is_not(None)),
            people_open_to(current_viewer()),
        )
        .order_by(touched.c.last_on.desc().nulls_last(), Person.id)
        .limit(KNOWN_SHOWN + 1)
    )
    return [
        {
            "id": row[0].id,
            "name": name_of(row[0]),
            "level": _level(row.level),
            "leaves": leaving_text(row.ends_on, today()),
            "last_on": row.last_on,
            "count": row[4] or 0,
        }
        for row in rows
    ]


def _level(place: int | None) -> str:
    if place is None:
        return _("no tie on record")
    return label("relationship", RELATIONSHIP_LEVELS[place])


def _standing_ties(person: Person) -> Subquery:
    """The best level of each person tied to one of us today, and the day all their ties end by.

    Columns: person_id, level (its place among the levels), ends_on (NULL where a tie has no end).
    """
    other = case((Tie.a_id == person.id, Tie.b_id), else_=Tie.a_id).label("person_id")
    rank = case({level: place for place, level in enumerate(RELATIONSHIP_LEVELS)}, value=Tie.level)
    is_ending = func.count(Tie.ends_on) == func.count()
    return (
        select(
            other,
            func.max(rank).label("level"),
            case((is_ending, func.max(Tie.ends_on))).label("ends_on"),
        )
        .where(
            or_(Tie.a_id == person.id, Tie.b_id == person.id),
            or_(Tie.ends_on.is_(None), Tie.ends_on > today()),
        )
        .group_by(other)
        .subquery()
    )
