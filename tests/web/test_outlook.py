"""The outlook of an account on its pages, and a plan that somebody takes over."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from relmap.facts import people, structure, tenures, ties
from relmap.facts.next_steps import add_next_step
from relmap.facts.users import add_user, grant
from relmap.models import Account, NextStep, Person, PostOutlook, db, writing
from relmap.results.runs import forecasting, scoring

from .forms import form_of as filled_in
from .forms import send

TODAY = date.today()
SINCE = TODAY - timedelta(days=2000)
PASSWORD = "seven boats in a row"


def write_book() -> int:
    """Two directors, one of them known to Wang; a deputy; mia writes, ron reads."""
    with writing():
        account = structure.open_account("Nordwerk", day=SINCE, rotation_months=36)
        root = structure.root_unit(account)
        wang = people.add_person("Wang", side="us")
        structure.change_account(account, {"owner_id": wang.id})
        for number, level in enumerate(("director", "director", "staff")):
            post = structure.open_post(root, f"Seat {number}", day=SINCE, level=level)
            tenures.start_tenure(people.add_person(f"Lin {number}"), post, SINCE)
        lin = db.session.scalars(select(Person).where(Person.name == "Lin 0")).one()
        ties.add_tie(wang, lin, observed_on=TODAY, level="credible_source")
        for name, right in (("mia", "write"), ("ron", "read")):
            user = add_user(name, role="member", password=PASSWORD)
            grant(user, db.session.get_one(Account, account.id), right)
        found = account.id
    forecasting.forecast(found, TODAY, today=TODAY)
    return found


@pytest.fixture
def account_id(filled) -> int:
    return filled(write_book)


def text_of(page) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())


def form_of(page) -> dict[str, object]:
    """What the form would send as it stands."""
    action = re.search(r'action="([^"]*/plan[^"]*)"', page.text)[1].replace("&amp;", "&")
    shown = filled_in(page.text, action)
    return {**shown.to_dict(), "take": shown.getlist("take")}


def steps(app) -> list[tuple[str, str | None, date]]:
    with app.app_context():
        rows = db.session.scalars(select(NextStep).order_by(NextStep.due_on, NextStep.id)).all()
        return [(row.person.name, row.owner and row.owner.name, row.due_on) for row in rows]


def test_the_tab_says_what_may_change_whom_to_meet_and_what_to_ask(account_id, visit):
    said = text_of(visit("ron").get(f"/accounts/{account_id}/outlook"))
    assert "What may change: 2 deciding posts" in said
    assert "Whom to meet next" in said
    assert "Worth asking on the next visit" in said
    assert re.search(r"\b\d*[05] % : ", said) or re.search(r"\d*[05] %: ", said)


def answers(client, account_id: int, horizon: int = 180) -> list[str]:
    page = client.get(f"/accounts/{account_id}/outlook?horizon={horizon}").text
    return re.findall(r'<p class="rm-answer[^>]*>([^<]*)</p>', page)


def test_the_first_line_is_the_answer_and_counts_what_cannot_be_said(app, account_id, visit):
    client = visit("ron")
    short = "The history is too short to say how likely the 2 deciding posts change."
    assert answers(client, account_id) == [short]
    with app.app_context():
        with writing():
            first, second = db.session.scalars(select(PostOutlook).order_by(PostOutlook.id))
            first.is_band, first.change180, first.change365 = False, 0.29, 0.3
            first.successors = []
        said = (
            "The one post with a figure does not stand out (30 % or more) within 180 days; "
            "of 1 no figure can be said: it has too short a history."
        )
        assert answers(client, account_id) == [said]
        with writing():
            second.is_band, second.change365 = False, 0.9
            second.successors = [
                {"person": "person:1", "chance": 0.1, "coverage": 0.8, "is_known": True}
            ]
    said = "2 of 2 deciding posts may change within 365 days (30 % or more); "
    assert answers(client, account_id, 365) == [
        f"{said}for 1 of them we know nobody who may follow."
    ]


def test_small_chances_are_summed_and_blank_seats_are_told_by_why(app, account_id, visit):
    client = visit("ron")
    with app.app_context():
        with writing():
            for row in db.session.scalars(select(PostOutlook)):
                row.is_band, row.change180 = False, 0.29
        said = "No single post stands out (30 % or more); about 1 of 2 may change within 180 days."
        assert answers(client, account_id) == [said]
        with writing():
            first, second = db.session.scalars(select(PostOutlook).order_by(PostOutlook.id))
            first.tenure_id = first.change180 = None
        (said,) = answers(client, account_id)
        assert said.endswith("of 1 no figure can be said: it has a holder we do not know.")
        with writing():
            second.tenure_id = second.change180 = None
    said = "Nobody we know holds the 2 deciding posts: they have holders we do not know."
    assert answers(client, account_id) == [said]


def test_who_writes_asks_for_the_forecast_of_a_day_that_has_none(app, account_id, visit):
    path = f"/accounts/{account_id}/outlook?on={(TODAY - timedelta(days=100)).isoformat()}"
    page = visit("ron").get(path)
    assert "No forecast at or before this day" in page.text
    assert "relmap forecast" not in page.text
    assert "Ask for the forecast" not in page.text
    assert visit("ron").post(path).status_code == 403
    client = visit("mia")
    assert "Ask for the forecast of this day" in client.get(path).text
    assert client.post(path).status_code == 303
    assert "is being worked out" in client.get(path).text
    with app.app_context():
        (_, account, day) = scoring.asked()[0]
        assert (account, day) == (account_id, TODAY - timedelta(days=100))
        forecasting.forecast(account, day, today=day)
    assert "No forecast" not in client.get(path).text


def test_the_overview_shows_the_first_steps_of_the_plan(account_id, visit):
    page = visit("ron").get(f"/accounts/{account_id}")
    assert 'class="rm-badge">1</span>' in page.text
    assert "The whole plan" in page.text
    short = visit("ron").get(f"/accounts/{account_id}/outlook/short")
    assert "All 2 deciding posts" in short.text


def test_who_writes_takes_the_plan_over_with_owner_and_day(app, account_id, visit):
    client = visit("mia")
    path = f"/accounts/{account_id}/plan"
    assert f'href="{path}"' in client.get(f"/accounts/{account_id}/outlook").text
    sent = form_of(client.get(path))
    answer = client.post(path, data=sent)
    assert answer.status_code == 303
    stored = steps(app)
    assert len(stored) == len(sent["take"]) > 0
    assert {owner for _, owner, _ in stored} == {"Wang"}
    assert [due.isoformat() for _, _, due in stored] == sorted(
        value for name, value in sent.items() if name.startswith("due-")
    )
    said = text_of(client.get(f"/accounts/{account_id}"))
    assert "Wang has it until" in said
    assert "Every visit of the plan is" in text_of(client.get(f"/accounts/{account_id}/outlook"))


def test_a_part_is_taken_and_the_rest_stays_to_be_taken(app, account_id, visit):
    client, path = visit("mia"), f"/accounts/{account_id}"
    first = form_of(client.get(f"{path}/plan"))
    client.post(f"{path}/plan", data={**first, "take": first["take"][:1]})
    assert len(steps(app)) == 1
    rest = form_of(client.get(f"{path}/plan"))
    assert len(rest["take"]) == len(first["take"]) - 1
    client.post(f"{path}/plan", data=rest)
    assert len(steps(app)) == len(first["take"])


def test_who_reads_sees_no_form_and_is_refused(app, account_id, visit):
    client = visit("ron")
    page = client.get(f"/accounts/{account_id}/plan").text
    assert "Who may write at this account takes them over" in page
    assert 'name="take"' not in page
    assert "Take the plan over" not in client.get(f"/accounts/{account_id}/outlook").text
    assert client.post(f"/accounts/{account_id}/plan").status_code == 403
    assert steps(app) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"take": []}, "No visit was chosen"),
        ({"owner": ""}, "who of us goes"),
        ({"owner": "999999"}, "who of us goes"),
        ({"due": "tomorrow"}, "is no date"),
        ({"due": "2001-01-01"}, "past already"),
        ({"due": "9999-12-31"}, "more than five years ahead"),
        ({"mark": "of yesterday"}, "The plan has changed"),
        (
            {"take": ["999999-1"], "owner-999999-1": "1", "due-999999-1": "2100-01-01"},
            "has changed",
        ),
        ({"take": ["nobody"]}, "The plan has changed"),
    ],
)
def test_what_makes_no_sense_is_refused_in_the_form_with_the_reason(
    app, account_id, visit, change, said
):
    client, path = visit("mia"), f"/accounts/{account_id}/plan"
    sent = form_of(client.get(path))
    first = sent["take"][0]
    sent |= {
        f"{name}-{first}" if name in ("owner", "due") else name: change[name] for name in change
    }
    answer = client.post(path, data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Take over</button>" in answer.text
    assert steps(app) == []


# --- done, or dropped


@pytest.fixture
def step_id(app, account_id, visit) -> int:
    """The first visit of the plan, taken over by mia for Wang."""
    client = visit("mia")
    sent = form_of(client.get(f"/accounts/{account_id}/plan"))
    client.post(f"/accounts/{account_id}/plan", data={**sent, "take": sent["take"][:1]})
    with app.app_context():
        return db.session.scalars(select(NextStep.id)).one()


def ended(app, step_id: int) -> tuple[date | None, date | None, str | None]:
    with app.app_context():
        step = db.session.get_one(NextStep, step_id)
        return step.done_on, step.dropped_on, step.dropped_because


def test_a_step_leads_to_its_page_from_everywhere_it_shows(app, account_id, step_id, visit):
    with app.app_context():
        person_id = db.session.get_one(NextStep, step_id).person_id
    client, link = visit("mia"), f'href="/next-steps/{step_id}"'
    for path in (f"accounts/{account_id}", f"accounts/{account_id}/outlook", f"people/{person_id}"):
        assert link in client.get(f"/{path}").text, path


def test_a_step_is_done_and_that_is_taken_back(app, account_id, step_id, visit):
    client, path = visit("mia"), f"/next-steps/{step_id}"
    assert "Wang has it" in text_of(client.get(path))
    assert send(client, path, f"{path}/done").status_code == 303
    assert ended(app, step_id) == (TODAY, None, None)
    assert "was met on" in text_of(client.get(path))
    assert path not in client.get(f"/accounts/{account_id}/outlook").text
    assert send(client, path, f"{path}/reopen").status_code == 303
    assert ended(app, step_id) == (None, None, None)
    assert path in client.get(f"/accounts/{account_id}/outlook").text


def test_a_step_is_dropped_with_the_reason(app, step_id, visit):
    client, path = visit("mia"), f"/next-steps/{step_id}"
    send(client, path, f"{path}/drop", because="he retires <soon>")
    assert ended(app, step_id) == (None, TODAY, "he retires <soon>")
    assert "he retires &lt;soon&gt;" in client.get(path).text
    assert "Why: he retires" in text_of(client.get(path))
    send(client, path, f"{path}/reopen")
    assert ended(app, step_id) == (None, None, None)


@pytest.mark.parametrize(
    ("act", "sent", "said"),
    [
        ("done", {"on": "soon"}, "is no date"),
        ("done", {"on": ""}, "Say on which day they met"),
        ("done", {"on": (TODAY + timedelta(days=1)).isoformat()}, "has not come"),
        ("done", {"on": "2001-01-01"}, "was planned on"),
        ("drop", {"because": " "}, "Say why"),
        ("reopen", {}, "open already"),
    ],
)
def test_a_step_is_not_ended_without_sense(app, step_id, visit, act, sent, said):
    client, path = visit("mia"), f"/next-steps/{step_id}"
    form = "done" if act == "reopen" else act  # of an open step there is none to reopen it
    data = filled_in(client.get(path).text, f"{path}/{form}", **sent)
    answer = client.post(f"{path}/{act}", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Done</button>" in answer.text
    assert ended(app, step_id) == (None, None, None)


def test_who_reads_sees_the_step_and_ends_nothing(app, account_id, step_id, visit):
    client, path = visit("ron"), f"/next-steps/{step_id}"
    assert "done, or drop" not in client.get(f"/accounts/{account_id}/outlook").text
    assert "done, or drop" in visit("mia").get(f"/accounts/{account_id}/outlook").text
    assert "<form" not in client.get(path).text.split("<main")[1].split("</main>")[0]
    assert client.post(f"{path}/done", data={"on": TODAY.isoformat()}).status_code == 403
    assert ended(app, step_id) == (None, None, None)


def test_a_step_the_plan_no_longer_asks_for_is_still_listed(app, account_id, visit):
    with app.app_context(), writing():
        account = db.session.get_one(Account, account_id)
        staff = db.session.scalars(select(Person).where(Person.name == "Lin 2")).one()
        for days in range(9):
            due_on = TODAY + timedelta(days=days)
            add_next_step(account, staff, day=TODAY, due_on=due_on)
    page = visit("ron").get(f"/accounts/{account_id}/outlook")
    assert "Taken over before, and not in the plan of today" in page.text
    assert len(set(re.findall(r"/next-steps/\d+", page.text))) == 9


def test_without_a_forecast_the_tab_says_how_to_get_one(app, visit):
    with app.app_context(), writing():
        number = structure.open_account("Empty", day=SINCE).id
        add_user("boss", role="manager", password=PASSWORD)
    page = visit("boss").get(f"/accounts/{number}/outlook")
    assert "No forecast yet" in page.text
    assert visit("boss").get(f"/accounts/{number}/outlook/short").status_code == 200


def test_the_page_of_a_person_says_how_long_and_how_to_get_there(app, account_id, visit):
    with app.app_context():
        lin = db.session.scalars(select(Person.id).where(Person.name == "Lin 0")).one()
        stranger = db.session.scalars(select(Person.id).where(Person.name == "Lin 1")).one()
    said = text_of(visit("ron").get(f"/people/{lin}"))
    assert re.search(r"gone within 365 days (under )?\d*[05] (to \d*[05] )?%", said)
    assert re.search(r"How to get there (step \d of the plan )?Wang then Lin 0", said)
    assert re.search(r"Wang then Lin 0 a (strong|fair|weak) way", said)
    assert "carries with" not in said
    assert "No warm chain leads there" in text_of(visit("ron").get(f"/people/{stranger}"))


def test_the_page_of_a_post_says_what_its_chance_rests_on(app, account_id, visit):
    page = visit("ron").get("/posts/1")
    assert 'id="outlook"' in page.text
    said = text_of(page)
    assert re.search(r"What may change Lin 0 gone within", said)
    assert re.search(r"gone within 365 days under \d*[05] %", said)  # two tenures: a band
    assert re.search(r"gone within 90 days under \d*[05] %", said)
