"""Lists of ties, touches and tenures become facts: once, whole, and by nobody overruled."""

from contextlib import suppress
from datetime import date

import pytest
from sqlalchemy import func, select

from relmap import graph
from relmap.errors import Refused
from relmap.facts import people, structure, tenures, ties
from relmap.imports import undo_import
from relmap.imports.history import import_tenures, import_ties, import_touches
from relmap.languages import tell
from relmap.models import (
    Account,
    Change,
    Contact,
    ExternalId,
    Import,
    Person,
    PersonName,
    Post,
    Tenure,
    Tie,
    Touch,
    TouchPerson,
    Unit,
    db,
    writing,
)

D = date
TODAY = D(2026, 7, 1)


@pytest.fixture
def book(app):
    """An empty book, inside an app context."""
    with app.app_context():
        yield


def write_jingfeng() -> int:
    with writing():
        account = structure.open_account("Jingfeng", day=D(2025, 1, 1))
        unit = structure.open_unit(account, "Purchasing", day=D(2025, 1, 1))
        post = structure.open_post(unit, "Director", day=D(2025, 1, 1))
        chen = people.add_person("陈怡", nickname="小怡", address_as="陈总")
        people.add_external_id(chen, "mail", "chen@jf.cn")
        tenures.start_tenure(chen, post, D(2025, 3, 1))
        people.add_contact(people.add_person("王芳"), account, day=D(2025, 1, 1))
        people.add_person("Ma Li", side="us")
        return account.id


@pytest.fixture
def jingfeng(book, filled) -> Account:
    """One account where 陈怡 leads purchasing and 王芳 is known without a post."""
    return db.session.get_one(Account, filled(write_jingfeng))


def ties_of(text, **options):
    return import_ties(text.encode(), file_name="ties.csv", **{"on": TODAY, **options})


def touches_of(text, **options):
    return import_touches(text.encode(), file_name="touches.csv", **options)


def tenures_of(text, **options):
    return import_tenures(text.encode(), file_name="tenures.csv", **options)


def refusal(read, text, **options):
    before = everything()
    with pytest.raises(Refused) as caught:
        read(text, **options)
    assert everything() == before
    return caught.value


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def everything():
    """How many rows each table has; a report that wrote nothing leaves them as they are."""
    return {mapper.class_.__name__: count(mapper.class_) for mapper in Person.registry.mappers}


def revision():
    db.session.rollback()
    return db.session.scalar(select(Account.revision).where(Account.name == "Jingfeng"))


# --- ties


@pytest.mark.postgresql
def test_a_tie_joins_one_of_us_with_one_of_them(jingfeng):
    before = revision()
    report = ties_of("from,to,level,starts_on\nMa Li,陳怡,3,2025-04\n", account="Jingfeng")
    tie = db.session.scalars(select(Tie)).one()
    assert (tie.a.name, tie.b.name) == ("Ma Li", "陈怡")
    assert (tie.kind, tie.level, tie.sign) == ("knows", "problem_solver", 1)
    assert (tie.starts_on, tie.observed_on) == (D(2025, 4, 1), TODAY)
    assert (tie.import_id, report.status) == (report.import_id, "applied")
    assert revision() > before


@pytest.mark.postgresql
def test_the_same_ties_again_add_nothing(jingfeng):
    text = "from,to,level\nMa Li,陈怡,3\nMa Li,王芳,1\n"
    ties_of(text)
    before = everything()
    again = ties_of(text, on=D(2026, 9, 1))
    assert (again.import_id, again.counts["unchanged"]) == (None, 2)
    assert everything() == before


def test_one_of_us_whom_nobody_knows_is_made(jingfeng):
    ties_of("ours,theirs\nNew Seller,陈怡\nNew Seller,王芳\n")
    assert db.session.scalars(select(Person.name).where(Person.side == "us")).all() == [
        "Ma Li",
        "New Seller",
    ]


@pytest.mark.postgresql
@pytest.mark.parametrize("name", ["小怡", "陈总", "mail:CHEN@jf.cn", "chen@jf.cn", "陈 怡", "陳怡"])
def test_theirs_are_found_by_many_names_and_ids(jingfeng, name):
    ties_of(f"from,to\nMa Li,{name}\n", account="jingfeng")
    assert db.session.scalars(select(Tie)).one().b.name == "陈怡"


