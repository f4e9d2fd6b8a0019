"""Says who an uncertain row is."""

from __future__ import annotations

from relmap.facts.snapshots.report import ImportReport


def resolve_row(
    import_id: int, row: int, *, same: int | None, user_id: int | None = None
) -> ImportReport:
    """Write what waits, under one answer or the other."""
    raise NotImplementedError
