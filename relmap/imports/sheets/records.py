"""One record of a table, asked field by field; what it cannot mean is refused at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, NoReturn, TypeVar

from relmap.errors import Refused
from relmap.imports.sheets.cells import DayRange, read_day, read_flag
from relmap.imports.sheets.columns import Columns
from relmap.imports.sheets.table import Table
from relmap.names.folding import tidy

__all__ = ["MAX_NAME_LENGTH", "Line", "Sheet", "lines_of"]

MAX_NAME_LENGTH: Final = 300
"""Of names, titles, ids; longer texts are for what was said."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """The typed rows of a file, and what its reader should be told."""

    rows: tuple[T, ...]
    unused: tuple[str, ...] = ()
    """Headings of columns that nothing was read from."""
    notes: tuple[str, ...] = ()


class Line:
    """A record with its columns."""

    __slots__ = ("_cells", "_columns", "row")

    def __init__(self, row: int, cells: Sequence[str], columns: Columns) -> None:
        self.row = row
        self._cells = cells
        self._columns = columns

    def has(self, field: str) -> bool:
        """Whether the table has a column for the field."""
        return field in self._columns

    def raw(self, field: str) -> str:
        """The cell as written; empty where the table has no such column."""
        place = self._columns.places.get(field)
        return "" if place is None else self._cells[place]

    def name(self, field: str) -> str | None:
        """A short text, trimmed; ``None`` for a blank or a dash."""
        text = tidy(self.raw(field))
        if len(text) > MAX_NAME_LENGTH:
            self.refuse(field, f"has {len(text)} characters; {MAX_NAME_LENGTH} are allowed here")
        return None if text in ("", "-", "–", "—") else text

    def text(self, field: str) -> str | None:
        """A text of any length with its lines; ``None`` for a blank."""
        return self.raw(field).strip() or None

    def day(self, field: str) -> DayRange | None:
        """A day, month or year; ``None`` for a blank or a mark."""
        return self.read(field, read_day)

    def flag(self, field: str) -> bool:
        """Yes or no; a blank is no."""
        return self.read(field, read_flag)

    def read(self, field: str, reader: Callable[[str], T]) -> T:
        """What ``reader`` makes of the cell; its ``ValueError`` is refused at this place."""
        try:
            return reader(self.raw(field))
        except ValueError as error:
            raise self.refusal(field, str(error)) from error

    def refusal(self, field: str, message: str) -> Refused:
        """A refusal at this row and the field's column."""
        column = self._columns.headings.get(field)
        return Refused(f"Row {self.row}: {message}", row=self.row, column=column)

    def refuse(self, field: str, message: str) -> NoReturn:
        """Refuse the cell: ``message`` goes on after the name of its column."""
        column = self._columns.headings.get(field, field)
        raise Refused(f"Row {self.row}: {column} {message}.", row=self.row, column=column)


def lines_of(table: Table, columns: Columns) -> Iterator[Line]:
    """The records of a table; ``Refused`` if there are none."""
    if not table.records:
        raise Refused(f"{table.name} has headings but no rows under them. Export it again.")
    return (Line(row, cells, columns) for row, cells in table.records)
