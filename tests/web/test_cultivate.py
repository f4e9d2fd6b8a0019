"""Whom to cultivate, and what if somebody were gone, on the pages of an account."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from relmap.facts import claims, people, projects, structure, tenures, ties
from relmap.facts.users import add_user, grant
from relmap.hub.engine import InProcess
from relmap.jobs import sweep
from relmap.models import Account, Person, Post, Unit, db, writing
from relmap.results.runs import forecasting

TODAY = date.today()
SINCE = TODAY - timedelta(days=2000)
PER_REQUEST = re.compile(
    r'nonce="[^"]*"|name="csrf_token" value="[^"]*"|name="csrf-token" content="[^"]*"'
)


def fill() -> int:
    """Wang knows Fang, who is a friend of director Lin; Sofia knows Chen, a director herself."""
    account = structure.open_account("Nordwerk", day=SINCE, rotation_months=36)
    root = structure.root_unit(account)
    lab = structure.open_unit(account, "Laboratory", day=SINCE, parent=root)
    ours = {name: people.add_person(name, side="us") for name in ("Wang", "Sofia")}
    structure.change_account(account, {"owner_id": ours["Wang"].id})
    theirs, posts = {}, {}
    for name, title, level, unit in (
        ("Lin", "Purchasing director", "director", root),
        ("Chen", "Laboratory director", "director", lab),
        ("Fang", "Buyer", "staff", root),
        ("Deng", "Deputy laboratory director", "lead", lab),
    ):
        function = "rnd" if unit is lab else "purchasing"
        posts[name] = structure.open_post(unit, title, day=SINCE, level=level, function=function)
        theirs[name] = people.add_person(name)
        tenures.start_tenure(theirs[name], posts[name], SINCE)
    structure.report_to(posts["Deng"], posts["Chen"])
    structure.open_post(root, "Head of quality", day=SINCE, level="director", function="quality")
    ties.add_tie(ours["Wang"], theirs["Fang"], observed_on=TODAY, level="trusted_advisor")
    ties.add_tie(theirs["Fang"], theirs["Lin"], observed_on=TODAY, kind="friend")
    ties.add_tie(ours["Sofia"], theirs["Chen"], observed_on=TODAY, level="problem_solver")
    return account.id


def write_book() -> int:
    with writing():
        found = fill()
        for name, right in (("mia", "read"), ("ann", "write")):
            user = add_user(name, role="member", password="seven boats in a row")
            grant(user, db.session.get_one(Account, found), right)
    forecasting.forecast(found, TODAY, today=TODAY)
    return found


@pytest.fixture
def account_id(filled) -> int:
    return filled(write_book)


@pytest.fixture
def read(account_id, visit):
    """``read("cultivate?visits=2")`` is the page, its nonce left out."""
    client = visit("mia")

    def get(path: str) -> str:
        answer = client.get(f"/accounts/{account_id}/{path}")
        assert answer.status_code == 200
        return PER_REQUEST.sub("", answer.text)

    return get


@pytest.fixture
def number(app):
    """``number("Lin")`` is a person's id."""

    def find(name: str) -> int:
        with app.app_context():
            return db.session.scalars(select(Person.id).where(Person.name == name)).one()

    return find


