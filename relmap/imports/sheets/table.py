"""A file's sheets as they stand, and the table that is found in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from relmap.contracts import Message

__all__ = [
    "AS_IT_IS",
    "CellError",
    "Page",
    "Part",
    "Reading",
    "Record",
    "Remark",
    "Table",
    "row_ranges",
]

Record = tuple[int, tuple[str, ...]]
"""The line on which a record begins (header = 1), and its cells as written."""


class CellError(str):
    """The error that a cell of a workbook shows, such as ``#REF!``."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How somebody said that a file is to be read; what nobody said is found out."""

    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    hidden: Literal["read", "skip"] | None = None
    blank_unit: Literal["above", "account"] | None = None
    encoding: str | None = None


AS_IT_IS: Final = Reading()


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of a workbook, or the whole of a text file: its lines that are not blank."""

    name: str | None
    lines: tuple[Record, ...]
    is_padded: bool = False
    """Whether a line may be shorter than the header: a workbook does not keep blank cells."""
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    """Places of columns, from 0."""
    filled: tuple[tuple[int, int, int], ...] = ()
    """Merged cells that were filled down: the place of the column, the first and last row."""
    banners: frozenset[int] = frozenset()
    """Rows with one cell that is merged across several columns."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of a file: a guess, or what was left out."""

    message: Message
    row: int | None = None
    kind: Literal["guess", "left_out"] = "guess"
    rows: tuple[int, ...] = ()
    """All rows it is about, as they are numbered in their sheet."""
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet that was read: where its header stands, and from which number its rows count.

    Where several are read each row has a number of its own; ``row_places`` tells it as it is seen.
    """

    sheet: str | None
    header_row: int
    record_count: int
    first: int = 0
    """What is added to the number of a row in the sheet."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: every record has as many cells as the header."""

    name: str
    header: tuple[str, ...]
    records: tuple[Record, ...]
    header_row: int = 1
    remarks: tuple[Remark, ...] = ()
    questions: tuple[Message, ...] = ()
    """What could be read in two ways, and how to say which."""
    parts: tuple[Part, ...] = ()
    repeats: frozenset[int] = frozenset()
    """Rows whose person is that of the row above: by a ditto mark, or a cell merged with it."""
    titles: tuple[str, ...] = ()
    """The lines above the header, the cells of each joined by blanks."""
    digest: str = ""
    """Of the bytes: tells that a file is the same one, however it was read."""


def row_ranges(rows: Iterable[int]) -> str:
    """Row numbers in few words.

    >>> row_ranges([3, 5, 6, 7])
    '3, 5-7'
    """
    spans: list[list[int]] = []
    for row in sorted(rows):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
