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

__all__ = ["DayRange", "as_known", "day_range", "one_day"]

LONGEST: Final = 60  # nobody writes a day with more characters
ERAS: Final = {  # the year before the first of each
    **dict.fromkeys(
        ("民国", "民國", ""), 1911
    ),  # the Republic of China's, the only one to reach 112
    **dict.fromkeys(("令和", "r"), 2018),
    **dict.fromkeys(("平成", "h"), 1988),
    **dict.fromkeys(("昭和", "s"), 1925),
}
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
_TIME_OF_DAY: Final = re.compile(
    r"[t\s]+(?:[上下中]午|凌晨|早上|晚上)?\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]m)?$"
)
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
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})[-/](\d{4})")
_WEEKDAY: Final = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+")
_SPELT_MOMENT: Final = re.compile(  # as browsers and mails write it
    r"(?:([a-z]{3}) (\d{1,2})|(\d{1,2}) ([a-z]{3})) (\d{4}) (\d\d:\d\d:\d\d)"
    r" ?((?:gmt|utc)?[+-]\d\d:?\d\d|gmt|utc|z)(?: \(.*\))?"
)
_DAY_MONTH_NAME: Final = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s-]+)?([a-z]{3,9})\.?[\s-]+(\d{4}|(?<=-)\d\d)"
)
_MONTH_NAME_DAY: Final = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_YEAR_OF_ERA: Final = re.compile(
    r"^(民[國国]|令和|平成|昭和)\s*(\d{1,3}|元)(?=\s*[-/.年])|^([rhs])\s*(\d{1,2})(?=[-/.年])"
    r"|^()(1[0-4]\d)(?=\s*[-/.年])"
)
_IN_CHARACTERS: Final = re.compile(
    "([〇零○一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})日?)?)?"
)
_FIGURES: Final = {figure: place for place, figure in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
}


def day_range(text: str) -> DayRange:
    """The day that a text gives, to the day, the month or the year.

    A moment with a zone falls on a day of the book's zone. Raises ``Unreadable`` for what is no
    day, and for ``03/04/2026``, which is two days.
    """
    plain = caseless(text)
    if spelt := _SPELT_MOMENT.fullmatch(_WEEKDAY.sub("", plain)):
        first, day_behind, day_before, second, year, time, zone = spelt.groups()
        month = _month(text, first or second)
        plain = f"{year}-{month:02}-{day_behind or day_before:0>2}t{time}{zone}"
    if moment := _MOMENT.fullmatch(plain):
        day = _day_of_moment(text, *moment.groups())
        return DayRange(day - timedelta(days=1), day, "day")
    return _written_day(text)


@lru_cache(maxsize=4096)
def _written_day(text: str) -> DayRange:
    plain = _WEEKDAY.sub("", _TIME_OF_DAY.sub("", caseless(text)))
    plain = _YEAR_OF_ERA.sub(_common_year, plain)
    if match := _IN_CHARACTERS.fullmatch(plain):
        year = "".join(str(_FIGURES[figure]) for figure in match[1])
        return _range(text, int(year), *(_figure(part) for part in match.groups()[1:]))
    if match := _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _range(text, *(int(part) if part else None for part in match.groups()))
    if match := _YEAR_LAST.fullmatch(plain):
        return _range(text, int(match[4]), *_month_before_day(text, int(match[1]), int(match[3])))
    if match := _MONTH_YEAR.fullmatch(plain):
        return _range(text, int(match[2]), int(match[1]))
    if match := _DAY_MONTH_NAME.fullmatch(plain):
        return _range(text, _in_full(match[3]), _month(text, match[2]), int(match[1] or 0) or None)
    if match := _MONTH_NAME_DAY.fullmatch(plain):
        return _range(text, int(match[3]), _month(text, match[1]), int(match[2]))
    if _EXCEL_SERIAL.fullmatch(plain):
        day = _EXCEL_DAY_ZERO + timedelta(days=int(float(plain)))
        return DayRange(day - timedelta(days=1), day, "day")
    raise Unreadable(NO_DAY, text=tidy(text)[:40])


def _common_year(match: re.Match[str]) -> str:
    era, year = (part for part in match.groups() if part is not None)
    return str(ERAS[era] + (1 if year == "元" else int(year)))


def _figure(text: str | None) -> int | None:
    """A month or a day in characters: 十二, 二十五."""
    if text is None:
        return None
    tens, ten, ones = text.rpartition("十")
    return (_FIGURES[tens] if tens else 1 if ten else 0) * 10 + (_FIGURES[ones] if ones else 0)


def _in_full(year: str) -> int:
    """A year of which a spreadsheet shows two figures, 1-Apr-23: as it reads them itself."""
    return int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 30 else 1900)


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


def as_known(after: date | None, on: date) -> str:
    """A day that lies in (``after``, ``on``] as far as it is known: to the day, month or year.

    >>> as_known(date(2027, 2, 28), date(2027, 3, 31)), as_known(None, date(2027, 3, 31))
    ('2027-03', '2027-03-31')
    """
    if after is not None and (on + timedelta(days=1)).day == 1:
        first = after + timedelta(days=1)
        if first == on.replace(day=1):
            return f"{on:%Y-%m}"
        if (on.month, first) == (12, on.replace(month=1, day=1)):
            return f"{on:%Y}"
    return on.isoformat()


def one_day(text: str) -> date:
    """The day that somebody typed; a month alone is none, nor the number of a spreadsheet's day.

    Raises ``Unreadable``.
    """
    try:
        return date.fromisoformat(text.strip())  # of any year: how far is for the caller to say
    except ValueError:
        pass
    if len(text) > LONGEST or _EXCEL_SERIAL.fullmatch(text.strip()):
        raise Unreadable(NO_DAY, text=tidy(text[:LONGEST])[:40])
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
        raise Unreadable(NO_DAY, text=tidy(text[:LONGEST])[:40])
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
    if day == 0 and year > 1900:  # a database's month without a day; 1900-01-00 is Excel's nothing
        day = None
    try:
        if month is None:
            return DayRange(date(year, 1, 1) - one, date(year, 12, 31), "year")
        first = date(year, month, 1 if day is None else day)
    except ValueError:
        raise Unreadable(
            "There is no day {text!r} in the calendar. Write it as year-month-day, such as "
            "2026-07-01.",
            text=tidy(text),
        ) from None
    if day is None:
        return DayRange(first - one, date(year, month, monthrange(year, month)[1]), "month")
    return DayRange(first - one, first, "day")
