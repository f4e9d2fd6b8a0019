"""How a day is read, in files as in forms and commands: one answer for all the ways to write it.

>>> one_day("2026年3月1日"), one_day("1 Mar 2026")
(datetime.date(2026, 3, 1), datetime.date(2026, 3, 1))
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from relmap.clock import day_of
from relmap.contracts.message import N_
from relmap.contracts.words import Precision
from relmap.errors import Unreadable
from relmap.names.folding import caseless, tidy

__all__ = ["DayRange", "day_range", "one_day"]

LONGEST: Final = 60  # nobody writes a day with more characters
REPUBLIC: Final = 1911  # the year before the first of the Republic of China
NO_DAY: Final = N_(
    "{text!r} is no date that relmap reads. Write it as year-month-day, such as 2026-07-01."
)


@dataclass(frozen=True, slots=True)
class DayRange:
    """A day known as well as a cell gives it: it lies in (``after``, ``on``].

    A full date has ``after`` one day before ``on``; ``2026-07`` reaches over the month.
    """

    after: date
    on: date
    precision: Precision


_YEAR_FIRST: Final = re.compile(
    r"(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*(?:[-/.月]\s*(\d{1,2})\s*日?|月)?|年)?"
)
_COMPACT: Final = re.compile(r"((?:19|2[0-2])\d\d)([01]\d)([0-3]\d)?")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_EXCEL_SERIAL: Final = re.compile(r"[2-6]\d{4}(?:\.0+)?")
_EXCEL_DAY_ZERO: Final = date(1899, 12, 30)
_TIME_OF_DAY: Final = re.compile(r"[t\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]m)?$")
_MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[t\s]+(\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*"
    r"(z|utc|gmt|(?:utc|gmt)?[+-]\d\d?(?::?\d\d)?)"
)
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_DAY_MONTH_NAME: Final = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s-]+)?([a-z]{3,9})\.?[\s-]+(\d{4})"
)
_MONTH_NAME_DAY: Final = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_REPUBLIC_YEAR: Final = re.compile(r"民[國国]\s*(\d{1,3})(?=\s*年)")


def day_range(text: str) -> DayRange:
    """The day that a text gives, to the day, the month or the year.

    A moment with a zone falls on a day of the book's zone. Raises ``Unreadable`` for what is no
    day, and for ``03/04/2026``, which is two days.
    """
    if moment := _MOMENT.fullmatch(caseless(text)):
        day = _day_of_moment(text, *moment.groups())
        return DayRange(day - timedelta(days=1), day, "day")
    return _written_day(text)


@lru_cache(maxsize=4096)
def _written_day(text: str) -> DayRange:
    plain = _REPUBLIC_YEAR.sub(lambda match: str(int(match[1]) + REPUBLIC), caseless(text))
    plain = _TIME_OF_DAY.sub("", plain)
    if match := _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _range(text, *(int(part) if part else None for part in match.groups()))
    if match := _YEAR_LAST.fullmatch(plain):
        return _range(text, int(match[4]), *_month_before_day(text, int(match[1]), int(match[3])))
    if match := _DAY_MONTH_NAME.fullmatch(plain):
        return _range(text, int(match[3]), _month(text, match[2]), int(match[1] or 0) or None)
    if match := _MONTH_NAME_DAY.fullmatch(plain):
        return _range(text, int(match[3]), _month(text, match[1]), int(match[2]))
    if _EXCEL_SERIAL.fullmatch(plain):
        day = _EXCEL_DAY_ZERO + timedelta(days=int(float(plain)))
        return DayRange(day - timedelta(days=1), day, "day")
    raise Unreadable(NO_DAY, text=tidy(text)[:40])


def _day_of_moment(text: str, day: str, time: str, zone: str) -> date:
    hours, _, minutes = zone.removeprefix("utc").removeprefix("gmt").partition(":")
    if hours in ("", "z"):
        offset = "+00:00"
    elif minutes or len(hours) <= 3:
        offset = f"{hours[0]}{hours[1:]:0>2}:{minutes or '00'}"
    else:
        offset = f"{hours[:-2]}:{hours[-2:]}"
    try:
        return day_of(datetime.fromisoformat(f"{day}T{time}{offset}"))
    except (ValueError, OverflowError):
        raise Unreadable(NO_DAY, text=tidy(text)[:40]) from None


def one_day(text: str) -> date:
    """The day that somebody typed; a month alone is none, nor the number of a spreadsheet's day.

    Raises ``Unreadable``.
    """
    try:
        return date.fromisoformat(text.strip())  # of any year: how far is for the caller to say
    except ValueError:
        pass
    if len(text) > LONGEST or _EXCEL_SERIAL.fullmatch(text.strip()):
        raise Unreadable(NO_DAY, text=tidy(text)[:40])
    found = day_range(text)
    if found.precision != "day":
        raise Unreadable(NO_DAY, text=tidy(text))
    return found.on


def _month_before_day(text: str, first: int, second: int) -> tuple[int, int]:
    if first == second or first > 12:
        return second, first
    if second > 12:
        return first, second
    raise Unreadable(
        "{text!r} may be two days: day first or month first. Write it as year-month-day, such as "
        "2026-07-01.",
        text=tidy(text),
    )


def _month(text: str, name: str) -> int:
    if name[:3] not in _MONTHS:
        raise Unreadable(NO_DAY, text=tidy(text)[:40])
    return _MONTHS[name[:3]]


def _range(
    text: str, year: int | None, month: int | None = None, day: int | None = None
) -> DayRange:
    one = timedelta(days=1)
    if year is None or not 1900 <= year <= 2200:
        raise Unreadable(
            "{text!r} lies outside the years 1900 to 2200. Write it as year-month-day, such as "
            "2026-07-01.",
            text=tidy(text),
        )
    try:
        if month is None:
            return DayRange(date(year, 1, 1) - one, date(year, 12, 31), "year")
        first = date(year, month, day or 1)
    except ValueError:
        raise Unreadable(
            "There is no day {text!r} in the calendar. Write it as year-month-day, such as "
            "2026-07-01.",
            text=tidy(text),
        ) from None
    if day is None:
        return DayRange(first - one, date(year, month, monthrange(year, month)[1]), "month")
    return DayRange(first - one, first, "day")
