"""Departures between two views: which, what became of the seat, who could introduce us."""

from dataclasses import replace
from datetime import date

import pytest

from relmap.contracts import AccountView
from relmap.insight import Departure, departures, introducers
from relmap.testing import AccountBuilder

BEFORE, NOW = "2026-01-01", "2026-07-01"


def office() -> AccountBuilder:
    return (
        AccountBuilder()
        .unit("Purchasing")
        .post("Director", unit="Purchasing", level="director", function="purchasing", seats=2)
        .post("Buyer", unit="Purchasing", level="staff", function="purchasing")
    )


def between(made: AccountBuilder) -> list[Departure]:
    return list(departures(made.view(BEFORE), made.view(NOW)))


def only(made: AccountBuilder) -> Departure:
    (found,) = between(made)
    return found


def test_a_replaced_holder_names_who_followed():
    made = office().tenure("Lin", "Director", since="2024-01-01", until="2026-03-01")
    made.tenure("Chen", "Director", since="2026-03-01")
    found = only(made)
    assert found.seat == "replaced"
    assert found.successors == (made.ref("Chen"),)
    assert not found.nobody_followed


def test_a_seat_left_empty_is_vacant():
    made = office()
    made.tenure("Lin", "Director", since="2024-01-01", until="2026-03-01", nobody_yet=True)
    found = only(made)
    assert found.seat == "vacant"
    assert found.nobody_followed


def test_a_seat_taken_by_somebody_unknown_counts_as_followed():
    found = only(office().tenure("Lin", "Director", since="2024-01-01", until="2026-03-01"))
    assert (found.seat, found.successors) == ("replaced", ())
    assert not found.nobody_followed


def test_of_two_holders_one_remains():
    made = office().tenure("Lin", "Director", since="2024-01-01", until="2026-03-01")
    made.tenure("Chen", "Director", since="2025-12-01")
    found = only(made)
    assert (found.seat, found.remaining) == ("still_held", (made.ref("Chen"),))


def test_two_who_leave_together_leave_the_seat_empty():
    made = office()
    for name in ("Lin", "Chen"):
        made.tenure(name, "Director", since="2024-01-01", until="2026-03-01", nobody_yet=True)
    assert [row.seat for row in between(made)] == ["vacant", "vacant"]
    assert [row.remaining for row in between(made)] == [(), ()]


def test_a_closed_unit_takes_its_posts_along():
    made = AccountBuilder().unit("Old plant", until="2026-03-01")
    made.post("Head", unit="Old plant", until="2026-03-01")
    made.tenure("Lin", "Head", since="2024-01-01", until="2026-03-01")
    found = only(made)
    assert found.seat == "unit_closed"
    assert found.nobody_followed


def test_a_closed_post_is_no_vacancy():
    made = office().post("Clerk", unit="Purchasing", until="2026-03-01")
    made.tenure("Lin", "Clerk", since="2024-01-01", until="2026-03-01", reason="post_abolished")
    found = only(made)
    assert found.seat == "post_closed"
    assert not found.nobody_followed


def test_where_the_person_went_the_highest_post_first():
    made = office().post("Vice president", level="executive")
    made.tenure("Lin", "Buyer", since="2024-01-01", until="2026-03-01", reason="promoted")
    made.tenure("Lin", "Director", since="2026-03-01")
    made.tenure("Lin", "Vice president", since="2026-03-01")
    found = only(made)
    assert found.moved_to == (made.ref("Vice president"), made.ref("Director"))


def test_a_post_held_beside_is_kept():
    made = office().tenure("Lin", "Buyer", since="2024-01-01", until="2026-03-01")
    made.tenure("Lin", "Director", since="2024-01-01")
    found = only(made)
    assert (found.moved_to, found.keeps) == ((), (made.ref("Director"),))


def test_ends_and_starts_between_two_lists_belong_together():
    made = office()
    made.tenure("Lin", "Director", since="2024-01-01", until="2026-06-30", ends_after="2026-01-31")
    made.tenure("Chen", "Director", since="2026-04-15", starts_after="2026-01-31")
    assert only(made).successors == (made.ref("Chen"),)


def test_an_acting_holder_confirmed_has_not_left():
    made = office()
    made.tenure(
        "Lin",
        "Director",
        since="2025-06-01",
        until="2026-03-01",
        acting=True,
        reason="acting_ended",
    )
    made.tenure("Lin", "Director", since="2026-03-01")
    assert between(made) == []


def test_an_acting_holder_who_stepped_back_has_left():
    made = office()
    made.tenure(
        "Lin",
        "Director",
        since="2025-06-01",
        until="2026-03-01",
        acting=True,
        reason="acting_ended",
    )
    assert only(made).tenure.end_reason == "acting_ended"


def test_who_came_and_left_between_the_views_is_a_departure():
    made = office().tenure("Lin", "Director", since="2026-02-01", until="2026-03-01")
    assert only(made).tenure.person == made.ref("Lin")


