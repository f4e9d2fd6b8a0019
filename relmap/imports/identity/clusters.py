"""Which rows of the file name one human being, before anybody asks who that is on file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from relmap.imports.identity.bearers import Bearer, SaidOfList
from relmap.imports.plan import IdKey
from relmap.imports.snapshot_draft import AccountDraft, Draft, Entry, FilePerson
from relmap.languages import label_message
from relmap.names.matching import are_alike, are_equal, keys_of_names, name_keys

__all__ = [
    "are_parted",
    "join_by_id",
    "join_by_name",
    "mark_duplicates",
    "take_off_shared_ids",
    "unlike_kinds",
]


def take_off_shared_ids(
    report: SaidOfList,
    bearers: Iterable[Bearer],
    *,
    are_one: Callable[[str, str], bool] = are_alike,
) -> None:
    """An id that stands on rows with unlike names is nobody's: taken off, with a note."""
    bearing: defaultdict[IdKey, list[Bearer]] = defaultdict(list)
    for bearer in bearers:
        for key in bearer.ids:
            bearing[key].append(bearer)
    for key, sharing in bearing.items():
        names = list(dict.fromkeys(bearer.name for bearer in sharing))
        if all(are_one(names[0], name) for name in names[1:]):
            continue
        report.note(
            sharing[0].line,
            "The {id_kind} of rows {rows} stands by unlike names: it is shared and counts for "
            "nobody.",
            id_kind=label_message("external_id", key[0]),
            rows=[bearer.line for bearer in sharing],
        )
        for bearer in sharing:
            del bearer.ids[key]


def join_by_id(entries: Iterable[Entry]) -> dict[FilePerson, None]:
    """Rows that have an id in common name one person, and so does a record with several units.

    A row that repeats the person above by a ditto mark or a merged cell is one more seat of theirs.
    """
    people: dict[FilePerson, None] = {}
    owner: dict[IdKey, FilePerson] = {}
    of_record: dict[str | None, FilePerson] = {}
    row = None
    for entry in entries:
        if (entry.row.part == 0 or entry.row.row != row) and not entry.row.repeats:
            of_record = {}
        row = entry.row.row
        known = [owner[key] for key in entry.ids if key in owner]
        known += [of_record[entry.row.person]] if entry.row.person in of_record else []
        found = list(dict.fromkeys(known))
        person = found[0] if found else FilePerson()
        if not found:
            people[person] = None
        _take(person, [entry], entry.ids)
        for other in found[1:]:  # this row joins what two others kept apart
            _take(person, other.entries, other.ids)
            del people[other]
        owner.update(dict.fromkeys(person.ids, person))
        of_record[entry.row.person] = person
    return people


def _take(person: FilePerson, entries: list[Entry], ids: dict[IdKey, str]) -> None:
    person.entries.extend(entries)
    person.entries.sort(key=lambda entry: entry.row.row)
    person.ids.update(ids)
    for entry in entries:
        entry.person = person


def are_parted(one: FilePerson, other: FilePerson) -> bool:
    """Whether ids say that two are not one: two people on file, or unlike ids of one kind."""
    if one.stored and other.stored:
        return one.stored.id != other.stored.id
    return unlike_kinds(one.all_ids, other.all_ids) != set()


def unlike_kinds(some: Iterable[IdKey], others: Iterable[IdKey]) -> set[str]:
    """The kinds of id that both have, with no value in common; staff numbers by account.

    Zeros in front of a staff number are easily lost: 42 does not tell somebody apart from 00042.
    """
    mine, theirs = set(map(_without_zeros, some)), set(map(_without_zeros, others))
    if mine & theirs:
        return set()

    def kinds(keys: set[IdKey]) -> set[tuple[str, int]]:
        return {(kind, scope) for kind, _, scope in keys}

    return {kind for kind, _ in kinds(mine) & kinds(theirs)}


def _without_zeros(key: IdKey) -> IdKey:
    kind, value, scope = key
    return (kind, value.lstrip("0") or value, scope) if kind == "staff_number" else key


