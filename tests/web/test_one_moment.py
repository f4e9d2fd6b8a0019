"""A page is of one moment of the book, whoever writes between two of its queries."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import count, cycle
from threading import current_thread

import pytest
from sqlalchemy import event, select

from relmap.facts import claims, people, structure, tenures, ties, touches
from relmap.facts.users import add_user
from relmap.hub.engine import InProcess
from relmap.hub.registry import registry_of
from relmap.models import Account, Person, Post, db, writing
from relmap.results.runs import forecasting, scanning, scoring

TODAY = date.today()
SINCE = TODAY - timedelta(days=400)
PARTS = (0.3, 0.5, 0.7)
"""After which part of a page's queries somebody writes: of one page after another."""
PAGES = [
    *("/accounts?q=lin", "/people/{lin}", "/people/{wang}", "/posts/{post}", "/accounts/{account}"),
    *(f"/accounts/{{account}}/{part}" for part in ("people", "history", "outlook", "timeline")),
]


def fill() -> dict[str, int]:
    with writing():
        account = structure.open_account("Firm", day=SINCE)
        post = structure.open_post(
            structure.root_unit(account), "Director", day=SINCE, level="director"
        )
        wang = people.add_person("Wang", side="us")
        add_user("ada", role="administrator", password="seven boats in a row")
        numbers = {"account": account.id, "post": post.id, "wang": wang.id}
    come(0)
    with writing():
        lin = db.session.scalars(select(Person.id).where(Person.name == "Lin 0")).one()
    return numbers | {"lin": lin}


def come(number: int) -> None:
    """One unit of work that changes what every page tells: names, seats, ties, touches, beliefs."""
    with writing():
        account = db.session.scalars(select(Account)).one()
        structure.change_account(account, {"name": f"Firm {number}"})
        post = db.session.scalars(select(Post).order_by(Post.id).limit(1)).one()
        structure.change_post(post, {"title": f"Director {number}", "seats": number + 1})
        wang = db.session.scalars(select(Person).where(Person.side == "us")).one()
        people.change_person(wang, {"name": f"Wang {number}"})
        lin = people.add_person(f"Lin {number}")
        tenures.start_tenure(lin, post, SINCE)
        ties.add_tie(wang, lin, observed_on=TODAY, level="vendor")
        touches.add_touch(TODAY, "visit", [wang, lin])
        claims.add_claim(lin, "stance", "neutral", on=TODAY, basis="told", observer=wang)


@pytest.fixture
def book(app, filled) -> dict[str, int]:
    with app.app_context():
        return filled(fill)


def worked(app, book) -> None:
    with app.app_context():
        runner, registry = InProcess(), registry_of(app)
        forecasting.forecast(book["account"], TODAY, today=TODAY)
        scoring.score(book["account"], TODAY, runner=runner, registry=registry)
        scanning.scan(book["account"], TODAY, runner=runner, registry=registry)


def told(client, path: str) -> str:
    """What a page says, without what is new in each answer."""
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r'(nonce|name="csrf_token" value|content)="[^"]*"', "", answer.text)


class Interrupted:
    """Has a colleague write after so many queries of the page that is asked for."""

    def __init__(self, app) -> None:
        self.app, self.reader, self.numbers = app, current_thread(), count(1)
        self.asked, self.after = 0, 0

    def note(self, _connection, _cursor, statement, *_: object) -> None:
        if current_thread() is self.reader and statement.startswith("SELECT"):
            self.asked += 1
            if self.asked == self.after:
                with ThreadPoolExecutor(1) as thread:
                    thread.submit(self.write).result()

    def write(self) -> None:
        with self.app.app_context():
            come(next(self.numbers))

    def is_whole(self, client, path: str, part: float) -> bool:
        """Whether a page is as it was though somebody writes after a part of its queries."""
        self.asked, self.after = 0, 0
        before = self.told(client, path)
        self.asked, self.after = 0, max(1, round(part * self.asked))
        return self.told(client, path) == before

    def told(self, client, path: str) -> str:
        """What a page says that asks for all it tells."""
        self.app.extensions.pop("relmap.views", None)  # one that is kept asks for less
        return told(client, path)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_page_is_of_one_moment_whoever_writes_between_two_queries(app, book, visit):
    worked(app, book)
    client, interrupted = visit("ada"), Interrupted(app)
    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", interrupted.note)
    try:
        torn = [
            path
            for path, part in zip(PAGES, cycle(PARTS), strict=False)
            if not interrupted.is_whole(client, path.format(**book), part)
        ]
    finally:
        event.remove(engine, "after_cursor_execute", interrupted.note)
    assert torn == []
    assert next(interrupted.numbers) == len(PAGES) + 1
