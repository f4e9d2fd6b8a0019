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
from relmap.results.reports.detection import lags_as_json

from .forms import form_of, send

TODAY = date.today()
BEGAN = TODAY - timedelta(days=500)
SOON = TODAY + timedelta(days=60)


def write_book():
    """Mingchuan with a director; Wang of ours logs in as ``wang`` and may write there."""
    with writing():
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
def book(filled):
    return filled(write_book)


@pytest.fixture
def seen(app, book):
    def view(day=TODAY):
        with app.app_context():
            return graph.view(book.account, day)

    return view


def declare(client, book, **filled):
    path = f"/accounts/{book.account}/policy"
    return send(client, path, path, **filled)


def say(client, book, act, **filled):
    """Fill in a form of the post's page: ``declared``, or ``term``, ``end``, ``stay``."""
    path = f"/posts/{book.post}"
    part = act if act == "declared" else f"tenures/{book.tenure}/{act}"
    return send(client, path, f"{path}/{part}", **filled)


def test_a_policy_and_an_owner_are_declared_on_a_page_of_the_account(visit, book, seen, app):
    client, path = visit("wang"), f"/accounts/{book.account}/policy"
    assert path in client.get(f"/accounts/{book.account}").text
    since = (TODAY - timedelta(days=30)).isoformat()
    told = {"rotation_months": "36", "review_month": "4", "owner": str(book.wang), "on": since}
    assert declare(client, book, **told).status_code == 303
    page = client.get(path)

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
    declare(client, book, rotation_months="36", owner=str(book.wang))
    yesterday = (TODAY - timedelta(days=1)).isoformat()

    for part in ("", "/people"):
        assert "rotation after 3 years" in client.get(path + part).text
        assert "Owner" in client.get(path + part).text
        past = client.get(f"{path}{part}?on={yesterday}").text.split('class="rm-sub"')[1]
        assert "rotation after" not in past
        assert "Owner <" not in past


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"handover_months": "61"}, "A handover takes 0 to 60 months, not 61."),
        ({"review_month": "13"}, "This is not to be chosen any more. Choose again."),
        ({"handover_months": "two"}, "&#39;two&#39; is no whole number."),
        ({"on": "soon"}, "&#39;soon&#39; is no date that relmap reads."),
    ],
)
def test_what_is_refused_stands_at_its_field_and_the_form_as_it_was_filled_in(
    visit, book, seen, told, said
):
    page = declare(visit("wang"), book, rotation_months="36", **told)

    assert page.status_code == 422
    [name] = told
    assert f'<a href="#{name}">' in page.text.split('role="alert"')[1]
    assert f'id="{name}" name="{name}" aria-invalid="true"' in page.text
    assert said in page.text.split(f'id="{name}-error"')[1].split("</p>")[0]
    assert page.text.count("autofocus") == page.text.count('aria-invalid="true"') == 1
    assert 'value="36"' in page.text
    assert name == "review_month" or f'value="{told[name]}"' in page.text
    assert seen().account.rotation_months is None


@pytest.mark.parametrize("on", ["soon", "0001-01-01", SOON.isoformat()])
def test_a_policy_holds_from_a_day_that_has_come(visit, book, seen, on):
    page = declare(visit("wang"), book, rotation_months="36", on=on)

    assert page.status_code == 422
    assert seen().account.rotation_months is None


def test_the_term_the_weight_and_the_level_of_a_post_are_declared(visit, book, seen):
    client = visit("wang")
    told = {"term_months": "24", "review_month": "9", "weight": "0,9", "level": "executive"}

    assert say(client, book, "declared", **told).status_code == 303
    [post] = seen().posts
    assert (post.term_months, post.review_month, post.decision_weight) == (24, 9, 0.9)
    assert post.level == "executive"
    again = say(client, book, "declared", weight="much")
    assert again.status_code == 422
    assert "&#39;much&#39; is no number" in again.text
    assert 'value="much"' in again.text


def test_a_declared_end_of_a_term_is_entered_and_taken_away(visit, book, seen):
    client = visit("wang")
    assert say(client, book, "term", ends_on=SOON.isoformat()).status_code == 303
    assert seen().tenures[0].term_ends_on == SOON
    assert seen(TODAY - timedelta(days=1)).tenures[0].term_ends_on is None

    early = say(client, book, "term", ends_on="2001-01-01")
    assert early.status_code == 422
    assert "A term ends after" in early.text
    assert 'value="2001-01-01"' in early.text

    assert say(client, book, "term", ends_on="").status_code == 303
    assert seen().tenures[0].term_ends_on is None


def test_a_leave_is_announced_and_taken_back(visit, book, seen):
    client, path = visit("wang"), f"/posts/{book.post}"
    act, page = f"{path}/tenures/{book.tenure}/end", client.get(path).text
    told = form_of(page, act, left_on=SOON.isoformat(), reason="retired")
    page = client.post(act, data=told, follow_redirects=True)

    assert "林志明 is announced to leave" in page.text
    assert (seen().tenures[0].ends_on, seen().tenures[0].end_reason) == (SOON, "retired")
    assert client.post(act, data=told).status_code == 409
    assert say(client, book, "stay").status_code == 303
    assert seen().tenures[0].ends_on is None


def test_who_has_left_counts_for_the_colleague_who_entered_it(visit, book, seen, app):
    left = TODAY - timedelta(days=12)
    told = {"left_on": left.isoformat(), "reason": "left_company", "empty": "on"}
    say(visit("wang"), book, "end", **told)

    assert seen().status(seen().posts[0]) == "vacant"
    with app.app_context():
        document = lags_as_json(book.account, TODAY, days=30)
    assert [(row["person"], row["median"]) for row in document["by_colleague"]] == [
        ("Wang Lei", 12)
    ]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "Say on which day the post is left."),
        ("2001-01-01", "The day must come after"),
        ("9999-12-31", "lies too far away. Look at the year."),
    ],
)
def test_a_leave_without_a_day_that_can_be_is_refused(visit, book, seen, day, said):
    page = say(visit("wang"), book, "end", left_on=day)

    assert page.status_code == 422
    assert said in page.text.split(f'id="tenure-{book.tenure}-left_on-error"')[1].split("</p>")[0]
    assert seen().tenures[0].ends_on is None


@pytest.mark.parametrize("told", [{}, {"left_on": SOON.isoformat(), "reason": "retired"}])
def test_half_a_form_is_not_taken(visit, book, seen, told):
    page = visit("wang").post(f"/posts/{book.post}/tenures/{book.tenure}/end", data=told)

    assert page.status_code == 422
    assert "The form is not complete. Reload the page and try again." in page.text
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
