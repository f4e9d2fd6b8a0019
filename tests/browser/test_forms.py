"""Forms in a browser: the first wrong field has the focus, and a stale save loses neither side."""

import pytest
from playwright.sync_api import Browser

from relmap.facts.audit import acting_as
from relmap.facts.structure import change_account
from relmap.facts.users import add_user
from relmap.models import Account, db, writing

from .conftest import PASSWORD, TODAY
from .test_small_screens import SMALL

UNCHECKED = "document.querySelectorAll('form').forEach(form => { form.noValidate = true })"


@pytest.fixture
def li_declares(app, book):
    """A function: li, a colleague, declares 24 months and nobody as the owner."""

    def declare() -> None:
        with app.app_context():
            with writing():
                li = add_user("li", role="manager", password=PASSWORD).id
            with acting_as(li), writing():
                account = db.session.get_one(Account, book.id)
                change_account(account, {"rotation_months": 24, "owner_id": None}, day=TODAY)

    return declare


@pytest.mark.parametrize("width", [1440, 390])
def test_the_first_wrong_field_has_the_focus_and_says_why(book, open_tab, width):
    tab = open_tab(width)
    page = tab.go(f"/accounts/{book.id}/policy")
    page.evaluate(UNCHECKED)
    page.fill("#rotation_months", "")
    page.fill("#handover_months", "61")
    page.evaluate("document.querySelector('#on').type = 'text'")
    page.fill("#on", "next week")
    page.click("#main form button")
    tab.settle()

    assert page.evaluate("document.activeElement.id") == "on"
    said = page.get_attribute("#on", "aria-describedby").split()
    assert "is no date" in page.inner_text(f"#{said[0]}")
    assert page.input_value("#on") == "next week"
    page.fill("#on", TODAY.isoformat())
    page.evaluate(UNCHECKED)
    page.click("#main form button")
    tab.settle()
    assert page.evaluate("document.activeElement.id") == "handover_months"
    assert "A handover takes 0 to 60 months" in page.inner_text("[role=alert]")
    page.click("[role=alert] a")
    assert page.evaluate("location.hash") == "#handover_months"
    assert tab.overflow() == 0


@pytest.mark.parametrize("width", [1440, 390])
def test_both_versions_stand_beside_each_other_and_can_be_hit(book, open_tab, li_declares, width):
    tab = open_tab(width)
    page = tab.go(f"/accounts/{book.id}/policy")
    li_declares()
    page.fill("#rotation_months", "30")
    page.click("#main form button")
    tab.settle()

    assert page.locator("fieldset").count() == 2
    assert page.is_checked("[name=take-owner][value=theirs]")
    assert not page.locator("[name=take-rotation_months]:checked").count()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert tab.overflow() == 0
    if width == 390:
        assert page.evaluate(SMALL) == []
    page.check("[name=take-rotation_months][value=mine]")
    page.click("#main form button")
    tab.settle()
    assert "People rotate after 30 months" in page.inner_text("h1")
    assert "nobody of us has the account" in page.inner_text("main")


def test_a_stale_form_is_sent_again_without_javascript(
    chromium_browser: Browser, live_server, book, li_declares
):
    context = chromium_browser.new_context(base_url=live_server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/login")
    page.fill("#name", "mia")
    page.fill("#password", PASSWORD)
    page.click("form button")
    page.goto(f"/accounts/{book.id}/policy")
    li_declares()
    page.fill("#rotation_months", "30")
    page.click("#main form button")
    page.check("[name=take-rotation_months][value=theirs]")
    page.click("#main form button")

    assert "People rotate after 24 months" in page.inner_text("h1")
    assert "Nothing was different." in page.inner_text("main")
    context.close()
