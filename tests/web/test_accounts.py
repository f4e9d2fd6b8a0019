"""The list of accounts: its pages one after the other, and what its search finds."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, insert, select

from relmap.clock import today
from relmap.facts.people import add_person
from relmap.facts.structure import find_account, open_account, open_post, root_unit
from relmap.facts.tenures import start_tenure
from relmap.facts.users import find_user
from relmap.models import Account, Score, db, writing

DAY = date(2026, 1, 5)


@pytest.fixture
def browser(app, visit, mia):
    """Somebody who reads every account; there are 60."""
    with app.app_context(), writing():
        find_user(mia).role = "manager"
        for number in range(60):
            open_account(f"Account {number:02}", day=DAY)
    return visit(mia)


@pytest.mark.parametrize("sort", ["matters", "name", "score"])
def test_the_second_page_goes_on_where_the_first_ends(browser, sort):
    first = browser.get(f"/accounts?sort={sort}").text
    address = first.partition('rm-btn-small" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = browser.get(address).text
    shown = [{n for n in range(60) if f"Account {n:02}<" in page} for page in (first, second)]
    assert [len(numbers) for numbers in shown] == [50, 10]
    assert not shown[0] & shown[1]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("sort", ["matters", "name", "score"])
def test_a_page_costs_the_same_after_many_days_of_scores(app, browser, sort):
    with app.app_context(), writing():
        ids = list(db.session.scalars(select(Account.id)))
        db.session.execute(insert(Score), list(scores_of(ids, 1)))
    early = steps_of(app, lambda: browser.get(f"/accounts?sort={sort}"))
    with app.app_context(), writing():
        for days in range(2, 41):
            db.session.execute(insert(Score), list(scores_of(ids, days)))
    late = steps_of(app, lambda: browser.get(f"/accounts?sort={sort}"))
    assert late < early * 1.1


def scores_of(ids, days):
    """Scores of so many days ago, of four rules for each account."""
    digests = {"settings_digest": "s", "view_digest": "v", "ruleset_digest": "r"}
    rule = {"plugin": "p", "rule_version": 1, "rule_title": "A rule", "weight": 1, "status": "ok"}
    row = {"on": today() - timedelta(days=days), "revision": 1, "points": 3.0, "out_of": 4.0}
    for account_id in ids:
        for key in ("p.a", "p.b", "p.c", "p.d"):
            yield digests | rule | row | {"account_id": account_id, "rule_key": key}


def steps_of(app, ask):
    """How many hundred steps SQLite goes for a request."""
    ask()  # what is kept between requests is there
    steps = []
    with app.app_context():
        engine = db.engine

    def count(connection, *_):
        connection.set_progress_handler(lambda: steps.append(1) and None, 100)

    event.listen(engine, "checkout", count)
    assert ask().status_code == 200
    event.remove(engine, "checkout", count)
    assert steps
    return len(steps)


@pytest.mark.parametrize("sort", ["matters", "name", "score"])
@pytest.mark.parametrize("after", ["", "~", "x~1", "1~x", "1~99999999999999999999", f"{10**40}~1"])
def test_an_address_that_somebody_made_up_is_no_failure(browser, sort, after):
    assert browser.get("/accounts", query_string={"sort": sort, "after": after}).status_code == 200


def test_a_search_names_a_post_with_its_own_account(app, browser):
    with app.app_context(), writing():
        person = add_person("Li Na")
        for name, title in (("Alpha", "Zonal Buyer"), ("Zeta", "Analyst")):
            post = open_post(root_unit(open_account(name, day=DAY)), title, day=DAY)
            start_tenure(person, post, DAY)
    page = browser.get("/accounts?q=li na").text
    assert "Analyst, Zeta" in page
    assert "Zonal Buyer" not in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("高橋一郎", "髙橋"),
        ("髙橋一郎", "高橋一郎"),
        ("髙橋一郎", "高桥 様"),
        ("陳怡君", "陈怡君女士"),
    ],
)
def test_a_person_is_found_in_variant_and_traditional_characters(app, browser, name, words):
    with app.app_context(), writing():
        post = open_post(root_unit(open_account("臺北電機", day=DAY)), "Analyst", day=DAY)
        start_tenure(add_person(name), post, DAY)
    assert name in browser.get("/accounts", query_string={"q": words}).text
    assert "臺北電機" in browser.get("/accounts", query_string={"q": "台北电机"}).text


@pytest.mark.parametrize("words", ["林丹丹", "lin dandan", "Dandan Lin", "ldd", "lindandan"])
def test_a_person_is_found_by_any_form_and_order_of_the_name(app, browser, words):
    with app.app_context(), writing():
        post = open_post(root_unit(open_account("Zeta", day=DAY)), "Analyst", day=DAY)
        start_tenure(add_person("林丹丹"), post, DAY)
        start_tenure(add_person("李娜"), open_post(post.unit, "Clerk", day=DAY), DAY)

    page = browser.get("/accounts", query_string={"q": words}).text

    assert "林丹丹" in page
    assert "李娜" not in page


def test_who_was_granted_nothing_is_told_whom_to_ask(visit, mia):
    page = visit(mia).get("/accounts").text
    assert "Ask an administrator for an account" in page
    assert "relmap import" not in page


def test_a_rule_without_weight_is_shown_as_not_counted(app, browser):
    with app.app_context(), writing():
        account_id = find_account("Account 00").id
        for title, weight in (("Map check", 0.0), ("Breadth", 1.0)):
            db.session.add(score_of(account_id, title, weight))
    panel = browser.get(f"/accounts/{account_id}").text.partition('id="score"')[2]
    counted, _, apart = panel.partition("Map check")

    assert "Breadth" in counted
    assert "not counted" not in counted
    assert "not counted in the score" in apart
    assert "0-fold" not in panel
    listed = browser.get("/accounts?q=Account 00").text
    assert "Breadth</th>" in listed
    assert "Map check" not in listed


def test_ten_thousand_lines_of_evidence_are_a_hundred_and_how_many_more(app, browser):
    with app.app_context(), writing():
        account_id = find_account("Account 00").id
        score = score_of(account_id, "Wordy", 1.0)
        score.evidence = [
            {"text": f"Line {number}", "points": 0.5, "refs": [], "values": {}}
            for number in range(10_000)
        ]
        db.session.add(score)
    panel = browser.get(f"/accounts/{account_id}").text.partition('id="score"')[2]
    assert panel.count("Line ") == 100
    assert "and 9900 more" in panel.replace(",", "")
    assert "4950" in panel.replace(",", "")
    assert len(panel) < 200_000


def score_of(account_id: int, title: str, weight: float) -> Score:
    """What a rule of this weight found today: six points of ten."""
    return Score(
        account_id=account_id,
        on=date.today(),
        plugin="tried",
        rule_key=f"tried.{title}",
        rule_version=1,
        rule_title=title,
        weight=weight,
        settings_digest="",
        view_digest="",
        ruleset_digest="",
        revision=0,
        status="ok",
        points=6.0,
        out_of=10.0,
    )
