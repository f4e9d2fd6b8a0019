"""Who moved, or came back: the readers of each account are told of their time there."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bench._strangers import BACK, MOVED, NORTH, SOUTH, STAY, fill
from relmap import jobs
from relmap.app import create_app
from relmap.clock import today
from relmap.hub.engine import InProcess
from relmap.models import Import, db

from .conftest import visitor
from .test_route_walk import BEHIND_THE_GATE, OF_ADMINISTRATORS, steps

READERS = {"reader": (NORTH, SOUTH), "southerner": (SOUTH, NORTH)}
WHAT = ("said", "belief", "next", "123", "by hand", "tea", "group", "other")


@pytest.fixture(scope="module")
def world(fresh_url, tmp_path_factory):
    """The application with the book of ``bench/attack.py``, swept."""
    instance = str(tmp_path_factory.mktemp("instance"))
    app = create_app({"RELMAP_DATABASE_URL": fresh_url(), "RELMAP_INSTANCE": instance})
    app.testing = True
    with app.app_context():
        book = fill()
        jobs.sweep(today(), runner=InProcess())
        lists = db.session.scalars(select(Import.id).where(Import.file_name.startswith("list")))
        yield app, book, list(lists)
        db.session.remove()
        db.engine.dispose()


def questions(moved: tuple[int, ...]) -> list[str]:
    """What is asked of each page: about each of them, today and on a day of each stay."""
    asked = "person={0}&without={0}&question=around&all=1&state=gone&days=999&posts=all"
    days = [today() - STAY * number + timedelta(days=90) for number in (3, 2)]
    past = [f"on={day}&{asked.format(moved[-1])}" for day in days]
    return [*(asked.format(one) + "&status=closed&horizon=730" for one in moved), *past]


@pytest.mark.postgresql
@pytest.mark.parametrize("who", READERS)
def test_no_page_tells_of_the_time_at_the_other_account(world, who):
    app, book, lists = world
    client, (_, hidden) = visitor(app, who), READERS[who]
    own = book.own if who == "reader" else book.foreign
    for rule, method in steps(app, BEHIND_THE_GATE - OF_ADMINISTRATORS):
        if method != "GET":
            continue
        path = rule.build(own, append_unknown=False)[1]
        for asked in questions(book.moved) if "account_id" in rule.arguments else [""]:
            told(client.get(f"{path}?{asked}"), hidden)
    for path in [*(f"/imports/{one}" for one in lists), *(f"/people/{one}" for one in book.moved)]:
        told(client.get(path), hidden)
    for name in (*MOVED, *BACK):
        told(client.get("/accounts", query_string={"q": name}), hidden)


def told(answer, hidden: str) -> None:
    text = answer.text.casefold()
    at = text.find(hidden.casefold())
    assert at < 0, (answer.request.full_path, text[at - 80 : at + 40])
    assert answer.status_code < 400, answer.request.full_path


SEEN = {  # of whom the readers of each account see what
    ("reader", "Ada"): {"said", "belief", "next", "123", "other"},
    ("reader", "Bo"): {*WHAT},
    ("reader", "Cai"): {*WHAT} - {"123"},
    ("southerner", "Ada"): {*WHAT},
    ("southerner", "Bo"): {"said", "belief", "next", "123", "other"},
    ("southerner", "Cai"): {"said", "belief", "next", "other"},
}


@pytest.mark.postgresql
@pytest.mark.parametrize(("who", "name"), SEEN)
def test_each_sees_the_whole_of_the_time_at_their_own(world, who, name):
    app, book, _ = world
    moved = book.moved[[*MOVED, *BACK].index(name)]
    page = visitor(app, who).get(f"/people/{moved}").text
    own = READERS[who][0]
    assert {what for what in WHAT if f"{own} {what}" in page} == SEEN[who, name]
