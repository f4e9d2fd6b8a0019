"""One row of a snapshot: who sat where on a day, as a file says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from relmap.contracts.words import ContactKind, EndReason, ExternalIdKind, Function, Level
from relmap.imports.sheets.unit_paths import UnitPath
from relmap.names.days import DayRange

__all__ = ["Holder", "SnapshotRow"]

Holder = Literal["named", "vacant", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotRow:
    """What one record of a snapshot says; texts as written, trimmed.

    A row has a person, a post or both. ``person`` without ``post`` is a contact entry. ``post``
    without ``person`` says by ``holder`` whether the seat is vacant or held by somebody unknown.
    """

    row: int
    """The record's line in the file (header = 1)."""
    part: int = 0
    """Which of the people or units of a record with several this is."""
    repeats: bool = False
    """Whether its people are those of the row above, by a ditto mark or a merged cell."""
    account: str
    unit: str | None = None
    """``None``: the account's root unit."""
    parent_unit: str | None = None
    above: UnitPath = ()
    """The path above the unit, the top first; () where the file gives no more than a parent."""
    unit_id: str | None = None
    post: str | None = None
    """The title without its acting mark; ``None``: a contact entry."""
    acting: bool = False
    level: Level | None = None
    """As the file gives it; ``None``: not given (guess from the title)."""
    function: Function | None = None
    """As the file gives it; ``None``: not given (guess from the title)."""
    decision_weight: float | None = None
    holder: Holder = "named"
    person: str | None = None
    """``None`` unless ``holder`` is ``named``."""
    other_name: str | None = None
    """The name in characters behind one in Latin letters: ``Li Na (李娜)``."""
    name_latin: str | None = None
    nickname: str | None = None
    address_as: str | None = None
    external_ids: tuple[tuple[ExternalIdKind, str], ...] = ()
    """As written; compare with ``cells.id_key``. The ``external_id`` column comes first."""
    number: str | None = None
    """The row's own number, by which other rows may name their superior; no id."""
    affiliation: str | None = None
    contact_points: tuple[tuple[ContactKind, str], ...] = ()
    reports_to: str | None = None
    """The manager's name as written."""
    reports_to_id: tuple[ExternalIdKind, str] | None = None
    starts: DayRange | None = None
    """The start in (``starts.after``, ``starts.on``]; never wholly after the snapshot's day."""
    term_ends_on: DayRange | None = None
    has_left: bool = False
    """Whether its person holds the post no more, as the row says: then it is no seat."""
    ends: DayRange | None = None
    """When the person left or, if they did not yet, is to leave."""
    end_reason: EndReason = "unknown"

    @property
    def is_contact(self) -> bool:
        """A person without a post: a contact entry."""
        return self.post is None