def said(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_the_plan_says_whom_to_meet_by_whom_how_and_why(read):
    page = said(read("cultivate"))
    assert "The plan: 6 visits" in page
    assert "Wang Fang Lin" in page
    assert "Lin holds Purchasing director ," in page
    assert "with one visit less" in page
    assert "Only about one successor in four was known" in page


def test_the_table_has_every_deciding_post_with_its_ring_and_its_successors(read):
    page = read("cultivate")
    assert page.count('<th scope="row">') == 3
    assert re.search(r'tabindex="0" role="img" aria-label="[^"]*% chance of a change in 180', page)
    assert "tenure" in said(page)
    assert "Deng" in said(page)
    assert "we do not know who" in said(page)


def test_more_visits_are_worth_more_and_the_control_says_how_many(read):
    worth = [float(re.search(r"→ ([\d.]+)", read(f"cultivate?visits={n}"))[1]) for n in (0, 1, 9)]
    assert worth == sorted(worth)
    assert "visits=4" not in read("cultivate?visits=4").split("One visit less")[0].split("form")[-1]
    assert "No visit is planned" in read("cultivate?visits=0")


@pytest.mark.parametrize(
    "asked",
    ["visits=-1", "visits=many", "visits=99999999", "without=x", "without=999", "unit=77",
     "horizon=1", "posts=0", "function=%3Cb%3E", "without=", "unit=1e3"],
)  # fmt: skip
def test_what_makes_no_sense_is_passed_over(read, asked):
    assert "Whom to cultivate" in read(f"cultivate?{asked}")
    assert "Who would be gone tomorrow?" in read(f"what-if?{asked}")


def test_a_horizon_changes_the_chances(read):
    assert "Change in 365 days" in said(read("cultivate?horizon=365"))
    assert read("cultivate/map.json?horizon=90") != read("cultivate/map.json?horizon=365")


def test_without_the_one_who_introduces_the_step_has_no_way_left(read, number):
    page = said(read(f"cultivate?without={number('Fang')}"))
    assert "What if Fang leaves" in page
    assert "no way left without Fang" in page
    assert re.search(r"People we truly know \d → \d −1", page)


def test_the_end_of_a_what_if_is_the_page_as_it_was(read, number):
    before = read("cultivate?visits=3"), read("what-if"), read("cultivate/map.json")
    page = read(f"cultivate?visits=3&without={number('Fang')}&without={number('Wang')}")
    end = re.search(r'href="/accounts/\d+/([^"]*)"[^>]*>(?:(?!</a>).)*End</a>', page)[1]
    assert read(end.replace("&amp;", "&")) == before[0]
    read(f"what-if?without={number('Lin')}")
    assert (read("cultivate?visits=3"), read("what-if"), read("cultivate/map.json")) == before


def test_putting_somebody_back_leaves_the_others_away(read, number):
    fang, lin = number("Fang"), number("Lin")
    page = read(f"what-if?without={fang}&without={lin}")
    assert f'what-if?without={lin}">' in page
    assert f'what-if?without={fang}">' in page


def test_one_of_ours_may_be_taken_away(read, number):
    page = said(read(f"what-if?without={number('Wang')}"))
    assert "Purchasing director : hangs on" in page
    assert "no warm way left" in page
    assert "Step 1" in page


def test_a_post_whose_only_way_goes_is_no_longer_reached(read, number):
    fang = number("Fang")
    page = said(read(f"what-if?without={fang}"))
    lost = "Purchasing director : hangs on Fang → no warm way left"
    assert f"No longer reached: 1 deciding post {lost}" in page
    assert "Hanging on fewer people: none" in page
    for path in ("cultivate", "what-if"):
        banner = read(f"{path}?without={fang}").split('class="rm-whatif"')[1].split("</section>")[0]
        assert "No longer reached Purchasing director" in said(banner), path


def test_what_is_lost_is_the_difference_of_what_is_shown(read, number):
    for name in ("Chen", "Fang", "Wang", "Sofia"):
        page = read(f"what-if?without={number(name)}&without={number('Deng')}")
        rows = re.findall(r"(\d+\.\d) (\d+\.\d) \u2212(\d+\.\d)", said(page))
        assert rows, name
        for before, after, lost in rows:
            assert f"{float(before) - float(after):.1f}" == lost


def test_a_wave_names_who_goes_besides(app, read, number):
    with app.app_context():
        lab = db.session.scalars(select(Unit.id).where(Unit.name == "Laboratory")).one()
    asked = f"what-if?unit={lab}&without={number('Fang')}&without={number('Chen')}"
    assert "a wave in Laboratory : 2 people; besides, Fang leaves" in said(read(asked))


def test_a_whole_unit_may_leave_in_a_wave(app, read):
    with app.app_context():
        lab = db.session.scalars(select(Unit.id).where(Unit.name == "Laboratory")).one()
    page = said(read(f"what-if?unit={lab}"))
    assert "a wave in Laboratory : 2 people" in page
    reached = "Laboratory director : hangs on Sofia → nobody sits there"
    assert f"No longer reached: 1 deciding post {reached}" in page
    assert "No holder known any more: 1 deciding post Laboratory director : no holder" in page
    assert "Coverage of R&amp;D" in page


def test_a_project_that_hangs_on_who_goes_is_exposed(app, account_id, read, number):
    with app.app_context(), writing():
        account = db.session.get_one(Account, account_id)
        found = select(Post).where(Post.title == "Purchasing director")
        project = projects.open_project(account, "Socket", value=4e5, currency="EUR")
        projects.decide_by(project, db.session.scalars(found).one())
    page = said(read(f"what-if?without={number('Fang')}"))
    assert "Projects exposed: 1 Socket 400 k EUR: hangs on Fang → reached no more" in page


def test_a_loss_is_never_a_gain(read, number):
    for name in ("Lin", "Chen", "Fang", "Deng", "Wang", "Sofia"):
        page = read(f"what-if?without={number(name)}")
        assert 'rm-loss">+' not in page, name


def test_the_map_marks_who_is_gone_and_leads_to_the_what_if(account_id, visit, number):
    client = visit("mia")
    address = f"/accounts/{account_id}/cultivate/map.json"
    fang = number("Fang")
    before = client.get(address).json
    after = client.get(f"{address}?without={fang}").json
    card = next(node for node in before["nodes"] if node["name"] == "Fang")
    ghost = next(node for node in after["nodes"] if node["name"] == "Fang")
    assert (card["gone"], ghost["gone"]) == (False, True)
    assert card["href"].endswith(f"/cultivate?without={fang}")
    assert ghost["href"].endswith("/cultivate")
    lost = [edge["lost"] for edge in after["edges"] if edge["kind"] == "plan"]
    assert any(lost)
    lin = next(node for node in after["nodes"] if node["name"] == "Lin" and node.get("post"))
    assert lin["meta"] == "no warm way left"
    assert "no warm way left" in lin["says"]
    assert "no warm way left" not in str(before["nodes"])
    assert not any(edge["lost"] for edge in before["edges"])


def test_without_a_forecast_the_page_says_what_will_be_here(app, visit):
    with app.app_context(), writing():
        found = fill()
        user = add_user("mia", role="member", password="seven boats in a row")
        grant(user, db.session.get_one(Account, found), "read")
    page = said(visit("mia").get(f"/accounts/{found}/cultivate").text)
    assert "No forecast yet" in page
    assert "look again in a while" in page
    assert "relmap forecast" not in page
    assert "no plan to lose" in said(visit("mia").get(f"/accounts/{found}/what-if?without=3").text)


def test_where_nobody_is_on_record_the_seats_are_drawn_and_asked_for(app, visit):
    with app.app_context():
        with writing():
            account = structure.open_account("Blank", day=SINCE)
            root = structure.root_unit(account)
            structure.open_post(root, "Head of quality", day=SINCE, level="director")
            structure.open_post(root, "Head of sales", day=SINCE, level="director", vacant=True)
            grant(add_user("mia", role="member", password="seven boats in a row"), account, "read")
            found = account.id
        forecasting.forecast(found, TODAY, today=TODAY)
    client = visit("mia")
    page = said(client.get(f"/accounts/{found}/cultivate").text)
    assert "No forecast" not in page
    assert "Nobody is on record in any of the 2 deciding posts" in page
    assert "we do not know who: find out who sits there" in page
    assert "vacant: find out who comes" in page
    nodes = client.get(f"/accounts/{found}/cultivate/map.json").json["nodes"]
    cards = {node["name"]: node for node in nodes if node["kind"] != "outside"}
    assert cards["Who?"]["meta"] == "find out who sits there"
    assert cards["Vacant"]["meta"] == "find out who comes"
    assert cards["Who?"]["href"].startswith("/posts/")


def test_posts_likely_to_change_that_are_in_no_step_say_why(app, account_id, read):
    assert "yet in no step" not in read("cultivate")
    with app.app_context():
        with writing():
            root = structure.root_unit(db.session.get_one(Account, account_id))
            post = structure.open_post(root, "Head of sales", day=SINCE, level="director")
            tenure = tenures.start_tenure(people.add_person("Gao"), post, SINCE)
            tenures.end_tenure(tenure, TODAY + timedelta(days=30), reason="retired")
        forecasting.forecast(account_id, TODAY, today=TODAY)
    page = said(read("cultivate?visits=1"))
    assert "Likely to change, yet in no step: Head of sales . Why: nobody we know of" in page


def test_an_account_without_seats_says_what_it_needs(app, visit):
    with app.app_context(), writing():
        account = structure.open_account("Empty", day=SINCE)
        user = add_user("mia", role="member", password="seven boats in a row")
        grant(user, account, "read")
        found = account.id
    for path, needs in (("cultivate", "It needs seats"), ("what-if", "It needs people in posts")):
        assert needs in said(visit("mia").get(f"/accounts/{found}/{path}").text)


def test_the_question_of_the_map_leads_here(account_id, visit):
    answer = visit("mia").get(f"/accounts/{account_id}/map?question=cultivate")
    assert answer.status_code == 302
    assert answer.location == f"/accounts/{account_id}/cultivate"


# --- the scores


def test_the_scores_of_a_what_if_are_asked_for_and_worked_off_beside_the_pages(
    app, account_id, visit, number
):
    client, address = visit("ann"), f"/accounts/{account_id}/what-if/scores"
    asked = f"{address}?without={number('Fang')}&without={number('Chen')}"
    assert "Work out the scores" in client.get(asked).text
    assert client.post(asked).status_code == 303
    assert "The rules run beside the pages" in client.get(asked).text
    assert client.post(asked).status_code == 303
    with app.app_context():
        done = sweep(TODAY, runner=InProcess())
        assert len(done.supposed) == 1
        assert sweep(TODAY, runner=InProcess()).supposed == []
    page = said(client.get(asked, headers={"HX-Request": "true"}).text)
    total = re.search(r"Total (\d+) → (\d+)", page)
    assert int(total[2]) < int(total[1])
    assert "Breadth" in page


def test_scores_worked_off_before_a_change_are_asked_for_anew(app, account_id, visit, number):
    client, fang, wang = visit("ann"), number("Fang"), number("Wang")
    asked = f"/accounts/{account_id}/what-if/scores?without={fang}"
    client.post(asked)
    with app.app_context():
        sweep(TODAY, runner=InProcess())
        with writing():
            claims.add_claim(
                db.session.get_one(Person, fang),
                "stance",
                "neutral",
                on=TODAY,
                basis="told",
                observer=db.session.get_one(Person, wang),
            )
    assert "Work out the scores" in client.get(asked).text


def test_who_may_only_read_may_not_have_rules_run(account_id, visit, number):
    client = visit("mia")
    asked = f"/accounts/{account_id}/what-if/scores?without={number('Fang')}"
    assert "Work out the scores" not in client.get(asked).text
    assert client.post(asked).status_code == 403


def test_nobody_taken_away_is_nothing_to_ask(account_id, visit):
    answer = visit("ann").post(f"/accounts/{account_id}/what-if/scores")
    assert answer.status_code == 422
    assert "Nobody is taken away" in answer.text
