"""The rotation pages: what may change, how good we were, how soon we learn; who sees what."""

import json
import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from relmap.facts import people, projects, structure, tenures, ties
from relmap.facts.users import add_user, grant
from relmap.graph import view
from relmap.models import Account, BackTest, PostOutlook, db, writing
from relmap.results.runs.back_tests import asked_back_tests, run_back_test
from relmap.results.runs.forecasting import forecast
from relmap.web.rotation.radar import PAGE_SIZE

TODAY = date.today()
LONG_AGO = TODAY - timedelta(days=6 * 365)
PASSWORD = "seven boats in a row"


def fill(name: str, count: int, *, owner: str | None = None, function: str = "purchasing") -> int:
    """An account whose deciding posts change hands after 560 days; one of us knows the first."""
    account = structure.open_account(name, day=LONG_AGO)
    ours = people.add_person(owner or f"Seller of {name}", side="us")
    structure.change_account(account, {"owner_id": ours.id})
    root = structure.root_unit(account)
    for number in range(count):
        post = structure.open_post(
            root, f"Director {number}", day=LONG_AGO, level="director", function=function
        )
        begin = LONG_AGO + timedelta(days=number)
        while begin + timedelta(days=560) < TODAY:
            person = people.add_person(f"Person {number} of {begin} at {name}")
            tenure = tenures.start_tenure(person, post, begin)
            begin += timedelta(days=560)
            tenures.end_tenure(tenure, begin, reason="moved_inside")
        person = people.add_person(f"Holder {number} at {name}")
        tenures.start_tenure(person, post, begin)
        if number == 0:
            ties.add_tie(ours, person, observed_on=TODAY, level="trusted_advisor")
    return account.id


def write_book() -> dict[str, int]:
    """A long and a short history; mia may write the long one and nothing else."""
    with writing():
        ids = {
            "Long": fill("Long", 8, owner="Wang Lei"),
            "Short": fill("Short", 1, function="rnd"),
        }
        user = add_user("mia", role="member", password=PASSWORD)
        grant(user, db.session.get_one(Account, ids["Long"]), "write")
        add_user("boss", role="manager", password=PASSWORD)
        add_user("nobody", role="member", password=PASSWORD)
    for account_id in ids.values():
        forecast(account_id, TODAY, today=TODAY)
    return ids


@pytest.fixture
def book(filled) -> dict[str, int]:
    return filled(write_book)


def titles(page) -> list[str]:
    return re.findall(r'<td class="rm-c-post"><a [^>]*>([^<]*)</a>', page.text)


def text_of(page) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())


def test_the_first_line_is_the_answer_and_a_short_history_is_counted(book, visit):
    page = visit("boss").get("/rotation?horizon=365")
    assert re.search(r"<h1[^>]*>\s*[78] posts may change soon and we are not ready", page.text)
    assert "8 deciding posts with a figure, in 2 accounts; 1 more has too short" in page.text
    assert len(titles(page)) == 9


def test_a_figure_is_in_steps_of_five_and_a_short_history_is_a_band(book, visit):
    page = visit("boss").get("/rotation?horizon=365").text
    rings = re.findall(r'aria-label="([^"]*) chance of a change in 365 days', page)
    said = {ring.rpartition("; ")[2] for ring in rings}
    assert any(" to " in one for one in said)
    numbers = [int(number) for one in said for number in re.findall(r"\d+", one)]
    assert all(number % 5 == 0 for number in numbers)


def test_a_member_sees_the_accounts_granted_and_no_others(book, visit):
    page = visit("mia").get("/rotation")
    assert "Long" in page.text
    assert "Short" not in page.text
    assert "in 1 account" in page.text
    assert "No forecast yet" in visit("nobody").get("/rotation").text


def test_the_filters_are_in_the_address(book, visit):
    client = visit("boss")
    assert len(titles(client.get("/rotation?function=rnd"))) == 1
    assert len(titles(client.get("/rotation?function=purchasing"))) == 8
    owner = re.search(r'<option value="(\d+)">Wang Lei', client.get("/rotation").text)[1]
    page = client.get(f"/rotation?owner={owner}")
    assert len(titles(page)) == 8
    assert f'<option value="{owner}" selected>' in page.text
    assert "in 90 days" in client.get("/rotation?horizon=90").text
    assert "No post fits these filters" in client.get("/rotation?owner=999999").text


