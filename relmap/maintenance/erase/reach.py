"""Which facts are near a person: those of the person's accounts, a namesake's own set aside."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from relmap.facts.concerned import workplaces_of
from relmap.maintenance.erase.identifiers import Identifiers
from relmap.models import (
    Claim,
    Contact,
    ContactPoint,
    ExternalId,
    NextStep,
    Post,
    Tenure,
    Tie,
    Touch,
    TouchPerson,
    Unit,
    db,
)
from relmap.models.chunks import chunked, streamed

__all__ = ["ErasureReach"]

Ids = set[int]


@dataclass(frozen=True)
class ErasureReach:
    """What lies near one person; see the module."""

    forms: Identifiers
    accounts: frozenset[int]

    @classmethod
    def of(cls, forms: Identifiers) -> ErasureReach:
        """Near are the accounts where the person is or was, or with whose people they have ties."""
        person = forms.person_id
        partners = {person}
        for ours, theirs in ((Tie.a_id, Tie.b_id), (Tie.b_id, Tie.a_id)):
            partners |= set(db.session.scalars(select(theirs).where(ours == person)))
        touches = select(TouchPerson.touch_id).where(TouchPerson.person_id == person)
        met = select(TouchPerson.person_id).where(TouchPerson.touch_id.in_(touches))
        partners |= set(db.session.scalars(met))
        return cls(forms, frozenset(_workplaces(partners)))

    @cached_property
    def people(self) -> Ids:
        """Everybody who is or was at one of these accounts, and the person."""
        held = select(Tenure.person_id).join(Post, Post.id == Tenure.post_id)
        held = held.join(Unit, Unit.id == Post.unit_id).where(Unit.account_id.in_(self.accounts))
        listed = select(Contact.person_id).where(Contact.account_id.in_(self.accounts))
        found = set(db.session.scalars(held)) | set(db.session.scalars(listed))
        return found | {self.forms.person_id}

    @cached_property
    def facts(self) -> dict[str, Ids]:
        """The ids of the facts that are near, by table."""
        return {
            "tie": self._near(Tie, Tie.a_id, Tie.b_id),
            "touch": self._touches(),
            "claim": self._near(Claim, Claim.person_id, Claim.observer_id) | self._claims(),
            "tenure": self._near(Tenure, Tenure.person_id),
            "contact_point": self._near(ContactPoint, ContactPoint.person_id),
            "person": {person for person in self.people if self._concerns((person,))},
            "post": self._posts(),
            "unit": self._units(),
            "next_step": self._near(
                NextStep, NextStep.person_id, NextStep.owner_id, NextStep.through_id
            ),
        }

    def _near(self, model: Any, *columns: Any) -> Ids:
        rows = streamed(select(model.id, *columns))
        return {row_id for row_id, *people in rows if self._concerns(people)}

    def _touches(self) -> Ids:
        columns = (TouchPerson.touch_id, TouchPerson.person_id)
        rows = streamed(select(*columns).order_by(TouchPerson.touch_id))
        return {
            touch
            for touch, present in groupby(rows, itemgetter(0))
            if self._concerns({person for _, person in present})
        }

    def _claims(self) -> Ids:
        """Claims about posts of these accounts."""
        query = select(Claim.id).where(Claim.post_id.in_(self._posts()))
        return set(db.session.scalars(query))

    def gone_among(self, facts: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
        """Those of some facts, as (table, id), that are no longer stored."""
        gone: set[tuple[str, int]] = set()
        for model in (Tie, Touch, Claim, Tenure, NextStep):
            table = model.__tablename__
            ids = {fact_id for kind, fact_id in facts if kind == table}
            for some in chunked(ids):
                stored = select(model.id).where(model.id.in_(some))
                gone |= {(table, one) for one in set(some) - set(db.session.scalars(stored))}
        return gone

    @cached_property
    def ids_of_bearers(self) -> set[str]:
        """Ids and addresses of those who bear a form too, case-folded."""
        found: set[str] = set()
        for owner, value in (
            (ExternalId.person_id, ExternalId.value),
            (ContactPoint.person_id, ContactPoint.value),
        ):
            found |= set(db.session.scalars(select(value).where(owner.in_(self.forms.bearers))))
        return {value.casefold() for value in found}

    def _concerns(self, people: Collection[int | None]) -> bool:
        """Whether a fact with these people is near, and not a namesake's own."""
        if self.forms.person_id in people:
            return True
        return not self.people.isdisjoint(people) and self.forms.bearers.isdisjoint(people)

    def _posts(self) -> Ids:
        query = select(Post.id).join(Unit, Unit.id == Post.unit_id)
        return set(db.session.scalars(query.where(Unit.account_id.in_(self.accounts))))

    def _units(self) -> Ids:
        return set(db.session.scalars(select(Unit.id).where(Unit.account_id.in_(self.accounts))))

    def is_near(self, table: str, row: Any) -> bool:
        """Whether a row of a table (with its ``id`` or ``account_id``) is near."""
        if table in self.facts:
            return row.id in self.facts[table]
        account = getattr(row, "account_id", None)
        return account is None or account in self.accounts


def _workplaces(people: Iterable[int]) -> Ids:
    return {account for some in chunked(set(people)) for account in workplaces_of(some)}
