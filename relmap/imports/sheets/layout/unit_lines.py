"""Units on lines of their own, above their people: one, or one within another.

A line that follows such a line directly is a part of that unit: a division, then its first
department; unless both are of one kind, for then nobody was listed in the first. After people the
next line is of the level that it looks like, else of the last one's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from relmap.contracts import N_, Message
from relmap.imports.sheets.layout.asides import looks_like_unit, numbering_of, unit_named
from relmap.imports.sheets.layout.header import UNIT
from relmap.imports.sheets.layout.header_row import HeaderRow
from relmap.imports.sheets.table import Page, Remark

__all__ = ["UnitLines"]

_STEP: Final = " > "
_KINDS: Final = (
    r"集[团團]|公司|company|corporation|subsidiary",
    r"事[业業]群|[大片战戰][区區]|region|(?:business )?group",
    r"事[业業][部处處]|本部|division|business unit|\bb[ug]",
    r"中心|基地|center|centre|[工分][厂廠]|factory|plant|[办辦]事[处處]|branch|office",
    r"部[门門]?|department|dept\.?",
    r"[处處]|bureau",
    r"[科课課室]|section",
    r"[组組班]|小[组組]|[团團][队隊]|team|squad",
)
"""Kinds of units by the endings of their names."""
_KIND: Final = re.compile(
    "(?:" + "|".join(f"(?P<k{n}>{kind})" for n, kind in enumerate(_KINDS)) + r")\W*$", re.I
)
UNIT_LINE: Final = N_(
    "Row {row} names a unit, {unit}, and nobody: the rows below it that name no unit belong to it."
)
NOBODY_BELOW: Final = N_("Row {row} names a unit, {unit}, and no row below it belongs to it.")


@dataclass(slots=True)
class _UnitLine:
    """A line that names a unit, and how it looks."""

    row: int
    name: str
    numbering: str
    look: tuple[object, ...]
    """Where it stands and how it is numbered."""
    kind: int | None
    """The lower, the higher a unit it names; ``None``: nobody knows."""
    path: str = ""
    depth: int = 0
    """How many units it is a part of."""
    has_rows: bool = False
    """Whether people, or units within it, stand below."""

    def is_level_of(self, other: _UnitLine, *, when_unknown: bool) -> bool:
        """Whether two lines are of one level, by their numbering or the kinds of their units."""
        if self.look != other.look:
            return False
        if self.numbering:
            return True
        return self.kind == other.kind and (when_unknown or self.kind is not None)


class UnitLines:
    """The lines of one sheet that name a unit and nobody, and which unit the rows below are of."""

    def __init__(self, page: Page, header: HeaderRow) -> None:
        self._page = page
        self._header = header
        self._place = header.place_of(UNIT)
        self._lines: list[_UnitLine] = []
        self._open: list[_UnitLine] = []
        self._is_last = False
        """Whether nothing stands between the last such line and the next."""
        self._most = 1

    @property
    def adds_column(self) -> bool:
        """Whether there were any, and no column of the sheet holds units."""
        return bool(self._lines) and self._place is None

    def take(self, row: int, place: int, text: str) -> bool:
        """Whether a line with this text only, in this column, names a unit: taken as one."""
        if not self._is_unit(row, place, text):
            return False
        name, numbering = unit_named(text), numbering_of(text)
        look = (place, row in self._page.banners, numbering)
        line = _UnitLine(row, name, numbering, look, _kind_of(name))
        self._open = [*self._above(line), line]
        for depth, one in enumerate(self._open):
            one.depth = depth
            one.path = _STEP.join(above.name for above in self._open[: depth + 1])
        self._lines.append(line)
        self._is_last = True
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

    def _above(self, line: _UnitLine) -> list[_UnitLine]:
        """The units that a new one is a part of."""
        for depth in reversed(range(len(self._open))):
            if line.is_level_of(self._open[depth], when_unknown=not self._is_last):
                return self._open[:depth]
        if self._is_last:
            is_full = 1 < self._most <= len(self._open)
            return self._open[-1:] if is_full else self._open
        for earlier in reversed(self._lines):
            if line.is_level_of(earlier, when_unknown=False):
                return self._open[: earlier.depth]
        above = self._open[:-1]
        while above and _is_no_part(line, of=above[-1]):
            above.pop()
        return above

    def filled(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        """A record with the unit of the last such line, unless it names one itself."""
        if not self._open:
            return cells
        self._is_last = False
        path = self._open[-1].path
        if self._place is not None and cells[self._place].strip():
            return cells
        self._most = max(self._most, len(self._open))
        for line in self._open:
            line.has_rows = True
        if self._place is None:
            return (*cells, path)
        return (*cells[: self._place], path, *cells[self._place + 1 :])

    def remarks(self) -> list[Remark]:
        """For each line which unit the rows below it are of, or that there are none."""
        return [self._remark(line) for line in self._lines]

    def _remark(self, line: _UnitLine) -> Remark:
        text = UNIT_LINE if line.has_rows else NOBODY_BELOW
        message = Message(text, {"row": line.row, "unit": line.path})
        kind: Literal["guess", "left_out"] = "guess" if line.has_rows else "left_out"
        return Remark(message, line.row, kind, (line.row,), self._page.name)


def _kind_of(name: str) -> int | None:
    found = _KIND.search(name)
    return None if found is None or found.lastgroup is None else int(found.lastgroup[1:])


def _is_no_part(line: _UnitLine, *, of: _UnitLine) -> bool:
    return line.kind is not None and of.kind is not None and line.kind <= of.kind
