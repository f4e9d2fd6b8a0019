"""How rules fare: one is suspended until its version changes or it is resumed.

For an account on which it failed three times in a row, and altogether once it failed on three
accounts in a row.

None of these commits; what writes belongs inside ``with writing():``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from relmap.errors import Refused
from relmap.facts import audit
from relmap.hub.engine import Outcome
from relmap.models import Change, PluginHealth, Score, db
from relmap.models.missing_rows import make_missing

__all__ = ["FAILURES_TO_SUSPEND", "RESTS", "record", "resting_accounts", "resume"]

FAILURES_TO_SUSPEND = 3  # one account may be odd; three in a row say that the rule is
RESTS = "Suspended for this account: "
NEWS_AFTER = timedelta(minutes=1)  # a rule that runs well is noted so often, not each account


def record(outcomes: Iterable[Outcome], *, account_id: int, at: datetime) -> None:
    """Keep how the rules of one account fared; writes only where there is news.

    Of a rule that runs well two accounts never wait for each other: one of them notes it. What is
    counted waits, so that no failure is lost.
    """
    account = str(account_id)
    ran = {outcome.key: outcome for outcome in outcomes if outcome.ran}
    if not ran:
        return
    rows = _rows(ran)
    counted = {row.rule_key for row in rows if _counts(row, ran[row.rule_key], account)}
    noted = {row.rule_key for row in rows if _is_news(row, ran[row.rule_key], at)} - counted
    # Those that are waited for come first, in one order: nobody waits who holds another.
    found = _locked(counted) if counted else ()
    for row in [*found, *(_locked(noted, skip_locked=True) if noted else ())]:
        _note(row, ran[row.rule_key], account, at)
    db.session.flush()


def _locked(keys: Iterable[str], *, skip_locked: bool = False) -> Sequence[PluginHealth]:
    """The rows of these rules as they are now, without those that others have if so asked."""
    query = select(PluginHealth).where(PluginHealth.rule_key.in_(keys))
    query = query.order_by(PluginHealth.rule_key).with_for_update(skip_locked=skip_locked)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def _rows(ran: Mapping[str, Outcome]) -> Sequence[PluginHealth]:
    """The rows of these rules; made where there are none, for which alone others wait."""
    query = select(PluginHealth).where(PluginHealth.rule_key.in_(ran))
    rows = db.session.scalars(query).all()
    missing = ran.keys() - {row.rule_key for row in rows}
    if not missing:
        return rows
    columns = [
        {"rule_key": key, "plugin": ran[key].plugin, "rule_version": ran[key].version}
        for key in sorted(missing)
    ]
    make_missing(PluginHealth, columns)
    return db.session.scalars(query).all()


def _counts(row: PluginHealth, outcome: Outcome, account: str) -> bool:
    """Whether it makes or ends a count of failures."""
    return (
        _has_failed(outcome)
        or row.failures_in_row > 0
        or account in row.account_failures
        or row.rule_version != outcome.version
    )


def _is_news(row: PluginHealth, outcome: Outcome, at: datetime) -> bool:
    return (
        row.last_status != outcome.status
        or row.last_ran_at is None
        or at - row.last_ran_at >= NEWS_AFTER
    )


def _has_failed(outcome: Outcome) -> bool:
    return outcome.status in ("failed", "timed_out")


def _note(row: PluginHealth, outcome: Outcome, account: str, at: datetime) -> None:
    if row.rule_version != outcome.version:  # a new version starts with a clean sheet
        row.rule_version = outcome.version
        row.failures_in_row, row.suspended_at, row.account_failures = 0, None, {}
    row.last_status, row.last_ran_at = outcome.status, at
    row.last_milliseconds = round(outcome.seconds * 1000, 2)
    before = row.account_failures.get(account, 0)
    others = {key: count for key, count in row.account_failures.items() if key != account}
    if not _has_failed(outcome):
        row.failures_in_row, row.suspended_at, row.account_failures = 0, None, others
        return
    row.account_failures = others | {account: before + 1}
    if not before:  # the same account again says no more of the others
        row.failures_in_row += 1
    row.last_error, row.last_failed_at = outcome.reason, at
    if row.failures_in_row >= FAILURES_TO_SUSPEND and row.suspended_at is None:
        row.suspended_at = at


def resting_accounts(account_failures: Mapping[str, int]) -> frozenset[int]:
    """The accounts for which a rule is suspended."""
    return frozenset(
        int(account) for account, count in account_failures.items() if count >= FAILURES_TO_SUSPEND
    )


def resume(plugin: str) -> None:
    """Let a plug-in's suspended rules run again; raises ``Refused`` where there are none."""
    query = select(PluginHealth).where(PluginHealth.plugin == plugin)
    query = query.order_by(PluginHealth.rule_key).with_for_update()
    rows = [
        row
        for row in db.session.scalars(query)
        if row.suspended_at is not None or resting_accounts(row.account_failures)
    ]
    if not rows:
        raise Refused("No rule of {plugin} is suspended.", plugin=plugin)
    for row in rows:
        row.failures_in_row, row.suspended_at, row.account_failures = 0, None, {}
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
    # Their accounts are due again: nothing in force tells that a rule rested for one of them.
    rested = select(Score.account_id).where(
        Score.rule_key.in_(keys), Score.reason.startswith(RESTS)
    )
    due = update(Score).where(Score.account_id.in_(rested)).values(ruleset_digest="")
    db.session.execute(due.execution_options(synchronize_session=False))
    db.session.flush()
