"""Writes the book of :mod:`bench.load` into an empty database, by the relmap that runs it.

A file of its own: another checkout's relmap is given another checkout's book by it.
"""

import json
import sys
from datetime import date

from bench._book import fill
from relmap import jobs
from relmap.app import create_app
from relmap.facts.users import add_user, grant
from relmap.hub.engine import InProcess
from relmap.models import Account, Person, db, writing
from relmap.models.schema import upgrade


def main(document: str) -> None:
    """``document``: the accounts with their people and touches, the users with their roles."""
    wanted = json.loads(document)
    with create_app().app_context():
        upgrade()
        for count, people, touches in wanted["accounts"]:
            fill(count, people=people, touches=touches, with_past=True)
        with writing():
            _let_in(wanted["users"], wanted["password"])
        jobs.sweep(date.today(), runner=InProcess())  # relmap.clock came later
        db.session.remove()
        db.engine.dispose()


def _let_in(roles: dict[str, str], password: str) -> None:
    """The users; each account's owner is one of us, each member has every second account."""
    accounts = db.session.scalars(db.select(Account).order_by(Account.id)).all()
    ours = db.session.scalars(db.select(Person.id).where(Person.side == "us")).all()
    for account in accounts:
        account.owner_id = ours[account.id % len(ours)]
    for number, (name, role) in enumerate(roles.items()):
        user = add_user(name, role=role, password=password)
        db.session.flush()
        if role == "member":
            for account in accounts[number % 2 :: 2]:
                grant(user, account, "write" if account.id % 3 else "read")


if __name__ == "__main__":
    main(sys.argv[1])
