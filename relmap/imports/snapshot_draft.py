"""The plan while it is being made: what the passes hand to each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from relmap.contracts import Message
from relmap.imports.facts_on_file import Seating, StoredPerson, StoredTenure, UnresolvedRow
from relmap.imports.plan import (
    ChangeLine,
    Doubt,
    IdKey,
    Interval,
    Made,
    Note,
    PostLabel,
    Revised,
    note_of_row,
)
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow

__all__ = [
    "AccountDraft",
    "Draft",
    "Entry",
    "FilePerson",
    "FilePost",
    "FileUnit",
    "Join",
    "Leave",
]


@dataclass(eq=False, slots=True)
class Entry:
    """A row of the file and where it belongs; ``unit`` is ``None`` for a contact without one."""

    row: SnapshotRow
    account: AccountDraft
    ids: dict[IdKey, str] = field(default_factory=dict)
    unit: FileUnit | None = None
    post: FilePost | None = None
    person: FilePerson | None = None
    doubt: tuple[str, tuple[int, ...]] | None = None
    """Why this row waits though its person is known, and the candidates."""
    is_duplicate: bool = False

    @property
    def name(self) -> str:
        """Whom the row names; empty where it names nobody."""
        return self.row.person or ""

    @property
    def line(self) -> int:
        """Where the row stands in the file."""
        return self.row.row

    def begins_after(self, day: date) -> bool:
        """Whether the row announces somebody who does not sit there on ``day`` yet."""
        return self.row.starts is not None and self.row.starts.after >= day

    @property
    def is_waiting(self) -> bool:
        """Whether nobody can tell whom the row means."""
        return self.doubt is not None or (self.person is not None and self.person.doubt is not None)


@dataclass(eq=False, slots=True)
class FileUnit:
    """A unit as the file names it; ``entries`` are its own rows with a post."""

    name: str | None
    first_row: int
    parent: str | None = None
    external_id: str | None = None
    above: FileUnit | None = None
    """The very unit that it is a part of, where the file writes paths."""
    entries: list[Entry] = field(default_factory=list)
    unit_id: int = 0
    """The unit it is; 0 until that is known, below zero for a new one."""

    @property
    def label(self) -> str:
        """As the file writes it; blank for the account's root."""
        return self.name or ""


@dataclass(eq=False, slots=True)
class FilePost:
    """A title within a unit of the file, and everybody it lists there."""

    unit: FileUnit
    title: str
    entries: list[Entry] = field(default_factory=list)
    post_id: int = 0
    is_new: bool = False

    @property
    def named(self) -> list[Entry]:
        """The rows that name a holder, duplicates left out."""
        return [entry for entry in self.entries if entry.person and not entry.is_duplicate]

    def count(self, holder: str) -> int:
        """How many rows say ``vacant``, or ``unknown``."""
        return sum(entry.row.holder == holder for entry in self.entries)


@dataclass(eq=False, slots=True)
class FilePerson:
    """Rows of the file that name one human being, and who that is on file."""

    entries: list[Entry] = field(default_factory=list)
    ids: dict[IdKey, str] = field(default_factory=dict)
    stored: StoredPerson | None = None
    person_id: int = 0
    """0 until it is known, below zero for somebody new; 0 for ever where there is a doubt."""
    doubt: tuple[str, tuple[int, ...]] | None = None

    @property
    def names(self) -> list[str]:
        """The spellings in the file, each once; the second form of a name comes last."""
        if len(self.entries) == 1 and not self.entries[0].row.other_name:
            return [self.entries[0].row.person or ""]
        rows = [entry.row for entry in self.entries]
        second = [row.other_name for row in rows if row.other_name]
        return list(dict.fromkeys([*(row.person or "" for row in rows), *second]))

    @property
    def all_ids(self) -> set[IdKey]:
        """The ids in the file and on file."""
        return {*self.ids, *(self.stored.ids if self.stored else ())}


