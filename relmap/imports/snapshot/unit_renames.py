"""A unit that left the list and a new one with the same holders in the same posts are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from relmap.imports.facts_on_file import StoredUnit
from relmap.imports.snapshot_draft import AccountDraft, Entry, FileUnit
from relmap.names.matching import name_keys, title_key

__all__ = ["renamed_units"]

Seat = tuple[str, object]
"""A title, and an id or a key of the name of who sits there."""


def renamed_units(
    account: AccountDraft, new: Iterable[FileUnit], gone: Iterable[StoredUnit]
) -> None:
    """Give a new unit the id of the one it continues.

    They share at least half of the holders of both, in the same posts. A tie is no rename.
    """
    gone = list(gone)
    if not gone:
        return
    holders = {unit.id: _stored_holders(account, unit) for unit in gone}
    seats: defaultdict[Seat, set[tuple[int, int]]] = defaultdict(set)
    for unit_id, tenures in holders.items():
        for tenure_id, keys in tenures.items():
            for key in keys:
                seats[key].add((unit_id, tenure_id))
    pairs = [pair for group in new for pair in _candidates(group, holders, seats)]
    taken: set[int] = set()
    for shared, group, unit_id in sorted(pairs, key=lambda pair: -pair[0]):
        rivals = [
            pair
            for pair in pairs
            if (pair[1] is group) != (pair[2] == unit_id)
            and not pair[1].unit_id
            and pair[2] not in taken
        ]
        if not group.unit_id and unit_id not in taken and all(pair[0] < shared for pair in rivals):
            group.unit_id = unit_id
            taken.add(unit_id)


def _stored_holders(account: AccountDraft, unit: StoredUnit) -> dict[int, set[Seat]]:
    """Who sits in the unit: each open tenure with the keys it may be recognised by."""
    seating = account.seating
    holders = {}
    for post in seating.posts_in.get(unit.id, ()):
        title = title_key(post.title)
        for tenure in seating.tenures_in.get(post.id, ()):
            if tenure.ends_on is None:
                person = seating.people[tenure.person_id]
                keys: set[Seat] = {(title, key) for key in person.ids}
                keys |= {(title, key) for name in person.names for key in name_keys(name)}
                holders[tenure.id] = keys
    return holders


def _candidates(
    group: FileUnit,
    holders: dict[int, dict[int, set[Seat]]],
    seats: dict[Seat, set[tuple[int, int]]],
) -> list[tuple[int, FileUnit, int]]:
    """The units that the group may continue, with how many holders they share."""
    named: dict[object, Entry] = {}
    for entry in group.entries:
        if entry.row.person and entry.row.post:
            who = frozenset(entry.ids) or name_keys(entry.row.person)
            named.setdefault((title_key(entry.row.post), who), entry)
    shared: defaultdict[int, set[int]] = defaultdict(set)
    for entry in named.values():
        title = title_key(entry.row.post or "")
        keys: list[object] = [*entry.ids, *name_keys(entry.row.person or "")]
        for unit_id, tenure_id in {found for key in keys for found in seats.get((title, key), ())}:
            shared[unit_id].add(tenure_id)
    return [
        (len(tenures), group, unit_id)
        for unit_id, tenures in shared.items()
        if 2 * len(tenures) >= len(named) and 2 * len(tenures) >= len(holders[unit_id])
    ]
