"""What lies ahead: starts and ends that are on record before their day, on every day between."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from relmap import graph
from relmap.cli import main
from relmap.contracts import AccountView
from relmap.errors import Refused
from relmap.facts.structure import close_post
from relmap.imports.history import import_tenures
from relmap.imports.undo import undo_import
from relmap.models import Account, Person, Post, Tenure, db, writing
from relmap.testing import AccountBuilder

D = date
TODAY = D.today()
HEAD = "unit,post,person,starts_on,ends_on\n"


def ahead(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def book(app):
    with app.app_context():
        yield


def tenures_of(*rows: str, on: date = TODAY):
    text = HEAD + "\n".join(rows)
    return import_tenures(text.encode(), file_name="who.csv", on=on, account="Mingchuan")


def view(day: date = TODAY) -> AccountView:
    db.session.rollback()
    return graph.view(db.session.scalars(select(Account.id)).one(), day)


def names(seen: AccountView, rows) -> list[str]:
    return [seen.person(row.person).name for row in rows]


def seats() -> int:
    db.session.rollback()
    return db.session.scalars(select(Post.seats)).one()


# --- a history


@pytest.mark.postgresql
def test_a_start_ahead_is_announced_and_the_seat_stays_one(book):
    tenures_of("Purchasing,Director,Lin,2024-02-01,")
    report = tenures_of(f"Purchasing,Director,Bo Wu,{ahead(60)},")

    seen = view()
    assert names(seen, seen.open_tenures) == ["Lin"]
    assert names(seen, seen.announced) == ["Bo Wu"]
    assert seen.open_tenures[0].ends_on == ahead(60)
    assert seats() == 1
    assert "is taken to leave" in str(report.notes)
    then = view(ahead(60))
    assert (names(then, then.open_tenures), then.announced) == (["Bo Wu"], ())


def test_one_list_may_have_a_holder_until_and_the_next_from_a_day(book):
    report = tenures_of(
        f"Purchasing,Director,Lin,2024-02-01,{ahead(60)}",
        f"Purchasing,Director,Bo Wu,{ahead(60)},",
    )
    assert seats() == 1
    assert "taken to leave" not in str(report.notes)
    assert names(view(), view().announced) == ["Bo Wu"]
    assert names(view(ahead(59)), view(ahead(59)).open_tenures) == ["Lin"]


def test_of_two_holders_nobody_is_said_to_leave(book):
    tenures_of("Purchasing,Buyer,Lin,2024-02-01,", "Purchasing,Buyer,Chen,2024-03-01,")
    report = tenures_of(f"Purchasing,Buyer,Bo Wu,{ahead(60)},")
    assert "is not said" in str(report.notes)
    assert [row.ends_on for row in view().open_tenures] == [None, None]


def test_both_of_two_holders_leave_for_two_on_one_day(book):
    tenures_of("Purchasing,Buyer,Lin,2024-02-01,", "Purchasing,Buyer,Chen,2024-03-01,")
    tenures_of(f"Purchasing,Buyer,Bo Wu,{ahead(60)},", f"Purchasing,Buyer,Li Na,{ahead(60)},")
    assert [row.ends_on for row in view().open_tenures] == [ahead(60)] * 2
    assert seats() == 2


def test_a_postponed_start_takes_the_end_before_it_along(book):
    tenures_of("Purchasing,Director,Lin,2024-02-01,")
    tenures_of(f"Purchasing,Director,Bo Wu,{ahead(60)},")
    tenures_of(f"Purchasing,Director,Bo Wu,{ahead(90)},")
    assert [row.ends_on for row in view().open_tenures] == [ahead(90)]
    assert [row.starts_on for row in view().announced] == [ahead(90)]
    assert seats() == 1


@pytest.mark.postgresql
def test_an_undone_announcement_leaves_nothing(book):
    tenures_of("Purchasing,Director,Lin,2024-02-01,")
    before = view()
    number = tenures_of(f"Purchasing,Director,Bo Wu,{ahead(60)},").import_id
    undo_import(number)
    after = view()
    assert (after.announced, after.tenures, after.posts) == ((), before.tenures, before.posts)


def test_a_seat_that_is_announced_with_its_holder_is_there_at_once(book):
    tenures_of(f"Legal,Counsel,Bo Wu,{ahead(60)},")
    seen = view()
    (post,) = seen.open_posts
    assert names(seen, seen.announced_in(post.ref)) == ["Bo Wu"]
    assert seen.unit(post.unit).name == "Legal"


@pytest.mark.postgresql
def test_a_day_before_the_announcement_does_not_know_it(book):
    tenures_of("Purchasing,Director,Lin,2024-02-01,")
    tenures_of(f"Purchasing,Director,Bo Wu,{ahead(60)},")
    assert view(ahead(-1)).announced == ()
    assert view(ahead(-1)).open_tenures[0].ends_on is None
    assert names(view(ahead(1)), view(ahead(1)).announced) == ["Bo Wu"]


# --- laws


def test_a_view_says_the_same_of_what_is_announced_after_its_round_trip(book):
    tenures_of("Purchasing,Director,Lin,2024-02-01,", f"Purchasing,Director,Bo,{ahead(60)},")
    seen = view()
    assert seen.announced
    assert AccountView.from_json(seen.to_json()) == seen
    old = seen.to_json().replace('"announced"', '"unknown_to_old_books"')
    assert AccountView.from_json(old).announced == ()


SPANS = st.lists(
    st.tuples(st.integers(1, 400), st.integers(0, 100)), min_size=1, max_size=6
)  # how long each holder stays, and how long the seat is empty before


@given(spans=SPANS, begins=st.integers(-900, 200), told=st.integers(0, 300))
def test_views_of_any_two_days_agree_about_what_is_announced(spans, begins, told):
    made, start = AccountBuilder("A"), begins
    for number, (length, gap) in enumerate(spans):
        start += gap
        since, until = D(2026, 1, 1) + timedelta(start), D(2026, 1, 1) + timedelta(start + length)
        heard = since - timedelta(days=told)
        made.tenure(f"P{number}", "Director", since=since, until=until, start_announced_on=heard)
        start += length
    days = [D(2026, 1, 1) + timedelta(days) for days in range(-900, 1500, 150)]
    for day, later in pairwise(days):
        before, after = made.view(day), made.view(later)
        known = {row.ref for row in before.announced}
        assert known <= {row.ref for row in (*after.announced, *after.tenures)}
        assert all(day < row.starts_on for row in before.announced)
        arrived = {row.ref for row in after.tenures if row.starts_on > day}
        heard_by = {ref for ref, on in made.facts.announced_starts.items() if on <= day}
        assert arrived & heard_by == arrived & known


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("cut", [-200, 0, 30, 90])
def test_holders_who_do_not_overlap_need_one_seat(book, cut, order):
    """Whether they come in one file or in several, in which order, and when the lists end."""
    days = [ahead(cut + step) for step in (-300, -100, 0, 70, 200)]
    rows = [
        f"Purchasing,Director,P{number},{since},{until or ''}"
        for number, (since, until) in enumerate(zip(days, [*days[1:], None], strict=True))
    ]
    for row in rows[::order]:
        tenures_of(row)
    assert seats() == 1
    held = [len(view(day).open_tenures) for day in (*days, ahead(cut + 400))]
    assert held == [1] * len(held)


def put_back(days: int) -> None:
    """As if all that is on file had been written so many days ago."""
    moment = datetime.combine(ahead(-days), time(12), UTC)
    with writing():
        db.session.execute(update(Tenure).values(recorded_at=moment, end_recorded_at=moment))


def test_the_day_itself_needs_no_further_act(book):
    tenures_of("Purchasing,Director,Lin,2024-02-01,", f"Purchasing,Director,Bo,{ahead(-3)},",
               on=ahead(-10))  # fmt: skip
    put_back(10)
    assert names(view(ahead(-5)), view(ahead(-5)).announced) == ["Bo"]
    seen = view()
    assert (names(seen, seen.open_tenures), seen.announced) == (["Bo"], ())
    assert seats() == 1


def test_a_seat_for_which_somebody_is_announced_is_not_closed(book):
    tenures_of(f"Legal,Counsel,Bo Wu,{ahead(60)},")
    with writing():
        post = db.session.scalars(select(Post)).one()
        with pytest.raises(Refused, match="announced for Counsel"):
            close_post(post, ahead(1))


def test_the_command_names_who_is_announced(book, app, runner):
    tenures_of("Purchasing,Director,Lin,2024-02-01,")
    tenures_of(f"Purchasing,Director,Bo Wu,{ahead(60)},")
    db.session.commit()
    text = runner.invoke(main, ["view", "Mingchuan"], obj=app).output
    assert "Director: Lin" in text
    assert "Bo Wu from" in text


def test_who_is_announced_between_two_holders_takes_the_seat_of_the_first(book):
    tenures_of(f"Purchasing,Director,Lin,{ahead(-5)},")
    tenures_of(f"Purchasing,Director,Bo Wu,{ahead(60)},")
    tenures_of(f"Purchasing,Director,Mira Holt,{ahead(30)},")
    assert seats() == 1
    ends = dict(db.session.execute(select(Person.name, Tenure.ends_on).join(Tenure.person)).all())
    assert (ends["Lin"], ends["Mira Holt"]) == (ahead(30), ahead(60))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cuts=st.lists(st.integers(-300, 300), min_size=2, max_size=5, unique=True).map(sorted),
    data=st.data(),
)
def test_seats_never_grow_by_holders_whose_days_do_not_overlap(book, cuts, data):
    """In one file or several, in any order; whose next is announced needs no end of their own."""
    name = f"Account {uuid4()}"
    days = [ahead(cut) for cut in cuts]
    rows = [
        f"Purchasing,Director,P{number},{since},{until if until and until <= TODAY else ''}"
        for number, (since, until) in enumerate(zip(days, [*days[1:], None], strict=True))
    ]
    rows = data.draw(st.permutations(rows))
    for some in data.draw(st.sampled_from([[rows], [[row] for row in rows]])):
        text = HEAD + "\n".join(some)
        import_tenures(text.encode(), file_name="who.csv", on=TODAY, account=name)
    account = db.session.scalars(select(Account.id).where(Account.name == name)).one()
    seen = graph.view(account, TODAY)
    assert [post.seats for post in seen.open_posts] == [1]
    for day in days:
        assert len(graph.view(account, day).open_tenures) == 1
    db.session.rollback()
