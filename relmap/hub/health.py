"""How rules fare: three failures in a row suspend one until its version changes or it is resumed.

None of these commits; what writes belongs inside ``with writing():``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from relmap.hub.engine import Outcome

__all__ = ["FAILURES_TO_SUSPEND", "record", "resume"]

FAILURES_TO_SUSPEND = 3


def record(outcomes: Iterable[Outcome], *, at: datetime) -> None:
    """Keep how the rules of one account fared; writes only where there is news."""
    raise NotImplementedError


def resume(plugin: str) -> None:
    """Let a plug-in's suspended rules run again; raises ``Refused`` where there are none."""
    raise NotImplementedError
