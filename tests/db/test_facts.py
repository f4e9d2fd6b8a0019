"""The verbs: what they refuse, what they log, and whose revision they raise."""

from contextlib import nullcontext
from datetime import date

import pytest
from sqlalchemy import delete, insert, select, text, update

from relmap.errors import Refused
from relmap.facts import claims, people, structure, tenures, ties, touches
from relmap.facts.audit import acting_as
from relmap.models import Account, Change, Contact, Person, Post, Tenure, Unit, db, writing

pytestmark = pytest.mark.postgresql

D = date
TODAY = D(2026, 6, 1)


@pytest.fixture
def seat(app):
    """One account, one unit, one post; inside an app context."""
    with app.app_context():
        with writing():
            account = structure.open_account("Jingfeng", day=D(2025, 1, 1))
            unit = structure.open_unit(account, "品質部", day=D(2025, 1, 1))
            structure.open_post(unit, "Quality Director", day=D(2025, 1, 1))
        yield lambda: db.session.scalars(select(Post).order_by(Post.id)).first()


def revision():
    return db.session.scalar(select(Account.revision))


def test_writing_outside_a_unit_of_work_is_refused(seat):
    db.session.add(Person(name="Nobody", side="client"))
    with pytest.raises(RuntimeError, match="writing"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        insert(Person).values(name="Nobody", side="client"),
        update(Person).values(name="Nobody"),
        delete(Person),
        text("DELETE FROM person"),
    ],
    ids=["insert", "update", "delete", "text"],
)
def test_a_statement_that_writes_outside_a_unit_of_work_is_refused(seat, statement):
    with pytest.raises(RuntimeError, match="writing"):
        db.session.execute(statement)
    with writing():
        db.session.execute(select(Person).with_for_update()).all()  # a lock alone writes nothing
    db.session.execute(text("SELECT 1"))


def test_an_exception_leaves_nothing_behind(seat):
    with pytest.raises(ZeroDivisionError), writing():
        people.add_person("许卫东")
        raise ZeroDivisionError

    assert db.session.scalars(select(Person)).all() == []
    assert "add_person" not in db.session.scalars(select(Change.verb)).all()


def test_two_accounts_of_one_name_are_refused(seat):
    with pytest.raises(Refused, match="already"), writing():
        structure.open_account("JINGFENG", day=TODAY)


def test_a_full_seat_is_refused_with_the_holders_name(seat):
    with writing():
        tenures.start_tenure(people.add_person("许卫东"), seat(), D(2025, 3, 1))

    with pytest.raises(Refused, match="许卫东"), writing():
        tenures.start_tenure(people.add_person("林佳慧"), seat(), D(2025, 4, 1))


def test_a_second_seat_takes_a_second_holder_and_no_third(seat):
    with writing():
        structure.change_post(seat(), {"seats": 2})
        for name in ("许卫东", "林佳慧"):
            tenures.start_tenure(people.add_person(name), seat(), D(2025, 3, 1))

    with pytest.raises(Refused, match="seat"), writing():
        tenures.start_tenure(people.add_person("何静"), seat(), D(2025, 4, 1))


def test_who_left_may_come_back_and_the_history_stays(seat):
    with writing():
        person = people.add_person("许卫东")
        first = tenures.start_tenure(person, seat(), D(2025, 3, 1))
        tenures.end_tenure(first, D(2025, 9, 1))
        tenures.start_tenure(person, seat(), D(2026, 3, 1))

    spans = db.session.execute(select(Tenure.starts_on, Tenure.ends_on)).all()
    assert spans == [(D(2025, 3, 1), D(2025, 9, 1)), (D(2026, 3, 1), None)]


@pytest.mark.parametrize("day", [D(2025, 3, 1), D(2024, 1, 1)])
def test_a_tenure_cannot_end_before_it_began(seat, day):
    with writing():
        tenures.start_tenure(people.add_person("许卫东"), seat(), D(2025, 3, 1))

    with pytest.raises(Refused, match="2025-03-01"), writing():
        tenures.end_tenure(db.session.scalars(select(Tenure)).one(), day)


