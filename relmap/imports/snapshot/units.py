"""Which unit of the file is which unit on file: by id, by name under its parent, by its holders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from relmap.errors import Refused
from relmap.imports.facts_on_file import StoredUnit
from relmap.imports.snapshot.unit_renames import match_renamed
from relmap.imports.snapshot_draft import AccountDraft, Draft, Entry, FileUnit
from relmap.names.folding import tidy
from relmap.names.matching import unit_key

__all__ = ["match_units"]


def match_units(draft: Draft, account: AccountDraft) -> None:
    """Give every unit the file names its id, open the new ones, and say what is compared."""
    own, mentioned = _named_units(account)
    matcher = _Matcher(draft, account, [*own, *mentioned])
    matcher.match_by_id()
    matcher.match_by_name()
    match_renamed(draft, account, own, matcher.untaken())
    matcher.open_new_units()
    _set_scope(draft, account, own, {group.unit_id for group in mentioned} | matcher.parents)
    _tell_units(draft, account, matcher)


# --- the units a file names


def _named_units(account: AccountDraft) -> tuple[list[FileUnit], list[FileUnit]]:
    """The units with rows of their own, and those that only contact entries name."""
    groups: dict[tuple[str, str, str | None], FileUnit] = {}
    for entry in account.entries:
        if entry.row.is_contact and entry.row.unit is None and entry.row.unit_id is None:
            continue
        group = groups.setdefault(_group_key(account, entry), _unit_of(account, entry))
        group.parent = group.parent or entry.row.parent_unit
        group.above = group.above or _above(account, entry, groups)
        entry.unit = group
        if not entry.row.is_contact:
            group.entries.append(entry)
    joined = _joined(account, list(groups.values()))
    for unit in dict.fromkeys(joined.values()):
        unit.above = joined[unit.above] if unit.above else None
    for entry in account.entries:
        if entry.unit is not None:
            entry.unit = joined[entry.unit]
    units = sorted(dict.fromkeys(joined.values()), key=lambda unit: unit.first_row)
    return [unit for unit in units if unit.entries], [unit for unit in units if not unit.entries]


def _group_key(account: AccountDraft, entry: Entry) -> tuple[str, str, str | None]:
    row = entry.row
    if row.unit_id is not None:
        return ("id", row.unit_id.casefold(), None)
    if _is_root(account, row.unit, row.parent_unit):
        return ("root", "", None)
    above = row.above or ((row.parent_unit,) if row.parent_unit else ())
    return ("name", unit_key(row.unit or ""), "/".join(map(unit_key, above)) or None)


def _above(
    account: AccountDraft, entry: Entry, groups: dict[tuple[str, str, str | None], FileUnit]
) -> FileUnit | None:
    """The unit right above in the path of a row; all units of the path are named by it."""
    path = entry.row.above
    unit = None
    for place, name in enumerate(path):
        if place == 0 and _is_root(account, name, None):
            continue
        key = ("name", unit_key(name), "/".join(map(unit_key, path[:place])) or None)
        parent = path[place - 1] if place else None
        new = FileUnit(name, entry.row.row, parent, above=unit)
        unit = groups.setdefault(key, new)
        unit.above = unit.above or new.above
    return unit


def _is_root(account: AccountDraft, name: str | None, parent: str | None) -> bool:
    if name is None:
        return True
    keys = {unit_key(account.seating.name), unit_key(account.name)}
    return unit_key(name) in keys and (parent is None or unit_key(parent) in keys)


def _unit_of(account: AccountDraft, entry: Entry) -> FileUnit:
    row = entry.row
    if row.unit_id is None and _is_root(account, row.unit, row.parent_unit):
        root = FileUnit(row.unit, row.row)
        root.unit_id = account.seating.root.id
        return root
    return FileUnit(row.unit or row.unit_id, row.row, row.parent_unit, row.unit_id)


def _joined(account: AccountDraft, groups: list[FileUnit]) -> dict[FileUnit, FileUnit]:
    """Rows that leave out the id or the parent join the one unit of that name."""
    joined: dict[FileUnit, FileUnit] = {}
    kept: defaultdict[str, list[FileUnit]] = defaultdict(list)
    for group in sorted(
        groups, key=lambda unit: (unit.external_id is None, unit.parent is None, unit.first_row)
    ):
        twins = [unit for unit in kept[unit_key(group.label)] if _is_same(group, unit)]
        if group.unit_id or group.external_id or not twins:
            kept[unit_key(group.label)].append(group)
            joined[group] = group
        elif len(twins) > 1:
            raise _which_parent(account, group)
        else:
            joined[group] = twins[0]
            twins[0].entries.extend(group.entries)
            twins[0].entries.sort(key=lambda entry: entry.row.row)
            twins[0].first_row = min(twins[0].first_row, group.first_row)
    return joined


def _is_same(less: FileUnit, more: FileUnit) -> bool:
    if less.unit_id or more.unit_id:  # the root is not any unit of its name
        return False
    if less.above is not None and more.above is not None and less.above is not more.above:
        return False
    if less.parent is None or more.parent is None:
        return True
    return unit_key(less.parent) == unit_key(more.parent)


def _which_parent(account: AccountDraft, group: FileUnit) -> Refused:
    return Refused(
        "{account} has more than one unit {unit!r}. Say in a column parent_unit which one is "
        "meant.",
        row=group.first_row,
        column="parent_unit",
        account=account.name,
        unit=group.name,
    )


def _in_a_circle(groups: list[FileUnit]) -> Refused:
    return Refused(
        "By row {rows} a unit would be part of itself. Mend the column parent_unit.",
        row=groups[0].first_row,
        column="parent_unit",
        rows=[unit.first_row for unit in groups],
    )


# --- matching


class _Matcher:
    """Finds the stored unit of each unit the file names; each stored unit is taken once."""

    def __init__(self, draft: Draft, account: AccountDraft, groups: list[FileUnit]) -> None:
        self.draft = draft
        self.account = account
        self.groups = sorted(groups, key=lambda unit: unit.first_row)
        self.root_id = account.seating.root.id
        self.parents: set[int] = set()
        """Units that the file names as parents."""
        self.opened: list[int] = []
        self._resolving: list[FileUnit] = []
        self._by_key: defaultdict[str, list[StoredUnit]] = defaultdict(list)
        for unit in account.seating.units:
            self._by_key[unit_key(unit.name)].append(unit)

    def _taken(self) -> set[int]:
        return {group.unit_id for group in self.groups if group.unit_id}

    def untaken(self) -> list[StoredUnit]:
        """The stored units that nothing names: no row, no parent column, no list of that day."""
        named = {unit_key(group.parent) for group in self.groups if group.parent}
        taken = self._taken() | self.parents
        return [
            unit
            for unit in self.account.seating.units
            if unit.id not in taken
            and unit_key(unit.name) not in named
            and not self.draft.is_covered_today(self.account, unit.id)
        ]

    def match_by_id(self) -> None:
        stored = {
            unit.external_id.casefold(): unit.id
            for unit in self.account.seating.units
            if unit.external_id
        }
        for group in self.groups:
            if group.external_id and not group.unit_id:
                group.unit_id = stored.get(group.external_id.casefold(), 0)

    def match_by_name(self) -> None:
        for group in self.groups:
            self._find(group)
        self._match_moved()

    def _find(self, group: FileUnit) -> None:
        """Match one unit by its name: under its parent, or anywhere if no parent is given."""
        if group.unit_id:
            return
        twins = [
            unit for unit in self._by_key[unit_key(group.label)] if unit.id not in self._taken()
        ]
        if group.parent is None:
            if len(twins) > 1:
                raise _which_parent(self.account, group)
            group.unit_id = twins[0].id if twins else 0
            return
        if group in self._resolving:
            raise _in_a_circle(self._resolving)
        self._resolving.append(group)
        parent_id = self.parent_id(group)
        self._resolving.remove(group)
        under = [unit for unit in twins if (unit.parent_id or self.root_id) == parent_id]
        group.unit_id = under[0].id if under else 0

    def _match_moved(self) -> None:
        """The same unique name under another parent is the same unit, moved."""
        left: defaultdict[str, list[FileUnit]] = defaultdict(list)
        for group in self.groups:
            if not group.unit_id:
                left[unit_key(group.label)].append(group)
        for key, groups in left.items():
            twins = [unit for unit in self._by_key[key] if unit.id not in self._taken()]
            if len(groups) == len(twins) == 1:
                groups[0].unit_id = twins[0].id

    def parent_id(self, group: FileUnit) -> int:
        """The unit that the group's parent column names: found, or 0 while it is new."""
        key = unit_key(group.parent or "")
        if _is_root(self.account, group.parent, None):
            return self.root_id
        named = [unit for unit in self.groups if unit_key(unit.label) == key and unit is not group]
        named = [group.above] if group.above else named
        if named:
            self._find(named[0])
            return named[0].unit_id
        stored = self._by_key[key]
        return stored[0].id if stored else 0

    def open_new_units(self) -> None:
        """Make the units that are new, parents before children."""
        for group in self.groups:
            self._open(group)
        for group in self.groups:
            if group.parent:
                self.parents.add(self._parent(group))

    def _open(self, group: FileUnit) -> int:
        if not group.unit_id:
            parent = self._parent(group) if group.parent else self.root_id
            group.unit_id = self._make(group.label, parent, group.external_id, group.first_row)
        self.account.unit_labels.setdefault(group.unit_id, group.label)
        return group.unit_id

    def _parent(self, group: FileUnit) -> int:
        key = unit_key(group.parent or "")
        if _is_root(self.account, group.parent, None):
            return self.root_id
        named = [unit for unit in self.groups if unit_key(unit.label) == key and unit is not group]
        named = [group.above] if group.above else named
        if named:
            return self._open(named[0])
        stored = self._by_key[key]
        if not stored:
            made = self._make(group.parent or "", self.root_id, None, group.first_row)
            stored = self._by_key[key] = [StoredUnit(made, group.parent or "", self.root_id)]
            self.account.unit_labels[made] = group.parent or ""
        return stored[0].id

    def _make(self, name: str, parent_id: int, external_id: str | None, row: int) -> int:
        draft, account = self.draft, self.account
        number = draft.make(
            "unit",
            account_id=account.id,
            parent_id=parent_id,
            name=name,
            external_id=external_id,
            starts_after=draft.covered_before(account, 0),
            starts_on=draft.day,
        )
        self.opened.append(number)
        draft.tell("unit_opened", account, row=row, unit=name, unit_id=number)
        return number

    def new_parent(self, group: FileUnit) -> int | None:
        """Where the file puts the unit, if it says so."""
        return self._parent(group) if group.parent else None


