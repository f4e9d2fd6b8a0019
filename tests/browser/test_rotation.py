"""The radar in Chromium: drawn on canvas, said without it, switched with the theme."""

import pytest

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
    from .conftest import PASSWORD

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
