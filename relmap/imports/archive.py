"""The file of an import as it was kept: its cells, read again where they are needed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from relmap.contracts import Message
from relmap.errors import NotFound, Refused
from relmap.facts.audit import actor_id
from relmap.imports.sheets.row_places import row_at
from relmap.imports.sheets.snapshot_rows.reading import read_snapshot
from relmap.imports.sheets.snapshot_rows.row import SnapshotRow
from relmap.imports.sheets.table import Part, Remark, Table
from relmap.models import Import, db, utc_now

__all__ = [
    "get_import",
    "keep_file",
    "kept_cells",
    "parts_of",
    "row_of_import",
    "rows_of",
    "table_of",
]


def get_import(import_id: int) -> Import:
    """The import of this id; raises ``NotFound``."""
    found = db.session.get(Import, import_id)
    if found is None:
        raise NotFound(
            "There is no import {import_id}. `relmap import list` shows them all.",
            import_id=import_id,
        )
    return found


def kept_cells(table: Table) -> dict[str, Any]:
    """A table as an import keeps it."""
    kept: dict[str, Any] = {
        "header": list(table.header),
        "header_row": table.header_row,
        "records": [[line, list(cells)] for line, cells in table.records],
    }
    if table.digest:
        kept["digest"] = table.digest
    if table.repeats:
        kept["repeats"] = sorted(table.repeats)
    if table.remarks:
        kept["remarks"] = [
            {"row": remark.row, **remark.message.to_json()} for remark in table.remarks
        ]
    if len(table.parts) > 1:
        kept["parts"] = [
            [one.sheet, one.header_row, one.record_count, one.first] for one in table.parts
        ]
    return kept


def keep_file(
    kind: str,
    table: Table,
    *,
    account: str | None,
    column_map: Mapping[str, str],
    on: date | None = None,
    complete: bool = False,
) -> Import:
    """A new import with its file; it is held until its plan is written."""
    kept = Import(
        kind=kind,
        file_name=table.name[:300],
        on=on,
        complete=complete,
        status="held",
        account_name=account,
        column_map=dict(column_map),
        table=kept_cells(table),
        created_by=actor_id(),
        created_at=utc_now(),
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def table_of(kept: Import, *, only: Collection[int] | None = None) -> Table:
    """The table of an import, whole or of some lines."""
    return Table(
        name=kept.file_name,
        header=tuple(kept.table["header"]),
        records=tuple(
            (line, tuple(cells))
            for line, cells in kept.table["records"]
            if only is None or line in only
        ),
        header_row=kept.table.get("header_row", 1),
        repeats=frozenset(kept.table.get("repeats", ())),
        digest=kept.table.get("digest", ""),
        remarks=tuple(
            Remark(Message.from_json(one), one["row"]) for one in kept.table.get("remarks", ())
        ),
        parts=parts_of(kept),
    )


def parts_of(kept: Import) -> tuple[Part, ...]:
    """The sheets that the rows of an import were read from; none where it was one."""
    return tuple(Part(*one) for one in kept.table.get("parts", ()))


def row_of_import(import_id: int, text: str) -> int:
    """The number of a row that somebody names as it stands on its sheet: ``Contacts:3``."""
    parts = parts_of(get_import(import_id))
    row = row_at(text, parts)
    if row is None:
        raise Refused(
            "{text!r} is no row of import {import_id}. Give its number; of several sheets such as "
            "{sheet}:3.",
            text=text,
            import_id=import_id,
            sheet=parts[-1].sheet if parts else "Sheet1",
        )
    return row


def rows_of(import_id: int, *, only: Collection[int] | None = None) -> tuple[SnapshotRow, ...]:
    """The rows of a snapshot's file, as they stand today: erased names are gone from them."""
    kept = get_import(import_id)
    assert kept.on is not None
    table = table_of(kept, only=only)
    if not table.records:
        return ()
    sheet = read_snapshot(table, on=kept.on, account=kept.account_name, mapping=kept.column_map)
    return sheet.rows
