"""Which account on file a name in a list means."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Row, select

from relmap.contracts import Message
from relmap.errors import Refused
from relmap.models import Account, db
from relmap.names.accounts import nearly_one
from relmap.names.matching import account_key
from relmap.names.search import did_you_mean

__all__ = ["AccountNames"]


class AccountNames:
    """The accounts on file by their names."""

    def __init__(self) -> None:
        columns = (Account.id, Account.name, Account.revision, Account.latin_name)
        self._rows = db.session.execute(select(*columns).order_by(Account.id)).all()

    def find(self, name: str) -> Row[int, str, int, str | None] | None:
        """The account written so, else the one of that key; ``Refused`` where several have it."""
        found = [row for row in self._rows if account_key(row.name) == account_key(name)]
        found = [row for row in found if row.name == name] or found
        if len(found) > 1:
            raise Refused(
                "{name} may be {count} accounts: {named}. Write the name as one of them has it.",
                name=name,
                count=len(found),
                named=[row.name for row in found],
            )
        return found[0] if found else None

    def did_you_mean(self, name: str) -> Message | str:
        """`` Did you mean ...?`` with the accounts on file that are called nearly so."""
        return did_you_mean(name, ((row.name, row.latin_name) for row in self._rows))

    def alike(self, name: str, besides: Iterable[str] = ()) -> list[str]:
        """The accounts, on file or of ``besides``, that a new name may be a spelling of."""
        on_file = {row.name: row.latin_name for row in self._rows}
        return nearly_one(name, dict.fromkeys(besides) | on_file)
