"""Of a person one sees the facts of accounts that one may read."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from relmap.facts.claims import add_claim
from relmap.facts.people import add_contact_point, add_person
from relmap.facts.structure import find_account, open_account, open_post, root_unit
from relmap.facts.tenures import end_tenure, start_tenure
from relmap.facts.ties import add_tie, end_tie
from relmap.facts.touches import add_touch
from relmap.facts.users import add_user, find_user, grant, revoke
from relmap.imports import import_snapshot, resolve_row
from relmap.languages import day
from relmap.models import Account, ImportRow, Person, Tenure, Tie, db, writing
from relmap.permissions import contact_points_open_to

DAY = date(2026, 1, 5)
TODAY = date.today()
SOON = TODAY + timedelta(days=40)
PRIVATE = ("li@sued.example", "--08-06", "tea, never coffee", "Sued Holding", "Nana", "Li Zong")


@pytest.fixture
def people(app, mia) -> dict[str, int]:
    """Al sits where mia may read, his friend Li where she may not; Wang of us knows both."""
    with app.app_context(), writing():
        north, south = (open_account(name, day=DAY) for name in ("Nordwerk", "Suedwerk"))
        made = {"al": add_person("Al Fox"), "wang": add_person("Wang Wei", side="us")}
        made["li"] = add_person(
            "Li Na",
            birthday="--08-06",
            preferences="tea, never coffee",
            affiliation="Sued Holding",
            nickname="Nana",
            address_as="Li Zong",
        )
        add_contact_point(made["li"], "mail", "li@sued.example")
        for person, account in ((made["al"], north), (made["li"], south)):
            start_tenure(person, open_post(root_unit(account), "Buyer", day=DAY), DAY)
            add_tie(made["wang"], person, observed_on=DAY, level="trusted_advisor")
            add_touch(DAY, "meal", [made["wang"], person], said=f"Ate with {person.name}.")
        add_tie(made["al"], made["li"], kind="friend", observed_on=DAY)
        grant(find_user(mia), north, "read")
        return {name: person.id for name, person in made.items()}


def test_a_friend_at_another_account_is_a_name_and_no_more(app, visit, mia, people):
    page = visit(mia).get(f"/people/{people['li']}").text
    assert "Li Na" in page
    assert "At no account that you may read" in page
    private = [word.replace("@", "@\u200b") for word in (*PRIVATE, "Suedwerk", "Ate with")]
    assert [word for word in private if word in page] == []


def test_who_may_read_the_account_sees_all(app, visit, mia, people):
    with app.app_context(), writing():
        find_user(mia).role = "manager"
    page = visit(mia).get(f"/people/{people['li']}").text
    shown = [word.replace("@", "@\u200b") for word in (*PRIVATE, "Suedwerk", "Ate with")]
    assert [word for word in shown if word not in page] == []


def test_whom_one_of_us_knows_elsewhere_is_not_told(app, visit, mia, people):
    page = visit(mia).get(f"/people/{people['wang']}").text
    assert "Al Fox" in page
    assert "Li Na" not in page


def test_somebody_at_no_account_is_open_to_who_reads_every_account(app, visit, mia, people):
    with app.app_context(), writing():
        find_user(mia).role = "manager"
        lone = add_person("Bo Wu", nickname="Bobo")
        number = lone.id
    assert "Bobo" in visit(mia).get(f"/people/{number}").text


def test_who_is_about_to_leave_is_still_in_post_with_the_day(app, visit, mia, people):
    with app.app_context(), writing():
        tenure = db.session.scalars(select(Tenure).where(Tenure.person_id == people["al"])).one()
        end_tenure(tenure, SOON, reason="retired")
        account_id = tenure.post.unit.account_id
    browser = visit(mia)
    page = browser.get(f"/people/{people['al']}").text
    head = page.partition('<div class="rm-sub">')[2].partition("</div>")[0]
    assert "Buyer" in head
    assert f"until {day(SOON)}" in head
    assert "No post today" not in page
    for part, name in (("grid", "Al Fox"), ("grid?as=table", "Al Fox"), ("people", "Al Fox")):
        page = browser.get(f"/accounts/{account_id}/{part}").text
        assert name in page
        assert f'rm-leaving">until {day(SOON, today=TODAY)}<' in page


def test_a_tie_that_will_end_stands_till_then_and_says_so(app, visit, mia, people):
    with app.app_context(), writing():
        tie = db.session.scalars(select(Tie).where(Tie.b_id == people["al"])).one()
        end_tie(tie, SOON)
    page = visit(mia).get(f"/people/{people['wang']}").text
    assert "trusted advisor" in page
    assert f'rm-leaving">until {day(SOON, today=TODAY)}<' in page
    assert "Wang Wei" in visit(mia).get(f"/people/{people['al']}").text


def test_a_tie_that_ended_is_no_relationship(app, visit, mia, people):
    with app.app_context(), writing():
        tie = db.session.scalars(select(Tie).where(Tie.b_id == people["al"])).one()
        end_tie(tie, TODAY)
    page = visit(mia).get(f"/people/{people['wang']}").text
    assert "no tie on record" in page
    assert "trusted advisor" not in page


def test_touches_are_told_where_nobody_judged_the_relationship(app, visit, mia, people):
    with app.app_context(), writing():
        tie = db.session.scalars(select(Tie).where(Tie.b_id == people["al"])).one()
        tie.level = "none"
        sue = add_person("Sue", side="us")
        add_touch(TODAY, "mail", [sue, db.session.get_one(Person, people["al"])], said="谈了预测。")
    page = visit(mia).get(f"/people/{people['al']}").text
    knowers = page.split('id="knowers"')[1].split("</section>")[0]
    assert "has met them" in knowers.split("Wang Wei")[1].split("</li>")[0]
    assert "has been in touch" in knowers.split("Sue")[1].split("</li>")[0]
    assert "no relationship" not in knowers
    assert '<div class="rm-break" lang="zh-Hans">谈了预测。</div>' in page


def test_of_several_ties_the_best_relationship_is_told(app, visit, mia, people):
    with app.app_context(), writing():
        wang, al = (db.session.get_one(Person, people[name]) for name in ("wang", "al"))
        add_tie(wang, al, kind="friend", observed_on=DAY, level="vendor")
    page = visit(mia).get(f"/people/{people['wang']}").text
    assert '"relationship">trusted advisor<' in page
    assert '"relationship">vendor' not in page


# --- somebody who moved


LATER = ("called at Suedwerk", "later@sued.example", "Sued mobile", "only jasmine")


@pytest.fixture
def moved(app, people) -> int:
    """Al went from Nordwerk, which mia may read, to Suedwerk, which she may not."""
    with app.app_context(), writing():
        al, wang = (db.session.get(Person, people[name]) for name in ("al", "wang"))
        south = db.session.scalar(select(Account).where(Account.name == "Suedwerk"))
        north = db.session.scalar(select(Account).where(Account.name == "Nordwerk"))
        held = db.session.scalar(select(Tenure).where(Tenure.person_id == al.id))
        end_tenure(held, DAY + timedelta(days=30), reason="left_company")
        went_on = DAY + timedelta(days=40)
        start_tenure(al, open_post(root_unit(south), "Director", day=DAY), went_on)
        add_touch(went_on, "call", [wang, al], said="called at Suedwerk")
        add_claim(al, "stance", "mentor", on=went_on, basis="seen", observer=wang)
        add_contact_point(al, "phone", "Sued mobile")
        add_contact_point(al, "mail", "early@nord.example", account=north)
        add_contact_point(al, "mail", "later@sued.example", account=south)
        al.preferences = "only jasmine"
        return al.id


def test_whoever_moved_is_shown_by_account_and_span(app, visit, mia, people, moved):
    page = visit(mia).get(f"/people/{moved}").text.replace("\u200b", "")
    assert "Ate with Al Fox." in page
    assert "early@nord.example" in page
    assert [word for word in (*LATER, "Suedwerk", "Director") if word in page] == []
    assert "called at" not in page
    assert visit(mia).get(f"/people/{people['wang']}").text.count("Al Fox") == 1


def test_the_new_account_sees_its_own_time(app, visit, mia, people, moved):
    with app.app_context(), writing():
        south = db.session.scalar(select(Account).where(Account.name == "Suedwerk"))
        north = db.session.scalar(select(Account).where(Account.name == "Nordwerk"))
        revoke(find_user(mia), north)
        grant(find_user(mia), south, "read")
    page = visit(mia).get(f"/people/{moved}").text.replace("\u200b", "")
    for word in ("called at Suedwerk", "later@sued.example", "Sued mobile", "only jasmine"):
        assert word in page
    assert [word for word in ("Ate with", "early@nord", "Nordwerk") if word in page] == []


def test_who_reads_both_sees_all_of_whoever_moved(app, visit, mia, people, moved):
    with app.app_context(), writing():
        find_user(mia).role = "manager"
    page = visit(mia).get(f"/people/{moved}").text.replace("\u200b", "")
    for word in ("Ate with", "called at Suedwerk", "early@nord", "later@sued", "only jasmine"):
        assert word in page


# --- ways to reach somebody, by the account whose list gave them

HEAD = "account,unit,post,person,external_id,mobile\n"


def listed(day: date, text: str) -> None:
    data = (HEAD + text).encode()
    import_snapshot(data, file_name=f"{day}.csv", day=day, yes=True, cap=10**6)


@pytest.fixture
def number(app, mia):
    """``number(*lists)``: what mia, who reads Nordwerk, and who reads Suedwerk see of Bo Wu."""

    def seen(*lists: str) -> list[set[str]]:
        with app.app_context():
            for at, text in enumerate(lists):
                listed(DAY + timedelta(days=100 * at), text)
            with writing():
                add_user("sam", role="member", password="seven boats in a row")
                for name, account in ((mia, "Nordwerk"), ("sam", "Suedwerk")):
                    grant(find_user(name), find_account(account), "read")
            bo = db.session.scalars(select(Person).where(Person.name == "Bo Wu")).one()
            users = map(find_user, (mia, "sam"))
            return [{row.value for row in contact_points_open_to(bo, user)} for user in users]

    return seen


@pytest.mark.postgresql
def test_a_number_that_both_lists_gave_is_of_both(number):
    lists = (
        "Nordwerk,Lab,Buyer,Bo Wu,bw,1234\nSuedwerk,Lab,Head,Di Ye,dy,\n",
        ("Nordwerk,Lab,Buyer,Al Fox,af,\nSuedwerk,Lab,Head,Bo Wu,bw,1234\n"),
    )
    assert number(*lists) == [{"1234"}, {"1234"}]


def test_who_is_at_both_is_reached_as_each_of_them_has_it(number):
    both = "Nordwerk,Lab,Buyer,Bo Wu,bw,1234\nSuedwerk,Lab,Head,Bo Wu,bw,5678\n"
    assert number(both) == [{"1234"}, {"5678"}]


def test_the_same_list_again_gives_no_number_twice(app, number):
    one = "Nordwerk,Lab,Buyer,Bo Wu,bw,12 34\nSuedwerk,Lab,Head,Di Ye,dy,\n"
    assert number(one, one.replace("12 34", "1234")) == [{"12 34"}, set()]


def test_a_row_that_waited_gives_what_its_account_has(app):
    twins = "Nordwerk,Lab,Head,Bo Wu,b1,\nNordwerk,Lab,Clerk,Bo Wu,b2,\n"
    with app.app_context():
        listed(DAY, f"{twins}Suedwerk,Lab,Head,Di Ye,dy,\n")
        bo = db.session.scalars(select(Person).where(Person.name == "Bo Wu")).first()
        with writing():
            for _ in range(2):
                add_contact_point(bo, "mobile", "1234", account=find_account("Suedwerk"))
        listed(TODAY, "Nordwerk,Lab,Chief,Bo Wu,,1234\n")
        row = db.session.scalars(select(ImportRow)).one()
        resolve_row(row.import_id, row.row, same=bo.id)
        given = [(row.value, row.account_id) for row in bo.contact_points]
        places = (find_account("Suedwerk"), find_account("Nordwerk"))
        assert given == [("1234", place.id) for place in places]
