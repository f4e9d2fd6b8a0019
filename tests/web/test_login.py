"""Logging in and out, as a person meets it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from relmap.facts.users import change_role, deactivate, ensure_admin, find_user, set_password
from relmap.models import Change, FailedLogin, db, utc_now, writing
from relmap.web.security.login import LONGEST_SESSION, own_path

from .conftest import PASSWORD

WRONG = "The name or the password is not right."


def token_in(answer):
    return re.search(r'name="csrf_token" value="([^"]+)"', answer.text)[1]


def log_in(client, name="mia", password=PASSWORD, **form):
    form |= {"name": name, "password": password, "csrf_token": token_in(client.get("/login"))}
    return client.post("/login", data=form)


def is_logged_in(client):
    return client.get("/password").status_code == 200


def test_the_right_password_opens_the_first_page(client, mia):
    answer = log_in(client)
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_logged_in(client)


@pytest.mark.parametrize("name", ["mia", "nobody"])
def test_a_wrong_password_and_an_unknown_name_read_alike(client, mia, name):
    answer = log_in(client, name, "wrong wrong wrong")
    assert answer.status_code == 401
    assert answer.text.count(WRONG) == 1
    assert not is_logged_in(client)


def test_somebody_deactivated_reads_what_everybody_reads(app, client, mia):
    with app.app_context(), writing():
        deactivate(find_user(mia))
    assert WRONG in log_in(client).text


def test_the_log_in_leads_back_to_where_one_wanted_to_go(client, mia):
    answer = client.get("/password?a=1&b=2")
    assert (answer.status_code, answer.location) == (303, "/login?next=/password?a%3D1%26b%3D2")
    assert 'value="/password?a=1&amp;b=2"' in client.get(answer.location).text
    assert log_in(client, next="/password?a=1&b=2").location == "/password?a=1&b=2"


STRANGERS = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    "evil.example",
    "",
    "/" + "x" * 2001,
]


@pytest.mark.parametrize("target", STRANGERS)
def test_the_log_in_leads_to_no_stranger(client, mia, target):
    assert own_path(target) is None
    assert log_in(client, next=target).location == "/"


@pytest.mark.parametrize("target", ["/", "/accounts/1?on=2026-01-31", "/p/王小明?x=//y"])
def test_a_path_of_ours_is_kept(target):
    assert own_path(target) == target


def test_whoever_is_logged_in_is_not_asked_again(visit, mia):
    assert visit(mia).get("/login").location == "/"


# --- sessions


def test_nothing_of_the_session_before_is_left_after_the_log_in(client, mia):
    token_in(client.get("/login"))
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        before = cookie["csrf_token"]
    log_in(client)
    client.get("/password")
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["csrf_token"] != before


def test_logging_out_ends_the_session(visit, mia):
    client = visit(mia)
    answer = client.post("/logout")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert not is_logged_in(client)


def test_another_password_ends_all_other_sessions_and_keeps_this_one(visit, mia):
    here, there = visit(mia), visit(mia)
    form = {"current": PASSWORD, "new": "another seven boats", "again": "another seven boats"}
    answer = here.post("/password", data=form)
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_logged_in(here)
    assert not is_logged_in(there)


def test_a_password_set_by_an_administrator_ends_all_sessions(app, visit, mia):
    client = visit(mia)
    assert is_logged_in(client)
    with app.app_context(), writing():
        set_password(find_user(mia), "another seven boats")
    assert not is_logged_in(client)


def test_deactivation_ends_the_session_at_once(app, visit, mia):
    client = visit(mia)
    with app.app_context(), writing():
        deactivate(find_user(mia))
    assert not is_logged_in(client)


def test_a_user_switched_off_by_hand_is_out_at_once(app, visit, mia):
    client = visit(mia)
    with app.app_context(), writing():
        find_user(mia).is_active = False
    assert not is_logged_in(client)


def test_no_session_is_for_ever_however_busy(visit, mia):
    client = visit(mia)
    for age, lives in ((timedelta(minutes=-1), True), (timedelta(minutes=1), False)):
        with client.session_transaction() as cookie:
            began = utc_now() - LONGEST_SESSION - age
            cookie["began_at"] = int(began.timestamp())
        assert is_logged_in(client) is lives


def test_an_idle_session_ends_and_a_busy_one_is_renewed(app, visit, mia):
    assert app.permanent_session_lifetime == timedelta(hours=12)
    client = visit(mia)
    assert "Set-Cookie" not in client.get("/password").headers
    with client.session_transaction() as cookie:
        cookie["seen_at"] -= 11 * 60
    renewed = client.get("/password").headers["Set-Cookie"]
    assert "Expires=" in renewed


@pytest.mark.parametrize("session_id", ["1", "1.", "1.wrong", "x", "2.stamp", ".", "-1.x"])
def test_a_session_with_another_stamp_opens_nothing(visit, mia, session_id):
    client = visit(mia)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = session_id
    assert not is_logged_in(client)


def test_a_session_signed_with_another_key_opens_nothing(app, app_with, visit, mia):
    other = app_with(RELMAP_SECRET_KEY="another key of more than thirty-two characters")
    cookie = visit(mia).get_cookie("relmap")
    thief = other.test_client()
    thief.set_cookie("relmap", cookie.value)
    assert not is_logged_in(thief)


# --- the generated password


@pytest.fixture
def admin(app):
    """The first administrator's name and generated password."""
    with app.app_context(), writing():
        return "admin", ensure_admin()


