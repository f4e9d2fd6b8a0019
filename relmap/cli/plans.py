"""Plans at the command line: whom to meet, and what a departure would cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import click
from flask import current_app

from relmap import jobs
from relmap.cli.choice import find_person, find_unit, people_of_unit
from relmap.cli.foresight import MOST, NO_DECIDING_POST, chance, echo_rest, worth
from relmap.cli.options import account_named, day_option, json_option, today, with_app
from relmap.cli.printing import print_json, say
from relmap.contracts import N_, AccountView, Message, Ref
from relmap.facts import structure
from relmap.hub.registry import registry_of
from relmap.insight.thresholds import HORIZON
from relmap.languages import _, commas
from relmap.results.reports.plans import book_plan_as_json, plan_as_json
from relmap.results.reports.what_ifs import what_if_as_json
from relmap.results.runs.forecasting import due_accounts, forecast, foreseen_view

__all__ = ["plan", "whatif"]

MEASURES: Final = {
    "deciding_coverage": N_("how well we know who decides"),
    "people_known": N_("people truly known"),
    "value": N_("the plan's value before any visit"),
}


# --- whom to meet


@click.command()
@account_named()
@click.option("--book", is_flag=True, help="Share the visits out over all accounts.")
@click.option("--visits", type=click.IntRange(0, 1000), required=True, help="How many there are.")
@click.option(
    "--horizon",
    type=click.IntRange(1, 3650),
    default=HORIZON,
    show_default=True,
    help="For what it will be in so many days.",
)
@day_option()
@json_option
@with_app
def plan(
    account: str | None, book: bool, visits: int, horizon: int, on: date, as_json: bool
) -> None:
    """Whom to meet, by whom, to lose least when those who decide change."""
    if (account is None) == (not book):
        raise click.UsageError(_("Say either ACCOUNT or --book."))
    if account is None:
        for due in due_accounts(on):
            forecast(due.id, on, today=today())
        document = book_plan_as_json(jobs.all_accounts(), on, visits=visits, horizon=horizon)
    else:
        view = foreseen_view(structure.find_account(account).id, on, today=today())
        document = plan_as_json(view, visits=visits, horizon=horizon)
    if as_json:
        print_json(document)
    else:
        _echo_plan(document)


def _echo_plan(document: Mapping[str, Any]) -> None:
    if not document["people"]:
        _echo_nobody(document)
        return
    in_time = sorted(document["steps"], key=lambda row: row["due_on"])
    for number, row in enumerate(in_time, start=1):
        where = "" if document["account"] else _(" ({account})", account=row["account"])
        say(
            "{number}. {by} meets {person} by {day}",
            number=number,
            by=row["by"] or Message("Somebody"),
            person=f"{row['person']}{where}",
            day=row["due_on"],
        )
        click.echo(f"     +{row['gain']:.3f}  {row['reason']}")
        if len(row["path"]) > 2:
            say("     by way of {path}", path=" > ".join(row["path"]))
    say(
        "Worth {before:.2f} of {weight:.2f} now, {after:.2f} after visits: {visits} "
        "({less:.2f} with one less, {more:.2f} with one more).",
        before=document["value_before"],
        weight=document["weight"],
        after=document["value_after"],
        visits=document["visits"],
        less=document["value_with_one_less"],
        more=document["value_with_one_more"],
    )
    if worst := document["worst_case"]:
        _echo_worst(worst, of_book=document["account"] is None)
    _echo_left_out(document)


def _echo_nobody(document: Mapping[str, Any]) -> None:
    """Why there is nobody to meet, and what to do about it."""
    if document["weight"] > 0:
        say("Nobody to plan for: no deciding post has a holder or a successor on record.")
        _echo_left_out(document)
    else:
        say(NO_DECIDING_POST)


def _echo_left_out(document: Mapping[str, Any]) -> None:
    of_book, rows = document["account"] is None, document["left_out"]
    for row in rows[:MOST]:
        said = (
            _("{what}: {more}", what=row["account"], more=row["text"]) if of_book else row["text"]
        )
        say("Left out: {said}", said=said)
    echo_rest(len(rows))


def _echo_worst(worst: Mapping[str, Any], *, of_book: bool) -> None:
    """The costliest wave, what the plan is worth in it, and how likely it is."""
    text = N_(
        "Should all of {unit} go ({people}): {before:.2f} > {value:.2f}, "
        "{after:.2f} with these visits."
    )
    if of_book:
        text = N_(
            "Should all of {unit} at {account} go ({people}): {before:.2f} > {value:.2f}, "
            "{after:.2f} with these visits."
        )
    say(
        text,
        unit=worst["unit"],
        account=worst["account"],
        people=_named(worst["people"]),
        before=worst["value_before"],
        value=worst["value"],
        after=worst["value_after"],
    )
    if worst["two_or_more"] is not None:
        click.echo(f"  {_how_likely(worst)}")


def _how_likely(wave: Mapping[str, Any]) -> str:
    """How likely the deciders of a unit are to leave together."""
    if wave["deciders"] == 2:
        text = N_(
            "Both deciders of {unit} leave within {horizon} days: {chance} (tenures: {tenures})."
        )
    else:
        text = N_(
            "Two or more of {unit}'s {deciders} deciders leave within {horizon} days: {chance}, "
            "all of them {chance_of_all} (tenures: {tenures})."
        )
    return _(
        text,
        unit=wave["unit"],
        deciders=wave["deciders"],
        horizon=wave["horizon"],
        chance=chance(wave["two_or_more"]),
        chance_of_all=chance(wave["all"]),
        tenures=wave["tenures"],
    )


# --- what a departure would cost


@click.command()
@account_named(is_required=True)
@click.option(
    "--without", "gone", multiple=True, metavar="PERSON", help="Who is gone, theirs or ours."
)
@click.option("--unit", "units", multiple=True, help="All who sit in a unit or below it are gone.")
@day_option()
@json_option
@with_app
def whatif(
    account: str, gone: Sequence[str], units: Sequence[str], on: date, as_json: bool
) -> None:
    """What an account would lose if some people were gone tomorrow."""
    if not gone and not units:
        raise click.UsageError(_("Say who is gone: --without PERSON or --unit UNIT."))
    view = foreseen_view(structure.find_account(account).id, on, today=today())
    people = {find_person(view, text) for text in gone}
    people.update(person for text in units for person in people_of_unit(view, text))
    asked = sorted({find_unit(view, text) for text in units})
    with jobs.engine() as runner:
        document = what_if_as_json(
            view, people, units=asked, runner=runner, registry=registry_of(current_app)
        )
    if as_json:
        print_json(document)
        return
    for line in _gone_already(view, people):
        click.echo(line)
    _echo_differences(document)


def _gone_already(view: AccountView, people: Iterable[Ref]) -> Iterator[str]:
    """Who of them sits nowhere any more: their loss has happened."""
    for person in sorted(people):
        ends = [row.ends_on for row in view.tenures_of(person) if row.ends_on is not None]
        if ends and not view.posts_of(person):
            yield _(
                "{person} left on {day} already; what is lost below is what we still had of the "
                "relation.",
                person=view.person(person).name,
                day=max(ends),
            )


def _echo_differences(document: Mapping[str, Any]) -> None:
    people = _named(document["without"])
    say("{account} without {people}:", account=document["account"], people=people)
    lines = [*_numbers(document), *_seats(document)]
    for line in lines:
        click.echo(f"  {line}")
    if not lines:
        say("  nothing is lost that counts warmth or reach.")
    for wave in document["waves"]:
        if wave["two_or_more"] is not None:
            click.echo(_how_likely(wave))


def _numbers(document: Mapping[str, Any]) -> Iterator[str]:
    """The numbers that differ as far as they are shown."""
    total = document["total"]
    rows = [(_("total"), total["before"], total["after"], 0)]
    rows += [(_(row["title"]), row["before"], row["after"], 1) for row in document["scores"]]
    for row in document["coverage"]:
        what = _("coverage of {function}", function=row["function"])
        rows.append((what, row["before"], row["after"], 2))
    for row in document["numbers"]:
        places = 0 if row["measure"] == "people_known" else 2
        rows.append((_(MEASURES[row["measure"]]), row["before"], row["after"], places))
    for what, *numbers, places in rows:
        before, after = (_shown(number, places) for number in numbers)
        if before != after:
            yield _("{what}: {more}", what=what, more=f"{before} > {after}")


def _shown(number: float | None, places: int) -> str:
    return _("not applicable") if number is None else f"{number:.{places}f}"


def _seats(document: Mapping[str, Any]) -> Iterator[str]:
    for row in document["unreached"]:
        text = "nobody known any more who holds {post} ({unit})"
        yield _(text, post=row["post"], unit=row["unit"])
    lost: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for row in document["introductions"]:
        lost[row["id"], row["person"]].append(row["post"])
    for (_id, person), posts in lost.items():
        yield _("{person} introduces us no more to: {posts}", person=person, posts=commas(posts))
    for row in document["blocking"]:
        yield _hangs(_("{what} ({more})", what=row["post"], more=row["unit"]), row)
    for row in document["projects"]:
        yield _hangs(f"{row['project']}{worth(row)}", row)


def _hangs(what: str, row: Mapping[str, Any]) -> str:
    if not row["is_reached"]:
        return _("{subject} is no longer reached", subject=what)
    return _("{subject} hangs on {people}", subject=what, people=_named(row["after"]))


def _named(people: Sequence[Mapping[str, Any]]) -> str:
    return commas(row["person"] for row in people)
