"""Scans: each alert rule compares the view it saw last with today's, and raises what is new.

An alert is known by its account, rule and key, and is raised once. A scan is kept when its rule
ended well: a rule that timed out sees the same stretch again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, exists, func, insert, or_, select

from relmap import graph
from relmap.contracts import AccountView, Ref
from relmap.errors import NotFound, Refused
from relmap.facts.locks import lock_accounts
from relmap.hub import health
from relmap.hub.engine import ActiveRule, Outcome, Runner
from relmap.hub.registry import Registry, measures_in_force, rules_in_force
from relmap.models import (
    Account,
    Coverage,
    Import,
    Post,
    Scan,
    StoredView,
    Tenure,
    Unit,
    db,
    utc_now,
    writing,
)
from relmap.models import Alert as StoredAlert
from relmap.models.chunks import chunked
from relmap.results.reports.forecasts import with_outlook
from relmap.results.runs.due import DueAccount, Views
from relmap.results.runs.floods import RuleAlert
from relmap.results.runs.raising import store_found
from relmap.results.runs.ruleset import alert_set

__all__ = [
    "drop_orphan_views",
    "due_accounts",
    "first_day",
    "refuse_older",
    "scan",
    "untold_departures",
]

ONE_DAY = timedelta(days=1)


class Seen(NamedTuple):
    """The newest scan of one rule."""

    id: int
    rule_key: str
    on: date
    revision: int
    ruleset: str
    view_digest: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one scan of an account compares: each rule's last scan, and the view of today."""

    account_id: int
    now: AccountView
    rules: tuple[ActiveRule, ...]
    last: Mapping[str, Seen]
    ruleset: str
    outcomes: dict[str, Outcome] = field(default_factory=dict)


def due_accounts(registry: Registry, day: date) -> list[DueAccount]:
    """The accounts that some rule has not seen on that day, at their revision, under this set."""
    force = rules_in_force(registry)
    if not force.alerts:
        return []
    ruleset = alert_set(force, measures_in_force())
    keys = {rule.key for rule in force.alerts}
    resting = {key: ids for key, ids in force.resting.items() if ids and key in keys}
    later = exists().where(Scan.account_id == Account.id, Scan.on > day)
    missing = or_(
        *(_unseen({key}, keys, day, ruleset) & Account.id.not_in(resting[key]) for key in resting),
        _unseen(keys - resting.keys(), keys, day, ruleset),
    )
    query = select(Account.id, Account.revision).where(missing, ~later).order_by(Account.id)
    return [DueAccount(row.id, (day, row.revision, ruleset)) for row in db.session.execute(query)]


def _unseen(wanted: set[str], keys: set[str], day: date, ruleset: str) -> ColumnElement[bool]:
    """SQL condition: one of the rules wanted has not seen the account as it is.

    Counted in one look, since scans under this set are of its rules alone, ``keys``.
    """
    seen = select(func.count(Scan.rule_key.distinct())).where(
        Scan.account_id == Account.id,
        Scan.on == day,
        Scan.ruleset_digest == ruleset,
        Scan.revision == Account.revision,
        Scan.rule_key.not_in(keys - wanted),
    )
    return seen.scalar_subquery() < len(wanted)


def scan(
    account_id: int,
    day: date,
    *,
    runner: Runner,
    registry: Registry,
    views: Views = graph.view,
) -> list[int]:
    """Look for what happened to an account since each alert rule last looked.

    Returns the ids of the alerts that were raised or reopened. Refused for a day before the newest
    scan's. Rules run outside any transaction; what they found is stored in one unit of work, by
    whoever comes first where two scan at once.
    """
    look = _look(account_id, day, registry, views)
    if look is None:
        return []
    compared = list(_by_before(look))
    db.session.rollback()  # rules take their time; all that is compared is of one moment
    for before, rules in compared:
        outcomes = runner.check(before, look.now, rules)
        look.outcomes.update({outcome.key: outcome for outcome in outcomes})
    if not look.outcomes:
        return []
    with writing():
        # Who comes second finds what the first stored, and raises nothing.
        lock_accounts([account_id])
        raised = _store(look)
        health.record(look.outcomes.values(), account_id=account_id, at=utc_now())
    return raised


