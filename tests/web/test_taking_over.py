"""A plan taken over as it was shown: of any number of visits, once, and by somebody of us."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from relmap.facts import people, structure, tenures, ties
from relmap.facts.users import add_user
from relmap.models import Account, NextStep, Person, Tie, db, writing
from relmap.results.runs import forecasting

from .forms import form_of as filled_in

TODAY = date.today()
SINCE = TODAY - timedelta(days=2000)


def write_book() -> int:
    """An account that nobody of us looks after, with four directors; Wang knows the first."""
    with writing():
        account = structure.open_account("Nordwerk", day=SINCE, rotation_months=36)
        root = structure.root_unit(account)
        wang = people.add_person("Wang", side="us")
        for number in range(4):
            post = structure.open_post(root, f"Seat {number}", day=SINCE, level="director")
            person = people.add_person(f"Lin {number}")
            tenures.start_tenure(person, post, SINCE)
            if not number:
                ties.add_tie(wang, person, observed_on=TODAY, level="vendor")
        add_user("boss", role="manager", password="seven boats in a row")
        found = account.id
    forecasting.forecast(found, TODAY, today=TODAY)
    return found


@pytest.fixture
def account_id(filled) -> int:
    return filled(write_book)


def form_of(page) -> dict[str, object]:
    """What the form would send with all ticked, and Wang for whoever is to be chosen."""
    action = re.search(r'action="([^"]*/plan[^"]*)"', page.text)[1].replace("&amp;", "&")
    shown = filled_in(page.text, action)
    sent = {**shown.to_dict(), "take": re.findall(r'name="take" value="([^"]+)"', page.text)}
    wang = re.search(r'value="(\d+)"[^>]*>Wang<', page.text)[1]
    return sent | {f"owner-{key}": wang for key in sent["take"]}


def names(app) -> list[str]:
    with app.app_context():
        rows = db.session.scalars(select(NextStep).order_by(NextStep.id)).all()
        return sorted(row.person.name for row in rows)


def test_all_pages_show_the_plan_of_as_many_visits(account_id, visit):
    client, path = visit("boss"), f"/accounts/{account_id}"
    counts = {
        re.search(r"([0-9]+) visits?\b", page.split("The plan:")[-1])[1]
        for page in (client.get(f"{path}/cultivate").text, client.get(f"{path}/plan").text)
    }
    assert counts == {"6"}
    assert "with these 6 visits" in client.get(f"{path}/outlook").text


@pytest.mark.parametrize("asked", ["visits=2&horizon=90", "visits=9&horizon=365"])
def test_what_was_shown_is_what_is_taken_over(app, account_id, visit, asked):
    client, path = visit("boss"), f"/accounts/{account_id}"
    shown = client.get(f"{path}/cultivate?{asked}").text
    link = re.search(r'href="([^"]*/plan\?[^"]*)"', shown)[1].replace("&amp;", "&")
    people_shown = re.findall(r"Lin \d", shown.split('class="rm-steps"')[1].split("</ol>")[0])
    sent = form_of(client.get(link))
    assert len(sent["take"]) == int(re.search(r"visits=(\d)", asked)[1])
    assert client.post(link, data=sent).location == f"{path}/cultivate?{asked}"
    assert len(names(app)) == len(sent["take"])
    assert set(names(app)) <= set(people_shown)


def test_the_same_form_sent_again_says_that_it_was_taken_over_already(app, account_id, visit):
    client, path = visit("boss"), f"/accounts/{account_id}/plan"
    sent = form_of(client.get(path))
    for said in ("6 visits taken over.", "6 visits had been taken over already"):
        assert client.post(path, data=sent).status_code == 303
        assert said in client.get(f"/accounts/{account_id}/outlook").text
        assert len(names(app)) == 6


def test_a_plan_that_changed_meanwhile_is_shown_anew_and_not_taken(app, account_id, visit):
    client, path = visit("boss"), f"/accounts/{account_id}/plan?visits=3&horizon=180"
    sent = form_of(client.get(path))
    with app.app_context(), writing():
        wang, lin = (
            db.session.scalars(select(Person).where(Person.name == name)).one()
            for name in ("Wang", "Lin 1")
        )
        ties.add_tie(wang, lin, observed_on=TODAY, level="trusted_advisor")
    answer = client.post(path, data=sent)
    assert answer.status_code == 422
    assert "The plan has changed since this form was opened" in answer.text
    assert names(app) == []
    assert client.post(path, data=form_of(answer)).status_code == 303
    assert len(names(app)) == 3


def test_what_was_entered_is_still_there_when_an_owner_is_missing(app, account_id, visit):
    client, path = visit("boss"), f"/accounts/{account_id}/plan"
    sent = form_of(client.get(path))
    first, second = sent["take"][:2]
    due = (TODAY + timedelta(days=99)).isoformat()
    answer = client.post(
        path, data={**sent, "take": [first], f"owner-{first}": "", f"due-{first}": due}
    )
    assert answer.status_code == 422
    assert "Say of each visit who of us goes." in answer.text
    shown = filled_in(answer.text, path)
    assert (shown.getlist("take"), shown[f"due-{first}"]) == ([first], due)
    assert shown[f"due-{second}"] == sent[f"due-{second}"]
    wrong = re.findall(r'name="([^"]+)" aria-invalid="true"', answer.text)
    assert wrong == [f"owner-{first}"]


def test_without_a_plan_the_page_says_where_it_comes_from(app, account_id, visit):
    with app.app_context(), writing():
        number = structure.open_account("Empty", day=SINCE).id
    page = visit("boss").get(f"/accounts/{number}/plan").text
    assert "No plan yet" in page
    assert visit("boss").post(f"/accounts/{number}/plan").status_code == 422


def test_a_step_says_who_is_to_introduce_us(app, account_id, visit):
    with app.app_context(), writing():
        friend = db.session.scalars(select(Person).where(Person.name == "Lin 0")).one()
        boss = people.add_person("Ruan")
        root = structure.root_unit(db.session.get_one(Account, account_id))
        post = structure.open_post(root, "Head", day=SINCE, level="executive")
        tenures.start_tenure(boss, post, SINCE)
        wang = db.session.scalars(select(Person).where(Person.name == "Wang")).one()
        tie = db.session.scalars(select(Tie).where(Tie.a_id == wang.id)).one()
        ties.judge_tie(tie, "trusted_advisor", TODAY)
        ties.add_tie(friend, boss, kind="friend", observed_on=TODAY)
        account, known, met = account_id, friend.id, boss.id
    with app.app_context():
        forecasting.forecast(account, TODAY, today=TODAY)
    client, path = visit("boss"), f"/accounts/{account_id}/plan"
    client.post(path, data=form_of(client.get(path)))
    with app.app_context():
        rows = db.session.scalars(select(NextStep).order_by(NextStep.id)).all()
        through = [row.through_id for row in rows if row.person_id == met]
        assert through[0] == known
        assert set(through[1:]) <= {None}  # a second visit needs no introduction
        assert {row.through_id for row in rows if row.person_id == known} <= {None}
