"""How accounts stand by what is stored, in the shapes that pages draw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Row, Select, bindparam, func, select

from relmap.languages import day
from relmap.models import Score, db
from relmap.results.reports.scores import ScoreCard, Total

__all__ = ["RuleRow", "ScoreLine", "change_since_month", "rules_of", "score_line"]

RuleRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """Totals over time as a small line, in a box of 86 by 26."""

    points: str
    x: float
    y: float
    label: str


def score_line(history: Sequence[Total]) -> ScoreLine | None:
    """The line of stored totals; ``None`` where there are fewer than two."""
    known = [(row.on, row.total) for row in history if row.total is not None]
    if len(known) < 2:
        return None
    first, last = known[0][0], known[-1][0]
    low = min(total for _, total in known)
    rise = max(10.0, max(total for _, total in known) - low)  # a flat year is drawn flat
    span = max(1, (last - first).days)
    places = [
        (3 + 80 * (on - first).days / span, 22 - 18 * (total - low) / rise) for on, total in known
    ]
    x, y = places[-1]
    return ScoreLine(
        points=" ".join(f"{a:.1f},{b:.1f}" for a, b in places),
        x=round(x, 1),
        y=round(y, 1),
        label=f"from {known[0][1]:.0f} on {day(first)} to {known[-1][1]:.0f}",
    )


def change_since_month(card: ScoreCard | None, history: Sequence[Total]) -> tuple[int, date] | None:
    """By how much the total differs from the newest one 30 days older, and of when that is."""
    if card is None or card.total is None:
        return None
    limit = card.on - timedelta(days=30)
    older = [row for row in history if row.on <= limit and row.total is not None]
    if not older:
        return None
    return round(card.total) - round(older[-1].total or 0), older[-1].on


def rules_of(account_ids: Sequence[int], day: date) -> dict[int, list[RuleRow]]:
    """The newest outcome of each rule for several accounts, without evidence (one query)."""
    found: defaultdict[int, list[RuleRow]] = defaultdict(list)
    asked = {"account_ids": list(account_ids), "day": day}
    for row in db.session.execute(_newest_rules(), asked):
        found[row.account_id].append(row)
    return found


@lru_cache(maxsize=1)
def _newest_rules() -> Select[*tuple[Any, ...]]:
    """Built once: putting it together takes longer than running it."""
    wanted = Score.account_id.in_(bindparam("account_ids", expanding=True))
    newest = (
        select(Score.account_id, func.max(Score.on).label("on"))
        .where(wanted, Score.on <= bindparam("day", type_=Date))
        .group_by(Score.account_id)
        .subquery()
    )
    columns = (
        Score.account_id,
        Score.on,
        Score.rule_title,
        Score.weight,
        Score.status,
        Score.points,
        Score.out_of,
    )
    is_newest = (newest.c.account_id == Score.account_id) & (newest.c.on == Score.on)
    return select(*columns).join(newest, is_newest).order_by(Score.id)
