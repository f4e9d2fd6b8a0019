"""Who on file a person of the file is where no id is equal: the name decides, in one account.

The functions follow "Who is who" of docs/snapshots.md. What cannot be told becomes a doubt.
"""

from __future__ import annotations

from collections import defaultdict

from relmap.imports.facts_on_file import StoredPerson, StoredTenure
from relmap.imports.identity.clusters import are_parted, unlike_kinds
from relmap.imports.identity.ids import settle
from relmap.imports.snapshot_draft import AccountDraft, Draft, FilePerson
from relmap.names.matching import (
    are_equal,
    are_near,
    keys_of_names,
    may_be_addressed_as,
    name_keys,
    unit_key,
)

__all__ = ["doubt_near_matches", "settle_by_name"]


def settle_by_name(draft: Draft, account: AccountDraft) -> None:
    """Settle, or doubt, everybody of this account whom no id settled."""
    names = _Names(draft, account)
    for person in names.inheriting():
        names.widen_doubt(person)
    for person in names.unsettled():
        names.keep_post(person)
    for person in names.unsettled():
        names.decide(person)


class _Names:
    """The people of one account by their names: those on file and those in the file."""

    def __init__(self, draft: Draft, account: AccountDraft) -> None:
        self.draft = draft
        self.account = account
        self.on_file: defaultdict[str, list[StoredPerson]] = defaultdict(list)
        for stored in account.seating.people.values():
            for key in keys_of_names(stored.spellings):
                self.on_file[key].append(stored)
        self.in_file: defaultdict[str, dict[FilePerson, None]] = defaultdict(dict)
        for entry in account.entries:
            if entry.person is not None:
                for key in name_keys(entry.row.person or ""):
                    self.in_file[key][entry.person] = None

    def unsettled(self) -> list[FilePerson]:
        """Who is neither settled nor in doubt, in the order of the rows."""
        people = dict.fromkeys(entry.person for entry in self.account.entries if entry.person)
        return [person for person in people if not person.stored and not person.doubt]

    def inheriting(self) -> list[FilePerson]:
        """Who is in doubt because the mailbox is on file under a wholly different name."""
        people = dict.fromkeys(entry.person for entry in self.account.entries if entry.person)
        return [one for one in people if one.doubt and one.doubt[0] == "inherited_mail"]

    # --- namesakes

    def known_as(self, person: FilePerson) -> list[StoredPerson]:
        """The people on file of an equal name, or of the row's Latin name if they have but that."""
        keys = keys_of_names(person.names)
        found = {stored.id: stored for key in keys for stored in self.on_file.get(key, ())}
        latin = [entry.row.name_latin for entry in person.entries if entry.row.name_latin]
        for key in keys_of_names(latin) - keys:
            for stored in self.on_file.get(key, ()):
                if are_equal(latin, stored.names):  # Latin against Latin would join homonyms
                    found[stored.id] = stored
        return [
            found[number] for number in sorted(found) if not self._is_parted(person, found[number])
        ]

    def _is_parted(self, person: FilePerson, stored: StoredPerson) -> bool:
        """Whether both rows are in the file and ids part them."""
        other = self.draft.settled.get(stored.id)
        return other is not None and other is not person and are_parted(person, other)

    def twins(self, person: FilePerson) -> list[FilePerson]:
        """The others of that name in the file."""
        found = {
            twin: None for key in keys_of_names(person.names) for twin in self.in_file.get(key, ())
        }
        return [twin for twin in found if twin is not person and twin in self.draft.people]

    # --- rules

    def widen_doubt(self, person: FilePerson) -> None:
        """Who of that name is on file may have got the mailbox as well."""
        assert person.doubt is not None
        reason, owners = person.doubt
        namesakes = [
            stored.id
            for stored in self.known_as(person)
            if stored.id not in owners and "staff_number" not in self._unlike(person, stored)
        ]
        person.doubt = (reason, (*owners, *namesakes))

    def keep_post(self, person: FilePerson) -> None:
        """Who sits in the same post keeps it, with a new id perhaps; so does a contact entry."""
        posts = {entry.post.post_id for entry in person.entries if entry.post}
        sitting = [
            stored
            for stored in self.known_as(person)
            if (not posts and self._is_free_contact(person, stored))
            or any(
                tenure.post_id in posts and tenure.is_open(self.draft.day)
                for tenure in self._tenures(stored)
            )
        ]
        if len(sitting) > 1:  # those whom no other row names
            sitting = [stored for stored in sitting if stored.id not in self.draft.settled]
        if len(sitting) == 1:
            settle(self.draft, person, sitting[0])

    def _is_free_contact(self, person: FilePerson, stored: StoredPerson) -> bool:
        """Whether somebody stands as a contact, and no other row names them or may do so."""
        return (
            stored.id in self.account.seating.contact_of
            and stored.id not in self.draft.settled
            and not self._has_rival(person, stored)
        )

    def decide(self, person: FilePerson) -> None:
        """One before and one in the file is the same person; what is left is new or uncertain."""
        namesakes = [
            stored
            for stored in self.known_as(person)
            if "staff_number" not in self._unlike(person, stored)
        ]
        before = [stored for stored in namesakes if self._was_here(person, stored)]
        before += [
            twin.stored
            for twin in self.twins(person)
            if twin.stored and twin.stored not in before and not are_parted(person, twin)
        ]
        if before:
            self._decide_among(person, before)
        elif namesakes:
            person.doubt = ("ended_elsewhere", tuple(stored.id for stored in namesakes))
        else:
            self._note_homonyms(person)

    def _decide_among(self, person: FilePerson, before: list[StoredPerson]) -> None:
        candidates = tuple(sorted({stored.id for stored in before}))
        stored = before[0]
        if len(before) == 1 and self._is_mere_contact(person, stored):
            settle(self.draft, person, stored)
        elif len(before) > 1 or stored.id in self.draft.settled or self._has_rival(person, stored):
            person.doubt = ("several_of_one_name", candidates)
        elif self._unlike(person, stored):
            person.doubt = ("other_id", candidates)
        elif self._sits_unlisted(person, stored):
            person.doubt = ("unit_not_listed", candidates)
        else:
            settle(self.draft, person, stored)

    def _is_mere_contact(self, person: FilePerson, stored: StoredPerson) -> bool:
        """Whether the rows say no more than that the one of that name works there."""
        is_contact = all(entry.row.is_contact for entry in person.entries)
        return is_contact and all(twin.stored is stored for twin in self.twins(person))

    def _unlike(self, person: FilePerson, stored: StoredPerson) -> set[str]:
        """The kinds of id that tell two apart; none for who comes back to the very same post."""
        posts = {entry.post.post_id for entry in person.entries if entry.post}
        if any(tenure.post_id in posts for tenure in self._tenures(stored)):
            return set()
        return unlike_kinds(person.ids, stored.ids)

    def _was_here(self, person: FilePerson, stored: StoredPerson) -> bool:
        """An open tenure, a contact entry, or a tenure ended in the same unit."""
        if stored.id in self.account.seating.contact_of:
            return True
        units = {entry.unit.unit_id for entry in person.entries if entry.unit}
        labels = {unit_key(entry.unit.label) for entry in person.entries if entry.unit}
        return any(
            tenure.ends_on is None
            or tenure.ends_on > self.draft.day
            or tenure.unit_id in units
            or (tenure.unit_id not in self.account.seating.unit and tenure.unit_key in labels)
            for tenure in self._tenures(stored)
        )

    def _has_rival(self, person: FilePerson, stored: StoredPerson) -> bool:
        """Whether another unsettled person of the file may be the same one on file."""
        return any(
            twin.stored is None and "staff_number" not in unlike_kinds(twin.ids, stored.ids)
            for twin in self.twins(person)
        )

    def _sits_unlisted(self, person: FilePerson, stored: StoredPerson) -> bool:
        """Whether the old seat is in a unit that the file does not list: they may sit there yet."""
        sitting = [row for row in self._tenures(stored) if row.is_open(self.draft.day)]
        return bool(sitting) and not any(row.unit_id in self.account.compared for row in sitting)

    def _tenures(self, stored: StoredPerson) -> tuple[StoredTenure, ...]:
        return self.account.seating.tenures_of.get(stored.id, ())

    def _note_homonyms(self, person: FilePerson) -> None:
        rows = sorted(
            twin.entries[0].row.row
            for twin in [person, *self.twins(person)]
            if twin.stored is None and not twin.doubt
        )
        if len(rows) > 1 and rows[0] == person.entries[0].row.row:
            self.draft.note(rows[0], "Rows {rows} name different people of one name.", rows=rows)


def doubt_near_matches(draft: Draft, account: AccountDraft) -> None:
    """A near match in the same post, one gone and one new, may be one person."""
    for post in account.posts:
        if post.post_id <= 0:
            continue
        gone = [
            account.seating.people[tenure.person_id]
            for tenure in account.seating.tenures_in.get(post.post_id, ())
            if tenure.is_open(draft.day) and tenure.person_id not in draft.settled
        ]
        new = [entry.person for entry in post.named if entry.person and not entry.person.stored]
        for person in new:
            near = [stored.id for stored in gone if _is_near(person, stored)]
            if near and not person.doubt:
                person.doubt = ("near_match", tuple(near))


def _is_near(person: FilePerson, stored: StoredPerson) -> bool:
    return any(
        are_near(one, other) or may_be_addressed_as(one, other) or may_be_addressed_as(other, one)
        for one in person.names
        for other in stored.names
    )
