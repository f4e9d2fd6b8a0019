"""A start that is announced stands on every page from the day it is on record."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from relmap.facts import people, structure, tenures
from relmap.facts.users import grant
from relmap.models import Tenure, User, db, writing

TODAY = date.today()
BEGAN = TODAY - timedelta(days=500)
SOON = TODAY + timedelta(days=60)
FAR = TODAY + timedelta(days=2000)


def write_book():
    """Mingchuan, whose director Lin hands over to Bo Wu; wang reads and writes."""
    with writing():
        account = structure.open_account("Mingchuan", day=BEGAN)
        root = structure.root_unit(account)
        post = structure.open_post(root, "Purchasing Director", day=BEGAN)
        lin, bo = people.add_person("Lin Zhiming"), people.add_person("Bo Wu")
        tenures.end_tenure(tenures.start_tenure(lin, post, BEGAN), SOON)
        tenures.start_tenure(bo, post, SOON)
        user = User(name="wang", role="member", password_hash="none", session_stamp="wang")
        db.session.add(user)
        db.session.flush()
        grant(user, account, "write")
        return SimpleNamespace(account=account.id, post=post.id, bo=bo.id)


@pytest.fixture
def book(filled):
    return filled(write_book)


@pytest.fixture
def page(visit, book):
    """``page("people")``: the text of a page of the account, or of the path that is given."""
    client = visit("wang")

    def text(part, **asked):
        path = part if part.startswith("/") else f"/accounts/{book.account}/{part}".rstrip("/")
        found = client.get(path, query_string=asked)
        assert found.status_code == 200, found.text
        return found.text

    return text


PARTS = ("grid", "people", "timeline", "history")


@pytest.mark.parametrize("part", PARTS)
def test_every_page_of_the_account_names_who_is_announced(page, part):
    assert "Bo Wu" in page(part)
    assert "Bo Wu" in page(part, **{"as": "table"})


def test_the_page_of_the_post_names_who_follows_and_from_when(page, book):
    text = page(f"/posts/{book.post}")
    assert text.count("Bo Wu") >= 3  # on the card, in the lane, in the table
    assert "2 seats" not in text


def test_the_page_of_the_person_says_for_which_post_and_from_when(page, book):
    text = page(f"/people/{book.bo}")
    assert "announced:" in text
    assert "Purchasing Director" in text
    assert "No post today" not in text


def test_the_search_finds_who_is_announced_with_the_post(page):
    text = page("/accounts", q="Bo Wu")
    assert "Purchasing Director, from" in text


def test_who_is_announced_is_not_said_to_sit_there_yet(page):
    text = page("people", state="here")
    assert "from " in text
    assert "Gone 0" in text


@pytest.mark.parametrize("part", ["", "grid", "people", "timeline", "history", "outlook", "map"])
@pytest.mark.parametrize("day", [SOON, SOON + timedelta(days=30), TODAY + timedelta(days=1)])
def test_a_day_ahead_shows_what_is_announced_for_it_and_says_so(page, part, day):
    text = page(part, on=day.isoformat())
    if part != "grid":  # a part that htmx asks for, here with its frame
        assert "not what will be" in text
    assert "lies ahead" not in text


def test_on_the_day_the_next_one_sits_there(page):
    text = page("people", on=SOON.isoformat())
    assert "Gone 1" in text


@pytest.mark.parametrize("part", ["", "people", "timeline", "map"])
def test_a_day_too_far_ahead_is_said_to_lie_ahead(page, part):
    text = page(part, on=FAR.isoformat())
    assert "lies ahead, and nothing is known of it yet" in text
    assert "not what will be" not in text


def test_where_nothing_is_announced_a_day_ahead_lies_ahead(page, app, book):
    with app.app_context(), writing():
        for tenure in db.session.scalars(select(Tenure).where(Tenure.starts_on > TODAY)):
            tenures.withdraw_tenure(tenure)
        tenures.correct_end(db.session.scalars(select(Tenure)).one(), None)
    assert "lies ahead" in page("people", on=SOON.isoformat())


# --- a past day


def test_a_day_before_relmap_watched_does_not_say_that_nothing_was_pressing(page):
    text = page("", on=(TODAY - timedelta(days=100)).isoformat())
    assert "Nothing is pressing" not in text
    assert "relmap has watched this account since" in text


def test_today_says_that_nothing_is_pressing(page):
    assert "Nothing is pressing" in page("")


def test_a_day_after_the_first_scan_was_watched(page, app, book):
    from relmap.models import Scan, StoredView

    with app.app_context(), writing():
        db.session.add(StoredView(digest="d", account_id=book.account, document="{}"))
        db.session.flush()
        on = TODAY - timedelta(days=200)
        scan = Scan(account_id=book.account, rule_key="r", on=on, revision=1,
                    ruleset_digest="r", view_digest="d")  # fmt: skip
        db.session.add(scan)
    assert "Nothing is pressing" in page("", on=(TODAY - timedelta(days=100)).isoformat())
    text = page("", on=(TODAY - timedelta(days=300)).isoformat())
    assert "relmap has watched this account since" in text


def test_a_day_ahead_says_nothing_of_what_will_press(page):
    assert "Nothing is pressing" not in page("", on=SOON.isoformat())


def test_a_seat_beside_others_names_who_is_announced_too(page, app, book):
    with app.app_context(), writing():
        tenure = db.session.get(Tenure, 1)
        post = structure.open_post(tenure.post.unit, "Clerk", day=BEGAN)
        structure.change_post(post, {"seats": 2}, day=BEGAN)
        tenures.start_tenure(people.add_person("Ma Li"), post, BEGAN)
        tenures.start_tenure(people.add_person("Qian Jin"), post, SOON)
    assert "Qian Jin from" in page("grid")