@dataclass(eq=False)
class AccountDraft:
    """One account of the file: what is on file, and what the passes found out."""

    seating: Seating
    name: str
    """As the file writes it."""
    entries: list[Entry] = field(default_factory=list)
    units: list[FileUnit] = field(default_factory=list)
    posts: list[FilePost] = field(default_factory=list)
    compared: set[int] = field(default_factory=set)
    """Stored units that the file is compared with."""
    listed: set[int] = field(default_factory=set)
    absent: set[int] = field(default_factory=set)
    """Units that a complete file does not name."""
    retitled: dict[str, str] = field(default_factory=dict)
    """Titles that the whole list writes anew: the old key, and the new one."""
    unit_labels: dict[int, str] = field(default_factory=dict)
    post_labels: dict[int, str] = field(default_factory=dict)
    leavers: list[SnapshotRow] = field(default_factory=list)
    """Rows that say that their person has left: no seats of the list."""
    given_ends: dict[int, str] = field(default_factory=dict)
    """Tenures whose end a row gives, with its reason."""
    kept: set[int] = field(default_factory=set)
    """Tenures that a doubt, an unknown holder or a contact row keeps open."""
    ended: dict[int, Interval] = field(default_factory=dict)
    corrected_starts: dict[int, date] = field(default_factory=dict)
    never_came: set[int] = field(default_factory=set)  # tenures whose announcement was not kept
    still_there: set[int] = field(default_factory=set)  # tenures that did not end as announced
    listed_tenures: set[int] = field(default_factory=set)
    closed_units: set[int] = field(default_factory=set)
    closed_posts: set[int] = field(default_factory=set)
    joins: list[Join] = field(default_factory=list)
    leaves: list[Leave] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The account's id; below zero for one that the file opens."""
        return self.seating.account_id

    def sits(self, tenure: StoredTenure, day: date) -> bool:
        """Whether the person sits there on the day of the list, by what is on file or by it."""
        return tenure.id in self.still_there or tenure.is_open(day)

    def unit_label(self, unit_id: int) -> str:
        """A unit's name as the file writes it, else as it is on file."""
        stored = self.seating.unit.get(unit_id)
        if unit_id in self.unit_labels or stored is None:
            return self.unit_labels.get(unit_id, "")
        return "" if stored.is_root else stored.name

    def post_label(self, post_id: int) -> str:
        """A post's title as the file writes it, else as it is on file."""
        stored = self.seating.post.get(post_id)
        return self.post_labels.get(post_id, stored.title if stored else "")

    def told(self, unit_id: int, post_id: int) -> dict[str, Any]:
        """A post as a change tells it: by the file's words, and by number."""
        return {
            "unit": self.unit_label(unit_id),
            "unit_id": unit_id,
            "post": self.post_label(post_id),
            "post_id": post_id,
        }

    def place(self, unit_id: int, post_id: int) -> PostLabel:
        """A post by the file's words."""
        return PostLabel(self.name, self.unit_label(unit_id), self.post_label(post_id))


@dataclass(frozen=True, slots=True)
class Join:
    """A tenure that begins."""

    account: AccountDraft
    post: FilePost
    entry: Entry
    person: FilePerson
    start: Interval
    tenure_id: int


@dataclass(frozen=True, slots=True)
class Leave:
    """A tenure that ends."""

    account: AccountDraft
    tenure: StoredTenure
    end: Interval
    row: int | None = None
    """The row that says so; ``None`` where the list only lacks the person."""


