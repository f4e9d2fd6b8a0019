"""A person is forgotten: names go, everywhere, and the shape stays.

Tenures, ties, touches and alerts remain, with somebody who has no name. The names go from the
person's own rows, from other people's words about them, from the audit log, from the cells of
imported files and from the views that scans keep. What was in the database's free space goes with
:func:`forget_free_pages`, after the unit of work.
"""

from __future__ import annotations

from sqlalchemy import delete, select, update

from relmap.errors import Refused
from relmap.facts.audit import record
from relmap.facts.locks import lock, raise_revision
from relmap.facts.people import get_person
from relmap.maintenance.erase.files import erase_from_imports
from relmap.maintenance.erase.free_pages import forget_free_pages
from relmap.maintenance.erase.identifiers import WHO, identifiers_of
from relmap.maintenance.erase.log import erase_from_log
from relmap.maintenance.erase.reach import ErasureReach
from relmap.maintenance.erase.texts import erase_from_texts
from relmap.maintenance.erase.views import erase_from_views
from relmap.models import (
    ContactPoint,
    ExternalId,
    FailedLogin,
    Person,
    PersonName,
    User,
    db,
    utc_now,
)

__all__ = ["erase_person", "forget_free_pages"]


def erase_person(person_id: int) -> None:
    """Take a person's names, ids and addresses out of the whole book. Does not commit.

    Nothing is left to do for who was erased already. Refused for one of us who can log in. What a
    backup or another program's copy holds is out of reach; so is the file that was imported, where
    it lies: bringing it again makes a new person of that name.
    """
    person = get_person(person_id)
    concerned = lock(person)
    if person.erased_at is not None:
        return
    _refuse_who_logs_in(person)
    db.session.flush()
    reach = ErasureReach.of(identifiers_of(person))
    erase_from_texts(reach)
    erase_from_views(reach)
    erase_from_imports(reach)
    erase_from_log(reach)
    _clear(person)
    db.session.expire_all()
    record("erase_person", person, after={"erased_at": person.erased_at})
    raise_revision(concerned)


def _refuse_who_logs_in(person: Person) -> None:
    users = db.session.scalars(select(User).where(User.person_id == person.id)).all()
    for user in users:
        if user.is_active:
            raise Refused(
                "{user} logs in as {person}. Deactivate that user first, then erase.",
                user=user.name,
                person=person.name,
            )
    for user in users:
        db.session.execute(delete(FailedLogin).where(FailedLogin.name == user.name))
        user.name = f"former-user-{user.id}"
    db.session.flush()


def _clear(person: Person) -> None:
    """The person's own rows: what is theirs alone is deleted, the row itself stays nameless."""
    for own in (PersonName, ExternalId, ContactPoint):
        db.session.execute(
            delete(own)
            .where(own.person_id == person.id)
            .execution_options(synchronize_session=False)
        )
    db.session.execute(
        update(Person)
        .where(Person.id == person.id)
        .values(**WHO, erased_at=utc_now())
        .execution_options(synchronize_session=False)
    )