@pytest.mark.parametrize("after", ["x", "1~", "nan~1~1", "inf~1~1", "1~-5~2", "1~99999999999~2"])
def test_an_address_somebody_made_up_is_the_first_page(book, visit, after):
    page = visit("boss").get(f"/rotation?after={after}")
    assert page.status_code == 200
    assert '<span class="rm-dot' in page.text


def test_the_pages_of_the_list_hold_every_post_once(app, visit):
    with app.app_context():
        with writing():
            account_id = fill("Wide", PAGE_SIZE + 7)
            add_user("boss", role="manager", password=PASSWORD)
        forecast(account_id, TODAY, today=TODAY)
    client, path, found, numbers = visit("boss"), "/rotation", [], []
    while path:
        page = client.get(path)
        found += titles(page)
        numbers += re.findall(r'<span class="rm-dot[^"]*">(\d+)</span>', page.text)
        following = re.search(r'href="([^"]*after=[^"]*)">Next', page.text)
        path = following[1].replace("&amp;", "&") if following else None
    assert len(found) == len(set(found)) == PAGE_SIZE + 7
    assert numbers == [str(number) for number in range(1, PAGE_SIZE + 8)]


def chances(page) -> list[int]:
    return [int(one) for one in re.findall(r"<text [^>]*>(\d+)<tspan", page.text)]


@pytest.mark.parametrize("sort", ["loss", "chance", "due", "ready"])
def test_each_order_holds_every_post_once_over_its_pages(app, visit, sort):
    with app.app_context():
        with writing():
            account_id = fill("Wide", PAGE_SIZE + 4)
            add_user("boss", role="manager", password=PASSWORD)
        forecast(account_id, TODAY, today=TODAY)
        with writing():
            for number, row in enumerate(db.session.scalars(select(PostOutlook))):
                row.change180, row.ready180 = (number % 7) / 10, (number % 5) / 10
                row.due_on, row.due_kind = TODAY + timedelta(days=(number * 11) % 40), "term"
                row.source = "model" if number % 3 else "term"
    client, path, found, said = visit("boss"), f"/rotation?sort={sort}", [], []
    while path:
        page = client.get(path)
        found, said = found + titles(page), said + chances(page)
        following = re.search(r'href="([^"]*after=[^"]*)">Next', page.text)
        path = following[1].replace("&amp;", "&") if following else None
    assert len(found) == len(set(found)) == PAGE_SIZE + 4
    if sort == "chance":
        assert said == sorted(said, reverse=True)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_the_order_and_the_size_of_a_dot_are_the_same_stake_with_projects(app, book, visit):
    with app.app_context(), writing():
        rows = db.session.scalars(select(PostOutlook).where(PostOutlook.is_band.is_(False))).all()
        for row in rows:
            row.change180, row.ready180, row.weight = 0.8, 0.0, 0.5
        account = db.session.get_one(Account, book["Long"])
        for title, value, currency in (("A", 100.0, "TWD"), ("B", 4.0, "EUR")):
            projects.open_project(account, title, value=value, currency=currency)
        rows[3].values, rows[5].values = {"TWD": 50.0}, {"EUR": 4.0}
        wanted = [rows[5].post_id, rows[3].post_id]
    page = visit("boss").get("/rotation")
    assert [int(one) for one in re.findall(r'rm-c-post"><a [^>]*/posts/(\d+)"', page.text)][:2] == (
        wanted
    )
    points = json.loads(unescape(re.search(r'data-points="([^"]*)"', page.text)[1]))
    assert [one["size"] for one in points[:3]] == [1.2, 0.8, 0.4]


