"""One record of a table, asked field by field; what it cannot mean is refused at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, NoReturn, TypeVar

from relmap.contracts import Message
from relmap.errors import Refused, Unreadable
from relmap.imports.sheets.cells import read_day, read_flag, unguarded
from relmap.imports.sheets.columns import Columns
from relmap.imports.sheets.nobody import is_blank_mark
from relmap.imports.sheets.table import Table
from relmap.names.days import DayRange
from relmap.names.folding import tidy

__all__ = ["MAX_NAME_LENGTH", "Sheet", "SheetRecord", "lines_of"]

MAX_NAME_LENGTH: Final = 300
"""Of names, titles, ids; longer texts are for what was said."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """The typed rows of a file, and what its reader should be told."""

    rows: tuple[T, ...]
    columns: Columns
    notes: tuple[Message, ...] = ()
    questions: tuple[Message, ...] = ()
    """What somebody has to answer before the file is believed."""

    @property
    def unused(self) -> tuple[str, ...]:
        """Headings of columns that nothing was read from."""
        return self.columns.unused


class SheetRecord:
    """A record with its columns."""

    __slots__ = ("_cells", "_columns", "repeats", "row")

    def __init__(
        self, row: int, cells: Sequence[str], columns: Columns, *, repeats: bool = False
    ) -> None:
        self.row = row
        self.repeats = repeats
        self._cells = cells
        self._columns = columns

    def has(self, field: str) -> bool:
        """Whether the table has a column for the field."""
        return field in self._columns.places

    def heading(self, field: str) -> str:
        """The heading of the field's column."""
        return self._columns.headings.get(field, field)

    def raw(self, field: str) -> str:
        """The cell without guards; empty where the table has no such column."""
        place = self._columns.places.get(field)
        return "" if place is None else unguarded(self._cells[place])

    def name(self, field: str) -> str | None:
        """A short text, trimmed; ``None`` for a blank, a dash, ``NULL`` and their kin."""
        place = self._columns.places.get(field)
        if place is None:
            return None
        text = tidy(unguarded(self._cells[place]))
        if len(text) > MAX_NAME_LENGTH:
            self.refuse_long(field, text)
        return None if is_blank_mark(text) else text

    def account(self, given: str | None) -> str:
        """The account that was given for the whole file, else the row's; ``Refused`` for none."""
        account = given or self.name("account")
        if not account:
            self.refuse(
                "account", "{heading} is empty. Fill it in, or give --account for the whole file."
            )
        return account

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
        """What ``reader`` makes of the cell; what is ``Unreadable`` is refused at this place."""
        try:
            return reader(self.raw(field))
        except Unreadable as error:
            raise self.refusal(field, error.message) from error

    def refusal(self, field: str, text: str | Message, /, **values: Any) -> Refused:
        """A refusal at this row and the field's column, whose heading is ``{heading}``."""
        column = self.heading(field)
        problem = (
            text if isinstance(text, Message) else Message(text, {"heading": column, **values})
        )
        return Refused("Row {row}: {problem}", row=self.row, column=column, problem=problem)

    def refuse(self, field: str, text: str, /, **values: Any) -> NoReturn:
        """Raise :meth:`refusal`."""
        raise self.refusal(field, text, **values)

    def refuse_long(self, field: str, text: str) -> NoReturn:
        """Refuse a name that is too long to be one."""
        self.refuse(
            field,
            "{heading} has {length} characters; {most} are allowed here.",
            length=len(text),
            most=MAX_NAME_LENGTH,
        )


def lines_of(table: Table, columns: Columns) -> Iterator[SheetRecord]:
    """The records of a table; ``Refused`` if there are none."""
    if not table.records:
        raise Refused(
            "{table} has headings but no rows under them. Export it again.", table=table.name
        )
    repeats = table.repeats
    return (
        SheetRecord(row, cells, columns, repeats=row in repeats) for row, cells in table.records
    )
