"""Who on file a person of the file is where one list has Latin letters, the other characters.

A name in characters and one in Latin letters are one person's if the one reads as the other and
they share a post, or are the only such pair in the unit. What else reads so is in doubt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from relmap.imports.facts_on_file import StoredPerson, StoredTenure
from relmap.imports.identity.bearers import SaidOfList
from relmap.imports.identity.clusters import unlike_kinds
from relmap.imports.identity.ids import settle
from relmap.imports.snapshot_draft import AccountDraft, Draft, FilePerson
from relmap.names.folding import is_east_asian
from relmap.names.readings import read_alike, readings

__all__ = ["ask_about_other_script", "settle_across_scripts", "tell_read_alike"]

SHOWN: Final = 5


def settle_across_scripts(draft: Draft, account: AccountDraft) -> None:
    """Settle, or doubt, whom the name on file in the other script may mean."""
    pairs = _Pairs(draft, account)
    for places in (pairs.posts, pairs.units):
        for person in pairs.unsettled():
            if stored := pairs.only_one(person, places):
                settle(draft, person, stored)
                draft.read_alike.append((person.names[0], stored.name))
    for person in pairs.unsettled():
        if found := pairs.possible(person):
            person.doubt = ("other_script", tuple(sorted(one.id for one in found)))


Places = Callable[[FilePerson | StoredPerson], set[int]]
"""Where somebody sits: the posts, or the units."""


class _Pairs:
    """New people of the file, and people on file who read as they do and whom no row names."""

    def __init__(self, draft: Draft, account: AccountDraft) -> None:
        self.draft = draft
        self.account = account
        people = dict.fromkeys(entry.person for entry in account.entries if entry.person)
        self._new = [person for person in people if not person.stored and not person.doubt]
        self._on_file: defaultdict[tuple[bool, str], list[StoredPerson]] = defaultdict(list)
        self._in_file: defaultdict[tuple[bool, str], list[FilePerson]] = defaultdict(list)
        scripts = {_is_eastern(person.names) for person in self._new}
        for stored in account.seating.people.values():
            script = _is_eastern(stored.spellings)
            if (not script) in scripts and self._is_free(stored) and self._is_here(stored):
                for reading in _readings(stored.names):
                    self._on_file[script, reading].append(stored)
        for person in self._new if self._on_file else ():
            for reading in _readings(person.names):
                self._in_file[_is_eastern(person.names), reading].append(person)

    def unsettled(self) -> list[FilePerson]:
        """Who is neither settled nor in doubt, in the order of the rows."""
        if not self._on_file:
            return []
        return [one for one in self._new if not one.stored and one in self.draft.people]

    def only_one(self, person: FilePerson, places: Places) -> StoredPerson | None:
        """Who on file reads as the person does in one place, where nobody else does."""
        here = places(person)
        found = [stored for stored in self._alike(person) if places(stored) & here]
        if len(found) != 1:
            return None
        (stored,) = found
        script = _is_eastern(person.names)
        rivals = {
            other
            for reading in _readings(stored.names)
            for other in self._in_file[script, reading]
            if other is not person and not other.stored and places(other) & places(stored)
        }
        return None if rivals else stored

    def possible(self, person: FilePerson) -> list[StoredPerson]:
        """Who reads alike anywhere in the account, or nearly so in the same post."""
        script = _is_eastern(person.names)
        near = [
            stored
            for post_id in sorted(self.posts(person))
            for tenure in self.account.seating.tenures_in.get(post_id, ())
            if tenure.is_open(self.draft.day)
            and self._is_free(stored := self.account.seating.people[tenure.person_id])
            and script != _is_eastern(stored.spellings)
            and _are_near(person, stored)
        ]
        return list(dict.fromkeys([*self._alike(person), *near]))

    def _alike(self, person: FilePerson) -> list[StoredPerson]:
        script = not _is_eastern(person.names)
        found = {
            stored.id: stored
            for reading in _readings(person.names)
            for stored in self._on_file.get((script, reading), ())
        }
        return [
            stored
            for stored in found.values()
            if self._is_free(stored) and "staff_number" not in unlike_kinds(person.ids, stored.ids)
        ]

    def posts(self, who: FilePerson | StoredPerson) -> set[int]:
        """The posts in which somebody sits."""
        if isinstance(who, FilePerson):
            return {entry.post.post_id for entry in who.entries if entry.post}
        return {tenure.post_id for tenure in self._open(who)}

    def units(self, who: FilePerson | StoredPerson) -> set[int]:
        """The units in which somebody sits."""
        if isinstance(who, FilePerson):
            return {entry.unit.unit_id for entry in who.entries if entry.unit}
        return {tenure.unit_id for tenure in self._open(who)}

    def _open(self, stored: StoredPerson) -> list[StoredTenure]:
        tenures = self.account.seating.tenures_of.get(stored.id, ())
        return [tenure for tenure in tenures if tenure.is_open(self.draft.day)]

    def _is_free(self, stored: StoredPerson) -> bool:
        return stored.id not in self.draft.settled

    def _is_here(self, stored: StoredPerson) -> bool:
        return bool(self._open(stored)) or stored.id in self.account.seating.contact_of


def _readings(names: Iterable[str]) -> set[str]:
    return {reading for name in names for reading in readings(name)}


def _is_eastern(names: Iterable[str]) -> bool:
    return any(map(is_east_asian, names))


def _are_near(person: FilePerson, stored: StoredPerson) -> bool:
    return any(
        read_alike(*sorted((one, other), key=is_east_asian, reverse=True))
        for one in person.names
        for other in stored.names
    )


def tell_read_alike(report: SaidOfList, read_alike: Iterable[tuple[str, str]]) -> None:
    """Say who was taken for whom because the one name reads as the other."""
    pairs = [f"{name} = {on_file}" for name, on_file in read_alike]
    if pairs:
        more = ["…"] if len(pairs) > SHOWN else []
        report.note(
            None,
            "Taken for the same people because the names read alike in the other script (pinyin), "
            "{number} in all: {pairs}. If one is not, undo this import and give them ids.",
            number=len(pairs),
            pairs=[*pairs[:SHOWN], *more],
        )


def ask_about_other_script(draft: Draft) -> None:
    """Hold a list by which most holders would be replaced by names in the other script."""
    replaced = [
        leave
        for leave in draft.leaves
        if (joins := draft.joins_in.get(leave.tenure.post_id))
        and leave.tenure.person_id not in draft.settled
        and all(
            _is_eastern(join.person.names) != _is_eastern(stored.spellings)
            for join in joins
            for stored in (draft.stored_people[leave.tenure.person_id],)
        )
    ]
    sitting = sum(
        tenure.is_open(draft.day)
        for account in draft.accounts
        for tenure in account.seating.tenures
        if tenure.unit_id in account.compared
    )
    if len(replaced) < 2 or len(replaced) * 2 <= sitting:
        return
    draft.ask(
        "{gone} of {holders} holders would be replaced by names in another script: this looks like "
        "the same people, written otherwise. Nothing was applied. Add a column with the names as "
        "the list before had them (latin name); if all of them were replaced, apply it all the "
        "same.",
        gone=len(replaced),
        holders=sitting,
    )