class Draft:
    """Collects what the passes decide; new rows get ids below zero."""

    def __init__(
        self,
        *,
        day: date,
        complete: bool,
        people: Mapping[int, StoredPerson],
        known: Mapping[IdKey, int],
        coverage: Mapping[int, tuple[date, ...]],
        waiting: tuple[UnresolvedRow, ...],
    ) -> None:
        self.day = day
        self.complete = complete
        self.stored_people = people
        self.known = known
        self.coverage = coverage
        self.waiting_at: defaultdict[int, list[UnresolvedRow]] = defaultdict(list)
        for row in waiting:
            self.waiting_at[row.post_id or 0].append(row)
        self.accounts: list[AccountDraft] = []
        self.people: dict[FilePerson, None] = {}
        self.made: dict[tuple[str, int], dict[str, Any]] = {}
        self.revised: list[Revised] = []
        self.removed_contacts: list[int] = []
        self.ended_contacts: set[int] = set()
        self.changes: list[ChangeLine] = []
        self.doubts: list[Doubt] = []
        self.recalled: set[tuple[int, int]] = set()
        """Waiting rows (import, row) that the file repeats."""
        self.lapsed: list[tuple[int, int]] = []
        self.notes: list[Note] = []
        self.counts: Counter[str] = Counter()
        self.regraded: dict[str, str] = {}
        """Titles that the whole list moves on by one: the old key, and the new one."""
        self.joins_of: defaultdict[FilePerson, list[Join]] = defaultdict(list)
        self.joins_in: defaultdict[int, list[Join]] = defaultdict(list)
        self.asked: list[Message] = []
        """Questions about the whole file: it is held until somebody says yes."""
        self.read_alike: list[tuple[str, str]] = []
        """Names of the file and those on file that were taken for one by how they read."""
        self.settled: dict[int, FilePerson] = {}
        """Who of the file is who on file."""
        self.reached: dict[tuple[str, int], date] = {}
        """Units and posts that turned out to be older."""
        self._last_id: Counter[str] = Counter()

    @property
    def joins(self) -> Iterator[Join]:
        """The tenures that begin, account by account."""
        return (join for account in self.accounts for join in account.joins)

    @property
    def leaves(self) -> Iterator[Leave]:
        """The tenures that end, account by account; each pass asks its own account for its own."""
        return (leave for account in self.accounts for leave in account.leaves)

    def make(self, kind: str, /, **columns: Any) -> int:
        """A row to be made; returns its id below zero."""
        self._last_id[kind] -= 1
        number = self._last_id[kind]
        self.made[kind, number] = columns
        return number

    def adopt(self, kind: str, number: int, /, **columns: Any) -> None:
        """A row to be made under an id that it has already."""
        self._last_id[kind] = min(self._last_id[kind], number)
        self.made[kind, number] = columns

    def revise(
        self,
        verb: str,
        kind: str,
        fact_id: int,
        after: Mapping[str, Any],
        *,
        account_id: int | None,
        effective_on: date | None = None,
    ) -> None:
        """Change columns of a row, stored or still to be made."""
        if fact_id < 0:
            self.made[kind, fact_id].update(after)
            return
        self.revised.append(Revised(verb, kind, fact_id, account_id, dict(after), effective_on))

    def note(self, row: int | None, text: str, /, **values: Any) -> None:
        """Say of a row what was not taken as it stands."""
        self.notes.append(note_of_row(row, text, **values))

    def ask(self, text: str, /, **values: Any) -> None:
        """Hold the whole file with a question."""
        self.asked.append(Message(text, values))

    def tell(self, kind: str, account: AccountDraft, **told: Any) -> None:
        """Add a change."""
        self.changes.append(
            ChangeLine(kind=kind, account_id=account.id, account=account.name, **told)
        )

    def seats_of(self, account: AccountDraft, post: FilePost) -> int:
        """As many seats as are on file, and as the file lists on its day."""
        stored = account.seating.post.get(post.post_id)
        sitting = sum(not entry.begins_after(self.day) for entry in post.named)
        listed = sitting + post.count("vacant") + post.count("unknown")
        return max(stored.seats if stored else 1, listed)

    def end_of(
        self, account: AccountDraft, tenure: StoredTenure, leaving: Mapping[int, date]
    ) -> date | None:
        """When a tenure on file ends by what the file says; ``leaving`` are those it lets go."""
        if tenure.id in leaving:
            return leaving[tenure.id]
        if tenure.id in account.still_there:
            return None
        return account.ended[tenure.id].on if tenure.id in account.ended else tenure.ends_on

    def covered_before(self, account: AccountDraft, unit_id: int) -> date | None:
        """P of snapshots.md: the newest earlier day on which the unit was covered."""
        days = (*self.coverage.get(unit_id, ()), *account.seating.complete_on)
        return max((day for day in days if day < self.day), default=None)

    def is_covered_today(self, account: AccountDraft, unit_id: int | None) -> bool:
        """Whether another list of this very day covered the unit."""
        is_listed = self.day in self.coverage.get(unit_id or 0, ())
        return is_listed or self.day in account.seating.complete_on

    def finished(self) -> tuple[Made, ...]:
        """The rows to make, in the order in which they were asked for."""
        return tuple(Made(kind, number, columns) for (kind, number), columns in self.made.items())
