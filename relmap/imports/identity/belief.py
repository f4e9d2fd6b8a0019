"""Ids that are not to be believed: they stand by the names of other people than before.

Numbers that a list gives out anew, or a column that was sorted without the others, would turn
everybody into somebody else. Such a file is held with the question; with a yes the names decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from relmap.imports.facts_on_file import StoredPerson
from relmap.imports.identity.bearers import SaidOfList
from relmap.imports.identity.ids import may_be_called
from relmap.imports.plan import IdKey
from relmap.imports.snapshot_draft import Draft, FilePerson
from relmap.languages import label_message
from relmap.names.matching import keys_of_names

__all__ = ["IdClaim", "ask_about_ids", "take_off_kind", "take_off_unbelieved_ids", "unbelieved"]

InFile = TypeVar("InFile")
Stored = TypeVar("Stored")


@dataclass(frozen=True, slots=True, eq=False)
class IdClaim(Generic[InFile, Stored]):
    """An id of the file that says who on file somebody is."""

    person: InFile
    key: IdKey
    stored: Stored
    is_unlike: bool
    """Whether the names have nothing in common, and no other id says the same."""


def unbelieved(
    claims: Iterable[IdClaim[InFile, Stored]], stands_elsewhere: Callable[[InFile, Stored], bool]
) -> Iterator[tuple[list[IdClaim[InFile, Stored]], bool]]:
    """The claims by which most people, or two who stand elsewhere, would change names.

    With each whether it is most: then no id of that kind is to be believed.
    """
    by_kind: defaultdict[tuple[str, int], list[IdClaim[InFile, Stored]]] = defaultdict(list)
    for claim in claims:
        by_kind[claim.key[0], claim.key[2]].append(claim)
    for some in by_kind.values():
        unlike = [claim for claim in some if claim.is_unlike]
        if len(unlike) > 1 and len(unlike) * 2 > len(some):
            yield unlike, True
        elif wrong := [one for one in unlike if stands_elsewhere(one.person, one.stored)]:
            yield wrong, False


def ask_about_ids(report: SaidOfList, key: IdKey, rows: Sequence[int]) -> None:
    """Hold a file with the question of ids of one kind that are not to be believed."""
    report.ask(
        "The {id_kind} of rows {rows} stands on file by wholly different names: a number that "
        "counts the rows, or a column that slipped, is no id. Nothing was applied. Mend the "
        "column, or apply it all the same: then the names decide and these ids are left out.",
        id_kind=label_message("external_id", key[0]),
        rows=sorted(set(rows)),
    )


def take_off_unbelieved_ids(draft: Draft) -> None:
    """Take off the ids of a list that are not to be believed, and ask."""
    elsewhere = cache(lambda: _Elsewhere(draft))
    claims = [claim for person in draft.people for claim in _claims(draft, person)]
    for wrong, is_most in unbelieved(claims, lambda one, other: elsewhere().has(one, other)):
        key = wrong[0].key
        ask_about_ids(draft, key, [claim.person.entries[0].row.row for claim in wrong])
        of_whom = draft.people if is_most else [claim.person for claim in wrong]
        for one in of_whom:
            take_off_kind(one.ids, key)


def _claims(draft: Draft, person: FilePerson) -> list[IdClaim[FilePerson, StoredPerson]]:
    owners = {key: draft.known[key] for key in person.ids if key in draft.known}
    kinds: defaultdict[int, set[str]] = defaultdict(set)
    for (kind, _, _), owner in owners.items():
        kinds[owner].add(kind)
    found = []
    for key, owner in owners.items():
        stored = draft.stored_people[owner]
        if key[0] != "mail" and stored.side == "client":
            is_same = any(name in stored.names for name in person.names)
            is_unlike = (
                not is_same
                and kinds[owner] == {key[0]}
                and not may_be_called(draft, person, stored)
            )
            found.append(IdClaim(person, key, stored, is_unlike))
    return found


class _Elsewhere:
    """Where else the names of a claim stand: the old one in the file, the new one on file."""

    def __init__(self, draft: Draft) -> None:
        self._in_file: defaultdict[str, set[FilePerson]] = defaultdict(set)
        for person in draft.people:
            for key in keys_of_names(person.names):
                self._in_file[key].add(person)
        self._on_file: defaultdict[str, set[int]] = defaultdict(set)
        for account in draft.accounts:
            seating = account.seating
            for stored in seating.people.values():
                tenures = seating.tenures_of.get(stored.id, ())
                sits = any(tenure.is_open(draft.day) for tenure in tenures)
                if sits or stored.id in seating.contact_of:
                    for key in keys_of_names(stored.names):
                        self._on_file[key].add(stored.id)

    def has(self, person: FilePerson, stored: StoredPerson) -> bool:
        """Whether two people were taken for one."""
        in_file = {one for key in keys_of_names(stored.names) for one in self._in_file.get(key, ())}
        on_file = {one for key in keys_of_names(person.names) for one in self._on_file.get(key, ())}
        return bool(in_file - {person} or on_file - {stored.id})


def take_off_kind(ids: dict[IdKey, str], key: IdKey) -> None:
    """Take off somebody's ids of the kind and the account of ``key``."""
    for one in [one for one in ids if (one[0], one[2]) == (key[0], key[2])]:
        del ids[one]