def test_who_left_cannot_leave_again(seat):
    with writing():
        tenure = tenures.start_tenure(people.add_person("许卫东"), seat(), D(2025, 3, 1))
        tenures.end_tenure(tenure, D(2025, 9, 1))

    with pytest.raises(Refused, match="Correct that date"), writing():
        tenures.end_tenure(db.session.scalars(select(Tenure)).one(), TODAY)


def test_a_move_up_is_a_promotion_and_a_move_aside_is_not(seat):
    with writing():
        unit = seat().unit
        vp = structure.open_post(unit, "VP Quality", day=D(2025, 1, 1), level="executive")
        audit = structure.open_post(unit, "Audit Director", day=D(2025, 1, 1), level="director")
        person = people.add_person("许卫东")
        first = tenures.start_tenure(person, seat(), D(2025, 2, 1))
        second = tenures.move(first, audit, D(2025, 8, 1))
        tenures.move(second, vp, D(2026, 2, 1))

    reasons = db.session.scalars(select(Tenure.end_reason).order_by(Tenure.id)).all()
    assert reasons == ["moved_inside", "promoted", None]


def test_confirming_an_acting_holder_ends_the_acting(seat):
    with writing():
        person = people.add_person("陈雅琴")
        acting = tenures.start_tenure(person, seat(), D(2025, 2, 1), acting=True)
        tenures.confirm_acting(acting, D(2025, 8, 1))

    rows = db.session.execute(select(Tenure.acting, Tenure.end_reason)).all()
    assert rows == [(True, "acting_ended"), (False, None)]


def test_a_contact_entry_ends_when_the_person_gets_a_post(seat):
    with writing():
        person = people.add_person("何静")
        people.add_contact(person, structure.find_account("Jingfeng"), day=D(2025, 1, 1))
        tenures.start_tenure(person, seat(), D(2025, 6, 1))

    assert db.session.scalars(select(Contact.ends_on)).all() == [D(2025, 6, 1)]


def test_reporting_in_a_circle_is_refused(seat):
    with writing():
        manager = structure.open_post(seat().unit, "SQE manager", day=D(2025, 1, 1))
        structure.report_to(manager, seat())

    with pytest.raises(Refused, match="reports to"), writing():
        manager = db.session.scalars(select(Post).where(Post.title == "SQE manager")).one()
        structure.report_to(seat(), manager)


def test_a_unit_within_its_own_part_is_refused(seat):
    with writing():
        account = structure.find_account("Jingfeng")
        outer = seat().unit
        structure.open_unit(account, "SQE", day=D(2025, 1, 1), parent=outer)

    with pytest.raises(Refused, match="contain"), writing():
        inner = db.session.scalars(select(Unit).where(Unit.name == "SQE")).one()
        structure.move_unit(inner.parent, inner, day=TODAY)


def test_a_level_between_two_of_them_is_refused(seat):
    with pytest.raises(Refused, match="level"), writing():
        a, b = people.add_person("何静"), people.add_person("方婷")
        ties.add_tie(a, b, level="vendor", observed_on=TODAY)


def test_a_tie_is_stored_with_ours_first(seat):
    with writing():
        theirs, ours = people.add_person("何静"), people.add_person("王磊", side="us")
        ties.add_tie(theirs, ours, level="vendor", observed_on=TODAY)
        expected = (ours.id, theirs.id)

    assert db.session.execute(select(ties.Tie.a_id, ties.Tie.b_id)).one() == expected


@pytest.mark.parametrize(("kind", "count"), [("advises", 2), ("friend", 1)])
def test_a_tie_with_a_direction_may_go_each_way(seat, kind, count):
    with writing():
        a, b = people.add_person("何静"), people.add_person("方婷")
        ties.add_tie(a, b, kind=kind, observed_on=TODAY)
        with nullcontext() if count == 2 else pytest.raises(Refused, match="already"):
            ties.add_tie(b, a, kind=kind, observed_on=TODAY)

    assert len(db.session.scalars(select(ties.Tie)).all()) == count


