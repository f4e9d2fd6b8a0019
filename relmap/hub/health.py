"""How rules fare: three failures in a row suspend one until its version changes or it is resumed.

None of these commits; what writes belongs inside ``with writing():``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from relmap.errors import Refused
from relmap.facts import audit
from relmap.hub.engine import Outcome
from relmap.models import Change, PluginHealth, db

__all__ = ["FAILURES_TO_SUSPEND", "record", "resume"]

FAILURES_TO_SUSPEND = 3
NEWS_AFTER = timedelta(minutes=1)  # a rule that runs well is noted so often, not each account


def record(outcomes: Iterable[Outcome], *, at: datetime) -> None:
    """Keep how the rules of one account fared; writes only where there is news."""
    ran = [outcome for outcome in outcomes if outcome.ran]
    keys = [outcome.key for outcome in ran]
    query = select(PluginHealth).where(PluginHealth.rule_key.in_(keys)).with_for_update()
    rows = {row.rule_key: row for row in db.session.scalars(query)}
    for outcome in ran:
        row = rows.get(outcome.key)
        if row is None:
            row = PluginHealth(rule_key=outcome.key, plugin=outcome.plugin, failures_in_row=0)
            db.session.add(row)
            rows[outcome.key] = row
        if _is_news(row, outcome, at):
            _note(row, outcome, at)
    db.session.flush()


def _is_news(row: PluginHealth, outcome: Outcome, at: datetime) -> bool:
    return (
        _has_failed(outcome)
        or row.last_status != outcome.status
        or row.rule_version != outcome.version
        or row.last_ran_at is None
        or at - row.last_ran_at >= NEWS_AFTER
    )


def _has_failed(outcome: Outcome) -> bool:
    return outcome.status in ("failed", "timed_out")


def _note(row: PluginHealth, outcome: Outcome, at: datetime) -> None:
    if row.rule_version != outcome.version:  # a new version starts with a clean sheet
        row.rule_version = outcome.version
        row.failures_in_row, row.suspended_at = 0, None
    row.last_status, row.last_ran_at = outcome.status, at
    row.last_milliseconds = round(outcome.seconds * 1000, 2)
    if not _has_failed(outcome):
        row.failures_in_row, row.suspended_at = 0, None
        return
    row.failures_in_row += 1
    row.last_error, row.last_failed_at = outcome.reason, at
    if row.failures_in_row >= FAILURES_TO_SUSPEND and row.suspended_at is None:
        row.suspended_at = at


def resume(plugin: str) -> None:
    """Let a plug-in's suspended rules run again; raises ``Refused`` where there are none."""
    query = select(PluginHealth).where(
        PluginHealth.plugin == plugin, PluginHealth.suspended_at.is_not(None)
    )
    rows = db.session.scalars(query).all()
    if not rows:
        raise Refused(f"No rule of {plugin} is suspended.")
    for row in rows:
        row.failures_in_row, row.suspended_at = 0, None
    keys = sorted(row.rule_key for row in rows)
    db.session.add(
        Change(
            user_id=audit.actor_id(),
            verb="resume_plugin",
            kind="plugin_health",
            fact_id=0,
            after={"plugin": plugin, "rules": keys},
        )
    )
    db.session.flush()
