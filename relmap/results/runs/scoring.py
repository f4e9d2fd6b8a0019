"""Scores: run what is due, store it under what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, exists, insert, select

from relmap import graph
from relmap.contracts import AccountView, codec
from relmap.errors import NotFound
from relmap.facts.locks import lock_accounts
from relmap.hub import health
from relmap.hub.engine import ActiveRule, Outcome, Runner
from relmap.hub.registry import Registry, RulesInForce, measures_in_force, rules_in_force
from relmap.models import Account, Due, Score, db, utc_now, writing
from relmap.results.reports.forecasts import with_outlook
from relmap.results.runs.due import DueAccount, Views
from relmap.results.runs.ruleset import scoring_set, suspended_among

__all__ = ["ask", "asked", "due_accounts", "score", "worked_off"]


@dataclass(frozen=True, slots=True)
class Pass:
    """What the scores of one account on one day rest on."""

    account_id: int
    view: AccountView
    force: RulesInForce
    ruleset: str


def due_accounts(registry: Registry, day: date) -> list[DueAccount]:
    """The accounts without scores of that day, their revision, these rules and settings."""
    force = rules_in_force(registry)
    if not force.scoring and not suspended_among(force, "score"):
        return []
    ruleset = scoring_set(force, measures_in_force())
    done = exists().where(
        Score.account_id == Account.id,
        Score.on == day,
        Score.revision == Account.revision,
        Score.ruleset_digest == ruleset,
    )
    query = select(Account.id, Account.revision).where(~done).order_by(Account.id)
    return [DueAccount(row.id, (day, row.revision, ruleset)) for row in db.session.execute(query)]


def score(
    account_id: int,
    day: date,
    *,
    runner: Runner,
    registry: Registry,
    retry: bool = False,
    views: Views = graph.view,
) -> bool:
    """Score an account on a day where that is due; whether there was anything to do.

    With ``retry`` rules that failed or timed out run again. Rules run outside any transaction,
    what they gave is stored in one unit of work. The view holds the forecasts of its day, so that
    another forecast is another view. Safe to run twice at once: what somebody stored meanwhile
    stays, unless it is of an older revision.
    """
    force, measures = rules_in_force(registry), measures_in_force()
    ruleset = scoring_set(force, measures)
    if not _is_due(account_id, day, ruleset, retry=retry):
        return False
    view = with_outlook(views(account_id, day, measures=measures))
    now = Pass(account_id, view, force, ruleset)
    kept = _reusable(now, day)
    rules = [rule for rule in force.scoring if rule.key not in kept]
    db.session.rollback()  # rules take their time
    outcomes = runner.score(now.view, [rule for rule in rules if not force.rests(rule, account_id)])
    with writing():
        lock_accounts([account_id])  # a command may just store the same: one of us does
        is_done = _is_done(now, day, retry=retry)
        if not is_done:
            _store(now, day, outcomes, kept)
        health.record(outcomes, account_id=account_id, at=utc_now())
    return not is_done


def _is_due(account_id: int, day: date, ruleset: str, *, retry: bool) -> bool:
    revision = db.session.scalar(select(Account.revision).where(Account.id == account_id))
    if revision is None:
        raise NotFound("There is no account {account_id}.", account_id=account_id)
    return _is_missing(_rows(account_id, day), revision, ruleset, retry=retry)


def _is_missing(rows: Sequence[Score], revision: int, ruleset: str, *, retry: bool) -> bool:
    """Whether the rows are not of this state, or one of them is to be tried again."""
    if retry and any(row.status in ("failed", "timed_out") for row in rows):
        return True
    return not any(row.revision == revision and row.ruleset_digest == ruleset for row in rows)


def _rows(account_id: int, day: date) -> Sequence[Score]:
    query = select(Score).where(Score.account_id == account_id, Score.on == day)
    return db.session.scalars(query.order_by(Score.rule_key)).all()


def _reusable(now: Pass, day: date) -> set[str]:
    """The keys of rules whose stored outcome rests on this very view, version and settings."""
    rests_on = {
        (row.rule_key, row.rule_version, row.settings_digest)
        for row in _rows(now.account_id, day)
        if row.view_digest == now.view.digest and row.status in ("ok", "n/a")
    }
    return {
        rule.key
        for rule in now.force.scoring
        if (rule.key, rule.version, rule.settings_digest) in rests_on
    }


def _is_done(now: Pass, day: date, *, retry: bool) -> bool:
    """Whether somebody stored these scores meanwhile, or some of a later revision."""
    rows, revision = _rows(now.account_id, day), now.view.revision
    is_newer = any(row.revision > revision for row in rows)
    return is_newer or not _is_missing(rows, revision, now.ruleset, retry=retry)


def _store(now: Pass, day: date, outcomes: Iterable[Outcome], kept: set[str]) -> None:
    """One row a rule, those ``kept`` as they are; what is not in force any more goes."""
    stored = {row.rule_key: row for row in _rows(now.account_id, day)}
    found = {outcome.key: outcome for outcome in outcomes}
    suspended = {row.rule.key: row for row in suspended_among(now.force, "score")}
    rules = [*now.force.scoring, *(row.rule for row in suspended.values())]
    for key in stored.keys() - {rule.key for rule in rules}:
        db.session.delete(stored[key])
    made = []
    for rule in rules:
        values = _rests_on(rule, now)
        if rule.key in found:
            values |= _result(found[rule.key])
        elif rule.key in suspended:
            values |= _nothing("failed", f"Suspended: {suspended[rule.key].reason}")
        elif rule.key not in kept:  # it rests for this account
            values |= _nothing("failed", f"{health.RESTS}{now.force.errors[rule.key]}")
        if rule.key in stored:
            for name, value in values.items():
                setattr(stored[rule.key], name, value)
        else:
            made.append({"account_id": now.account_id, "on": day, "rule_key": rule.key} | values)
    if made:
        db.session.execute(insert(Score), made)


def _rests_on(rule: ActiveRule, now: Pass) -> dict[str, Any]:
    """What a row says of the rule, the settings and the view that it rests on."""
    return {
        "plugin": rule.plugin,
        "rule_version": rule.version,
        "rule_title": rule.title,
        "weight": rule.weight,
        "settings_digest": rule.settings_digest,
        "ruleset_digest": now.ruleset,
        "view_digest": now.view.digest,
        "revision": now.view.revision,
    }


def _nothing(status: str, reason: str) -> dict[str, Any]:
    return {
        "computed_at": utc_now(),
        "status": status,
        "reason": reason,
        "points": None,
        "out_of": None,
        "evidence": [],
        "actions": [],
        "milliseconds": None,
    }


def _result(outcome: Outcome) -> dict[str, Any]:
    values = _nothing(outcome.status, outcome.reason)
    values["milliseconds"] = outcome.seconds * 1000
    if outcome.score is not None:
        values |= {
            "reason": None,
            "points": min(max(outcome.score.points, 0.0), outcome.score.out_of),
            "out_of": outcome.score.out_of,
            "evidence": codec.plain(outcome.score.evidence),
            "actions": codec.plain(outcome.score.actions),
        }
    return values


# --- days that somebody asked for


def ask(account_id: int, day: date) -> None:
    """Somebody wants the scores of that very day; the next sweep works it off. Does not commit."""
    lock_accounts([account_id])  # two who ask at once would both find nothing and both insert
    known = select(Due).where(Due.account_id == account_id, Due.on == day)
    if db.session.scalar(known) is None:
        db.session.add(Due(account_id=account_id, on=day))


def asked() -> list[tuple[int, int, date]]:
    """The days asked for and not worked off: (id, account, day), the oldest first."""
    rows = db.session.execute(select(Due.id, Due.account_id, Due.on).order_by(Due.id))
    return [(row.id, row.account_id, row.on) for row in rows]


def worked_off(due_id: int) -> None:
    """A day that was asked for has its scores now, or cannot have them. Does not commit."""
    db.session.execute(delete(Due).where(Due.id == due_id))
