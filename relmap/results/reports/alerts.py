"""Alerts as people meet them: listed by severity, taken in hand, closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from flask import current_app
from sqlalchemy import ColumnElement, and_, case, func, or_, select

from relmap.config import config_of
from relmap.contracts import Ref
from relmap.errors import NotFound, Refused
from relmap.facts.audit import actor_id, revise
from relmap.facts.locks import lock
from relmap.facts.people import shown_id
from relmap.languages import tell
from relmap.models import Account, Alert, ExternalId, Post, Tenure, Unit, User, db, utc_now
from relmap.models.chunks import chunked
from relmap.models.results import BY_ITSELF
from relmap.permissions import accounts_open_to
from relmap.results.ref_names import filled, plain_names, ref_with_name, refs_in
from relmap.results.reports.asleep import behind_alerts
from relmap.results.reports.documents import (
    actions_with_names,
    evidence_with_names,
    refs_with_names,
)

__all__ = [
    "acknowledge",
    "as_json",
    "close",
    "external_ids_of",
    "get_alert",
    "has_status",
    "list_alerts",
    "open_counts",
    "select_alerts",
    "status_on",
]

SEVERITY_ORDER: Final = case(
    (Alert.severity == "urgent", 0), (Alert.severity == "warning", 1), else_=2
)


def get_alert(alert_id: int) -> Alert:
    """The alert of this id; raises ``NotFound``."""
    alert = db.session.get(Alert, alert_id)
    if alert is None:
        raise NotFound("There is no alert {alert_id}.", alert_id=alert_id)
    return alert


# --- what people do


def acknowledge(alert_id: int, *, until: date | None = None) -> Alert:
    """Somebody has it in hand; with ``until`` it comes back on that day. Does not commit."""
    alert = get_alert(alert_id)
    lock(alert)
    if alert.status not in ("open", "acknowledged"):
        raise Refused(
            "Alert {alert_id} is {alert_status}: only an open one can be acknowledged.",
            alert_id=alert_id,
            alert_status=alert.status,
        )
    values = {
        "status": "acknowledged",
        "acknowledged_until": until,
        "acknowledged_by": actor_id(),
        "acknowledged_at": utc_now(),
    }
    revise("acknowledge_alert", alert, values, account_id=alert.account_id)
    return alert


def close(alert_id: int, *, reason: str) -> Alert:
    """It is dealt with (``done``), was ``not_true``, or the person's own words. Does not commit."""
    alert = get_alert(alert_id)
    words = reason.strip()
    if not words:
        raise Refused("Say why: done, not_true, or your own words.", about="closed_reason")
    lock(alert)
    if alert.status in ("closed", "withdrawn"):
        raise Refused(
            "Alert {alert_id} is {alert_status} already.",
            alert_id=alert_id,
            alert_status=alert.status,
        )
    values = {
        "status": "closed",
        "closed_reason": words,
        "closed_by": actor_id(),
        "closed_at": utc_now(),
    }
    revise("close_alert", alert, values, account_id=alert.account_id)
    return alert


# --- reading


def has_status(status: str, today: date) -> ColumnElement[bool]:
    """SQL condition: the alert stands so today; acknowledged until a day it is open from then."""
    is_back = and_(Alert.status == "acknowledged", Alert.acknowledged_until <= today)
    if status == "open":
        return or_(Alert.status == "open", is_back)
    if status == "acknowledged":
        is_quiet = or_(Alert.acknowledged_until.is_(None), Alert.acknowledged_until > today)
        return and_(Alert.status == "acknowledged", is_quiet)
    return Alert.status == status


def status_on(alert: Alert, today: date) -> str:
    """How the alert stands today; see :func:`has_status`."""
    until = alert.acknowledged_until
    is_back = alert.status == "acknowledged" and until is not None and until <= today
    return "open" if is_back else alert.status


def select_alerts(
    *,
    today: date,
    account_id: int | None = None,
    status: str | None = None,
    rule: str | None = None,
    viewer: User | None = None,
) -> Any:
    """A select of alerts, of one rule where one is named; the most urgent first, then the newest.

    Without a status those that are open or acknowledged; with a viewer those of accounts that the
    user may read.
    """
    standing = or_(has_status("open", today), has_status("acknowledged", today))
    query = select(Alert).where(standing if status is None else has_status(status, today))
    if account_id is not None:
        query = query.where(Alert.account_id == account_id)
    if rule is not None:
        query = query.where(Alert.rule_key == rule)
    if viewer is not None:
        query = query.where(accounts_open_to(viewer, "read", Alert.account_id))
    return query.order_by(SEVERITY_ORDER, Alert.raised_on.desc(), Alert.id.desc())


def list_alerts(
    *,
    today: date,
    account_id: int | None = None,
    status: str | None = None,
    rule: str | None = None,
) -> list[dict[str, Any]]:
    """Alerts with names, as ``relmap alerts --json`` prints them; see :func:`select_alerts`."""
    query = select_alerts(today=today, account_id=account_id, status=status, rule=rule)
    return as_json(db.session.scalars(query).all(), today=today)


def open_counts(account_ids: Sequence[int], today: date) -> dict[int, int]:
    """How many alerts stand open, by account; accounts without any are absent."""
    query = (
        select(Alert.account_id, func.count().label("number"))
        .where(Alert.account_id.in_(account_ids), has_status("open", today))
        .group_by(Alert.account_id)
    )
    return {row.account_id: row.number for row in db.session.execute(query)}


