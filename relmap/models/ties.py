"""Ties, touches and claims: what joins two people, what happened, what we believe."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from relmap.models.base import Model, Name, Recorded, Word, one_open
from relmap.models.people import Person

__all__ = ["Claim", "Tie", "Touch", "TouchPerson"]


class Tie(Recorded, Model):
    """A lasting relation between two people; ``level`` only between one of us and one of them."""

    __tablename__ = "tie"
    __table_args__ = (
        CheckConstraint("a_id <> b_id", name="two_people"),
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on > starts_on", name="ends_after_start"
        ),
        CheckConstraint("sign IN (-1, 0, 1)", name="sign"),
        one_open("tie", "a_id", "b_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Ours, or the one who acts.
    a_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    b_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(Word, default="knows")
    sign: Mapped[int] = mapped_column(default=1)
    level: Mapped[str | None] = mapped_column(Word)
    starts_on: Mapped[date | None]
    observed_on: Mapped[date]  # when the level was last judged
    ends_on: Mapped[date | None]
    basis: Mapped[str | None] = mapped_column(Word)
    observer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str | None]

    a: Mapped[Person] = relationship(foreign_keys=[a_id])
    b: Mapped[Person] = relationship(foreign_keys=[b_id])

    @classmethod
    def made_on(cls) -> ColumnElement[date]:
        """SQL: the day it began, or was last judged where that is unknown."""
        return func.coalesce(cls.starts_on, cls.observed_on)


class Touch(Recorded, Model):
    """One dated contact: visit, call, mail, meal, gift, sample, complaint call."""

    __tablename__ = "touch"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(Word)
    direction: Mapped[str] = mapped_column(Word, default="both")
    said: Mapped[str | None]
    next_step: Mapped[str | None]
    next_step_on: Mapped[date | None]

    people: Mapped[list[TouchPerson]] = relationship(back_populates="touch")


class TouchPerson(Model):
    """Who took part in a touch."""

    __tablename__ = "touch_person"

    touch_id: Mapped[int] = mapped_column(ForeignKey("touch.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)

    touch: Mapped[Touch] = relationship(back_populates="people")
    person: Mapped[Person] = relationship()


class Claim(Recorded, Model):
    """Something one of us believes about a person or a post."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (post_id IS NULL)", name="about_one"),
        CheckConstraint("shelf_life_days > 0", name="shelf_life"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    what: Mapped[str] = mapped_column(Word)  # stance, power, buying_role, ...
    value: Mapped[str] = mapped_column(Name)
    on: Mapped[date]
    basis: Mapped[str] = mapped_column(Word)
    shelf_life_days: Mapped[int]
    observer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    source: Mapped[str | None] = mapped_column(Name)  # who told it, where it was seen
