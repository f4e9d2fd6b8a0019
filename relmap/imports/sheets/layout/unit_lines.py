"""Units on lines of their own, above their people."""

from __future__ import annotations

from relmap.contracts import Message
from relmap.imports.sheets.layout.asides import looks_like_unit, unit_named
from relmap.imports.sheets.layout.header import UNIT
from relmap.imports.sheets.layout.header_row import HeaderRow
from relmap.imports.sheets.table import Page, Remark

__all__ = ["UnitLines"]


class UnitLines:
    """The lines of one sheet that name a unit and nobody, and which unit the rows below are of."""

    def __init__(self, page: Page, header: HeaderRow) -> None:
        self.remarks: list[Remark] = []
        self._page = page
        self._header = header
        self._place = header.place_of(UNIT)
        self._unit: str | None = None

    @property
    def adds_column(self) -> bool:
        """Whether there were any, and no column of the sheet holds units."""
        return self._unit is not None and self._place is None

    def take(self, row: int, place: int, text: str) -> bool:
        """Whether a line with this text only, in this column, names a unit: taken as one."""
        if not self._is_unit(row, place, text):
            return False
        self._unit = unit_named(text)
        message = Message(
            "Row {row} names a unit, {unit}, and nobody: the rows below it that name no unit "
            "belong to it.",
            {"row": row, "unit": self._unit},
        )
        self.remarks.append(Remark(message, row, "guess", (row,), self._page.name))
        return True

    def _is_unit(self, row: int, place: int, text: str) -> bool:
        if len(self._header.texts) < 2 or len(text) > 80 or not unit_named(text):
            return False
        if row in self._page.banners or place == self._place:
            return True
        if place in self._header.key_places or place >= len(self._header.texts):
            return looks_like_unit(text)
        is_known = bool(self._header.fields[place] - {"level"})
        return looks_like_unit(text) if is_known else any(char.isalpha() for char in text)

    def filled(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        """A record with the unit of the last such line, unless it names one itself."""
        if self._unit is None:
            return cells
        if self._place is None:
            return (*cells, self._unit)
        if cells[self._place].strip():
            return cells
        return (*cells[: self._place], self._unit, *cells[self._place + 1 :])
