"""Which day it is, and for whom: nobody else asks the clock for a day.

A moment is one all over the world, a day is not. The book has a zone (``RELMAP_TIMEZONE``), and so
may each user; only where neither is set does the machine's decide, and is named when it refuses.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from flask import current_app, has_app_context

from relmap.config import config_of, timezone_of

__all__ = [
    "ZONE_OF_READER",
    "book_zone",
    "day_end",
    "day_of",
    "local",
    "local_day",
    "today",
    "utc_now",
    "zone_name",
]

ZONE_OF_READER: Final = "relmap.zone_of_reader"  # in an app's extensions: asks whose zone counts


def utc_now() -> datetime:
    """This moment: when something is recorded, never when it was true."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is for who reads: of the user, else of the book."""
    return local_day(utc_now())


def local(moment: datetime) -> datetime:
    """A moment by the clock of who reads."""
    return moment.astimezone(_reader_zone())


def local_day(moment: datetime) -> date:
    """The day of a moment for who reads."""
    return local(moment).date()


def book_zone() -> tzinfo | None:
    """The zone set for the book; ``None``, which Python takes for the machine's, where none is."""
    name = config_of(current_app).timezone if has_app_context() else timezone_of(os.environ)
    return None if name is None else ZoneInfo(name)


def day_of(moment: datetime) -> date:
    """The day of a moment for the book: what is stored is the same whoever reads it."""
    return moment.astimezone(book_zone()).date()


def day_end(day: date) -> datetime:
    """The moment at which ``day`` is over for the book, in UTC."""
    zone = book_zone()
    return _end_of(day, zone) if zone else _midnight_after(day).astimezone(UTC)


@lru_cache(maxsize=2_000)  # a view asks for the same day with each of its rows
def _end_of(day: date, zone: tzinfo) -> datetime:
    return _midnight_after(day).replace(tzinfo=zone).astimezone(UTC)


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time())


def zone_name() -> str:
    """The zone that days are judged by, for who reads: ``Asia/Taipei``, else as ``UTC+08:00``."""
    zone = _reader_zone()
    return zone.key if isinstance(zone, ZoneInfo) else f"UTC{local(utc_now()).isoformat()[-6:]}"


def _reader_zone() -> tzinfo | None:
    asked = current_app.extensions.get(ZONE_OF_READER) if has_app_context() else None
    name = asked() if asked else None
    return book_zone() if name is None else ZoneInfo(name)
