"""Who is on file, as frozen values, and whom a name or an id in a file means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, union

from relmap.contracts.words import ExternalIdKind, Side
from relmap.imports.identity.handles import as_written
from relmap.imports.plan import IdKey, Made
from relmap.imports.sheets.cells import id_key, read_ids
from relmap.models import Contact, ExternalId, Person, PersonName, Post, Tenure, Unit, db
from relmap.names.matching import name_keys
from relmap.names.search import search_text

__all__ = ["Known", "Roster", "load_roster", "person_to_make"]


@dataclass(slots=True)
class Known:
    """A person on file, or one that this import makes (with an id below zero)."""

    id: int
    name: str
    side: Side
    other_names: set[str] = field(default_factory=set)
    by_names: tuple[str, ...] = ()
    """Latin name, nickname, form of address: they find a person where no name does."""
    ids: dict[IdKey, str] = field(default_factory=dict)
    account_ids: set[int] = field(default_factory=set)
    open_account_ids: set[int] = field(default_factory=set)

    @property
    def written_names(self) -> tuple[str, ...]:
        """Every name under which the person was met."""
        return (self.name, *self.other_names)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name under which the person was met, and those by which they are called."""
        return (*self.written_names, *self.by_names)

    @property
    def written_ids(self) -> set[tuple[str, str]]:
        """Kind and id as it was written."""
        return {(key[0], written) for key, written in self.ids.items()}


class Roster:
    """People by name and id; grows while an import is planned."""

    def __init__(self, people: Iterable[Known]) -> None:
        self.people: dict[int, Known] = {}
        self._by_name: defaultdict[str, set[int]] = defaultdict(set)
        self._by_other: defaultdict[str, set[int]] = defaultdict(set)
        self._by_id: dict[IdKey, int] = {}
        for person in people:
            self.add(person)

    def add(self, person: Known) -> None:
        """Take in a person with all names and ids."""
        self.people[person.id] = person
        for name in (person.name, *person.other_names):
            self.add_name(person, name)
        for name in person.by_names:
            for key in name_keys(name):
                self._by_other[key].add(person.id)
        self._by_id.update(dict.fromkeys(person.ids, person.id))

    def add_name(self, person: Known, name: str) -> None:
        """Let a person be found by one more spelling."""
        for key in name_keys(name):
            self._by_name[key].add(person.id)

    def add_id(self, person: Known, key: IdKey, written: str) -> None:
        """Let a person be found by one more id."""
        person.ids[key] = written
        self._by_id[key] = person.id

    def holder(self, key: IdKey) -> Known | None:
        """The person who bears an id."""
        person_id = self._by_id.get(key)
        return None if person_id is None else self.people[person_id]

    def by_own_id(self, text: str) -> Known | None:
        """The person whom a cell names by relmap's own id, as ``person:12``."""
        kind, _, number = text.partition(":")
        is_own = kind.strip().casefold() == "person" and number.strip().isdecimal()
        return self.people.get(int(number)) if is_own else None

    def named(
        self, name: str, side: Side, account_id: int | None = None, *, loosely: bool = True
    ) -> list[Known]:
        """The people whom a name can mean: of one account, or (``None``) of the whole book.

        A full name comes before a Latin name, nickname or 王总 (``loosely``), and those in the
        account today before those who were there once.
        """
        for index in (self._by_name, self._by_other)[: 1 + loosely]:
            ids = {person_id for key in name_keys(name) for person_id in index.get(key, ())}
            found = [self.people[person_id] for person_id in sorted(ids)]
            found = [person for person in found if person.side == side]
            if account_id is not None:
                found = [person for person in found if account_id in person.account_ids]
                today = [person for person in found if account_id in person.open_account_ids]
                found = today or found
            if len(found) > 1:
                found = [person for person in found if person.name == name] or found
            if found:
                return found
        return []

    def of_theirs(
        self,
        name: str,
        *,
        account_id: int | None,
        given_id: tuple[ExternalIdKind, str] | None = None,
    ) -> list[Known]:
        """Whom of theirs a cell can mean: by id (``kind:value`` in the cell too), else by name."""
        if own := self.by_own_id(name):
            return [own]
        for kind, value in self._ids_in(name, given_id):
            exact = self.holder(as_written(value)) if kind == "handle" else None
            if holder := exact or self.holder(scoped(kind, value, account_id)):
                return [holder]
        found = self.named(name, "client", account_id)
        if not found:  # a bare staff number or handle
            kinds: tuple[ExternalIdKind, ...] = ("handle", "staff_number", "mail")
            keys = [scoped(kind, name, account_id) for kind in kinds]
            found = [holder for key in keys if (holder := self.holder(key))][:1]
        return found

    @staticmethod
    def _ids_in(
        name: str, given_id: tuple[ExternalIdKind, str] | None
    ) -> Sequence[tuple[ExternalIdKind, str]]:
        ids = [] if given_id is None else [given_id]
        if ":" in name or "：" in name:
            ids += read_ids(name)
        elif "@" in name:
            ids.append(("mail", name))
        return ids


def scoped(kind: ExternalIdKind, value: str, account_id: int | None) -> IdKey:
    """An id as the book compares it: a staff number within its account."""
    kind, folded = id_key(kind, value)
    return kind, folded, (account_id or 0) if kind == "staff_number" else 0


def load_roster(account_ids: Iterable[int] | None = None) -> Roster:
    """Everybody of ours, and theirs of these accounts (``None``: of all); five queries.

    People whose ids are asked for but who work elsewhere are found too: all ids are read.
    """
    wanted = None if account_ids is None else set(account_ids)
    places: defaultdict[int, set[int]] = defaultdict(set)
    open_places: defaultdict[int, set[int]] = defaultdict(set)
    held = (
        select(Tenure.person_id, Unit.account_id, Tenure.ends_on)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
    )
    listed = select(Contact.person_id, Contact.account_id, Contact.ends_on)
    for person_id, account_id, ends_on in db.session.execute(union(held, listed)):
        if wanted is None or account_id in wanted:
            places[person_id].add(account_id)
            if ends_on is None:
                open_places[person_id].add(account_id)
    ids: defaultdict[int, dict[IdKey, str]] = defaultdict(dict)
    for row in db.session.execute(
        select(
            ExternalId.person_id,
            ExternalId.written,
            ExternalId.kind,
            ExternalId.value,
            ExternalId.scope_id,
        )
    ):
        ids[row.person_id][row.kind, row.value, row.scope_id] = row.written
    names: defaultdict[int, set[str]] = defaultdict(set)
    for person_id, name in db.session.execute(select(PersonName.person_id, PersonName.name)):
        names[person_id].add(name)
    columns = (Person.id, Person.name, Person.side)
    by_names = (Person.latin_name, Person.nickname, Person.address_as)
    people = db.session.execute(select(*columns, *by_names).where(Person.erased_at.is_(None)))
    return Roster(
        Known(
            id=person_id,
            name=name,
            side="us" if side == "us" else "client",
            other_names=names[person_id],
            by_names=tuple(filter(None, others)),
            ids=ids[person_id],
            account_ids=places[person_id],
            open_account_ids=open_places[person_id],
        )
        for person_id, name, side, *others in people
    )


def person_to_make(person: Known, **columns: str | None) -> Made:
    """The row of a person that is not on file yet."""
    forms = [person.name, columns.get("latin_name"), columns.get("address_as")]
    return Made(
        "person",
        person.id,
        {
            "name": person.name,
            "side": person.side,
            "search_text": search_text([*forms, *person.other_names]),
            **columns,
        },
    )
