"""Accounts, people and users at the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

import click

from relmap import graph
from relmap.cli.options import (
    DAY,
    NONE,
    account_named,
    clearable,
    json_option,
    said_of,
    since_option,
    today,
    with_app,
)
from relmap.cli.printing import print_json, say
from relmap.clock import day_of
from relmap.contracts.view_document import view_document
from relmap.errors import NotFound, Refused
from relmap.facts import logins, people, structure, users
from relmap.languages import NAMES, _, _n, best_language, clauses, commas, label, label_message
from relmap.maintenance import erase
from relmap.models import Account, Person, writing
from relmap.results.reports.book import summaries

__all__ = ["account", "person", "user", "view"]


@click.group()
def account() -> None:
    """Client organisations."""


@account.command("add")
@click.argument("name")
@click.option("--tier", type=click.Choice(["A", "B", "C"]))
@click.option("--yes", is_flag=True, help="Open it even where one of nearly this name is on file.")
@with_app
def add_account(name: str, tier: str | None, yes: bool) -> None:
    """Begin to plan for a client organisation."""
    with writing():
        alike = [] if yes else structure.accounts_alike(name)
        if alike and name.strip() not in alike:
            raise Refused(
                "{alike} is on file already: is {name} the same? If not, add --yes.",
                alike=alike,
                name=name.strip(),
            )
        opened = structure.open_account(name, day=today(), tier=tier)
        account, account_id = opened.name, opened.id
    say("{account} is account {id}.", account=account, id=account_id)


@account.command("list")
@json_option
@with_app
def list_accounts(as_json: bool) -> None:
    """All accounts, by name."""
    rows = summaries(today())
    if as_json:
        print_json(rows)
        return
    for row in rows:
        total = "-" if row["total"] is None else f"{row['total']:.0f}"
        size = _(
            "{people} people, {posts} posts, {alerts} open alerts",
            people=row["people"],
            posts=row["posts"],
            alerts=row["alerts"],
        )
        named = _("{what} ({more})", what=f"{row['name']} ", more=size)
        click.echo(f"{row['tier'] or '-'}  {total:>3}  {named}")
    if not rows:
        say("No accounts yet. Add one: relmap account add NAME")


@account.command("set")
@account_named(is_required=True)
@clearable("--rotation-months", kind=click.INT, help="People change posts after so many months.")
@clearable("--review-month", kind=click.INT, help="The month in which that is decided, 1 to 12.")
@clearable("--handover-months", kind=click.INT, help="So long both sit side by side.")
@clearable("--owner", kind=click.STRING, help="Who of us has the account.")
@since_option()
@with_app
def set_account(account: str, owner: str | None, on: date, **months: int | str | None) -> None:
    """Say what an account's policy is and who of us has it, from a day on."""
    values = said_of(owner_id=owner, **months)
    if not values:
        raise click.UsageError(_("Say what to set: --rotation-months, --owner, ..."))
    with writing():
        found = structure.find_account(account)
        if values.get("owner_id"):
            values["owner_id"] = people.find_ours(values["owner_id"]).id
        structure.change_account(found, values, day=on)
        name, policy = found.name, clauses(_policy(found))
    say("{account}: {policy}.", account=name, policy=policy)


def _policy(found: Account) -> Iterator[str]:
    if found.rotation_months is None:
        yield _("no rotation on record")
    else:
        yield _("people rotate after {months} months", months=found.rotation_months)
    if found.review_month is not None:
        yield _("reviewed in {month}", month=label_message("month", str(found.review_month)))
    if found.handover_months is not None:
        yield _n("handover of {count} month", "handover of {count} months", found.handover_months)
    owner = None if found.owner_id is None else people.get_person(found.owner_id)
    yield _("owner {person}", person=owner.name) if owner else _("no owner")


@click.command()
@account_named(is_required=True)
@click.option(
    "--on", type=DAY, default=today, show_default="today", help="The day, like 2026-07-01."
)
@json_option
@with_app
def view(account: str, on: date, as_json: bool) -> None:
    """One account as it stood on a day, as plug-ins are handed it."""
    found = graph.view(structure.find_account(account).id, on)
    if as_json:
        print_json(view_document(found))
        return
    names = {row.ref: row.name for row in found.people}
    say("{account} on {day}", account=found.account.name, day=on)
    for post in found.open_posts:
        holders = commas(names[row.person] for row in found.holders(post.ref))
        status = label("status", found.status(post))
        place = f"{found.unit(post.unit).name} / {post.title}"
        click.echo(f"  {_('{what}: {more}', what=place, more=holders or status)}")
        for row in found.announced_in(post.ref):
            coming = _("{who} from {day}", who=names[row.person], day=row.starts_on)
            click.echo(f"    {coming}")


@click.group()
def person() -> None:
    """People."""


@person.command("erase")
@click.argument("person_id", metavar="ID", type=int)
@with_app
def erase_person(person_id: int) -> None:
    """Take a person's names out, everywhere; the shape of what happened stays."""
    with writing():
        erase.erase_person(person_id)
    erase.forget_free_pages()
    say("Person {id} has no name any more. A backup made before still holds it.", id=person_id)


