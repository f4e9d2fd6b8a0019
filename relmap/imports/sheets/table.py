"""A file's table: a header and records that know their line."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Record", "Table"]

Record = tuple[int, tuple[str, ...]]
"""The line on which a record begins (header = 1), and its cells as written."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: every record has as many cells as the header."""

    name: str
    header: tuple[str, ...]
    records: tuple[Record, ...]
    header_row: int = 1
