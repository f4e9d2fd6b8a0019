"""An account is named as an argument or by ``--account``, with every command that asks for one."""

from collections.abc import Iterator
from datetime import date

import click
import pytest
from click.testing import CliRunner

from relmap.cli import main
from relmap.facts.people import add_person
from relmap.facts.structure import open_account, open_post, root_unit
from relmap.facts.tenures import start_tenure
from relmap.models import writing
from tests.commands import commands_of

DAY = date(2026, 1, 5)
SPAN = ["--from", "2026-02-01", "--to", "2026-03-01", "--horizon", "30"]
LAST = ["--on", "2026-06-01"]
# Each as it is called without an account, which comes where the gap is.
ONE_OR_ALL = [["score"], ["scan"], ["forecast"], ["alerts"], ["lag"], ["backtest rotation", *SPAN]]
ONE = [
    ["view"],
    ["power"],
    ["threads"],
    ["questions"],
    ["plan", "--visits", "2"],
    ["path", "Wang Lei"],
    ["whatif", "--without", "Wang Lei"],
    ["post set", "Buyer", "--weight", "0.5", *LAST],
    ["account set", "--review-month", "3", *LAST],
]
WRITE = ("scan", "post set", "account set")
every = pytest.mark.parametrize("words", [*ONE_OR_ALL, *ONE], ids=" ".join)


@pytest.fixture
def relmap(app):
    """``relmap(*words)`` on a book of two accounts, each with somebody in a post."""
    with app.app_context(), writing():
        for name, holder in (("Nordwerk", "Li Na"), ("Acme", "Wang Lei")):
            unit = root_unit(open_account(name, day=DAY))
            start_tenure(add_person(holder), open_post(unit, "Buyer", day=DAY), DAY)
    return lambda *words: CliRunner().invoke(main, words, obj=app)


def as_argument(words, account: str) -> list[str]:
    return [*words[0].split(), account, *words[1:]]


def by_option(words, account: str) -> list[str]:
    return [*words[0].split(), *words[1:], "--account", account]


@every
def test_both_ways_name_the_same_account(relmap, words):
    as_json = [] if words[0].endswith(" set") else ["--json"]
    first = relmap(*as_argument(words, "Acme"), *as_json)
    assert first.exit_code == 0, first.output
    then = relmap(*by_option(words, "Acme"), *as_json)
    assert then.exit_code == 0, then.output
    if words[0] not in WRITE:  # a scan tells each thing once
        assert first.stdout == then.stdout
        assert "Nordwerk" not in first.stdout
    assert relmap(*as_argument(words, "Acme"), "--account", "Acme").exit_code == 0


@every
def test_two_accounts_at_once_are_wrong_usage(relmap, words):
    done = relmap(*as_argument(words, "Acme"), "--account", "Nordwerk")
    assert done.exit_code == 2
    assert done.stderr.endswith("Two accounts are named: Acme and Nordwerk.\n")


def commands_below(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for word, inner in commands_of(command):
            yield from commands_below(inner, f"{name} {word}".strip())
    else:
        yield name, command


# An import's file may name the accounts itself; a right is granted to a user on an account.
OTHERWISE = ("import ", "user ")


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(command, id=name)
        for name, command in commands_below(main, "")
        if not name.startswith(OTHERWISE)
    ],
)
def test_no_command_takes_the_account_in_one_way_only(command):
    arguments = {
        param.make_metavar(click.Context(command))
        for param in command.params
        if isinstance(param, click.Argument)
    }
    options = {name for param in command.params for name in param.opts}
    assert bool(arguments & {"ACCOUNT", "[ACCOUNT]"}) == ("--account" in options)


@pytest.mark.parametrize("words", ONE, ids=" ".join)
def test_a_command_about_one_account_asks_which(relmap, words):
    done = relmap(*words[0].split(), *words[1:])
    assert done.exit_code == 2
    assert "ACCOUNT" in done.stderr


@pytest.mark.parametrize("words", ["path", "post set"])
def test_the_other_argument_is_asked_for_by_its_name(relmap, words):
    for account in (["Acme"], ["--account", "Acme"]):
        done = relmap(*words.split(), *account)
        assert done.exit_code == 2
    assert relmap(*words.split()).exit_code == 2


@pytest.mark.parametrize("words", ONE_OR_ALL, ids=" ".join)
def test_without_an_account_all_are_meant(relmap, words):
    assert relmap(*words[0].split(), *words[1:]).exit_code == 0


def test_a_view_is_of_today_unless_a_day_is_given(relmap):
    assert relmap("view", "Acme").stdout == relmap("view", "Acme", "--on", "today").stdout
    assert "Wang Lei" in relmap("view", "Acme").stdout
