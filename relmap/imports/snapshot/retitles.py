"""A title that a whole list writes anew: gone from most units, another in its place there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from relmap.imports.facts_on_file import Seating
from relmap.imports.snapshot_draft import AccountDraft, Entry, FileUnit
from relmap.names.matching import name_keys, title_key

__all__ = ["FoundUnit", "listed_keys", "person_keys", "whole_list_retitles"]

FoundUnit = tuple[AccountDraft, FileUnit, int]
"""A unit of the file, and the id of the one that it is on file."""
Titles = tuple[str, str]


def whole_list_retitles(units: Iterable[FoundUnit], day: date) -> dict[str, str]:
    """The new key of each title that is written anew, by its old key.

    It is gone from most of the units that had it, from two at least; in most of them the other one
    is new; and a third of the holders there, two at least, stay under the other.
    """
    had: Counter[str] = Counter()
    units_of: Counter[Titles] = Counter()
    holders: Counter[Titles] = Counter()
    staying: Counter[Titles] = Counter()
    for account, group, unit_id in units:
        before = {title_key(post.title) for post in account.seating.posts_in.get(unit_id, ())}
        now = {title_key(entry.row.post or "") for entry in group.entries}
        had.update(before)
        if not before - now or not now - before:
            continue
        seats = _Seats(account.seating, group, unit_id, day)
        for titles in ((old, new) for old in before - now for new in now - before):
            units_of[titles] += 1
            holders[titles] += len(seats.holders[titles[0]])
            staying[titles] += seats.staying(*titles)
    found: dict[str, str] = {}
    for (old, new), count in sorted(staying.items(), key=lambda item: (-item[1], item[0])):
        is_whole = units_of[old, new] >= 2 and units_of[old, new] * 2 > had[old]
        if is_whole and count >= 2 and count * 3 >= holders[old, new]:
            found.setdefault(old, new)
    return found


@dataclass
class _Seats:
    """Who held each title of a unit, and who is listed under each."""

    seating: Seating
    group: FileUnit
    unit_id: int
    day: date
    holders: defaultdict[str, list[set[object]]] = field(default_factory=lambda: defaultdict(list))
    listed: defaultdict[str, set[object]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for post in self.seating.posts_in.get(self.unit_id, ()):
            for tenure in self.seating.tenures_in.get(post.id, ()):
                if tenure.is_open(self.day):
                    keys = person_keys(self.seating, tenure.person_id)
                    self.holders[title_key(post.title)].append(keys)
        for entry in self.group.entries:
            self.listed[title_key(entry.row.post or "")] |= listed_keys(entry)

    def staying(self, old: str, new: str) -> int:
        """How many holders of the old title are listed under the new one."""
        return sum(not keys.isdisjoint(self.listed[new]) for keys in self.holders[old])


def person_keys(seating: Seating, person_id: int) -> set[object]:
    """What somebody on file may be recognised by before anybody asks who is who."""
    person = seating.people[person_id]
    return {*person.ids, *(key for name in person.names for key in name_keys(name))}


def listed_keys(entry: Entry) -> set[object]:
    """The same of who is listed in a row."""
    return {*entry.ids, *(name_keys(entry.row.person) if entry.row.person else ())}
