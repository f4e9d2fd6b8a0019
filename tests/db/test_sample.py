"""The sample book: rich, in order, and gone whole when it is taken away."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Column, ForeignKey, Integer, Table, func, insert, select

from relmap import jobs
from relmap.contracts import FUNCTIONS, LEVELS, RELATIONSHIP_LEVELS, AccountView
from relmap.errors import Refused
from relmap.facts import people, structure, tenures, ties, touches
from relmap.graph import view
from relmap.insight import departures, favours, known_people
from relmap.insight.back_test import backtest
from relmap.insight.outlook import History, forecast, spells_of
from relmap.maintenance import sample
from relmap.maintenance.check import check_book
from relmap.models import (
    Account,
    Change,
    Import,
    ImportRow,
    NextStep,
    Person,
    Post,
    Project,
    Tenure,
    Tie,
    Touch,
    TouchPerson,
    Unit,
    db,
    writing,
)
from relmap.results.runs.back_tests import ask_back_test

TODAY = date(2026, 11, 21)


@pytest.fixture
def context(app):
    with app.app_context():
        yield


def write_book():
    with writing():
        sample.make_sample_book(TODAY)


@pytest.fixture
def book(context, filled):
    """A sample book."""
    filled(write_book)


def contents():
    """All rows of all tables."""
    return {
        table.name: sorted(map(repr, db.session.execute(select(table))))
        for table in db.metadata.sorted_tables
    }


def views(day=TODAY):
    return [view(row, day) for row in db.session.scalars(select(Account.id).order_by(Account.id))]


def first_real_account():
    account = structure.open_account("Real Instruments", day=date(2026, 1, 1))
    post = structure.open_post(structure.root_unit(account), "Buyer", day=date(2026, 1, 1))
    return account, post


@pytest.mark.postgresql
def test_ten_customers_have_about_forty_people_each(book):
    present = [len({row.person for row in one.open_tenures}) for one in views()]
    assert len(present) == 10
    assert sum(30 <= number <= 50 for number in present) == 9
    assert min(present) < 10  # one is nearly empty


def test_names_come_in_the_customers_languages(book):
    languages = set(db.session.scalars(select(Person.language).where(Person.side == "client")))
    assert languages >= {"zh-Hans", "zh-Hant", "ja", "de", "nb"}
    assert db.session.scalar(select(Person.search_text).where(Person.name == "王磊")) is not None
    assert db.session.scalar(select(func.count()).where(Person.search_text == "")) == 0


def test_the_book_has_every_level_function_and_closeness(book):
    seats = db.session.execute(select(Post.level, Post.function)).all()
    assert {level for level, _ in seats} == set(LEVELS)
    assert {function for _, function in seats} == set(FUNCTIONS)
    assert set(db.session.scalars(select(Tie.level))) == {*RELATIONSHIP_LEVELS, None}
    assert db.session.scalar(select(func.count()).select_from(Touch)) > 500


def test_the_book_has_seats_in_every_state_and_announced_leaves(book):
    states = {one.status(post) for one in views() for post in one.posts}
    assert states == {"filled", "acting", "vacant", "unknown_holder", "abolished"}
    announced = [row for one in views() for row in one.open_tenures if row.ends_on is not None]
    assert announced


def test_customers_differ_in_how_well_they_are_known(book):
    known = {one.account.name: len(known_people(one)) for one in views()}
    assert known["铭川通信"] > 25
    assert known["蓝峤汽车电子"] == 9  # all of one branch; the tenth is met elsewhere now
    assert known["榛名坂計測"] <= 1


def test_several_left_on_the_newest_day_of_an_account(book):
    now = next(one for one in views() if one.account.name == "铭川通信")
    days = {day for row in now.tenures for day in (row.starts_on, row.ends_on)} - {None}
    newest = max(day for day in days if day <= TODAY)  # a later end is an announced one
    gone = list(departures(view(now.account.ref.id, newest - timedelta(days=1)), now))
    assert len(gone) >= 3
    assert {row.nobody_followed for row in gone} == {True, False}


@pytest.mark.postgresql
def test_a_view_of_any_past_day_can_be_built_and_read_back(book):
    account_id = db.session.scalar(select(Account.id).limit(1))
    for age in (0, 1, 30, 365, 900, 1096, 3000):
        one = view(account_id, TODAY - timedelta(days=age))
        assert AccountView.from_json(one.to_json()) == one


def test_a_renamed_unit_bore_its_old_name_before(book):
    change = db.session.scalars(select(Change).where(Change.verb == "rename_unit")).first()
    before = view(change.account_id, change.effective_on - timedelta(days=1))
    after = view(change.account_id, change.effective_on)
    names = [{row.ref.id: row.name for row in one.units}[change.fact_id] for one in (before, after)]
    assert names == [change.before["name"], change.after["name"]]


def test_a_seat_that_was_vacant_for_a_while_reads_vacant_on_those_days(book):
    change = db.session.scalars(select(Change).where(Change.verb == "fill_post")).first()
    day = date.fromisoformat(change.before["vacant_since"])
    one = view(change.account_id, day)
    post = next(row for row in one.posts if row.ref.id == change.fact_id)
    assert one.status(post) == "vacant"


def test_there_is_something_to_foresee_at_every_account(book):
    now = views()
    assert all(len(one.projects) >= 2 for one in now)
    assert all(row.posts and row.value and row.currency for one in now for row in one.projects)
    assert {row.stage for one in now for row in one.projects} >= {"won", "lost", "pilot"}
    assert all(row.due_on >= TODAY for one in now for row in one.open_next_steps)
    assert sum(len(one.open_next_steps) for one in now) > 12
    assert any(favours(one) for one in now)
    announced = {
        one.account.name
        for one in now
        for row in one.open_tenures
        if row.ends_on and one.is_deciding(one.post(row.post))
    }
    assert "铭川通信" in announced
    assert len(announced) >= 2
    before = {row.stage for one in views(TODAY - timedelta(days=200)) for row in one.projects}
    assert before >= {"specification", "sample"}
    assert not before & {"won", "lost", None}


def test_the_outlook_is_a_healthy_mix(book):
    """Most posts may change some day, a handful soon; of a short history there are bands."""
    rows = [row for one in views() for row in forecast(one) if one.is_deciding(one.post(row.post))]
    soon = [row for row in rows if row.p180 > 0.4]
    assert len(rows) / 2 < sum(0.05 <= row.p180 <= 0.25 for row in rows)
    assert 5 < len(soon) < len(rows) / 8
    assert {row.source for row in soon} >= {"policy", "announced"}
    assert {row.source for row in rows} == {"model", "policy", "term", "announced"}
    assert any(row.bands for row in rows)
    assert any(row.held_since is None for row in rows)
    assert sum(row.held_since is None for row in rows) < len(rows) / 8


def test_what_was_foreseen_is_better_than_a_constant_rate(book):
    histories = [History(one.account.name, spells_of(one)) for one in views()]
    start, end = date(2024, 11, 21), date(2025, 11, 21)
    report = backtest(
        histories, start=start, end=end, every_months=6, horizon=365, known_until=TODAY
    )
    assert report.model.brier < report.constant_rate.brier
    assert report.auc > 0.65
    assert report.model.calibration_error < 0.07


def test_most_posts_that_decide_have_an_open_project(book):
    now = views()
    deciding = {row.ref for one in now for row in one.deciding_posts}
    projects = [row for one in now for row in one.open_projects]
    wanted = {post for row in projects for post in row.posts}
    assert all(2 <= len(row.posts) <= 4 for row in projects)
    assert len(deciding & wanted) > len(deciding) / 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_book_raises_a_dozen_or_two_alerts_of_every_severity(book):
    ids = list(db.session.scalars(select(Account.id)))
    jobs.forecast_accounts(ids, TODAY, today=TODAY)
    raised = jobs.scan_accounts(ids, TODAY, today=TODAY)
    assert 10 <= len(raised) <= 25
    assert {row["severity"] for row in raised} == {"urgent", "warning", "note"}
    rules = {row["rule"] for row in raised}
    assert rules >= {"rotation.post_vacated", "outlook.wave_begins"}
    assert rules & {"outlook.unknown_successor", "outlook.coverage_at_risk"}


def test_each_account_has_its_line_in_the_audit_log(book):
    made = db.session.scalars(select(Change.fact_id).where(Change.verb == "make_sample")).all()
    assert sorted(made) == sorted(db.session.scalars(select(Account.id)))


def test_one_customer_is_known_by_two_lists(book):
    first, second = db.session.scalars(select(Import).order_by(Import.on))
    assert (first.status, second.status) == ("applied", "applied")
    assert first.changes == []
    kinds = {line["kind"] for line in second.changes}
    assert kinds >= {"left_post", "joined_post", "unit_renamed", "uncertain"}
    waiting = db.session.scalars(select(ImportRow)).all()
    assert {row.reason for row in waiting} == {"inherited_mail", "other_id"}
    assert {row.status for row in waiting} == {"waiting"}


def test_nothing_of_the_book_was_learnt_after_its_day(book):
    after = datetime.combine(TODAY + timedelta(days=1), time(), UTC)
    for model in (Person, Post, Tenure, Tie, Touch, Project, NextStep, Import):
        learnt = model.created_at if model is Import else model.recorded_at
        assert db.session.scalar(select(func.max(learnt))) < after
    assert db.session.scalar(select(func.max(Tenure.end_recorded_at))) < after


@pytest.mark.parametrize("day", [date(2027, 2, 28), date(2028, 2, 29), date(2026, 7, 31)])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_book_is_in_order_whatever_the_day(context, day):
    with writing():
        assert sample.make_sample_book(day) == 10
    assert check_book() == []
    assert db.session.scalar(select(func.count()).select_from(ImportRow)) == 2


@pytest.mark.postgresql
def test_a_second_sample_book_is_refused(book):
    with pytest.raises(Refused, match="there already"), writing():
        sample.make_sample_book(TODAY)


def test_a_real_account_of_the_same_name_is_not_overwritten(context):
    with writing():
        structure.open_account("铭川通信", day=TODAY)
    with pytest.raises(Refused, match="铭川通信"), writing():
        sample.make_sample_book(TODAY)
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_a_book_is_empty_until_there_is_an_account_or_a_client(context):
    with writing():
        people.add_person("Ours Alone", side="us")
    assert sample.book_is_empty()
    with writing():
        people.add_person("Somebody")
    assert not sample.book_is_empty()


@pytest.mark.postgresql
def test_removal_leaves_every_table_as_before(context):
    with writing():
        _, post = first_real_account()
        ours = people.add_person("Real Colleague", side="us")
        buyer = people.add_person("Real Buyer")
        tenures.start_tenure(buyer, post, date(2026, 2, 1))
        touches.add_touch(date(2026, 3, 1), "visit", [ours, buyer], said="hello")
    before = contents()
    with writing():
        sample.make_sample_book(TODAY)
    assert contents() != before
    with writing():
        assert sample.remove_sample_book() == 10
    assert contents() == before


@pytest.fixture
def notes_of_a_plugin(context):
    """A plug-in's table whose rows cannot be without their account."""
    account = Column("account_id", ForeignKey("account.id"), nullable=False)
    table = Table("diary_note", db.metadata, Column("id", Integer, primary_key=True), account)
    table.create(db.engine)
    yield table
    db.session.remove()
    table.drop(db.engine)
    db.metadata.remove(table)


