"""The page of an import shows a member what concerns the accounts they may read, and no more."""

from datetime import date

import pytest

from relmap.errors import Held
from relmap.facts import snapshots
from relmap.facts.accounts import change_account, find_account
from relmap.facts.users import find_user, grant
from relmap.models import writing

HEAD = "account,unit,post,person,external_id"
FIRST = f"""{HEAD}
Nordwerk,Buying,Head of Buying,Li Na,ln
Nordwerk,Buying,Buyer,Bo Wu,bw
Suedwerk,Secret Lab,Head of Secrets,Al Fox,af"""
SECOND = f"""{HEAD}
Nordwerk,Buying,Buyer,Bo Wu,bw
Nordwerk,Buying,Analyst,Al Fox,af
Suedwerk,Secret Lab,Head of Secrets,Li Na,ln
Suedwerk,Secret Lab,Clerk,Di Ye,dy"""
OF_SUEDWERK = ("Suedwerk", "Secret", "Di Ye")


def imported(day: str, text: str, **options: bool) -> int | None:
    told = snapshots.import_snapshot(
        text.encode(), file_name=f"{day}.csv", day=date.fromisoformat(day), cap=10**6, **options
    )
    return told.import_id


@pytest.fixture
def second(app, mia) -> int:
    """A list of two accounts, whose people changed places; mia may write one of them."""
    with app.app_context():
        imported("2026-01-01", FIRST)
        number = imported("2026-07-01", SECOND, yes=True)
        with writing():
            grant(find_user(mia), find_account("Nordwerk"), "write")
    assert number
    return number


def test_what_concerns_another_account_is_not_shown(visit, mia, second):
    page = visit(mia).get(f"/imports/{second}").text
    assert "Li Na" in page
    assert "went to another account" in page
    assert "came from another account" in page
    assert [word for word in OF_SUEDWERK if word in page] == []


def test_who_reads_all_its_accounts_sees_all_of_it(app, visit, mia, second):
    with app.app_context(), writing():
        grant(find_user(mia), find_account("Suedwerk"), "read")
    page = visit(mia).get(f"/imports/{second}").text
    assert [word for word in OF_SUEDWERK if word not in page] == []
    assert "went to Head of Secrets, Secret Lab, Suedwerk" in page


def test_why_another_account_is_held_is_not_shown(app, visit, mia, second):
    text = f"""{HEAD}
Nordwerk,Buying,Buyer,Bo Wu,bw
Nordwerk,Buying,Analyst,Al Fox,af
Suedwerk,Plant,Guard,Li Na,ln
Suedwerk,Plant,Porter,Di Ye,dy"""
    with app.app_context(), pytest.raises(Held) as held:
        imported("2026-10-01", text, complete=True)
    assert "Suedwerk" in str(held.value)
    page = visit(mia).get(f"/imports/{held.value.import_id}").text
    assert "Held: the guard wants a yes" in page
    assert [word for word in OF_SUEDWERK if word in page] == []


def test_a_held_list_that_opens_an_account_is_not_whole_for_a_member(app, visit, mia, second):
    text = f"{HEAD}\nNordwerk,Plant,Guard,Ed Oz,eo\nWestwerk,Mill,Miller,Fay Po,fp"
    with app.app_context(), pytest.raises(Held) as held:
        imported("2026-10-01", text, complete=True)
    browser, address = visit(mia), f"/imports/{held.value.import_id}"
    page = browser.get(address).text
    assert "Held: the guard wants a yes" in page
    assert [word for word in ("Westwerk", "Mill", "Fay Po") if word in page] == []
    assert browser.post(f"{address}/apply").status_code == 403


def test_changes_are_found_where_the_account_is_called_otherwise_now(app, visit, mia, second):
    with app.app_context(), writing():
        change_account(find_account("Nordwerk"), {"name": "Nordwerk Group"})
    assert "Li Na" in visit(mia).get(f"/imports/{second}").text
