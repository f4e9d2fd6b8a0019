"""People whose names and ids break the rules of the services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import or_, select

from relmap.contracts import Message, Ref
from relmap.languages import label_message
from relmap.maintenance.check.violation import Violation
from relmap.models import Account, ContactPoint, ExternalId, Person, PersonName, db

__all__ = ["check_people"]


def check_people() -> Iterator[Violation]:
    """People without a name, names of erased people, and ids that count elsewhere."""
    nameless = select(Person.id).where(Person.name == "", Person.erased_at.is_(None))
    for person in db.session.scalars(nameless):
        yield Violation("nameless", Ref("person", person), Message("A person has no name."))
    for person in sorted(set(_named_again())):
        text = Message("A person who was erased has a name, an id or an address again. Erase anew.")
        yield Violation("erased_but_named", Ref("person", person), text)
    scopes = select(ExternalId.id, ExternalId.person_id, ExternalId.kind).where(
        or_(
            (ExternalId.kind == "staff_number") & ExternalId.scope_id.not_in(select(Account.id)),
            (ExternalId.kind != "staff_number") & (ExternalId.scope_id != 0),
        )
    )
    for row in db.session.execute(scopes):
        word = label_message("external_id", row.kind)
        text = Message(
            "The {word} of person {person} counts in an account that is not its own.",
            {"word": word, "person": row.person_id},
        )
        yield Violation("id_scope", Ref("external_id", row.id), text)


def _named_again() -> Iterable[int]:
    erased = Person.erased_at.is_not(None)
    yield from db.session.scalars(select(Person.id).where(erased, Person.name != ""))
    for own in (PersonName, ExternalId, ContactPoint):
        query = select(own.person_id).join(Person, Person.id == own.person_id)
        yield from db.session.scalars(query.where(erased))