def test_an_announced_leave_is_none_until_its_day():
    made = office()
    made.tenure(
        "Lin", "Director", since="2024-01-01", until="2026-09-01", announced_on="2026-05-01"
    )
    assert between(made) == []


# --- entered late


def late(view: AccountView, made: AccountBuilder) -> list[Departure]:
    """Departures from a view as it was stored, before the builder learnt more."""
    return list(departures(view, made.view(NOW)))


def test_a_departure_entered_late_is_seen():
    stored = office().tenure("Lin", "Director", since="2024-01-01").view("2026-06-01")
    learnt = office().tenure("Lin", "Director", since="2024-01-01", until="2026-02-01")
    assert len(late(stored, learnt)) == 1


def test_the_corrected_day_of_a_seen_departure_is_not_another():
    stored = office().tenure("Lin", "Director", since="2024-01-01", until="2026-02-01")
    corrected = office().tenure("Lin", "Director", since="2024-01-01", until="2026-06-15")
    assert late(stored.view("2026-06-01"), corrected) == []


def test_history_typed_in_raises_nothing():
    made = office().tenure("Lin", "Director", since="2024-01-01")
    stored = made.view("2026-06-01")
    made.tenure("Zhao", "Buyer", since="2020-01-01", until="2022-01-01")
    assert late(stored, made) == []


def test_a_tenure_unknown_before_that_ended_since_is_seen():
    made = office()
    stored = made.view("2026-01-01")
    made.tenure("Zhao", "Buyer", since="2020-01-01", until="2026-03-01")
    assert len(late(stored, made)) == 1


def test_a_tenure_taken_back_is_no_departure():
    stored = office().tenure("Lin", "Director", since="2024-01-01").view("2026-06-01")
    assert late(stored, office()) == []


# --- introductions


def warm(made: AccountBuilder, *people: str) -> AccountBuilder:
    for person in people:
        made.tie("Wang", person, level="problem_solver", judged="2026-06-01")
    return made


def test_who_has_a_tie_comes_before_the_line_the_unit_and_the_function():
    made = office().post("President", level="executive").post("Planner", function="purchasing")
    made.post("Chief buyer", unit="Purchasing", reports_to="President")
    made.tenure("Friend", "Planner", since="2024-01-01").tenure(
        "Line", "President", since="2024-01-01"
    )
    made.tenure("Unit", "Buyer", since="2024-01-01").tenure(
        "New", "Chief buyer", since="2026-06-01"
    )
    made.post("Payer", function="purchasing").tenure("Function", "Payer", since="2024-01-01")
    warm(made, "Friend", "Line", "Unit").tie(
        "Friend", "New", judged="2026-01-01", kind="schoolmate"
    )
    view = made.view(NOW)
    found = introducers(view, view.post(made.ref("Chief buyer")), newcomers=[made.ref("New")])
    assert [(view.person(row.person).name, row.nearness) for row in found] == [
        ("Friend", "tie"),
        ("Line", "reporting_line"),
        ("Unit", "unit"),
    ]
    assert {row.ours for row in found} == {made.ref("Wang")}


def test_the_same_function_elsewhere_is_near_enough():
    made = office().unit("Plant").post("Payer", unit="Plant", function="purchasing")
    made.tenure("Function", "Payer", since="2024-01-01").tenure("New", "Buyer", since="2026-06-01")
    view = warm(made, "Function").view(NOW)
    (found,) = introducers(view, view.post(made.ref("Buyer")), newcomers=[made.ref("New")])
    assert found.nearness == "function"


@pytest.mark.parametrize("kind", ["conflicts", "knows"])
def test_an_enemy_introduces_nobody(kind):
    made = office().tenure("Foe", "Director", since="2024-01-01")
    made.tenure("New", "Buyer", since="2026-06-01")
    warm(made, "Foe").tie("Foe", "New", judged="2026-01-01", kind=kind, sign=-1)
    view = made.view(NOW)
    assert introducers(view, view.post(made.ref("Buyer")), newcomers=[made.ref("New")]) == ()


def test_who_is_cold_or_gone_introduces_nobody():
    made = office().tenure("Cold", "Director", since="2024-01-01")
    made.tenure("Gone", "Director", since="2024-01-01", until="2026-02-01")
    view = warm(made, "Gone").view(NOW)
    assert introducers(view, view.post(made.ref("Buyer"))) == ()


def test_a_circle_of_superiors_ends():
    made = office().post("Chief", reports_to="Director").tenure("Boss", "Chief", since="2024-01-01")
    made.facts.posts[0] = replace(made.facts.posts[0], reports_to=made.ref("Chief"))
    view = warm(made, "Boss").view(date(2026, 7, 1))
    (found,) = introducers(view, view.post(made.ref("Director")))
    assert found.nearness == "reporting_line"
