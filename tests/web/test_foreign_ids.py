"""Whoever names what is another account's in a form or an address is never told what it is."""

import re
from datetime import date
from types import SimpleNamespace

import pytest

from relmap.facts.next_steps import add_next_step
from relmap.facts.people import add_contact, add_contact_point, add_person, end_contact
from relmap.facts.structure import find_account, open_post, open_unit, root_unit
from relmap.facts.tenures import start_tenure
from relmap.facts.touches import add_touch
from relmap.models import writing

from .conftest import visitor
from .test_route_walk import OF_AN_ACCOUNT, SAFE, UNSAFE, make_world, path_of, steps

DAY = date(2026, 1, 5)
HIDDEN = ("Xu Hidden", "Hidden Seat", "Hidden Unit", "Suedwerk", "hidden step", "hidden word")
ASKED = (
    *("without", "post", "person", "people", "posts", "person_id", "post_id", "unit", "unit_id"),
    *("account", "account_id", "focus", "of", "on", "after", "visits", "horizon", "name", "kind"),
)
SENT = ("owner", "same", "take", "owner_id", "version-shown", "versions-of", "choice", "post")

__all__ = ["make_world"]  # a fixture


@pytest.fixture(scope="module")
def world(make_world) -> SimpleNamespace:  # a fixture
    """The walk's world, and at the account that its writer may not read one of everything."""
    world = make_world()
    with world.app.app_context(), writing():
        south = find_account("Suedwerk")
        unit = open_unit(south, "Hidden Unit", parent=root_unit(south), day=DAY)
        post = open_post(unit, "Hidden Seat", day=DAY)
        person = add_person("Xu Hidden")
        tenure = start_tenure(person, post, DAY)
        step = add_next_step(south, person, owner=None, day=DAY, due_on=DAY, what="hidden step")
        ids = (south.id, unit.id, post.id, person.id, tenure.id, step.id)
        moved, left_on = add_person("Zhou Moved"), date(2026, 2, 5)
        end_contact(add_contact(moved, find_account("Nordwerk"), day=DAY), left_on)
        add_contact(moved, south, day=left_on)
        add_contact_point(moved, "phone", "hidden word")
        ours = add_person("Also Ours", side="us")
        add_touch(DAY, "visit", [ours, moved], said="when they were here")
        add_touch(left_on, "visit", [ours, moved, person], said="hidden word")
        world.moved = moved.id
    world.foreign = sorted({str(one) for one in ids})
    return world


def told(answer) -> list[str]:
    return [name for name in HIDDEN if name in answer.text]


def test_no_address_tells_what_is_another_accounts(world):
    client = visitor(world.app, "writer")
    for rule, method in steps(world.app, OF_AN_ACCOUNT):
        if method in SAFE:
            for one in world.foreign:
                asked = dict.fromkeys(ASKED, one)
                answer = client.open(path_of(world, rule), method=method, query_string=asked)
                assert told(answer) == [], (rule, one)
                assert answer.status_code in (200, 400, 404), (rule, one)


@pytest.mark.parametrize("who", ["reader", "writer"])
def test_no_page_tells_what_whoever_moved_did_since(world, who):
    client, shown = visitor(world.app, who), 0
    here = SimpleNamespace(values=world.values | {"person_id": world.moved})
    for rule, method in steps(world.app, OF_AN_ACCOUNT):
        if method == "GET":
            asked = {"person": world.moved, "without": world.moved}
            answer = client.get(path_of(here, rule), query_string=asked)
            assert (answer.status_code, told(answer)) == (200, []), rule
            shown += "when they were here" in answer.text
    assert shown == 1


def test_no_form_tells_what_is_another_accounts(world):
    client = visitor(world.app, "writer")
    pages = (
        path_of(world, rule) for rule, method in steps(world.app, OF_AN_ACCOUNT) if method == "GET"
    )
    fields = {
        name for path in pages for name in re.findall(r' name="([^"]+)"', client.get(path).text)
    }
    for rule, method in steps(world.app, OF_AN_ACCOUNT):
        if method in UNSAFE:
            for one in world.foreign:
                key = f"{one}-1"
                form = dict.fromkeys((*SENT, *fields), one)
                form |= {"take": key, f"owner-{key}": one, f"due-{key}": one}
                answer = client.open(path_of(world, rule), method=method, data=form)
                if answer.status_code in (302, 303):
                    answer = client.get(answer.location)
                assert told(answer) == [], (rule, one)
                assert answer.status_code < 500, (rule, one)


@pytest.mark.parametrize("number", ["9" * 10, "9" * 30, "9" * 5000, "-1", "٣", "0x10", "1e9", " 1"])
def test_a_number_past_the_databases_is_a_refusal(world, number):
    client = visitor(world.app, "admin")
    for rule, method in steps(world.app, OF_AN_ACCOUNT):
        here = path_of(world, rule)
        names = [name for name in rule.arguments if name.endswith("_id")]
        if method == "HEAD":
            continue
        ask = {"query_string": dict.fromkeys(ASKED, number)}
        if method in UNSAFE:
            ask = {"data": dict.fromkeys(SENT, number) | {"take": f"{number}-1"}}
        answer = client.open(here, method=method, **ask)
        assert answer.status_code < 500, (rule, "asked")
        for name in names:
            values = {**world.values, name: "NUMBER"}
            path = re.sub(r"<[^>]*?(\w+)>", lambda part: str(values[part[1]]), rule.rule)  # noqa: B023
            answer = client.open(path.replace("NUMBER", number), method=method)
            assert answer.status_code in (400, 404, 405), (rule, name)
