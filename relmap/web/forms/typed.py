"""What somebody typed into a form: days; what cannot be read is refused in words."""

from __future__ import annotations

from datetime import date
from typing import Final

from relmap.errors import Refused

__all__ = ["day_of"]

LONGEST: Final = 20  # characters of what was typed that are repeated


def day_of(text: str) -> date:
    """The day of a text that somebody typed; raises ``Refused``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(
            "{typed!r} is no day. Write it as 2026-12-31.", typed=text[:LONGEST]
        ) from None
