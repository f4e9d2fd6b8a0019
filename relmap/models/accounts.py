"""Accounts, their units and their posts."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from relmap.models.base import Model, Name, Recorded, Word

__all__ = ["Account", "Post", "Unit"]


class Account(Recorded, Model):
    """A client organisation we plan for; its revision rises with every write that concerns it."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("review_month BETWEEN 1 AND 12", name="review_month"),
        CheckConstraint("rotation_months > 0", name="rotation_months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Name, unique=True)
    latin_name: Mapped[str | None] = mapped_column(Name)
    search_text: Mapped[str] = mapped_column(default="")
    # Raised by one UPDATE, never by `+= 1` in Python: two at once would count as one.
    revision: Mapped[int] = mapped_column(default=0)
    tier: Mapped[str | None] = mapped_column(Word)
    industry: Mapped[str | None] = mapped_column(Name)
    region: Mapped[str | None] = mapped_column(Name)
    country: Mapped[str | None] = mapped_column(Word)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", use_alter=True))
    rotation_months: Mapped[int | None]
    review_month: Mapped[int | None]
    handover_months: Mapped[int | None]
    is_sample: Mapped[bool] = mapped_column(default=False)


class Unit(Recorded, Model):
    """A part of an account. The unit without a parent that bears the account's name is its root."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(Name)
    external_id: Mapped[str | None] = mapped_column(Name)
    is_root: Mapped[bool] = mapped_column(default=False)
    starts_after: Mapped[date | None]  # None: it was there before we first heard of it
    starts_on: Mapped[date]
    ends_after: Mapped[date | None]
    ends_on: Mapped[date | None]

    account: Mapped[Account] = relationship()
    parent: Mapped[Unit | None] = relationship(remote_side=[id])


class Post(Recorded, Model):
    """A seat in the client's organisation, whoever sits in it, or nobody."""

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("seats >= 1", name="seats"),
        CheckConstraint("reports_to_id <> id", name="not_its_own_superior"),
        CheckConstraint("decision_weight BETWEEN 0 AND 1", name="decision_weight"),
        CheckConstraint("review_month BETWEEN 1 AND 12", name="review_month"),
        CheckConstraint("term_months > 0", name="term_months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(Name)
    function: Mapped[str] = mapped_column(Word, default="other")
    level: Mapped[str] = mapped_column(Word, default="staff")
    function_is_given: Mapped[bool] = mapped_column(default=False)  # False: guessed from the title
    level_is_given: Mapped[bool] = mapped_column(default=False)
    decision_weight: Mapped[float | None]  # None: the default of its level
    seats: Mapped[int] = mapped_column(default=1)
    reports_to_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    vacant_since: Mapped[date | None]  # None without a holder: somebody sits there, unknown to us
    starts_after: Mapped[date | None]
    starts_on: Mapped[date]
    ends_after: Mapped[date | None]
    ends_on: Mapped[date | None]
    term_months: Mapped[int | None]
    review_month: Mapped[int | None]

    unit: Mapped[Unit] = relationship()
    reports_to: Mapped[Post | None] = relationship(remote_side=[id])

    @classmethod
    def standing(cls, day: date) -> ColumnElement[bool]:
        """SQL condition: the post stands on ``day``."""
        return (cls.starts_on <= day) & or_(cls.ends_on.is_(None), cls.ends_on > day)
