"""Days of the sample book, moved from the day of its files to the day on which it is loaded."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from relmap.insight.terms import months_on

__all__ = ["FROZEN_ON", "moment", "move", "move_month"]

FROZEN_ON: Final = date(2026, 11, 30)
"""The day of the files: the last of a month, so that what is ahead begins with a month."""
NEWEST: Final = date(2026, 10, 1)
"""From here to the day of the files, days are moved by shares instead of months."""


def move(day: date, today: date) -> date:
    """The day that is to ``today`` what ``day`` is to the day of the files.

    By whole months, so that terms and reviews still begin on the first of one. The last two months
    are as much shorter as ``today`` lies before the end of its own: what happened never lies ahead,
    what is ahead never lies back, and the order of days stays.
    """
    months = _months_to(today)
    if not NEWEST <= day <= FROZEN_ON:
        return months_on(day, months)
    begun = months_on(NEWEST, months)
    share = (day - NEWEST) / (FROZEN_ON - NEWEST)
    return begun + timedelta(days=round(share * (today - begun).days))


def move_month(month: int, today: date) -> int:
    """The month of the year in which a review falls once its days are moved."""
    return (month + _months_to(today) - 1) % 12 + 1


def moment(day: date, *, hour: int = 8) -> datetime:
    """A moment in working hours of a day, in UTC: when something of that day was written down."""
    return datetime.combine(day, time(hour), UTC)


def _months_to(today: date) -> int:
    return 12 * (today.year - FROZEN_ON.year) + today.month - FROZEN_ON.month