def test_what_a_plugin_stored_of_a_sample_account_goes_with_it(notes_of_a_plugin):
    with writing():
        real, _ = first_real_account()
        sample.make_sample_book(TODAY)
        for account_id in db.session.scalars(select(Account.id)).all():
            db.session.execute(insert(notes_of_a_plugin).values(account_id=account_id))
        real_id = real.id
    with writing():
        sample.remove_sample_book()
    left = db.session.scalars(select(notes_of_a_plugin.c.account_id)).all()
    assert left == [real_id]


@pytest.mark.postgresql
def test_what_was_reckoned_from_the_sample_book_goes_with_it(context, here):
    before = contents()
    with writing():
        sample.make_sample_book(TODAY)
        ask_back_test(None, TODAY)
    done = jobs.sweep(TODAY, runner=here)
    assert len(done.forecast) == 10
    assert done.tested
    with writing():
        sample.remove_sample_book()
    left = contents() | {"plugin_health": []}  # of the rules, not of the book
    assert left == before


def test_what_was_added_to_a_sample_account_is_counted_and_goes_with_it(book):
    assert sample.count_added_to_sample_book() == 0
    before = db.session.scalar(select(func.count()).select_from(Person).where(~Person.is_sample))
    with writing():
        unit = db.session.scalars(select(Unit).where(Unit.is_root)).first()
        post = structure.open_post(unit, "Added by hand", day=TODAY)
        person = people.add_person("Added Byhand")
        tenures.start_tenure(person, post, TODAY)
    assert sample.count_added_to_sample_book() == 3
    with writing():
        sample.remove_sample_book()
    assert db.session.scalar(select(func.count()).select_from(Person)) == before == 0
    assert db.session.scalar(select(func.count()).select_from(Change)) == 0


