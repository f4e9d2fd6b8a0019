"""Which line of a sheet names its columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from relmap.contracts.message import N_
from relmap.imports.sheets.columns import keys_of
from relmap.imports.sheets.headings import vocabulary
from relmap.imports.sheets.table import Record

__all__ = ["KNOWN_BY", "UNIT", "KnownHeadings", "header_place"]

LOOKED_AT: Final = 50
"""Lines in which a header is looked for."""
MAX_HEADING_LENGTH: Final = 60
UNIT: Final = "unit"
"""The field of the units, which may stand on lines of their own."""

KNOWN_BY: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "snapshot": (N_("the person or the post"), ("person", "post", "first_name", "last_name")),
    "tenures": (N_("the person or the post"), ("person", "post", "first_name", "last_name")),
    "ties": (N_("the two people"), ("to", "from")),
    "touches": (N_("the day or the people"), ("day", "theirs", "ours")),
    "projects": (N_("the project"), ("project",)),
}
"""By which fields the header of each kind of list is known, and what they are called."""


class KnownHeadings:
    """The headings of one kind of list, and those that somebody named."""

    def __init__(self, kind: str, mapping: Mapping[str, str]) -> None:
        self.kind = kind
        self.keys = frozenset(KNOWN_BY[kind][1])
        self.has_units = "parent_unit" in vocabulary(kind)
        self._fields: defaultdict[str, set[str]] = defaultdict(set)
        self._written: set[str] = set()
        for field, tiers in vocabulary(kind).items():
            for heading in (field, *(one for tier in tiers for one in tier.split("|"))):
                self._fields[keys_of(heading)[0]].add(field)
                self._written.add(heading.casefold())
        self._mapped: defaultdict[str, set[str]] = defaultdict(set)
        for field, heading in mapping.items():
            self._mapped[heading.strip().casefold()].add(field)
        self._known: dict[str, frozenset[str]] = {}

    def fields(self, cell: str) -> frozenset[str]:
        """The fields that a cell may be the heading of; none for any other text."""
        if cell not in self._known:
            self._known[cell] = frozenset(self._found(cell))
        return self._known[cell]

    def _found(self, cell: str) -> set[str]:
        text = cell.strip()
        if not text or len(text) > MAX_HEADING_LENGTH:
            return set()
        found = set(self._mapped.get(text.casefold(), ()))
        for key in keys_of(text):
            found |= self._fields.get(key, set())
        return found

    def has_written(self, cell: str) -> bool:
        """Whether a cell is a heading to the letter: quick, for it is asked of every row."""
        return cell.strip().casefold() in self._written

    def is_mapped(self, cell: str) -> bool:
        """Whether somebody named the heading."""
        return cell.strip().casefold() in self._mapped

    def weight(self, cells: Sequence[str], *, is_first: bool) -> int:
        """How much a line looks like the header; 0 if it cannot be it.

        A line below the first must be made of headings by half, for a cell of data may read as one.
        """
        filled = [cell for cell in cells if cell.strip()]
        known = [fields for cell in filled if (fields := self.fields(cell))]
        mapped = sum(map(self.is_mapped, filled))
        if not (mapped or any(fields & self.keys for fields in known)):
            return 0
        if not is_first and not mapped and (len(known) * 2 < len(filled) or len(known) < 2):
            return 0
        return len(known) + 3 * mapped


def header_place(lines: Sequence[Record], headings: KnownHeadings) -> int | None:
    """The place of the line that names the columns: of equals the first; ``None`` if none does."""
    looked_at = lines[:LOOKED_AT]
    weights = [headings.weight(cells, is_first=not n) for n, (_, cells) in enumerate(looked_at)]
    if any(weights):
        return weights.index(max(weights))
    return _place_in_one_column(looked_at, headings)


def _place_in_one_column(lines: Sequence[Record], headings: KnownHeadings) -> int | None:
    """A list of names alone may have its one heading below a title."""
    texts = ["".join(cell.strip() for cell in cells) for _, cells in lines]
    if any(sum(bool(cell.strip()) for cell in cells) > 1 for _, cells in lines):
        return None
    places = (n for n, text in enumerate(texts) if headings.fields(text) & headings.keys)
    return next(places, None)