def test_a_touch_needs_both_sides(seat):
    with pytest.raises(Refused, match="one of us"), writing():
        touches.add_touch(TODAY, "visit", [people.add_person("何静")])


def test_an_id_of_somebody_else_is_refused_with_the_name(seat):
    with writing():
        people.add_external_id(people.add_person("何静"), "mail", "He.Jing@jingfeng.example")

    with pytest.raises(Refused, match="何静"), writing():
        people.add_external_id(people.add_person("方婷"), "mail", "he.jing@JINGFENG.example")


def test_a_person_is_found_by_pinyin_initials_and_the_other_script(seat):
    with writing():
        person = people.add_person("陈雅琴")

        assert "|chenyaqin|" in person.search_text
        assert "|cyq|" in person.search_text
        assert "|陳雅琴|" in person.search_text


def test_a_new_name_keeps_the_old_one_findable(seat):
    with writing():
        person = people.add_person("Lana Brindley")
        people.change_person(person, {"name": "Lana Smith"})

        assert "lana brindley" in person.search_text
        assert [row.name for row in person.other_names] == ["Lana Brindley"]


@pytest.mark.parametrize(
    "write",
    [
        lambda post, person, ours: structure.change_post(post, {"title": "QD"}),
        lambda post, person, ours: people.change_person(person, {"nickname": "老许"}),
        lambda post, person, ours: people.change_person(ours, {"nickname": "老王"}),
        lambda post, person, ours: touches.add_touch(TODAY, "call", [person, ours]),
        lambda post, person, ours: claims.add_claim(
            person, "stance", "neutral", on=TODAY, basis="seen"
        ),
        lambda post, person, ours: claims.add_claim(
            post, "power", "political", on=TODAY, basis="seen"
        ),
        lambda post, person, ours: people.add_external_id(person, "handle", "xwd"),
    ],
    ids=["post", "person", "ours", "touch", "claim", "post_claim", "external_id"],
)
def test_each_write_raises_the_revision_and_is_logged(seat, write):
    with writing():
        person = people.add_person("许卫东")
        ours = people.add_person("王磊", side="us")
        tenures.start_tenure(person, seat(), D(2025, 3, 1))
        ties.add_tie(ours, person, level="vendor", observed_on=D(2025, 4, 1))
    earlier, logged = revision(), len(db.session.scalars(select(Change)).all())

    with writing():
        fresh = {row.name: row for row in db.session.scalars(select(Person))}
        write(seat(), fresh["许卫东"], fresh["王磊"])

    assert revision() > earlier
    assert len(db.session.scalars(select(Change)).all()) > logged


def test_a_withdrawn_tenure_goes_and_the_log_keeps_it(seat):
    with writing():
        tenure = tenures.start_tenure(people.add_person("许卫东"), seat(), D(2025, 3, 1))
        tenures.withdraw_tenure(tenure)

    assert db.session.scalars(select(Tenure)).all() == []
    last = db.session.scalars(select(Change).order_by(Change.id.desc())).first()
    assert last.verb == "withdraw_tenure"
    assert last.before["starts_on"] == "2025-03-01"


def test_a_corrected_day_is_kept_in_the_log(seat):
    with writing():
        tenure = tenures.start_tenure(people.add_person("许卫东"), seat(), D(2025, 3, 1))
        tenures.correct_start(tenure, D(2025, 2, 1))

    last = db.session.scalars(select(Change).order_by(Change.id.desc())).first()
    assert (last.before["starts_on"], last.after["starts_on"]) == ("2025-03-01", "2025-02-01")


