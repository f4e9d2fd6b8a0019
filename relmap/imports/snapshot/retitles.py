"""Titles that a whole list writes anew: gone from most units, others in their place there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from rapidfuzz.distance import Postfix, Prefix

from relmap.imports.facts_on_file import Seating
from relmap.imports.snapshot_draft import AccountDraft, Draft, Entry, FileUnit
from relmap.names.matching import name_keys, title_key

__all__ = ["find_retitles", "listed_keys", "person_keys", "whole_list_retitles"]

FoundUnit = tuple[AccountDraft, FileUnit, int]
"""A unit of the file, and the id of the one that it is on file."""
Pair = tuple[str, str]
"""The keys of an old and a new title, or the parts in which they differ."""


def find_retitles(draft: Draft) -> None:
    """Learn which titles the accounts of the file write anew together."""
    if len(draft.accounts) == 1:
        return  # its units told already
    units = [
        (account, group, group.unit_id)
        for account in draft.accounts
        for group in account.units
        if group.unit_id in account.seating.unit
    ]
    everywhere = whole_list_retitles(units, draft.day)
    for account in draft.accounts:
        account.retitled = everywhere | account.retitled


def whole_list_retitles(units: Iterable[FoundUnit], day: date) -> dict[str, str]:
    """The new key of each title that is written anew, by its old key.

    It is gone from most of the units that had it, from two at least; in most of them the other one
    is new; and a third of the holders there, two at least, stay under the other. So is a part of
    several titles: each Manager is a Lead, the one of Purchasing and the one of Quality.
    """
    having: defaultdict[str, list[_UnitTitles]] = defaultdict(list)
    staying: Counter[Pair] = Counter()
    for account, group, unit_id in units:
        unit = _UnitTitles(account.seating, group, unit_id, day)
        staying.update(unit.staying)
        for title in unit.before:
            having[title].append(unit)
    found: dict[str, str] = {}
    for old, new in _most_first(staying):
        if _is_rule([_Seat(old, new, unit) for unit in having[old]]):
            found.setdefault(old, new)
    for part, written in _most_first(_parts(staying)):
        seats = [
            _Seat(title, title.replace(part, written, 1), unit)
            for title in having
            if part in title
            for unit in having[title]
        ]
        if len({seat.old for seat in seats if seat.is_anew}) > 1 and _is_rule(seats):
            for seat in seats:
                found.setdefault(seat.old, seat.new)
    return found


def _most_first(counts: Counter[Pair]) -> Iterator[Pair]:
    """The pairs that hold for two people at least."""
    for pair, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count > 1:
            yield pair


def _parts(staying: Counter[Pair]) -> Counter[Pair]:
    """What differs in the titles, without what they begin and end with in common."""
    parts: Counter[Pair] = Counter()
    for (old, new), count in staying.items():
        start = Prefix.similarity(old, new)
        end = Postfix.similarity(old[start:], new[start:])
        part, written = old[start : len(old) - end], new[start : len(new) - end]
        if part and written and part != old:
            parts[part, written] += count
    return parts


def _is_rule(seats: Sequence[_Seat]) -> bool:
    """Whether most of the seats are written anew, with enough of their holders."""
    anew = [seat for seat in seats if seat.is_anew]
    holders = sum(seat.unit.holders[seat.old] for seat in anew)
    staying = sum(seat.unit.staying[seat.old, seat.new] for seat in anew)
    is_most = len(anew) > 1 and 2 * len(anew) > len(seats)
    return is_most and staying > 1 and 3 * staying >= holders


class _UnitTitles:
    """The titles of a unit before and now, and who of each is listed under another."""

    def __init__(self, seating: Seating, group: FileUnit, unit_id: int, day: date) -> None:
        posts = seating.posts_in.get(unit_id, ())
        self.before = {title_key(post.title) for post in posts}
        now = {title_key(entry.row.post or "") for entry in group.entries}
        self.gone, self.new = self.before - now, now - self.before
        self.holders: Counter[str] = Counter()
        self.staying: Counter[Pair] = Counter()
        if not self.gone or not self.new:
            return
        listed: defaultdict[object, set[str]] = defaultdict(set)
        for entry in group.entries:
            for key in listed_keys(entry):
                listed[key].add(title_key(entry.row.post or ""))
        for post in posts:
            old = title_key(post.title)
            for tenure in seating.tenures_in.get(post.id, ()) if old in self.gone else ():
                if tenure.is_open(day):
                    keys = person_keys(seating, tenure.person_id)
                    titles = {title for key in keys for title in listed.get(key, ())}
                    self.holders[old] += 1
                    self.staying.update((old, new) for new in titles & self.new)


class _Seat:
    """A title in a unit that had it, and what it may be now."""

    def __init__(self, old: str, new: str, unit: _UnitTitles) -> None:
        self.old, self.new, self.unit = old, new, unit
        self.is_anew = old in unit.gone and new in unit.new


def person_keys(seating: Seating, person_id: int) -> set[object]:
    """What somebody on file may be recognised by before anybody asks who is who."""
    person = seating.people[person_id]
    return {*person.ids, *(key for name in person.names for key in name_keys(name))}


def listed_keys(entry: Entry) -> set[object]:
    """The same of who is listed in a row."""
    return {*entry.ids, *(name_keys(entry.row.person) if entry.row.person else ())}
