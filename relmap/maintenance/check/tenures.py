"""Tenures and contacts that break the rules of the services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from relmap.clock import day_of
from relmap.contracts import Message, Ref
from relmap.maintenance.check.structure import Fact, Rows, Structure, lies_within, span_of
from relmap.maintenance.check.violation import Violation
from relmap.models import Account, Contact, Person, Post, Tenure, Unit, db

__all__ = ["check_contacts", "check_tenures"]


def check_tenures(book: Structure) -> Iterator[Violation]:
    """Tenures outside their post, and more holders than seats."""
    for post_id, rows in book.tenures.items():
        post = book.posts[post_id]
        yield from _crowds(post, rows)
        yield from _second_seat(book, post, rows)
        for row in rows:
            ref = Ref("tenure", row.id)
            if not lies_within(row, post):
                text = Message(
                    "A tenure in {post} ({span}) lies outside it ({post_span}).",
                    {"post": post.title, "span": span_of(row), "post_span": span_of(post)},
                )
                yield Violation("tenure_outside_post", ref, text)
            if row.ends_on is None and row.end_reason is not None:
                text = Message(
                    "A tenure in {post} has a reason for its end, and no end.", {"post": post.title}
                )
                yield Violation("reason_without_end", ref, text)


def _crowds(post: Fact, rows: Rows) -> Iterator[Violation]:
    """More holders on a day than seats, and one person twice; the most are there as one begins."""
    worst = 0
    for row in rows:
        here = [other for other in rows if _holds(other, row.starts_on)]
        people = {other.person_id for other in here}
        if len(here) > len(people) and row.person_id in {
            other.person_id for other in here if other.id != row.id
        }:
            text = Message(
                "One person holds {post} twice on {day}.",
                {"post": post.title, "day": row.starts_on},
            )
            yield Violation("held_twice", Ref("tenure", row.id), text)
        if len(people) > max(post.seats, worst):
            worst, day = len(people), row.starts_on
    if worst:
        text = Message(
            "{post} has {seats} seat(s) and {count} holders on {day}.",
            {"post": post.title, "seats": post.seats, "count": worst, "day": day},
        )
        yield Violation("too_many_holders", Ref("post", post.id), text)


def _second_seat(book: Structure, post: Fact, rows: Rows) -> Iterator[Violation]:
    """A seat that an older relmap opened for who was announced, beside the one to be followed."""
    if post.seats != 2:
        return
    for row in rows:
        is_opened = (post.id, row.import_id) in book.second_seats or post.import_id == row.import_id
        if row.import_id is None or day_of(row.recorded_at) >= row.starts_on or not is_opened:
            continue
        here = {one.person_id for one in rows if _holds(one, row.starts_on)}
        before = [one for one in rows if one.starts_on < row.starts_on]
        alone = all(sum(_holds(two, one.starts_on) for two in before) == 1 for one in before)
        if before and alone and len(here) == 2:
            text = Message(
                "{post} got a second seat when somebody was announced for {day}. If they follow "
                "whoever sits there, let that person leave on {day} and give the post one seat.",
                {"post": post.title, "day": row.starts_on},
            )
            yield Violation("second_seat", Ref("post", post.id), text)
            return


def _holds(tenure: Fact, day: date) -> bool:
    return tenure.starts_on <= day and (tenure.ends_on is None or tenure.ends_on > day)


def check_contacts() -> Iterator[Violation]:
    """Contacts without post who hold one there."""
    query = (
        select(Contact.id, Person.name, Account.name.label("account"))
        .join(Person, Person.id == Contact.person_id)
        .join(Account, Account.id == Contact.account_id)
        .join(Tenure, Tenure.person_id == Contact.person_id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            Unit.account_id == Contact.account_id,
            Contact.ends_on.is_(None),
            Tenure.ends_on.is_(None),
        )
        .distinct()
    )
    for row in db.session.execute(query):
        text = Message(
            "{person} holds a post at {account} and is a contact without post there.",
            {"person": row.name, "account": row.account},
        )
        yield Violation("contact_beside_tenure", Ref("contact", row.id), text)