def _look(account_id: int, day: date, registry: Registry, views: Views) -> Look | None:
    """The rules that have something to see, if any, what they saw last, and today's view."""
    force, measures = rules_in_force(registry), measures_in_force()
    ruleset = alert_set(force, measures)
    last = _last_scans(account_id)
    refuse_older([account_id], day)
    revision = db.session.scalar(select(Account.revision).where(Account.id == account_id))
    if revision is None:
        raise NotFound("There is no account {account_id}.", account_id=account_id)
    state = (day, revision, ruleset)
    rules = tuple(
        rule
        for rule in force.alerts
        if _state(last.get(rule.key)) != state and not force.rests(rule, account_id)
    )
    if not rules:
        return None
    now = with_outlook(views(account_id, day, measures=measures))
    return Look(account_id, now, rules, last, ruleset)


def _state(seen: Seen | None) -> tuple[date, int, str] | None:
    return None if seen is None else (seen.on, seen.revision, seen.ruleset)


def _last_scans(account_id: int) -> dict[str, Seen]:
    newest = select(func.max(Scan.id)).where(Scan.account_id == account_id).group_by(Scan.rule_key)
    columns = (Scan.id, Scan.rule_key, Scan.on, Scan.revision, Scan.ruleset_digest)
    rows = db.session.execute(select(*columns, Scan.view_digest).where(Scan.id.in_(newest)))
    return {row.rule_key: Seen(*row) for row in rows}


def refuse_older(account_ids: Sequence[int], day: date) -> None:
    """Refuse a day before the newest scan of any of these accounts."""
    for some in chunked(account_ids):
        newest = (
            select(Account.name, func.max(Scan.on).label("on"))
            .join(Scan, Scan.account_id == Account.id)
            .where(Account.id.in_(some))
            .group_by(Account.id)
            .having(func.max(Scan.on) > day)
            .order_by(Account.name)
        )
        row = db.session.execute(newest.limit(1)).one_or_none()
        if row is not None:
            raise Refused(
                "{line} was scanned on {on} and cannot be scanned on {day}, which is before "
                "it. Give a day from {on} on, or take back the scans after {day}: relmap scan "
                "--reset DAY",
                line=row.name,
                on=row.on,
                day=day,
            )


def _by_before(look: Look) -> Iterable[tuple[AccountView, list[ActiveRule]]]:
    """The rules grouped by the view they saw last."""
    groups: defaultdict[str | None, list[ActiveRule]] = defaultdict(list)
    for rule in look.rules:
        seen = look.last.get(rule.key)
        groups[None if seen is None else seen.view_digest].append(rule)
    for digest, rules in groups.items():
        yield _before(look, digest), rules


def _before(look: Look, digest: str | None) -> AccountView:
    if digest is not None:
        document = db.session.scalar(select(StoredView.document).where(StoredView.digest == digest))
        if document is not None:
            return AccountView.from_json(document, beside=look.now)
    day = first_day(look.account_id, look.now.as_of) - ONE_DAY
    return with_outlook(graph.view(look.account_id, day, measures=look.now.measures))


def first_day(account_id: int, until: date) -> date:
    """Where an account was never scanned: the first day whose changes a scan shows.

    The day of its newest snapshot, or of what that made end earlier (a leaver ends on the day a
    successor began); without a snapshot that of the newest change of tenure.
    """
    newest = _day_of_newest_snapshot(account_id, until) or _newest_change(account_id, until)
    days = [newest or until, *_days_of_withdrawn(account_id, until)]
    return min(days)


def untold_departures(account_ids: Sequence[int], day: date) -> dict[str, date]:
    """By account never scanned: the day from which a scan tells, where a list ended some before."""
    found = {}
    for account_id in account_ids:
        if _last_scans(account_id):
            continue
        first = first_day(account_id, day)
        earlier = (
            select(Account.name)
            .join(Unit, Unit.account_id == Account.id)
            .join(Post, Post.unit_id == Unit.id)
            .join(Tenure, Tenure.post_id == Post.id)
            .join(Import, Import.id == Tenure.end_import_id)
            .where(
                Account.id == account_id,
                Import.kind == "snapshot",
                Tenure.ends_on < first,
                Tenure.came(),
            )
        )
        name = db.session.scalar(earlier.limit(1))
        if name is not None:
            found[name] = first
    return found


