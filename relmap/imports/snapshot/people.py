"""What the rows say of people themselves: names, ids, affiliation, ways to reach them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from relmap.imports.facts_on_file import StoredPerson
from relmap.imports.plan import IdKey
from relmap.imports.snapshot.outcomes import Outcomes
from relmap.imports.snapshot_draft import AccountDraft, Draft, Entry, FilePerson
from relmap.names.folding import is_east_asian, tidy
from relmap.names.honorifics import without_honorifics
from relmap.names.matching import name_keys
from relmap.names.readings import read_alike
from relmap.names.search import search_text

__all__ = ["enter_contacts", "make_new_people", "update_people"]


def make_new_people(draft: Draft) -> None:
    """Everybody in the file who is neither on file nor in doubt is new."""
    for person in draft.people:
        if person.stored or person.doubt:
            continue
        name, *others = _spellings(person)
        latin = _latin_said(person, name)
        nickname, address_as = _said(person, "nickname"), _said(person, "address_as")
        person.person_id = draft.make(
            "person",
            side="client",
            name=name,
            latin_name=latin,
            nickname=nickname,
            address_as=address_as,
            affiliation=_said(person, "affiliation"),
            search_text=search_text([name, latin, nickname, address_as, *others]),
        )
        _add_names(draft, person, others)
        _add_ids(draft, person, person.ids)
        _add_contact_points(draft, person, ())


def _spellings(person: FilePerson) -> list[str]:
    return list(dict.fromkeys(tidy(name) for name in person.names))


def _said(person: FilePerson, field: str) -> str | None:
    """What the first row that says so says."""
    return next((value for entry in person.entries if (value := getattr(entry.row, field))), None)


def _latin_said(person: FilePerson, name: str) -> str | None:
    """The Latin name that a row gives, else the spelling in Latin letters of a name in others."""
    if (said := _said(person, "name_latin")) or not is_east_asian(name):
        return said
    return next((one for one in _spellings(person) if not is_east_asian(one)), None)


def _all_said(person: FilePerson, field: str) -> set[str]:
    return {value.casefold() for entry in person.entries if (value := getattr(entry.row, field))}


def _add_names(draft: Draft, person: FilePerson, names: Iterable[str]) -> None:
    for name in names:
        draft.make("person_name", person_id=person.person_id, name=name)


def _add_ids(draft: Draft, person: FilePerson, ids: Iterable[IdKey]) -> None:
    for kind, value, scope in ids:
        if draft.known.get((kind, value, scope), person.person_id) != person.person_id:
            continue  # somebody else's: rows of one name were joined, ids never change hands
        draft.make(
            "external_id",
            person_id=person.person_id,
            kind=kind,
            value=value,
            written=person.ids[kind, value, scope],
            scope_id=scope,
        )


def _add_contact_points(
    draft: Draft, person: FilePerson, on_file: Iterable[tuple[int | None, str, str]]
) -> int:
    """What each account says for itself: another's is not for its readers."""
    known = {(account_id, kind, _digits(value)) for account_id, kind, value in on_file}
    added = 0
    for entry in person.entries:
        account_id = entry.account.id
        for kind, value in entry.row.contact_points:
            key = (account_id, kind, _digits(value))
            if key not in known:
                known.add(key)
                of_whom = {"person_id": person.person_id, "account_id": account_id}
                draft.make("contact_point", kind=kind, value=value, **of_whom)
                added += 1
    return added


def _digits(value: str) -> str:
    """A number however it is grouped; anything else by its letters."""
    return _GROUPING.sub("", value.casefold())


_GROUPING: Final = re.compile(r"[^\w@+]|_")


# --- people on file


def update_people(draft: Draft) -> None:
    """Learn what the rows add about people on file, and tell what changed."""
    for person in draft.people:
        if person.stored is None:
            continue
        stored = person.stored
        values, added = _renamed(draft, person, stored)
        _add_names(draft, person, added)
        values |= _learnt(draft, person, stored)
        new_ids = [key for key in person.ids if key not in stored.ids]
        _add_ids(draft, person, new_ids)
        points = _add_contact_points(draft, person, stored.contact_points)
        draft.counts["facts_added"] += len(new_ids) + points
        if values or added:
            values["search_text"] = _search_text(stored, values, added)
            draft.revise("change_person", "person", stored.id, values, account_id=None)


def _renamed(
    draft: Draft, person: FilePerson, stored: StoredPerson
) -> tuple[dict[str, Any], list[str]]:
    """The new name, if it changes, and the spellings to keep beside it."""
    names = _spellings(person)
    if names == [stored.name]:
        return {}, []
    kept = {tidy(name) for name in stored.names}
    other_script = [name for name in names if _is_in_other_script(name, stored)]
    news = [name for name in names if name not in other_script and _is_news(name, kept)]
    news += [name for name in other_script if is_east_asian(name) and _is_news(name, kept)]
    if not _is_renamed(person, stored, names):
        return {}, news
    _tell(draft, person, "person_renamed", before=stored.name, after=names[0])
    old = [] if stored.name in stored.other_names else [stored.name]
    return {"name": names[0]}, [*old, *(name for name in news if name != names[0])]


