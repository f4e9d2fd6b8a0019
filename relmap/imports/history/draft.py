"""What a list of ties, touches, tenures or projects adds, while it is planned."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from relmap.contracts import Message
from relmap.imports.plan import ImportPlan, Made, Note, Revised, asked_at_once, note_of_row
from relmap.models import Account, db

__all__ = ["Additions", "revisions_of"]


@dataclass(slots=True)
class Additions:
    """What one file adds and corrects, while it is planned."""

    made: list[Made] = field(default_factory=list)
    revised: list[Revised] = field(default_factory=list)
    revisions: dict[int, int] = field(default_factory=dict)
    """Account to the revision that was planned against."""
    concerned: set[int] = field(default_factory=set)
    """Accounts whose facts change; below zero for one that is opened."""
    people: set[int] = field(default_factory=set)
    """People whose facts change; below zero for those who are made."""
    removed_contacts: list[int] = field(default_factory=list)
    """Contact entries that were never without a post, as the history shows."""
    changes: list[dict[str, Any]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    asked: list[Message] = field(default_factory=list)
    """Questions about the whole file: nothing is applied until somebody says yes."""
    counts: dict[str, int] = field(default_factory=dict)
    _last_id: dict[str, int] = field(default_factory=dict)

    def new_id(self, kind: str) -> int:
        """An id below zero for a row of this table."""
        self._last_id[kind] = self._last_id.get(kind, 0) - 1
        return self._last_id[kind]

    def make(self, kind: str, /, **columns: Any) -> int:
        """A row to be made; returns its id below zero."""
        number = self.new_id(kind)
        self.made.append(Made(kind, number, columns))
        return number

    def count(self, what: str, by: int = 1) -> None:
        """Add to one of the figures of the report."""
        self.counts[what] = self.counts.get(what, 0) + by

    def note(self, row: int | None, text: str, /, **values: Any) -> None:
        """Say of a row what was not taken as it stands; no names of people."""
        self.notes.append(note_of_row(row, text, **values))

    def ask(self, text: str, /, **values: Any) -> None:
        """Hold the whole file with a question."""
        self.asked.append(Message(text, values))

    def change(self, kind: str, row: int, /, **told: Any) -> None:
        """Tell of one change, and count it."""
        self.changes.append({"kind": kind, "row": row, **told})
        self.count(kind)

    def plan(self, kind: str) -> ImportPlan:
        """What was collected, to be written."""
        return ImportPlan(
            kind=kind,
            revisions=self.revisions,
            accounts=frozenset(self.concerned),
            about=frozenset(self.people),
            made=tuple(self.made),
            revised=tuple(self.revised),
            removed_contacts=tuple(self.removed_contacts),
            told=tuple(self.changes),
            notes=tuple(self.notes),
            counts=self.counts,
            held=asked_at_once(self.asked),
        )


def revisions_of(account_ids: set[int]) -> dict[int, int]:
    """The revisions of accounts, read before their facts are."""
    rows = db.session.execute(
        select(Account.id, Account.revision).where(Account.id.in_(account_ids))
    )
    return {row.id: row.revision for row in rows}
