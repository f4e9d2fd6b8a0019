"""Ditto marks: a sign in a cell for what stands above it."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from relmap.contracts import Message
from relmap.errors import Refused

__all__ = ["Dittos"]

_WORDS: Final = ("ditto", "(ditto)", "do.", "idem", "same as above", "as above")
_MARKS: Final = frozenset(
    {
        *("同上", "同上。", "（同上）", "(同上)", "「同上」", "同前", "上と同じ", "々", "々々"),
        *('"', "“", "”", "＂", "″", "''", '""', "〃", "〃〃"),
        *(f"-{sign}-" for sign in ('"', "〃", "''", "//")),
        *(f"- {sign} -" for sign in ('"', "〃", "''", "//")),
        *_WORDS,
        *map(str.capitalize, _WORDS),
        *map(str.upper, _WORDS),
    }
)


class Dittos:
    """The ditto marks of one sheet, each filled in from the record above it."""

    def __init__(self, header: tuple[str, ...]) -> None:
        self._header = header
        self._rows: defaultdict[int, list[int]] = defaultdict(list)
        self._above: tuple[str, ...] = ()

    def filled(self, row: int, cells: tuple[str, ...]) -> tuple[str, ...]:
        """A record with what its marks stand for; ``Refused`` where nothing stands above."""
        if not _MARKS.isdisjoint(map(str.strip, cells)):
            cells = self._filled(row, cells)
        self._above = cells
        return cells

    def _filled(self, row: int, cells: tuple[str, ...]) -> tuple[str, ...]:
        filled = list(cells)
        for place, cell in enumerate(cells):
            if cell.strip() not in _MARKS:
                continue
            above = self._above[place] if self._above else ""
            if not above.strip():
                raise Refused(
                    "Row {row} has {cell}, the sign for what stands above, but nothing stands "
                    "there. Write it out.",
                    row=row,
                    column=self._header[place],
                    cell=cell,
                )
            filled[place] = above
            self._rows[place].append(row)
        return tuple(filled)

    def rows_of(self, place: int | None) -> list[int]:
        """The rows with a mark in this column."""
        return [] if place is None else self._rows.get(place, [])

    def told(self) -> Message | None:
        """In which columns there were marks."""
        if not self._rows:
            return None
        names = [self._header[place] or str(place + 1) for place in sorted(self._rows)]
        return Message("Ditto marks were filled in from above: {headings}.", {"headings": names})
