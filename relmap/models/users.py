"""Who logs in, and which accounts they may read or write."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from relmap.models.accounts import Account
from relmap.models.base import Model, Name, Word, utc_now
from relmap.models.people import Person

__all__ = ["FailedLogin", "Grant", "User"]


class User(Model):
    """Somebody who logs in. ``session_stamp`` changes with the password and ends old sessions."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("role IN ('administrator', 'manager', 'member')", name="role"),
        CheckConstraint("language IN ('en', 'zh_Hant', 'zh_Hans')", name="language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Name, unique=True)
    role: Mapped[str] = mapped_column(Word)
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    session_stamp: Mapped[str] = mapped_column(Word)
    is_active: Mapped[bool] = mapped_column(default=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", use_alter=True))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    language: Mapped[str | None] = mapped_column(Word)  # None: as the browser asks
    timezone: Mapped[str | None] = mapped_column(Word)  # None: that of the book

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    grants: Mapped[list[Grant]] = relationship(back_populates="user")


class Grant(Model):
    """A member may read, or read and write, one account."""

    __tablename__ = "grant"
    __table_args__ = (
        UniqueConstraint("user_id", "account_id"),
        CheckConstraint("\"right\" IN ('read', 'write')", name="right"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    right: Mapped[str] = mapped_column(Word)

    user: Mapped[User] = relationship(back_populates="grants")
    account: Mapped[Account] = relationship()


class FailedLogin(Model):
    """Failures in a row by name and address; it outlives a restart, so that one does not help."""

    __tablename__ = "failed_login"
    __table_args__ = (UniqueConstraint("name", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Name)  # case-folded; "" counts the address over all names
    address: Mapped[str] = mapped_column(Name)  # "" counts the name over all addresses
    failure_count: Mapped[int] = mapped_column(default=0)
    last_failed_at: Mapped[datetime]