def test_where_no_post_stands_out_the_sum_is_told(app, book, visit):
    with app.app_context(), writing():
        for row in db.session.scalars(select(PostOutlook)):
            row.change180 = 0.25
    said = text_of(visit("boss").get("/rotation"))
    assert "No single post stands out (30 % or more); about 2 of 8 may change" in said


def test_an_address_past_the_last_post_says_so(book, visit):
    said = text_of(visit("boss").get("/rotation?after=0~0"))
    assert "That was the last post" in said
    assert "No post fits" not in said


def test_the_list_says_where_nobody_we_know_may_follow(book, visit):
    page = visit("boss").get("/rotation")
    assert '<span class="rm-loss">nobody</span>' in page.text
    assert "Find someone" in page.text


def test_a_foreseen_post_that_was_withdrawn_does_not_break_the_page(app, book, visit):
    with app.app_context(), writing():
        row = db.session.scalars(select(PostOutlook)).first()
        row.post_id = 999_999
    assert visit("boss").get("/rotation").status_code == 200


# --- the back-test


def test_a_back_test_is_asked_for_once_worked_off_and_told_in_plain_words(app, book, visit):
    client = visit("boss")
    assert "No back-test yet" in client.get("/rotation/backtest").text
    for _ in range(2):
        assert client.post("/rotation/backtest").status_code == 303
    assert "is being worked out" in client.get("/rotation/backtest").text
    with app.app_context():
        (number,) = asked_back_tests()
        run_back_test(number, TODAY)
        assert asked_back_tests() == []
        stored = db.session.get_one(BackTest, number).report
    assert "predictions" not in stored
    said = text_of(client.get("/rotation/backtest"))
    assert re.search(r"Of 100 posts where we said \d+ % , \d+ changed", said)
    assert "the same chance for all: " in said
    assert "is being worked out" not in said


def test_a_back_test_without_enough_history_says_why(app, book, visit):
    with app.app_context(), writing():
        account = structure.open_account("New", day=TODAY - timedelta(days=30))
        post = structure.open_post(structure.root_unit(account), "Buyer", day=TODAY)
        tenures.start_tenure(people.add_person("Ann"), post, TODAY)
        account_id = account.id
    client = visit("boss")
    client.post(f"/rotation/backtest/{account_id}")
    with app.app_context():
        run_back_test(asked_back_tests()[0], TODAY)
    page = client.get(f"/rotation/backtest?account={account_id}")
    assert "Too little history to test on" in page.text


def test_who_may_not_read_every_account_asks_of_their_own_only(book, visit):
    client = visit("mia")
    assert client.post("/rotation/backtest").status_code == 403
    assert client.post(f"/rotation/backtest/{book['Short']}").status_code == 404
    assert client.post(f"/rotation/backtest/{book['Long']}").status_code == 303
    page = client.get("/rotation/backtest")
    assert "is being worked out" in page.text
    assert "the whole book" not in page.text


# --- how soon we learn


def test_a_departure_entered_late_counts_its_days(app, book, visit):
    with app.app_context(), writing():
        seen = view(book["Long"], TODAY)
        tenure = tenures.get_tenure(seen.open_tenures[0].ref.id)
        tenures.end_tenure(tenure, TODAY - timedelta(days=20), reason="left_company")
    said = text_of(visit("mia").get("/rotation/learning"))
    assert "Long" in said
    assert "Short" not in said
    assert "No departure was learnt of" in text_of(visit("nobody").get("/rotation/learning"))


def test_few_departures_have_a_median_and_no_quartiles(app, visit):
    with app.app_context(), writing():
        account = structure.open_account("Few", day=LONG_AGO)
        for number in range(4):
            post = structure.open_post(structure.root_unit(account), f"Post {number}", day=LONG_AGO)
            tenure = tenures.start_tenure(people.add_person(f"Ann {number}"), post, LONG_AGO)
            tenures.end_tenure(tenure, TODAY - timedelta(days=20), reason="left_company")
        add_user("boss", role="manager", password=PASSWORD)
    said = text_of(visit("boss").get("/rotation/learning"))
    assert "The median of 4 departures" in said
    assert "too few to say more than that" in said
    assert "a quarter within" not in said
