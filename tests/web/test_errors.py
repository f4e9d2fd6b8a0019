"""Refusals and failures: a page for people, JSON for programs, and nothing that helps a thief."""

import logging
import re

import pytest
from flask import abort

from relmap.errors import ImportHeld, NotFound, Refused
from relmap.web.security.login import OPEN_TO_ALL

FAILURES = {
    400: lambda: abort(400),
    403: lambda: abort(403),
    404: lambda: abort(404),
    405: lambda: abort(405),
    409: lambda: raise_(ImportHeld("Half of it would leave.", import_id=1)),
    413: lambda: abort(413),
    422: lambda: raise_(Refused("Lin left already. Correct that day instead.")),
    429: lambda: abort(429),
}


def raise_(error):
    raise error


@pytest.fixture
def failing(app, visit, mia):
    """``failing(function)`` is a browser, logged in, with a page ``/fails`` that calls it."""
    app.testing = False

    def make(function):
        app.view_functions["fails"] = function
        return visit(mia)

    app.add_url_rule("/fails", "fails", lambda: "")
    return make


@pytest.mark.parametrize("code", FAILURES)
def test_people_get_a_page_that_says_what_and_what_next(failing, code):
    answer = failing(FAILURES[code]).get("/fails")
    assert answer.status_code == code
    assert answer.mimetype == "text/html"
    assert f'<p class="rm-muted rm-num">{code}</p>' in answer.text
    assert re.search(r"<h1>[A-Z][a-z ]+</h1>", answer.text)


@pytest.mark.parametrize("code", FAILURES)
def test_programs_get_json(failing, code):
    answer = failing(FAILURES[code]).get("/fails", headers={"Accept": "application/json"})
    assert answer.status_code == code
    assert set(answer.json) == {"error"}
    assert len(answer.json["error"]) > 15


def test_htmx_gets_a_part(failing):
    answer = failing(FAILURES[422]).get("/fails", headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer.text.startswith("<div")
    assert "Correct that day instead." in answer.text


def test_what_a_service_refuses_is_said_in_its_own_words(failing):
    answer = failing(FAILURES[422]).get("/fails", headers={"Accept": "application/json"})
    assert answer.json == {"error": "Lin left already. Correct that day instead."}


def test_what_is_not_found_tells_nothing_of_why(failing):
    def fail():
        raise NotFound("The account Nordwerk is not yours.")

    answer = failing(fail).get("/fails")
    assert answer.status_code == 404
    assert "Nordwerk" not in answer.text


def test_a_refusal_is_text_not_markup(failing):
    def fail():
        raise Refused("<script>alert(1)</script>")

    client = failing(fail)
    for headers in ({}, {"HX-Request": "true"}):
        assert "<script>alert" not in client.get("/fails", headers=headers).text


def test_an_address_of_another_method_says_which_it_takes(visit, mia):
    answer = visit(mia).get("/logout")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


@pytest.mark.parametrize("headers", [{}, {"Accept": "application/json"}, {"HX-Request": "true"}])
def test_an_unexpected_error_is_logged_once_under_the_id_it_shows(failing, caplog, headers):
    def fail():
        raise RuntimeError("secret of the house")

    with caplog.at_level(logging.ERROR):
        answer = failing(fail).get("/fails", headers=headers)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    number = re.search(r"error ([0-9a-f]{8})", answer.text)[1]
    assert [record.getMessage() for record in caplog.records] == [f"Error {number} on GET '/fails'"]
    assert "secret of the house" in caplog.text


def test_the_log_takes_no_line_from_a_stranger(app, visit, mia, caplog):
    app.testing = False
    app.add_url_rule("/fails/<rest>", "fails", lambda rest: 1 / 0)
    with caplog.at_level(logging.ERROR):
        visit(mia).get("/fails/a%0aERROR forged")
    assert "\\nERROR forged" in caplog.records[0].getMessage()


def test_the_log_holds_no_values_of_a_failed_statement(app, visit, mia, caplog):
    from sqlalchemy import text

    from relmap.models import db

    app.testing = False
    query = text("SELECT no_such_column FROM person WHERE name = :name")
    values = {"name": "王小明"}
    app.add_url_rule("/fails", "fails", lambda: db.session.execute(query, values))
    with caplog.at_level(logging.ERROR):
        assert visit(mia).get("/fails").status_code == 500
    assert "no_such_column" in caplog.text
    assert "王小明" not in caplog.text


def test_the_page_of_a_failure_does_not_need_the_database(app, client):
    app.testing = False
    app.jinja_env.get_template = lambda *_, **__: 1 / 0
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "<h1>Nothing here</h1>" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "application/json"},
        {"HX-Request": "true"},
        {"Sec-Fetch-Dest": "empty"},
        {"Content-Type": "application/json"},
    ],
)
def test_a_script_is_told_401_and_not_led_elsewhere(client, headers):
    assert client.get("/password", headers=headers).status_code == 401


def test_htmx_is_led_to_the_log_in_and_back_to_the_page_it_is_on(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/accounts?q=lin"}
    answer = client.get("/password", headers=headers)
    assert answer.headers["HX-Redirect"] == "/login?next=/accounts?q%3Dlin"


def test_only_these_are_open_to_all():
    assert {
        "auth.log_in",
        "auth.login",
        "healthz",
        "language.choose",
        "static",
    } == OPEN_TO_ALL
