"""A person: posts held, who of us knows them, ties, beliefs and their age, touches."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import func, select

from relmap.models import Person, Tie, Touch, TouchPerson, db
from relmap.permissions import people_open_to
from relmap.web.asked import today
from relmap.web.dossier import dossier
from relmap.web.names import written_name
from relmap.web.timeline import timeline
from relmap.web.viewer import current_viewer, person_or_404
from relmap.web.words import RELATIONSHIPS

pages = Blueprint("person", __name__, url_prefix="/people")

KNOWN_SHOWN = 100


@pages.get("/<int:person_id>")
def show(person_id: int) -> str:
    """One of theirs with all on file the viewer may see, or one of us with whom they know."""
    person = person_or_404(person_id)
    name = written_name(person.name, person.latin_name, language=person.language)
    if person.side == "us":
        return render_template(
            "colleague.html", active="accounts", person=person, name=name, known=_known_by(person)
        )
    day = today()
    found = dossier(person, viewer=current_viewer(), day=day)
    return render_template(
        "person.html",
        active="accounts",
        person=person,
        name=name,
        file=found,
        wide=timeline(found.spans, found.touch_days, today=day),
        narrow=timeline(found.spans, found.touch_days, today=day, is_narrow=True),
    )


def _known_by(person: Person) -> list[dict[str, Any]]:
    """Whom one of us knows at accounts the viewer may read, the last touch first."""
    theirs = TouchPerson.__table__.alias("theirs")
    touched = (
        select(theirs.c.person_id, func.max(Touch.on).label("last_on"), func.count().label("count"))
        .join(Touch, Touch.id == theirs.c.touch_id)
        .join(TouchPerson, TouchPerson.touch_id == Touch.id)
        .where(TouchPerson.person_id == person.id)
        .group_by(theirs.c.person_id)
        .subquery()
    )
    tied = (
        select(Tie.b_id.label("person_id"), func.max(Tie.level).label("level"))
        .where(Tie.a_id == person.id, Tie.ends_on.is_(None))
        .group_by(Tie.b_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Person, tied.c.level, touched.c.last_on, touched.c.count)
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
            "name": written_name(row[0].name, row[0].latin_name, language=row[0].language),
            "level": RELATIONSHIPS.get(row.level or "", "no tie on record"),
            "last_on": row.last_on,
            "count": row[3] or 0,
        }
        for row in rows
    ]
