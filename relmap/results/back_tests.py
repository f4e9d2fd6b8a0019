"""Back-tests that somebody asked for: asked, worked off by the sweep, read back.

A report keeps figures only. Its predictions, which name people, are printed by the command.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from relmap import graph
from relmap.errors import NotFound, Refused
from relmap.facts.audit import actor_id
from relmap.insight.backtest import BacktestReport, backtest
from relmap.insight.outlook import History, spells_of
from relmap.models import Account, BackTest, Post, Tenure, Unit, db, utc_now, writing

__all__ = ["ACCOUNTS", "ask_back_test", "asked_back_tests", "newest_back_tests", "run_back_test"]

ACCOUNTS: Final = 30
"""Of a larger book the accounts with the most tenures on record; a refit a day takes its time."""
EVERY_MONTHS: Final = 6
YEARS: Final = 2


def ask_back_test(account_id: int | None, today: date, *, horizon: int = 365) -> BackTest:
    """Ask for a back-test of an account, or of the whole book (``None``). Does not commit.

    It looks at half-yearly days of the two years before the horizon last ended. One that waits is
    not asked for again.
    """
    waiting = select(BackTest).where(
        BackTest.account_id.is_(None) if account_id is None else BackTest.account_id == account_id,
        BackTest.computed_at.is_(None),
    )
    found = db.session.scalars(waiting).first()
    if found is not None:
        return found
    last = today - timedelta(days=horizon)
    asked = BackTest(
        account_id=account_id,
        first_on=_years_before(last, YEARS),
        last_on=last,
        every_months=EVERY_MONTHS,
        horizon=horizon,
        asked_by=actor_id(),
    )
    db.session.add(asked)
    return asked


def _years_before(day: date, years: int) -> date:
    return date(day.year - years, day.month, min(day.day, 28))


def asked_back_tests() -> list[int]:
    """The ids of those asked for and not worked off, the oldest first."""
    waiting = select(BackTest.id).where(BackTest.computed_at.is_(None))
    return list(db.session.scalars(waiting.order_by(BackTest.id)))


def run_back_test(back_test_id: int, today: date) -> None:
    """Work off one that was asked for: reckoned outside any transaction, stored in one.

    What cannot be reckoned (too little history) is stored as the reason why. Raises ``NotFound``.
    """
    asked = db.session.get(BackTest, back_test_id)
    if asked is None:
        raise NotFound(f"There is no back-test {back_test_id}.")
    wanted = (asked.first_on, asked.last_on, asked.every_months, asked.horizon)
    histories = _histories(asked.account_id, today)
    db.session.rollback()
    report, refused = None, None
    try:
        report = _figures(_tested(histories, *wanted, today=today), len(histories))
    except Refused as why:
        refused = str(why)
    with writing():
        row = db.session.get_one(BackTest, back_test_id)
        row.report, row.refused, row.computed_at = report, refused, utc_now()


def _tested(
    histories: Sequence[History],
    first: date,
    last: date,
    every: int,
    horizon: int,
    *,
    today: date,
) -> BacktestReport:
    return backtest(
        histories,
        start=first,
        end=last,
        every_months=every,
        horizon=horizon,
        known_until=today,
    )


def _histories(account_id: int | None, today: date) -> list[History]:
    ids = [account_id] if account_id is not None else _longest()
    views = (graph.view(number, today) for number in ids)
    found = [History(view.account.name, spells_of(view)) for view in views]
    return [history for history in found if history.spells]


def _longest() -> list[int]:
    """The accounts with the most tenures on record."""
    query = (
        select(Account.id)
        .join(Unit, Unit.account_id == Account.id)
        .join(Post, Post.unit_id == Unit.id)
        .join(Tenure, Tenure.post_id == Post.id)
        .group_by(Account.id)
        .order_by(func.count().desc(), Account.id)
        .limit(ACCOUNTS)
    )
    return list(db.session.scalars(query))


def _figures(report: BacktestReport, accounts: int) -> dict[str, Any]:
    """The report as stored: without the predictions."""
    figures = report.to_json()
    del figures["predictions"]
    return figures | {"accounts": accounts}


def newest_back_tests(account_id: int | None) -> tuple[BackTest | None, BackTest | None]:
    """The newest that was worked off, and the one that waits, of an account or the book."""
    of = BackTest.account_id.is_(None) if account_id is None else BackTest.account_id == account_id
    rows = db.session.scalars(select(BackTest).where(of).order_by(BackTest.id.desc()).limit(2))
    found = list(rows)
    done = next((row for row in found if row.computed_at is not None), None)
    waiting = next((row for row in found if row.computed_at is None), None)
    return done, waiting
