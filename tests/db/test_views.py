"""A view holds what was true on its day, whatever was written later."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relmap import graph
from relmap.contracts import AccountView, Ref
from relmap.errors import NotFound, Refused
from relmap.facts import claims, people, structure, tenures, ties, touches
from relmap.insight import coverage
from relmap.models import Change, Tenure, db, writing

pytestmark = pytest.mark.postgresql

D = date


def write_book() -> dict[str, int]:
    with writing():
        account = structure.open_account("Mingchuan", day=D(2025, 1, 1))
        unit = structure.open_unit(account, "Purchasing", day=D(2025, 1, 1))
        director = structure.open_post(unit, "Purchasing Director", day=D(2025, 1, 1))
        lin = people.add_person("林志明")
        wang = people.add_person("王磊", side="us")
        tenures.start_tenure(lin, director, D(2025, 3, 1))
        ties.add_tie(wang, lin, level="problem_solver", observed_on=D(2025, 6, 1))
        ids = {"account": account.id, "unit": unit.id, "director": director.id}
        return ids | {"lin": lin.id, "wang": wang.id}


@pytest.fixture
def book(app, filled):
    """Mingchuan with one unit, a director's seat, its holder, and one of us who knows her."""
    with app.app_context():
        yield filled(write_book)


def held(view):
    return {(row.person.id, row.post.id) for row in view.open_tenures}


def test_an_unknown_account_is_not_found(app):
    with app.app_context(), pytest.raises(NotFound):
        graph.view(99, D(2026, 1, 1))


def test_a_tenure_covers_its_first_day_and_not_the_day_before(book):
    assert held(graph.view(book["account"], D(2025, 2, 28))) == set()
    assert held(graph.view(book["account"], D(2025, 3, 1))) == {(book["lin"], book["director"])}


def test_a_tenure_does_not_cover_the_day_it_ends(book):
    with writing():
        tenures.end_tenure(db.session.scalars(db.select(Tenure)).one(), D(2026, 2, 1))

    assert held(graph.view(book["account"], D(2026, 1, 31)))
    assert not held(graph.view(book["account"], D(2026, 2, 1)))


def test_a_past_day_does_not_know_the_end_that_came_later(book):
    with writing():
        tenure = db.session.scalars(db.select(Tenure)).one()
        tenures.end_tenure(tenure, D(2026, 2, 1), reason="retired")

    past = graph.view(book["account"], D(2025, 12, 1)).tenures[0]
    now = graph.view(book["account"], D(2026, 2, 1)).tenures[0]

    assert (past.ends_on, past.end_reason) == (None, None)
    assert (now.ends_on, now.end_reason) == (D(2026, 2, 1), "retired")


def test_an_end_announced_before_the_day_is_shown(book):
    tomorrow = D.today() + timedelta(days=30)
    with writing():
        tenures.end_tenure(db.session.scalars(db.select(Tenure)).one(), tomorrow, reason="retired")

    view = graph.view(book["account"], D.today() + timedelta(days=1))

    assert view.open_tenures[0].ends_on == tomorrow
    assert view.open_tenures[0].end_reason == "retired"


def test_a_past_day_shows_the_old_title_and_the_old_unit_name(book):
    with writing():
        post = db.session.get(structure.Post, book["director"])
        structure.change_post(post, {"title": "Head of Purchasing"}, day=D(2026, 1, 1))
        structure.rename_unit(post.unit, "Global Purchasing", day=D(2026, 1, 1))

    past, now = (graph.view(book["account"], day) for day in (D(2025, 12, 31), D(2026, 1, 1)))

    assert past.post(Ref("post", book["director"])).title == "Purchasing Director"
    assert past.unit(Ref("unit", book["unit"])).name == "Purchasing"
    assert now.post(Ref("post", book["director"])).title == "Head of Purchasing"
    assert now.unit(Ref("unit", book["unit"])).name == "Global Purchasing"


def test_of_two_later_renames_the_earlier_says_what_was(book):
    with writing():
        post = db.session.get(structure.Post, book["director"])
        structure.change_post(post, {"title": "B"}, day=D(2026, 1, 1))
        structure.change_post(post, {"title": "C"}, day=D(2026, 2, 1))

    titles = [
        graph.view(book["account"], day).posts[0].title
        for day in (D(2025, 12, 1), D(2026, 1, 15), D(2026, 2, 15))
    ]

    assert titles == ["Purchasing Director", "B", "C"]


def test_a_correction_leaves_no_day_with_the_wrong_title(book):
    with writing():
        post = db.session.get(structure.Post, book["director"])
        structure.change_post(post, {"title": "Director, Purchasing"})

    assert graph.view(book["account"], D(2025, 4, 1)).posts[0].title == "Director, Purchasing"


def test_a_seat_is_unknown_then_vacant_then_filled(book):
    with writing():
        tenure = db.session.scalars(db.select(Tenure)).one()
        tenures.end_tenure(tenure, D(2026, 2, 1), nobody_yet=True)
        chen = people.add_person("陈雅琴")
        tenures.start_tenure(chen, tenure.post, D(2026, 4, 1), acting=True)

    def status(day):
        view = graph.view(book["account"], day)
        return view.status(view.post(Ref("post", book["director"])))

    assert status(D(2025, 1, 15)) == "unknown_holder"
    assert status(D(2025, 3, 1)) == "filled"
    assert status(D(2026, 2, 1)) == "vacant"
    assert status(D(2026, 4, 1)) == "acting"


