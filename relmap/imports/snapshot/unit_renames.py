"""A unit that left the list and a new one with the same people are one, under a new name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from relmap.imports.facts_on_file import StoredUnit
from relmap.imports.snapshot.retitles import listed_keys, person_keys, whole_list_retitles
from relmap.imports.snapshot_draft import AccountDraft, Draft, FileUnit
from relmap.names.matching import title_key
from relmap.names.short_forms import mean_the_same
from relmap.names.units import share_core

__all__ = ["match_renamed"]


@dataclass
class _Pair:
    """A new unit and one that is gone, with the holders that they have in common."""

    group: FileUnit
    unit: StoredUnit
    listed: int
    """Seats with somebody in them that the file lists."""
    held: int
    """The same of the unit on file."""
    titles: dict[int, tuple[str, set[str]]] = field(default_factory=dict)
    """Of each tenure whose holder is listed in the new unit: the old title, and the new ones."""

    is_guess: bool = False
    """Whether no more than half of the holders speak for it, and nothing against it."""

    @property
    def keeps_core(self) -> bool:
        """Whether the two names have a core in common."""
        return share_core(self.group.label, self.unit.name)

    def is_most(self, count: int) -> bool:
        """Whether so many holders are more than half of both."""
        return 2 * count > max(self.listed, self.held)

    def is_half(self, count: int) -> bool:
        """Whether so many holders are half of both at least."""
        return 2 * count >= max(self.listed, self.held)


def match_renamed(
    draft: Draft, account: AccountDraft, own: Iterable[FileUnit], gone: Iterable[StoredUnit]
) -> None:
    """Learn which titles the whole list writes anew, and which new units continue old ones."""
    units = list(own)
    pairs = _pairs(draft, account, [group for group in units if not group.unit_id], gone)
    known = [(account, group, group.unit_id) for group in units if group.unit_id]
    likely = [
        (account, pair.group, pair.unit.id)
        for pair in pairs
        if pair.is_most(len(pair.titles)) or pair.keeps_core
    ]
    account.retitled = whole_list_retitles([*known, *likely], draft.day)
    _take_best([(shared, pair) for pair in pairs if (shared := _shared(draft, account, pair))])
    for pair in pairs:
        if pair.is_guess and pair.group.unit_id == pair.unit.id:
            names = {"unit": pair.group.label, "old_unit": pair.unit.name}
            draft.ask(
                "Is {unit} the new name of {old_unit}? Half of its people stay in their posts, and "
                "nobody went elsewhere. Nothing was applied. If it is, apply it all the same; if "
                "it is another unit, close {old_unit} first.",
                **names,
            )
            draft.note(
                pair.group.first_row,
                "{unit} is taken for {old_unit} under a new name: half of its people stay in their "
                "posts. If it is another unit, undo this import and close {old_unit} first.",
                **names,
            )


def _take_best(ranked: list[tuple[tuple[int, bool], _Pair]]) -> None:
    """Give each new unit the id of the one it shares most with; two equally good ones: neither."""
    taken: set[int] = set()
    for shared, pair in sorted(ranked, key=lambda item: item[0], reverse=True):
        rivals = [
            other_shared
            for other_shared, other in ranked
            if (other.group is pair.group) != (other.unit is pair.unit)
            and not other.group.unit_id
            and other.unit.id not in taken
        ]
        is_free = not pair.group.unit_id and pair.unit.id not in taken
        if is_free and all(rival < shared for rival in rivals):
            pair.group.unit_id = pair.unit.id
            taken.add(pair.unit.id)


def _pairs(
    draft: Draft, account: AccountDraft, new: Iterable[FileUnit], gone: Iterable[StoredUnit]
) -> list[_Pair]:
    """The new units and those that are gone, as far as they have people in common."""
    seating = account.seating
    held: dict[int, int] = {}
    seats: defaultdict[object, list[tuple[StoredUnit, int, str]]] = defaultdict(list)
    for unit in gone:
        tenures = [
            (tenure, title_key(post.title))
            for post in seating.posts_in.get(unit.id, ())
            for tenure in seating.tenures_in.get(post.id, ())
            if tenure.is_open(draft.day)
        ]
        held[unit.id] = len(tenures)
        for tenure, title in tenures:
            for key in person_keys(seating, tenure.person_id):
                seats[key].append((unit, tenure.id, title))
    return [pair for group in new if held for pair in _pairs_of(group, held, seats)]


def _pairs_of(
    group: FileUnit,
    held: Mapping[int, int],
    seats: Mapping[object, list[tuple[StoredUnit, int, str]]],
) -> Iterable[_Pair]:
    listed = {
        (title_key(entry.row.post or ""), frozenset(listed_keys(entry))): entry
        for entry in group.entries
        if entry.row.person
    }
    pairs: dict[int, _Pair] = {}
    for title, keys in listed:
        for unit, tenure_id, old in {found for key in keys for found in seats.get(key, ())}:
            pair = pairs.setdefault(unit.id, _Pair(group, unit, len(listed), held[unit.id]))
            pair.titles.setdefault(tenure_id, (old, set()))[1].add(title)
    return pairs.values()


def _shared(draft: Draft, account: AccountDraft, pair: _Pair) -> tuple[int, bool] | None:
    """How many holders speak for one unit, and whether its name does; ``None`` if too few."""
    if pair.keeps_core:
        count = len(pair.titles)
        is_third = count >= 2 and 3 * count >= max(pair.listed, pair.held)
        return (count, True) if is_third or pair.is_half(count) else None
    same, retitled = _seats_kept(account, pair)
    if same and pair.is_most(same + retitled):
        return same + retitled, False
    pair.is_guess = draft.complete and pair.is_half(same) and _is_quiet(draft, account, pair)
    return (same, False) if pair.is_guess else None


def _seats_kept(account: AccountDraft, pair: _Pair) -> tuple[int, int]:
    """How many holders sit in the same post, and how many in one that only has a new title."""
    before = {title_key(post.title) for post in account.seating.posts_in.get(pair.unit.id, ())}
    now = {title_key(entry.row.post or "") for entry in pair.group.entries}
    same = [
        old in new
        or account.retitled.get(old) in new
        or any(mean_the_same(old, title) for title in new)
        for old, new in pair.titles.values()
    ]
    retitled = [old not in now and not new <= before for old, new in pair.titles.values()]
    return sum(same), sum(one and not kept for one, kept in zip(retitled, same, strict=True))


def _is_quiet(draft: Draft, account: AccountDraft, pair: _Pair) -> bool:
    """Whether the posts are the same, and nobody went elsewhere or came from there."""
    seating, unit_id = account.seating, pair.unit.id
    before = {title_key(post.title) for post in seating.posts_in.get(unit_id, ())}
    if before != {title_key(entry.row.post or "") for entry in pair.group.entries}:
        return False
    inside = {
        key
        for tenure in seating.tenures
        if tenure.unit_id == unit_id and tenure.is_open(draft.day)
        for key in person_keys(seating, tenure.person_id)
    }
    elsewhere = {
        key
        for tenure in seating.tenures
        if tenure.unit_id != unit_id and tenure.is_open(draft.day)
        for key in person_keys(seating, tenure.person_id)
    }
    listed = {key for entry in pair.group.entries for key in listed_keys(entry)}
    others = {
        key
        for entry in account.entries
        if entry.unit is not pair.group
        for key in listed_keys(entry)
    }
    return inside.isdisjoint(others) and listed.isdisjoint(elsewhere)
