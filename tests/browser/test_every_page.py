"""Each page in Chromium, narrow and wide, light and dark: a silent console and nothing cut off."""

import pytest

EMPTY = [
    *("/accounts", "/accounts?q=wang", "/alerts", "/imports", "/plug-ins", "/password"),
    *("/rotation", "/rotation/backtest", "/rotation/learning"),
]


def pages_of(book) -> list[str]:
    account = f"/accounts/{book.id}"
    return [
        *EMPTY,
        account,
        f"{account}?on=2026-01-31",
        f"{account}/grid",
        f"{account}/grid?as=table",
        f"{account}/map",
        f"{account}/map?question=around",
        "/rotation?horizon=365",
        f"{account}/people",
        f"{account}/people?state=gone",
        f"{account}/history",
        f"{account}/outlook",
        f"{account}/cultivate",
        f"{account}/cultivate?without=5&posts=12",
        f"{account}/plan",
        f"{account}/plan?visits=9&horizon=365",
        f"{account}/policy",
        f"{account}/what-if",
        f"{account}/what-if?without=5&without=1",
        f"{account}/timeline",
        f"{account}/timeline?as=table&posts=all",
        "/alerts/1",
        "/people/1",
        "/people/3",
        "/people/5",
        "/posts/2",
        "/posts/4",
    ]


@pytest.mark.parametrize("width", [1440, 900, 390])
def test_a_page_has_a_silent_console_and_fits_its_window(book, open_tab, faults, width):
    tab = open_tab(width)
    too_wide = {}
    for path in pages_of(book):
        tab.go(path)
        if tab.overflow():
            too_wide[path] = tab.overflow()
    assert faults.said == []
    assert too_wide == {}


def test_the_dark_has_a_silent_console_too(book, open_tab, faults):
    tab = open_tab(theme="dark")
    for path in (f"/accounts/{book.id}", f"/accounts/{book.id}/map", "/rotation"):
        page = tab.go(path)
        assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert faults.said == []


@pytest.mark.parametrize("width", [1440, 390])
def test_an_empty_book_says_what_will_be_there(app, open_tab, faults, width):
    from relmap.facts.structure import open_account
    from relmap.facts.users import add_user
    from relmap.models import writing

    with app.app_context(), writing():
        add_user("mia", role="administrator", password="seven boats in a row")
    tab = open_tab(width)
    for path in EMPTY:
        tab.go(path)
        assert tab.overflow() == 0
    assert "relmap import snapshot" in tab.go("/accounts").inner_text("main")
    from datetime import date

    with app.app_context(), writing():
        account_id = open_account("Nobody Yet", day=date(2026, 1, 1)).id
    for part in ("", "/grid", "/map", "/people", "/outlook", "/timeline", "/history"):
        page = tab.go(f"/accounts/{account_id}{part}")
        assert tab.overflow() == 0
        assert page.is_visible(".rm-empty")
    assert faults.said == []


def test_no_link_of_the_account_is_dead(book, open_tab, faults):
    tab = open_tab()
    page = tab.go(f"/accounts/{book.id}")
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    assert not [link for link in links if link in ("#", "")]
    for link in sorted({link for link in links if link.startswith("/")}):
        answer = page.request.get(link)
        assert answer.status == 200, link


def test_every_page_begins_with_its_answer(book, open_tab):
    tab = open_tab()
    said = {path: tab.go(path).inner_text("h1") for path in ("/accounts", "/alerts", "/plug-ins")}
    assert said["/accounts"] == "1 of 1 account needs somebody"
    assert "urgent" in said["/alerts"]
    assert said["/plug-ins"].startswith("All ")


def test_a_name_says_its_language(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}/grid")
    assert page.locator("[lang=ja]", has_text="長谷川").count()
    assert page.locator("[lang='zh-Hans']", has_text="陈雅琴").count()
    assert not page.locator("[lang]:not(html)", has_text="Tomáš").count()
