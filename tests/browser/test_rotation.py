"""The radar in Chromium: drawn on canvas, said without it, switched with the theme."""

from datetime import timedelta

import pytest

from relmap.facts import people, structure, tenures
from relmap.models import writing
from relmap.results.runs.back_tests import asked_back_tests, run_back_test

from .conftest import PASSWORD, TODAY

DRAWN = "() => [...document.querySelectorAll('[data-chart]')].map(one => one.dataset.drawn)"


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pictures_are_drawn_and_the_list_says_the_same(book, open_tab, faults, width):
    page = open_tab(width).go("/rotation?horizon=365")
    assert page.evaluate(DRAWN) == ["yes", "yes"]
    assert page.locator("#radar canvas").count() == 1
    assert page.locator(".rm-rotation tbody tr").count() >= 3
    assert "陈雅琴" in page.inner_text(".rm-rotation")
    assert faults.said == []


def test_the_pictures_are_drawn_again_in_the_other_theme(book, open_tab, faults):
    page = open_tab().go("/rotation")
    before = page.evaluate("document.querySelector('#months canvas').toDataURL()")
    page.click(".rm-menu > summary")
    page.click("[data-theme-switch]")
    assert page.evaluate("document.querySelector('#months canvas').toDataURL()") != before
    assert faults.said == []


def test_without_script_the_list_stands_and_no_empty_box(book, chromium_browser, live_server):
    context = chromium_browser.new_context(base_url=live_server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/login")
    page.fill("#name", "mia")
    page.fill("#password", PASSWORD)
    page.click("form button")
    page.goto("/rotation?horizon=365")
    assert page.locator(".rm-rotation tbody tr").count() >= 3
    assert page.locator("#months").bounding_box()["height"] < 10
    assert page.locator("noscript button").count() == 1
    context.close()


def test_a_filter_is_kept_in_the_address(book, open_tab):
    page = open_tab().go("/rotation")
    page.select_option("select[name=function]", "purchasing")
    page.wait_for_url("**function=purchasing**")
    assert page.locator(".rm-rotation tbody tr").count() >= 1
    assert page.input_value("select[name=function]") == "purchasing"


CROWD = [
    {
        "n": n,
        "x": x,
        "y": y,
        "size": 1,
        "hot": x >= 30 and y <= 2,
        "name": f"P{n}",
        "where": "W",
        "says": "S",
    }
    for n, (x, y) in enumerate(
        [(13.7, 1.9), (20.6, 0.3), (29.9, 1), (30, 1.74), (31, 2), (31, 2.05)] * 5, 1
    )
]
PLACES = """() => {
  const box = document.querySelector("#radar");
  return [box.clientWidth - 60, box.clientHeight - 84, JSON.parse(box.dataset.places)];
}"""


@pytest.mark.parametrize("width", [1440, 390])
def test_a_crowd_of_dots_stays_where_the_list_has_it(book, open_tab, width):
    page = open_tab(width).go("/rotation")
    page.evaluate(
        "crowd => { document.querySelector('#radar').dataset.points = JSON.stringify(crowd);"
        " document.dispatchEvent(new Event('relmap:theme')); }",
        CROWD,
    )
    width, height, places = page.evaluate(PLACES)
    assert [number for number, _, _ in places] == [one["n"] for one in CROWD]
    for one, (_, x, y) in zip(CROWD, places, strict=True):
        assert abs(x - one["x"]) / 60 * width < 8
        assert abs(y - one["y"]) / 5 * height < 8
        assert (x >= 30, y <= 2) == (one["x"] >= 30, one["y"] <= 2)


def fill_history() -> None:
    """Eight seats that change hands every 560 days."""
    begin = TODAY - timedelta(days=6 * 365)
    account = structure.open_account("Nordwerk", day=begin)
    for number in range(8):
        post = structure.open_post(structure.root_unit(account), f"Seat {number}", day=begin)
        for turn in range(4):
            tenure = tenures.start_tenure(
                people.add_person(f"Holder {number} {turn}"),
                post,
                begin + timedelta(days=560 * turn + 5 * number),
            )
            if turn < 3:
                end = begin + timedelta(days=560 * (turn + 1) + 5 * number)
                tenures.end_tenure(tenure, end, reason="moved_inside")


def test_a_back_test_that_comes_later_brings_its_picture_and_its_answer(app, book, open_tab):
    with app.app_context(), writing():
        fill_history()
    page = open_tab().go("/rotation/backtest")
    page.click("#back-test form button")
    page.wait_for_selector("#back-test [role=status]")
    assert page.inner_text("h1") == "How good are these forecasts?"
    with app.app_context():
        run_back_test(asked_back_tests()[0], TODAY)
    page.wait_for_selector("[data-chart=calibration] canvas")
    assert "Our forecasts were" in page.inner_text("h1")
    assert page.locator("h1").count() == 1
