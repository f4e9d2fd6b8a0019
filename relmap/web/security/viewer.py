"""Who is looking, and what they may see: what every page asks first.

account = account_or_404(account_id)             # a stranger sees what is not there
account = account_or_404(account_id, "write")    # who may only read is told so
with writing_as_viewer():                        # one unit of work, in the viewer's name
    end_tenure(...)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from flask import abort
from flask_login import UserMixin, current_user
from sqlalchemy import select

from relmap.facts.audit import acting_as
from relmap.models import Account, Person, User, db, writing
from relmap.permissions import Verb, accounts_open_to, can, people_visible_to

__all__ = [
    "LoggedIn",
    "account_or_404",
    "current_viewer",
    "person_or_404",
    "require",
    "writing_as_viewer",
]


class LoggedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What Flask-Login holds for a user; its id is the user's with the stamp of the session."""

    def __init__(self, user: User) -> None:
        self.user = user

    def get_id(self) -> str:
        """The user and the stamp, which another password changes."""
        return f"{self.user.id}.{self.user.session_stamp}"

    def __getattr__(self, name: str) -> Any:
        """Everything else is asked of the user: name, role, ..."""
        if name == "user":  # not there yet: do not ask for it again
            raise AttributeError(name)
        return getattr(self.user, name)


def current_viewer() -> User:
    """The user who is logged in; ends the request with 401 where nobody is."""
    if not current_user.is_authenticated:
        abort(401)
    return cast(LoggedIn, current_user).user


def account_or_404(name_or_id: str | int, verb: Verb = "read") -> Account:
    """The account of that id (``int``) or name (``str``), if the viewer may do this to it.

    Ends the request with 404 for a stranger to the account, as if it were not there, and with 403
    for somebody who may read but not do this.
    """
    viewer = current_viewer()
    named = Account.id == name_or_id if isinstance(name_or_id, int) else Account.name == name_or_id
    account = db.session.scalar(select(Account).where(named, accounts_open_to(viewer, "read")))
    if account is None:
        abort(404)
    if verb != "read" and not can(viewer, verb, account):
        abort(403)
    return account


def person_or_404(person_id: int) -> Person:
    """The person of that id, if the viewer may see something of them; else 404."""
    query = select(Person).where(Person.id == person_id, people_visible_to(current_viewer()))
    person = db.session.scalar(query)
    if person is None:
        abort(404)
    return person


def require(verb: Verb) -> User:
    """The viewer, if they may do this to relmap itself; else ends the request with 403."""
    viewer = current_viewer()
    if not can(viewer, verb):
        abort(403)
    return viewer


@contextmanager
def writing_as_viewer() -> Iterator[User]:
    """One unit of work in the viewer's name: commits at the end, rolls back on any exception."""
    viewer = current_viewer()
    with acting_as(viewer.id), writing():
        yield viewer