def test_our_people_and_clients_whom_real_accounts_use_stay(book):
    with writing():
        account, post = first_real_account()
        lei = people.find_ours("王磊")
        met = select(TouchPerson.person_id)
        tied = select(Tie.b_id).union(select(Tie.a_id))
        holders = select(Tenure.person_id).where(Tenure.ends_on.is_(None))
        stranger = Person.id.in_(holders) & Person.id.not_in(met) & Person.id.not_in(tied)
        gone = db.session.scalars(select(Person).where(stranger)).first()
        tenures.start_tenure(gone, post, TODAY)
        buyer = people.add_person("Real Buyer")
        people.add_contact(buyer, account, day=TODAY)
        touches.add_touch(TODAY, "call", [lei, buyer])
        gone_id = gone.id
    with writing():
        sample.remove_sample_book()
    left = {row.id: (row.name, row.is_sample) for row in db.session.scalars(select(Person))}
    assert sorted(left.values()) == sorted(
        [("王磊", False), ("Real Buyer", False), (left[gone_id][0], False)]
    )
    assert [row.post_id for row in db.session.scalars(select(Tenure))] == [post.id]


@pytest.mark.postgresql
def test_removal_makes_real_accounts_due_whose_people_lose_a_tie(book):
    with writing():
        account, _ = first_real_account()
        buyer = people.add_person("Real Buyer")
        people.add_contact(buyer, account, day=TODAY)
        sampled = db.session.scalars(select(Person).where(Person.side == "client")).first()
        ties.add_tie(buyer, sampled, kind="schoolmate", observed_on=TODAY)
        revision, account_id = account.revision, account.id
    with writing():
        sample.remove_sample_book()
    assert db.session.get(Account, account_id).revision > revision
