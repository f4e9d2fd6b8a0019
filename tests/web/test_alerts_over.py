"""An alert whose cause is gone says so on its page, and a day that is refused names the zone."""

import re
from datetime import date, timedelta

import pytest

from relmap import jobs
from relmap.facts import people, structure, tenures
from relmap.facts.users import add_user, find_user, grant
from relmap.hub.engine import InProcess
from relmap.hub.registry import registry_of, switch
from relmap.models import Account, db, writing
from relmap.results.runs import scanning

from .forms import send

DAY = date(2026, 1, 5)


@pytest.fixture
def book(app):
    """``book(again=...)``: Lin left, and maybe is back; scanned after each."""

    def scan(account_id: int, day: date) -> None:
        scanning.scan(account_id, day, runner=InProcess(), registry=registry_of(app))

    def make(*, again: bool) -> None:
        with app.app_context():
            with writing():
                add_user("mia", role="manager", password="seven boats in a row")
                account = structure.open_account("Nordwerk", day=DAY).id
                root = structure.root_unit(structure.find_account("Nordwerk"))
                post = structure.open_post(root, "Director", day=DAY, level="director")
                lin = people.add_person("Lin")
                tenure = tenures.start_tenure(lin, post, DAY)
            scan(account, DAY)
            with writing():
                tenures.end_tenure(tenures.get_tenure(tenure.id), DAY + timedelta(days=20))
            scan(account, DAY + timedelta(days=30))
            if again:
                with writing():
                    tenures.start_tenure(lin, post, DAY + timedelta(days=40))
                scan(account, DAY + timedelta(days=41))

    return make


def test_the_page_says_why_it_is_closed(book, visit):
    book(again=True)
    page = re.sub("<[^>]+>", "", visit("mia").get("/alerts/1").text)
    assert "Lin is no longer Director (Nordwerk): left on 25 Jan 2026" in page
    assert "Lin is Director again." in page
    assert "is_over" not in page


def test_the_day_on_which_it_comes_back_is_judged_by_a_zone(book, visit):
    book(again=False)
    answer = send(visit("mia"), "/alerts/1", "/alerts/1/acknowledge", until="2026-02-01")
    assert answer.status_code == 422
    assert "must lie ahead: today is" in answer.text
    assert "(UTC" in answer.text


def test_the_page_filters_by_rule_and_says_that_a_plug_in_is_off(app, book, visit):
    book(again=False)
    client = visit("mia")
    assert "left on 25 Jan 2026" in client.get("/alerts?rule=rotation.post_vacated").text
    other = client.get("/alerts?rule=outlook.wave_begins").text
    assert "left on 25 Jan 2026" not in other
    assert '<option value="outlook.wave_begins" selected>' in other
    with app.app_context(), writing():
        switch(registry_of(app), "rotation", is_on=False)
    assert "rotation is switched off: nothing looks after this alert." in client.get("/alerts").text


def test_the_alerts_say_that_a_clock_was_ahead_to_who_reads_such_an_account(app, visit, mia):
    ahead = date.today() + timedelta(days=40)
    with app.app_context():
        with writing():
            account_id = structure.open_account("Nordwerk", day=date(2026, 1, 5)).id
        registry = registry_of(app)
        scanning.scan(account_id, ahead, runner=InProcess(), registry=registry)
    said = "A clock was ahead: 1 account was looked at"
    assert said not in visit(mia).get("/alerts").text
    with app.app_context(), writing():
        grant(find_user(mia), db.session.get_one(Account, account_id), "read")
    page = visit(mia).get("/alerts").text
    assert said in page
    assert f"relmap scan --reset {date.today()}" in page
    with app.app_context():
        jobs.take_scans_back([account_id], date.today())
    assert said not in visit(mia).get("/alerts").text