def test_theirs_whom_nobody_knows_are_refused_or_made_contacts(jingfeng):
    text = "from,to\nMa Li,陈怡\nMa Li,Nobody\n"
    error = refusal(ties_of, text, account="Jingfeng")
    assert (error.row, error.column) == (3, "to")
    assert "--create-people" in str(error)
    ties_of(text, account="Jingfeng", create_people=True)
    contact = db.session.scalars(select(Contact).order_by(Contact.id.desc())).first()
    assert (contact.person.name, contact.account.name) == ("Nobody", "Jingfeng")
    assert contact.starts_on == TODAY


def test_an_unknown_account_is_refused(jingfeng):
    error = refusal(ties_of, "from,to,account\nMa Li,陈怡,Huawei\n")
    assert (error.row, error.column) == (2, "account")


def test_a_name_that_means_two_people_is_refused(jingfeng):
    with writing():
        account = structure.find_account("Jingfeng")
        people.add_contact(people.add_person("陈怡"), account, day=D(2025, 1, 1))
    error = refusal(ties_of, "from,to\nMa Li,陈怡\n", account="Jingfeng")
    first, second = db.session.scalars(select(Person).where(Person.name == "陈怡")).all()
    assert f"person:{first.id} (Director, Purchasing, Jingfeng; mail:chen@jf.cn)" in str(error)
    assert f"person:{second.id} (Jingfeng)" in str(error)

    ties_of(f"from,to\nMa Li,person:{second.id}\n", account="Jingfeng")
    assert db.session.scalars(select(Tie)).one().b is second


@pytest.mark.postgresql
def test_a_history_says_which_of_two_people_by_the_id_it_was_refused_with(jingfeng):
    with writing():
        account = structure.find_account("Jingfeng")
        people.add_contact(people.add_person("陈怡"), account, day=D(2025, 1, 1))
    history = "unit,post,person,starts_on,ends_on\nLab,Head,{},2020-01-01,2021-01-01\n"
    error = refusal(tenures_of, history.format("陈怡"), account="Jingfeng")
    number = db.session.scalars(select(Person.id).where(Person.name == "陈怡")).all()[-1]
    assert f"person:{number} (Jingfeng)" in str(error)

    tenures_of(history.format(f"person:{number}"), account="Jingfeng")
    told = select(Tenure.person_id).join(Post).where(Post.title == "Head")
    assert db.session.scalars(told).one() == number
    assert count(PersonName) == 0


def test_two_of_us_by_one_name_are_told_apart_by_their_ids(jingfeng):
    with writing():
        other = people.add_person("Ma Li", side="us")
    error = refusal(ties_of, "from,to\nMa Li,陈怡\n", account="Jingfeng")
    assert f"person:{other.id} (one of us)" in str(error)
    ties_of(f"from,to\nperson:{other.id},陈怡\n", account="Jingfeng")
    assert db.session.scalars(select(Tie)).one().a is other


@pytest.mark.postgresql
def test_a_new_level_ends_the_old_judgement(jingfeng):
    header = "from,to,level,observed_on\n"
    ties_of(f"{header}Ma Li,陈怡,1,2025-05-01\n")
    report = ties_of(f"{header}Ma Li,陈怡,3,2026-05-01\n")
    assert report.counts["tie_judged"] == 1
    found = db.session.execute(select(Tie.level, Tie.ends_on).order_by(Tie.id)).all()
    assert found == [("vendor", D(2026, 5, 1)), ("problem_solver", None)]
    older = ties_of(f"{header}Ma Li,陈怡,0,2025-04-01\n")
    assert (older.import_id, count(Tie)) == (None, 2)


def test_a_tie_that_somebody_ended_stays_ended(jingfeng):
    ties_of("from,to\nMa Li,陈怡\n", on=D(2026, 1, 1))
    with writing():
        ties.end_tie(db.session.scalars(select(Tie)).one(), D(2026, 2, 1))
    assert ties_of("from,to\nMa Li,陈怡\n").import_id is None