def test_a_start_before_the_seat_was_known_takes_the_seat_back_in_time(seat):
    with writing():
        tenures.start_tenure(people.add_person("许卫东"), seat(), D(2020, 3, 1))

    assert seat().starts_on == D(2020, 3, 1)
    assert seat().unit.starts_on == D(2020, 3, 1)


def test_the_log_says_who_wrote(seat, app):
    from relmap.facts.users import add_user

    with writing():
        user = add_user("wanglei", role="member", password="correct horse battery")
        user_id = user.id
    with acting_as(user_id), writing():
        people.add_person("何静")

    change = db.session.scalars(select(Change).order_by(Change.id.desc())).first()
    assert change.user_id == user_id
    assert db.session.scalars(select(Person)).one().recorded_by == user_id


def test_an_account_does_not_take_the_name_of_another(seat):
    with writing():
        structure.open_account("Mingchuan", day=TODAY)

    with pytest.raises(Refused, match="already"), writing():
        structure.change_account(structure.find_account("Mingchuan"), {"name": "Jingfeng"})


def test_an_account_and_its_root_unit_are_renamed_together(seat):
    with writing():
        account = structure.change_account(structure.find_account("Jingfeng"), {"name": "璟灃電子"})

        assert structure.root_unit(account).name == "璟灃電子"


def test_who_came_back_cannot_have_stayed_as_well(seat):
    with writing():
        structure.change_post(seat(), {"seats": 2})
        person = people.add_person("许卫东")
        first = tenures.start_tenure(person, seat(), D(2025, 3, 1))
        tenures.end_tenure(first, D(2025, 9, 1))
        tenures.start_tenure(person, seat(), D(2026, 3, 1))

    earlier, later = db.session.scalars(select(Tenure).order_by(Tenure.id))
    with pytest.raises(Refused, match="holds"), writing():
        tenures.correct_end(earlier, None)
    with pytest.raises(Refused, match="holds"), writing():
        tenures.correct_start(later, D(2025, 8, 1))


# --- every write raises the revision of every account it concerns


@pytest.mark.parametrize("write", [
    lambda person: people.add_contact_point(person, "phone", "+886 2 1234"),
    lambda person: people.add_name(person, "Hsu Wei-tung"),
    lambda person: people.add_external_id(person, "handle", "hsu"),
])  # fmt: skip
def test_what_is_learnt_of_a_person_raises_the_revision_of_their_accounts(seat, write):
    with writing():
        person = people.add_person("许卫东")
        tenures.start_tenure(person, seat(), D(2025, 3, 1))
    before = revision()
    with writing():
        write(person)
    assert revision() > before
    with writing():
        write(person)  # known already
    assert revision() == before + 1


# --- names of accounts


@pytest.mark.parametrize(
    ("name", "asked"),
    [("Électro Süd", "ÉLECTRO SÜD"), ("Straße AG", "STRASSE ag"), ("ＡＢＣ電子", "abc電子")],
)  # fmt: skip
def test_an_account_is_found_whatever_its_case_and_width(seat, name, asked):
    with writing():
        account = structure.open_account(name, day=TODAY)
    assert structure.find_account(asked).id == account.id
    with pytest.raises(Refused, match="already"), writing():
        structure.open_account(asked, day=TODAY)


def test_a_unit_is_not_closed_before_its_posts_and_units(staffed):
    with writing():
        account = db.session.get_one(Account, staffed.id)
        unit = structure.open_unit(account, "Audit", day=date(2025, 1, 1))
        part = structure.open_unit(account, "Costs", day=date(2025, 1, 1), parent=unit)
        post = structure.open_post(unit, "Auditor", day=date(2025, 1, 1))
        structure.close_post(post, date(2026, 6, 1))
        with pytest.raises(Refused, match="still has Costs"):
            structure.close_unit(unit, date(2026, 5, 1))
        structure.close_unit(part, date(2026, 4, 1))
        with pytest.raises(Refused, match="still has Auditor"):
            structure.close_unit(unit, date(2026, 5, 1))
        structure.close_unit(unit, date(2026, 6, 1))
