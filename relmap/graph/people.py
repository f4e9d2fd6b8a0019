"""The people of an account, of both sides, with its contacts and their ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Row, and_, or_, select, union

from relmap.contracts import ContactRow, PersonRow, Ref
from relmap.graph.columns import columns_of, end_as_of
from relmap.models import Contact, ExternalId, Person, Post, Tenure, Unit, db

__all__ = ["insiders", "people_rows"]

CHUNK = 10_000  # ids in one IN (...); both databases take about 32,000 parameters


def insiders(account_id: int, day: date) -> CompoundSelect[Any]:
    """The people who by ``day`` held a post of the account or were its contacts."""
    held = (
        select(Tenure.person_id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.account_id == account_id, Tenure.starts_on <= day)
    )
    listed = select(Contact.person_id).where(
        Contact.account_id == account_id, Contact.starts_on <= day
    )
    return union(held, listed)


def people_rows(
    named: Iterable[int], account_id: int, day: date
) -> tuple[tuple[PersonRow, ...], tuple[ContactRow, ...]]:
    """The people named by other rows and the account's contacts, with their ids."""
    begun = and_(
        Contact.person_id == Person.id,
        Contact.account_id == account_id,
        Contact.starts_on <= day,
    )
    scopes = (0, account_id)  # another account's staff numbers are not this one's business
    ids = and_(ExternalId.person_id == Person.id, ExternalId.scope_id.in_(scopes))
    listed = select(Contact.person_id).where(
        Contact.account_id == account_id, Contact.starts_on <= day
    )
    rows: list[Row[Any]] = []
    for some in _chunks(named) or [[]]:
        query = (
            select(*columns_of(Person, Contact, ExternalId))
            .select_from(Person)
            .outerjoin(Contact, begun)
            .outerjoin(ExternalId, ids)
            .where(or_(Person.id.in_(some), Person.id.in_(listed)))
        )
        rows += db.session.execute(query)
    return _person_rows(rows), _contact_rows(rows, day)


def _person_rows(rows: Iterable[Row[Any]]) -> tuple[PersonRow, ...]:
    found: dict[int, Row[Any]] = {}
    external: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for row in rows:
        found[row.person_id] = row
        if row.external_id_id is not None:
            text = f"{row.external_id_kind}:{row.external_id_written}"
            external[row.person_id][row.external_id_id] = text
    return tuple(
        PersonRow(
            ref=Ref("person", key),
            side=row.person_side,
            name=row.person_name,
            latin_name=row.person_latin_name,
            nickname=row.person_nickname,
            address_as=row.person_address_as,
            affiliation=row.person_affiliation,
            language=row.person_language,
            external_ids=tuple(text for _, text in sorted(external[key].items())),
        )
        for key, row in sorted(found.items())
    )


def _contact_rows(rows: Iterable[Row[Any]], day: date) -> tuple[ContactRow, ...]:
    found = {row.contact_id: row for row in rows if row.contact_id is not None}
    return tuple(
        ContactRow(
            ref=Ref("contact", key),
            person=Ref("person", row.contact_person_id),
            starts_on=row.contact_starts_on,
            ends_on=end_as_of(day, row.contact_ends_on),
        )
        for key, row in sorted(found.items())
    )


def _chunks(ids: Iterable[int]) -> list[list[int]]:
    wanted = sorted(set(ids))
    return [wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK)]
