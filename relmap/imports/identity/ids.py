"""Who on file a person of the file is, by an equal id.

What cannot be told becomes a doubt: a reason, and the people it may be.
"""

from __future__ import annotations

from collections.abc import Iterable

from relmap.imports.facts_on_file import StoredPerson
from relmap.imports.plan import IdKey
from relmap.imports.snapshot_draft import Draft, FilePerson
from relmap.languages import label_message
from relmap.names.matching import are_equal, share_a_part

__all__ = ["may_be_called", "merge", "settle", "settle_by_id"]


def settle(draft: Draft, person: FilePerson, stored: StoredPerson) -> None:
    """It is this person on file; rows settled on one person before are joined."""
    same = draft.settled.get(stored.id)
    if same is not None:
        merge(draft, same, person)
        return
    person.stored, person.person_id, person.doubt = stored, stored.id, None
    draft.settled[stored.id] = person


def merge(draft: Draft, into: FilePerson, person: FilePerson) -> None:
    """Two people of the file are one."""
    into.entries.extend(person.entries)
    into.entries.sort(key=lambda entry: entry.row.row)
    into.ids.update(person.ids)
    for entry in person.entries:
        entry.person = into
    del draft.people[person]


def settle_by_id(draft: Draft) -> None:
    """An equal id is the same person, whatever the name, but for an inherited mailbox."""
    mailboxes = []
    for person in list(draft.people):
        owners = sorted({draft.known[key] for key in person.ids if key in draft.known})
        found = _choose(draft, person, [draft.stored_people[owner] for owner in owners])
        if len(found) > 1:
            person.doubt = ("ids_of_several_people", tuple(stored.id for stored in found))
        elif found and _is_only_mail(person, found[0]):
            mailboxes.append((person, found[0]))
        elif found:
            settle(draft, person, found[0])
    for person, stored in mailboxes:  # now that other ids have told who is called what
        if may_be_called(draft, person, stored):
            settle(draft, person, stored)
        else:
            person.doubt = ("inherited_mail", (stored.id,))


def _is_only_mail(person: FilePerson, stored: StoredPerson) -> bool:
    return {kind for kind, _, _ in _equal_ids(person, stored)} == {"mail"}


def may_be_called(draft: Draft, person: FilePerson, stored: StoredPerson) -> bool:
    """Whether the name has a part in common with one on file, or with one of other rows."""
    latin = [entry.row.name_latin for entry in person.entries if entry.row.name_latin]
    names = list(stored.spellings)
    other = draft.settled.get(stored.id)
    names += other.names if other else []
    return share_a_part([*person.names, *latin], names)


def _equal_ids(person: FilePerson, stored: StoredPerson) -> set[IdKey]:
    return set(person.ids) & set(stored.ids)


def _choose(draft: Draft, person: FilePerson, owners: list[StoredPerson]) -> list[StoredPerson]:
    """Of several owners of the ids: the one of that name, else the one whose id is no mail."""
    found = [stored for stored in owners if stored.side == "client"]
    if len(found) > 1:
        named = [stored for stored in found if are_equal(person.names, stored.names)]
        if len(named) != 1:
            named = [
                stored
                for stored in found
                if any(kind != "mail" for kind, _, _ in _equal_ids(person, stored))
            ]
        found = named if len(named) == 1 else found
    _leave_ids(draft, person, [stored for stored in owners if stored not in found])
    return found


def _leave_ids(draft: Draft, person: FilePerson, owners: Iterable[StoredPerson]) -> None:
    row = person.entries[0].row.row
    for owner in owners:
        for kind, value, scope in _equal_ids(person, owner):
            del person.ids[kind, value, scope]
            draft.note(
                row,
                "The {id_kind} of row {row} stays with person {person_id}.",
                id_kind=label_message("external_id", kind),
                person_id=owner.id,
            )
