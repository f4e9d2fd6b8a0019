"""Old results go: scores, forecasts and scans stay for 30 days, then those of month-ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import delete, exists, extract, func, select

from relmap.clock import day_end
from relmap.models import BookRate, Forecast, Foresight, Scan, Score, db
from relmap.results.runs.scanning import drop_orphan_views

__all__ = ["KEPT_WHOLE", "thin"]

KEPT_WHOLE: Final = timedelta(days=30)


def thin(today: date) -> None:
    """Drop what is older than 30 days and not the last of its month. Does not commit.

    What was computed within the 30 days stays whatever day it is about: somebody asked for it. The
    newest scan of each rule is the last of its month and stays: the next one compares with it.
    """
    since = today - KEPT_WHOLE
    moment = day_end(since - timedelta(days=1))
    old_scores = delete(Score).where(
        Score.on < since, Score.computed_at < moment, Score.id.not_in(_last_of_month(Score))
    )
    old_scans = delete(Scan).where(
        Scan.on < since,
        Scan.scanned_at < moment,
        Scan.id.not_in(_last_of_month(Scan, Scan.rule_key)),
    )
    old_foresight = delete(Foresight).where(
        Foresight.on < since,
        Foresight.computed_at < moment,
        Foresight.id.not_in(_last_of_month(Foresight)),
    )
    of_a_kept_day = exists().where(
        Foresight.account_id == Forecast.account_id, Foresight.on == Forecast.on
    )
    old_forecasts = delete(Forecast).where(Forecast.on < since, ~of_a_kept_day)
    old_rates = delete(BookRate).where(BookRate.on < since)  # fitted again where one is asked for
    for statement in (old_scores, old_scans, old_foresight, old_forecasts, old_rates):
        db.session.execute(statement.execution_options(synchronize_session=False))
    drop_orphan_views()


def _last_of_month(table: Any, *also: Any) -> Any:
    """The ids of the rows of the newest day of each account and month (and of ``also``)."""
    month = (extract("year", table.on), extract("month", table.on))
    place = func.rank().over(
        partition_by=(table.account_id, *also, *month), order_by=table.on.desc()
    )
    ranked = select(table.id, place.label("place")).subquery()
    return select(ranked.c.id).where(ranked.c.place == 1)
