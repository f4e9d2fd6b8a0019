"""What one does on the account's pages: another day, another question, a filter, a fold."""

from datetime import date, timedelta

from relmap.models import Due, db


def test_the_slider_shows_another_day(book, open_tab, faults):
    page = open_tab().go(f"/accounts/{book.id}")
    slider = page.locator("[data-day-slider]")
    slider.focus()
    for _ in range(3):
        slider.press("PageDown")
    page.wait_for_url("**on=*")
    assert "You see the account as it stood on" in page.inner_text("main")
    page.click("text=Back to today")
    page.wait_for_url(f"**/accounts/{book.id}")
    assert faults.said == []


def test_a_past_day_shows_who_sat_there_then(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}/grid?on={date.today() - timedelta(days=30)}")
    grid = page.inner_text(".rm-seats")
    assert "林志明" in grid
    assert "陈雅琴" not in grid


def test_the_scores_of_a_past_day_are_asked_for_and_come(app, book, open_tab, faults):
    day = date.today() - timedelta(days=70)  # before the first score
    page = open_tab().go(f"/accounts/{book.id}?on={day}")
    assert "Steps come with the scores" in page.inner_text("#next")
    page.click("text=Work out the score of")
    page.wait_for_selector("text=is being worked out; this panel")
    with app.app_context():
        assert db.session.query(Due).one().on == day
        work_off_what_was_asked(app)
    page.wait_for_selector("#score .rm-big >> text=/ 100")
    page.wait_for_selector("text=is being worked out; this panel", state="detached")
    assert "of 4 rules" in page.inner_text("#score")
    assert "Steps come with the scores" not in page.inner_text("#next")
    assert page.locator("#next .rm-next li").count()
    assert faults.said == []


def test_a_day_ahead_is_refused_in_a_line_and_another_can_be_asked(book, open_tab, faults):
    page = open_tab().go(f"/accounts/{book.id}?on={date.today() + timedelta(days=400)}")
    assert "lies ahead, and nothing is known of it yet" in page.inner_text("main")
    assert page.input_value("#on") == date.today().isoformat()
    day = (date.today() - timedelta(days=30)).isoformat()
    page.fill("#on", day)
    page.wait_for_url(f"**on={day}")
    assert "You see the account as it stood on" in page.inner_text("main")
    assert faults.said == []


def work_off_what_was_asked(app) -> None:
    from relmap.hub.engine import InProcess
    from relmap.hub.registry import registry_of
    from relmap.models import writing
    from relmap.results.runs import scoring

    for due_id, account_id, on in [tuple(row)[:3] for row in scoring.asked()]:
        scoring.score(account_id, on, runner=InProcess(), registry=registry_of(app))
        with writing():
            scoring.worked_off(due_id)


def test_a_filter_changes_the_grid_and_nothing_else(book, open_tab, faults):
    page = open_tab().go(f"/accounts/{book.id}")
    page.select_option("select[name=function]", "quality")
    for _ in range(100):
        if "方婷" not in page.inner_text(".rm-seats"):
            break
        page.wait_for_timeout(30)
    grid = page.inner_text(".rm-seats")
    assert "長谷川" in grid
    assert "方婷" not in grid
    assert page.is_visible("#score")
    assert faults.said == []


def test_every_point_opens_to_its_evidence(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}")
    part = page.locator("details.rm-part").first
    assert not part.locator(".rm-evidence").is_visible()
    part.locator("summary").click()
    assert part.locator(".rm-evidence li").count() >= 2
    assert part.locator(".rm-evidence a").count()


def test_who_left_stands_beside_the_seat(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}/grid")
    assert "林志明" in page.inner_text(".rm-gone")
    assert page.locator(".rm-seat .rm-acting").count() == 1
    assert page.locator(".rm-seat-vacant").count() == 1


def test_a_crowd_is_folded_and_opens(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}/grid")
    fold = page.locator("details.rm-fold").first
    hidden = fold.locator(".rm-seat").first
    assert not hidden.is_visible()
    fold.locator("summary").click()
    assert hidden.is_visible()


def test_on_a_phone_functions_fold(book, open_tab):
    page = open_tab(390).go(f"/accounts/{book.id}/grid")
    last = page.locator("[data-fold-row]").last
    card = page.locator(".rm-seats tr").last.locator(".rm-seat").first
    assert last.get_attribute("aria-expanded") == "false"
    assert not card.is_visible()
    last.click()
    assert card.is_visible()


def test_dark_is_kept(book, open_tab):
    page = open_tab().go(f"/accounts/{book.id}")
    page.click(".rm-menu summary")
    page.click("[data-theme-switch]")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_an_alert_is_taken_in_hand_and_closed(book, open_tab, faults):
    page = open_tab().go("/alerts")
    page.click("text=In hand >> nth=-1")
    page.wait_for_url("**/alerts/*")
    assert "It is in hand" in page.inner_text("main")
    page.click("text=Done >> nth=-1")
    page.wait_for_url("**/alerts")
    assert "The alert is closed" in page.inner_text("main")
    assert faults.said == []


def test_a_setting_that_does_not_fit_is_said_beside_its_form(book, open_tab):
    page = open_tab().go("/plug-ins")
    page.click("#breadth details.rm-part summary")
    page.fill("#breadth-people", "0")
    page.click("#breadth form[action$=settings] button")
    page.wait_for_selector("#breadth [role=alert]")
    assert "a whole number from 1 up to 500" in page.inner_text("#breadth")
    assert page.input_value("#breadth-people") == "0"