def test_ties_among_theirs_have_a_direction_where_their_kind_has(jingfeng):
    text = (
        "from,to,kind\n陈怡,王芳,advises\n王芳,陈怡,advises\n陈怡,王芳,friend\n王芳,陈怡,friend\n"
    )
    report = ties_of(text, among_client=True)
    assert report.counts["tie_added"] == 3
    assert {"row": 5, "text": "Row 5 repeats row 4."} in report.to_json()["notes"]


def test_rows_that_contradict_each_other_are_refused(jingfeng):
    assert refusal(ties_of, "from,to,level\nMa Li,陈怡,1\nMa Li,陈怡,2\n").row == 3


# --- touches


TOUCHES = (
    "day,kind,ours,theirs,summary\n"
    "2026-06-01,拜访,Ma Li,陈怡、王芳,price\n"
    "2026-06-01,拜访,Ma Li,陈怡、王芳,price\n"
    "2026-06-08,电话,Ma Li;Zhao,陈怡,\n"
)


@pytest.mark.postgresql
def test_touches_join_both_sides(jingfeng):
    report = touches_of(TOUCHES, account="Jingfeng")
    assert report.counts == {"rows": 3, "touch_added": 2, "unchanged": 1, "people_added": 1}
    visit = db.session.scalars(select(Touch).where(Touch.kind == "visit")).one()
    assert sorted(row.person.name for row in visit.people) == ["Ma Li", "王芳", "陈怡"]
    assert (visit.said, visit.import_id) == ("price", report.import_id)


@pytest.mark.postgresql
def test_the_same_touches_again_add_nothing(jingfeng):
    touches_of(TOUCHES)
    before = everything()
    assert touches_of(TOUCHES).import_id is None
    assert everything() == before


def test_touches_alike_but_for_their_own_ids_are_two(jingfeng):
    text = "day,kind,ours,theirs,external_id\n" + "".join(
        f"2026-06-01,call,Ma Li,陈怡,{own_id}\n" for own_id in ("T-1", "T-2", "T-1")
    )
    assert touches_of(text).counts["touch_added"] == 2
    assert touches_of(text).import_id is None


def test_an_id_in_a_touch_may_be_the_persons(jingfeng):
    touches_of("day,kind,ours,theirs,external_id\n2026-06-01,call,Ma Li,Dr Chen,mail:chen@jf.cn\n")
    theirs = select(Person.name).join(TouchPerson).where(Person.side == "client")
    assert db.session.scalars(theirs).all() == ["陈怡"]


def test_touches_with_people_nobody_knows(jingfeng):
    text = "day,kind,ours,theirs\n2026-06-08,call,Ma Li,Nobody\n2026-06-01,call,Ma Li,Nobody\n"
    error = refusal(touches_of, text, account="Jingfeng")
    assert (error.row, error.column) == (2, "theirs")
    assert refusal(touches_of, text, create_people=True).column == "theirs"  # of which account?
    touches_of(text, account="Jingfeng", create_people=True)
    contact = db.session.scalars(select(Contact).order_by(Contact.id.desc())).first()
    assert (contact.person.name, contact.starts_on) == ("Nobody", D(2026, 6, 1))
    assert touches_of(text, account="Jingfeng", create_people=True).import_id is None


# --- tenures

HISTORY = (
    "unit,parent_unit,post,person,external_id,starts_on,ends_on,start_known,end_reason\n"
    "Sourcing,Supply Chain,Head,Li Ting,li,2019-01-01,2021-05-01,no,\n"
    "Sourcing,Supply Chain,Head,Wu Gang,wu,2021-05-01,2024-02,yes,retired\n"
    "Sourcing,Supply Chain,Head,Zhao Min,,2024-03-01,,yes,\n"
    "Supply Chain,,VP,Ting Li,LI,2021-05-10,,yes,\n"
    "Sourcing,Supply Chain,采购员,A,,2020,,yes,\n"
    "Sourcing,Supply Chain,采购员,B,,2020-06,2022,yes,\n"
)


