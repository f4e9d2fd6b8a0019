"""Lists regraded in a chain: each Manager is a Director now, and each Deputy a Manager.

No title seems to be gone, for the next one takes its name: the holders tell, not the names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from relmap.imports.facts_on_file import StoredPost
from relmap.imports.snapshot.retitles import listed_keys, person_keys
from relmap.imports.snapshot_draft import AccountDraft, Draft, FileUnit
from relmap.names.matching import title_key

__all__ = ["find_regrades", "regraded_posts"]


def find_regrades(draft: Draft) -> None:
    """Learn which titles the whole list moves on by one, by where their holders went."""
    units = [
        _MovingUnit(draft, account, group)
        for account in draft.accounts
        for group in account.units
        if group.unit_id in account.seating.unit
    ]
    draft.regraded = _chains(units)


def regraded_posts(draft: Draft, account: AccountDraft, group: FileUnit) -> dict[str, StoredPost]:
    """Which post on file each title of a unit is, where the unit is regraded with the list.

    It is unless its titles or its holders say otherwise.
    """
    stored = account.seating.posts_in.get(group.unit_id, ())
    if not draft.regraded or not stored:
        return {}
    unit = _MovingUnit(draft, account, group)
    steps = {old: new for old, new in draft.regraded.items() if old in unit.before}
    moved = sum(unit.went[old, new] for old, new in steps.items())
    stayed = sum(unit.stayed[old] for old in steps)
    expected = {steps.get(old, old) for old in unit.before}
    if len(steps) < 2 or stayed > moved or not set(steps.values()) <= unit.now <= expected:
        return {}
    by_key = {title_key(post.title): post for post in stored}
    return {new: by_key[old] for old, new in steps.items()}


@dataclass
class _MovingUnit:
    """The titles of a unit before and now, and where the holders of each old one are listed."""

    draft: Draft
    account: AccountDraft
    group: FileUnit
    before: set[str] = field(init=False)
    now: set[str] = field(init=False)
    stayed: Counter[str] = field(default_factory=Counter)
    went: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        seating = self.account.seating
        posts = seating.posts_in.get(self.group.unit_id, ())
        self.before = {title_key(post.title) for post in posts}
        self.now = {title_key(entry.row.post or "") for entry in self.group.entries}
        as_written = {
            (entry.row.person, title_key(entry.row.post or "")) for entry in self.group.entries
        }
        elsewhere = []
        for post in posts:
            old = title_key(post.title)
            for tenure in seating.tenures_in.get(post.id, ()):
                if not tenure.is_open(self.draft.day):
                    continue
                if (seating.people[tenure.person_id].name, old) in as_written:
                    self.stayed[old] += 1  # most are, and nobody's name need be compared
                else:
                    elsewhere.append((old, tenure.person_id))
        if elsewhere:
            self._follow(elsewhere)

    def _follow(self, elsewhere: Iterable[tuple[str, int]]) -> None:
        listed: defaultdict[object, set[str]] = defaultdict(set)
        for entry in self.group.entries:
            for key in listed_keys(entry):
                listed[key].add(title_key(entry.row.post or ""))
        for old, person_id in elsewhere:
            keys = person_keys(self.account.seating, person_id)
            titles = {title for key in keys for title in listed.get(key, ())}
            if old in titles:
                self.stayed[old] += 1
            elif len(titles) == 1:
                self.went[old, titles.pop()] += 1

    def moves_on(self, old: str, new: str) -> bool:
        """Whether more of the title's holders are under the new one than under their own."""
        return self.went[old, new] > self.stayed[old]


def _chains(units: list[_MovingUnit]) -> dict[str, str]:
    """The next title of each that moves on in most of its units, where one takes another's name.

    A title that others had before and kept, or left, is no step: those who are under it now were
    promoted to it.
    """
    went: Counter[tuple[str, str]] = Counter()
    for unit in units:
        went.update(unit.went)
    steps: dict[str, str] = {}
    for (old, new), count in sorted(went.items(), key=lambda item: (-item[1], item[0])):
        having = [unit for unit in units if old in unit.before]
        moved = [unit for unit in having if unit.moves_on(old, new)]
        if count > 1 and len(moved) > 1 and 2 * len(moved) > len(having):
            steps.setdefault(old, new)
    while wrong := {old for old in steps if not _is_step(old, steps, units)}:
        for old in wrong:
            del steps[old]
    linked = {*steps} & {*steps.values()}
    return {old: new for old, new in steps.items() if old in linked or new in linked}


def _is_step(old: str, steps: Mapping[str, str], units: list[_MovingUnit]) -> bool:
    new = steps[old]
    if sum(other == new for other in steps.values()) > 1:
        return False
    had_it = sum(new in unit.before for unit in units if unit.moves_on(old, new))
    return new in steps or had_it == 0
