"""The map opens whole, and comes closer where it is touched."""

from datetime import date

import pytest

from relmap.facts import structure
from relmap.facts.users import add_user
from relmap.models import writing


@pytest.fixture
def wide_account(app) -> int:
    """Ten managers below one director, each with two posts below: 31 blank seats."""
    day = date(2026, 1, 1)
    with app.app_context(), writing():
        add_user("mia", role="administrator", password="seven boats in a row")
        account = structure.open_account("Broad", day=day)
        root = structure.root_unit(account)
        director = structure.open_post(root, "Director", day=day, level="director", function="rnd")
        for number in range(10):
            manager = structure.open_post(
                root, f"Manager {number}", day=day, level="manager", function="rnd"
            )
            structure.report_to(manager, director)
            for title in (f"Engineer {number}", f"Assistant {number}"):
                post = structure.open_post(root, title, day=day, level="staff", function="rnd")
                structure.report_to(post, manager)
        return account.id


def cards_inside(page, *, few: bool = False) -> int:
    """How many cards the picture holds whole, once it holds all of them, or only a few."""
    for _ in range(100):
        inside, drawn = (
            int(page.get_attribute("#map", name)) for name in ("data-inside", "data-drawn")
        )
        if (inside < drawn) == few:
            break
        page.wait_for_timeout(50)
    return inside


@pytest.mark.parametrize("width", [1440, 390])
def test_a_reporting_tree_is_seen_whole_when_it_opens(wide_account, open_tab, faults, width):
    page = open_tab(width).go(f"/accounts/{wide_account}/map")
    assert cards_inside(page) == 31
    assert faults.said == []


def test_a_touch_of_a_small_card_comes_closer(wide_account, open_tab):
    page = open_tab(390).go(f"/accounts/{wide_account}/map")
    page.locator("#map").scroll_into_view_if_needed()
    middle = {"x": 180, "y": 140}
    page.click("#map", position=middle)
    assert 0 < cards_inside(page, few=True) < 31
    page.click("[data-zoom=fit]")
    assert cards_inside(page) == 31
