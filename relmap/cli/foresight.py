"""Foresight at the command line: who may leave, whose word weighs, who leads to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import click

from relmap import graph, jobs
from relmap.cli.choice import find_colleague, find_person
from relmap.cli.options import account_named, day_option, json_option, today, with_app
from relmap.cli.printing import print_json, say
from relmap.contracts import N_, AccountView
from relmap.errors import Refused
from relmap.facts import structure
from relmap.insight.favours import FAVOUR_DAYS, favours
from relmap.insight.percentages import band_in_steps, in_steps
from relmap.insight.questions import VISITS
from relmap.insight.thresholds import HALF_STEP, HORIZON
from relmap.languages import _, _c, clauses, commas, tell
from relmap.languages.spans import span
from relmap.results.reports import network
from relmap.results.runs.forecasting import foreseen_view

__all__ = ["forecast", "path", "power", "questions", "threads"]

NO_DECIDING_POST: Final = N_(
    "No deciding post is known. Say which posts decide: import a list with their levels, or "
    "`relmap post set ACCOUNT POST --weight 0.8` (from 0.5 up a post decides)."
)
MOST = 30
"""How many lines people are shown; ``--json`` has all."""


def view_of(account: str, on: date) -> AccountView:
    """An account of a name or an id as it stands on a day, without forecasts."""
    return graph.view(structure.find_account(account).id, on)


def chance(value: float) -> str:
    """A chance in steps of 5 %, and what lies below half a step of never or always as just that."""
    if 0.0 < value < HALF_STEP:
        return _("under {share} %", share=5)
    if 1.0 - HALF_STEP < value < 1.0:
        return _("over {share} %", share=95)
    return _("{share} %", share=in_steps(value))


def echo_rest(count: int) -> None:
    """Say how many lines are not shown."""
    if count > MOST:
        say("... and {count} more: --json has them all.", count=count - MOST)


# --- who may leave


@click.command()
@account_named()
@day_option()
@json_option
@with_app
def forecast(account: str | None, on: date, as_json: bool) -> None:
    """Who may leave a post within a year, on what that rests, and who would follow."""
    ids = jobs.all_accounts() if account is None else [structure.find_account(account).id]
    if as_json:
        print_json(jobs.forecast_accounts(ids, on, today=today(), every_post=True))
        return
    rows = jobs.forecast_accounts(ids, on, today=today(), told=tell)
    for row in rows[:MOST]:
        click.echo(f"{_within_a_year(row):>8}  {_seat(row, on)}")
        click.echo(f"          {_basis(row)}")
        if row["outside"] is not None:
            click.echo(f"          {_follows(row)}")
    echo_rest(len(rows))
    if not rows:
        say("Nobody is in post. Import who sits where: relmap import snapshot FILE")


def _within_a_year(row: Mapping[str, Any]) -> str:
    band = row["bands"] and row["bands"]["p365"]
    if not band:
        return chance(row["p365"])
    low, high = band_in_steps(*band)
    return f"{low}-{high} %"


def _seat(row: Mapping[str, Any], on: date) -> str:
    seat = f"{row['person']}, {row['post']} ({row['unit']}, {row['account']})"
    if not row["seen_since"]:
        return seat
    first = date.fromisoformat(row["seen_since"])
    if not row["held_since"]:
        return _("{seat}, for at least {span}", seat=seat, span=tell(span((on - first).days)))
    after = date.fromisoformat(row["began_after"] or row["seen_since"])
    if (first - after).days > 1:
        return _("{seat}, began between {first} and {last}", seat=seat, first=after, last=first)
    return _("{seat}, since {day}", seat=seat, day=row["held_since"])


def _basis(row: Mapping[str, Any]) -> str:
    if row["source"] == "announced":
        return str(row["basis"][0]["text"])
    return clauses(
        _("{text} (tenures: {tenures})", text=part["text"], tenures=part["tenures"])
        for part in row["basis"]
    )


def _follows(row: Mapping[str, Any]) -> str:
    named = [f"{one['person']} {chance(one['chance'])}" for one in row["successors"][:3]]
    somebody_else = _("somebody else {chance}", chance=_else(row))
    return _("next: {people}", people=commas([*named, somebody_else]))


def _else(row: Mapping[str, Any]) -> str:
    return chance(1.0 - sum(one["chance"] for one in row["successors"][:3]))


# --- whose word weighs


@click.command()
@account_named(is_required=True)
@day_option()
@json_option
@with_app
def power(account: str, on: date, as_json: bool) -> None:
    """Whose word weighs: who is asked for advice and who has the reporting line below."""
    rows = network.power_as_json(view_of(account, on))
    if as_json:
        print_json(rows)
        return
    known = [row for row in rows if row["reasons"]]
    for row in known[:MOST]:
        reasons = clauses(reason["text"] for reason in row["reasons"])
        click.echo(f"{row['power']:.2f}  {row['person']}: {reasons}")
    echo_rest(len(known))
    say("Nothing on record speaks of the power of {count} people.", count=len(rows) - len(known))


# --- who leads to whom


@click.command()
@account_named(is_required=True, before="person")
@click.option("--from", "start", metavar="PERSON", help="Who of us asks; a colleague may be first.")
@click.option(
    "--asked",
    multiple=True,
    metavar="PERSON",
    help="Whom we asked for a favour lately besides those on record; once for each favour.",
)
@day_option()
@json_option
@with_app
def path(
    account: str, person: str, start: str | None, asked: Sequence[str], on: date, as_json: bool
) -> None:
    """The strongest introductions to a person, by name, id elsewhere or person:ID."""
    view = view_of(account, on)
    target = find_person(view, person)
    if view.person(target).side == "us":
        raise Refused("{name} is one of us. Name one of theirs.", name=view.person(target).name)
    starting = None if start is None else find_colleague(view, start)
    counted = Counter(favours(view, to=target)) + Counter(find_person(view, one) for one in asked)
    document = network.paths_as_json(view, target, starting=starting, favours=counted)
    if as_json:
        print_json(document)
        return
    for number, row in enumerate(document["paths"], start=1):
        _echo_path(number, row)
    if not document["paths"]:
        say(
            "No warm way leads to {person}: nobody we know could introduce us.",
            person=document["person"],
        )


def _echo_path(number: int, row: Mapping[str, Any]) -> None:
    way = f"{number}. {' > '.join(_people(row['steps']))}"
    say("{way}  (strength {strength:.2f})", way=way, strength=row["strength"])
    for step in row["steps"]:
        line = f"     {step['strength']:.2f}  {step['why']}"
        is_weakest = step == row["weakest"] and len(row["steps"]) > 1
        click.echo(_("{step}  <- weakest", step=line) if is_weakest else line)
    for one in row["asked"]:
        text = "     favours asked of {person} in the last {days} days: {count}"
        say(text, person=one["person"], days=FAVOUR_DAYS, count=one["count"])
    for one in row["leaving"]:
        text = "     {person} leaves on {day}: {ours} asks soon"
        say(text, person=one["person"], day=one["on"], ours=row["steps"][0]["from"])


def _people(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    return [steps[0]["from"], *(step["to"] for step in steps)]


# --- on how many threads we hang


@click.command()
@account_named(is_required=True)
@day_option()
@json_option
@with_app
def threads(account: str, on: date, as_json: bool) -> None:
    """On how many threads an account hangs, and on whom each deciding post and project does."""
    document = network.threads_as_json(view_of(account, on))
    if as_json:
        print_json(document)
        return
    say(
        "{account} hangs on {threads:.1f} effective threads.",
        account=document["account"],
        threads=document["threads"],
    )
    for row in document["spreads"]:
        click.echo(f"  {row['text']}")
    for row in document["posts"]:
        click.echo(f"  {row['post']} ({row['unit']}): {_hangs(row)}")
    for row in document["projects"]:
        click.echo(f"  {row['project']}{worth(row)}: {_hangs(row)}")


def worth(row: Mapping[str, Any]) -> str:
    """What a project is worth, in brackets, where somebody said."""
    if row["value"] is None:
        return ""
    return f" ({row['value']:,.0f}{' ' + row['currency'] if row['currency'] else ''})"


def _hangs(row: Mapping[str, Any]) -> str:
    if not row["is_reached"]:
        text = str(row["text"])
        return text[:1].lower() + text[1:]
    people = _named(row["blocking"])
    if len(row["blocking"]) == 1:
        return _("hangs on {people}", people=people)
    return _("lost only with {people}", people=people)


def _named(people: Iterable[Mapping[str, Any]]) -> str:
    return _c("between", " and ").join(row["person"] for row in people)


# --- what to ask


@click.command()
@account_named(is_required=True)
@click.option("--visits", type=click.IntRange(0, 1000), default=VISITS, show_default=True)
@click.option("--horizon", type=click.IntRange(1, 3650), default=HORIZON, show_default=True)
@day_option()
@json_option
@with_app
def questions(account: str, visits: int, horizon: int, on: date, as_json: bool) -> None:
    """What is worth asking about who decides, what could change the plan most first."""
    view = foreseen_view(structure.find_account(account).id, on, today=today())
    rows = network.questions_as_json(view, visits=visits, horizon=horizon)
    if as_json:
        print_json(rows)
        return
    for row in rows[:MOST]:
        click.echo(f"{row['worth']:.3f}  {row['text']}")
    echo_rest(len(rows))
    if not rows:
        click.echo(_nothing_to_ask(view))


def _nothing_to_ask(view: AccountView) -> str:
    if view.deciding_posts:
        return _("Nothing to ask: who decides, for how long and what they think is on record.")
    return _(NO_DECIDING_POST)
