"""People of both sides: add, rename, say how to reach them, enter them as contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from relmap.contracts import N_
from relmap.contracts.words import EXTERNAL_ID_KINDS, ExternalIdKind, Side
from relmap.errors import NotFound, Refused
from relmap.facts.audit import add, remove, revise
from relmap.facts.closed_lists import refuse_unknown
from relmap.facts.locks import lock, lock_kind, raise_revision
from relmap.languages.labels import label_message
from relmap.models import (
    Account,
    Contact,
    ContactPoint,
    ExternalId,
    Person,
    PersonName,
    db,
)
from relmap.names.search import did_you_mean, search_text

__all__ = [
    "add_contact",
    "add_contact_point",
    "add_external_id",
    "add_name",
    "add_person",
    "change_person",
    "end_contact",
    "find_ours",
    "get_person",
    "refresh_search_text",
    "shown_id",
]

SHOWN_FIRST: Final[tuple[ExternalIdKind, ...]] = ("handle", "staff_number", "mail")
"""Which id to print where a person has several."""


def get_person(person_id: int) -> Person:
    """The person of this id; raises ``NotFound``."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no person {person_id}.", person_id=person_id)
    return person


def find_ours(name: str) -> Person:
    """The one of us who bears this name; raises ``NotFound`` or, for two, ``Refused``."""
    found = db.session.scalars(select(Person).where(Person.side == "us", Person.name == name)).all()
    if not found:
        ours = select(Person.name, Person.latin_name).where(
            Person.side == "us", Person.erased_at.is_(None)
        )
        rows = db.session.execute(ours.order_by(Person.name))
        near = did_you_mean(name, ((row.name, row.latin_name) for row in rows))
        raise NotFound("None of us is called {name!r}.{near}", name=name, near=near)
    if len(found) > 1:
        raise Refused(
            "{count} of us are called {name!r}. Tell them apart by their ids.",
            count=len(found),
            name=name,
        )
    return found[0]


def add_person(name: str, *, side: Side = "client", **fields: Any) -> Person:
    """A human being, on the client's side or on ours; ``fields`` are columns of ``Person``.

    Twins are not refused here: two people may bear one name.
    """
    name = name.strip()
    if not name:
        raise Refused("A person needs a name. For a seat whose holder is unknown, add a post.")
    if len(name) > 300:
        raise Refused("A name of {count} characters is too long; 300 is the most.", count=len(name))
    person = Person(name=name, side=side, **fields)
    person.search_text = search_text(_forms(person))
    add("add_person", person)
    return person


def _forms(person: Person) -> list[str | None]:
    return [person.name, person.latin_name, person.nickname, person.address_as]


def refresh_search_text(person: Person) -> None:
    """Make a person findable by all the names on file."""
    others = [row.name for row in person.other_names]
    person.search_text = search_text([*_forms(person), *others])


def change_person(person: Person, values: Mapping[str, Any]) -> Person:
    """Correct names, affiliation or preferences; an old name is kept as another spelling."""
    concerned = lock(person)
    old = person.name
    if revise("change_person", person, values):
        if person.name != old:
            add_name(person, old)
        refresh_search_text(person)
        raise_revision(concerned)
    return person


def add_name(person: Person, name: str) -> PersonName | None:
    """Another spelling under which the person was met; ``None`` where it is on file."""
    concerned = lock(person)
    if name == person.name or any(row.name == name for row in person.other_names):
        return None
    row = PersonName(person=person, name=name)
    add("add_name", row)
    refresh_search_text(person)
    raise_revision(concerned)
    return row


def add_external_id(
    person: Person, kind: ExternalIdKind, value: str, *, account: Account | None = None
) -> ExternalId:
    """An id of a person elsewhere; a staff number counts within its ``account``."""
    refuse_unknown(kind, EXTERNAL_ID_KINDS, N_("{value!r} is no kind of id: {known}."))
    if kind == "staff_number" and account is None:
        raise Refused("A staff number needs the account that gave it.")
    scope = account.id if kind == "staff_number" and account is not None else 0
    written, key = value.strip(), value.strip().casefold()
    if not key:
        raise Refused("The {kind} is empty.", kind=label_message("external_id", kind))
    concerned = lock(person)
    lock_kind(ExternalId)  # an id is one person's: two at once would both find it free
    holder = db.session.scalar(
        select(ExternalId).where(
            ExternalId.kind == kind, ExternalId.value == key, ExternalId.scope_id == scope
        )
    )
    if holder is not None:
        if holder.person_id == person.id:
            return holder
        raise Refused(
            "{written} is the {kind} of {person}.",
            written=written,
            kind=label_message("external_id", kind),
            person=holder.person.name,
        )
    row = ExternalId(person=person, kind=kind, value=key, written=written, scope_id=scope)
    add("add_external_id", row)
    raise_revision(concerned)
    return row


def shown_id(written: Sequence[tuple[str, str]]) -> str | None:
    """One of a person's ids (kind and value, the oldest first) as a column ``external_id`` has it.

    A handle bare, others as ``kind:value``; of the first kind there is, the newest.
    """
    for kind in SHOWN_FIRST:
        values = [value for other, value in written if other == kind]
        if values:
            return values[-1] if kind == "handle" else f"{kind}:{values[-1]}"
    return None


def add_contact_point(
    person: Person,
    kind: str,
    value: str,
    *,
    account: Account | None = None,
    note: str | None = None,
) -> None:
    """A way to reach a person (mail, phone, wechat, ...), which an ``account`` gave.

    Two accounts may give the same. Without one it is of the account where the person is today.
    """
    concerned = lock(person)
    new = {"kind": kind, "value": value, "account_id": account and account.id}
    if any(all(getattr(row, key) == new[key] for key in new) for row in person.contact_points):
        return
    add("add_contact_point", ContactPoint(person=person, note=note, **new))
    raise_revision(concerned)


def add_contact(person: Person, account: Account, *, day: date) -> Contact:
    """The person works there, in which post we do not know; where that is on file it stays."""
    concerned = lock(person, account)
    is_open = (Contact.person_id == person.id) & Contact.ends_on.is_(None)
    found = db.session.scalar(select(Contact).where(is_open, Contact.account_id == account.id))
    if found is not None:
        return found
    contact = Contact(person_id=person.id, account_id=account.id, starts_on=day)
    add("add_contact", contact, account_id=account.id)
    raise_revision(concerned)
    return contact


def end_contact(contact: Contact, day: date) -> None:
    """The person works there no longer, or is known by a post from ``day`` on."""
    lock(contact)
    account_id = contact.account_id
    if day <= contact.starts_on:
        remove("end_contact", contact, account_id=account_id)
    else:
        revise("end_contact", contact, {"ends_on": day}, account_id=account_id)
    raise_revision([account_id])