def test_the_level_of_a_tie_is_that_of_the_day(book):
    with writing():
        tie = db.session.scalars(db.select(ties.Tie)).one()
        ties.judge_tie(tie, "trusted_advisor", D(2026, 1, 1))

    def level(day):
        view = graph.view(book["account"], day)
        return [(row.level, row.observed_on) for row in view.ties_of(Ref("person", book["lin"]))]

    assert level(D(2025, 12, 1)) == [("problem_solver", D(2025, 6, 1))]
    assert level(D(2026, 1, 1)) == [("trusted_advisor", D(2026, 1, 1))]


def judged(book, day):
    rows = graph.view(book["account"], day).ties_of(Ref("person", book["lin"]))
    return [(row.level, row.observed_on) for row in rows]


def test_a_tie_of_unknown_start_is_there_on_every_day_and_judged_from_its_judgement_on(book):
    assert judged(book, D(2025, 5, 31)) == [(None, D(2025, 5, 31))]
    assert judged(book, D(2025, 6, 1)) == [("problem_solver", D(2025, 6, 1))]


def test_the_level_of_a_tie_of_known_start_holds_from_that_start(book):
    with writing():
        both = [db.session.get(people.Person, book[name]) for name in ("wang", "lin")]
        told = {"starts_on": D(2025, 4, 1), "observed_on": D(2026, 1, 1)}
        ties.add_tie(*both, kind="friend", level="vendor", **told)

    assert ("vendor", D(2025, 5, 1)) in judged(book, D(2025, 5, 1))


def test_a_judgement_that_is_confirmed_stays_as_old_as_it_was_on_the_days_before(book):
    with writing():
        tie = db.session.scalars(db.select(ties.Tie)).one()
        ties.judge_tie(tie, "problem_solver", D(2026, 1, 1))

    assert judged(book, D(2025, 12, 31)) == [("problem_solver", D(2025, 6, 1))]
    assert judged(book, D(2026, 1, 1)) == [("problem_solver", D(2026, 1, 1))]


def test_a_past_day_has_the_policy_the_owner_and_the_terms_of_that_day(book):
    with writing():
        account = structure.find_account("Mingchuan")
        post, wang = db.session.get(structure.Post, book["director"]), book["wang"]
        policy = {"rotation_months": 36, "review_month": 4, "handover_months": 3}
        structure.change_account(account, policy | {"owner_id": wang}, day=D(2026, 1, 1))
        structure.change_post(post, {"term_months": 24, "review_month": 6}, day=D(2026, 1, 1))
        tenure = db.session.scalars(db.select(Tenure)).one()
        tenures.set_term(tenure, D(2027, 1, 1), day=D(2026, 1, 1))
        tenures.set_term(tenure, D(2027, 6, 1), day=D(2026, 2, 1))

    def told(day):
        view = graph.view(book["account"], day)
        row, post = view.account, view.posts[0]
        return (
            (row.rotation_months, row.review_month, row.handover_months, row.owner),
            (post.term_months, post.review_month),
            view.tenures[0].term_ends_on,
        )

    now = ((36, 4, 3, Ref("person", wang)), (24, 6))
    assert told(D(2025, 12, 31)) == ((None, None, None, None), (None, None), None)
    assert told(D(2026, 1, 31)) == (*now, D(2027, 1, 1))
    assert told(D(2026, 2, 1)) == (*now, D(2027, 6, 1))


def test_a_policy_entered_without_a_day_was_always_so(book):
    with writing():
        structure.change_account(structure.find_account("Mingchuan"), {"rotation_months": 24})

    assert graph.view(book["account"], D(2025, 2, 1)).account.rotation_months == 24


def test_what_holds_from_a_day_before_a_later_change_is_refused(book):
    with writing():
        account = structure.find_account("Mingchuan")
        structure.change_account(account, {"rotation_months": 36}, day=D(2026, 1, 1))
    with pytest.raises(Refused, match="rotation months on record holds from 2026-01-01"), writing():
        account = structure.find_account("Mingchuan")
        structure.change_account(account, {"rotation_months": 24}, day=D(2025, 6, 1))
    with writing():  # another column is not in the way
        account = structure.find_account("Mingchuan")
        structure.change_account(account, {"tier": "A"}, day=D(2025, 6, 1))

    assert graph.view(book["account"], D(2025, 7, 1)).account.tier == "A"


def test_a_tie_is_not_there_before_its_start(book):
    with writing():
        both = [db.session.get(people.Person, book[name]) for name in ("wang", "lin")]
        ties.add_tie(*both, kind="schoolmate", starts_on=D(2025, 8, 1), observed_on=D(2026, 1, 1))

    def kinds(day):
        return {row.kind for row in graph.view(book["account"], day).ties}

    assert kinds(D(2025, 7, 31)) == {"knows"}
    assert kinds(D(2025, 8, 1)) == {"knows", "schoolmate"}


