"""What was foreseen: one forecast an open tenure, the document of an account, book-wide rates.

Texts are message ids with refs and never names, as in scores. Facts are named by plain ids, which
outlive them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from relmap.models.base import Model, Name, Word, utc_now
from relmap.models.packed import PackedJSON

__all__ = ["BookRate", "Forecast", "Foresight"]


class Foresight(Model):
    """What one account's view of a day foretells: successions, plan, blocking sets, power."""

    __tablename__ = "foresight"
    __table_args__ = (
        UniqueConstraint("account_id", "on"),
        Index("ix_foresight_due", "account_id", "on", "basis_digest", "revision"),  # who is due?
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    on: Mapped[date]
    revision: Mapped[int]
    basis_digest: Mapped[str] = mapped_column(Name)  # of version, measures and book-wide rate
    version: Mapped[int]  # of the arithmetic
    document: Mapped[dict[str, Any]] = mapped_column(PackedJSON)
    milliseconds: Mapped[float | None]
    computed_at: Mapped[datetime] = mapped_column(default=utc_now)


class Forecast(Model):
    """The chance that one holder leaves the post within 90, 180 and 365 days of a day."""

    __tablename__ = "forecast"
    __table_args__ = (
        UniqueConstraint("account_id", "on", "tenure_id"),
        CheckConstraint("p90 BETWEEN 0 AND 1", name="p90"),
        CheckConstraint("p180 BETWEEN 0 AND 1", name="p180"),
        CheckConstraint("p365 BETWEEN 0 AND 1", name="p365"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    on: Mapped[date]
    tenure_id: Mapped[int] = mapped_column(index=True)
    post_id: Mapped[int]
    person_id: Mapped[int]
    held_since: Mapped[date | None]  # None: since when is unknown
    source: Mapped[str] = mapped_column(Word)  # announced, term, policy, model
    p90: Mapped[float | None]
    p180: Mapped[float | None]
    p365: Mapped[float | None]
    bands: Mapped[dict[str, Any] | None]  # by figure the low and the high
    mirrors_imports: Mapped[bool] = mapped_column(default=False)  # p90 tells of lists, not people
    # of Basis; or where another forecast of the day rests on the same, that one's tenure
    basis: Mapped[list[Any] | str] = mapped_column(JSON, default=list)


class BookRate(Model):
    """How often holders left in the last three years, at all accounts of a kind, fitted once a day.

    The day is its id, with the kind: what is written later that day changes no other account's
    forecast. Days are whole numbers, so that an account's own part can be taken out exactly.
    """

    __tablename__ = "book_rate"

    on: Mapped[date] = mapped_column(primary_key=True)
    is_sample: Mapped[bool] = mapped_column(primary_key=True)  # invented accounts lend to their own
    ends: Mapped[int]
    person_days: Mapped[int]
    tenures: Mapped[int]
    parts: Mapped[dict[str, Any]]  # by account id: ends, person-days, tenures
