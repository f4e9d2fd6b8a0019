"""An account is named as an argument or by ``--account``, with every command that asks for one."""

from datetime import date

import pytest
from click.testing import CliRunner

from relmap.cli import main
from relmap.facts.people import add_person
from relmap.facts.structure import open_account, open_post, root_unit
from relmap.facts.tenures import start_tenure
from relmap.models import writing

DAY = date(2026, 1, 5)
ONE_OR_ALL = [["score"], ["scan"], ["forecast"]]
ONE = [["view"], ["power"], ["threads"], ["questions"], ["plan", "--visits", "2"]]


@pytest.fixture
def relmap(app):
    """``relmap(*words)`` on a book of two accounts, each with somebody in a post."""
    with app.app_context(), writing():
        for name, holder in (("Nordwerk", "Li Na"), ("Acme", "Wang Lei")):
            unit = root_unit(open_account(name, day=DAY))
            start_tenure(add_person(holder), open_post(unit, "Buyer", day=DAY), DAY)
    return lambda *words: CliRunner().invoke(main, words, obj=app)


@pytest.mark.parametrize("words", [*ONE_OR_ALL, *ONE], ids=" ".join)
def test_both_ways_name_the_same_account(relmap, words):
    as_argument = relmap(*words, "Acme", "--json")
    assert as_argument.exit_code == 0, as_argument.output
    by_option = relmap(*words, "--account", "Acme", "--json")
    assert by_option.exit_code == 0, by_option.output
    if words != ["scan"]:  # which tells each thing once
        assert as_argument.stdout == by_option.stdout
        assert "Nordwerk" not in as_argument.stdout
    assert relmap(*words, "Acme", "--account", "Acme").exit_code == 0


@pytest.mark.parametrize("words", [*ONE_OR_ALL, *ONE], ids=" ".join)
def test_two_accounts_at_once_are_wrong_usage(relmap, words):
    done = relmap(*words, "Acme", "--account", "Nordwerk")
    assert done.exit_code == 2
    assert "Two accounts are named: Acme and Nordwerk." in done.stderr


@pytest.mark.parametrize("words", ONE, ids=" ".join)
def test_a_command_about_one_account_asks_which(relmap, words):
    done = relmap(*words)
    assert done.exit_code == 2
    assert "ACCOUNT" in done.stderr


@pytest.mark.parametrize("words", ONE_OR_ALL, ids=" ".join)
def test_without_an_account_all_are_meant(relmap, words):
    assert relmap(*words).exit_code == 0


def test_a_view_is_of_today_unless_a_day_is_given(relmap):
    assert relmap("view", "Acme").stdout == relmap("view", "Acme", "--on", "today").stdout
    assert "Wang Lei" in relmap("view", "Acme").stdout
