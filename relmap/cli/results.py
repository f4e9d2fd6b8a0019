"""Scores and alerts at the command line."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from relmap import jobs
from relmap.cli.options import (
    DAY,
    ListedFirst,
    account_named,
    day_option,
    json_option,
    today,
    with_app,
)
from relmap.cli.printing import print_json, say
from relmap.clock import zone_name
from relmap.contracts import N_
from relmap.errors import Refused
from relmap.facts import structure
from relmap.languages import _, label, word
from relmap.models import writing
from relmap.results.reports import alerts as stored_alerts
from relmap.results.reports.documents import first_evidence
from relmap.results.runs.scanning import untold_departures

__all__ = ["alerts", "scan", "score"]


def _ids(account: str | None) -> list[int]:
    """The account's id, or those of all."""
    if account is not None:
        return [structure.find_account(account).id]
    return jobs.all_accounts()


@click.command()
@account_named()
@day_option(ahead=N_("The scores take it that nothing changes until then."))
@json_option
@with_app
def score(account: str | None, on: date, as_json: bool) -> None:
    """Score accounts on a day, and show every point."""
    found = jobs.score_accounts(_ids(account), on, today=today())
    if as_json:
        print_json(found)
        return
    for row in found:
        total = _("not yet") if row["total"] is None else f"{row['total']:.0f}"
        say("{what}: {more} ({detail})", what=row["account"], more=total, detail=row["summary"])
        for part in row["rules"]:
            points = (
                f"{part['points']:.1f} / {part['out_of']:g}"
                if part["status"] == "ok"
                else _(
                    "{what}: {more}",
                    what=label("rule_status", part["status"]),
                    more=_(part["reason"]),
                )
            )
            click.echo(f"  {_('{what}: {more}', what=_(part['title']), more=points)}")
            for item in first_evidence(part["evidence"]):
                text = _(item["text"], **item["values"]) if "values" in item else item["text"]
                click.echo(f"    {item['points']:+.1f}  {text}")


@click.command()
@account_named()
@day_option(ahead=N_("No earlier day can be scanned after this, and so none before then."))
@click.option("--reset", type=DAY, help="Take back scans after this day, and what they told.")
@json_option
@with_app
def scan(account: str | None, on: date, reset: date | None, as_json: bool) -> None:
    """Look for alerts: what happened since each rule last looked.

    Scan after each list, and every departure is told: who joined and left between two scans may
    be history newly entered, which raises nothing. To catch up on old lists, import and scan
    (--on DAY) one after the other, the oldest first.
    """
    ids = _ids(account)
    untold = {} if as_json or reset is not None else untold_departures(ids, on)
    if reset is None:
        found = jobs.scan_accounts(ids, on, today=today())
    else:
        found = jobs.take_scans_back(ids, reset)
    if as_json:
        print_json(found)
        return
    for row in found:
        click.echo(_line(row))
    if reset is not None:
        say(
            "What was scanned after {day} is taken back; alerts withdrawn: {number}. Look anew: "
            "relmap scan",
            day=reset,
            number=len(found),
        )
        return
    click.echo(_("{count} new.", count=len(found)) if found else _("Nothing new."))
    for name, day in untold.items():
        say(
            "{account}: this is the first scan, and departures before {day} are not told as "
            "alerts. The history of the account has them.",
            account=name,
            day=day,
        )


def _line(row: dict[str, Any]) -> str:
    severity, status = word("severity", row["severity"]), label("alert_status", row["status"])
    text = _("{what}: {more}", what=row["account"], more=row["text"])
    if row["closed_reason"]:
        text = _("{what} ({more})", what=text, more=row["closed_reason"])
    return f"{row['id']:>5}  {severity:<7}  {status:<12}  {text}"


@click.group(cls=ListedFirst)
def alerts() -> None:
    """What one of us should act on, the most urgent first."""


@alerts.command("list")
@account_named()
@click.option(
    "--status",
    type=click.Choice(["open", "acknowledged", "closed", "withdrawn"]),
    help="Only alerts that stand so; open and acknowledged unless given.",
)
@click.option("--rule", metavar="KEY", help="Only alerts of this rule, as rotation.post_vacated.")
@json_option
@with_app
def list_alerts(account: str | None, status: str | None, rule: str | None, as_json: bool) -> None:
    """What one of us should act on, the most urgent first."""
    account_id = None if account is None else structure.find_account(account).id
    found = stored_alerts.list_alerts(
        account_id=account_id, status=status, rule=rule, today=today()
    )
    if as_json:
        print_json(found)
        return
    for row in found:
        click.echo(_line(row))
        if row["unwatched"]:
            click.echo(f"{'':>7}{row['unwatched']}")
    if not found:
        say("No alerts.")


@alerts.command("acknowledge")
@click.argument("alert_id", metavar="ID", type=int)
@click.option("--until", type=DAY, help="Be quiet until this day.")
@with_app
def acknowledge(alert_id: int, until: date | None) -> None:
    """Somebody has it in hand."""
    if until is not None and until <= today():
        raise Refused(
            "The day it comes back must lie ahead: today is {today} ({zone}).",
            today=today(),
            zone=zone_name(),
        )
    with writing():
        stored_alerts.acknowledge(alert_id, until=until)
    if until is None:
        say("Alert {alert_id} is in hand.", alert_id=alert_id)
    else:
        say("Alert {alert_id} is in hand until {until}.", alert_id=alert_id, until=until)


@alerts.command("close")
@click.argument("alert_id", metavar="ID", type=int)
@click.option("--reason", required=True, help="done, not_true, or your own words.")
@with_app
def close(alert_id: int, reason: str) -> None:
    """It is dealt with, or was not true."""
    with writing():
        stored_alerts.close(alert_id, reason=reason)
    say("Alert {alert_id} is closed: {reason}.", alert_id=alert_id, reason=reason)