def test_a_generated_password_leads_to_the_change_of_it_and_nowhere_else(client, admin):
    assert log_in(client, *admin, next="/alerts").location == "/password"
    assert client.get("/").location == "/password"
    assert client.get("/", headers={"Accept": "application/json"}).status_code == 403
    assert client.get("/", headers={"HX-Request": "true"}).status_code == 403
    page = client.get("/password")
    assert "Choose your own password" in page.text
    assert client.get("/static/css/app.css", buffered=True).status_code == 200


def test_after_the_change_everything_opens(client, admin):
    log_in(client, *admin)
    form = {"current": admin[1], "new": "another seven boats", "again": "another seven boats"}
    form["csrf_token"] = token_in(client.get("/password"))
    assert client.post("/password", data=form).location == "/"
    assert client.get("/").location != "/password"


def test_with_a_generated_password_one_can_log_out(client, admin):
    log_in(client, *admin)
    answer = client.post("/logout", data={"csrf_token": token_in(client.get("/password"))})
    assert answer.location == "/login"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"current": "wrong"}, "present password is not right"),
        ({"again": "another eight boats"}, "not typed the same twice"),
        ({"new": "short", "again": "short"}, "at least 12 characters"),
        ({"new": PASSWORD, "again": PASSWORD}, "This is the present password"),
        ({"new": "mia-mia-mia-mia", "again": "mia-mia-mia-mia"}, "among the first|is the name"),
    ],
)
def test_a_bad_change_is_refused_with_its_reason(visit, mia, form, said):
    new = "another seven boats"
    client = visit(mia)
    answer = client.post("/password", data={"current": PASSWORD, "new": new, "again": new, **form})
    assert answer.status_code == 422
    assert re.search(said, answer.text)
    assert is_logged_in(client)


# --- the lock-out


def failures(app):
    with app.app_context():
        rows = db.session.execute(select(FailedLogin.name, FailedLogin.failure_count))
        return dict(rows.all())


@pytest.mark.parametrize("name", ["mia", "nobody"])
def test_the_sixth_attempt_waits_even_with_the_right_password(app, client, mia, name):
    for _ in range(5):
        assert log_in(client, name, "wrong wrong wrong").status_code == 401
    answer = log_in(client, name)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 10
    assert "Too many attempts" in answer.text
    assert WRONG not in answer.text
    assert failures(app) == {name: 5, "": 5}


def test_when_the_wait_is_over_the_right_password_opens_and_all_is_forgotten(app, client, mia):
    for _ in range(5):
        log_in(client, "mia", "wrong wrong wrong")
    with app.app_context(), writing():
        long_ago = utc_now() - timedelta(seconds=11)
        db.session.execute(update(FailedLogin).values(last_failed_at=long_ago))
    assert log_in(client).status_code == 303
    assert failures(app) == {"": 0}


def test_a_thief_of_a_session_does_not_guess_the_password_by_changing_it(visit, mia):
    client = visit(mia)
    form = {"current": "wrong", "new": "another seven boats", "again": "another seven boats"}
    statuses = [client.post("/password", data=form).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


# --- forms


@pytest.mark.parametrize("path", ["/login", "/logout", "/password"])
def test_a_form_without_its_token_is_refused(visit, mia, path):
    client = visit(mia)
    del client.environ_base["HTTP_X_CSRFTOKEN"]
    answer = client.post(path, data={"name": mia, "password": PASSWORD})
    assert answer.status_code == 400
    assert "too old to be trusted" in answer.text
    assert is_logged_in(client)


def test_the_token_of_another_session_is_refused(visit, mia):
    mine, theirs = visit(mia), visit(None)
    mine.environ_base["HTTP_X_CSRFTOKEN"] = theirs.environ_base["HTTP_X_CSRFTOKEN"]
    assert mine.post("/logout").status_code == 400


def test_over_https_a_form_comes_from_a_page_of_ours(app_with, mia):
    app = app_with(RELMAP_PUBLIC_URL="https://relmap.example")
    for referrer, status in (("https://relmap.example/", 401), ("https://evil.example/", 400)):
        client = app.test_client()
        page = client.get("/login", base_url="https://relmap.example")
        answer = client.post(
            "/login",
            base_url="https://relmap.example",
            data={"name": mia, "password": "wrong", "csrf_token": token_in(page)},
            headers={"Referer": referrer},
        )
        assert answer.status_code == status


def test_a_log_in_that_succeeds_is_on_record(app, client, mia):
    for password, status in (("not the password", 401), (PASSWORD, 303)):
        assert log_in(client, password=password).status_code == status
    with app.app_context():
        rows = db.session.scalars(select(Change).where(Change.verb == "log_in")).all()
        assert [(row.user_id, row.after) for row in rows] == [
            (find_user("mia").id, {"address": "127.0.0.1"})
        ]


@pytest.mark.parametrize("how", ["role", "deactivate"])
def test_a_session_ends_with_its_rights(app, visit, mia, how):
    client = visit(mia)
    assert client.get("/accounts").status_code == 200
    with app.app_context(), writing():
        user = find_user("mia")
        deactivate(user) if how == "deactivate" else change_role(user, "manager")
    assert client.get("/accounts").status_code == 303
