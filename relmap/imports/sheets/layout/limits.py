"""How much a cell may hold."""

from __future__ import annotations

from typing import Final

from relmap.errors import Refused

__all__ = ["MAX_CELL_LENGTH", "refuse_bad_cells", "too_long"]

MAX_CELL_LENGTH: Final = 10_000


def refuse_bad_cells(row: int, cells: tuple[str, ...], header: tuple[str, ...]) -> None:
    """Refuse a line with a cell that is too long or damaged."""
    for heading, cell in zip(header, cells, strict=True):
        if len(cell) > MAX_CELL_LENGTH:
            raise too_long(row, len(cell), heading[:80].strip())
        if "\0" in cell:
            raise Refused(
                "A cell in row {row} holds a NUL byte: the file is damaged. Export it again.",
                row=row,
                column=heading.replace("\0", "").strip(),
            )


def too_long(row: int, length: int, column: str | None) -> Refused:
    """The refusal of a cell that is longer than any is."""
    return Refused(
        "A cell in row {row} has {character_count} characters; {most_count} are allowed. Shorten "
        "it, or look for a quote that is never closed.",
        row=row,
        column=column,
        character_count=length,
        most_count=MAX_CELL_LENGTH,
    )
