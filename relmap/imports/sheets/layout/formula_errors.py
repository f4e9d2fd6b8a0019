"""Cells that show the error of a formula: nobody is called so, and nothing is.

``#N/A`` says that a formula found nothing: such a cell is blank, and a seat without holder vacant.
Any other error says that the formula is broken. Where it should say who sits where, the list is
asked about; whoever sits there is unknown.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from relmap.contracts import N_, Message
from relmap.errors import Refused
from relmap.imports.sheets.layout.header import UNIT
from relmap.imports.sheets.layout.header_row import HeaderRow
from relmap.imports.sheets.table import CellError, Page, Remark, row_ranges

__all__ = ["FormulaErrors"]

_FOUND_NOTHING: Final = "#N/A"
_UNKNOWN: Final = "?"
_PERSON: Final = "person"
_PLACES: Final = frozenset((UNIT, "parent_unit", "account"))

AS_NOBODY: Final = N_("{heading} shows the error {value}, which was read as nobody: row {rows}.")
AS_UNKNOWN: Final = N_(
    "{heading} shows the error {value}, which was read as somebody unknown: row {rows}."
)
AS_BLANK: Final = N_("{heading} shows the error {value}, which was read as a blank: row {rows}.")


class FormulaErrors:
    """The errors of one sheet, and what its cells are taken for."""

    def __init__(self, page: Page, header: HeaderRow) -> None:
        self._page = page
        self._header = header
        self._rows: defaultdict[tuple[int, str], list[int]] = defaultdict(list)

    def taken_off(self, row: int, cells: tuple[str, ...]) -> tuple[str, ...]:
        """A record without errors; ``Refused`` where nobody knows what its columns are."""
        if CellError not in map(type, cells):  # quick, for it is asked of every row
            return cells
        read = list(cells)
        for place, cell in enumerate(cells):
            if isinstance(cell, CellError):
                read[place] = self._read(row, place, cell)
        return tuple(read)

    def are_all(self, cells: tuple[str, ...]) -> bool:
        """Whether a record has errors for the person and the post, and nothing else there."""
        if CellError not in map(type, cells):
            return False
        keys = [cells[place] for place in self._header.key_places if cells[place].strip()]
        return bool(keys) and all(isinstance(cell, CellError) for cell in keys)

    def _read(self, row: int, place: int, error: CellError) -> str:
        if self._header.headings is None:
            raise Refused(
                "Row {row} shows the error {value}. Mend the formula, or leave the cell empty.",
                row=row,
                column=self._header.texts[place],
                value=str(error),
            )
        if not self._header.fields[place]:
            return str(error)
        self._rows[place, str(error)].append(row)
        if _PERSON not in self._header.fields[place]:
            return ""
        return str(error) if error == _FOUND_NOTHING else _UNKNOWN

    def remarks(self) -> list[Remark]:
        """For each column and error the rows, and what the cells were taken for."""
        return [
            Remark(
                Message(self._reading(place, error), self._values(place, error, rows)),
                rows[0],
                "guess",
                tuple(rows),
                self._page.name,
            )
            for (place, error), rows in self._rows.items()
        ]

    def _reading(self, place: int, error: str) -> str:
        if _PERSON not in self._header.fields[place]:
            return AS_BLANK
        return AS_NOBODY if error == _FOUND_NOTHING else AS_UNKNOWN

    def _values(self, place: int, error: str, rows: list[int]) -> dict[str, str]:
        heading = self._header.texts[place]
        return {"heading": heading, "value": error, "rows": row_ranges(rows)}

    def questions(self, file: str) -> tuple[Message, ...]:
        """What to ask where a broken formula should say who sits where."""
        assert self._header.headings is not None
        telling = self._header.headings.keys | _PLACES
        broken = [
            Message("{heading} in row {rows}: {value}", self._values(place, error, rows))
            for (place, error), rows in self._rows.items()
            if error != _FOUND_NOTHING and self._header.fields[place] & telling
        ]
        if not broken:
            return ()
        text = N_(
            "{file} shows errors of formulas ({what}). Mend them and import it again: applying "
            "this takes those cells as blank, and who sits there as unknown."
        )
        return (Message(text, {"file": file, "what": broken}),)
