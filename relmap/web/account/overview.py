"""What stands above an account's grid: the open alerts, the score, whom to meet next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, or_, select

from relmap.clock import day_end, day_of, today
from relmap.contracts import Ref
from relmap.models import Account, Alert, Due, Scan, db
from relmap.results.reports.alerts import SEVERITY_ORDER, has_status
from relmap.results.reports.foresight import AccountForesight, read_account_foresight
from relmap.results.reports.scores import ScoreCard, read_scores
from relmap.web.account.score_panel import ScorePanel, score_panel
from relmap.web.account.suggestions import Suggestion, next_steps
from relmap.web.layout.sentences import Line, Names, line, names_of, refs_in, stored_alert
from relmap.web.outlook.plan_lines import PlanLine, plan_lines, refs_of_plan

__all__ = ["Overview", "overview_of", "score_of"]

ALERTS_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class Overview:
    """The three answers; ``steps`` is what the scores propose where there is no plan.

    ``watched_since`` is the first day on which relmap knew the account, where that is a later one.
    """

    alerts: tuple[tuple[Alert, Line], ...]
    alert_count: int
    watched_since: date | None
    score: ScorePanel
    steps: list[Suggestion]
    ahead: AccountForesight | None
    plan: list[PlanLine]
    names: Names


def overview_of(account: Account, day: date) -> Overview:
    """The answers as they stood on a day."""
    alerts, count = _open_alerts(account.id, day)
    return _overview(account, day, alerts, alert_count=count)


def score_of(account: Account, day: date) -> Overview:
    """The score and the next steps alone, and whether the score of the very day is awaited."""
    due = select(Due.id).where(Due.account_id == account.id, Due.on == day)
    return _overview(account, day, (), is_due=db.session.scalar(due) is not None)


def _overview(
    account: Account,
    day: date,
    alerts: Sequence[Alert],
    *,
    alert_count: int = 0,
    is_due: bool = False,
) -> Overview:
    card = read_scores(account.id, day)
    ahead = read_account_foresight(account.id, day) if day == today() else None
    names = _names(account, card, alerts, ahead)
    return Overview(
        alerts=tuple((alert, line(stored_alert(alert), names)) for alert in alerts),
        alert_count=alert_count,
        watched_since=_watched_since(account, day),
        score=score_panel(account, day, card, names, is_due=is_due),
        steps=next_steps(card, names),
        ahead=ahead,
        plan=plan_lines(ahead, names),
        names=names,
    )


def _watched_since(account: Account, day: date) -> date | None:
    """Since when alerts could be raised, where the day lies before."""
    since = day_of(account.recorded_at)
    if day >= since:
        return None
    scanned = db.session.scalar(select(func.min(Scan.on)).where(Scan.account_id == account.id))
    since = min(since, scanned or since)
    return since if day < since else None


def _open_alerts(account_id: int, day: date) -> tuple[list[Alert], int]:
    """The alerts that stood open on a day, urgent first, and how many there are (one query)."""
    open_then = has_status("open", today())
    if day < today():
        open_then = or_(open_then, Alert.closed_at >= day_end(day))
    rows = db.session.execute(
        select(Alert, func.count().over())
        .where(Alert.account_id == account_id, open_then, Alert.raised_on <= day)
        .order_by(SEVERITY_ORDER, Alert.raised_on.desc(), Alert.id.desc())
        .limit(ALERTS_SHOWN)
    ).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def _names(
    account: Account,
    card: ScoreCard | None,
    alerts: Sequence[Alert],
    ahead: AccountForesight | None,
) -> Names:
    """Today's names of everybody the answers mention (one query)."""
    refs = refs_in(stored_alert(alert) for alert in alerts)
    refs |= refs_of_plan(ahead) if ahead else set()
    for rule in card.rows if card else ():
        refs |= refs_in(rule.evidence) | refs_in(rule.actions)
    if account.owner_id:
        refs.add(Ref("person", account.owner_id))
    return names_of(refs)