@click.group()
def user() -> None:
    """Who logs in, and which accounts they may read or write."""


@user.command("add")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(["administrator", "manager", "member"]))
@click.option("--person", "person_name", help="The one of us who logs in; added if there is none.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_app
def add_user(name: str, role: str, person_name: str | None, password_stdin: bool) -> None:
    """Somebody who may log in."""
    if not password_stdin:
        raise Refused("Give the password on standard input: --password-stdin < FILE.")
    password = sys.stdin.read().rstrip("\r\n")
    with writing():
        ours = None if person_name is None else _one_of_us(person_name)
        users.add_user(name, role=role, password=password, person=ours)
    say("{name} may log in as {role}.", name=name, role=role)


def _one_of_us(name: str) -> Person:
    try:
        return people.find_ours(name)
    except NotFound:
        return people.add_person(name, side="us")


@user.command("list")
@json_option
@with_app
def list_users(as_json: bool) -> None:
    """Who may log in, as what, and when they last did."""
    rows = users.list_users()
    if as_json:
        print_json([_document(row) for row in rows])
        return
    for row in rows:
        said = [row.role]
        if not row.is_active:
            said.append(_("deactivated"))
        if row.last_login_at is not None:
            said.append(_("last log-in {day}", day=day_of(row.last_login_at)))
        said += [f"{account} ({right})" for account, right in row.grants.items()]
        click.echo(f"{row.name}  {commas(said)}")  # the name as it is typed


def _document(row: users.UserRow) -> dict[str, Any]:
    last = row.last_login_at
    said = asdict(row) | {"last_login_at": None if last is None else last.isoformat()}
    del said["id"]  # commands name users
    return said


@user.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(users.ROLES))
@with_app
def change_role(name: str, role: str) -> None:
    """Let somebody be administrator, manager or member from now on."""
    with writing():
        users.change_role(users.find_user(name), role)
    say("{name} is {role} now, and is logged out everywhere.", name=name, role=role)


@user.command("reactivate")
@click.argument("name")
@with_app
def reactivate(name: str) -> None:
    """Let somebody in again who was deactivated."""
    with writing():
        users.reactivate(users.find_user(name))
    say("{name} may log in again, with the password and the grants of before.", name=name)


@user.command("grant")
@click.argument("name")
@click.argument("account_name", metavar="ACCOUNT")
@click.argument("right", type=click.Choice(["read", "write"]))
@with_app
def grant(name: str, account_name: str, right: str) -> None:
    """A member may read, or read and write, one account."""
    with writing():
        users.grant(users.find_user(name), structure.find_account(account_name), right)
    say("{name} may {right} {account}.", name=name, right=right, account=account_name)


@user.command("revoke")
@click.argument("name")
@click.argument("account_name", metavar="ACCOUNT")
@with_app
def revoke(name: str, account_name: str) -> None:
    """Take back what a member was granted on one account."""
    with writing():
        users.revoke(users.find_user(name), structure.find_account(account_name))
    say("{name} has no right to {account} any more.", name=name, account=account_name)


@user.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, required=True, help="Read it from standard input.")
@with_app
def set_password(name: str, password_stdin: bool) -> None:  # says where from
    """Give somebody another password; it must be changed at the next log-in."""
    password = sys.stdin.read().rstrip("\r\n")
    with writing():
        found = users.set_password(users.find_user(name), password, must_change=True)
        is_active = found.is_active
    say("{name} has another password, and is logged out everywhere.", name=name)
    if not is_active:
        say(
            "{name} is deactivated and may not log in. To let them: relmap user reactivate {name}",
            name=name,
        )


@user.command("language")
@click.argument("name")
@click.argument("language", type=click.Choice(["en", "zh-Hant", "zh-Hans", NONE]))
@with_app
def set_language(name: str, language: str) -> None:
    """Show somebody everything in a language; none: as their browser asks."""
    chosen = best_language([language])
    with writing():
        users.set_language(users.find_user(name), chosen)
    if chosen is None:
        say("{name} reads relmap in the language of the browser.", name=name)
    else:
        say("{name} reads relmap in {language}.", name=name, language=NAMES[chosen])


@user.command("timezone")
@click.argument("name")
@click.argument("timezone", metavar="ZONE")
@with_app
def set_timezone(name: str, timezone: str) -> None:
    """Judge days for somebody by a zone, like Asia/Taipei; none: by that of the book."""
    chosen = None if timezone == NONE else timezone
    with writing():
        users.set_timezone(users.find_user(name), chosen)
    if chosen is None:
        say("Days are judged for {name} by the zone of the book.", name=name)
    else:
        say("Days are judged for {name} by {zone}.", name=name, zone=chosen)


@user.command("deactivate")
@click.argument("name")
@with_app
def deactivate(name: str) -> None:
    """Let somebody in no more; what they wrote stays theirs."""
    with writing():
        users.deactivate(users.find_user(name))
    say("{name} may not log in any more.", name=name)


@user.command("unlock")
@click.argument("name")
@with_app
def unlock(name: str) -> None:
    """Forget the failed log-ins of a name, so that it need not wait."""
    with writing():
        logins.unlock(name)
    say("{name} may try again at once.", name=name)
