"""What somebody with only a browser declares: a policy, terms, departures; and takes back."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from relmap import graph
from relmap.contracts import Ref
from relmap.facts import people, structure, tenures
from relmap.facts.users import grant
from relmap.models import Change, Tenure, User, db, writing
from relmap.results.reports.lags import lags_as_json

TODAY = date.today()
BEGAN = TODAY - timedelta(days=500)
SOON = TODAY + timedelta(days=60)


@pytest.fixture
def book(app):
    """Mingchuan with a director; Wang of ours logs in as ``wang`` and may write there."""
    with app.app_context(), writing():
        account = structure.open_account("Mingchuan", day=BEGAN)
        post = structure.open_post(structure.root_unit(account), "Purchasing Director", day=BEGAN)
        tenure = tenures.start_tenure(people.add_person("林志明"), post, BEGAN)
        wang = people.add_person("Wang Lei", side="us")
        for name, right in (("wang", "write"), ("reader", "read")):
            user = User(name=name, role="member", password_hash="none", session_stamp=name)
            user.person_id = wang.id if name == "wang" else None
            db.session.add(user)
            db.session.flush()
            grant(user, account, right)
        return SimpleNamespace(account=account.id, post=post.id, tenure=tenure.id, wang=wang.id)


@pytest.fixture
def seen(app, book):
    def view(day=TODAY):
        with app.app_context():
            return graph.view(book.account, day)

    return view


def policy_form(**more):
    empty = {"rotation_months": "", "review_month": "", "handover_months": "", "owner": ""}
    return {**empty, "on": TODAY.isoformat(), **more}


def post_form(**more):
    empty = {"form": "post", "term_months": "", "review_month": "", "weight": ""}
    return {**empty, "level": "director", "on": TODAY.isoformat(), **more}


def test_a_policy_and_an_owner_are_declared_on_a_page_of_the_account(visit, book, seen, app):
    client, path = visit("wang"), f"/accounts/{book.account}/policy"
    assert path in client.get(f"/accounts/{book.account}").text
    since = (TODAY - timedelta(days=30)).isoformat()
    told = policy_form(rotation_months="36", review_month="4", owner=str(book.wang), on=since)
    page = client.post(path, data=told, follow_redirects=True)

    assert page.status_code == 200
    assert "People rotate after 36 months" in page.text
    assert "Wang Lei has the account" in page.text
    row = seen().account
    assert (row.rotation_months, row.review_month, row.handover_months) == (36, 4, None)
    assert row.owner == Ref("person", book.wang)
    assert seen(TODAY - timedelta(days=31)).account.rotation_months is None
    with app.app_context():
        change = db.session.scalars(select(Change).where(Change.verb == "change_account")).one()
        user = db.session.get(User, change.user_id)
        assert (user.name, change.effective_on.isoformat()) == ("wang", since)


def test_the_head_of_a_past_day_says_what_held_then(visit, book):
    client, path = visit("wang"), f"/accounts/{book.account}"
    told = policy_form(rotation_months="36", owner=str(book.wang))
    client.post(f"{path}/policy", data=told)
    yesterday = (TODAY - timedelta(days=1)).isoformat()

    for part in ("", "/people"):
        assert "rotation after 3 years" in client.get(path + part).text
        assert "Owner" in client.get(path + part).text
        past = client.get(f"{path}{part}?on={yesterday}").text.split('class="rm-sub"')[1]
        assert "rotation after" not in past
        assert "Owner <" not in past


def test_what_is_refused_stands_above_the_form_as_it_was_filled_in(visit, book, seen):
    client = visit("wang")
    told = policy_form(rotation_months="36", review_month="13")
    page = client.post(f"/accounts/{book.account}/policy", data=told)

    assert page.status_code == 422
    assert "a number from 1 to 12, not 13" in page.text
    assert 'value="36"' in page.text
    assert seen().account.rotation_months is None


@pytest.mark.parametrize("on", ["soon", "0001-01-01", SOON.isoformat()])
def test_a_policy_holds_from_a_day_that_has_come(visit, book, seen, on):
    told = policy_form(rotation_months="36", on=on)
    page = visit("wang").post(f"/accounts/{book.account}/policy", data=told)

    assert page.status_code == 422
    assert seen().account.rotation_months is None


def test_the_term_the_weight_and_the_level_of_a_post_are_declared(visit, book, seen):
    client, path = visit("wang"), f"/posts/{book.post}"
    told = post_form(term_months="24", review_month="9", weight="0,9", level="executive")
    page = client.post(f"{path}/declared", data=told, follow_redirects=True)

    assert page.status_code == 200
    [post] = seen().posts
    assert (post.term_months, post.review_month, post.decision_weight) == (24, 9, 0.9)
    assert post.level == "executive"
    again = client.post(f"{path}/declared", data=post_form(level="executive", weight="much"))
    assert again.status_code == 422
    assert "&#39;much&#39; is no number" in again.text
    assert 'value="much"' in again.text


def test_a_declared_end_of_a_term_is_entered_and_taken_away(visit, book, seen):
    client, path = visit("wang"), f"/posts/{book.post}/tenures/{book.tenure}/term"
    assert client.post(path, data={"ends_on": SOON.isoformat()}).status_code == 303
    assert seen().tenures[0].term_ends_on == SOON
    assert seen(TODAY - timedelta(days=1)).tenures[0].term_ends_on is None

    early = client.post(path, data={"ends_on": "2001-01-01", "form": f"tenure-{book.tenure}"})
    assert early.status_code == 422
    assert "A term ends after" in early.text
    assert 'value="2001-01-01"' in early.text

    assert client.post(path, data={"ends_on": ""}).status_code == 303
    assert seen().tenures[0].term_ends_on is None


def test_a_leave_is_announced_and_taken_back(visit, book, seen):
    client, path = visit("wang"), f"/posts/{book.post}/tenures/{book.tenure}"
    told = {"left_on": SOON.isoformat(), "reason": "retired"}
    page = client.post(f"{path}/end", data=told, follow_redirects=True)

    assert "林志明 is announced to leave" in page.text
    assert (seen().tenures[0].ends_on, seen().tenures[0].end_reason) == (SOON, "retired")
    assert client.post(f"{path}/end", data=told).status_code == 422
    assert client.post(f"{path}/stay").status_code == 303
    assert seen().tenures[0].ends_on is None


def test_who_has_left_counts_for_the_colleague_who_entered_it(visit, book, seen, app):
    left = TODAY - timedelta(days=12)
    told = {"left_on": left.isoformat(), "reason": "left_company", "empty": "on"}
    visit("wang").post(f"/posts/{book.post}/tenures/{book.tenure}/end", data=told)

    assert seen().status(seen().posts[0]) == "vacant"
    with app.app_context():
        document = lags_as_json(book.account, TODAY, days=30)
    assert [(row["person"], row["median"]) for row in document["by_colleague"]] == [
        ("Wang Lei", 12)
    ]


@pytest.mark.parametrize(
    "told", [{"left_on": ""}, {}, {"left_on": "2001-01-01"}, {"left_on": "9999-12-31"}]
)
def test_a_leave_without_a_day_that_can_be_is_refused(visit, book, seen, told):
    path = f"/posts/{book.post}/tenures/{book.tenure}/end"

    assert visit("wang").post(path, data=told).status_code == 422
    assert seen().tenures[0].ends_on is None


def test_who_may_only_read_sees_no_form(visit, book):
    client = visit("reader")

    assert "<form" not in client.get(f"/accounts/{book.account}/policy").text.split("<main")[1]
    assert "Say what is known" not in client.get(f"/posts/{book.post}").text


def test_a_tenure_is_only_found_at_its_own_post(visit, book, app):
    with app.app_context(), writing():
        post = db.session.get(structure.Post, book.post)
        other = structure.open_post(post.unit, "Buyer", day=BEGAN).id
    path = f"/posts/{other}/tenures/{book.tenure}"

    for act in ("term", "end", "stay"):
        assert visit("wang").post(f"{path}/{act}", data={"ends_on": ""}).status_code == 404
    with app.app_context():
        assert db.session.get(Tenure, book.tenure).ends_on is None
