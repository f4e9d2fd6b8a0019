"""Projects and next steps: the chances to sell, and whom one of us means to meet."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from relmap.models.accounts import Account, Post
from relmap.models.base import Model, Name, Recorded, Word
from relmap.models.people import Person

__all__ = ["NextStep", "Project", "ProjectPost"]


class Project(Recorded, Model):
    """One chance to sell: a design-in or socket with a part number, a stage and a value."""

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint(
            "ended_on IS NULL OR starts_on IS NULL OR ended_on > starts_on",
            name="ended_after_start",
        ),
        CheckConstraint(
            "(ended_on IS NOT NULL AND stage IN ('won', 'lost'))"
            " OR (ended_on IS NULL AND stage NOT IN ('won', 'lost'))",
            name="ended_if_decided",
        ),
        CheckConstraint("value >= 0", name="value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(Name)
    part_number: Mapped[str | None] = mapped_column(Name)
    stage: Mapped[str] = mapped_column(Word)
    value: Mapped[float | None] = mapped_column(Numeric(15, 2, asdecimal=False))
    currency: Mapped[str | None] = mapped_column(Word)  # ISO 4217: CNY, TWD; None: unknown
    starts_on: Mapped[date | None]  # None: it was there before we first heard of it
    decides_on: Mapped[date | None]  # when the decision is expected
    ended_on: Mapped[date | None]  # won or lost on that day
    ended_because: Mapped[str | None]  # why, in somebody's words

    account: Mapped[Account] = relationship()
    posts: Mapped[list[ProjectPost]] = relationship(back_populates="project")


class ProjectPost(Recorded, Model):
    """A post whose holder has a word in the decision about a project."""

    __tablename__ = "project_post"
    __table_args__ = (UniqueConstraint("project_id", "post_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)

    project: Mapped[Project] = relationship(back_populates="posts")
    post: Mapped[Post] = relationship()


class NextStep(Recorded, Model):
    """One of us means to meet one of them by a day; open until it is done or dropped."""

    __tablename__ = "next_step"
    __table_args__ = (
        CheckConstraint("origin IN ('plan', 'hand')", name="origin"),
        CheckConstraint("done_on IS NULL OR dropped_on IS NULL", name="one_end"),
        CheckConstraint(
            "dropped_because IS NULL OR dropped_on IS NOT NULL", name="dropped_with_a_day"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)  # to be met
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # of ours
    # Who is asked for an introduction first; None: nobody has to be.
    through_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    planned_on: Mapped[date]  # when somebody decided on it
    due_on: Mapped[date]
    what: Mapped[str | None]
    origin: Mapped[str] = mapped_column(Word, default="hand")
    done_on: Mapped[date | None]
    dropped_on: Mapped[date | None]
    dropped_because: Mapped[str | None]

    account: Mapped[Account] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    through: Mapped[Person | None] = relationship(foreign_keys=[through_id])
