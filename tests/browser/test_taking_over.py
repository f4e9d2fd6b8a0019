"""A plan taken over in a browser: what is ticked must be filled in, what is not need not."""

import pytest


def test_an_owner_is_asked_for_where_a_visit_is_ticked(book, open_tab, faults):
    page = open_tab().go(f"/accounts/{book.id}/cultivate?visits=5")
    page.click("text=Take the plan over …")
    page.wait_for_url("**/plan?visits=5&horizon=180")
    owners = page.locator("select[name^=owner]")
    assert owners.count() == 5
    owners.first.select_option("")
    page.click("text=Take over >> nth=-1")
    assert page.url.endswith("/plan?visits=5&horizon=180")
    assert page.evaluate("document.querySelector('select[name^=owner]:invalid') !== null")
    page.locator("input[name=take]").first.uncheck()
    assert owners.first.is_disabled()
    page.click("text=Take over >> nth=-1")
    page.wait_for_url("**/cultivate?visits=5&horizon=180")
    assert "4 visits taken over" in page.inner_text("main")
    assert page.locator(".rm-steps .rm-has-it").count() >= 2
    assert faults.said == []


@pytest.mark.parametrize("what", [".rm-what-if", ".rm-has-it a"])
def test_what_one_does_on_a_phone_is_as_high_as_a_finger(app, book, open_tab, what):
    from datetime import date

    from relmap.contracts import Ref
    from relmap.facts.next_steps import PlannedStep, take_plan_over
    from relmap.models import Account, db, writing
    from relmap.results.reports.forecasts import read_foresight

    today = date.today()
    with app.app_context(), writing():
        rows = read_foresight(book.id, today).document["plan"]["steps"][:2]
        owner = next(Ref.parse(row["by"]).id for row in rows if row["by"])
        steps = [PlannedStep(Ref.parse(row["person"]).id, owner, today) for row in rows]
        take_plan_over(db.session.get_one(Account, book.id), steps, day=today)
    page = open_tab(390).go(f"/accounts/{book.id}/cultivate?posts=24")
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    boxes = page.locator(what).evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(box => [box.width, box.height])"
    )
    assert boxes
    assert [box for box in boxes if min(box) < 43.9] == []
