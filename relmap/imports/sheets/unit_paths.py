"""A unit written as a path from the company down, and several units in one cell.

``A > B`` is always a path. ``A/B`` is one where A is the account, or where other cells of the list
begin with A as well; else it is a name (R&D/QA), and a note says so. A dash without blanks is none
but behind the account, and only where most units begin so: OpenStack-Helm is a name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from relmap.contracts import Message
from relmap.contracts.message import N_
from relmap.imports.sheets.records import SheetRecord
from relmap.names.folding import tidy
from relmap.names.matching import unit_key

__all__ = ["UnitPath", "UnitPaths", "is_same_unit", "place_of", "unit_paths"]

LEVELS: Final = ("unit_1", "unit_2", "unit_3", "unit_4", "unit_5")
"""Columns for a level each (一级部门, 二级部门); the unit of a column of its own is below them."""

_OF_LEVELS: Final = (*LEVELS, "subunit")
_UNITS: Final = re.compile("[;；|｜\n]")
_MAIN: Final = re.compile(r"[(（](?:主部[门門]|primary|main)[)）]", re.IGNORECASE)
_COMMA: Final = re.compile("[,，、]")
_STEP: Final = re.compile(r"\s*(?:[>＞→»›]|\\|＼)\s*")
_SLASH: Final = re.compile(r"\s*[/／]\s*")
_DASH: Final = re.compile(r"\s*[-–—]\s*")
_SPACED_DASH: Final = re.compile(r"\s[-–—]\s")
_ANY_STEP: Final = re.compile(r"[/／>＞→»›\\＼-]")

READ_AS_PATH: Final = N_("{heading}: {cell} was read as a path, {unit} as a part of {parent}.")
READ_AS_NAME: Final = N_(
    "{heading}: {cell} was read as the name of one unit. If it is a path, write {path}."
)
READ_AS_ACCOUNT: Final = N_("{heading}: {cell} at the start of a path was read as {account}.")

UnitPath = tuple[str, ...]
"""A unit with all that stands above it, the top first."""


@dataclass
class UnitPaths:
    """What the cells of one column of units mean, each told by all of them."""

    heading: str
    account: str
    notes: dict[str, Message] = field(default_factory=dict)
    _under: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _alone: set[str] = field(default_factory=set)
    """Units that stand alone in a cell."""

    def __init__(self, cells: Iterable[str], *, heading: str, account: str) -> None:
        self.heading, self.account, self.notes = heading, account, {}
        self._under = defaultdict(set)
        pieces = {tidy(_MAIN.sub("", piece)) for cell in set(cells) for piece in _UNITS.split(cell)}
        self._alone = {unit_key(piece) for piece in pieces if not _COMMA.search(piece)}
        for piece in pieces:
            first, *rest = _steps(piece, _SLASH)
            self._under[unit_key(first)].add("/".join(rest))
        from_account = sum(unit_key(_first(piece)) == unit_key(account) for piece in pieces)
        self._is_from_account = 2 * from_account >= len(pieces)

    def units(self, cell: str) -> list[UnitPath]:
        """The units that a cell names, the account itself left out at their start: () is it."""
        pieces = [tidy(piece) for piece in self._pieces(cell) if tidy(piece)]
        return list(dict.fromkeys(self._path(piece) for piece in pieces))

    def of(self, line: SheetRecord) -> list[UnitPath]:
        """The units of a record, in one cell or in a column a level; none: the account itself."""
        paths = self.units(line.raw("unit")) if line.name("unit") else []
        if not any(map(line.has, _OF_LEVELS)):
            return paths
        above = [name for level in LEVELS if (name := line.name(level))]
        below = line.name("subunit")
        if not (above or below):
            return paths
        return [
            self._from_account([*above, *path, *([below] if below else [])])
            for path in (paths or [()])
        ]

    def _pieces(self, cell: str) -> list[str]:
        pieces = _UNITS.split(_MAIN.sub("", cell))
        if len(pieces) == 1 and _COMMA.search(cell):
            parts = _COMMA.split(pieces[0])
            if all(unit_key(part) in self._alone for part in parts):
                return parts
            if all(_ANY_STEP.search(part) and self._is_account(_first(part)) for part in parts):
                return parts
        return pieces

    def _path(self, piece: str) -> UnitPath:
        if not _ANY_STEP.search(piece):
            return (piece,)
        steps = _steps(piece, _STEP)
        if len(steps) == 1:
            steps = _steps(piece, _SLASH)
            if len(steps) > 1 and not self._is_path(piece, steps):
                return (piece,)
        if len(steps) == 1:
            dashed = _steps(piece, _DASH)
            is_path = len(dashed) > 1 and self._is_account(dashed[0])
            if is_path and (self._is_from_account or _SPACED_DASH.search(piece)):
                steps = dashed
        return self._from_account(steps) if len(steps) > 1 else (piece,)

    def _is_path(self, piece: str, steps: list[str]) -> bool:
        if self._is_account(steps[0]):
            return True
        told = {"heading": self.heading, "cell": piece}
        if len(self._under[unit_key(steps[0])]) > 1:
            self.notes[READ_AS_PATH] = Message(
                READ_AS_PATH, told | {"unit": steps[-1], "parent": steps[-2]}
            )
            return True
        self.notes[piece] = Message(READ_AS_NAME, told | {"path": " > ".join(steps)})
        return False

    def _is_account(self, name: str) -> bool:
        mine, other = unit_key(self.account), unit_key(name)
        if mine == other:
            return True
        shorter, longer = sorted((mine, other), key=len)
        is_like = len(shorter) > 1 and longer.startswith(shorter) and len(self._under) == 1
        if is_like:
            told = {"heading": self.heading, "cell": name, "account": self.account}
            self.notes[READ_AS_ACCOUNT] = Message(READ_AS_ACCOUNT, told)
        return is_like

    def _from_account(self, steps: list[str]) -> UnitPath:
        named = [step for place, step in enumerate(steps) if place == 0 or step != steps[place - 1]]
        if len(named) > 1 and self._is_account(named[0]):
            return (self.account, *named[1:])
        return tuple(named)


def unit_paths(lines: Iterable[SheetRecord], account: str | None) -> dict[str, UnitPaths]:
    """How the units of each account are written, by the account's name in the file."""
    cells: defaultdict[str, list[str]] = defaultdict(list)
    heading = "unit"
    for line in lines:
        heading = line.heading("unit")
        cells[account or line.name("account") or ""].append(line.raw("unit"))
    return {name: UnitPaths(of, heading=heading, account=name) for name, of in cells.items()}


def _steps(piece: str, sign: re.Pattern[str]) -> list[str]:
    return [step for step in sign.split(piece) if step] or [piece]


def _first(part: str) -> str:
    return tidy(_ANY_STEP.split(part.strip().lstrip("/\\"), maxsplit=1)[0])


def place_of(path: UnitPath | None, *, account: str, parent_unit: str | None) -> dict[str, Any]:
    """The unit of a row by its path, and what stands above it, as fields of the row."""
    *above, unit = path or (None,)
    if unit is None or (is_same_unit(unit, account) and not above):
        return {"unit": None}
    if not above:
        is_own = unit_key(parent_unit or "") == unit_key(unit)
        return {"unit": unit, "parent_unit": None if is_own else parent_unit}
    return {"unit": unit, "parent_unit": above[-1], "above": tuple(above)}


def is_same_unit(one: str, other: str) -> bool:
    """Whether two names are written alike, but for case and blanks."""
    return tidy(one).casefold() == tidy(other).casefold()
