"""What a request asks for: which day, which of some choices."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta
from typing import Final

from flask import request

from relmap.clock import today
from relmap.errors import Unreadable
from relmap.graph import last_announced
from relmap.insight.thresholds import HORIZON, HORIZONS
from relmap.languages import _
from relmap.names.days import one_day
from relmap.web.security.guard import LARGEST_ID

__all__ = [
    "EARLIEST",
    "chosen",
    "day_asked",
    "day_refused",
    "horizon_asked",
    "number_asked",
    "number_in",
    "wants_part",
]

YEAR: Final = timedelta(days=366)
EARLIEST = date(1900, 1, 1)  # nobody looks further back, and what is reckoned from it stays a day


def day_asked(account_id: int | None = None) -> date:
    """The day of ``?on=``; today where none is asked for, or one of :func:`day_refused`.

    A day ahead is shown of an account for which something is announced.
    """
    day = _day_written()
    if day is None or day < EARLIEST:
        return today()
    if day <= today() or (account_id is not None and day <= _last_day_ahead(account_id)):
        return day
    return today()


def _last_day_ahead(account_id: int) -> date:
    """Up to which day it can be told what is announced; today where nothing is."""
    last = last_announced(account_id, today())
    return today() if last is None else last + YEAR


def day_refused(shown: date) -> str | None:
    """What was asked for and why today is shown instead; ``None`` where nothing was refused."""
    asked = request.args.get("on", "").strip()
    if not asked:
        return None
    try:
        day = one_day(asked)
    except Unreadable as error:
        return _("{reason} You see today.", reason=error.message)
    if day == shown:
        return None
    if day > today():
        return _("{day} lies ahead, and nothing is known of it yet. You see today.", day=day)
    if day < EARLIEST:
        return _(
            "{day} lies before {year}: nothing is on file. You see today.",
            day=day,
            year=EARLIEST.year,
        )
    return None


def _day_written() -> date | None:
    try:
        return one_day(request.args.get("on", ""))
    except Unreadable:
        return None


def wants_part() -> bool:
    """Whether htmx asks for the part alone, without the frame of the page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def chosen(name: str, allowed: Container[str]) -> str | None:
    """A choice of the query string, ``None`` where it is not one of those allowed."""
    value = request.args.get(name, "")
    return value if value in allowed else None


def number_asked(name: str) -> int | None:
    """A whole number of the query string, ``None`` where there is none."""
    return number_in(request.args.get(name, ""))


def number_in(text: str) -> int | None:
    """The whole number of a field or an address, ``None`` where there is none a database holds."""
    if not (text.isascii() and text.isdecimal() and len(text) < 12):
        return None
    return number if (number := int(text)) <= LARGEST_ID else None


def horizon_asked() -> int:
    """How many days ahead, of those that forecasts are made for; else half a year."""
    days = number_asked("horizon")
    return days if days in HORIZONS else HORIZON