def join_by_name(draft: Draft, account: AccountDraft) -> None:
    """Within one unit an equal name is one person, unless ids or seats on file part them.

    Same title: a duplicate row. Two titles: one person in two posts, unless there are several of
    that name on file. A contact entry joins the one person of its name in the account.
    """
    shared = _names_of_several(draft, account)
    by_name: defaultdict[str, dict[FilePerson, None]] = defaultdict(dict)
    for entry in sorted(account.entries, key=lambda entry: entry.row.is_contact):
        person = entry.person
        if person is None:
            continue
        keys = name_keys(entry.row.person or "")
        twins = {twin: None for key in keys for twin in by_name[key] if twin in draft.people}
        twins.pop(person, None)
        if not entry.row.is_contact:
            is_near = _is_in_unit if keys.isdisjoint(shared) else _has_title
            twins = {twin: None for twin in twins if is_near(twin, entry)}
        elif len(twins) > 1:
            twins = {}
        twins = {twin: None for twin in twins if not _is_somebody_else(draft, entry, twin)}
        if len(twins) > 1:  # whoever has that very title
            twins = {twin: None for twin in twins if _has_title(twin, entry)} or twins
        if len(twins) == 1 and person in draft.people:
            (twin,) = twins
            _merge(draft, twin, person)
            person = twin
        for key in keys:
            by_name[key][person] = None


def _names_of_several(draft: Draft, account: AccountDraft) -> set[str]:
    """The keys of names that more than one person in the account bears."""
    seating = account.seating
    bearers: Counter[str] = Counter()
    for stored in seating.people.values():
        if stored.id in seating.contact_of or any(
            tenure.is_open(draft.day) for tenure in seating.tenures_of.get(stored.id, ())
        ):
            bearers.update(keys_of_names(stored.names))
    return {key for key, count in bearers.items() if count > 1}


def _merge(draft: Draft, into: FilePerson, person: FilePerson) -> None:
    if person.stored is not None:
        into.stored, into.person_id = person.stored, person.person_id
        draft.settled[person.stored.id] = into
    into.doubt = None if into.stored else into.doubt or person.doubt
    _take(into, person.entries, person.ids)
    del draft.people[person]


def _is_in_unit(twin: FilePerson, entry: Entry) -> bool:
    return any(other.unit is entry.unit for other in twin.entries if other.account is entry.account)


def _is_somebody_else(draft: Draft, entry: Entry, twin: FilePerson) -> bool:
    """Whether ids part the two, or both sit on file as two people where the file lists them."""
    assert entry.person is not None
    if are_parted(entry.person, twin):
        return True
    mine = _may_be(draft, entry.person, [entry])
    theirs = _may_be(draft, twin, twin.entries)
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def _may_be(draft: Draft, person: FilePerson, entries: Iterable[Entry]) -> set[int]:
    """Whom an id makes of the person, or whom it leaves in doubt, else who sits there."""
    if person.stored is not None:
        return {person.stored.id}
    return set(person.doubt[1]) if person.doubt else _sitting(draft, entries)


def _sitting(draft: Draft, entries: Iterable[Entry]) -> set[int]:
    """Who of that name sits in the posts of these rows, by what is on file."""
    found = set()
    for entry in entries:
        if entry.post is None:
            continue
        seating = entry.account.seating
        for tenure in seating.tenures_in.get(entry.post.post_id, ()):
            stored = seating.people[tenure.person_id]
            if tenure.is_open(draft.day) and are_equal([entry.row.person or ""], stored.names):
                found.add(stored.id)
    return found


def _has_title(twin: FilePerson, entry: Entry) -> bool:
    return any(other.post is entry.post for other in twin.entries if other.unit is entry.unit)


def mark_duplicates(draft: Draft, account: AccountDraft) -> None:
    """A person stands once in a post; further rows repeat it."""
    for post in account.posts:
        seen: set[FilePerson] = set()
        for entry in post.entries:
            if entry.person is None:
                continue
            entry.is_duplicate = entry.person in seen
            draft.counts["duplicate_rows"] += entry.is_duplicate
            seen.add(entry.person)
