"""Departures we learnt of, as they are read: of one account, of all, none lost among many."""

from datetime import date, timedelta

import pytest

from relmap.facts import people, structure, tenures, users
from relmap.imports import import_snapshot
from relmap.models import writing
from relmap.results.reports import detection
from relmap.results.reports.detection import lags_as_json

pytestmark = pytest.mark.postgresql

TODAY = date.today()
BEGAN = TODAY - timedelta(days=400)


def left(name: str, count: int) -> int:
    """The id of a new account, where so many left ten days ago."""
    account = structure.open_account(name, day=BEGAN)
    root = structure.root_unit(account)
    for number in range(count):
        post = structure.open_post(root, f"Post {number}", day=BEGAN)
        tenure = tenures.start_tenure(people.add_person(f"{name} {number}"), post, BEGAN)
        tenures.end_tenure(tenure, TODAY - timedelta(days=10), reason="moved_inside")
    return account.id


@pytest.fixture
def crowded(context, monkeypatch) -> int:
    """The id of a quiet account in a book of which only the newest three departures are read."""
    monkeypatch.setattr(detection, "MOST", 3)
    with writing():
        quiet = left("Nordwerk", 2)
        left("Suedwerk", 5)
    return quiet


def test_the_newest_departures_elsewhere_do_not_push_out_those_of_an_account(crowded):
    assert len(detection.departed(None, TODAY, days=30)) == 3
    found = detection.departed(None, TODAY, days=30, account_id=crowded)
    assert [row.account.id for row in found] == [crowded, crowded]
    document = lags_as_json(crowded, TODAY, days=30)
    assert document["overall"]["count"] == 2
    assert [row["account"] for row in document["by_account"]] == ["Nordwerk"]


LISTS = (
    "unit,post,person\nLab,Head,Li Na\nLab,Buyer,Bo Wu\n",
    "unit,post,person\nLab,Head,Li Na\n",
)


def test_who_applied_the_list_that_showed_a_departure_learnt_of_it(context):
    with writing():
        mia = people.add_person("Mia", side="us")
        user = users.add_user("mia", role="manager", password="seven boats in a row", person=mia)
        user_id = user.id
    for number, text in enumerate(LISTS):
        import_snapshot(
            text.encode(),
            file_name=f"{number}.csv",
            day=TODAY - timedelta(days=90 - 60 * number),
            account="Mingchuan",
            yes=True,
            user_id=user_id,
            today=TODAY,
            cap=1_000_000,
        )

    document = lags_as_json(None, TODAY, days=30)
    assert [(row["person"], row["count"]) for row in document["by_colleague"]] == [("Mia", 1)]


def test_what_the_command_line_brought_counts_for_no_colleague(context):
    with writing():
        left("Nordwerk", 1)

    assert lags_as_json(None, TODAY, days=30)["by_colleague"] == []


def test_what_was_learnt_later_takes_no_place(crowded):
    assert detection.departed(None, TODAY - timedelta(days=1), days=30) == []
    assert lags_as_json(None, TODAY - timedelta(days=1), days=30)["overall"] is None
