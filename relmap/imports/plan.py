"""What a plan consists of: rows to make, columns to revise, changes to tell.

Ids below zero stand for rows that do not exist yet; applying gives them real ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from relmap.contracts import Message
from relmap.contracts.words import Precision
from relmap.imports.sheets.row_places import as_seen
from relmap.imports.sheets.table import Part, Table

__all__ = [
    "KINDS",
    "ChangeLine",
    "Doubt",
    "ImportPlan",
    "Interval",
    "Made",
    "Note",
    "PostLabel",
    "Revised",
    "asked_at_once",
    "note_of_row",
    "notes_of",
    "unread",
]

KINDS = (
    "unit_opened",
    "unit_renamed",
    "unit_moved",
    "unit_closed",
    "post_opened",
    "post_renamed",
    "person_renamed",
    "affiliation_changed",
    "left_post",
    "joined_post",
    "confirmed",
    "reporting_changed",
    "fact_changed",
    "uncertain",
)
"""The kinds of changes, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A day that lies in (``after``, ``on``]; ``after`` ``None``: how long before is unknown."""

    after: date | None
    on: date
    precision: Precision = "day"


@dataclass(frozen=True, slots=True)
class PostLabel:
    """A post by the words of the file (of the book, where the file does not name it)."""

    account: str
    unit: str
    post: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One change as it is told. People stand by their ids, so that an erased name disappears.

    ``row`` is ``None`` for what absence shows. ``reason`` says why a start is unknown
    (``first_seen``), why a tenure ended, or why a row is uncertain.
    """

    kind: str
    account_id: int
    account: str
    row: int | None = None
    unit_id: int | None = None
    unit: str | None = None
    post_id: int | None = None
    post: str | None = None
    person_id: int | None = None
    tenure_id: int | None = None
    before: Any = None
    after: Any = None
    seat: str | None = None
    moved_to: PostLabel | None = None
    moved_from: PostLabel | None = None
    reason: str | None = None
    successors: tuple[int, ...] = ()
    candidates: tuple[int, ...] = ()
    start: Interval | None = None
    end: Interval | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a row that was not taken as it stands, or was guessed.

    Messages hold no names of people but where it is the names that were guessed; who erases a
    person takes those out as well.
    """

    row: int | None
    message: Message

    def seen(self, parts: Sequence[Part]) -> Note:
        """The note with its rows as they stand on their sheets."""
        return replace(self, message=as_seen(self.message, parts))

    def to_json(self) -> dict[str, Any]:
        """The note as an import keeps it."""
        return {"row": self.row, **self.message.to_json()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | str) -> Note:
        """A note that an import kept; older ones are plain sentences."""
        return cls(None if isinstance(kept, str) else kept["row"], Message.from_json(kept))


def asked_at_once(questions: Iterable[Message | None]) -> Message | None:
    """All that wants a yes, as one message."""
    asked: Message | None = None
    for question in filter(None, questions):
        both = {"one": asked, "other": question}
        asked = question if asked is None else Message("{one} {other}", both)
    return asked


def note_of_row(row: int | None, text: str, /, *, many: str | None = None, **values: Any) -> Note:
    """What is to be said of a row; ``{row}`` in the text is its line."""
    if "{row}" in text:
        values["row"] = row
    return Note(row, Message(text, values, many))


def notes_of(table: Table) -> list[Note]:
    """What was guessed of a file, and what of it was left out."""
    return [Note(remark.row, remark.message) for remark in table.remarks]


def unread(headings: Sequence[str]) -> Note:
    """That nothing was read from these columns of a file."""
    return Note(None, Message("Nothing was read from: {headings}.", {"headings": headings}))


@dataclass(frozen=True, slots=True)
class Made:
    """A row to make: its table, its id below zero, its columns."""

    kind: str
    id: int
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Revised:
    """Columns of a stored row that change; ``effective_on`` where the world did on that day."""

    verb: str
    kind: str
    id: int
    account_id: int | None
    after: Mapping[str, Any]
    effective_on: date | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row that waits; ``post_id`` is ``None`` for a contact entry.

    ``part`` says which of the people or units of a row with several waits.

    ``start`` is when the row's tenure would begin. ``kept`` are tenures of the same post that wait
    with it: if the row is somebody different they end in ``end``.
    """

    row: int
    account_id: int
    unit_id: int | None
    post_id: int | None
    reason: str
    candidates: tuple[int, ...]
    start: Interval
    part: int = 0
    kept: tuple[int, ...] = ()
    end: Interval | None = None


IdKey = tuple[str, str, int]
"""An id as it is compared: kind, case-folded value, and the account of a staff number, else 0."""


@dataclass(frozen=True)
class ImportPlan:
    """All that one file changes. Nothing is written by making one."""

    revisions: Mapping[int, int]
    """Account to the revision that was planned against; new accounts are below zero."""
    kind: str = "snapshot"
    day: date | None = None
    """When the list was true; ``None`` for all but a snapshot."""
    accounts: frozenset[int] = frozenset()
    """Whose facts change."""
    about: frozenset[int] = frozenset()
    """The people whose facts change."""
    owners: Mapping[IdKey, int | None] = field(default_factory=dict)
    """Whose each id of the file was; ``None`` for an id that nobody had."""
    made: tuple[Made, ...] = ()
    revised: tuple[Revised, ...] = ()
    removed_contacts: tuple[int, ...] = ()
    listed: tuple[int, ...] = ()
    """Tenures that the file confirms."""
    covered: tuple[int, ...] = ()
    """Units that were compared."""
    doubts: tuple[Doubt, ...] = ()
    lapsed: tuple[tuple[int, int], ...] = ()
    """Waiting rows (import, row) that the file makes moot."""
    changes: tuple[ChangeLine, ...] = ()
    """What a snapshot changes, as its import keeps it."""
    told: tuple[dict[str, Any], ...] = ()
    """What any other file changes, as it is told at once; later it follows from the facts."""
    notes: tuple[Note, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    held: Message | None = None
    """Why it should wait for a yes."""
    parts: tuple[Part, ...] = ()
    """The sheets that the rows were read from."""
    people: Mapping[int, tuple[str, str | None]] = field(default_factory=dict)
    """Name and external id of everybody in ``changes``, as this file writes them."""
    named: Mapping[int, tuple[str, str | None]] = field(default_factory=dict)
    """Name and external id by row."""

    @property
    def is_empty(self) -> bool:
        """Whether everything is on file already."""
        return not (self.made or self.revised or self.removed_contacts)