# --- scope


def _set_scope(
    draft: Draft, account: AccountDraft, own: Iterable[FileUnit], named_only: set[int]
) -> None:
    """Listed = has a row of its own; a complete file is compared with all units of the account."""
    account.units = list(own)
    account.listed = {group.unit_id for group in own}
    spared = named_only - account.listed
    account.compared = set(account.listed)
    for unit in (account.seating.root, *account.seating.units):
        if unit.id in account.listed or unit.starts_on > draft.day:
            continue
        has_posts = bool(account.seating.posts_in.get(unit.id))
        if draft.complete and unit.id not in spared:
            account.compared.add(unit.id)
            if not unit.is_root or has_posts:
                account.absent.add(unit.id)
        elif not unit.is_root or has_posts:
            draft.counts["units_not_listed"] += 1


def _tell_units(draft: Draft, account: AccountDraft, matcher: _Matcher) -> None:
    _refuse_circles(account, matcher)
    for group in matcher.groups:
        stored = account.seating.unit.get(group.unit_id)
        if stored is None or stored.is_root or group.unit_id in matcher.opened:
            continue
        _rename(draft, account, group, stored)
        _move(draft, account, group, stored, matcher)
        if group.external_id and group.external_id != stored.external_id:
            draft.revise(
                "identify_unit",
                "unit",
                stored.id,
                {"external_id": group.external_id},
                account_id=account.id,
            )
            draft.counts["facts_added"] += 1


