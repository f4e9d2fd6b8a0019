"""Who may do what: one table, and one function that reads it.

A role reaches every account, only the granted ones, or none. Our own people are visible to all who
log in. A person of a client is open to those who may read an account where they work or worked,
with what was so of them while they were there; who had a tie or a touch with somebody there at that
time is visible by name, and what is on file of them is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true, union

from relmap.models import (
    Account,
    Contact,
    ContactPoint,
    Grant,
    Person,
    Post,
    Tenure,
    Tie,
    Touch,
    TouchPerson,
    Unit,
    User,
    db,
    is_of_accounts,
)

__all__ = [
    "Reach",
    "Verb",
    "accounts_open_to",
    "can",
    "contact_points_open_to",
    "facts_open_to",
    "people_open_to",
    "people_visible_to",
]

Verb = Literal["read", "write", "administer"]


class Reach(Enum):
    """How far a role reaches with a verb."""

    EVERY = "every account"
    GRANTED = "granted accounts"
    NONE = "no account"


TABLE: Final[Mapping[str, Mapping[Verb, Reach]]] = {
    "administrator": {"read": Reach.EVERY, "write": Reach.EVERY, "administer": Reach.EVERY},
    "manager": {"read": Reach.EVERY, "write": Reach.EVERY, "administer": Reach.NONE},
    "member": {"read": Reach.GRANTED, "write": Reach.GRANTED, "administer": Reach.NONE},
}
RIGHTS: Final[Mapping[Verb, tuple[str, ...]]] = {"read": ("read", "write"), "write": ("write",)}


def can(user: User, verb: Verb, account: Account | int | None = None) -> bool:
    """Whether a user may do this to an account, or to relmap itself where the verb needs none."""
    reach = _reach(user, verb)
    if reach is not Reach.GRANTED:
        return reach is Reach.EVERY
    if account is None:
        return False
    wanted = account.id if isinstance(account, Account) else account
    granted = select(Account.id).where(
        Account.id == wanted, accounts_open_to(user, verb, Account.id)
    )
    return db.session.scalar(granted) is not None


def accounts_open_to(
    user: User, verb: Verb = "read", column: ColumnElement[int] | Any = Account.id
) -> ColumnElement[bool]:
    """SQL condition: ``column`` holds the id of an account to which the user may do this."""
    reach = _reach(user, verb)
    if reach is Reach.EVERY:
        return true()
    if reach is Reach.NONE:
        return false()
    granted = select(Grant.account_id).where(
        Grant.user_id == user.id, Grant.right.in_(RIGHTS[verb])
    )
    condition: ColumnElement[bool] = column.in_(granted)
    return condition


def people_visible_to(
    user: User, column: ColumnElement[int] | Any = Person.id
) -> ColumnElement[bool]:
    """SQL condition: ``column`` holds the id of a person of whom the user may see something."""
    reach = _reach(user, "read")
    if reach is Reach.EVERY:
        return true()
    if reach is Reach.NONE:
        return false()
    here = _people_at_accounts_of(user)
    met = (
        select(TouchPerson.touch_id)
        .join(Touch, Touch.id == TouchPerson.touch_id)
        .where(
            TouchPerson.person_id.in_(here), facts_open_to(user, TouchPerson.person_id, Touch.on)
        )
    )
    return or_(
        column.in_(select(Person.id).where(Person.side == "us")),
        column.in_(here),
        column.in_(select(Tie.a_id).where(_is_tied_here(Tie.b_id, user, here))),
        column.in_(select(Tie.b_id).where(_is_tied_here(Tie.a_id, user, here))),
        column.in_(select(TouchPerson.person_id).where(TouchPerson.touch_id.in_(met))),
    )


def people_open_to(user: User, column: ColumnElement[int] | Any = Person.id) -> ColumnElement[bool]:
    """SQL condition: ``column`` holds the id of a person at an account that the user may read."""
    if _reach(user, "read") is Reach.EVERY:
        return true()
    condition: ColumnElement[bool] = column.in_(_people_at_accounts_of(user))
    return condition


def facts_open_to(user: User, person: Any, on: Any) -> ColumnElement[bool]:
    """SQL condition: what was so of ``person`` on the day ``on`` is of accounts the user may read.

    Of people who are ``people_open_to`` the user; the views of ``graph/`` go by the same rule.
    """
    if _reach(user, "read") is Reach.EVERY:
        return true()
    return is_of_accounts(person, on, lambda account: accounts_open_to(user, "read", account))


def contact_points_open_to(person: Person, user: User) -> Sequence[ContactPoint]:
    """How to reach a person, by what an account gave that the user may read; the oldest first.

    What was entered by hand is of where the person was on that day. What a list of several accounts
    gave, before it was kept which, is for who may read every account.
    """
    entered_on = func.date(ContactPoint.recorded_at)
    by_hand = and_(
        ContactPoint.account_id.is_(None),
        ContactPoint.import_id.is_(None),
        facts_open_to(user, ContactPoint.person_id, entered_on),
    )
    is_open = or_(accounts_open_to(user, "read", ContactPoint.account_id), by_hand)
    query = select(ContactPoint).where(ContactPoint.person_id == person.id, is_open)
    return db.session.scalars(query.order_by(ContactPoint.id)).all()


def _is_tied_here(end: Any, user: User, here: Select[tuple[int]]) -> ColumnElement[bool]:
    return and_(end.in_(here), facts_open_to(user, end, Tie.made_on()))


def _people_at_accounts_of(user: User) -> Select[tuple[int]]:
    """Who holds or held a post at an account the user may read, or is a contact there."""
    held = (
        select(Tenure.person_id.label("person_id"))
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(accounts_open_to(user, "read", Unit.account_id))
    )
    listed = select(Contact.person_id.label("person_id")).where(
        accounts_open_to(user, "read", Contact.account_id)
    )
    return select(union(held, listed).subquery().c.person_id)


def _reach(user: User, verb: Verb) -> Reach:
    return TABLE[user.role][verb] if user.is_active else Reach.NONE
