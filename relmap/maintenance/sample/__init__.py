"""The sample book: ten invented customers to look around in.

Six years of who sat where, three of what we had to do with them; some rotate by a policy. It is
drafted without a database (``drafting``), stored in bulk (``storing``) and taken away whole
(``removing``). Facts of the book are as good as any others: they can be corrected, scored, erased.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from relmap.errors import Refused
from relmap.facts.audit import record
from relmap.maintenance.sample.drafting import draft_book
from relmap.maintenance.sample.lists import import_list
from relmap.maintenance.sample.removal import count_added_to_sample_book, remove_sample_book
from relmap.maintenance.sample.storing import store_draft
from relmap.models import Account, Person, db

__all__ = [
    "SEED",
    "book_is_empty",
    "count_added_to_sample_book",
    "make_sample_book",
    "remove_sample_book",
]

SEED = 2026


def book_is_empty() -> bool:
    """Whether there is no account yet and nobody of a client's side."""
    return not (
        db.session.scalar(select(Account.id).limit(1))
        or db.session.scalar(select(Person.id).where(Person.side == "client").limit(1))
    )


def make_sample_book(today: date, *, seed: int = SEED) -> int:
    """Write the sample book as of ``today`` and say how many accounts it has.

    Equal days and seeds give equal books. Refused where one is there already or a real account
    bears one of its names. Does not commit.
    """
    draft = draft_book(today, seed)
    _refuse_twice({row["name"] for row in draft.rows(Account)})
    accounts = store_draft(draft)
    for drafted in draft.lists:
        import_list(drafted, draft)
    for account in db.session.scalars(select(Account).where(Account.id.in_(accounts.values()))):
        record("make_sample", account, after={"is_sample": True}, account_id=account.id)
    return len(accounts)


def _refuse_twice(names: set[str]) -> None:
    taken = db.session.scalars(select(Account).where(Account.name.in_(names))).all()
    if any(account.is_sample for account in taken):
        raise Refused("The sample book is there already. `relmap sample --remove` takes it away.")
    if taken:
        raise Refused(
            f"An account of the sample book is called {taken[0].name}, like one of yours."
        )
