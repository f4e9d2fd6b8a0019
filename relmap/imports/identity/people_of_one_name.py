"""People of one name, told apart: where each sits, and by which ids a file can say which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from relmap.imports.identity.roster import Known
from relmap.models import Account, Contact, Post, Tenure, Unit, db

__all__ = ["tell_apart"]


def tell_apart(people: Sequence[Known]) -> str:
    """Each of some people by relmap's own id, with account, post and ids elsewhere."""
    places = _places([person.id for person in people])
    return ", ".join(
        f"{_own_id(person)} ({'; '.join([*places[person.id], *_ids(person)]) or person.name})"
        for person in people
    )


def _own_id(person: Known) -> str:
    return f"person:{person.id}" if person.id > 0 else "somebody new in this file"


def _ids(person: Known) -> list[str]:
    if person.side == "us":
        return ["one of us"]
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
