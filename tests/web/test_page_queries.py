"""Pages ask the database little, and no more for many people than for few."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import current_app
from sqlalchemy import event, select

from relmap.facts import claims, people, structure, tenures, ties, touches
from relmap.facts.users import add_user, grant
from relmap.hub.engine import InProcess
from relmap.hub.registry import registry_of
from relmap.models import Person, Post, Tenure, Unit, db, writing
from relmap.results.runs import forecasting, scanning, scoring

TODAY = date.today()
SINCE = TODAY - timedelta(days=400)


def fill(name: str, count: int) -> int:
    """An account with ``count`` people, each known to one of us."""
    account = structure.open_account(name, day=SINCE)
    root = structure.root_unit(account)
    ours = people.add_person(f"Seller of {name}", side="us")
    structure.change_account(account, {"owner_id": ours.id})
    for number in range(count):
        post = structure.open_post(root, f"Engineer {number}", day=SINCE)
        person = people.add_person(f"Person {number} of {name}")
        tenures.start_tenure(person, post, SINCE)
        ties.add_tie(ours, person, observed_on=SINCE, level="vendor")
        touches.add_touch(TODAY - timedelta(days=30), "visit", [ours, person], said="x")
        claims.add_claim(person, "stance", "neutral", on=TODAY, basis="told", observer=ours)
    return account.id


@pytest.fixture
def counted(app) -> Callable[[], object]:
    """``with counted() as asked:`` collects what is asked of the database."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        asked: list[str] = []

        def note(connection, cursor, statement, *_) -> None:
            if statement.startswith("SELECT"):
                asked.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        yield asked
        event.remove(engine, "before_cursor_execute", note)

    return count


def write_books() -> list[int]:
    with writing():
        ids = [fill("Small", 3), fill("Large", 40)]
        user = add_user("mia", role="member", password="seven boats in a row")
        for account_id in ids:
            grant(user, db.session.get_one(structure.Account, account_id), "write")
    for account_id in ids:
        scoring.score(account_id, TODAY, runner=InProcess(), registry=registry_of(current_app))
    return ids


@pytest.fixture
def books(filled) -> list[int]:
    return filled(write_books)


def asked_besides_login_and_grant(asked: list[str]) -> int:
    """Statements but those that load the user and the account the user was granted."""
    plain = [" ".join(row.replace('"', "").split()) for row in asked]
    others = [row for row in plain if " FROM user WHERE user.id" not in row]
    return len(others) - any("FROM account WHERE account.id = ? AND" in row for row in others)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/accounts", 3),
        ("/accounts?q=person", 3),
        ("/accounts/{}", 6),
        ("/accounts/{}?on=2026-01-31", 7),  # and since when the account was watched
        ("/accounts/{}/grid", 10),
        ("/accounts/{}/map", 10),
        ("/accounts/{}/map.json", 10),
        ("/accounts/{}/people", 10),
        ("/accounts/{}/history", 10),
        ("/accounts/{}/outlook", 11),  # and whether the plan may be taken over
        ("/accounts/{}/outlook/short", 10),
        ("/accounts/{}/cultivate", 10),
        ("/accounts/{}/cultivate/map.json", 10),
        ("/accounts/{}/what-if?without=3", 10),
        ("/accounts/{}/timeline", 10),
        ("/accounts/{}/timeline?as=table", 10),
        ("/accounts/{}/history?on=2026-01-31", 10),
        ("/accounts/{}/grid?on=2026-01-31", 10),
    ],
)
def test_a_page_asks_little_and_no_more_for_more_people(books, visit, counted, path, most):
    client = visit("mia")
    counts = []
    for account_id in books:
        client.get(path.format(account_id))  # what is asked once a process is not a page's
        with counted() as asked:
            assert client.get(path.format(account_id)).status_code == 200
        counts.append(asked_besides_login_and_grant(asked))
    assert max(counts) <= most, asked
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["Person 1 of {}", "Seller of {}"])
def test_the_page_of_a_person_asks_no_more_for_whom_many_know(app, books, visit, counted, name):
    client = visit("mia")
    counts = []
    for account in ("Small", "Large"):
        with app.app_context():
            found = select(Person.id).where(Person.name == name.format(account))
            path = f"/people/{db.session.scalars(found).one()}"
        client.get(path)
        with counted() as asked:
            assert client.get(path).status_code == 200
        counts.append(asked_besides_login_and_grant(asked))
    assert max(counts) <= 14, asked
    assert counts[0] == counts[1]


