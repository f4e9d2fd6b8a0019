"""Imported files and their rows without the person: cells, told changes, rows that wait.

A name's cell reads ``?`` afterwards, which says of a seat that somebody unknown sits there; an
empty one would say that it is vacant.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select

from relmap.maintenance.erase.reach import ErasureReach
from relmap.models import Import, ImportRow, db
from relmap.models.chunks import IDS

__all__ = ["erase_from_imports"]

UNKNOWN: Final = "?"
RENAMED: Final = "person_renamed"
TOLD: Final = ("changes", "notes", "file_name", "held_because", "column_map")
WAITING: Final = ("waits", "reason")


def erase_from_imports(reach: ErasureReach) -> None:
    """Take the person out of every imported file; a row that waits for a word on them lapses."""
    for number in db.session.scalars(select(Import.id)).all():
        row = db.session.get_one(Import, number)  # one whole file in memory at a time
        near = _is_near(row, reach)
        table = _cleared_table(row.table, reach, near=near)
        if table != row.table:
            row.table = table
        row.changes = [_cleared_line(line, reach.forms.person_id) for line in row.changes]
        _clear_columns(row, TOLD, reach, near=near)
        db.session.flush()
        db.session.expunge(row)
    for waiting in db.session.scalars(select(ImportRow).execution_options(yield_per=IDS)):
        near = waiting.account_id in reach.accounts
        is_about = reach.forms.person_id in waiting.candidate_ids
        changed = _clear_columns(waiting, WAITING, reach, near=near)
        if waiting.status == "waiting" and (changed or is_about):
            waiting.status = "lapsed"
    db.session.flush()


def _is_near(row: Import, reach: ErasureReach) -> bool:
    """Whether a file is about one of the person's accounts; a held one may not say which."""
    return not row.account_ids or not reach.accounts.isdisjoint(row.account_ids)


def _cleared_line(line: Any, person_id: int) -> Any:
    """A told change; of a renamed person it holds the old and the new name."""
    if isinstance(line, dict) and line.get("person_id") == person_id and line["kind"] == RENAMED:
        return {**line, "before": "", "after": ""}
    return line


def _clear_columns(
    row: Import | ImportRow, columns: tuple[str, ...], reach: ErasureReach, *, near: bool
) -> bool:
    changed = False
    for column in columns:
        value = getattr(row, column)
        cleared = reach.forms.taken_out_of_json(value, near=near)
        if cleared != value:
            setattr(row, column, cleared)
            changed = True
    return changed


def _cleared_table(table: dict[str, Any], reach: ErasureReach, *, near: bool) -> dict[str, Any]:
    records = [
        [line, _cleared_record(cells, reach, near=near)] for line, cells in table.get("records", ())
    ]
    return {**table, "records": records}


def _cleared_record(cells: list[Any], reach: ErasureReach, *, near: bool) -> list[Any]:
    """One record; where it is the person's own, short ids go as well, which texts keep."""
    forms = reach.forms
    words = [cell for cell in cells if isinstance(cell, str)]
    if not forms.is_in(words):
        return cells
    is_known = any(forms.is_sure_id(cell) for cell in words)
    if not is_known and _is_namesakes(words, reach, near=near):
        return cells
    is_own = is_known or any(forms.is_name(cell) for cell in words)
    return [_cleared_cell(cell, reach, is_own=is_own, near=near) for cell in cells]


def _is_namesakes(cells: list[str], reach: ErasureReach, *, near: bool) -> bool:
    """Whether a record of that name is about somebody else, by another id or another account."""
    if not reach.forms.is_name_shared:
        return False
    others = {cell.strip().casefold() for cell in cells} & reach.ids_of_bearers
    return bool(others) or not near


def _cleared_cell(cell: Any, reach: ErasureReach, *, is_own: bool, near: bool) -> Any:
    if not isinstance(cell, str):
        return cell
    if reach.forms.is_name(cell):
        return UNKNOWN
    if is_own and reach.forms.is_value(cell):
        return ""
    return reach.forms.taken_out(cell, near=near)
