"""The line that names the columns, and the same line once more further down."""

from __future__ import annotations

from collections.abc import Sequence

from relmap.errors import Refused
from relmap.imports.sheets.layout.header import KnownHeadings
from relmap.imports.sheets.layout.limits import refuse_bad_cells
from relmap.imports.sheets.pages import MAX_COLUMNS

__all__ = ["HeaderRow"]


class HeaderRow:
    """The header of a sheet: what each of its columns is called, and may hold."""

    def __init__(self, row: int, cells: tuple[str, ...], headings: KnownHeadings | None) -> None:
        self.row = row
        self.headings = headings
        self.texts = _texts(cells, row)
        self.fields = [headings.fields(cell) if headings else frozenset() for cell in self.texts]
        self.key_places = [
            place for place, fields in enumerate(self.fields) if headings and fields & headings.keys
        ]
        self.order: Sequence[int] | None = None
        """Where each column stands from the last header on, if that has another order."""
        self._folded = {cell.casefold() for cell in self.texts if cell}

    def place_of(self, field: str) -> int | None:
        """The first column that may hold the field."""
        return next((place for place, fields in enumerate(self.fields) if field in fields), None)

    def is_repeated(self, row: int, cells: tuple[str, ...], filled: list[str]) -> bool:
        """Whether a line is the header once more; in another order it counts from here on."""
        assert self.headings is not None
        if not any(
            place < len(cells)
            and (
                cells[place].strip().casefold() in self._folded
                or self.headings.has_written(cells[place])
            )
            for place in self.key_places
        ):
            return False
        if self._is_header_in_place(cells):
            self.order = None
            return True
        if len(filled) < 2 or not all(map(self._is_heading, filled)):
            return False
        if not any(self.headings.fields(cell) & self.headings.keys for cell in filled):
            return False  # a vacant seat: the manager of a unit called Group
        order = self._reordered(cells)
        if order is None:
            raise Refused(
                "Row {row} names other columns than row {header_row}. Split the file there.",
                row=row,
                header_row=self.row,
            )
        self.order = order
        return True

    def _is_heading(self, cell: str) -> bool:
        assert self.headings is not None
        return cell.strip().casefold() in self._folded or bool(self.headings.fields(cell))

    def _is_header_in_place(self, cells: tuple[str, ...]) -> bool:
        assert self.headings is not None
        matches = alike = 0
        for place, cell in enumerate(cells):
            if not cell.strip():
                continue
            if place >= len(self.texts):
                return False
            is_same = cell.strip().casefold() == self.texts[place].casefold()
            if not is_same and not self.headings.fields(cell) & self.fields[place]:
                return False
            matches += 1
            alike += is_same
        # A lone word that another list would head a column with may be a value: a project Socket.
        return matches >= 2 or alike == len(self.texts) == 1

    def _reordered(self, cells: tuple[str, ...]) -> list[int] | None:
        """Where each column of the header stands in a line that has the same headings."""
        now = [cell.strip().casefold() for cell in cells]
        if sorted(filter(None, now)) != sorted(self._folded) or len(now) != len(self.texts):
            return None
        return [now.index(heading.casefold()) for heading in self.texts]


def _texts(cells: tuple[str, ...], row: int) -> tuple[str, ...]:
    if len(cells) > MAX_COLUMNS:
        raise Refused(
            "The header has more than {most_count} columns.", row=row, most_count=MAX_COLUMNS
        )
    refuse_bad_cells(row, cells, cells)
    header = tuple(cell.strip() for cell in cells)
    seen: set[str] = set()
    for heading in header:
        if heading and heading.casefold() in seen:
            raise Refused(
                "Two columns are headed {heading!r}. Rename or remove one of them.",
                row=row,
                column=heading,
                heading=heading,
            )
        seen.add(heading.casefold())
    return header
