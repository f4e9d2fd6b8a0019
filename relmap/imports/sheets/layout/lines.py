"""The lines below a header, one after the other: records, and what stands between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from relmap.contracts import N_, Message
from relmap.errors import Refused
from relmap.imports.sheets.layout.asides import is_note, is_signature, is_total
from relmap.imports.sheets.layout.columns_without_heading import without_heading
from relmap.imports.sheets.layout.dittos import Dittos
from relmap.imports.sheets.layout.formula_errors import FormulaErrors
from relmap.imports.sheets.layout.header import UNIT
from relmap.imports.sheets.layout.header_row import HeaderRow
from relmap.imports.sheets.layout.limits import refuse_bad_cells
from relmap.imports.sheets.layout.merged_cells import merged_with_above, remarks_on_merged
from relmap.imports.sheets.layout.unit_lines import UnitLines
from relmap.imports.sheets.table import Page, Record, Remark, row_ranges

__all__ = ["Lines"]

_WHY: Final = {
    "above": N_("Not read, above the names of the columns in row {header}: row {rows}."),
    "header": N_("Left out, the columns are named again: row {rows}."),
    "title": N_("Left out, a line from above the table again: row {rows}."),
    "total": N_("Left out as a total: row {rows}."),
    "note": N_("Left out as a note: row {rows}."),
    "errors": N_("Left out, formulas show errors in place of all that names somebody: row {rows}."),
    "number": N_("Left out, a number alone: row {rows}."),
}


class Lines:
    """The lines of a sheet: ``records``, and ``remarks`` on what was guessed or left out."""

    def __init__(self, page: Page, header: HeaderRow) -> None:
        self.records: list[Record] = []
        self._page = page
        self._header = header
        self._headings = header.headings
        self._titles: set[tuple[str, ...]] = set()
        self._left_out: dict[str, list[int]] = {}
        self._units = UnitLines(page, header)
        self._dittos = Dittos(header.texts)
        self.errors = FormulaErrors(page, header)

    @property
    def repeats(self) -> frozenset[int]:
        """The rows whose person is that of the row above."""
        place = self._header.place_of("person")
        return frozenset(self._dittos.rows_of(place)) | merged_with_above(self._page, place)

    @property
    def full_header(self) -> tuple[str, ...]:
        """The header, with a column for the units that stand on lines of their own."""
        texts = self._header.texts
        return (*texts, UNIT) if self._units.adds_column else texts

    def above(self, lines: Iterable[Record]) -> None:
        """Leave out what stands above the header."""
        for row, cells in lines:
            self._titles.add(_trimmed(cells))
            self._leave_out("above", row)

    def take(self, row: int, cells: tuple[str, ...]) -> None:
        """Read one line."""
        if self._headings is not None and self._is_aside(row, cells):
            return
        cells = self._of_full_width(row, cells)
        if self._header.order is not None:
            cells = tuple(cells[place] for place in self._header.order)
        if self.errors.are_all(cells):
            self._leave_out("errors", row)
            return
        cells = self.errors.taken_off(row, cells)
        if self._headings is not None:
            cells = self._units.filled(self._dittos.filled(row, cells))
        refuse_bad_cells(row, cells, self.full_header)
        self.records.append((row, cells))

    def _of_full_width(self, row: int, cells: tuple[str, ...]) -> tuple[str, ...]:
        width = len(self._header.texts)
        if len(cells) == width:
            return cells
        if self._page.is_padded and len(cells) < width:
            return cells + ("",) * (width - len(cells))
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            return cells[:width]
        if self._page.is_padded:
            place = next(n for n in range(width, len(cells)) if cells[n].strip())
            raise without_heading(row, cells[place], place)
        raise Refused(
            "Row {row} has {cells} cells where the header has {headings}. Put quotes "
            "around cells that hold the separator, or fill up the row.",
            row=row,
            cells=len(cells),
            headings=width,
        )

    def _is_aside(self, row: int, cells: tuple[str, ...]) -> bool:
        filled = [cell for cell in cells if cell.strip()]
        if self._header.is_repeated(row, cells, filled):
            self._leave_out("header", row)
        elif self._titles and _trimmed(cells) in self._titles:
            self._leave_out("title", row)
        elif is_total(filled):
            self._leave_out("total", row)
        elif self._may_be_note(filled):
            self._leave_out("note", row)
        else:
            return len(filled) == 1 and self._names_unit(row, cells, filled[0])
        return True

    def _may_be_note(self, filled: list[str]) -> bool:
        if len(filled) == 1:
            return is_note(filled)
        return is_signature(filled) or (len(filled) < len(self._header.texts) and is_note(filled))

    def _names_unit(self, row: int, cells: tuple[str, ...], text: str) -> bool:
        assert self._headings is not None
        place = next(n for n, cell in enumerate(cells) if cell.strip())
        if text.strip().isdigit() and place not in self._header.key_places:
            self._leave_out("number", row)
            return True
        had_column = self._units.adds_column
        if not self._headings.has_units or not self._units.take(row, place, text):
            return False
        if self._units.adds_column and not had_column:
            self.records = [(line, (*record, "")) for line, record in self.records]
        return True

    def _leave_out(self, why: str, row: int) -> None:
        self._left_out.setdefault(why, []).append(row)

    def remarks(self) -> list[Remark]:
        """What was guessed, and what was left out."""
        said = [self._said_of(why, rows) for why, rows in self._left_out.items()]
        said += self._units.remarks()
        if (dittos := self._dittos.told()) is not None:
            said.append(Remark(dittos, sheet=self._page.name))
        return [*said, *remarks_on_merged(self._page, self._header), *self.errors.remarks()]

    def _said_of(self, why: str, rows: list[int]) -> Remark:
        values = {"rows": row_ranges(rows), "header": self._header.row}
        return Remark(Message(_WHY[why], values), rows[0], "left_out", tuple(rows), self._page.name)


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in cells if cell.strip())
