"""Since when nobody works beside the pages: as the keeper of that worker tells, or the database.

The keeper tells the web processes in memory that they share: a file could not be written where a
full disk is the reason.
"""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import Flask

from relmap.config import config_of
from relmap.models import utc_now
from relmap.results.runs import last_sweep

__all__ = ["Standstill", "standstill_of"]

KEY: Final = "relmap.standstill"
MOMENT: Final = struct.Struct("d")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Standstill:
    """Begins when the worker ends or cannot start, and ends when one runs steadily.

    Make it before the web processes are forked.
    """

    def __init__(self, app: Flask) -> None:
        self._shared = mmap.mmap(-1, MOMENT.size)
        app.extensions[KEY] = self

    @property
    def since(self) -> datetime | None:
        """When it began; ``None`` while the worker runs."""
        (moment,) = MOMENT.unpack_from(self._shared)
        return EPOCH + timedelta(seconds=moment) if moment else None

    def begin(self) -> None:
        """The worker does not run; one that stands still already does so since earlier."""
        if self.since is None:
            MOMENT.pack_into(self._shared, 0, utc_now().timestamp())

    def end(self) -> None:
        """The worker runs."""
        MOMENT.pack_into(self._shared, 0, 0)


def standstill_of(app: Flask) -> datetime | None:
    """Since when background work stands still; ``None`` too where nobody can say."""
    config = config_of(app)
    if config.broker_url:
        return last_sweep.still_since(config.sweep_seconds)
    kept: Standstill | None = app.extensions.get(KEY)
    return kept.since if kept else None
