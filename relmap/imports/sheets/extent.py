"""How much a workbook holds, counted before anybody builds it: what does not end is refused.

A few bytes can say that a sheet has two thousand million rows, or unpack to a string for each of
them. Counting streams through the parts and keeps nothing of them.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final
from xml.parsers import expat

from openpyxl.utils import column_index_from_string

from relmap.contracts import N_, Message
from relmap.errors import Refused
from relmap.imports.sheets.pages import damaged

__all__ = ["MAX_PARTS", "MAX_PLACES", "Extent", "bounded", "too_much"]

MAX_ROWS_OF_SHEET: Final = 1_048_576  # of Excel
MAX_CELLS: Final = 1_000_000
MAX_PLACES: Final = 20_000_000
"""Cells, and the blank ones before them in their rows."""
MAX_CHARACTERS: Final = 100_000_000
MAX_PARTS: Final = 10_000
MAX_TAG: Final = 1_000_000
"""Bytes of one tag with its attributes, or of the text between two."""
_CHUNK: Final = 65_536
_KIND: Final = {"c": "cell", "row": "row", "si": "text"} | dict.fromkeys(
    ("v", "f", "t", "is"), "content"
)
_MOST: Final = {
    "row": MAX_ROWS_OF_SHEET,
    "cell": MAX_CELLS,
    "content": 2 * MAX_CELLS,
    "text": 500_000,
    "merged": 1_000_000,
    "other": 1_000_000,
}
_NAMED: Final = {
    "row": N_("rows"),
    "cell": N_("cells"),
    "content": N_("cells"),
    "text": N_("different texts"),
    "merged": N_("merged cells"),
    "other": N_("styles, names and notes"),
    "part": N_("parts"),
    "place": N_("cells"),
    "character": N_("characters"),
}
_AREA: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,20}):\$?([A-Z]{1,3})\$?(\d{1,20})")


def bounded(
    lines: Iterable[tuple[int, list[str]]], *, name: str
) -> Iterator[tuple[int, list[str]]]:
    """Lines as they come; ``Refused`` where they are too many, too long or too full together."""
    places = characters = 0
    for row, cells in lines:
        places += len(cells) + 1
        characters += sum(map(len, cells))
        if row > MAX_ROWS_OF_SHEET:
            raise too_much(name, "row", MAX_ROWS_OF_SHEET)
        if places > MAX_PLACES:
            raise too_much(name, "place", MAX_PLACES)
        if characters > MAX_CHARACTERS:
            raise too_much(name, "character", MAX_CHARACTERS)
        yield row, cells


def too_much(name: str, kind: str, most: int) -> Refused:
    """The refusal of a workbook that holds too many of a kind."""
    return Refused(
        "{name} has more than {most_count} {kind}, which is more than is read of a workbook. Save "
        "the sheet with the list as CSV and import that.",
        name=name,
        most_count=most,
        kind=Message(_NAMED[kind]),
    )


class Extent:
    """Counts of what the parts of one workbook hold, and whether its formulas have values."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._counts: Counter[str] = Counter()
        self._sheets: set[str] = set()
        self._fed = self._told = 0
        self._is_formula = False
        self.formula_count = self.value_count = 0

    @property
    def lacks_values(self) -> bool:
        """Whether no formula has a value; one without may be an empty text."""
        return self.formula_count > 0 and self.value_count == 0

    def add(self, content: bytes) -> None:
        """Count one part; ``Refused`` where all together are too much.

        What is no XML ends where it is none, as whoever reads it will.
        """
        parser = self._parser = expat.ParserCreate()
        self._fed = self._told = 0
        parser.StartElementHandler = self._count
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        try:
            for start in range(0, len(content), _CHUNK):
                parser.Parse(content[start : start + _CHUNK], False)
                self._fed = start + _CHUNK
                if self._fed - self._told > MAX_TAG:
                    raise too_much(self._name, "character", MAX_TAG)
        except expat.ExpatError:
            return

    def _count(self, tag: str, attributes: dict[str, str]) -> None:
        self._told = self._fed
        self._parser.CharacterDataHandler = None
        tag = tag.rpartition(":")[2]
        kind = _KIND.get(tag, "other")
        self._raise(kind, 1)
        match tag:
            case "c":
                self._is_formula = False
            case "f":
                self._is_formula = True
                self.formula_count += 1
            case "v" if self._is_formula:
                self._parser.CharacterDataHandler = self._note_text
            case "row" if "r" in attributes:
                self._refuse_row(attributes["r"])
            case "mergeCell":
                self._raise("merged", _area(attributes.get("ref", "")))
            case "sheet":
                self._note_sheet("".join(v for k, v in attributes.items() if k[-3:] == ":id"))
            case "Relationship" if attributes.get("Type", "").endswith("/worksheet"):
                self._note_sheet(
                    posixpath.basename(posixpath.normpath(attributes.get("Target", "")))
                )

    def _note_text(self, text: str) -> None:
        self.value_count += bool(text.strip())

    def _raise(self, kind: str, number: int) -> None:
        self._counts[kind] += number
        if self._counts[kind] > _MOST[kind]:
            raise too_much(self._name, kind, _MOST[kind])

    def _refuse_row(self, number: str) -> None:
        try:
            is_below = float(number) > MAX_ROWS_OF_SHEET
        except ValueError:
            raise damaged(self._name) from None
        if is_below:
            raise too_much(self._name, "row", MAX_ROWS_OF_SHEET)

    def _note_sheet(self, sheet: str) -> None:
        """A sheet stands in a workbook once: named again and again it would be read as often."""
        if sheet and sheet in self._sheets:
            raise damaged(self._name)
        self._sheets.add(sheet)

    def _refuse_doctype(self, *_: Any) -> None:
        raise damaged(self._name)


def _area(ref: str) -> int:
    """How many cells a range has; one that cannot be told may have any number."""
    if ":" not in ref:
        return 1
    found = _AREA.fullmatch(ref.strip().upper())
    if found is None:
        return MAX_CELLS + 1
    across = abs(column_index_from_string(found[3]) - column_index_from_string(found[1])) + 1
    return across * (abs(int(found[4]) - int(found[2])) + 1)
