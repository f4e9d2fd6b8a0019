"""What the rotation pages read: each deciding post as it was foreseen, and back-tests asked for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from relmap.models.base import Model, Word, utc_now

__all__ = ["BackTest", "PostOutlook"]


class PostOutlook(Model):
    """One deciding post at 90, 180 and 365 days from a day: the chance of a change, how ready.

    ``ready`` is the coverage to be expected of whoever sits there then, if nothing is done;
    ``NULL`` where no holder has a forecast. A chance is ``NULL`` where none can be said.
    """

    __tablename__ = "post_outlook"
    __table_args__ = (
        UniqueConstraint("account_id", "on", "post_id"),
        CheckConstraint("due_kind IN ('announced', 'term', 'policy')", name="due_kind"),
        Index("ix_post_outlook_post_id", "post_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    on: Mapped[date]
    post_id: Mapped[int]
    tenure_id: Mapped[int | None]  # of the holder likeliest to go; None: a blank seat
    person_id: Mapped[int | None]
    holder_count: Mapped[int]
    function: Mapped[str] = mapped_column(Word)
    weight: Mapped[float]  # decision weight on the day
    source: Mapped[str | None] = mapped_column(Word)  # announced, term, policy, model
    is_band: Mapped[bool]  # the history is too short for a point
    change90: Mapped[float | None]
    change180: Mapped[float | None]
    change365: Mapped[float | None]
    coverage: Mapped[float | None]  # of the holders today; None: unknown
    ready90: Mapped[float | None]
    ready180: Mapped[float | None]
    ready365: Mapped[float | None]
    due_on: Mapped[date | None]  # when the term ends, or the announced day
    due_kind: Mapped[str | None] = mapped_column(Word)
    share: Mapped[float | None]  # of the term that has passed
    bands: Mapped[dict[str, Any]] = mapped_column(default=dict)  # by figure the low and the high
    basis: Mapped[list[Any]] = mapped_column(default=list)  # of Basis
    successors: Mapped[list[Any]] = mapped_column(default=list)  # person, chance, coverage
    outside: Mapped[float | None]  # chance that somebody from outside follows
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of open projects, by currency


class BackTest(Model):
    """A back-test somebody asked for: of one account, or of the whole book; a job works it off.

    The report holds figures, never names. ``refused`` says why there is none.
    """

    __tablename__ = "back_test"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    every_months: Mapped[int]
    horizon: Mapped[int]  # days
    report: Mapped[dict[str, Any] | None]  # None: not worked off yet, or refused
    refused: Mapped[str | None]  # a message as JSON
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)
    computed_at: Mapped[datetime | None]
