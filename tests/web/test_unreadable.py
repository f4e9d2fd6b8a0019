"""What cannot be read is the visitor's fault wherever it stands, and never relmap's: no 5xx."""

import re
import unicodedata

import pytest

from bench._stranger import ABSURD_HEADERS

from .conftest import visitor
from .forms import forms_of
from .test_foreign_ids import ASKED, SENT
from .test_route_walk import BEHIND_THE_GATE, DECLARED, UNSAFE, make_world, path_of, steps

__all__ = ["make_world"]  # a fixture

NO_DAY = ("0000-00-00", "0001-01-01", "9999-12-31", "1899-12-31", "٢٠٢٦-٠١-٠٥", "9" * 5000)
NO_TEXT = ("%ED%A0%80", "%FF%FE", "a%0Ab", "%C3%28", "'\"<&\\%25_", "nan", "inf", "-inf", "1e999")
AFTER = ("nan~1", "inf~1", "1e400~1", "~", "~~", "1~-1", "0001-01-01~1", "9" * 400 + "~1")
FIELDS = {*ASKED, *SENT, "q", "sort", "tier", "status", "from", "days", "next", "version-shown"}
FIELDS |= {"horizon", "function", "level", "mark", "role", "timezone", "language", "password"}
FORM = "multipart/form-data; boundary=x"
PART = 'Content-Disposition: form-data; name="{}"'
BODIES = {
    "a part without a name": (FORM, "--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--"),
    "a part without a head": (FORM, "--x\r\n\r\na\r\n--x--"),
    "a form without an end": (FORM, f"--x\r\n{PART.format('name')}\r\n\r\na"),
    "a form without a bound": ("multipart/form-data", "--x"),
    "a file for a word": (FORM, f"--x\r\n{PART.format('on')}; filename=f\r\n\r\na\r\n--x--"),
    "words of another code": (
        FORM,
        f"--x\r\n{PART.format('on')}\r\nContent-Type: a/b; charset=utf-7\r\n\r\n+2AA-\r\n--x--",
    ),
    "JSON": ("application/json", '{"on": "\\ud800"}'),
    "no JSON": ("application/json", "{"),
    "nothing": ("application/x-www-form-urlencoded", ""),
    "a NUL": ("application/x-www-form-urlencoded", "on=%00"),
}


@pytest.fixture(scope="module")
def world(make_world):
    return make_world()


@pytest.fixture(scope="module")
def client(world):
    return visitor(world.app, "admin")


TURNS = 2  # of `bench/attack.py` each value in each field has its own


def strange(names, turn: int) -> str:
    """A query or form in which each name has another value each turn, and one of them two."""
    values = (*NO_DAY, *NO_TEXT, *AFTER)
    pairs = ((name, values[(at + 7 * turn) % len(values)]) for at, name in enumerate(sorted(names)))
    return "&".join(f"{name}={value}" for name, value in [*pairs, ("on", values[turn])])


@pytest.mark.postgresql
def test_no_question_is_too_strange(world, client):
    for rule, method in steps(world.app, BEHIND_THE_GATE):
        if method == "GET":
            for turn in range(TURNS):
                answer = client.get(f"{path_of(world, rule)}?{strange(FIELDS, turn)}")
                assert answer.status_code in (200, 302, 400, 404), (rule, turn)


@pytest.mark.postgresql
def test_no_form_is_too_strange(world, client):
    for rule, method in steps(world.app, DECLARED - {"auth.logout"}):
        if method in UNSAFE:
            for turn in range(TURNS):
                form = strange(FIELDS | fields(world), turn)
                here, kind = path_of(world, rule), "application/x-www-form-urlencoded"
                answer = client.open(here, method=method, data=form, content_type=kind)
                assert answer.status_code < 500, (rule, turn)


@pytest.mark.postgresql
def test_no_number_is_too_large(world, client):
    """A column of PostgreSQL holds no more than nine digits, SQLite's any."""
    for rule, method in steps(world.app, DECLARED - {"auth.logout"}):
        if method != "HEAD":
            given = dict.fromkeys(FIELDS | fields(world), "9999999999")
            ask = {"data" if method in UNSAFE else "query_string": given}
            answer = client.open(path_of(world, rule), method=method, buffered=True, **ask)
            assert answer.status_code < 500, rule


def fields(world) -> set[str]:
    """The names of all fields of all pages."""
    if not hasattr(world, "fields"):
        client, world.fields = visitor(world.app, "admin"), set()
        for rule, method in steps(world.app, BEHIND_THE_GATE):
            if method == "GET":
                page = client.get(path_of(world, rule)).text
                world.fields |= set(re.findall(r' name="([^"]+)"', page))
    return world.fields - {"csrf_token"}


def test_no_accents_are_sorted_by_the_hundred_thousand(world, client, monkeypatch):
    """Each mark that must stand before others is moved past all of them: it takes minutes."""
    sort = unicodedata.normalize

    def sort_few(form: str, text: str) -> str:
        assert len(text) < 10_000
        return sort(form, text)

    for place in ("unicodedata", "relmap.web.forms.fields"):
        monkeypatch.setattr(f"{place}.normalize", sort_few)
    pages = [visitor(world.app, None).get("/login").text]
    for rule, method in steps(world.app, BEHIND_THE_GATE):
        if method == "GET":
            pages.append(client.get(path_of(world, rule)).text)
    forms = {path or "/login": values for page in pages for path, values in forms_of(page)}
    accents = "a" + 6000 * "\u0301" + 6000 * "\u0327"
    for path, values in forms.items():
        if path != "/logout":
            names = [name for name in values if name != "csrf_token"][:9]
            form = values.to_dict() | dict.fromkeys(names, accents)
            answer = client.post(path, data=form, content_type="multipart/form-data")
            assert answer.status_code < 500, path


@pytest.mark.parametrize("what", BODIES)
def test_no_body_is_too_strange(world, client, what):
    kind, body = BODIES[what]
    for who in (client, visitor(world.app, None)):
        for rule, method in steps(world.app, DECLARED - {"auth.logout"}):
            if method in UNSAFE:
                here = path_of(world, rule)
                answer = who.open(here, method=method, data=body, content_type=kind)
                assert answer.status_code < 500, rule


@pytest.mark.parametrize("headers", ABSURD_HEADERS, ids=lambda given: " ".join(given))
def test_no_header_is_too_strange(world, client, headers):
    for who in (client, visitor(world.app, None)):
        for path in ("/login", "/accounts", "/alerts/count", "/static/css/app.css", "/nowhere"):
            for more in ({}, {"HX-Request": "true"}):
                answer = who.get(path, headers=headers | more, buffered=True)
                assert answer.status_code < 500, (path, more)
        answer = who.post("/language", headers=headers, base_url="https://localhost")
        assert answer.status_code < 500


@pytest.mark.parametrize("target", ["//[", "http://[", "/[", "//[::1", "/\\[", "[", "//a]"])
def test_whatever_the_log_in_is_to_lead_to(world, target):
    client = visitor(world.app, None)
    assert client.get("/login", query_string={"next": target}).status_code == 200
    form = {"name": "nobody", "password": "wrong", "next": target}
    assert client.post("/login", data=form).status_code in (401, 429)
    assert client.post("/language", data={"next": target}).status_code == 303
