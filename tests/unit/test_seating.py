"""What a seat shows: how well known, what is believed, how much of the term has passed."""

from datetime import date

import pytest

from relmap.insight.beliefs import belief
from relmap.insight.seating import arrival, coverage_step, departures, seats
from relmap.testing import AccountBuilder

TODAY = date(2026, 11, 21)


def account() -> AccountBuilder:
    return (
        AccountBuilder("Mingchuan", rotation_months=36)
        .post("Assistant", level="staff")
        .post("Director", level="director", function="purchasing")
        .post("Buyer", level="staff", function="purchasing")
        .person("陈雅琴")
        .person("王磊", side="us")
        .person("Sofia", side="us")
    )


def believed_in() -> AccountBuilder:
    return account().tenure("陈雅琴", "Assistant", since="2025-01-01")


def seat_of(view, title):
    return next(seat for seat in seats(view) if seat.post.title == title)


def test_somebody_without_tie_touch_or_claim_is_unknown_not_zero():
    view = account().tenure("陈雅琴", "Director", since="2025-11-21").view(TODAY)
    known = seat_of(view, "Director").known
    assert known.coverage is None
    assert known.step is None


def test_a_claim_alone_makes_the_name_known():
    book = account().tenure("陈雅琴", "Director", since="2025-11-21")
    view = book.claim("陈雅琴", "stance", "neutral", on="2026-11-01", observer="王磊").view(TODAY)
    assert seat_of(view, "Director").known.step == 0


@pytest.mark.parametrize(("coverage", "step"), [(0.0, 0), (0.01, 1), (0.2, 1), (0.21, 2), (1.0, 5)])
def test_coverage_falls_into_steps(coverage, step):
    assert coverage_step(coverage) == step


def test_the_clock_runs_against_the_policy():
    book = account().tenure("陈雅琴", "Director", since="2025-05-21", starts_after="2025-05-20")
    view = book.view(TODAY)
    clock = seat_of(view, "Director").clock
    assert clock.share == pytest.approx(0.5, abs=0.01)
    assert not clock.is_least


def test_only_a_deciding_post_has_a_clock():
    view = account().tenure("陈雅琴", "Buyer", since="2025-05-21").view(TODAY)
    assert seat_of(view, "Buyer").clock is None


def test_blank_seats_are_seats():
    assert {seat.post.title for seat in seats(account().view(TODAY))} == {
        "Director",
        "Buyer",
        "Assistant",
    }


def test_who_came_and_who_left_since_a_day():
    book = account().person("林志明")
    book.tenure("林志明", "Director", since="2024-01-01", until="2026-11-09")
    book.tenure("陈雅琴", "Director", since="2026-11-09", starts_after="2026-11-08")
    view = book.view(TODAY)
    since = date(2026, 9, 1)
    assert [view.person(row.person).name for row in departures(view, since)] == ["林志明"]
    assert arrival(view, seat_of(view, "Director").tenure, since) == "came"
    assert departures(view, date(2026, 11, 10)) == ()


def stance(book):
    view = book.view(TODAY)
    return belief(view, book.ref("陈雅琴"), "stance")


def test_colleagues_disagree_where_they_contradict_each_other():
    book = believed_in().claim("陈雅琴", "stance", "supporter", on="2026-11-01", observer="王磊")
    assert not stance(book).is_disputed
    book.claim("陈雅琴", "stance", "mentor", on="2026-11-02", observer="Sofia")
    assert not stance(book).is_disputed
    book.claim("陈雅琴", "stance", "enemy", on="2026-11-03", observer="Sofia")
    assert stance(book).extremes == ("supporter", "enemy")


def test_past_its_shelf_life_a_belief_is_unknown_and_says_what_it_was():
    book = believed_in().claim("陈雅琴", "stance", "supporter", on="2020-01-01", observer="王磊")
    found = stance(book)
    assert found.value is None
    assert found.was.value == "supporter"


def test_past_half_its_shelf_life_a_belief_fades():
    book = believed_in().claim("陈雅琴", "stance", "supporter", on="2026-11-01", observer="王磊")
    assert not stance(book).is_fading
    late = believed_in().claim("陈雅琴", "stance", "supporter", on="2026-03-01", observer="王磊")
    assert stance(late).is_fading
