"""The map of whom to cultivate: touched, on a phone, in the dark, by keyboard."""

import re

import pytest


def node_at(page, name: str, *, across: float = 0, down: float = 0) -> tuple[float, float]:
    """Where on the map a card is painted, in pixels from its corner.

    ``across`` and ``down`` lead from the card's middle, -1 and 1 to its edges.
    """
    content = page.evaluate("fetch(document.querySelector('#map').dataset.url).then(a => a.json())")
    node = next(one for one in content["nodes"] if one["name"] == name)
    left = min(band["left"] for band in content["bands"]) - 8
    right = max(band["right"] for band in content["bands"]) + 8
    scale = min(1, page.locator("#map").bounding_box()["width"] / (right - left))
    shift = page.locator("#map").bounding_box()["width"] / 2 - scale * (left + right) / 2
    height = page.locator("#map").bounding_box()["height"]
    middle = (content["bands"][0]["top"] + content["bands"][0]["bottom"]) / 2
    x, y = node["x"] + across * node["w"] / 2, node["y"] + down * node["h"] / 2
    return shift + scale * x, height / 2 + scale * (y - middle)


def test_a_click_on_a_person_takes_them_away_and_another_puts_them_back(book, open_tab, faults):
    tab = open_tab()
    page = tab.go(f"/accounts/{book.id}/cultivate")
    x, y = node_at(page, "方婷")
    page.locator("#map").click(position={"x": x, "y": y})
    page.wait_for_url("**without=*")
    tab.settle()
    assert "What if" in page.inner_text(".rm-whatif")
    assert "方婷" in page.inner_text(".rm-whatif")
    page.locator("#map").click(position={"x": x, "y": y})
    page.wait_for_url(re.compile(r"/cultivate$"))
    assert page.locator(".rm-whatif").count() == 0
    assert faults.said == []


@pytest.mark.parametrize("corner", [(-0.95, -0.9), (0.95, -0.9), (-0.95, 0.9), (0.95, 0.9)])
def test_a_card_is_clicked_and_pointed_at_wherever_it_is_painted(book, open_tab, corner):
    page = open_tab().go(f"/accounts/{book.id}/cultivate")
    x, y = node_at(page, "方婷", across=corner[0], down=corner[1])
    page.locator("#map").hover(position={"x": x, "y": y})
    assert "方婷" in page.get_attribute("#map", "title")
    page.locator("#map").click(position={"x": x, "y": y})
    page.wait_for_url("**without=*")


def test_beside_a_card_nothing_is_clicked_or_pointed_at(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}/cultivate")
    x, y = node_at(page, "方婷", across=1.1)
    page.locator("#map").hover(position={"x": x, "y": y})
    page.locator("#map").click(position={"x": x, "y": y})
    assert page.get_attribute("#map", "title") in (None, "")
    assert page.url.endswith("/cultivate")


def test_a_window_that_narrows_and_widens_fast_is_drawn_in_silence(book, open_tab, faults):
    tab = open_tab()
    page = tab.go(f"/accounts/{book.id}/cultivate?posts=24")
    for width in (700, 900, 500, 1200, 750, 770, 700, 1440, 390, 1440) * 3:
        page.set_viewport_size({"width": width, "height": 900})
    content = page.evaluate("fetch(document.querySelector('#map').dataset.url).then(a => a.json())")
    for _ in range(100):
        if page.get_attribute("#map", "data-drawn") == str(len(content["nodes"])):
            break
        page.wait_for_timeout(50)
    tab.settle()
    assert page.get_attribute("#map", "data-drawn") == str(len(content["nodes"]))
    assert faults.said == []


def test_every_card_is_inside_the_picture(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}/cultivate?posts=24")
    for _ in range(60):
        inside, drawn = (page.get_attribute("#map", f"data-{what}") for what in ("inside", "drawn"))
        if inside == drawn:
            break
        page.wait_for_timeout(50)
    assert int(drawn) > 8
    assert inside == drawn


def test_a_phone_has_the_list_first_and_one_path_at_a_time(book, open_tab, faults):
    page = open_tab(390).go(f"/accounts/{book.id}/cultivate")
    boxes = [page.locator(one).bounding_box()["y"] for one in (".rm-steps", "#map")]
    assert boxes == sorted(boxes)
    drawn = int(page.get_attribute("#map", "data-drawn"))
    assert 1 <= drawn <= 6
    steps = page.locator("[data-step]")
    assert steps.count() >= 2
    before = page.get_attribute("#map", "data-still")
    steps.nth(1).click()
    for _ in range(60):
        if page.get_attribute("#map", "data-still") != before:
            break
        page.wait_for_timeout(50)
    assert steps.nth(1).get_attribute("aria-pressed") == "true"
    assert steps.nth(0).get_attribute("aria-pressed") == "false"
    assert faults.said == []


def test_a_phone_says_where_no_step_is_to_be_drawn(book, open_tab, faults):
    page = open_tab(390).go(f"/accounts/{book.id}/cultivate?visits=0")
    assert "No step of the plan leads to these posts" in page.inner_text("#map-state")
    assert not page.is_visible("#map")
    assert faults.said == []


@pytest.mark.parametrize("width", [1440, 390])
def test_the_dark_is_drawn_in_silence(book, open_tab, faults, width):
    tab = open_tab(width, theme="dark")
    for path in ("cultivate?without=5", "what-if?without=5"):
        tab.go(f"/accounts/{book.id}/{path}")
    assert faults.said == []


def test_the_keyboard_takes_somebody_away_in_the_table(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}/cultivate")
    link = page.locator("#posts a.rm-what-if").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**without=*")
    assert page.locator("#posts .rm-struck").count() >= 1


def test_the_ring_says_on_what_it_rests_when_it_has_the_focus(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}/cultivate")
    ring = page.locator("#posts .rm-ring-said").first
    ring.focus()
    said = ring.get_attribute("aria-label")
    assert re.search(r"chance of a change in 180 days, by the rotation policy, .*\bterm", said)


def test_without_javascript_a_form_takes_somebody_away(book, chromium_browser, live_server):
    context = chromium_browser.new_context(base_url=live_server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/login")
    page.fill("#name", "mia")
    page.fill("#password", "seven boats in a row")
    page.click("form button")
    page.goto(f"/accounts/{book.id}/what-if")
    page.click("text=Take away >> nth=0")
    assert "without=" in page.url
    assert "What if" in page.inner_text(".rm-whatif")
    page.click(".rm-whatif >> text=End")
    assert page.url.endswith("/what-if")
    context.close()
