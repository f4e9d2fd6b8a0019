"""What is on file before a snapshot is planned, as frozen values.

A view of the account would not do: it hides what ends after its day, and it leaves out where a
fact comes from (a list, or a person's own hand), on which half of the rules rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from relmap.contracts.words import Level, Precision
from relmap.imports.plan import IdKey

__all__ = [
    "Elsewhere",
    "Seating",
    "StoredContact",
    "StoredPerson",
    "StoredPost",
    "StoredTenure",
    "StoredUnit",
    "UnresolvedRow",
]


Row = TypeVar("Row")
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A unit that stands on the snapshot's day or later."""

    id: int
    name: str
    parent_id: int | None = None
    external_id: str | None = None
    is_root: bool = False
    starts_on: date = date.min


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post that stands on the snapshot's day or later."""

    id: int
    unit_id: int
    title: str
    level: Level
    function: str
    level_is_given: bool = False
    function_is_given: bool = False
    decision_weight: float | None = None
    seats: int = 1
    reports_to_id: int | None = None
    vacant_since: date | None = None
    starts_on: date = date.min


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A post that somebody holds in an account which does not occur in the file."""

    account: str
    unit: str
    post: str
    level: Level


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A person with every name and id on file; ``elsewhere`` is highest first."""

    id: int
    name: str
    other_names: tuple[str, ...] = ()
    latin_name: str | None = None
    nickname: str | None = None
    address_as: str | None = None
    affiliation: str | None = None
    side: str = "client"
    ids: tuple[IdKey, ...] = ()
    written_ids: tuple[tuple[str, str], ...] = ()
    contact_points: tuple[tuple[int | None, str, str], ...] = ()  # with the account that gave it
    elsewhere: tuple[Elsewhere, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling under which the person was met."""
        return (self.name, *self.other_names)

    @property
    def spellings(self) -> tuple[str, ...]:
        """The names, and the Latin one."""
        return (*self.names, self.latin_name) if self.latin_name else self.names


@dataclass(frozen=True, slots=True)
class StoredTenure:
    """One person in one post; ``is_listed`` says that a file has listed or made it.

    ``start_by_hand`` and ``end_by_hand`` say that a person, not a file, gave that day. Whoever
    ``never_came`` was announced and in no list since: nobody held the seat.
    ``end_is_announced`` says that a list gave or guessed the end before it came.
    ``unit_key`` names the unit even where that is closed by now.
    """

    id: int
    person_id: int
    post_id: int
    unit_id: int
    unit_key: str
    starts_after: date | None
    starts_on: date
    ends_after: date | None = None
    ends_on: date | None = None
    precision: Precision = "day"
    acting: bool = False
    term_ends_on: date | None = None
    start_note: str | None = None
    listed_on: date | None = None
    is_listed: bool = True
    start_by_hand: bool = False
    end_by_hand: bool = False
    never_came: bool = False
    end_is_announced: bool = False

    def is_open(self, day: date) -> bool:
        """Whether the person sits there on ``day``."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)


@dataclass(frozen=True, slots=True)
class StoredContact:
    """An open contact entry: the person works there, in which post nobody knows."""

    id: int
    person_id: int
    starts_on: date


@dataclass(frozen=True, slots=True)
class UnresolvedRow:
    """An uncertain row of an earlier import that nobody has resolved yet."""

    import_id: int
    row: int
    on: date
    account_id: int
    unit_id: int | None
    post_id: int | None
    name: str
    reason: str
    candidate_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Seating:
    """One account as it is on file: who sits where, and since when.

    A new account has a negative id and no rows but its root. ``newest_on`` is the day of its
    newest list, ``complete_on`` the days of complete ones.
    """

    account_id: int
    name: str
    root: StoredUnit
    revision: int = 0
    units: tuple[StoredUnit, ...] = ()
    posts: tuple[StoredPost, ...] = ()
    people: Mapping[int, StoredPerson] = field(default_factory=dict)
    tenures: tuple[StoredTenure, ...] = ()
    contacts: tuple[StoredContact, ...] = ()
    newest_on: date | None = None
    newest_import_id: int | None = None
    complete_on: tuple[date, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether the file is the first that names the account."""
        return self.account_id < 0

    @cached_property
    def post(self) -> Mapping[int, StoredPost]:
        """The posts by id."""
        return {row.id: row for row in self.posts}

    @cached_property
    def unit(self) -> Mapping[int, StoredUnit]:
        """The units by id, the root included."""
        return {row.id: row for row in (self.root, *self.units)}

    @cached_property
    def posts_in(self) -> Mapping[int, tuple[StoredPost, ...]]:
        """The posts by their unit."""
        return grouped((row.unit_id, row) for row in self.posts)

    @cached_property
    def tenures_in(self) -> Mapping[int, tuple[StoredTenure, ...]]:
        """The tenures by their post, ended ones included."""
        return grouped((row.post_id, row) for row in self.tenures)

    @cached_property
    def tenures_of(self) -> Mapping[int, tuple[StoredTenure, ...]]:
        """The tenures by their person, ended ones included."""
        return grouped((row.person_id, row) for row in self.tenures)

    @cached_property
    def contact_of(self) -> Mapping[int, StoredContact]:
        """The open contact entries by their person."""
        return {row.person_id: row for row in self.contacts}


def grouped(pairs: Iterable[tuple[Key, Row]]) -> dict[Key, tuple[Row, ...]]:
    """The rows of each key, in their order."""
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    for key, row in pairs:
        groups[key].append(row)
    return {key: tuple(rows) for key, rows in groups.items()}
