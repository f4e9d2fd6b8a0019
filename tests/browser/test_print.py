"""What is on the screen is whole on paper: nothing that scrolls there is cut."""

from datetime import date

import pytest

from relmap.facts import people, structure, tenures
from relmap.facts.users import add_user
from relmap.models import writing

DAY = date(2026, 1, 1)
UNITS, PER_UNIT = 14, 6
NAME = "Maximiliane Hohenfels {unit}-{seat}"

# Boxes whose contents stick out of them and do not show there.
CUT = """[...document.querySelectorAll('main, main *')].filter(box => {
  const style = getComputedStyle(box), shown = box.getClientRects().length;
  if (!shown || box.closest('svg, .visually-hidden, #map')) return false;
  const isCut = way => style['overflow' + way] !== 'visible';
  return (isCut('Y') && box.scrollHeight > box.clientHeight + 1)
      || (isCut('X') && box.scrollWidth > box.clientWidth + 1);
}).map(box => box.tagName + '.' + box.className)"""


@pytest.fixture
def wide(app) -> int:
    """A head over many units, each with a lead and people below: far too many to be drawn near."""
    with app.app_context(), writing():
        add_user("mia", role="administrator", password="seven boats in a row")
        account = structure.open_account("Broad", day=DAY)
        top = structure.open_post(structure.root_unit(account), "General Manager", day=DAY)
        tenures.start_tenure(people.add_person("Bo Top"), top, DAY)
        for unit in range(UNITS):
            part = structure.open_unit(account, f"Department {unit}", day=DAY)
            for seat in range(PER_UNIT):
                post = structure.open_post(part, f"Engineer of circuit boards {seat}", day=DAY)
                structure.report_to(post, top)
                named = people.add_person(NAME.format(unit=unit, seat=seat))
                tenures.start_tenure(named, post, DAY)
        return account.id


@pytest.fixture
def printed(open_tab):
    """``printed(path)`` is a page as it lies on paper."""

    def of(path: str):
        page = open_tab(1280).go(path)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 794, "height": 1123})
        return page

    return of


def test_the_list_beside_the_map_is_whole_on_paper(wide, printed):
    page = printed(f"/accounts/{wide}/map?all=1")
    names = page.locator(".rm-map-row .rm-name")
    assert names.count() == UNITS * PER_UNIT + 1
    panel = page.locator("section:has(.rm-map-list)").bounding_box()
    last = names.last.bounding_box()
    assert panel["y"] <= last["y"] <= panel["y"] + panel["height"]
    assert panel["width"] > 600  # in one column, not in that beside a drawing
    assert page.evaluate(CUT) == []


def test_a_drawing_whose_names_would_be_cut_is_left_out_and_that_is_said(wide, printed):
    page = printed(f"/accounts/{wide}/map?all=1")
    assert not page.is_visible("#map")
    assert page.is_visible("text=The drawing is too wide to be read on paper.")


def test_a_drawing_that_can_be_read_is_printed(book, printed):
    page = printed(f"/accounts/{book.id}/map?question=around")
    assert page.is_visible("#map")
    assert not page.is_visible(".rm-paper")


@pytest.mark.parametrize("part", ["", "/grid", "/people", "/history", "/outlook", "/timeline"])
def test_nothing_of_an_account_is_cut_on_paper(wide, printed, part):
    assert printed(f"/accounts/{wide}{part}").evaluate(CUT) == []


@pytest.mark.parametrize("path", ["/accounts", "/alerts", "/rotation", "/imports"])
def test_nothing_of_the_book_is_cut_on_paper(book, printed, path):
    assert printed(path).evaluate(CUT) == []
