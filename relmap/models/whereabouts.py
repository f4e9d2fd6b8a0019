"""Whose a fact about a person is: that of the account where they were on its day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, not_, or_, select, union_all

from relmap.models.accounts import Post, Unit
from relmap.models.people import Contact, Tenure

__all__ = ["is_of_accounts"]


def is_of_accounts(
    person: Any, on: Any, is_one: Callable[[Any], ColumnElement[bool]], *, by: Any = None
) -> ColumnElement[bool]:
    """SQL condition: what was so of ``person`` on the day ``on`` is a fact of these accounts.

    ``is_one`` is the condition that a column of account ids holds one of them. The person was there
    on the day, or was nowhere and had been there last, or first came there afterwards: whatever
    they did at another account is that account's. Who never was at any account is everybody's.
    With ``by``, what began elsewhere after both days does not count.
    """
    here, elsewhere = _spans("here"), _spans("elsewhere")
    was_here = and_(
        here.c.person_id == person,
        is_one(here.c.account_id),
        or_(
            and_(elsewhere.c.starts_on > on, here.c.starts_on <= elsewhere.c.starts_on),
            and_(
                here.c.starts_on <= on,
                or_(
                    here.c.ends_on.is_(None),
                    here.c.ends_on > on,
                    here.c.ends_on >= elsewhere.c.ends_on,
                ),
            ),
        ),
    )
    was_elsewhere = [elsewhere.c.person_id == person, not_(is_one(elsewhere.c.account_id))]
    if by is not None:
        was_elsewhere.append(or_(elsewhere.c.starts_on <= by, elsewhere.c.starts_on <= on))
    not_here = ~select(1).where(was_here).correlate_except(here).exists()
    return ~select(1).where(*was_elsewhere, not_here).correlate_except(elsewhere).exists()


def _spans(name: str) -> Subquery:
    """When each person was at which account, in a post or as a contact."""
    held = (
        select(Tenure.person_id, Unit.account_id, Tenure.starts_on, Tenure.ends_on)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Tenure.came())
    )
    listed = select(Contact.person_id, Contact.account_id, Contact.starts_on, Contact.ends_on)
    return union_all(held, listed).subquery(name)
