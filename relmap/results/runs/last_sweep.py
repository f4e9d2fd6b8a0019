"""When a sweep last asked what is due, as its workers tell the pages through the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, insert, select

from relmap.models import LastSweep, db, utc_now, writing
from relmap.models.claims import is_anybody_at_work

__all__ = ["expect", "note", "still_since"]

LATE: Final = timedelta(minutes=2)
"""At least: one that waits behind a long turn is no standstill."""
LATE_SWEEPS: Final = 3


def note() -> None:
    """A sweep is here. Opens its own unit of work."""
    with writing():
        db.session.execute(delete(LastSweep))
        db.session.execute(insert(LastSweep).values(at=utc_now()))


def expect() -> None:
    """From now on sweeps should come, where none came so far. Opens its own unit of work."""
    if db.session.scalar(select(LastSweep.at)) is None:
        note()


def still_since(sweep_seconds: float) -> datetime | None:
    """Since when background work stands still; ``None`` while it goes on."""
    last: datetime | None = db.session.scalar(select(func.max(LastSweep.at)))
    late = max(LATE, timedelta(seconds=LATE_SWEEPS * sweep_seconds))
    if last is None or utc_now() - last < late or is_anybody_at_work():
        return None
    return last
