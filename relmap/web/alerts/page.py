"""Alerts: who rotated out, what hangs by one thread; why, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from relmap.clock import today, zone_name
from relmap.contracts import N_, Message, Ref
from relmap.contracts.words import SEVERITIES
from relmap.errors import Refused
from relmap.hub.registry import known_titles, registry_of
from relmap.languages import _, sort_key
from relmap.models import Account, Alert, Scan, db
from relmap.models.results import BY_ITSELF, OVER, PART
from relmap.permissions import Verb, accounts_open_to, can
from relmap.results.reports.alerts import (
    acknowledge,
    close,
    has_status,
    select_alerts,
    status_on,
)
from relmap.results.reports.asleep import behind_alerts
from relmap.results.reports.documents import first_evidence
from relmap.results.runs.scans_ahead import scans_ahead
from relmap.web.forms import Choice, Day, Form, Text, Watched, saved
from relmap.web.layout.names import WrittenName
from relmap.web.layout.query import chosen, number_asked
from relmap.web.layout.sentences import Line, Names, line, names_of, refs_in, stored_alert
from relmap.web.security.viewer import current_viewer
from relmap.web.standstill import standstill_of

Answer = Response | tuple[str, int]

pages = Blueprint("alerts", __name__, url_prefix="/alerts")

SHOWN: Final = 200
STATUSES: Final = {"open": N_("Open"), "acknowledged": N_("In hand"), "closed": N_("Closed")}
ORDER: Final = ("urgent", "warning", "note")


REASONS: Final = {
    "done": Message("Done"),
    "not_true": Message("It is not true"),
    "other": Message("In your own words"),
}


class AlertForm(Form):
    """What may be said of an alert, as long as nobody else has said something of it."""

    status = Watched(N_("State"), {key: Message(text) for key, text in STATUSES.items()})
    in_hand_until = Watched(N_("In hand until"), column="acknowledged_until")
    because = Watched(
        N_("Why"),
        REASONS
        | {
            OVER: Message("Its cause is gone"),
            PART: Message("Another alert tells it as a part"),
        },
        column="closed_reason",
    )


class InHandForm(AlertForm):
    """Somebody has it in hand."""

    until = Day(N_("until"), column=None, about="acknowledged_until", may_lie_ahead=True)

    def prepare(self) -> None:
        """From tomorrow on."""
        self.until.earliest = today() + timedelta(days=1)


class CloseForm(AlertForm):
    """It needs nobody any more, for a reason."""

    reason = Choice(N_("Why"), REASONS, column=None, default="not_true")
    words = Text(N_("In your own words"), column=None, about="closed_reason")

    @property
    def why(self) -> str:
        """The reason as it is stored: a word, or the person's own."""
        words: str = self.words.data or "" if self.reason.data == "other" else self.reason.data
        return words


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert of the list."""

    alert: Alert
    text: Line
    account: WrittenName | None
    status: str
    unwatched: Message | None


@dataclass(frozen=True, slots=True)
class Opened:
    """The alert beside the list, with its evidence and actions."""

    line: AlertLine
    evidence: tuple[Line, ...]
    actions: tuple[Line, ...]
    may_write: bool
    sent: AlertForm | None
    in_hand: InHandForm
    close: CloseForm


@pages.get("")
def index() -> str:
    """The alerts of all accounts the viewer may read; at 1440 px the first one opens beside."""
    return _page(None)


@pages.get("/<int:alert_id>")
def show(alert_id: int) -> str:
    """One alert opened, beside the others."""
    return _page(_alert_or_404(alert_id))


@pages.get("/count")
def count() -> str:
    """How many alerts stand open, for the navigation."""
    query = select(func.count()).where(
        has_status("open", today()),
        Alert.severity != "note",
        accounts_open_to(current_viewer(), "read", Alert.account_id),
    )
    return render_template("alerts/count.html", count=db.session.scalar(query) or 0)


@pages.post("/<int:alert_id>/acknowledge")
def take_in_hand(alert_id: int) -> Answer:
    """Somebody has it in hand, until a day where one is given."""
    form = InHandForm(_alert_or_404(alert_id, "write"), sent=True)
    until = form.until.data

    def take() -> None:
        if until is not None and until <= today():
            raise Refused(
                "The day it comes back must lie ahead: today is {today} ({zone}).",
                today=today(),
                zone=zone_name(),
                about="acknowledged_until",
            )
        acknowledge(alert_id, until=until)

    if not saved(form, take):
        return _page(form.row, form), form.http_status
    flash(_("It is in hand until {day}.", day=until) if until else _("It is in hand."))
    return redirect(url_for("alerts.show", alert_id=alert_id), 303)


@pages.post("/<int:alert_id>/close")
def close_it(alert_id: int) -> Answer:
    """It is dealt with, was not true, or the viewer's own words."""
    form = CloseForm(_alert_or_404(alert_id, "write"), sent=True)

    def write() -> None:
        if not form.why:
            raise Refused("Say in your own words why it is closed.", about="closed_reason")
        close(alert_id, reason=form.why)

    if not saved(form, write):
        return _page(form.row, form), form.http_status
    flash(_("The alert is closed. It stays away; you find it under Closed."))
    return redirect(url_for("alerts.index"), 303)


