"""Files that became facts, and their rows that still wait for a person's word."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from relmap.models.base import Model, Name, Word, utc_now

__all__ = ["Coverage", "Import", "ImportRow"]


class Import(Model):
    """One file: what it held, who brought it, and what became of it.

    The file is kept as its cells, not as its bytes, so that an erased name can be taken out.
    """

    __tablename__ = "import"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('snapshot', 'ties', 'touches', 'tenures', 'projects')", name="kind"
        ),
        CheckConstraint("status IN ('held', 'applied', 'undone')", name="status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Word)
    file_name: Mapped[str] = mapped_column(Name)
    on: Mapped[date | None]
    complete: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(Word)
    account_name: Mapped[str | None] = mapped_column(Name)  # given as --account
    column_map: Mapped[dict[str, Any]] = mapped_column(default=dict)
    table: Mapped[dict[str, Any]]  # {"header": [...], "records": [[line, [cell, ...]], ...]}
    account_ids: Mapped[list[Any]] = mapped_column(default=list)
    changes: Mapped[list[Any]] = mapped_column(default=list)  # as printed by --json, names as refs
    notes: Mapped[list[Any]] = mapped_column(default=list)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    held_because: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", use_alter=True))
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    rows: Mapped[list[ImportRow]] = relationship(back_populates="import_")


class ImportRow(Model):
    """A row that could mean two people: it waits until somebody says which."""

    __tablename__ = "import_row"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'resolved', 'lapsed')", name="status"),
        UniqueConstraint("import_id", "row"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    row: Mapped[int]
    status: Mapped[str] = mapped_column(Word)
    reason: Mapped[str]
    candidate_ids: Mapped[list[Any]] = mapped_column(default=list)  # people it may be
    waits: Mapped[dict[str, Any]]  # the row, and what to write under either answer
    answer: Mapped[str | None] = mapped_column(Word)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", use_alter=True))

    import_: Mapped[Import] = relationship(back_populates="rows")


class Coverage(Model):
    """A unit was listed on a day: what was absent from the list then was not there."""

    __tablename__ = "coverage"
    __table_args__ = (UniqueConstraint("unit_id", "on", "import_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    on: Mapped[date]
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id"), index=True)
