"""Days and ages as pages write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from relmap.languages import day as written

__all__ = [
    "age_text",
    "day_text",
    "end_text",
    "leaving_text",
    "local_day",
    "short_day",
    "span_text",
    "start_text",
]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_text(day: date) -> str:
    """``21 Nov 2026``."""
    return written(day)


def local_day(moment: datetime) -> date:
    """The day of a moment where relmap runs: moments are kept in UTC, days are local."""
    return moment.astimezone().date()


def short_day(day: date, today: date) -> str:
    """``9 Nov``, with the year where it is another one."""
    return written(day, today=today)


def age_text(days: int) -> str:
    """How long ago: ``today``, ``9 d``, ``5 mo``, ``4 y``."""
    if days <= 0:
        return "today"
    if days < 120:
        return f"{days} d"
    if days < 700:
        return f"{round(days / 30.4)} mo"
    return f"{round(days / 365.25)} y"


def span_text(days: int) -> str:
    """A length of time in years or months: ``2.9 years``, ``5 months``, ``12 days``."""
    if days >= 365:
        return f"{days / 365.25:.1f} years"
    if days >= 60:
        return f"{round(days / 30.4)} months"
    return f"{days} day{'' if days == 1 else 's'}"


def start_text(starts_after: date | None, starts_on: date, precision: str = "day") -> str:
    """When a tenure began, as exactly as it is known."""
    if starts_after is None:
        return f"since {day_text(starts_on)} or before"
    found = _within(starts_after, starts_on, precision)
    return f"began {found}" if found.startswith("between") else f"since {found}"


def end_text(ends_after: date | None, ends_on: date, precision: str = "day") -> str:
    """When a tenure ended, as exactly as it is known."""
    if ends_after is None:
        return f"until {day_text(ends_on)} or before"
    found = _within(ends_after, ends_on, precision)
    return f"ended {found}" if found.startswith("between") else f"until {found}"


def leaving_text(ends_on: date | None, day: date) -> str:
    """``until 3 Mar`` where an end is announced that lies ahead of a day, else nothing."""
    return "" if ends_on is None or ends_on <= day else f"until {short_day(ends_on, day)}"


def _within(after: date, on: date, precision: str) -> str:
    if precision == "month":
        return f"{MONTHS[on.month - 1]} {on.year}"
    if precision == "year":
        return f"{on.year}"
    if on - after <= timedelta(days=1):
        return day_text(on)
    return f"between {day_text(after)} and {day_text(on)}"
