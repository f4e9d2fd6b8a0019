"""The page of an import shows a member what concerns the accounts they may read, and no more."""

import re
import time
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from relmap import imports
from relmap.errors import ImportHeld
from relmap.facts.structure import change_account, find_account
from relmap.facts.users import add_user, find_user, grant
from relmap.models import Import, ImportRow, db, writing

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
    told = imports.import_snapshot(
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
    with app.app_context(), pytest.raises(ImportHeld) as held:
        imported("2026-10-01", text, complete=True)
    assert "Suedwerk" in str(held.value)
    page = visit(mia).get(f"/imports/{held.value.import_id}").text
    assert "Held: the guard wants a yes" in page
    assert [word for word in OF_SUEDWERK if word in page] == []


def test_a_held_list_that_opens_an_account_is_not_whole_for_a_member(app, visit, mia, second):
    text = f"{HEAD}\nNordwerk,Plant,Guard,Ed Oz,eo\nWestwerk,Mill,Miller,Fay Po,fp"
    with app.app_context(), pytest.raises(ImportHeld) as held:
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


def crowd(count: int, since: int = 0) -> str:
    rows = (f"Nordwerk,Buying,Buyer {n},Person {n:03},p{n}" for n in range(since, since + count))
    return "\n".join([HEAD, *rows])


@pytest.fixture
def crowded(app, visit, mia):
    """``crowded(kind)`` is the page of a list in which 340 came, after one of 150 who all left."""
    with app.app_context():
        with writing():
            find_user(mia).role = "manager"
        imported("2026-01-01", crowd(150))
        number = imported("2026-07-01", crowd(340, since=150), complete=True, yes=True)
    return lambda **asked: visit(mia).get(f"/imports/{number}", query_string=asked).text


def folds(page: str) -> list[tuple[str, bool, str]]:
    """Each kind of change on the page: its heading, whether it stands open, its count."""
    found = re.findall(
        r'<details class="rm-kind" id="\w+"( open)?>.*?<h3>(.*?)</h3>.*?rm-count-soft">(\d+)<',
        page,
        re.DOTALL,
    )
    return [(title, bool(is_open), count) for is_open, title, count in found]


def test_many_changes_are_grouped_and_the_first_groups_open(crowded):
    page = crowded()
    assert folds(page)[:2] == [("Left", True, "150"), ("Came", True, "340")]
    assert all(not is_open for _, is_open, _ in folds(page)[2:])
    left = page.partition('id="left_post"')[2].partition('id="joined_post"')[0]
    assert left.count("Person ") == 150
    assert left.partition("rm-kind-rest")[0].count("Person ") == 20
    assert "130 more" in left


def test_every_change_of_a_kind_has_its_place_on_some_page(crowded):
    first, second = crowded(kind="joined_post"), crowded(kind="joined_post", **{"from": 301})
    assert "301 to 340 of 340" in second
    named = [set(re.findall(r"Person \d{3}", page)) for page in (first, second)]
    assert [len(names) for names in named] == [300, 40]
    assert len(named[0] | named[1]) == 340
    assert "rm-kind-rest" not in first


def test_a_short_list_stands_open_whole(visit, mia, second):
    found = folds(visit(mia).get(f"/imports/{second}").text)
    assert {title for title, _, _ in found} >= {"Left", "Came"}
    assert all(is_open for _, is_open, _ in found)


def test_what_became_of_a_seat_is_said_in_plain_words(app, visit, mia, second):
    with app.app_context():
        with writing():
            find_user(mia).role = "manager"
        third = imported(
            "2026-10-01",
            f"{HEAD}\nNordwerk,Buying,Buyer,Ed Oz,eo\nNordwerk,Buying,Analyst,,\n"
            "Suedwerk,Secret Lab,Head of Secrets,Li Na,ln\nSuedwerk,Secret Lab,Clerk,Di Ye,dy",
            yes=True,
        )
    page = visit(mia).get(f"/imports/{third}").text
    assert "followed by Ed Oz" in page
    assert "the seat is vacant" in page
    assert "the seat is replaced" not in page


@pytest.mark.parametrize(
    ("zone", "shown"), [("Asia/Shanghai", "1 Jul 2026, 02:30"), ("UTC", "30 Jun 2026, 18:30")]
)
def test_when_a_file_was_brought_in_is_told_by_the_clock_there(
    app, visit, mia, second, monkeypatch, zone, shown
):
    with app.app_context(), writing():
        found = db.session.get_one(Import, second)
        found.created_at = datetime(2026, 6, 30, 18, 30, tzinfo=UTC)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        pages = [visit(mia).get(path).text for path in (f"/imports/{second}", "/imports")]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert [shown in page for page in pages] == [True, True]


@pytest.mark.postgresql
def test_the_list_counts_what_happened_in_accounts_one_may_read(app, visit, mia, second):
    def cells() -> list[str]:
        page = visit(mia).get("/imports").text
        newest = page[page.index(f"/imports/{second}") :]
        return re.findall(r'data-label="(?:left|came)"[^>]*>(\d+)<', newest)[:2]

    assert cells() == ["1", "1"]
    with app.app_context(), writing():
        grant(find_user(mia), find_account("Suedwerk"), "read")
    assert cells() == ["2", "3"]


def test_a_note_names_accounts_alike_only_to_who_may_read_all(app, visit, mia):
    with app.app_context():
        imported("2026-01-01", FIRST)
        typed = imported("2026-01-01", f"{HEAD}\nNordwerke,Lab,Head,Ann Lee,al", yes=True)
        with writing():
            grant(find_user(mia), find_account("Nordwerke"), "read")
            add_user("ada", role="manager", password="seven boats in a row")
    told = "Account Nordwerke is new"
    assert f"{told} (alike: Nordwerk)." in visit("ada").get(f"/imports/{typed}").text
    assert f"{told}." in visit(mia).get(f"/imports/{typed}").text


@pytest.mark.postgresql
def test_a_page_of_the_list_loads_the_files_of_that_page_alone(app, visit, mia, second):
    with app.app_context(), writing():
        theirs = [find_account(name).id for name in ("Nordwerk", "Suedwerk")]
        for number in range(260):
            row = Import(kind="snapshot", status="held", file_name=f"list-{number}.csv", table={})
            row.account_ids = [theirs[number % 2]] if number else []
            db.session.add(row)
            doubt = {"row": 2, "account_id": theirs[number % 2], "status": "waiting"}
            row.rows.append(ImportRow(**doubt, reason="same_name", candidate_ids=[], waits={}))
        grant(find_user(mia), find_account("Nordwerk"), "write")
        add_user("ada", role="manager", password="seven boats in a row")
    loaded = []
    event.listen(Import, "load", lambda row, _: loaded.append(row.file_name))

    seen = []
    for start in range(1, 200, 50):
        loaded.clear()
        page = visit(mia).get(f"/imports?from={start}").text
        assert len(loaded) <= 50
        seen += re.findall(r">(list-\d+\.csv)<", page)
    assert seen == [f"list-{number}.csv" for number in range(258, 0, -2)]
    assert "129 rows wait for your word, 129 files held" in page
    assert "260 files held" in visit("ada").get("/imports").text
    assert len(loaded) <= 50
