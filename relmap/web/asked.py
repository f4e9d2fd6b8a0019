"""What a request asks for: which day, which of some choices."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from flask import request

__all__ = ["chosen", "day_asked", "number_asked", "today", "wants_part"]


def today() -> date:
    """The day on which somebody looks at a page."""
    return date.today()


def day_asked() -> date:
    """The day of ``?on=``; today where none, a later or an unreadable one is asked for."""
    try:
        day = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return today()
    return min(day, today())


def wants_part() -> bool:
    """Whether htmx asks for the part alone, without the frame of the page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def chosen(name: str, allowed: Container[str]) -> str | None:
    """A choice of the query string, ``None`` where it is not one of those allowed."""
    value = request.args.get(name, "")
    return value if value in allowed else None


def number_asked(name: str) -> int | None:
    """A whole number of the query string, ``None`` where there is none."""
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 12 else None
