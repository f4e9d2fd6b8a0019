"""Reads the people that a list is compared with: whose an id is, and what is on file of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from relmap.contracts.words import LEVELS
from relmap.imports.facts_on_file import Elsewhere, Seating, StoredPerson, grouped
from relmap.imports.plan import IdKey
from relmap.imports.sheets.cells import id_key
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow
from relmap.models import (
    Account,
    ContactPoint,
    ExternalId,
    Person,
    PersonName,
    Post,
    Tenure,
    Unit,
    db,
)
from relmap.models.chunks import chunked

__all__ = ["ids_in", "ids_of", "in_chunks", "owners_of_ids", "read_people"]


def ids_in(rows: Sequence[SnapshotRow], views: Mapping[str, Seating]) -> set[IdKey]:
    """The ids that a file names."""
    return ids_of(rows, {name: seating.account_id for name, seating in views.items()})


def ids_of(rows: Sequence[SnapshotRow], account_ids: Mapping[str, int]) -> set[IdKey]:
    """The ids that rows name; ``account_ids`` by the name as written."""
    return {
        (*id_key(kind, value), account_ids[row.account] if kind == "staff_number" else 0)
        for row in rows
        for kind, value in row.external_ids
    }


def owners_of_ids(keys: Iterable[IdKey]) -> dict[IdKey, int]:
    """Whose each of the ids is, over the whole book."""
    wanted = set(keys)
    kinds = sorted({kind for kind, _, _ in wanted})
    rows = in_chunks(
        {value for _, value, _ in wanted},
        # By kind as well, with which the index begins: otherwise all ids of the book are gone over.
        lambda some: select(ExternalId.__table__).where(
            ExternalId.kind.in_(kinds), ExternalId.value.in_(some)
        ),
    )
    owners = {(row.kind, row.value, row.scope_id): row.person_id for row in rows}
    found = {key: owners[key] for key in wanted if key in owners}
    for row in db.session.execute(_TOLD_BY_CASE) if "handle" in kinds else ():
        if ("handle", row.value[1:].casefold(), 0) in wanted:
            found["handle", row.value, 0] = row.person_id
    return found


_TOLD_BY_CASE: Final = select(ExternalId.value, ExternalId.person_id).where(
    ExternalId.kind == "handle", ExternalId.value.startswith("=")
)
"""The few handles that only their case tells from another's."""


def read_people(ids: set[int], account_ids: set[int]) -> dict[int, StoredPerson]:
    """These people; ``account_ids`` are those whose seats are read besides."""

    def of(model: Any, *columns: Any) -> dict[int, tuple[tuple[Any, ...], ...]]:
        query = select(model.id, model.person_id, *columns)  # no moments: each costs as the rest
        found = in_chunks(ids, lambda some: query.where(model.person_id.in_(some)))
        return grouped((person_id, tuple(rest)) for _, person_id, *rest in sorted(found))

    external = of(
        ExternalId, ExternalId.kind, ExternalId.value, ExternalId.scope_id, ExternalId.written
    )
    points = of(ContactPoint, ContactPoint.account_id, ContactPoint.kind, ContactPoint.value)
    names, elsewhere = of(PersonName, PersonName.name), _elsewhere(ids, account_ids)
    rows = in_chunks(ids, lambda some: _PEOPLE.where(Person.id.in_(some)))
    return {
        number: StoredPerson(
            id=number,
            name=name,
            other_names=tuple(other for (other,) in names.get(number, ())),
            latin_name=latin_name,
            nickname=nickname,
            address_as=address_as,
            affiliation=affiliation,
            side=side,
            ids=tuple(one[:3] for one in external.get(number, ())),
            written_ids=tuple((kind, written) for kind, *_, written in external.get(number, ())),
            contact_points=points.get(number, ()),
            elsewhere=elsewhere.get(number, ()),
        )
        for number, name, latin_name, nickname, address_as, affiliation, side in rows
    }


_PEOPLE: Final = select(
    Person.id,
    Person.name,
    Person.latin_name,
    Person.nickname,
    Person.address_as,
    Person.affiliation,
    Person.side,
)


def _elsewhere(ids: set[int], account_ids: set[int]) -> dict[int, tuple[Elsewhere, ...]]:
    """The open tenures in accounts that the file does not name, the highest first."""
    rows = in_chunks(
        ids,
        lambda some: (
            select(
                Tenure.person_id,
                Post.title,
                Post.level,
                Unit.name.label("unit"),
                Unit.is_root,
                Unit.account_id,
                Account.name.label("account"),
            )
            .join(Post, Post.id == Tenure.post_id)
            .join(Unit, Unit.id == Post.unit_id)
            .join(Account, Account.id == Unit.account_id)
            .where(Tenure.person_id.in_(some), Tenure.ends_on.is_(None))
        ),
    )
    return grouped(
        (
            row.person_id,
            Elsewhere(row.account, "" if row.is_root else row.unit, row.title, row.level),
        )
        for row in sorted(rows, key=lambda row: (LEVELS.index(row.level), row.title))
        if row.account_id not in account_ids
    )


def in_chunks(values: Iterable[Any], query: Any) -> list[Any]:
    """The rows of ``query(some values)`` over all values, few at a time."""
    return [row for some in chunked(set(values)) for row in db.session.execute(query(some))]