# --- as commands print them


def as_json(alerts: Iterable[Alert], *, today: date) -> list[dict[str, Any]]:
    """Alerts with their names filled in, and where their people sit today: four queries."""
    rows = list(alerts)
    owners = _owners({row.account_id for row in rows})
    refs = {Ref("account", row.account_id) for row in rows} | set(owners.values())
    for row in rows:
        refs |= refs_in([{"refs": row.refs}, *row.evidence, *row.actions])
    names = plain_names(refs)
    people = {_first(row, "person") for row in rows} - {None}
    ids = [person.id for person in people if person is not None]
    external, places = external_ids_of(ids), _posts_held(ids, today)
    asleep = behind_alerts({(row.plugin, row.rule_key) for row in rows})
    return [
        _alert(row, names, external, today)
        | _now_at(row, places)
        | {"owner": _owner(row, owners, names), "address": _address(row)}
        | {"unwatched": tell(asleep[row.rule_key]) if row.rule_key in asleep else None}
        for row in rows
    ]


def _owners(account_ids: Iterable[int]) -> dict[int, Ref]:
    """Who of us has each account; accounts without anybody are absent."""
    found: dict[int, Ref] = {}
    for some in chunked(account_ids):
        query = select(Account.id, Account.owner_id).where(Account.id.in_(some))
        rows = db.session.execute(query.where(Account.owner_id.is_not(None)))
        found |= {row.id: Ref("person", row.owner_id) for row in rows}
    return found


def _owner(
    row: Alert, owners: Mapping[int, Ref], names: Mapping[Ref, str]
) -> dict[str, Any] | None:
    """Who of us is to act: of the first thing to do, else who has the account."""
    of_actions = (Ref.parse(action["owner"]) for action in row.actions if action.get("owner"))
    owner = next(of_actions, owners.get(row.account_id))
    return None if owner is None else ref_with_name(owner, names)


def _address(row: Alert) -> str:
    return f"{config_of(current_app).public_url}/alerts/{row.id}"


def _now_at(row: Alert, places: Mapping[int, list[dict[str, str]]]) -> dict[str, Any]:
    person = _first(row, "person")
    return {"now_at": [] if person is None else places.get(person.id, [])}


def _alert(
    row: Alert, names: Mapping[Ref, str], external: Mapping[int, str | None], today: date
) -> dict[str, Any]:
    person = _first(row, "person")
    return {
        "id": row.id,
        "account": names[Ref("account", row.account_id)],
        "rule": row.rule_key,
        "key": row.key,
        "severity": row.severity,
        "status": status_on(row, today),
        "text": filled({"text": row.text, "refs": row.refs, "values": row.values}, names),
        "person": None if person is None else names[person],
        "external_id": None if person is None else external.get(person.id),
        "post": _name_of_first(row, "post", names),
        "unit": _name_of_first(row, "unit", names),
        "happens_on": happens_on(row.values),
        "raised_on": row.raised_on.isoformat(),
        "closed_reason": _closed_reason(row, names),
        "refs": refs_with_names(row.refs, names),
        "values": row.values,
        "evidence": evidence_with_names(row.evidence, names),
        "actions": actions_with_names(row.actions, names),
    }


def happens_on(values: Mapping[str, Any]) -> str | None:
    """The day of what an alert is about, where its rule gave one: when somebody left, or will."""
    return next((values[name] for name in ("ended_on", "day") if values.get(name)), None)


def _closed_reason(row: Alert, names: Mapping[Ref, str]) -> str | None:
    is_by_itself = row.closed_reason in BY_ITSELF and row.evidence
    return filled(row.evidence[0], names) if is_by_itself else row.closed_reason


def _first(row: Alert, kind: str) -> Ref | None:
    refs = (Ref.parse(ref) for ref in row.refs)
    return next((ref for ref in refs if ref.kind == kind), None)


def _name_of_first(row: Alert, kind: str, names: Mapping[Ref, str]) -> str | None:
    ref = _first(row, kind)
    return None if ref is None else names[ref]


def external_ids_of(person_ids: Sequence[int]) -> dict[int, str | None]:
    """One id elsewhere of each person, spelled as imports tell it."""
    query = select(ExternalId.person_id, ExternalId.kind, ExternalId.written)
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for some in chunked(person_ids):
        rows = query.where(ExternalId.person_id.in_(some)).order_by(ExternalId.id)
        for row in db.session.execute(rows):
            found[row.person_id].append((row.kind, row.written))
    return {person_id: shown_id(ids) for person_id, ids in found.items()}


def _posts_held(person_ids: Sequence[int], day: date) -> dict[int, list[dict[str, str]]]:
    """The posts people hold on a day, in whichever account: ``{"account", "unit", "post"}``.

    An alert's rule saw one account only; this tells of who went to another.
    """
    query = (
        select(Tenure.person_id, Account.name, Unit.name, Post.title)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Account, Account.id == Unit.account_id)
        .where(Tenure.holding(day))
        .order_by(Tenure.starts_on, Tenure.id)
    )
    found: defaultdict[int, list[dict[str, str]]] = defaultdict(list)
    for some in chunked(person_ids):
        rows = db.session.execute(query.where(Tenure.person_id.in_(some)))
        for person_id, account, unit, post in rows:
            found[person_id].append({"account": account, "unit": unit, "post": post})
    return found