@pytest.mark.postgresql
def test_a_history_opens_what_is_missing(book):
    report = tenures_of(HISTORY, account="Jingfeng")
    assert report.counts == {
        "rows": 6,
        "tenure_added": 6,
        "tenure_changed": 0,
        "unchanged": 0,
        "accounts_opened": 1,
        "units_opened": 2,
        "posts_opened": 3,
        "people_added": 5,
    }
    sourcing = db.session.scalars(select(Unit).where(Unit.name == "Sourcing")).one()
    assert (sourcing.parent.name, sourcing.starts_on) == ("Supply Chain", D(2019, 1, 1))
    assert sourcing.parent.parent.is_root
    assert sourcing.parent.parent.starts_on == D(2019, 1, 1)
    buyer = db.session.scalars(select(Post).where(Post.title == "采购员")).one()
    assert (buyer.seats, buyer.level, buyer.function) == (2, "staff", "purchasing")
    head = db.session.scalars(select(Post).where(Post.title == "Head")).one()
    assert (head.seats, head.function) == (1, "purchasing")  # by its unit's name


def test_starts_and_ends_are_kept_as_well_as_they_are_known(book):
    tenures_of(HISTORY, account="Jingfeng")
    columns = (Tenure.starts_after, Tenure.starts_on, Tenure.ends_after, Tenure.ends_on)
    query = select(*columns, Tenure.end_reason, Tenure.basis).join(Person)
    li, vp = db.session.execute(query.where(Person.name == "Li Ting").order_by(Tenure.starts_on))
    assert li == (None, D(2019, 1, 1), D(2021, 4, 30), D(2021, 5, 1), "promoted", "history")
    assert vp.starts_after == D(2021, 5, 9)
    wu = db.session.execute(query.where(Person.name == "Wu Gang")).one()
    assert wu[2:5] == (D(2024, 1, 31), D(2024, 2, 29), "retired")


@pytest.mark.postgresql
def test_the_same_history_again_adds_nothing(book):
    tenures_of(HISTORY, account="Jingfeng")
    before = everything()
    again = tenures_of(HISTORY, account="jingfeng")
    assert (again.import_id, again.counts["unchanged"]) == (None, 6)
    assert everything() == before


def test_a_dry_run_says_all_and_writes_nothing(book):
    before = everything()
    report = tenures_of(HISTORY, account="Jingfeng", dry_run=True)
    assert (report.status, report.import_id, report.counts["tenure_added"]) == ("dry_run", None, 6)
    assert everything() == before
    assert report.to_json()["changes"][0]["person"] == "Li Ting"


def test_an_import_keeps_its_cells_and_one_line_in_the_log(book):
    report = tenures_of(HISTORY, account="Jingfeng")
    stored = db.session.scalars(select(Import)).one()
    assert (stored.id, stored.kind, stored.status) == (report.import_id, "tenures", "applied")
    assert stored.table["records"][0][0] == 2
    assert stored.account_ids == [db.session.scalar(select(Account.id))]
    assert db.session.scalars(select(Change.verb)).all() == ["import_tenures"]
    made = (Account, Unit, Post, Person, Tenure)
    assert {row.import_id for model in made for row in db.session.scalars(select(model))} == {
        stored.id
    }


def test_the_view_of_a_past_day_shows_who_sat_there(book):
    tenures_of(HISTORY, account="Jingfeng")
    view = graph.view(db.session.scalar(select(Account.id)), D(2022, 1, 1))
    names = {row.ref: row.name for row in view.people}
    assert sorted(names[row.person] for row in view.open_tenures) == [
        *("A", "B", "Li Ting", "Wu Gang")
    ]


@pytest.mark.postgresql
def test_a_history_fills_in_what_is_on_file(jingfeng):
    text = "unit,post,person,starts_on,ends_on,end_reason\nPurchasing,Director,陳怡,{}\n"
    known = tenures_of(text.format("2025-03-01,2026-05-04,轮岗"), account="Jingfeng")
    assert known.counts["tenure_changed"] == 1
    tenure = db.session.scalars(select(Tenure)).one()
    assert (tenure.ends_on, tenure.end_reason) == (D(2026, 5, 4), "moved_inside")
    assert (tenure.end_import_id, tenure.basis) == (known.import_id, "entered")
    change = db.session.scalars(select(Change).where(Change.verb == "end_tenure")).one()
    assert change.before["ends_on"] is None
    assert change.import_id == known.import_id