def test_old_touches_are_counted_and_new_ones_listed(book):
    with writing():
        both = [db.session.get(people.Person, book[name]) for name in ("wang", "lin")]
        touches.add_touch(D(2025, 4, 1), "visit", both)
        touches.add_touch(D(2025, 5, 1), "call", both)
        touches.add_touch(D(2027, 4, 1), "meal", both)

    view = graph.view(book["account"], D(2027, 5, 1))

    assert [row.kind for row in view.touches] == ["meal"]
    assert [(row.count, row.last_on) for row in view.touch_counts] == [(2, D(2025, 5, 1))]


def test_the_graph_is_frozen_and_holds_what_stands(book):
    found = graph.view(book["account"], D(2025, 4, 1)).graph

    kinds = {data["kind"] for _, _, data in found.edges(data=True)}
    assert kinds == {"part_of", "in_unit", "holds", "knows"}
    assert found.nodes[Ref("person", book["lin"])]["item"].name == "林志明"
    with pytest.raises(Exception, match=r"[Ff]rozen"):
        found.add_node("intruder")


def test_a_view_of_the_book_comes_back_from_json(book):
    view = graph.view(book["account"], D(2026, 4, 1))

    assert AccountView.from_json(view.to_json()) == view


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(later=st.dates(D(2025, 7, 2), D(2026, 12, 31)))
def test_a_day_does_not_change_by_what_begins_after_it(book, later):
    day = D(2025, 7, 1)
    before = graph.view(book["account"], day)
    with writing():
        account = structure.find_account("Mingchuan")
        unit = structure.open_unit(account, f"New {later} {before.revision}", day=later)
        post = structure.open_post(unit, "Buyer", day=later, vacant=True)
        somebody = people.add_person("方婷")
        tenures.start_tenure(somebody, post, later)
        wang = db.session.get(people.Person, book["wang"])
        ties.add_tie(wang, somebody, observed_on=later, level="vendor")
        touches.add_touch(later, "visit", [wang, somebody])
        claims.add_claim(somebody, "stance", "supporter", on=later, basis="told")
        director = db.session.get(structure.Post, book["director"])
        structure.report_to(post, director, day=later)
        _declare(account, director, wang, later)

    after = graph.view(book["account"], day)

    assert after.revision > before.revision
    assert after.digest == before.digest


def _declare(account, director, wang, later):
    """A policy, an owner, terms and judgements that nobody made before ``later``."""
    held = db.session.scalars(db.select(Tenure).where(Tenure.post_id == director.id)).one()
    last = db.session.scalar(db.select(db.func.max(Change.effective_on)))
    day = max(later, last or later)  # hypothesis runs on one book: a day before is refused
    number = 12 + account.revision
    policy = {"rotation_months": number, "review_month": 1 + number % 12, "handover_months": 1}
    structure.change_account(account, policy | {"owner_id": wang.id, "tier": "A"}, day=day)
    structure.change_post(director, {"term_months": number, "review_month": 5}, day=day)
    tenures.set_term(held, day + timedelta(days=number), day=day)
    for tie in db.session.scalars(db.select(ties.Tie).where(ties.Tie.ends_on.is_(None))):
        if tie.observed_on < later:
            ties.judge_tie(tie, "trusted_advisor", later)


@pytest.mark.parametrize("level", ["vendor", "trusted_advisor"])
def test_a_tie_first_judged_later_warms_no_earlier_day(book, level):
    day = D(2025, 7, 1)
    with writing():
        lin, somebody = (
            db.session.get(people.Person, book["lin"]),
            people.add_person("Mia", side="us"),
        )
        before = coverage(graph.view(book["account"], day), Ref("person", lin.id))
        ties.add_tie(somebody, lin, level=level, observed_on=D(2026, 10, 1))

    assert coverage(graph.view(book["account"], day), Ref("person", book["lin"])) == before
    assert coverage(graph.view(book["account"], D(2026, 10, 1)), Ref("person", book["lin"])) > 0


def test_an_id_is_never_given_twice(book):
    with writing():
        gone = people.add_person("Somebody")
        number = gone.id
        db.session.execute(db.delete(people.Person).where(people.Person.id == number))
        db.session.expunge(gone)

    with writing():
        assert people.add_person("Somebody else").id > number


def test_a_leave_announced_in_the_evening_is_on_todays_page(book, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")  # its evening is the next day in UTC
    time.tzset()
    try:
        evening = datetime(2026, 3, 2, 1, tzinfo=UTC)
        with writing():
            tenure = db.session.scalars(db.select(Tenure)).one()
            tenures.end_tenure(tenure, D(2026, 4, 1), reason="retired")
            tenure.end_recorded_at = evening

        shown = [graph.view(book["account"], D(2026, day, 1)).tenures[0] for day in (3, 4)]
        before = graph.view(book["account"], D(2026, 2, 28)).tenures[0]
    finally:
        monkeypatch.undo()
        time.tzset()

    assert [row.ends_on for row in shown] == [D(2026, 4, 1), D(2026, 4, 1)]
    assert before.ends_on is None
