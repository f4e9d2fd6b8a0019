"""Back-tests that somebody asked for: asked, worked off by the sweep, read back.

The arithmetic is that of the command (:mod:`relmap.results.runs.past_forecasts`). A report keeps
figures only: its predictions, which name people, are printed by the command.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select

from relmap.contracts import Message, codec
from relmap.errors import NotFound, Refused
from relmap.facts.audit import actor_id
from relmap.facts.locks import get_for_change, lock_kind
from relmap.insight.back_test import BacktestReport
from relmap.models import BackTest, db, utc_now, writing
from relmap.results.runs.past_forecasts import histories, rotation_back_test

__all__ = ["ask_back_test", "asked_back_tests", "newest_back_tests", "refused_by", "run_back_test"]

EVERY_MONTHS: Final = 6
YEARS: Final = 2


def ask_back_test(account_id: int | None, today: date, *, horizon: int = 365) -> BackTest:
    """Ask for a back-test of an account, or of the whole book (``None``). Does not commit.

    It looks at half-yearly days of the two years before the horizon last ended. One that waits is
    not asked for again.
    """
    lock_kind(BackTest)  # two who ask at once would both find nothing and both insert
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
        raise NotFound("There is no back-test {back_test_id}.", back_test_id=back_test_id)
    account_id, every = asked.account_id, histories(today, asked.account_id)
    wanted: dict[str, Any] = {
        "start": asked.first_on,
        "end": asked.last_on,
        "every_months": asked.every_months,
        "horizon": asked.horizon,
    }
    db.session.rollback()
    report, refused = None, None
    try:
        report = _figures(rotation_back_test(every, account_id, today=today, **wanted))
    except Refused as why:
        refused = codec.dumps(why.message.to_json())
    with writing():
        row = get_for_change(BackTest, back_test_id)
        row.report, row.refused, row.computed_at = report, refused, utc_now()


def _figures(report: BacktestReport) -> dict[str, Any]:
    """The report as stored: without the predictions, with the count of accounts they are of."""
    figures = report.to_json()
    del figures["predictions"]
    return figures | {"accounts": len({row.account for row in report.predictions})}


def refused_by(stored: str) -> Message:
    """Why there is no report; a plain sentence of before there were messages as it stands."""
    is_message = stored.startswith("{")
    return Message.from_json(codec.parse(stored) if is_message else stored)


def newest_back_tests(account_id: int | None) -> tuple[BackTest | None, BackTest | None]:
    """The newest that was worked off, and the one that waits, of an account or the book."""
    of = BackTest.account_id.is_(None) if account_id is None else BackTest.account_id == account_id
    rows = db.session.scalars(select(BackTest).where(of).order_by(BackTest.id.desc()).limit(2))
    found = list(rows)
    done = next((row for row in found if row.computed_at is not None), None)
    waiting = next((row for row in found if row.computed_at is None), None)
    return done, waiting
