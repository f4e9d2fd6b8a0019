"""Another day of an account: what is asked is shown, or it is said why today is."""

from datetime import date, timedelta

import pytest

from relmap.facts.people import add_person
from relmap.facts.structure import open_account, open_post, root_unit
from relmap.facts.tenures import start_tenure
from relmap.facts.users import add_user
from relmap.models import writing

DAY = date(2026, 1, 5)
TODAY = date.today()
PARTS = ("", "/grid", "/map", "/people", "/history")


def write_book() -> int:
    with writing():
        add_user("mia", role="manager", password="seven boats in a row")
        account = open_account("Nordwerk", day=DAY)
        start_tenure(add_person("Li Na"), open_post(root_unit(account), "Buyer", day=DAY), DAY)
        return account.id


@pytest.fixture
def ask(filled, visit):
    """``ask(part, on)`` is that page of an account, for a day as somebody wrote it."""
    number = filled(write_book)
    browser = visit("mia")

    def page(part: str, on: str) -> str:
        answer = browser.get(f"/accounts/{number}{part}", query_string={"on": on})
        assert answer.status_code == 200
        return answer.text

    return page


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("on", "said"),
    [
        (
            "next <tuesday>",
            "&#39;next &lt;tuesday&gt;&#39; is no date that relmap reads.",
        ),
        ("2026-02-30", "There is no day &#39;2026-02-30&#39; in the calendar."),
        ("03/04/2026", "&#39;03/04/2026&#39; may be two days"),
        (f"{TODAY.year + 2}-03-01", f"1 Mar {TODAY.year + 2} lies ahead"),
        ("0001-01-01", "1 Jan 1 lies before 1900"),
        ("9" * 3000, "9" * 40 + "&#39; is no date"),
    ],
)
def test_a_day_that_cannot_be_shown_is_said_and_today_is_shown(ask, part, on, said):
    page = ask(part, on)
    assert said in page
    assert page.count("You see today.") == 1
    assert f'name="on" value="{TODAY}"' in page


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("on", ["", TODAY.isoformat(), (TODAY - timedelta(days=9)).isoformat()])
def test_a_day_that_can_be_shown_is_shown_without_a_word(ask, part, on):
    page = ask(part, on)
    assert "You see today." not in page
    assert f'name="on" value="{on or TODAY}"' in page


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31", "x", "1900-01-01"])
def test_a_part_that_a_page_fetches_takes_any_day(ask, on):
    for part in ("/map.json", "/score", "/grid"):
        assert ask(part, on)
