"""The head of an account's pages: its name, its day, the slider over the days it changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask import url_for
from sqlalchemy import CompoundSelect, Integer, bindparam, select, union

from relmap.clock import today
from relmap.contracts import N_, AccountRow, AccountView, Message, Ref
from relmap.languages import _
from relmap.languages.formats import month_name
from relmap.models import Account, Post, Tenure, Unit, db
from relmap.web.layout.names import WrittenName, name_of, name_of_account
from relmap.web.layout.query import EARLIEST, day_refused
from relmap.web.layout.sentences import Names

__all__ = ["AccountHead", "Slider", "Tab", "account_head", "tabs"]

MARKS_SHOWN = 120
TABS = (
    ("grid", N_("Grid"), "account.overview"),
    ("map", N_("Map"), "maps.show"),
    ("people", N_("People"), "account.people"),
    ("outlook", N_("Outlook"), "outlook.of_account"),
    ("timeline", N_("Timeline"), "timeline.of_account"),
    ("history", N_("History"), "account.history"),
    ("what_if", N_("What if"), "what_if.show"),
)


@dataclass(frozen=True, slots=True)
class Slider:
    """The days one can look at: from the first we know of to today; ``marks`` are days of change.

    Each mark is (place from 0 to 250, whether it lies within the last 90 days).
    """

    first: date
    last: date
    value: int
    marks: tuple[tuple[float, bool], ...]

    @property
    def length(self) -> int:
        """Days from the first to the last."""
        return (self.last - self.first).days


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab below the head."""

    key: str
    label: str
    href: str
    href_today: str


@dataclass(frozen=True, slots=True)
class AccountHead:
    """What stands above every tab of an account."""

    id: int
    name: WrittenName
    tier: str | None
    facts: tuple[str, ...]
    owner: WrittenName | None
    policy: str | None
    day: date
    is_today: bool
    is_ahead: bool  # what is announced is shown
    refused: str | None  # why today is shown, where another day was asked for
    slider: Slider | None
    latest: date
    earliest: date = EARLIEST


def account_head(
    account: Account,
    day: date,
    names: Names | None = None,
    *,
    seen: AccountView | None = None,
    changed_on: list[date] | None = None,
) -> AccountHead:
    """The head of an account on a day: one query for the days, none for those of today's view.

    Owner and policy of a past day are those of its view, and left out without one.
    """
    is_known = seen is not None or day == today()
    days = changed_on or _days(account, day, seen)
    return AccountHead(
        id=account.id,
        name=name_of_account(account),
        tier=account.tier,
        facts=tuple(fact for fact in (account.region, account.industry) if fact),
        owner=_owner(account, names or Names(), seen) if is_known else None,
        policy=_policy(seen.account if seen else account) if is_known else None,
        day=day,
        is_today=day == today(),
        is_ahead=day > today(),
        refused=day_refused(day),
        slider=_slider(days, day),
        latest=max([*days, day, today()]),
    )


def _owner(account: Account, names: Names, seen: AccountView | None) -> WrittenName | None:
    if seen is None:
        return names.get(Ref("person", account.owner_id)) if account.owner_id else None
    if seen.account.owner is None:
        return None
    return name_of(seen.person(seen.account.owner))


def _days(account: Account, day: date, seen: AccountView | None) -> list[date]:
    if seen is None or day != today():
        return days_of_change(account.id)
    ends = (row.ends_on for row in seen.tenures if row.ends_on is not None)
    starts = (row.starts_on for row in (*seen.tenures, *seen.announced))
    return sorted({*starts, *ends})


def _policy(account: Account | AccountRow) -> str | None:
    months = account.rotation_months
    if months is None:
        return None
    term = Message("{count} month", {"count": months}, many="{count} months")
    if months % 12 == 0:
        term = Message("{count} year", {"count": months // 12}, many="{count} years")
    if account.review_month is None:
        return _("rotation after {term}", term=term)
    decided_in = month_name(date(2000, account.review_month, 1))
    return _("rotation after {term}, reviewed in {month}", term=term, month=decided_in)


def days_of_change(account_id: int) -> list[date]:
    """The days on which somebody came or went, sorted (one query)."""
    return sorted(db.session.scalars(_days_of_tenures(), {"account_id": account_id}))


@lru_cache(maxsize=1)  # putting the statement together costs more than running it
def _days_of_tenures() -> CompoundSelect[Any]:
    held = (
        select(Tenure.starts_on.label("day"), Tenure.ends_on)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.account_id == bindparam("account_id", type_=Integer))
        .subquery()
    )
    return union(select(held.c.day), select(held.c.ends_on).where(held.c.ends_on.is_not(None)))


def _slider(days: Iterable[date], day: date) -> Slider | None:
    past = [on for on in days if on <= today()]
    first = min([*past, day], default=day)
    last = today()
    if first >= last:
        return None
    span = (last - first).days
    recent = last - timedelta(days=90)
    shown = past[-MARKS_SHOWN:]
    marks = tuple((round(248 * (on - first).days / span, 1), on > recent) for on in shown)
    return Slider(first, last, min(day - first, last - first).days, marks)


def tabs(account_id: int, day: date) -> list[Tab]:
    """The tabs, each for the same day."""
    asked: dict[str, Any] = {} if day == today() else {"on": day.isoformat()}
    return [
        Tab(
            key,
            _(label),
            url_for(endpoint, account_id=account_id, **asked),
            url_for(endpoint, account_id=account_id),
        )
        for key, label, endpoint in TABS
    ]