def _days_of_withdrawn(account_id: int, until: date) -> list[date]:
    """When those left whose alerts an undo withdrew and whose departure is on record again.

    The undo dropped the scans as well, so that nothing else remembers that they are to be told.
    """
    keys = db.session.scalars(
        select(StoredAlert.key).where(
            StoredAlert.account_id == account_id,
            StoredAlert.status == "withdrawn",
            StoredAlert.key.startswith("tenure:"),
        )
    )
    tenures = [Ref.parse(key).id for key in keys]
    ended = select(Tenure.ends_on).where(Tenure.id.in_(tenures), Tenure.ends_on <= until)
    return [day for day in db.session.scalars(ended) if day is not None]


def _day_of_newest_snapshot(account_id: int, until: date) -> date | None:
    covered = (
        select(Coverage.on, Coverage.import_id)
        .join(Unit, Unit.id == Coverage.unit_id)
        .join(Import, Import.id == Coverage.import_id)
        .where(Unit.account_id == account_id, Import.status == "applied", Coverage.on <= until)
    )
    newest = db.session.execute(covered.order_by(Coverage.on.desc()).limit(1)).one_or_none()
    if newest is None:
        return None
    ended = select(func.min(Tenure.ends_on)).where(
        Tenure.end_import_id == newest.import_id, _is_here(account_id)
    )
    days: list[date | None] = [newest.on, db.session.scalar(ended)]
    return min(day for day in days if day is not None)


def _newest_change(account_id: int, until: date) -> date | None:
    """The newest day on which a tenure began or ended."""
    mine = select(Tenure.starts_on, Tenure.ends_on).where(_is_here(account_id)).subquery()
    days = [
        db.session.scalar(select(func.max(column)).where(column <= until))
        for column in (mine.c.starts_on, mine.c.ends_on)
    ]
    return max((day for day in days if day is not None), default=None)


def _is_here(account_id: int) -> ColumnElement[bool]:
    """SQL condition: the tenure is in a post of the account."""
    posts = select(Post.id).join(Unit, Unit.id == Post.unit_id).where(Unit.account_id == account_id)
    return Tenure.post_id.in_(posts)


# --- storing


def _store(look: Look) -> list[int]:
    """Raise what rules found and advance their scans, unless somebody else scanned meanwhile."""
    meanwhile = _last_scans(look.account_id)
    found: list[RuleAlert] = []
    seen: list[ActiveRule] = []
    for rule in look.rules:
        outcome = look.outcomes[rule.key]
        if outcome.status not in ("ok", "n/a"):
            continue
        if _number(meanwhile.get(rule.key)) != _number(look.last.get(rule.key)):
            continue
        found += [RuleAlert(rule, alert) for alert in outcome.alerts]
        seen.append(rule)
    if seen:
        _advance(look, seen)
    drop_orphan_views(look.account_id)
    return store_found(found, account_id=look.account_id, day=look.now.as_of)


def _number(seen: Seen | None) -> int | None:
    return None if seen is None else seen.id


def _advance(look: Look, rules: Sequence[ActiveRule]) -> None:
    """Keep today's view as what rules have seen; of a day, or a revision, the newest is enough.

    An undo that drops it falls back to an earlier day's: what was raised since is not raised again.
    Before a leap of days the older one stays as well: a clock may be ahead, and what it made us
    see be taken back.
    """
    digest, revision = look.now.digest, look.now.revision
    if db.session.scalar(select(StoredView.digest).where(StoredView.digest == digest)) is None:
        kept = {"digest": digest, "account_id": look.account_id, "document": look.now.to_json()}
        db.session.execute(insert(StoredView), [kept])
    just_before = (Scan.revision == revision) & (Scan.on >= look.now.as_of - ONE_DAY)
    older = delete(Scan).where(
        Scan.account_id == look.account_id,
        Scan.rule_key.in_([rule.key for rule in rules]),
        or_(Scan.on == look.now.as_of, just_before),
    )
    db.session.execute(older.execution_options(synchronize_session=False))
    scan = {
        "account_id": look.account_id,
        "on": look.now.as_of,
        "revision": revision,
        "ruleset_digest": look.ruleset,
        "view_digest": digest,
    }
    db.session.execute(insert(Scan), [scan | {"rule_key": rule.key} for rule in rules])


def drop_orphan_views(*account_ids: int) -> None:
    """Drop stored views that no scan rests on, of these accounts or of all. Does not commit."""
    orphans = delete(StoredView).where(~exists().where(Scan.view_digest == StoredView.digest))
    if account_ids:
        orphans = orphans.where(StoredView.account_id.in_(account_ids))
    db.session.execute(orphans.execution_options(synchronize_session=False))
