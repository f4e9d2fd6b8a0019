"""Which account on file a name in a list means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from sqlalchemy import Row, select

from relmap.contracts import Message
from relmap.errors import Refused
from relmap.models import Account, db
from relmap.models.chunks import chunked
from relmap.names.accounts import nearly_one
from relmap.names.matching import account_key
from relmap.names.search import did_you_mean

__all__ = ["AccountNames"]

AccountRow = Row[int, str, int, str | None]
ROWS: Final = select(Account.id, Account.name, Account.revision, Account.latin_name).order_by(
    Account.id
)


class AccountNames:
    """The accounts on file by their names.

    Of a book of thousands only those are read that are written as one of the ``names``, until some
    other name is asked for.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._written: dict[str, AccountRow] = {
            row.name: row
            for some in chunked(set(names))
            for row in db.session.execute(ROWS.where(Account.name.in_(some)))
        }

    @cached_property
    def _rows(self) -> Sequence[AccountRow]:
        return db.session.execute(ROWS).all()

    @cached_property
    def _by_key(self) -> Mapping[str, Sequence[AccountRow]]:
        found: defaultdict[str, list[AccountRow]] = defaultdict(list)
        for row in self._rows:
            found[account_key(row.name)].append(row)
        return found

    def find(self, name: str) -> AccountRow | None:
        """The account written so, else the one of that key; ``Refused`` where several have it."""
        if name in self._written:
            return self._written[name]
        found = self._by_key.get(account_key(name), ())
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
