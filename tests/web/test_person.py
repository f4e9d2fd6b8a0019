"""Of a person one sees the facts of accounts that one may read."""

from datetime import date

import pytest

from relmap.facts.accounts import open_account, open_post, root_unit
from relmap.facts.people import add_contact_point, add_person
from relmap.facts.tenures import start_tenure
from relmap.facts.ties import add_tie, add_touch
from relmap.facts.users import find_user, grant
from relmap.models import writing

DAY = date(2026, 1, 5)
PRIVATE = ("li@sued.example", "--08-06", "tea, never coffee", "Sued Holding", "Nana", "Li Zong")


@pytest.fixture
def people(app, mia) -> dict[str, int]:
    """Al sits where mia may read, his friend Li where she may not; Wang of us knows both."""
    with app.app_context(), writing():
        north, south = (open_account(name, day=DAY) for name in ("Nordwerk", "Suedwerk"))
        made = {"al": add_person("Al Fox"), "wang": add_person("Wang Wei", side="us")}
        made["li"] = add_person(
            "Li Na",
            birthday="--08-06",
            preferences="tea, never coffee",
            affiliation="Sued Holding",
            nickname="Nana",
            address_as="Li Zong",
        )
        add_contact_point(made["li"], "mail", "li@sued.example")
        for person, account in ((made["al"], north), (made["li"], south)):
            start_tenure(person, open_post(root_unit(account), "Buyer", day=DAY), DAY)
            add_tie(made["wang"], person, observed_on=DAY, level="trusted_advisor")
            add_touch(DAY, "meal", [made["wang"], person], said=f"Ate with {person.name}.")
        add_tie(made["al"], made["li"], kind="friend", observed_on=DAY)
        grant(find_user(mia), north, "read")
        return {name: person.id for name, person in made.items()}


def test_a_friend_at_another_account_is_a_name_and_no_more(app, visit, mia, people):
    page = visit(mia).get(f"/people/{people['li']}").text
    assert "Li Na" in page
    assert "At no account that you may read" in page
    private = [word.replace("@", "@\u200b") for word in (*PRIVATE, "Suedwerk", "Ate with")]
    assert [word for word in private if word in page] == []


def test_who_may_read_the_account_sees_all(app, visit, mia, people):
    with app.app_context(), writing():
        find_user(mia).role = "manager"
    page = visit(mia).get(f"/people/{people['li']}").text
    shown = [word.replace("@", "@\u200b") for word in (*PRIVATE, "Suedwerk", "Ate with")]
    assert [word for word in shown if word not in page] == []


def test_whom_one_of_us_knows_elsewhere_is_not_told(app, visit, mia, people):
    page = visit(mia).get(f"/people/{people['wang']}").text
    assert "Al Fox" in page
    assert "Li Na" not in page


def test_somebody_at_no_account_is_open_to_who_reads_every_account(app, visit, mia, people):
    with app.app_context(), writing():
        find_user(mia).role = "manager"
        lone = add_person("Bo Wu", nickname="Bobo")
        number = lone.id
    assert "Bobo" in visit(mia).get(f"/people/{number}").text
