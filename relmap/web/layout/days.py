"""Spans and ages as pages write them; a day by itself is written by ``relmap.languages.day``."""

from __future__ import annotations

from datetime import date, timedelta

from relmap.languages import _, _c, day, tell
from relmap.languages.formats import month
from relmap.languages.spans import span

__all__ = [
    "age_text",
    "ago_text",
    "coming_text",
    "end_text",
    "leaving_text",
    "span_text",
    "start_text",
]


def age_text(days: int) -> str:
    """How long ago, briefly: ``today``, ``9 d``, ``5 mo``, ``4 y``."""
    if days <= 0:
        return _("today")
    if days < 120:
        return _("{count} d", count=days)
    if days < 700:
        return _("{count} mo", count=round(days / 30.4))
    return _("{count} y", count=round(days / 365.25))


def ago_text(days: int) -> str:
    """How long ago, in a sentence: ``today``, ``9 d ago``."""
    return _("today") if days <= 0 else _("{age} ago", age=age_text(days))


def span_text(days: int) -> str:
    """A length of time in years or months: ``2.9 years``, ``5 months``, ``12 days``."""
    return tell(span(days))


def start_text(
    starts_after: date | None, starts_on: date, precision: str = "day", *, is_ahead: bool = False
) -> str:
    """When a tenure began, or is to begin, as exactly as it is known."""
    if is_ahead:
        if starts_after is not None and _is_vague(starts_after, starts_on, precision):
            return _("begins between {first} and {last}", first=starts_after, last=starts_on)
        return _("from {day}", day=_as_known(starts_on, precision))
    if starts_after is None:
        return _("since {day} or before", day=starts_on)
    if _is_vague(starts_after, starts_on, precision):
        return _("began between {first} and {last}", first=starts_after, last=starts_on)
    return _("since {day}", day=_as_known(starts_on, precision))


def end_text(ends_after: date | None, ends_on: date, precision: str = "day") -> str:
    """When a tenure ended, as exactly as it is known."""
    if ends_after is None:
        return _("until {day} or before", day=ends_on)
    if _is_vague(ends_after, ends_on, precision):
        return _("ended between {first} and {last}", first=ends_after, last=ends_on)
    return _("until {day}", day=_as_known(ends_on, precision))


def leaving_text(ends_on: date | None, today: date) -> str:
    """``until 3 Mar`` where an end is announced that lies ahead of a day, else nothing."""
    if ends_on is None or ends_on <= today:
        return ""
    return _("until {day}", day=day(ends_on, today=today))


def coming_text(who: object, starts_on: date, today: date) -> str:
    """Who, or what post, is announced from which day on."""
    return _("{who} from {day}", who=who, day=day(starts_on, today=today))


def _is_vague(after: date, on: date, precision: str) -> bool:
    return precision == "day" and on - after > timedelta(days=1)


def _as_known(on: date, precision: str) -> str:
    if precision == "month":
        return month(on)
    return _c("year", "{year}", year=on.year) if precision == "year" else day(on)