def _is_renamed(person: FilePerson, stored: StoredPerson, names: list[str]) -> bool:
    """Whether another name comes with an id; a name alone, or another script, never renames."""
    if not person.ids or any(_is_in_other_script(name, stored) for name in names):
        return False
    return not any(_is_told_alike(name, stored.name) for name in names)


def _is_told_alike(one: str, other: str) -> bool:
    """Whether two spellings are one but for words of address, which come and go untold."""
    if tidy(one) == tidy(other):
        return True
    differ = one.casefold() != other.casefold()
    return differ and without_honorifics(tidy(one)) == without_honorifics(tidy(other))


def _is_in_other_script(name: str, stored: StoredPerson) -> bool:
    """Whether a spelling is the name on file, as it reads in the other script."""
    if is_east_asian(name) == is_east_asian(stored.name):
        return False
    eastern, latin = sorted((name, stored.name), key=is_east_asian, reverse=True)
    return read_alike(eastern, latin) is not None


def _is_news(name: str, known: set[str]) -> bool:
    keys = {key for other in known for key in name_keys(other)}
    return name not in known and keys.isdisjoint(name_keys(name))


def _search_text(stored: StoredPerson, values: dict[str, Any], added: list[str]) -> str:
    fields = [
        values.get(key, getattr(stored, key))
        for key in ("name", "latin_name", "nickname", "address_as")
    ]
    return search_text([*fields, *stored.other_names, *added])


def _learnt(draft: Draft, person: FilePerson, stored: StoredPerson) -> dict[str, Any]:
    """Blank fields are filled in silently; another affiliation or Latin name is a change."""
    values: dict[str, Any] = {}
    is_respelled = person.names != [stored.name]
    for field, key in (
        ("affiliation", "affiliation"),
        ("name_latin", "latin_name"),
        ("nickname", "nickname"),
        ("address_as", "address_as"),
    ):
        said, old = _said(person, field), getattr(stored, key)
        if field == "name_latin" and said is None and old is None and is_respelled:
            said = _latin_in_file(person, stored)
        if said is None or (old is not None and old.casefold() in _all_said(person, field)):
            continue
        if old is None:
            values[key] = said
            draft.counts["facts_added"] += 1
        elif field == "affiliation":
            values[key] = said
            _tell(draft, person, "affiliation_changed", before=old, after=said)
        elif field == "name_latin":
            values[key] = said
            _tell(draft, person, "fact_changed", before={key: old}, after={key: said})
    return values


def _latin_in_file(person: FilePerson, stored: StoredPerson) -> str | None:
    """The name in Latin letters, where the file or the book has one and the other has not."""
    for name in _spellings(person):
        if _is_in_other_script(name, stored):
            return stored.name if is_east_asian(name) else name
    return None


def _tell(draft: Draft, person: FilePerson, kind: str, *, before: Any, after: Any) -> None:
    entry = person.entries[0]
    draft.tell(
        kind,
        entry.account,
        row=entry.row.row,
        unit=entry.unit.label if entry.unit else None,
        unit_id=entry.unit.unit_id if entry.unit else None,
        post=entry.post.title if entry.post else None,
        post_id=entry.post.post_id if entry.post else None,
        person_id=person.person_id,
        before=before,
        after=after,
    )


# --- contact entries


def enter_contacts(draft: Draft, account: AccountDraft, outcomes: Outcomes) -> None:
    """A person without a post is a contact entry; it ends when the person gets a post."""
    entered: set[FilePerson] = set()
    for entry in account.entries:
        person = entry.person
        if person is None or not entry.row.is_contact or person in entered or entry.is_waiting:
            continue
        entered.add(person)
        if not _has_place(account, person, outcomes):
            draft.make(
                "contact",
                person_id=person.person_id,
                account_id=account.id,
                starts_on=draft.day,
            )
            draft.counts["contacts"] += 1
    for join in account.joins:
        contact = account.seating.contact_of.get(join.person.person_id)
        if contact is not None and contact.id not in draft.ended_contacts:
            _end_contact(draft, account, contact.id, contact.starts_on, join.start.on)


def _has_place(account: AccountDraft, person: FilePerson, outcomes: Outcomes) -> bool:
    if person.person_id in account.seating.contact_of:
        return True
    if any(join.account is account for join in outcomes.draft.joins_of.get(person, ())):
        return True
    return any(
        tenure.is_open(outcomes.draft.day) and tenure.id not in outcomes.leaving
        for tenure in account.seating.tenures_of.get(person.person_id, ())
    ) or any(_is_doubtful_seat(entry, account) for entry in person.entries)


def _is_doubtful_seat(entry: Entry, account: AccountDraft) -> bool:
    return entry.account is account and entry.post is not None


def _end_contact(draft: Draft, account: AccountDraft, number: int, since: Any, day: Any) -> None:
    draft.ended_contacts.add(number)
    if day <= since:
        draft.removed_contacts.append(number)
    else:
        draft.revise("end_contact", "contact", number, {"ends_on": day}, account_id=account.id)
