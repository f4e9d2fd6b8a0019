"""When a sweep last asked what is due, as its workers tell the pages through the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select

from relmap.models import LastSweep, db, utc_now, writing
from relmap.models.claims import is_anybody_at_work

__all__ = ["note", "still_since"]

LATE: Final = timedelta(minutes=2)
"""A sweep comes every few seconds; one that waits behind a long turn is no standstill."""


def note() -> None:
    """A sweep is here. Opens its own unit of work."""
    with writing():
        db.session.execute(delete(LastSweep))
        db.session.execute(insert(LastSweep).values(at=utc_now()))


def still_since() -> datetime | None:
    """Since when background work stands still; ``None`` while it goes on, or never began."""
    last: datetime | None = db.session.scalar(select(LastSweep.at))
    if last is None or utc_now() - last < LATE or is_anybody_at_work():
        return None
    return last
