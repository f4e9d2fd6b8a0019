"""The scores of an account without some people, where somebody asked for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from relmap.models.base import Model, utc_now

__all__ = ["WhatIf"]


class WhatIf(Model):
    """A what-if whose scores were asked for; a job runs the rules and stores what differs.

    ``people`` are the ids of those taken away, sorted, as ``3,15``; the report holds rules and
    points, never names. It is of the account's ``revision``: another one is asked for anew.
    """

    __tablename__ = "what_if"
    __table_args__ = (UniqueConstraint("account_id", "on", "revision", "people"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    on: Mapped[date]
    revision: Mapped[int]
    people: Mapped[str]
    report: Mapped[dict[str, Any] | None]  # None: not worked off yet, or it could not be
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)
    computed_at: Mapped[datetime | None]
