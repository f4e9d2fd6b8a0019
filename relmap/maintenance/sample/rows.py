"""The files of the sample book that no importer reads become rows, many at once.

A column is headed by the table's column; one that points at another row by that column without its
``_id``, and holds a name. Units, posts and projects are told by their account and name.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import JSON, Column, Table, select

from relmap.imports.insertion import make_rows
from relmap.imports.plan import Made
from relmap.maintenance.sample.days import moment, move, move_month
from relmap.models import Account, Model, Project, db
from relmap.names.search import search_text

__all__ = ["BOOK", "Book", "Row", "read_rows"]

BOOK: Final = files(__package__) / "book"
TABLES: Final = {  # by file; what is pointed at comes first
    "people": "person",
    "accounts": "account",
    "external_ids": "external_id",
    "contact_points": "contact_point",
    "units": "unit",
    "posts": "post",
    "tenures": "tenure",
    "contacts": "contact",
    "ties": "tie",
    "claims": "claim",
    "next_steps": "next_step",
}
NAMES: Final = {"person": "name", "account": "name", "unit": "name", "post": "title"}
WITHIN_ACCOUNT: Final = ("unit", "post", "project")

Row = dict[str, str]
Key = tuple[str, ...]


def read_rows(file: str) -> Iterator[Row]:
    """The records of one of the book's files, by its headings, with the days of the file."""
    text = (BOOK / f"{file}.csv").read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


class Book:
    """The rows of the files as of a day, and which ids they have once they are stored."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._ids: dict[Key, int] = {}

    def ids_of(self, kind: str) -> list[int]:
        """The ids of a table's stored rows."""
        return [number for key, number in self._ids.items() if key[0] == kind]

    def id(self, kind: str, name: str, account: str = "") -> int:
        """The id of the row of this name; below zero while it is being stored."""
        return self._ids[_key(kind, name, account)]

    def store_all(self) -> None:
        """Store the files whose rows hang on nothing that an importer makes."""
        for file, kind in TABLES.items():
            self._store(file, kind)

    def store_changes(self) -> None:
        """Store the lines of the audit log that tell what stood there before."""
        query = select(Project.name, Account.name, Project.id).join(Account)
        for name, account, number in db.session.execute(query.where(Account.is_sample)):
            self._ids[_key("project", name, account)] = number
        self._store("changes", "change")

    def _store(self, file: str, kind: str) -> None:
        rows = list(read_rows(file))
        keys = {}
        if kind in NAMES:
            keys = {
                _key(kind, row[NAMES[kind]], row.get("account", "")): -number
                for number, row in enumerate(rows, start=1)
            }
        self._ids |= keys
        table = Model.metadata.tables[kind]
        real = make_rows(
            [
                Made(kind, -number, self._columns(table, row))
                for number, row in enumerate(rows, start=1)
            ],
            import_id=None,
        )
        self._ids |= {key: real[kind, number] for key, number in keys.items()}

    def _columns(self, table: Table, row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for heading, cell in row.items():
            if not cell:
                continue
            if heading.endswith("_after"):
                found[heading] = self._look_before(cell, row[heading.replace("after", "on")])
            elif heading in table.c:
                found[heading] = self._value(table.c[heading], cell)
            elif f"{heading}_id" in table.c:
                column = table.c[f"{heading}_id"]
                found[column.name] = self.id(_target(column, row), cell, row.get("account", ""))
            elif (known := f"{heading.removesuffix('_on')}_at") in table.c:
                found[known] = moment(move(date.fromisoformat(cell), self.today))
        return {**found, **_derived(table.name, found)}

    def _look_before(self, after: str, on: str) -> date:
        """The last look before a day, as many days before it as in the file: 1 is to the day."""
        seen_on = date.fromisoformat(on)
        return move(seen_on, self.today) - (seen_on - date.fromisoformat(after))

    def _value(self, column: Column[Any], cell: str) -> Any:
        kind = column.type.python_type
        if kind is date:
            return move(date.fromisoformat(cell), self.today)
        if isinstance(column.type, JSON):
            return {key: self._plain(value) for key, value in json.loads(cell).items()}
        if kind is bool:
            return cell == "yes"
        if column.name == "review_month":
            return move_month(int(cell), self.today)
        return kind(cell)

    def _plain(self, value: Any) -> Any:
        """A value of the audit log; days lie there as text."""
        try:
            return move(date.fromisoformat(value), self.today).isoformat()
        except (TypeError, ValueError):
            return value


def _key(kind: str, name: str, account: str) -> Key:
    return (kind, account, name) if kind in WITHIN_ACCOUNT else (kind, name)


def _target(column: Column[Any], row: Row) -> str:
    """The table that a column points at; some do without a foreign key."""
    if column.name == "fact_id":
        return row["kind"]
    return next((key.column.table.name for key in column.foreign_keys), "account")


def _derived(kind: str, columns: dict[str, Any]) -> dict[str, Any]:
    """What follows from the columns of the file."""
    match kind:
        case "person" | "account":
            forms = ("name", "latin_name", "nickname", "address_as")
            text = search_text([columns.get(form) for form in forms])
            return {"is_sample": True, "search_text": text}
        case "post":
            return {"function_is_given": True, "level_is_given": True}
        case "external_id":
            return {"value": columns["written"].casefold()}
        case "change":
            return {"at": moment(columns["effective_on"])}
    return {}