def test_the_page_of_a_person_asks_no_more_for_whom_many_accounts_know(app, visit, counted):
    with app.app_context(), writing():
        add_user("ada", role="administrator", password="seven boats in a row")
        ours, known = people.add_person("Seller", side="us"), {}
        for number in (1, 2, 4, 8):
            known[number] = people.add_person(f"At {number}")
        for place in range(8):
            account = structure.open_account(f"Account {place}", day=SINCE)
            root = structure.root_unit(account)
            for number, person in known.items():
                if place < number:
                    post = structure.open_post(root, f"Seat {number}", day=SINCE, level="director")
                    tenures.start_tenure(person, post, SINCE + timedelta(days=place))
                    if place == 0:
                        ties.add_tie(ours, person, observed_on=SINCE, level="vendor")
                    touches.add_touch(TODAY - timedelta(days=place), "visit", [ours, person])
        paths = {number: f"/people/{person.id}" for number, person in known.items()}
    client, counts = visit("ada"), {}
    for number, path in paths.items():
        client.get(path)
        with counted() as asked:
            page = client.get(path).text
        assert page.count("Seat ") >= number
        counts[number] = asked_besides_login_and_grant(asked)
    assert counts[2] == counts[4] == counts[8] <= counts[1] + 7, counts
    assert counts[1] <= 14


def test_the_radar_asks_three_times_however_many_accounts(app, books, visit, counted):
    client = visit("mia")
    counts = []
    for account_id in books:
        with app.app_context():
            with writing():
                add_director(db.session.get_one(structure.Account, account_id))
            forecasting.forecast(account_id, TODAY, today=TODAY)
        client.get("/rotation")
        with counted() as asked:
            page = client.get("/rotation")
        assert page.status_code == 200
        counts.append(asked_besides_login_and_grant(asked))
    assert "in 2 accounts" in page.text
    assert max(counts) <= 3, asked


def add_director(account) -> None:
    """Somebody who decides, so that there is a row on the radar."""
    root = structure.root_unit(account)
    post = structure.open_post(root, "Purchasing Director", day=SINCE, level="director")
    tenures.start_tenure(people.add_person(f"Director of {account.name}"), post, SINCE)


def test_the_alerts_page_asks_no_more_for_more_alerts(app, books, visit, counted):
    client = visit("mia")
    counts = []
    for account_id in books:
        with app.app_context():
            scan_after_departures(app, account_id)
        client.get("/alerts")
        with counted() as asked:
            page = client.get("/alerts")
        assert page.status_code == 200
        counts.append(asked_besides_login_and_grant(asked))
    assert page.text.count("no longer") >= 30
    assert max(counts) <= 6, asked  # which plug-ins are off, and whether a clock was ahead
    assert counts[0] == counts[1]


def scan_after_departures(app, account_id) -> None:
    """Everybody leaves the account between two scans, far enough apart to be no wave."""
    runner, registry = InProcess(), registry_of(app)
    scanning.scan(account_id, SINCE + timedelta(days=1), runner=runner, registry=registry)
    with writing():
        held = select(Tenure).join(Post, Post.id == Tenure.post_id)
        found = db.session.scalars(
            held.join(Unit, Unit.id == Post.unit_id).where(Unit.account_id == account_id)
        ).all()
        apart = 390 // len(found)
        for place, tenure in enumerate(found):
            day = TODAY - timedelta(days=2 + place * apart)
            tenures.end_tenure(tenure, day, reason="unknown")
    scanning.scan(account_id, TODAY, runner=runner, registry=registry)
