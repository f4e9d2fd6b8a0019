"""The days of a change in words: when a tenure starts or ends, as exactly as a list knows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from relmap.languages import _
from relmap.names.days import as_known

__all__ = ["split_days"]


def split_days(side: Mapping[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """One side of a change: what it says of start and end, and its other columns.

    A day by itself, without what else is known of it, stays a column.
    """
    rest = dict(side)
    told = []
    if "starts_after" in side:
        told.append(_start(_day(rest.pop("starts_after")), _day(rest.pop("starts_on", None))))
    if "ends_after" in side or ("ends_on" in side and side["ends_on"] is None):
        told.append(_end(_day(rest.pop("ends_after", None)), _day(rest.pop("ends_on", None))))
    if told:
        rest.pop("precision", None)  # the words say it
    return told, rest


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _start(after: date | None, on: date | None) -> str:
    if on is None:
        return _("starts after {day}", day=after) if after else _("start not known")
    if after is None:
        return _("starts {day} or before", day=on)
    if _is_vague(after, on):
        return _("starts between {first} and {last}", first=after, last=on)
    return _("starts {day}", day=as_known(after, on))


def _end(after: date | None, on: date | None) -> str:
    if on is None:
        return _("ends after {day}", day=after) if after else _("no end")
    if after is None:
        return _("ends {day} or before", day=on)
    if _is_vague(after, on):
        return _("ends between {first} and {last}", first=after, last=on)
    return _("ends {day}", day=as_known(after, on))


def _is_vague(after: date, on: date) -> bool:
    return on - after > timedelta(days=1) and as_known(after, on) == on.isoformat()
