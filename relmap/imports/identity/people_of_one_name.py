"""People of one name, told apart: where each sits, and by which ids a file can say which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from relmap.contracts import Message
from relmap.imports.identity.roster import Known
from relmap.models import Account, Contact, Post, Tenure, Unit, db

__all__ = ["tell_apart"]


def tell_apart(people: Sequence[Known]) -> tuple[Message, ...]:
    """Each of some people by relmap's own id, with account, post and ids elsewhere."""
    places = _places([person.id for person in people])
    return tuple(_told(person, places[person.id]) for person in people)


def _told(person: Known, places: list[str]) -> Message:
    details: list[str] | str = "; ".join([*places, *_ids(person)]) or person.name
    if person.side == "us":
        return Message(
            "person:{person_id} ({details})",
            {"person_id": person.id, "details": [*places, Message("one of us")]},
        )
    if person.id < 0:
        return Message("somebody new in this file ({details})", {"details": details})
    return Message("person:{person_id} ({details})", {"person_id": person.id, "details": details})


def _ids(person: Known) -> list[str]:
    return [f"{kind}:{written}" for (kind, *_), written in sorted(person.ids.items())]


def _places(people: Sequence[int]) -> defaultdict[int, list[str]]:
    """Where people sit: post, unit and account, or the account that lists them without a post."""
    seated = (
        select(Tenure.person_id, Post.title, Unit.name, Account.name)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Account, Account.id == Unit.account_id)
        .where(Tenure.person_id.in_(people), Tenure.ends_on.is_(None))
    )
    met = (
        select(Contact.person_id, Account.name)
        .join(Account, Account.id == Contact.account_id)
        .where(Contact.person_id.in_(people), Contact.ends_on.is_(None))
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for query in (seated.order_by(Tenure.id), met.order_by(Contact.id)):
        for person_id, *words in db.session.execute(query):
            found[person_id].append(", ".join(dict.fromkeys(words)))
    return found
