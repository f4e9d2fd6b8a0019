"""Which account on file a name in a list means."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Row, select

from relmap.errors import Refused
from relmap.models import Account, db
from relmap.names.matching import account_core, account_key

__all__ = ["AccountNames"]


class AccountNames:
    """The accounts on file by their names."""

    def __init__(self) -> None:
        columns = (Account.id, Account.name, Account.revision)
        self._rows = db.session.execute(select(*columns).order_by(Account.id)).all()

    def find(self, name: str) -> Row[int, str, int] | None:
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

    def alike(self, name: str, besides: Iterable[str] = ()) -> list[str]:
        """Whose names, on file or of ``besides``, differ from a new one by no more than forms."""
        names = [*(row.name for row in self._rows), *besides]
        return [
            other
            for other in dict.fromkeys(names)
            if other != name and account_core(other) == account_core(name)
        ]
