"""The audit log: every fact that was made, changed or taken back. Rows are only ever added."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from relmap.models.base import Model, Word, utc_now

__all__ = ["Change"]


class Change(Model):
    """One write to one fact.

    ``before`` and ``after`` hold the columns that changed. ``effective_on`` is set where the world
    changed on that day (a rename, another superior): views of earlier days show ``before``. It is
    ``None`` for a correction, where ``before`` was never true.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_kind_fact_id", "kind", "fact_id"),
        Index("ix_change_account_id_effective_on", "account_id", "effective_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id"), index=True)
    verb: Mapped[str] = mapped_column(Word)  # add_person, end_tenure, correct_start, undo, ...
    kind: Mapped[str] = mapped_column(Word)  # of the fact: person, tenure, ...
    fact_id: Mapped[int]
    account_id: Mapped[int | None]
    effective_on: Mapped[date | None]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
