"""What somebody typed into a form: days and numbers; what cannot be read is refused in words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from unicodedata import normalize

from flask import request

from relmap.errors import Refused
from relmap.web.layout.query import EARLIEST, today

__all__ = ["LATEST", "day_of", "day_typed", "number_typed", "share_typed"]

LATEST: Final = timedelta(days=20 * 366)
"""So far ahead a day may lie; further is a slip of the year."""
LONGEST: Final = 20  # characters of what was typed that are repeated


def day_typed(name: str, *, may_lie_ahead: bool = False) -> date | None:
    """The day of a field, ``None`` where it was left empty; raises ``Refused``."""
    text = _typed(name)
    if not text:
        return None
    day = day_of(text)
    if day > today() and not may_lie_ahead:
        raise Refused("{day} has not come.", day=day)
    if not EARLIEST <= day <= today() + LATEST:
        raise Refused("{day} lies too far away. Look at the year.", day=day)
    return day


def day_of(text: str) -> date:
    """The day of a text that somebody typed; raises ``Refused``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text[:LONGEST]!r} is no day. Write it as 2026-12-31.") from None


def number_typed(name: str, what: str) -> int | None:
    """The whole number of a field, ``None`` where it was left empty; raises ``Refused``."""
    text = _typed(name)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise Refused(f"{what}: {text[:LONGEST]!r} is no whole number.")
    return int(text)


def share_typed(name: str, what: str) -> float | None:
    """The number of a field, with a point or a comma; ``None`` where it was left empty."""
    text = _typed(name)
    if not text:
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise Refused(f"{what}: {text[:LONGEST]!r} is no number. Write it like 0.8.") from None


def _typed(name: str) -> str:
    if name not in request.form:  # what is missing is not what was emptied
        raise Refused("The form is not complete. Reload the page and try again.")
    return normalize("NFKC", request.form[name]).strip()  # digits may be full-width
