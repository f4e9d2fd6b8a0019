"""The people of an account, of both sides, with its contacts and their ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    and_,
    bindparam,
    case,
    or_,
    select,
    union,
)

from relmap.contracts import ContactRow, PersonRow
from relmap.contracts.refs import ref_of
from relmap.graph.columns import ACCOUNT, DAY, end_as_of, rows_of
from relmap.graph.tenures import is_on_record
from relmap.models import Contact, ExternalId, Person, Post, Tenure, Unit, is_of_accounts
from relmap.models.chunks import MANY_IDS, chunked

__all__ = ["insiders", "is_of_insiders_time", "is_of_the_account", "people_rows"]


def _is_the_account(account: Any) -> ColumnElement[bool]:
    return account == ACCOUNT  # type: ignore[no-any-return]  # a column


def insiders(
    is_one: Callable[[Any], ColumnElement[bool]] = _is_the_account,
) -> CompoundSelect[Any]:
    """SQL: who by ``DAY`` held a post of ``ACCOUNT``, was announced for one or was its contact.

    Or of other accounts: ``is_one`` is the condition that a column of ids holds one of them.
    """
    held = (
        select(Tenure.person_id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(is_one(Unit.account_id), is_on_record())
    )
    return union(held, _listed(is_one))


def is_of_the_account(person: Any, on: Any) -> ColumnElement[bool]:
    """SQL: what was so of a person on a day, as known by ``DAY``, is a fact of ``ACCOUNT``."""
    return is_of_accounts(person, on, _is_the_account, by=DAY)


def is_of_insiders_time(insider: Any, on: Any) -> ColumnElement[bool]:
    """The same of one of the insiders, at a fraction of the cost: hardly any was ever elsewhere."""
    moved = (
        select(Tenure.person_id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.account_id != ACCOUNT, Tenure.person_id.in_(insiders()))
    )
    listed = select(Contact.person_id).where(
        Contact.account_id != ACCOUNT, Contact.person_id.in_(insiders())
    )
    return or_(insider.not_in(union(moved, listed)), is_of_the_account(insider, on))


def _listed(is_one: Callable[[Any], ColumnElement[bool]] = _is_the_account) -> Select[Any]:
    return select(Contact.person_id).where(is_one(Contact.account_id), Contact.starts_on <= DAY)


def people_rows(
    named: Iterable[int], account_id: int, day: date
) -> tuple[tuple[PersonRow, ...], tuple[ContactRow, ...]]:
    """The people named by other rows and the account's contacts, with their ids."""
    found: dict[int, Row[Any]] = {}
    external: defaultdict[int, dict[int, str]] = defaultdict(dict)
    contacts: dict[int, ContactRow] = {}
    for some in list(chunked(set(named), MANY_IDS)) or [[]]:
        asked = {"named": some, "account_id": account_id, "day": day}
        for row in rows_of(_people(), asked):
            number, *_, contact_id, starts_on, ends_on, external_id, kind, written = row
            found[number] = row
            if contact_id is not None:
                contacts[contact_id] = ContactRow(
                    ref=ref_of("contact", contact_id),
                    person=ref_of("person", number),
                    starts_on=starts_on,
                    ends_on=end_as_of(day, ends_on),
                )
            if external_id is not None:
                external[number][external_id] = f"{kind}:{written}"
    people = (_person(found[key], external[key]) for key in sorted(found))
    return tuple(people), tuple(contacts[key] for key in sorted(contacts))


@cache
def _people() -> Any:
    """Each of the named and listed people with each contact and each id."""
    begun = and_(
        Contact.person_id == Person.id, Contact.account_id == ACCOUNT, Contact.starts_on <= DAY
    )
    scopes = or_(ExternalId.scope_id == 0, ExternalId.scope_id == ACCOUNT)
    ids = and_(ExternalId.person_id == Person.id, scopes)  # another account's staff numbers: no
    return (
        select(
            Person.id,
            Person.side,
            Person.name,
            Person.latin_name,
            Person.nickname,
            Person.address_as,
            _affiliation(),
            Person.language,
            Contact.id,
            Contact.starts_on,
            Contact.ends_on,
            ExternalId.id,
            ExternalId.kind,
            ExternalId.written,
        )
        .select_from(Person)
        .outerjoin(Contact, begun)
        .outerjoin(ExternalId, ids)
        .where(or_(Person.id.in_(bindparam("named", expanding=True)), Person.id.in_(_listed())))
    )


def _affiliation() -> ColumnElement[Any]:
    """SQL: to whom somebody belongs; of who went elsewhere, the account that is there knows it."""
    is_ours_to_tell = or_(Person.side == "us", is_of_the_account(Person.id, DAY))
    is_told = and_(Person.affiliation.is_not(None), is_ours_to_tell)
    return case((is_told, Person.affiliation)).label("affiliation")


def _person(values: Iterable[Any], external: Mapping[int, str]) -> PersonRow:
    number, side, name, latin_name, nickname, address_as, affiliation, language, *_ = values
    return PersonRow(
        ref=ref_of("person", number),
        side=side,
        name=name,
        latin_name=latin_name,
        nickname=nickname,
        address_as=address_as,
        affiliation=affiliation,
        language=language,
        external_ids=tuple(external[key] for key in sorted(external)),
    )
