"""The sample book before it is stored: plain rows whose ids are their places in the draft.

Nothing here knows a database, so that the same seed and day give equal drafts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from relmap.models import (
    Account,
    Change,
    ContactPoint,
    ExternalId,
    Model,
    Person,
    Post,
    Project,
    Tenure,
    Unit,
)

__all__ = ["Draft", "moment"]


def moment(day: date, *, hour: int = 8) -> datetime:
    """A moment in working hours of a day, in UTC: when something of that day was written down."""
    return datetime.combine(day, time(hour), UTC)


class Draft:
    """Rows by table. A row's id is its place in its table, from 1; foreign keys are such ids."""

    def __init__(self, today: date, random: Random) -> None:
        self.day = today
        self.random = random
        self.names: set[str] = set()
        self.lists: list[Any] = []  # to be imported once the rows are stored
        self.bonds: set[tuple[int, int]] = set()  # pairs of ours and theirs with a standing tie
        self._mails: set[str] = set()
        self._rows: defaultdict[type[Model], list[dict[str, Any]]] = defaultdict(list)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Draft) and ((self._rows, self.lists) == (other._rows, other.lists))

    __hash__ = None  # type: ignore[assignment]  # it changes while it is drafted

    def add(self, model: type[Model], recorded_on: date | None = None, **columns: Any) -> int:
        """Draft a row and give its id; facts are recorded on a day, never in the future."""
        if recorded_on is not None:
            columns["recorded_at"] = moment(min(recorded_on, self.day))
        self._rows[model].append(columns)
        return len(self._rows[model])

    def row(self, model: type[Model], row_id: int) -> dict[str, Any]:
        """The row of an id, to be changed in place."""
        return self._rows[model][row_id - 1]

    def rows(self, model: type[Model]) -> list[dict[str, Any]]:
        """All rows of a table."""
        return self._rows[model]

    def numbered(self, model: type[Model]) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows of a table with their ids."""
        return enumerate(self._rows[model], start=1)

    def past(self, low: int, high: int) -> date:
        """A day between ``low`` and ``high`` days ago."""
        return self.day - timedelta(days=self.random.randint(low, high))

    def add_mail(self, person: int, mailbox: str, domain: str, day: date) -> None:
        """A mail address, as an id and as a way to reach the person."""
        address = self.free_mail(mailbox, domain)
        self.add(
            ExternalId,
            day,
            person_id=person,
            kind="mail",
            value=address,
            written=address,
            scope_id=0,
        )
        self.add(ContactPoint, day, person_id=person, kind="mail", value=address, note=None)

    def free_mail(self, mailbox: str, domain: str) -> str:
        """An address that nobody has; where it is taken, with a number."""
        address, number = f"{mailbox}@{domain}", 2
        while address in self._mails:
            address, number = f"{mailbox}{number}@{domain}", number + 1
        self._mails.add(address)
        return address

    def changed(
        self,
        verb: str,
        model: type[Unit | Post | Project],
        row_id: int,
        account: int,
        day: date,
        values: Mapping[str, Any],
    ) -> None:
        """The world changed on ``day``: earlier days keep the old values, by the audit log."""
        row = self.row(model, row_id)
        before = {key: row[key] for key in values}
        row.update(values)
        self.add(
            Change,
            at=moment(day),
            verb=verb,
            kind=model.__tablename__,
            fact_id=row_id,
            account_id=account,
            effective_on=day,
            before=_plain(before),
            after=_plain(values),
        )

    def workplaces(self) -> dict[int, set[int]]:
        """The accounts where each person holds or held a post."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        for row in self.rows(Tenure):
            unit = self.row(Post, row["post_id"])["unit_id"]
            found[row["person_id"]].add(self.row(Unit, unit)["account_id"])
        return found

    def __repr__(self) -> str:
        counts = {model.__tablename__: len(rows) for model, rows in self._rows.items()}
        return f"<Draft {counts} of {len(self.rows(Account))} accounts, {len(self.rows(Person))}>"


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in values.items()
    }
