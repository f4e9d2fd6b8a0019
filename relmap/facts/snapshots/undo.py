"""Takes an import back, of whatever kind, by what the audit log says of it."""

from __future__ import annotations

from relmap.facts.snapshots.report import ImportReport


def undo_import(import_id: int, user_id: int | None = None) -> ImportReport:
    """Delete what an import made and restore what it changed."""
    raise NotImplementedError