def test_a_start_entered_by_hand_is_not_overruled(jingfeng):
    text = "unit,post,person,starts_on\nPurchasing,Director,陈怡,2024-01-01\n"
    report = tenures_of(text, account="Jingfeng")
    assert db.session.scalars(select(Tenure)).one().starts_on == D(2025, 3, 1)
    assert any("that stays" in str(note.message) for note in report.notes)


@pytest.mark.postgresql
def test_a_start_nobody_knew_is_learnt(jingfeng):
    with writing():
        tenures.correct_start(
            db.session.scalars(select(Tenure)).one(), D(2025, 3, 1), start_known=False
        )
    text = "unit,post,person,starts_on\nPurchasing,Director,陈怡,2023-04-01\n"
    tenures_of(text, account="Jingfeng")
    tenure = db.session.scalars(select(Tenure)).one()
    assert (tenure.starts_after, tenure.starts_on) == (D(2023, 3, 31), D(2023, 4, 1))
    assert tenure.post.starts_on == D(2023, 4, 1)
    assert tenure.post.unit.starts_on == D(2023, 4, 1)


def test_a_predecessor_takes_no_seat_from_the_holder(jingfeng):
    text = "unit,post,person,starts_on,ends_on\nPurchasing,Director,Old Wu,2024-01-01,2025-03-01\n"
    tenures_of(text, account="Jingfeng")
    assert db.session.scalars(select(Post)).one().seats == 1
    again = text.replace("2025-03-01", "2025-04-01").replace("Old Wu", "Older Wu")
    tenures_of(again, account="Jingfeng")
    assert db.session.scalars(select(Post)).one().seats == 3 - 1  # two at once at most


def test_a_contact_gets_a_post(jingfeng):
    tenures_of("unit,post,person,starts_on\nPurchasing,Buyer,王芳,2026-01-01\n", account="Jingfeng")
    contact = db.session.scalars(select(Contact)).one()
    assert contact.ends_on == D(2026, 1, 1)
    assert count(Person) == 3


def test_namesakes_are_parted_by_their_ids(book):
    header = "post,person,external_id,starts_on\n"
    tenures_of(f"{header}CEO,Li,staff_number:1,2020\nCFO,Li,staff_number:2,2020\n", account="A")
    assert count(Person) == 2
    scope = db.session.scalars(select(ExternalId.scope_id).distinct()).one()
    assert scope == db.session.scalar(select(Account.id))
    error = refusal(tenures_of, f"{header}COO,Li,,2020\n", account="A")
    assert (error.row, error.column) == (2, "person")


def test_another_spelling_is_kept_and_found(book):
    header = "post,person,external_id,starts_on,ends_on\n"
    tenures_of(f"{header}CEO,王小明,x,2020,2021\nCFO,Wang Xiaoming,x,2021-06,\n", account="A")
    person = db.session.scalars(select(Person)).one()
    assert [row.name for row in person.other_names] == ["Wang Xiaoming"]
    assert "wang xiaoming" in person.search_text


def test_an_id_of_several_people_is_not_taken(book):
    header = "post,person,email,starts_on\n"
    report = tenures_of(f"{header}CEO,Li Ting,hq@a.cn,2020\nCFO,Zhao,hq@a.cn,2020\n", account="A")
    assert (count(Person), count(ExternalId)) == (2, 0)
    assert any("rows 2, 3 stands by unlike names" in str(note.message) for note in report.notes)


def test_overlapping_rows_of_one_person_are_refused(book):
    header = "post,person,starts_on,ends_on\n"
    text = f"{header}CEO,Li,2020-01-01,2022-01-01\nCEO,Li,2021-01-01,\n"
    assert refusal(tenures_of, text, account="A").row == 3


def test_acting_then_confirmed_is_no_departure(book):
    header = "post,person,acting,starts_on,ends_on\n"
    text = f"{header}CEO,Li,yes,2020-01-01,2020-07-01\nCEO,Li,no,2020-07-01,\n"
    tenures_of(text, account="A")
    reasons = select(Tenure.acting, Tenure.end_reason).order_by(Tenure.starts_on)
    assert db.session.execute(reasons).all() == [(True, "acting_ended"), (False, None)]


