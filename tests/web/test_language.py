"""Who reads in which language: the user's word, then the browser's, then the setting's."""

import re
from gettext import gettext

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from relmap.cli import main
from relmap.facts.users import find_user
from relmap.models import Change, db

TAIWAN, MAINLAND = {"Accept-Language": "zh-TW,zh;q=0.9"}, {"Accept-Language": "zh-CN"}


def language_of(answer) -> str:
    return re.search(r'<html lang="([\w-]+)"', answer.text)[1]


@pytest.fixture
def run(app):
    return lambda *words: CliRunner().invoke(main, words, obj=app)


@pytest.mark.parametrize(
    ("headers", "language", "title"),
    [
        ({}, "en", "Log in"),
        (TAIWAN, "zh-Hant", "登入"),
        (MAINLAND, "zh-Hans", "登录"),
        ({"Accept-Language": "fr"}, "en", "Log in"),
    ],
)
def test_the_browser_says_in_which_language(client, headers, language, title):
    answer = client.get("/login", headers=headers)
    assert language_of(answer) == language
    assert f"<h1>{title}</h1>" in answer.text


def test_the_setting_counts_where_the_browser_says_nothing_we_speak(app_with):
    client = app_with(RELMAP_LANGUAGE="zh-Hant").test_client()
    assert language_of(client.get("/login", headers={"Accept-Language": "fr"})) == "zh-Hant"
    assert language_of(client.get("/login", headers=MAINLAND)) == "zh-Hans"


def test_a_user_keeps_the_language_they_chose(visit, mia, app):
    browser = visit(mia)
    answer = browser.post("/language", data={"language": "zh_Hans", "next": "/alerts?status=all"})
    assert (answer.status_code, answer.location) == (303, "/alerts?status=all")
    assert language_of(browser.get("/accounts", headers=TAIWAN)) == "zh-Hans"
    assert language_of(visit(mia).get("/accounts")) == "zh-Hans"
    with app.app_context():
        change = db.session.scalars(select(Change).where(Change.verb == "set_language")).one()
        assert (change.before, change.after) == ({"language": None}, {"language": "zh_Hans"})


def test_who_is_not_logged_in_chooses_for_the_browser(visit):
    browser = visit(None)
    browser.post("/language", data={"language": "zh_Hant"})
    assert language_of(browser.get("/login", headers=MAINLAND)) == "zh-Hant"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example"])
def test_the_choice_leads_to_no_stranger(visit, target):
    answer = visit(None).post("/language", data={"language": "en", "next": target})
    assert answer.location == "/"


def test_the_choice_needs_the_token_of_forms(client):
    assert client.post("/language", data={"language": "en"}).status_code == 400


def test_every_page_offers_the_languages_by_their_own_names(visit, mia):
    for page in (visit(None).get("/login"), visit(mia).get("/accounts")):
        assert all(name in page.text for name in ("English", "繁體中文", "简体中文"))


def test_a_refusal_is_told_in_the_language_of_the_browser(client):
    answer = client.get("/accounts", headers=TAIWAN | {"Accept": "application/json"})
    assert answer.json == {"error": "這裡僅供已登入的人使用。"}


def test_a_command_speaks_as_it_is_asked(run):
    assert "找不到" in run("--language", "zh-Hant", "user", "deactivate", "nobody").output
    assert "There is no user" in run("user", "deactivate", "nobody").output


def test_a_command_explains_itself_in_the_language_asked(run):
    told = run("--language", "zh-Hant", "user", "add", "--help").output
    assert "可以登入的人。" in told
    assert "Somebody who may log in." in run("user", "add", "--help").output


def test_what_click_says_by_itself_is_told_like_our_own_words(run, monkeypatch):
    monkeypatch.setattr("relmap.cli.help.sentence", lambda text, **_: f"«{text}»")
    told = run("--language", "zh-Hant", "user", "unlock", "--help").output
    assert told.startswith("«Usage:» ")
    assert "«Options»" in told
    refused = run("--language", "zh-Hant", "user", "unlock")
    assert refused.exit_code == 2
    assert "«Error: «Missing argument» 'NAME'." in refused.output
    assert gettext("Usage:") == "Usage:"


def test_an_administrator_sets_the_language_of_somebody(run, mia, app):
    assert "mia reads relmap in 繁體中文." in run("user", "language", mia, "zh-Hant").output
    with app.app_context():
        assert find_user(mia).language == "zh_Hant"
    run("user", "language", mia, "none")
    with app.app_context():
        assert find_user(mia).language is None


def test_an_unknown_language_is_wrong_usage(run):
    assert run("--language", "fr", "account", "list").exit_code == 2