def _refuse_circles(account: AccountDraft, matcher: _Matcher) -> None:
    above = {unit.id: unit.parent_id for unit in account.seating.units}
    moved = [group for group in matcher.groups if group.parent]
    above.update({group.unit_id: matcher.new_parent(group) for group in moved})
    for group in moved:
        passed = {group.unit_id}
        unit_id = above[group.unit_id]
        while unit_id is not None and unit_id not in passed:
            passed.add(unit_id)
            unit_id = above.get(unit_id)
        if unit_id is not None:
            raise _in_a_circle([group])


def _rename(draft: Draft, account: AccountDraft, group: FileUnit, stored: StoredUnit) -> None:
    by_id = bool(group.external_id) and stored.external_id is not None
    is_other = unit_key(group.label) != unit_key(stored.name)
    if not (is_other or (by_id and tidy(group.label) != tidy(stored.name))):
        return
    if group.name == group.external_id:  # the file gives no name
        return
    draft.revise(
        "rename_unit",
        "unit",
        stored.id,
        {"name": group.label},
        account_id=account.id,
        effective_on=draft.day,
    )
    draft.tell(
        "unit_renamed",
        account,
        row=group.first_row,
        unit=group.label,
        unit_id=stored.id,
        before=stored.name,
        after=group.label,
    )


def _move(
    draft: Draft, account: AccountDraft, group: FileUnit, stored: StoredUnit, matcher: _Matcher
) -> None:
    parent_id = matcher.new_parent(group)
    old_id = stored.parent_id or matcher.root_id
    if parent_id is None or parent_id == old_id:
        return
    draft.revise(
        "move_unit",
        "unit",
        stored.id,
        {"parent_id": parent_id},
        account_id=account.id,
        effective_on=draft.day,
    )
    draft.tell(
        "unit_moved",
        account,
        row=group.first_row,
        unit=group.label,
        unit_id=stored.id,
        before=account.unit_label(old_id) or account.name,
        after=account.unit_label(parent_id) or account.name,
    )
