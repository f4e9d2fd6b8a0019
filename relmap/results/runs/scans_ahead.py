"""Scans of days that have not come: found, told, and taken back.

A clock that was ahead for one sweep leaves scans of that day behind. Nothing new is told before
it comes, since a rule never looks back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select

from relmap.clock import day_end
from relmap.facts.locks import accounts_for_change
from relmap.models import Alert, Scan, db
from relmap.models.chunks import chunked
from relmap.results.runs.scanning import drop_orphan_views

__all__ = ["ScansAhead", "is_left_behind", "newest_day", "scans_ahead", "take_back"]

FAR: Final = timedelta(days=366)


@dataclass(frozen=True)
class ScansAhead:
    """Accounts of which nothing new is told until ``until``, the newest day that was scanned."""

    account_count: int
    until: date


def scans_ahead(today: date, *conditions: ColumnElement[bool]) -> ScansAhead | None:
    """What was scanned on days after today; ``None`` where nothing was, as it should be.

    ``conditions`` of its scans say of which accounts.
    """
    query = select(func.count(Scan.account_id.distinct()), func.max(Scan.on))
    count, until = db.session.execute(query.where(Scan.on > today, *conditions)).one()
    return ScansAhead(count, until) if count else None


def newest_day() -> date | None:
    """The newest day that was scanned."""
    return db.session.scalar(select(func.max(Scan.on)))


def is_left_behind(newest: date, today: date) -> bool:
    """Whether today lies so far after the newest scan that the clock is hardly right."""
    return today - newest > FAR


def take_back(account_ids: Sequence[int], day: date) -> list[int]:
    """Take back the scans after a day, and what they told; the ids of alerts that are withdrawn.

    The next scan compares with what was seen last up to that day. What is true still is told
    again, as people left it. Does not commit.
    """
    withdrawn: list[int] = []
    for account in accounts_for_change(account_ids):
        since = _first_after(account.id, day)
        if since is not None:
            withdrawn += _withdraw_alerts(account.id, day, since)
    for some in chunked(account_ids):
        db.session.execute(delete(Scan).where(Scan.account_id.in_(some), Scan.on > day))
        drop_orphan_views(*some)
    return withdrawn


def _first_after(account_id: int, day: date) -> datetime | None:
    """When an account was first scanned on a day after this one.

    Not before this day was over, where that has passed: by then relmap itself closed alerts only
    for what happened later.
    """
    query = select(func.min(Scan.scanned_at)).where(Scan.account_id == account_id, Scan.on > day)
    scanned = db.session.scalar(query)
    return None if scanned is None else min(scanned, day_end(day))


def _withdraw_alerts(account_id: int, day: date, since: datetime) -> list[int]:
    """Withdraw alerts that were raised after a day, and open those that relmap closed since."""
    withdrawn: list[int] = []
    for alert in db.session.scalars(select(Alert).where(Alert.account_id == account_id)):
        if alert.raised_on > day:
            if alert.status != "withdrawn":
                alert.status_before, alert.status = alert.status, "withdrawn"
                withdrawn.append(alert.id)
        elif alert.closed_at is not None and alert.closed_at >= since:
            alert.open_again()
    db.session.flush()
    return withdrawn
