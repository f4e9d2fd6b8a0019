"""How a file would be read: what from where, what is guessed, what is left out. No database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from relmap.contracts import N_, Message
from relmap.errors import Refused
from relmap.imports.plan import unread
from relmap.imports.sheets.columns import Columns, find_columns
from relmap.imports.sheets.files import read_table
from relmap.imports.sheets.headings import vocabulary
from relmap.imports.sheets.project_rows import read_projects
from relmap.imports.sheets.records import Sheet
from relmap.imports.sheets.row_places import as_seen, naming_sheets
from relmap.imports.sheets.snapshot_rows.reading import read_snapshot
from relmap.imports.sheets.table import Reading, Remark, Table
from relmap.imports.sheets.tenure_rows import read_tenures
from relmap.imports.sheets.tie_rows import read_ties
from relmap.imports.sheets.touch_rows import read_touches
from relmap.languages import _, tell

__all__ = ["KINDS_OF_LISTS", "FileCheck", "check_file"]

KINDS_OF_LISTS: Final = ("snapshot", "tenures", "ties", "touches", "projects")
NO_ACCOUNT: Final = "?"
"""Stands for the account that an import of the file will be told."""


@dataclass(frozen=True)
class FileCheck:
    """What would be read of a file; ``to_json`` has the shape of docs/schemas."""

    kind: str
    table: Table
    columns: Columns | None
    """``None`` where it is not sure which column is which; ``problem`` says why."""
    row_count: int
    notes: tuple[Message, ...]
    questions: tuple[Message, ...]
    problem: Refused | None

    def to_json(self) -> dict[str, Any]:
        """One JSON document."""
        return {
            "file": self.table.name,
            "kind": self.kind,
            "readable": self.problem is None,
            "problem": _problem(self.problem),
            "sheets": [
                {
                    "sheet": part.sheet,
                    "header_row": part.header_row,
                    "records": part.record_count,
                    "counted_from": part.first,
                }
                for part in self.table.parts
            ],
            "rows": self.row_count,
            "columns": [
                {"heading": heading, "field": field, "certain": field in self._certain}
                for heading, field in self._fields()
            ],
            "guessed": [_remark(one) for one in self.table.remarks if one.kind == "guess"],
            "left_out": [_remark(one) for one in self.table.remarks if one.kind == "left_out"],
            "questions": [tell(question) for question in self.questions],
            "notes": [tell(note) for note in self.notes],
        }

    @property
    def _certain(self) -> frozenset[str]:
        return self.columns.certain if self.columns else frozenset()

    def _fields(self) -> list[tuple[str, str | None]]:
        """The headings in their order, each with the field that is read from it."""
        found = self.columns.places if self.columns else {}
        fields = {place: field for field, place in found.items()}
        return [(heading, fields.get(place)) for place, heading in enumerate(self.table.header)]

    def to_text(self) -> str:
        """A page for a terminal."""
        lines = []
        for part in self.table.parts:
            where = {"row": part.header_row, "number": part.record_count}
            if part.sheet is None:
                lines.append(
                    _("Row {row} names the columns; rows read below it: {number}.", **where)
                )
            else:
                text = N_(
                    "Sheet {sheet}: row {row} names the columns; rows read below it: {number}."
                )
                lines.append(_(text, sheet=part.sheet, **where))
        lines += [f"  {heading} -> {field}" for heading, field in self._fields() if field]
        told = [*(one.message for one in self.table.remarks), *self.notes]
        lines += [f"  {_('Note: {text}', text=message)}" for message in told]
        lines += [tell(question) for question in self.questions]
        if self.problem is None:
            lines.append(_("{file} can be imported (rows: {number}).", **self._counted))
        return "\n".join(lines)

    @property
    def _counted(self) -> dict[str, Any]:
        return {"file": self.table.name, "number": self.row_count}


def check_file(
    data: bytes,
    *,
    file_name: str,
    kind: str,
    on: date,
    account: str | None = None,
    column_map: Mapping[str, str] | None = None,
    reading: Reading,
    cap: int,
) -> FileCheck:
    """Read a file as an import of its kind would, and write nothing.

    ``Refused`` where no table is found in it; a row that cannot be right is the check's problem.
    """
    mapping = column_map or {}
    table = read_table(
        data, name=file_name, kind=kind, mapping=mapping, reading=reading, max_bytes=cap
    )
    notes: list[Message] = []
    columns = None
    try:
        with naming_sheets(table):
            columns = find_columns(table, vocabulary(kind), mapping=mapping)
            if not account and "account" not in columns:
                account = NO_ACCOUNT
                notes.append(Message("No column names the account: --account will have to."))
            sheet = _reader(kind, on)(table, account=account, mapping=mapping)
    except Refused as problem:
        return FileCheck(kind, table, columns, 0, tuple(notes), table.questions, problem)
    if sheet.unused:
        notes.append(unread(sheet.unused).message)
    notes += [as_seen(note, table.parts) for note in sheet.notes]
    questions = (*table.questions, *sheet.questions)
    return FileCheck(kind, table, sheet.columns, len(sheet.rows), tuple(notes), questions, None)


def _reader(kind: str, on: date) -> Callable[..., Sheet[Any]]:
    readers: dict[str, Callable[..., Sheet[Any]]] = {
        "snapshot": partial(read_snapshot, on=on),
        "tenures": read_tenures,
        "ties": partial(read_ties, on=on),
        "touches": read_touches,
        "projects": read_projects,
    }
    return readers[kind]


def _remark(remark: Remark) -> dict[str, Any]:
    return {"sheet": remark.sheet, "rows": list(remark.rows), "text": tell(remark.message)}


def _problem(problem: Refused | None) -> dict[str, Any] | None:
    if problem is None:
        return None
    return {"text": tell(problem), "row": problem.row, "column": problem.column}