def _alert_or_404(alert_id: int, verb: Verb = "read") -> Alert:
    query = select(Alert).where(
        Alert.id == alert_id, accounts_open_to(current_viewer(), "read", Alert.account_id)
    )
    alert = db.session.scalar(query)
    if alert is None:
        abort(404)
    if verb != "read" and not can(current_viewer(), verb, alert.account_id):
        abort(403)
    return alert


def _page(opened: Alert | None, sent: AlertForm | None = None) -> str:
    """The list by severity, and one alert beside it: the one asked for, else the first."""
    status = chosen("status", STATUSES) or (_group_of(opened) if opened else "open")
    account_id, severity = number_asked("account"), chosen("severity", SEVERITIES)
    open_ones = _open_ones()
    rules = _rules(open_ones)
    rule = chosen("rule", rules)
    alerts = _alerts(status, account_id, severity, rule)
    shown = opened or (alerts[0] if alerts else None)
    names = _names([*alerts, *([shown] if shown else [])], shown)
    every = (*alerts, *([shown] if shown else []))
    asleep = behind_alerts({(alert.plugin, alert.rule_key) for alert in every})
    lines = [_line(alert, names, asleep) for alert in alerts]
    groups = [(key, [row for row in lines if row.alert.severity == key]) for key in ORDER]
    return render_template(
        "alerts/alerts.html",
        active="alerts",
        status=status,
        statuses=STATUSES,
        severity=severity,
        severities=ORDER,
        account_id=account_id,
        accounts=_accounts(open_ones),
        rule=rule,
        rules=rules,
        by_itself=BY_ITSELF,
        groups=groups,
        numbers={key: len(rows) for key, rows in groups},
        count=len(lines),
        is_cut=len(lines) == SHOWN,
        opened=_opened(shown, _line(shown, names, asleep), names, sent) if shown else None,
        is_asked_for=opened is not None,
        asked={"status": status, "account": account_id, "severity": severity, "rule": rule},
        today=today(),
        ahead=scans_ahead(today(), accounts_open_to(current_viewer(), "read", Scan.account_id)),
        still_since=standstill_of(current_app),
    )


def _group_of(alert: Alert) -> str:
    status = status_on(alert, today())
    return status if status in STATUSES else "closed"


def _alerts(
    status: str, account_id: int | None, severity: str | None, rule: str | None
) -> Sequence[Alert]:
    query = select_alerts(
        today=today(), account_id=account_id, status=status, rule=rule, viewer=current_viewer()
    )
    if severity:
        query = query.where(Alert.severity == severity)
    found: Sequence[Alert] = db.session.scalars(query.limit(SHOWN)).all()
    return found


def _names(alerts: Sequence[Alert], opened: Alert | None) -> Names:
    refs: set[Ref] = {Ref("account", alert.account_id) for alert in alerts}
    refs |= refs_in({"text": alert.text, "refs": alert.refs} for alert in alerts)
    if opened is not None:
        refs |= refs_in([stored_alert(opened)])
    return names_of(refs)


def _line(alert: Alert, names: Names, asleep: Mapping[str, Message]) -> AlertLine:
    return AlertLine(
        alert=alert,
        text=line(stored_alert(alert), names),
        account=names.get(Ref("account", alert.account_id)),
        status=status_on(alert, today()),
        unwatched=asleep.get(alert.rule_key),
    )


def _opened(alert: Alert, shown: AlertLine, names: Names, sent: AlertForm | None) -> Opened:
    return Opened(
        sent=sent,
        in_hand=sent if isinstance(sent, InHandForm) else InHandForm(alert),
        close=sent if isinstance(sent, CloseForm) else CloseForm(alert),
        line=shown,
        evidence=tuple(
            line(item, names, points=item.get("points")) for item in first_evidence(alert.evidence)
        ),
        actions=tuple(line(item, names) for item in alert.actions),
        may_write=can(current_viewer(), "write", alert.account_id),
    )


def _open_ones() -> Sequence[Any]:
    """The accounts and rules with open alerts, as far as the viewer reads them."""
    return db.session.execute(
        select(Account.id, Account.name, Alert.rule_key)
        .join(Alert, Alert.account_id == Account.id)
        .where(has_status("open", today()), accounts_open_to(current_viewer()))
        .distinct()
    ).all()


def _accounts(open_ones: Sequence[Any]) -> list[dict[str, Any]]:
    """The accounts with open alerts, for the filter."""
    names = {row.id: row.name for row in open_ones}
    rows = [{"id": number, "name": name} for number, name in names.items()]
    return sorted(rows, key=lambda account: sort_key(account["name"]))


def _rules(open_ones: Sequence[Any]) -> dict[str, str]:
    """The alert rules by their titles, for the filter; one that does not run by its key."""
    titles = known_titles(registry_of(current_app), "alert")
    found = {row.rule_key: row.rule_key for row in open_ones}
    found |= {key: _(title) for key, title in titles.items()}
    return dict(sorted(found.items(), key=lambda row: sort_key(row[1])))
