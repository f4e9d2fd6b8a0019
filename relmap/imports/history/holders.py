"""Whom the rows of a history mean: ids first, then names within the account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from relmap.errors import Refused
from relmap.imports.history.draft import Additions
from relmap.imports.history.ids import IdsInFile
from relmap.imports.history.other_script import OtherScript
from relmap.imports.identity.people_of_one_name import tell_apart
from relmap.imports.identity.roster import Known, Roster, person_to_make
from relmap.imports.plan import IdKey, Revised
from relmap.imports.sheets.tenure_rows import FileTenure
from relmap.names.search import search_text

__all__ = ["HolderSearch"]


class HolderSearch:
    """Finds the person of each row; makes those who are not on file."""

    def __init__(
        self,
        draft: Additions,
        roster: Roster,
        rows: Sequence[tuple[FileTenure, int]],
        units_of: Callable[[int], set[int]],
    ) -> None:
        """``rows`` stand with their accounts; ``units_of`` says where somebody on file sat."""
        self._draft = draft
        self._roster = roster
        self._in_file: defaultdict[int, set[IdKey]] = defaultdict(set)
        """Ids that this file gave a person."""
        self._made: dict[int, FileTenure] = {}
        self._renamed: set[int] = set()
        self._ids = IdsInFile(draft, roster, rows)
        names = [row.person for row, _ in rows]
        self._other_script = OtherScript(draft, roster, names, units_of)

    def name(self, person_id: int) -> str:
        """What somebody is called on file, or by the rows."""
        return self._roster.people[person_id].name

    def person(self, row: FileTenure, account_id: int, unit_id: int) -> Known:
        """The person of a row in a unit; ``Refused`` where several could be meant."""
        ids = self._ids.of(row, account_id)
        person = self._by_ids(row, ids) or self._by_name(row, account_id, ids)
        if person is None:
            is_other = partial(self._is_parted, ids=ids)
            person = self._other_script.find(row, account_id, unit_id, is_other)
        if person is None:
            person = Known(id=self._draft.new_id("person"), name=row.person, side="client")
            self._roster.add(person)
            self._made[person.id] = row
            self._draft.count("people_added")
        person.account_ids.add(account_id)
        self._take_ids(person, ids)
        if self._roster.by_own_id(row.person) is None:
            self._take_name(person, row.person)
        return person

    def _by_ids(self, row: FileTenure, ids: Mapping[IdKey, str]) -> Known | None:
        holders = {holder.id: holder for key in ids if (holder := self._roster.holder(key))}
        if len(holders) > 1:
            names = [holder.name for holder in holders.values()]
            raise Refused(
                "Row {row}: its ids are those of {names}. Correct them.",
                row=row.row,
                column="external_id",
                names=names,
            )
        return next(iter(holders.values()), None)

    def _by_name(self, row: FileTenure, account_id: int, ids: Mapping[IdKey, str]) -> Known | None:
        own = self._roster.by_own_id(row.person)
        if own is not None and own.side == "client":
            return own
        named = self._roster.named(row.person, "client", account_id, loosely=False)
        possible = [person for person in named if not self._is_parted(person, ids)]
        if len(possible) > 1:
            raise Refused(
                "Row {row}: several people at {account} are called {person}: {people}. Write "
                "one of these ids in place of the name, or give an external_id.",
                row=row.row,
                column="person",
                account=row.account,
                person=row.person,
                people=tell_apart(possible),
            )
        return possible[0] if possible else None

    def _is_parted(self, person: Known, ids: Mapping[IdKey, str]) -> bool:
        """Whether ids tell that this is another person of the same name.

        Staff numbers do always; mails and handles where both stand in this file.
        """
        for kind, _, scope in ids:
            of_kind = {key for key in person.ids if key[0] == kind and key[2] == scope}
            if kind != "staff_number":
                of_kind &= self._in_file[person.id]
            if of_kind and of_kind.isdisjoint(ids):
                return True
        return False

    def _take_ids(self, person: Known, ids: Mapping[IdKey, str]) -> None:
        for key, written in ids.items():
            self._in_file[person.id].add(key)
            if key in person.ids:
                continue
            self._roster.add_id(person, key, written)
            self._draft.make(
                "external_id",
                person_id=person.id,
                kind=key[0],
                value=key[1],
                written=written,
                scope_id=key[2],
            )
            self._draft.people.add(person.id)

    def _take_name(self, person: Known, name: str) -> None:
        if name == person.name or name in person.other_names:
            return
        person.other_names.add(name)
        self._roster.add_name(person, name)
        self._draft.make("person_name", person_id=person.id, name=name)
        self._draft.people.add(person.id)
        if person.id > 0:
            self._renamed.add(person.id)

    def finish(self) -> None:
        """Put the people that were made, and those found by a new spelling, into the draft."""
        self._other_script.finish()
        for person_id, row in self._made.items():
            person = self._roster.people[person_id]
            made = person_to_make(
                person,
                latin_name=row.name_latin,
                address_as=row.address_as,
                affiliation=row.affiliation,
            )
            self._draft.made.append(made)
        for person_id in sorted(self._renamed):
            person = self._roster.people[person_id]
            text = search_text([person.name, *person.by_names, *sorted(person.other_names)])
            self._draft.revised.append(
                Revised("add_name", "person", person_id, None, after={"search_text": text})
            )
