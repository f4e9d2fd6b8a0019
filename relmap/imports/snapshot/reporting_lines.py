"""Who reports to whom: from the people a file names to lines between posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from relmap.contracts import N_
from relmap.errors import Refused
from relmap.imports.facts_on_file import StoredPerson
from relmap.imports.identity.handles import as_written
from relmap.imports.plan import IdKey, PostLabel
from relmap.imports.sheets.cells import id_key
from relmap.imports.snapshot.outcomes import rank
from relmap.imports.snapshot.posts import level_of
from relmap.imports.snapshot_draft import AccountDraft, Draft, Entry, FilePerson, FilePost
from relmap.names.matching import name_keys

__all__ = ["draw_lines"]

NAMES_NOBODY: Final = N_(
    "Row {row}: who is named in reports_to is not known; the line is left as it was."
)
NAMES_SEVERAL: Final = N_(
    "Row {row}: who is named in reports_to is the name of several people; the line is left as it "
    "was."
)
IN_ONE_POST: Final = N_("Row {row} reports to somebody in the same post; the line is left out.")
WITHOUT_POST: Final = N_("Row {row} reports to somebody without a post; the line is left out.")
CIRCLE_OF_ROW: Final = N_(
    "Posts would report to each other in a circle: the line of row {row} was left out."
)
CIRCLE_OF_OLD: Final = N_(
    "Posts would report to each other in a circle: an older line was left out."
)


@dataclass(frozen=True, slots=True)
class ReportingLine:
    """A post reports to another; ``votes`` of its rows say so, the first of them ``row``."""

    post_id: int
    superior_id: int
    votes: int
    row: int


@dataclass(frozen=True, slots=True)
class ManagerPost:
    """A post a manager holds, with what decides between several."""

    post_id: int
    unit_id: int
    rank: int
    row: int


def draw_lines(draft: Draft, account: AccountDraft) -> None:
    """Read ``reports_to`` of every row and settle one line for each post."""
    asking = [
        entry
        for entry in account.entries
        if entry.post is not None and (entry.row.reports_to or entry.row.reports_to_id)
    ]
    if not asking:
        return
    managers = _Managers(draft, account)
    bosses = {entry: managers.of(entry) for entry in asking}
    _refuse_circles_of_people(bosses)
    lines = _chosen(draft, account, bosses, managers)
    _settle(draft, account, lines)


# --- whom a row names


class _Managers:
    """Finds people by id or name, and the posts they hold after this file."""

    def __init__(self, draft: Draft, account: AccountDraft) -> None:
        self.draft = draft
        self.account = account
        self._by_id: dict[IdKey, FilePerson | StoredPerson] = {}
        self._by_name: defaultdict[str, dict[FilePerson | StoredPerson, None]] = defaultdict(dict)
        self._posts = {post.post_id: post for post in account.posts}
        for stored in account.seating.people.values():
            if stored.id not in draft.settled:
                self._learn(stored, stored.ids, stored.names)
        for person in dict.fromkeys(entry.person for entry in account.entries if entry.person):
            names = [*person.names, *(person.stored.names if person.stored else ())]
            self._learn(person, person.all_ids, names)
            for entry in person.entries:
                if entry.row.number:
                    self._by_id[(*id_key("handle", entry.row.number), 0)] = person

    def _learn(
        self, who: FilePerson | StoredPerson, ids: Iterable[IdKey], names: Iterable[str]
    ) -> None:
        for key in ids:
            self._by_id[key] = who
        for name in names:
            for name_key in name_keys(name):
                self._by_name[name_key][who] = None

    def of(self, entry: Entry) -> FilePerson | StoredPerson | None:
        """The person a row reports to; with a note where nobody can be found."""
        row = entry.row
        if row.reports_to_id is not None:
            kind, value = id_key(*row.reports_to_id)
            if (exact := as_written(row.reports_to_id[1])) in self._by_id and kind == "handle":
                return self._by_id[exact]
            scope = self.account.id if kind == "staff_number" else 0
            if (kind, value, scope) in self._by_id:
                return self._by_id[kind, value, scope]
        name = row.reports_to or (row.reports_to_id[1] if row.reports_to_id else "")
        found = {who: None for key in name_keys(name) for who in self._by_name.get(key, ())}
        if len(found) > 1:  # a namesake who holds a post in the same unit, else nobody
            near = [who for who in found if self._is_near(who, entry)]
            found = dict.fromkeys(near) if len(near) == 1 else found
        if len(found) == 1:
            return next(iter(found))
        self.draft.note(row.row, NAMES_SEVERAL if found else NAMES_NOBODY)
        return None

    def _is_near(self, who: FilePerson | StoredPerson, entry: Entry) -> bool:
        assert entry.post is not None
        return any(seat.unit_id == entry.post.unit.unit_id for seat in self.seats(who))

    def seats(self, who: FilePerson | StoredPerson) -> list[ManagerPost]:
        """The posts somebody holds in this account after this file."""
        seats = {}
        if isinstance(who, FilePerson):
            for entry in who.entries:
                if entry.post is not None and entry.account is self.account:
                    seats[entry.post.post_id] = self._seat(entry.post, entry.row.row)
        stored = who.stored if isinstance(who, FilePerson) else who
        for tenure in self.account.seating.tenures_of.get(stored.id, ()) if stored else ():
            post = self.account.seating.post.get(tenure.post_id)
            stays = tenure.is_open(self.draft.day) and tenure.id not in self.account.ended
            if post is not None and stays and post.id not in seats:
                seats[post.id] = ManagerPost(post.id, post.unit_id, rank(post.level), 0)
        return list(seats.values())

    def _seat(self, post: FilePost, row: int) -> ManagerPost:
        level = level_of(self.draft, self.account, post)
        return ManagerPost(post.post_id, post.unit.unit_id, rank(level), row)

    def seat(self, boss: FilePerson | StoredPerson, entry: Entry) -> int | None:
        """Of several posts the one in the same unit, else the highest."""
        assert entry.post is not None
        unit_id = entry.post.unit.unit_id
        seats = self.seats(boss)
        if boss is entry.person:
            own = next(seat for seat in seats if seat.post_id == entry.post.post_id)
            seats = [seat for seat in seats if seat.rank < own.rank]
        best = min(seats, key=lambda one: (one.unit_id != unit_id, one.rank, one.row), default=None)
        return best.post_id if best else None


def _refuse_circles_of_people(bosses: Mapping[Entry, FilePerson | StoredPerson | None]) -> None:
    above: defaultdict[FilePerson, dict[FilePerson, int]] = defaultdict(dict)
    for entry, boss in bosses.items():
        if entry.person and isinstance(boss, FilePerson) and boss is not entry.person:
            above[entry.person].setdefault(boss, entry.row.row)
    done: set[FilePerson] = set()
    for start in list(above):
        rows = _circle_from(start, above, done)
        if rows:
            raise Refused(
                "The people of rows {rows} report to each other in a circle. Mend the column "
                "reports_to.",
                row=min(rows),
                column="reports_to",
                rows=sorted(rows),
            )


def _circle_from(
    start: FilePerson,
    above: Mapping[FilePerson, Mapping[FilePerson, int]],
    done: set[FilePerson],
) -> list[int]:
    """The rows of a circle that can be reached, by a walk in depth without recursion."""
    path: list[FilePerson] = []
    on_path: set[FilePerson] = set()
    walk: list[tuple[FilePerson, bool]] = [(start, True)]
    while walk:
        person, enters = walk.pop()
        if not enters:
            path.pop()
            on_path.discard(person)
            done.add(person)
            continue
        if person in done or person in on_path:
            continue
        path.append(person)
        on_path.add(person)
        walk.append((person, False))
        for boss in above.get(person, {}):
            if boss in on_path:
                circle = [*path[path.index(boss) :], boss]
                return [above[one][two] for one, two in pairwise(circle)]
            walk.append((boss, True))
    return []


# --- one line for each post


def _chosen(
    draft: Draft,
    account: AccountDraft,
    bosses: Mapping[Entry, FilePerson | StoredPerson | None],
    managers: _Managers,
) -> dict[int, ReportingLine]:
    """A post reports to the post most of its holders name; others are a note."""
    votes: defaultdict[int, dict[int, list[int]]] = defaultdict(dict)
    for entry, boss in bosses.items():
        if boss is None or entry.is_duplicate:
            continue
        assert entry.post is not None
        superior = managers.seat(boss, entry)
        if superior is None or superior == entry.post.post_id:
            draft.note(
                entry.row.row,
                IN_ONE_POST if boss is entry.person or superior else WITHOUT_POST,
            )
            continue
        votes[entry.post.post_id].setdefault(superior, []).append(entry.row.row)
    ranks = _ranks(draft, account)
    lines = {}
    for post_id, named in votes.items():
        best = min(named, key=lambda one: (-len(named[one]), ranks.get(one, 9), named[one][0]))
        lines[post_id] = ReportingLine(post_id, best, len(named[best]), named[best][0])
        for row in (row for one, rows in named.items() if one != best for row in rows):
            draft.note(row, "Row {row} names another superior than most of its post; left out.")
    return lines


def _ranks(draft: Draft, account: AccountDraft) -> dict[int, int]:
    ranks = {post.id: rank(post.level) for post in account.seating.posts}
    ranks.update({post.post_id: rank(level_of(draft, account, post)) for post in account.posts})
    return ranks


def _settle(draft: Draft, account: AccountDraft, lines: dict[int, ReportingLine]) -> None:
    """Break circles, then write the lines that differ from those on file."""
    stored = {post.id: post.reports_to_id for post in account.seating.posts}
    after = {
        post_id: superior
        for post_id, superior in stored.items()
        if superior and post_id not in lines
    }
    after.update({line.post_id: line.superior_id for line in lines.values()})
    dropped = _break_circles(draft, after, lines)
    for post_id in {**lines, **dropped}:
        superior = after.get(post_id)
        if post_id in dropped and post_id in lines:
            superior = _still_good(post_id, stored.get(post_id), after)
        if superior != stored.get(post_id):
            _write(draft, account, post_id, stored.get(post_id), superior, lines.get(post_id))


def _still_good(post_id: int, superior: int | None, after: Mapping[int, int]) -> int | None:
    """The old line, where a new one had to be dropped and the old makes no circle."""
    above = superior
    while above is not None and above != post_id:
        above = after.get(above)
    return superior if above is None else None


def _break_circles(
    draft: Draft, after: dict[int, int], lines: Mapping[int, ReportingLine]
) -> dict[int, ReportingLine | None]:
    """A circle loses its older stored line, else the least named one."""
    dropped: dict[int, ReportingLine | None] = {}
    for start in list(lines):
        while circle := _circle(start, after):
            old = [post_id for post_id in circle if post_id not in lines]
            weakest = (
                old[0] if old else min(circle, key=lambda one: (lines[one].votes, -lines[one].row))
            )
            dropped[weakest] = lines.get(weakest)
            del after[weakest]
            row = lines[weakest].row if weakest in lines else lines[start].row
            draft.note(
                row,
                CIRCLE_OF_ROW if weakest in lines else CIRCLE_OF_OLD,
            )
    return dropped


def _circle(start: int, after: Mapping[int, int]) -> list[int]:
    path = [start]
    while (above := after.get(path[-1])) is not None:
        if above in path:
            return path[path.index(above) :]
        path.append(above)
    return []


def _write(
    draft: Draft,
    account: AccountDraft,
    post_id: int,
    before: int | None,
    after: int | None,
    line: ReportingLine | None,
) -> None:
    draft.revise(
        "report_to",
        "post",
        post_id,
        {"reports_to_id": after},
        account_id=account.id,
        effective_on=draft.day,
    )
    if post_id < 0:
        return  # part of opening the post
    unit_id = account.seating.post[post_id].unit_id
    draft.tell(
        "reporting_changed",
        account,
        row=line.row if line else None,
        **account.told(unit_id, post_id),
        before=_place(draft, account, before),
        after=_place(draft, account, after),
    )


def _place(draft: Draft, account: AccountDraft, post_id: int | None) -> PostLabel | None:
    if post_id is None:
        return None
    stored = account.seating.post.get(post_id)
    unit_id = stored.unit_id if stored else draft.made["post", post_id]["unit_id"]
    return account.place(unit_id, post_id)
