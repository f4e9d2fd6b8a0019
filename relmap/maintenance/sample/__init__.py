"""The sample book: ten invented customers to look around in.

Six years of who sat where, three of what we had to do with them; some rotate by a policy. It lies
in ``book/`` as files of one day, which are stored with their days moved to the day on which they
are loaded (``days``, ``rows``, ``imports``) and taken away whole (``removal``). Facts of the book
are as good as any others: they can be corrected, scored, erased.

No such company exists: the names were made up for this book, and mail addresses end in
``.example``, which nobody can register.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from relmap.errors import Refused
from relmap.facts.audit import record
from relmap.facts.locks import lock_accounts, raise_revision
from relmap.maintenance.sample.days import move
from relmap.maintenance.sample.imports import import_lists, import_projects, import_touches
from relmap.maintenance.sample.removal import count_added_to_sample_book, remove_sample_book
from relmap.maintenance.sample.rows import Book, read_rows
from relmap.models import Account, Person, db

__all__ = [
    "book_is_empty",
    "count_added_to_sample_book",
    "make_sample_book",
    "move",
    "read_rows",
    "remove_sample_book",
]


def book_is_empty() -> bool:
    """Whether there is no account yet and nobody of a client's side."""
    return not (
        db.session.scalar(select(Account.id).limit(1))
        or db.session.scalar(select(Person.id).where(Person.side == "client").limit(1))
    )


def make_sample_book(today: date) -> int:
    """Write the sample book as of ``today`` and say how many accounts it has.

    Refused where one is there already or a real account bears one of its names. Does not commit.
    """
    _refuse_twice({row["name"] for row in read_rows("accounts")})
    book = Book(today)
    book.store_all()
    import_touches(book)
    import_projects(book)
    book.store_changes()
    lock_accounts(book.ids_of("account"))
    raise_revision(book.ids_of("account"))
    import_lists(today)
    for account in db.session.scalars(select(Account).where(Account.is_sample)):
        record("make_sample", account, after={"is_sample": True}, account_id=account.id)
    return len(book.ids_of("account"))


def _refuse_twice(names: set[str]) -> None:
    taken = db.session.scalars(select(Account).where(Account.name.in_(names))).all()
    if any(account.is_sample for account in taken):
        raise Refused("The sample book is there already. `relmap sample --remove` takes it away.")
    if taken:
        raise Refused(
            "An account of the sample book is called {name}, like one of yours.", name=taken[0].name
        )
