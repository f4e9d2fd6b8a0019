"""What is stored of an account's future, with the next steps that are open on the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, or_, select, type_coerce

from relmap.contracts import AccountView
from relmap.models import Forecast, Foresight, NextStep, PostOutlook, db
from relmap.models.packed import PackedJSON
from relmap.results.reports.forecasts import holding, newest_day

__all__ = [
    "AccountForesight",
    "OpenStep",
    "open_steps",
    "read_account_foresight",
    "read_post_outlooks",
    "with_newest_forecasts",
]


@dataclass(frozen=True, slots=True)
class OpenStep:
    """Somebody of us means to meet a person by a day."""

    id: int
    account_id: int
    person_id: int
    owner_id: int | None
    due_on: date


@dataclass(frozen=True, slots=True)
class AccountForesight:
    """The newest foresight at or before a day, and the next steps that are open on it."""

    on: date
    document: Mapping[str, Any]
    steps: tuple[OpenStep, ...]

    @property
    def plan(self) -> Mapping[str, Any]:
        """The stored plan."""
        found: Mapping[str, Any] = self.document["plan"]
        return found


def open_steps(view: AccountView) -> tuple[OpenStep, ...]:
    """The next steps that are open in a view."""
    account_id = view.account.ref.id
    return tuple(
        OpenStep(
            row.ref.id, account_id, row.person.id, row.owner.id if row.owner else None, row.due_on
        )
        for row in view.open_next_steps
    )


# --- read back


def read_account_foresight(account_id: int, day: date) -> AccountForesight | None:
    """What is stored at or before a day; ``None`` without a forecast. One query.

    The document comes with the first row only: it is large, and steps are many.
    """
    is_open = and_(
        NextStep.account_id == account_id,
        NextStep.planned_on <= day,
        or_(NextStep.done_on.is_(None), NextStep.done_on > day),
        or_(NextStep.dropped_on.is_(None), NextStep.dropped_on > day),
    )
    number = func.row_number().over(order_by=(NextStep.due_on, NextStep.id))
    document = type_coerce(case((number == 1, Foresight.document)), PackedJSON)
    query = (
        select(
            Foresight.on,
            document.label("document"),
            NextStep.id,
            NextStep.person_id,
            NextStep.owner_id,
            NextStep.due_on,
        )
        .outerjoin(NextStep, is_open)
        .where(Foresight.account_id == account_id, Foresight.on == newest_day(account_id, day))
        .order_by(NextStep.due_on, NextStep.id)
    )
    rows = db.session.execute(query).all()
    if not rows:
        return None
    return AccountForesight(
        on=rows[0].on,
        document=next(row.document for row in rows if row.document),
        steps=tuple(
            OpenStep(row.id, account_id, row.person_id, row.owner_id, row.due_on)
            for row in rows
            if row.id is not None
        ),
    )


def read_post_outlooks(seen: AccountView) -> tuple[AccountForesight | None, list[PostOutlook]]:
    """What is stored at or before the view's day, and its deciding posts (one query).

    The document comes with the first row only. Open steps are those of the view.
    """
    account_id = seen.account.ref.id
    number = func.row_number().over(order_by=PostOutlook.id)
    document = type_coerce(case((number == 1, Foresight.document)), PackedJSON)
    query = (
        select(Foresight.on, document.label("document"), PostOutlook)
        .outerjoin(PostOutlook, PostOutlook.account_id == Foresight.account_id)
        .where(
            Foresight.account_id == account_id,
            Foresight.on == newest_day(account_id, seen.as_of),
        )
        .order_by(PostOutlook.id)
    )
    rows = db.session.execute(query).all()
    if not rows:
        return None, []
    found = next(row.document for row in rows if row.document)
    posts = [row.PostOutlook for row in rows if row.PostOutlook is not None]
    return AccountForesight(rows[0].on, found, open_steps(seen)), posts


def with_newest_forecasts(view: AccountView) -> tuple[AccountView, AccountForesight | None]:
    """A view with the newest stored forecasts, and what is stored beside them (one query).

    Rules get the forecasts of their very day only; see ``with_outlook``.
    """
    account_id, day = view.account.ref.id, view.as_of
    number = func.row_number().over(order_by=Forecast.tenure_id)
    plan = type_coerce(case((number == 1, Foresight.document)), PackedJSON)
    of_the_day = and_(Forecast.account_id == account_id, Forecast.on == Foresight.on)
    query = (
        select(Foresight.on, plan.label("document"), Forecast)
        .outerjoin(Forecast, of_the_day)
        .where(Foresight.account_id == account_id, Foresight.on == newest_day(account_id, day))
        .order_by(Forecast.tenure_id)
    )
    rows = db.session.execute(query).all()
    if not rows:
        return view, None
    document = next(row.document for row in rows if row.document)
    stored = [row.Forecast for row in rows if row.Forecast is not None]
    return holding(view, stored), AccountForesight(rows[0].on, document, open_steps(view))