def test_who_leaves_for_another_account_left_the_company(book):
    text = (
        "account,post,person,external_id,starts_on,ends_on\n"
        "A,CEO,Li,x,2020-01-01,2021-01-01\nB,CEO,Li,x,2021-02-01,\n"
    )
    tenures_of(text)
    reasons = select(Tenure.end_reason).order_by(Tenure.starts_on)
    assert db.session.scalars(reasons).all() == ["left_company", None]
    assert count(Person) == 1


def test_an_abolished_post_ends_with_its_last_holder(book):
    header = "post,person,starts_on,ends_on,end_reason\n"
    tenures_of(f"{header}CEO,Li,2020-01-01,2021-01-01,撤销\n", account="A")
    assert db.session.scalars(select(Post.ends_on)).one() == D(2021, 1, 1)


@pytest.mark.postgresql
def test_a_write_meanwhile_makes_the_import_plan_again(jingfeng, monkeypatch):
    from relmap.imports import history

    plan, plans = history.plan_tenures, []

    def disturbed(rows, **options):
        draft = plan(rows, **options)
        if not plans:
            with writing():
                structure.change_account(structure.find_account("Jingfeng"), {"tier": "A"})
        plans.append(draft)
        return draft

    monkeypatch.setattr(history, "plan_tenures", disturbed)
    tenures_of("post,person,starts_on\nCEO,Li,2020\n", account="Jingfeng")
    assert len(plans) == 2
    assert db.session.scalars(select(Account.tier)).one() == "A"


@pytest.mark.postgresql
def test_an_import_is_never_refused_because_others_keep_writing(jingfeng, monkeypatch):
    from relmap.imports import history

    plan, plans = history.plan_tenures, []

    def disturbed(rows, **options):
        draft = plan(rows, **options)
        plans.append(draft)
        with suppress(RuntimeError), writing():  # refused inside the unit of work of the import
            values = {"region": f"region {len(plans)}"}
            structure.change_account(structure.find_account("Jingfeng"), values)
        return draft

    monkeypatch.setattr(history, "plan_tenures", disturbed)
    tenures_of("post,person,starts_on\nCEO,Li,2020\n", account="Jingfeng")
    assert db.session.scalars(select(Post.title).where(Post.title == "CEO")).all() == ["CEO"]
    assert db.session.scalars(select(Account.region)).one() == f"region {len(plans) - 1}"


def test_the_real_history_is_imported_once(book, shared_data):
    path = shared_data / "openstack_ptl_2015_2019" / "tenures.csv"
    options = {"file_name": path.name, "account": "OpenStack"}
    report = import_tenures(path.read_bytes(), **options)
    assert report.counts["tenure_added"] == count(Tenure) == 265
    assert import_tenures(path.read_bytes(), **options).import_id is None
    assert count(Tenure) == 265


@pytest.mark.postgresql
def test_thousands_of_rows_are_read_and_written(book):
    rows = [
        f"Unit {n % 97},Post {n % 5},Person {n},p{n},{2000 + n % 20}-01-01,{2001 + n % 20}-01-01"
        for n in range(2_000)
    ]
    text = "unit,post,person,external_id,starts_on,ends_on\n" + "\n".join(rows)
    assert tenures_of(text, account="Big").counts["tenure_added"] == count(Tenure) == 2_000
    assert tenures_of(text, account="Big").counts["unchanged"] == 2_000


# --- undo


def facts():
    """Every row of the tables that hold facts, but for the accounts' revisions."""
    models = (Account, Unit, Post, Person, Tenure, Contact, Tie, Touch, TouchPerson, ExternalId)
    return {
        model.__name__: sorted(
            str({key: value for key, value in row._asdict().items() if key != "revision"})
            for row in db.session.execute(select(model.__table__))
        )
        for model in models
    }


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("read", "text"),
    [
        (ties_of, "from,to,level,observed_on\nMa Li,陈怡,3,2026-05-01\nNew Seller,王芳,1,\n"),
        (touches_of, TOUCHES),
        (tenures_of, HISTORY),
        (
            tenures_of,
            (
                "unit,post,person,starts_on,ends_on\n"
                "Purchasing,Director,陈怡,2025-03-01,2026-01-01\n"
                "Purchasing,Director,Old Wu,2023-01-01,2025-04-01\n"
                "Purchasing,Buyer,王芳,2024-01-01,\n"
            ),
        ),
    ],
    ids=["ties", "touches", "tenures", "tenures on file"],
)
def test_an_import_is_taken_back_whole_and_may_come_again(jingfeng, read, text):
    ties_of("from,to,level,observed_on\nMa Li,陈怡,1,2025-05-01\n")
    before = facts()
    first = read(text, account="Jingfeng")
    assert facts() != before
    undo_import(first.import_id)
    assert facts() == before
    again = read(text, account="Jingfeng")
    assert again.counts == first.counts


