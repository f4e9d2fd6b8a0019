"""A phone: what a finger must hit is large enough, and nothing is cut off in a card."""

import pytest

from .test_every_page import pages_of

# A target that a finger can miss: under 44 px high or wide. Not meant are links that are words of
# a sentence, a choice whose label takes the finger, and a link stretched over its whole row.
SMALL = """() => {
  const style = (e, part) => getComputedStyle(e, part);
  const isInline = e => style(e).display.startsWith("inline") && e.tagName !== "TD";
  const words = node => node.nodeType === 3 ? node.data
    : node.nodeType === 1 && isInline(node) && !node.matches("a")
      ? [...node.childNodes].map(words).join(" ") : "";
  const isOfSentence = link => {
    let block = link.parentElement;
    while (isInline(block)) block = block.parentElement;
    const own = [...block.childNodes].map(words).join(" ");
    return style(link).display === "inline" && /[a-z]{2}/i.test(own);
  };
  const size = e => {
    const boxes = [e.getBoundingClientRect()];
    const after = style(e, "::after");
    if (after.position === "absolute" && after.content !== "none")
      boxes.push({ width: parseFloat(after.width), height: parseFloat(after.height) });
    if (e.matches("input, select") && e.closest("label"))
      boxes.push(e.closest("label").getBoundingClientRect());
    return ["width", "height"].map(side => Math.max(...boxes.map(box => box[side])));
  };
  const targets = "a[href], button, input:not([type=hidden]), select, summary";
  return [...document.querySelectorAll(targets)]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().width > 1)
    .filter(e => Math.min(...size(e)) < 43.9 && !(e.matches("a") && isOfSentence(e)))
    .map(e => `${e.tagName} ${e.className} ${(e.innerText || e.name).slice(0, 30)}: ${size(e)}`);
}"""
CUT = """() => [...document.querySelectorAll(".rm-seat-meta")]
  .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"""


CUT_NAMES = """all => all
  .filter(e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)
  .map(e => e.innerText)"""


def test_every_target_is_large_enough_for_a_finger(book, open_tab):
    tab = open_tab(390)
    small = {}
    for path in pages_of(book):
        page = tab.go(path)
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        found = page.evaluate(SMALL)
        if found:
            small[path] = found
    assert small == {}


@pytest.mark.parametrize("width", [1440, 1100, 390])
def test_what_stands_at_the_foot_of_a_seat_is_not_cut(book, open_tab, width):
    page = open_tab(width).go(f"/accounts/{book.id}/grid")
    page.evaluate(
        "document.querySelectorAll('.rm-seat-meta').forEach(e => "
        "{ e.textContent = '12 of us · no touch' })"
    )
    assert page.locator(".rm-seat-meta").count() > 5
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("width", [1440, 1100, 390])
def test_a_name_in_a_card_is_not_cut(book, open_tab, width):
    page = open_tab(width).go(f"/accounts/{book.id}/grid")
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    names = page.locator(".rm-seat-name")
    assert "von Hohenfels" in "".join(names.all_inner_texts())
    assert names.evaluate_all(CUT_NAMES) == []


def test_no_alert_is_marked_while_none_is_shown(book, open_tab):
    wide, narrow = open_tab(1440).go("/alerts"), open_tab(390).go("/alerts")
    ground = "getComputedStyle(document.querySelector('.rm-alert')).backgroundColor"
    other = "getComputedStyle(document.querySelector('.rm-alert:last-child')).backgroundColor"
    assert wide.is_visible("aside .rm-alert-body")
    assert wide.evaluate(ground) != "rgba(0, 0, 0, 0)"
    assert not narrow.is_visible("aside .rm-alert-body")
    assert narrow.evaluate(ground) == narrow.evaluate(other) == "rgba(0, 0, 0, 0)"
    assert narrow.locator(".rm-alert[aria-current]").count() == 0


def test_people_are_searched_on_a_phone_too(book, open_tab):
    page = open_tab(390).go(f"/accounts/{book.id}/people")
    page.fill("input[name=name]", "fangting")
    page.press("input[name=name]", "Enter")
    page.wait_for_url("**name=fangting**")
    assert "方婷" in page.inner_text(".rm-people")
    assert page.locator(".rm-people tbody tr").count() == 1


def test_a_link_of_several_lines_lies_over_nothing(book, open_tab):
    page = open_tab(390).go("/people/5")
    page.evaluate(
        "document.querySelector('.rm-strip .rm-chip + a').textContent = "
        "'colleagues disagree: neutral / supporter / mentor'"
    )
    below, words = page.evaluate("""() => {
      const link = document.querySelector(".rm-strip .rm-chip + a");
      const range = document.createRange();
      range.selectNodeContents(link);
      const label = link.closest(".rm-strip > div").firstElementChild;
      return [label.getBoundingClientRect().bottom, range.getBoundingClientRect().top];
    }""")
    assert words >= below - 1
