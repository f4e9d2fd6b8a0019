"""The people that a list of ties or touches names: found, or made where that is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Protocol

from sqlalchemy import select

from relmap.contracts.words import ExternalIdKind, Side
from relmap.errors import Refused
from relmap.imports.accounts import AccountNames
from relmap.imports.history.draft import Additions, revisions_of
from relmap.imports.identity.people_of_one_name import tell_apart
from relmap.imports.identity.roster import Known, load_roster, person_to_make, scoped
from relmap.models import Account, db
from relmap.names.honorifics import bare_name

__all__ = ["Parties", "accounts_named", "accounts_on_file", "find_accounts"]


class NamesAccount(Protocol):
    """A row of a list of ties or of touches."""

    @property
    def row(self) -> int:
        """Its line in the file."""

    @property
    def account(self) -> str | None:
        """The account it names."""


def accounts_named(rows: Iterable[NamesAccount]) -> dict[str, int]:
    """The accounts that rows name, each with the first row that does."""
    names: dict[str, int] = {}
    for row in rows:
        if row.account is not None:
            names.setdefault(row.account, row.row)
    return names


def find_accounts(names: dict[str, int]) -> dict[str, tuple[int, str]]:
    """Accounts by case-folded name: id and name; ``names`` are those asked for, with their row."""
    on_file = AccountNames(names)
    found = {name.casefold(): on_file.find(name) for name in names}
    return {name: (row.id, row.name) for name, row in found.items() if row}


def accounts_on_file(names: dict[str, int]) -> dict[str, tuple[int, str]]:
    """As :func:`find_accounts`; ``Refused`` where the book has no account of a name."""
    found = find_accounts(names)
    for name, row in names.items():
        if name.casefold() not in found:
            raise Refused(
                "Row {row}: there is no account {name}.{near} Correct the name, or open it "
                "first: relmap account add {name!r}.",
                row=row,
                column="account",
                name=name,
                near=AccountNames().did_you_mean(name),
            )
    return found


class Parties:
    """Finds people for rows; those it makes are in the draft at the end."""

    def __init__(self, draft: Additions, accounts: dict[str, int], *, create_people: bool) -> None:
        """``accounts`` are the names that the file gives, each with the first row that does."""
        self._draft = draft
        self._create_people = create_people
        self._accounts = accounts_on_file(accounts)
        ids = {account_id for account_id, _ in self._accounts.values()}
        draft.revisions = revisions_of(ids or set(db.session.scalars(select(Account.id))))
        self.roster = load_roster(ids or None)
        self._since: dict[tuple[int, int], date] = {}
        """When people made here are first met, by person and account."""

    def ours(self, name: str) -> Known:
        """One of us; somebody nobody knows yet is made."""
        own = self.roster.by_own_id(name)
        found = [own] if own and own.side == "us" else self.roster.named(name, "us")
        if len(found) > 1:
            raise Refused(
                "Several of us are called {name}: {people}. Write one of these ids in place "
                "of the name.",
                name=name,
                people=tell_apart(found),
            )
        if found:
            return found[0]
        return self._make(name, "us")

    def _make(self, name: str, side: Side) -> Known:
        person = Known(id=self._draft.new_id("person"), name=bare_name(name), side=side)
        self.roster.add(person)
        address = None if person.name == name else name
        self._draft.made.append(person_to_make(person, address_as=address))
        self._draft.count("people_added")
        return person

    def theirs(
        self,
        name: str,
        *,
        account: str | None,
        row: int,
        column: str,
        day: date,
        given_id: tuple[ExternalIdKind, str] | None = None,
    ) -> Known:
        """One of them; ``Refused`` if nobody or several are meant, unless people may be made."""
        account_id, account_name = self._account(account)
        found = self.roster.of_theirs(name, account_id=account_id, given_id=given_id)
        if len(found) == 1:
            return self._known(found[0], name, account_id, row=row, column=column, day=day)
        if found or not self._create_people:
            raise _refused(found, name, account=account_name, row=row, column=column)
        if account_id is None:
            raise Refused(
                "Row {row}: nobody is called {name}, and a new person needs an account. Add a "
                "column account, or --account.",
                row=row,
                column=column,
                name=name,
            )
        person = self._make(name, "client")
        person.account_ids.add(account_id)
        person.open_account_ids.add(account_id)
        if given_id is not None:
            self._give_id(person, given_id, account_id)
        self._meet(person, account_id, day)
        return person

    def _known(
        self, found: Known, name: str, account_id: int | None, *, row: int, column: str, day: date
    ) -> Known:
        """One who was found, if on their side; somebody made here is met at the account too."""
        if found.side == "us":
            raise Refused(
                "Row {row}: {name} is one of us, not of them.", row=row, column=column, name=name
            )
        if found.id < 0 and account_id is not None:
            self._meet(found, account_id, day)
        return found

    def _account(self, name: str | None) -> tuple[int | None, str]:
        if name is None:
            return None, ""
        return self._accounts[name.casefold()]

    def _give_id(self, person: Known, given: tuple[ExternalIdKind, str], account_id: int) -> None:
        kind, written = given
        key = scoped(kind, written, account_id)
        self.roster.add_id(person, key, written)
        self._draft.make(
            "external_id",
            person_id=person.id,
            kind=kind,
            value=key[1],
            written=written,
            scope_id=key[2],
        )

    def _meet(self, person: Known, account_id: int, day: date) -> None:
        since = self._since.get((person.id, account_id), day)
        self._since[person.id, account_id] = min(since, day)

    def finish(self) -> None:
        """Make the contacts of the people that were made."""
        for (person_id, account_id), day in self._since.items():
            self._draft.make("contact", person_id=person_id, account_id=account_id, starts_on=day)


def _refused(found: Sequence[Known], name: str, *, account: str, row: int, column: str) -> Refused:
    """The refusal of a name that means nobody, or several."""
    place: dict[str, Any] = {"row": row, "column": column, "name": name}
    if found and account:
        return Refused(
            "Row {row}: several people at {account} are called {name}: {people}. Write one of "
            "these ids in place of the name, or give an external_id.",
            account=account,
            people=tell_apart(found),
            **place,
        )
    if found:
        return Refused(
            "Row {row}: several people are called {name}: {people}. Write one of these ids in "
            "place of the name, or give an external_id.",
            people=tell_apart(found),
            **place,
        )
    if account:
        return Refused(
            "Row {row}: nobody at {account} is called {name}. Correct the name, import a snapshot "
            "that lists this person first, or add --create-people.",
            account=account,
            **place,
        )
    return Refused(
        "Row {row}: nobody is called {name}. Correct the name, import a snapshot that lists this "
        "person first, or add --create-people.",
        **place,
    )
