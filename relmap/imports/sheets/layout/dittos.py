"""Ditto marks: a sign in a cell for what stands above it."""

from __future__ import annotations

from typing import Final

from relmap.contracts import Message
from relmap.errors import Refused

__all__ = ["Dittos"]

_DITTO: Final = frozenset(
    {
        "同上",
        "〃",
        '"',
        "“",
        "”",
        "＂",
        "″",
        "々",
        "々々",
        "''",
        "do.",
        "ditto",
        "Ditto",
        "DITTO",
    }
    | {
        "同前",
        "（同上）",
        "(同上)",
        "「同上」",
        "same as above",
        "Same as above",
        "as above",
        "As above",
    }
)


class Dittos:
    """The ditto marks of one sheet, each filled in from the record above it."""

    def __init__(self, header: tuple[str, ...]) -> None:
        self._header = header
        self._places: set[int] = set()
        self._above: tuple[str, ...] = ()

    def filled(self, row: int, cells: tuple[str, ...]) -> tuple[str, ...]:
        """A record with what its marks stand for; ``Refused`` where nothing stands above."""
        if not _DITTO.isdisjoint(cells):
            cells = self._filled(row, cells)
        self._above = cells
        return cells

    def _filled(self, row: int, cells: tuple[str, ...]) -> tuple[str, ...]:
        filled = list(cells)
        for place, cell in enumerate(cells):
            if cell not in _DITTO:
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
            self._places.add(place)
        return tuple(filled)

    def told(self) -> Message | None:
        """In which columns there were marks."""
        if not self._places:
            return None
        names = [self._header[place] or str(place + 1) for place in sorted(self._places)]
        return Message("Ditto marks were filled in from above: {headings}.", {"headings": names})
