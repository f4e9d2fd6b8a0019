"""Everything that can be done with a mouse can be done with the keyboard."""

CONTROLS = 'a[href], button, input, select, summary, [tabindex="0"]'
TABBABLE = f"""() => [...document.querySelectorAll('{CONTROLS}')]
  .filter(e => !e.disabled && e.type !== 'hidden' && e.tabIndex >= 0 && e.checkVisibility())
  .length"""
FOCUSED = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return {name: e.outerHTML.slice(0, 90), seen: box.width > 0 && box.height > 0,
          marked: style.outlineStyle !== 'none' || e.closest(':focus-within:not(body)') !== null,
          body: e === document.body};
}"""


def walk(page) -> list[dict]:
    """What has the focus, Tab after Tab, until it leaves the page."""
    stops = []
    for _ in range(400):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["body"]:
            break
        stops.append(stop)
    return stops


def test_tab_reaches_every_control_of_the_account_and_marks_it(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}")
    reachable = page.evaluate(TABBABLE)
    stops = walk(page)
    assert len({stop["name"] for stop in stops}) > 20
    assert len(stops) >= reachable
    assert [stop["name"] for stop in stops if not (stop["seen"] and stop["marked"])] == []


def test_the_first_tab_skips_to_the_content(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_stroke_goes_to_the_search(book, open_tab):
    page = open_tab().go("/accounts")
    page.keyboard.press("/")
    page.keyboard.type("linzhiming")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=linzhiming")
    assert "林志明" in page.inner_text("main")


def test_the_list_beside_the_map_says_what_the_map_draws(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}/map")
    drawn = int(page.get_attribute("#map", "data-drawn"))
    assert page.locator(".rm-map-list .rm-map-row").count() == drawn
    assert page.get_attribute("#map", "role") == "img"
    page.focus(".rm-map-list a >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/*")


def test_a_card_of_the_map_opens_the_person(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}/map?question=around")
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 60)
    for _ in range(60):
        if "/people/" in page.url:
            break
        page.wait_for_timeout(50)
    assert "/people/" in page.url or "/posts/" in page.url
