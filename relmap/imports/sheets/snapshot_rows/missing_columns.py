"""Columns that a list seems to have under a heading nobody knows: asked about, never passed over.

A list without a column of people opens seats that nobody holds, one without titles makes everybody
a contact, one without units puts all of them into the account itself. Each may be meant, unless a
column that was not read is full of what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from relmap.contracts import Message
from relmap.contracts.message import N_
from relmap.imports.sheets.columns import Columns
from relmap.imports.sheets.holders import is_name
from relmap.imports.sheets.layout.asides import looks_like_unit
from relmap.imports.sheets.table import Table
from relmap.imports.sheets.unit_paths import LEVELS
from relmap.names.folding import tidy
from relmap.names.titles import named_function, named_level

__all__ = ["missing_columns"]

MOST_CELLS: Final = 200
"""So many cells tell what a column holds."""

ASKED: Final = {
    "person": N_(
        "No column names the people, and {heading} looks like it ({cells}). Import the file again "
        "with --map person={heading}; applied as it is, it only lists seats."
    ),
    "post": N_(
        "No column names the posts, and {heading} looks like it ({cells}). Import the file again "
        "with --map post={heading}; applied as it is, everybody is a contact without a post."
    ),
    "unit": N_(
        "No column names the units, and {heading} looks like it ({cells}). Import the file again "
        "with --map unit={heading}; applied as it is, everybody belongs to the account itself."
    ),
}


def missing_columns(table: Table, columns: Columns) -> Iterator[Message]:
    """A question for each of person, post and unit that only an unread column seems to hold."""
    read = set(columns.places.values())
    for field, others, looks_right in _MISSING:
        if not columns.places.keys().isdisjoint((field, *others)):
            continue
        for place, heading in enumerate(table.header):
            if place in read or not heading.strip():
                continue
            cells = _cells(table, place)
            if len(set(cells)) > 1 and 2 * sum(map(looks_right, cells)) > len(cells):
                yield Message(ASKED[field], {"heading": heading, "cells": cells[:3]})
                read.add(place)
                break


def _cells(table: Table, place: int) -> list[str]:
    found = (tidy(cells[place]) for _, cells in table.records[:MOST_CELLS])
    return [cell for cell in found if cell]


def _is_title(cell: str) -> bool:
    return len(cell) <= 60 and bool(named_level(cell) or named_function(cell))


_MISSING: Final[tuple[tuple[str, tuple[str, ...], Callable[[str], bool]], ...]] = (
    ("person", ("first_name", "last_name"), is_name),
    ("post", (), _is_title),
    ("unit", ("parent_unit", "unit_id", "subunit", *LEVELS), looks_like_unit),
)
