"""People of both sides, their names, ids and contact points, and the posts they hold."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, UniqueConstraint, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from relmap.models.accounts import Account, Post
from relmap.models.base import Model, Name, Recorded, Word, one_open

__all__ = ["Contact", "ContactPoint", "ExternalId", "Person", "PersonName", "Tenure"]


class Person(Recorded, Model):
    """A human being, on the client's side or on ours; belongs to no account."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("side IN ('client', 'us')", name="side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[str] = mapped_column(Word)
    name: Mapped[str] = mapped_column(Name)  # as written
    latin_name: Mapped[str | None] = mapped_column(Name)
    nickname: Mapped[str | None] = mapped_column(Name)
    address_as: Mapped[str | None] = mapped_column(Name)  # 王总, 陈经理
    search_text: Mapped[str] = mapped_column(default="")  # every form a person may be sought by
    language: Mapped[str | None] = mapped_column(Word)  # of the name: zh-Hans, zh-Hant, ja
    affiliation: Mapped[str | None] = mapped_column(Name)
    birthday: Mapped[str | None] = mapped_column(Word)  # "1978-08-06", "--08-06" or "lunar 08-06"
    preferences: Mapped[str | None]
    erased_at: Mapped[datetime | None]
    is_sample: Mapped[bool] = mapped_column(default=False)

    external_ids: Mapped[list[ExternalId]] = relationship(back_populates="person")
    other_names: Mapped[list[PersonName]] = relationship(back_populates="person")
    contact_points: Mapped[list[ContactPoint]] = relationship(back_populates="person")


class PersonName(Recorded, Model):
    """Another spelling under which a person was met; identity looks at all of them."""

    __tablename__ = "person_name"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(Name)

    person: Mapped[Person] = relationship(back_populates="other_names")


class ExternalId(Recorded, Model):
    """A person's id elsewhere. ``scope_id`` is the account of a staff number, else 0: book-wide."""

    __tablename__ = "external_id"
    __table_args__ = (
        UniqueConstraint("kind", "value", "scope_id"),
        CheckConstraint("kind IN ('mail', 'staff_number', 'handle')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(Word)
    value: Mapped[str] = mapped_column(Name)  # case-folded
    written: Mapped[str] = mapped_column(Name)
    scope_id: Mapped[int] = mapped_column(default=0)

    person: Mapped[Person] = relationship(back_populates="external_ids")


class ContactPoint(Recorded, Model):
    """A way to reach a person, as the account whose list gave it has it."""

    __tablename__ = "contact_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(Word)
    value: Mapped[str] = mapped_column(Name)
    note: Mapped[str | None] = mapped_column(Name)
    account_id: Mapped[int | None] = mapped_column(  # None: by hand, or it was not kept which
        ForeignKey("account.id"), index=True, sort_order=1
    )

    person: Mapped[Person] = relationship(back_populates="contact_points")


class Contact(Recorded, Model):
    """A person works at an account, in which post we do not know."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_after_start"),
        one_open("contact", "person_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    person: Mapped[Person] = relationship()
    account: Mapped[Account] = relationship()


class Tenure(Recorded, Model):
    """One person in one post, from a day up to, not including, another.

    The start lies in (starts_after, starts_on], the end in (ends_after, ends_on].
    """

    __tablename__ = "tenure"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("starts_after IS NULL OR starts_after < starts_on", name="start_interval"),
        CheckConstraint("ends_after IS NULL OR ends_after < ends_on", name="end_interval"),
        CheckConstraint("precision IN ('day', 'month', 'year')", name="precision"),
        one_open("tenure", "person_id", "post_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_after: Mapped[date | None]  # None: the true start is unknown
    starts_on: Mapped[date]
    ends_after: Mapped[date | None]
    ends_on: Mapped[date | None]  # None: still in post
    precision: Mapped[str] = mapped_column(Word, default="day")
    term_ends_on: Mapped[date | None]
    acting: Mapped[bool] = mapped_column(default=False)
    end_reason: Mapped[str | None] = mapped_column(Word)
    end_recorded_at: Mapped[datetime | None]
    end_import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id"), index=True)
    basis: Mapped[str] = mapped_column(Word, default="entered")  # entered | listed | history
    listed_on: Mapped[date | None]  # the newest day on which a file listed or made it
    start_note: Mapped[str | None] = mapped_column(Name)  # a start given by a file that cannot hold

    post: Mapped[Post] = relationship()
    person: Mapped[Person] = relationship()

    @classmethod
    def holding(cls, day: date) -> ColumnElement[bool]:
        """SQL condition: the tenure covers ``day``."""
        in_time = (cls.starts_on <= day) & or_(cls.ends_on.is_(None), cls.ends_on > day)
        return in_time & cls.came()

    @classmethod
    def came(cls) -> ColumnElement[bool]:
        """SQL condition: it is no announcement that was not kept."""
        return or_(cls.end_reason.is_(None), cls.end_reason != "never_came")