@pytest.mark.parametrize("nobody", ["TBD", "空缺", "vacant", "NULL"])
def test_a_vacancy_of_a_history_is_one(book, nobody):
    text = (
        "account,unit,post,person,starts_on,ends_on\n"
        "Orion,Sales,Head,Mira Holt,2024-01-01,2026-01-01\n"
        f"Orion,Sales,Head,{nobody},2026-01-01,\nOrion,Sales,Clerk,{nobody},2026-02-01,\n"
        f"Orion,Sales,Buyer,Bo Wu,2025-01-01,\nOrion,Sales,Buyer,{nobody},2024-01-01,2025-01-01\n"
        f"Orion,Sales,Porter,{nobody},,\n"
    ).encode()
    report = import_tenures(text, file_name="history.csv", on=TODAY)
    assert set(db.session.scalars(select(Person.name))) == {"Mira Holt", "Bo Wu"}
    vacant = {post.title: post.vacant_since for post in db.session.scalars(select(Post))}
    assert vacant == {"Head": D(2026, 1, 1), "Clerk": D(2026, 2, 1), "Buyer": None}
    assert "row" in str([note.message for note in report.notes])
    again = import_tenures(text, file_name="history.csv", on=TODAY)
    assert again.import_id is None


def test_two_people_of_a_history_in_one_cell_are_two(book):
    text = b"account,post,person,starts_on\nOrion,Head,Mira Holt / Bo Wu,2024-01-01\n"
    import_tenures(text, file_name="history.csv", on=TODAY)
    assert set(db.session.scalars(select(Person.name))) == {"Mira Holt", "Bo Wu"}


def places_of_units():
    return {unit.name: unit.parent.name for unit in db.session.scalars(select(Unit)) if unit.parent}


@pytest.mark.parametrize("path", ["Orion/Supply/Buying", "Supply > Buying", "Orion-Supply-Buying"])
def test_a_path_in_a_history_opens_each_unit_within_the_one_above(book, path):
    text = f"account,unit,post,person,starts_on\nOrion,{path},Head,Mira Holt,2024-01-01\n"
    import_tenures(text.encode(), file_name="history.csv", on=TODAY)
    assert places_of_units() == {"Supply": "Orion", "Buying": "Supply"}
    again = import_tenures(text.encode(), file_name="history.csv", on=TODAY)
    assert again.import_id is None


def test_a_second_unit_in_a_history_is_a_second_tenure(book):
    text = (
        "account,unit,post,person,starts_on,external_id\n"
        "Orion,Supply;Orion/Quality/Lab,Head,Mira Holt,2024-01-01,mh\n"
    )
    import_tenures(text.encode(), file_name="history.csv", on=TODAY)
    assert list(db.session.scalars(select(Person.name))) == ["Mira Holt"]
    assert db.session.scalar(select(func.count()).select_from(Tenure)) == 2
    assert places_of_units() == {"Supply": "Orion", "Quality": "Orion", "Lab": "Quality"}


def test_a_name_that_may_be_a_path_is_told_in_a_history(book):
    text = "account,unit,post,person,starts_on\nOrion,R&D/QA,Head,张三 李四,2024-01-01\n"
    report = import_tenures(text.encode(), file_name="history.csv", on=TODAY)
    notes = " ".join(tell(note.message, "en") for note in report.notes)
    assert "R&D > QA" in notes
    assert "there may be several" in notes
    assert places_of_units() == {"R&D/QA": "Orion"}
