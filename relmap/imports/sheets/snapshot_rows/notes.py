"""What is to be said of a snapshot's rows: some of it once, some of all rows together."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from relmap.contracts import Message
from relmap.contracts.message import N_
from relmap.imports.sheets.cells import is_no_id, is_rounded
from relmap.imports.sheets.leaving import HAS_LEFT, NOT_BEGUN, Leaving
from relmap.imports.sheets.records import SheetRecord

__all__ = [
    "ASIDE",
    "COUNT_IN_TITLE",
    "HIRED_LATER",
    "NO_NAME",
    "SEVERAL",
    "Notes",
    "note_leaving",
    "note_no_ids",
]

ROUNDED: Final = N_(
    "Row {row}: {heading} reads {cell}: a spreadsheet rounded the number, and it was left out. "
    "Give the column the format text, and fill it in again."
)
SEVERAL: Final = N_(
    "Two or more people stand in one cell. Each was taken as a holder, and what stands once for "
    "all of them (ids, telephone) was left out: row {rows}."
)
ASIDE: Final = N_(
    "What stands behind a name and is no part of it was left out: {people} (row {rows})."
)
COUNT_IN_TITLE: Final = N_("How many hold a post is no part of its title: row {rows}.")
NO_NAME: Final = N_("A number stands where a name should, and nobody was taken: row {rows}.")
HIRED_LATER: Final = N_("Who is hired later begins on that day: {people} (row {rows}).")
REMARKS: Final = N_("{heading} was read for who has left or is to leave, and for nothing else.")
OUT: Final = {"left": HAS_LEFT, "coming": NOT_BEGUN}

NO_ID: Final = N_("Row {row}: {heading} reads {cell}, which is nobody's id; it was left out.")


class Notes:
    """What is to be said of a file: some of it once, some of it of all rows together."""

    def __init__(self) -> None:
        self._once: dict[tuple[str, ...], Message] = {}
        self._rows: defaultdict[str, dict[int, list[str]]] = defaultdict(dict)

    def once(self, message: Message, *about: str) -> None:
        """Say it, unless the same was said about the same before."""
        self._once.setdefault((message.id, *about), message)

    def of_row(self, text: str, row: int, *people: str) -> None:
        """Say it of this row as well; the text asks for ``{rows}``, and for ``{people}`` if any."""
        self._rows[text].setdefault(row, []).extend(people)

    def told(self) -> tuple[Message, ...]:
        """All of it, what is said of rows first."""
        together = []
        for text, rows in self._rows.items():
            people = [name for names in rows.values() for name in names]
            values = {"rows": list(rows)} | ({"people": people} if people else {})
            together.append(Message(text, values))
        return (*together, *self._once.values())


def note_leaving(notes: Notes, leaving: Leaving, line: SheetRecord, name: str) -> None:
    """Say what a status, a leave date, a remark or a mark was taken for."""
    if line.has("remark"):
        heading = line.heading("remark")
        notes.once(Message(REMARKS, {"heading": heading}), heading)
    if leaving.note is not None:
        notes.once(leaving.note, leaving.note.values["status"])
    if leaving.standing in OUT:
        notes.of_row(OUT[leaving.standing], line.row, name)


def note_no_ids(line: SheetRecord, notes: Notes) -> None:
    """Say which ids and numbers of a record were left out, for they are none."""
    for field in ("external_id", "staff_number", "unit_id", "reports_to_id", "phone", "mobile"):
        if not line.has(field):
            continue
        cell = line.raw(field).strip()
        if is_rounded(cell):
            told = {"row": line.row, "heading": line.heading(field), "cell": cell}
            notes.once(Message(ROUNDED, told), f"{line.row}", field)
        elif field in ("external_id", "staff_number") and is_no_id(cell):
            told = {"row": line.row, "heading": line.heading(field), "cell": cell}
            notes.once(Message(NO_ID, told), f"{line.row}", field)
