"""Introduction paths: the strongest chain, its weakest step, alternatives that really differ."""

import csv

import pytest

from relmap.contracts import Ref
from relmap.insight import Path, blocking_set, favours, introducers, paths
from relmap.testing import AccountBuilder

DAY = "2026-07-01"


def house(*people: str) -> AccountBuilder:
    made = AccountBuilder().post("Desk", seats=99)
    for name in ("Target", *people):
        made.tenure(name, "Desk", since="2024-01-01")
    return made


def knows(made: AccountBuilder, *pairs: str, level: str = "trusted_advisor") -> AccountBuilder:
    """One of us knows one of them: ``"Wang Lin"``; a trusted advisor's tie is 0.8."""
    for pair in pairs:
        made.tie(*pair.split(), level=level, judged=DAY)
    return made


def tied(made: AccountBuilder, kind: str, *pairs: str) -> AccountBuilder:
    for pair in pairs:
        made.tie(*pair.split(), kind=kind, judged=DAY)
    return made


def found(made: AccountBuilder, **options) -> tuple[Path, ...]:
    return paths(made.view(DAY), made.ref("Target"), **options)


def chains(made: AccountBuilder, **options) -> list[str]:
    view = made.view(DAY)
    return [
        " ".join(view.person(ref).name for ref in path.people) for path in found(made, **options)
    ]


def test_a_warm_tie_of_ours_is_a_path_of_one_step():
    made = knows(house(), "Wang Target")
    (path,) = found(made)
    assert (path.strength, path.between, path.weakest) == (pytest.approx(0.8), (), 0)


def test_the_strength_is_the_product_and_the_weakest_step_is_named():
    made = tied(knows(house("Lin"), "Wang Lin"), "knows", "Lin Target")
    (path,) = found(made)
    assert path.strength == pytest.approx(0.8 * 0.5)
    assert path.steps[path.weakest].a == made.ref("Lin")
    assert [row.text.format("W", "L", **row.values) for row in path.reasons] == [
        "W knows L: trusted_advisor",
        "W knows L",
    ]


def test_two_strong_steps_outdo_one_weak_tie_of_ours():
    made = knows(house("Lin"), "Wang Target", level="credible_source")  # 0.4
    assert chains(tied(knows(made, "Chen Lin"), "family", "Lin Target")) == [
        "Chen Lin Target",
        "Wang Target",
    ]


def test_the_adviser_is_heard_more_than_who_asks():
    made = knows(house("Lin", "Zhao"), "Wang Lin", "Wang Zhao")
    tied(made, "advises", "Target Lin", "Zhao Target")
    first, second = found(made)
    assert (first.between, second.between) == ((made.ref("Lin"),), (made.ref("Zhao"),))
    assert first.reasons[1].text == "{1} asks {0} for advice"
    assert second.reasons[1].text == "{0} asks {1} for advice"


def test_a_cold_tie_does_not_carry():
    made = tied(knows(house("Lin"), "Wang Lin", level="vendor"), "friend", "Lin Target")
    assert found(made) == ()


def test_who_is_in_conflict_with_the_person_sought_is_not_on_the_way():
    made = tied(knows(house("Lin", "Zhao"), "Wang Lin"), "friend", "Lin Zhao", "Zhao Target")
    assert chains(made) == ["Wang Lin Zhao Target"]
    assert chains(tied(made, "conflicts", "Target Lin")) == []


def test_nobody_hands_over_to_an_enemy_though_they_know_each_other():
    made = tied(knows(house("Lin", "Zhao"), "Wang Lin"), "knows", "Lin Zhao", "Zhao Target")
    assert chains(tied(made, "conflicts", "Zhao Lin")) == []


def test_who_has_left_is_no_way_but_may_be_sought():
    made = house().tenure("Gone", "Desk", since="2024-01-01", until="2026-01-01")
    tied(knows(made, "Wang Gone"), "friend", "Gone Target")
    assert found(made) == ()
    assert len(paths(made.view(DAY), made.ref("Gone"))) == 1


def test_three_alternatives_share_nobody_where_that_is_possible():
    made = knows(house("Lin", "Zhao", "Hu"), "Wang Lin", "Wang Zhao", "Wang Hu")
    tied(made, "family", "Lin Target", "Lin Zhao")
    tied(made, "schoolmate", "Zhao Target")
    tied(made, "dotted_line", "Hu Target")
    assert chains(made) == ["Wang Lin Target", "Wang Zhao Target", "Wang Hu Target"]


def test_a_weak_way_that_shares_nobody_comes_before_strong_ones_that_do():
    made = knows(house("Lin", "Zhao", "Hu", "Mei", "Sun"), "Wang Lin", "Wang Hu")
    tied(made, "family", "Lin Zhao", "Zhao Target")
    tied(made, "friend", "Hu Zhao", "Lin Mei", "Mei Target")
    tied(knows(made, "Wang Sun", level="credible_source"), "knows", "Sun Target")
    assert chains(made)[:2] == ["Wang Lin Zhao Target", "Wang Sun Target"]
    assert found(made)[1].strength < found(made)[2].strength


def test_where_all_go_through_one_man_another_of_us_may_ask_him():
    made = knows(house("Lin", "Zhao"), "Wang Lin")
    knows(made, "Chen Lin", level="problem_solver")
    tied(knows(made, "Wang Zhao"), "friend", "Lin Target", "Zhao Lin")
    assert chains(made) == ["Wang Lin Target", "Chen Lin Target"]  # a detour by Zhao adds nothing


def test_beside_a_direct_tie_an_introduction_is_an_alternative():
    made = tied(knows(house("Lin"), "Wang Target", "Wang Lin"), "friend", "Lin Target")
    assert chains(made) == ["Wang Target", "Wang Lin Target"]


def test_favours_asked_lately_send_us_to_somebody_else():
    made = knows(house("Lin", "Zhao"), "Wang Lin", "Wang Zhao")
    tied(tied(made, "friend", "Lin Target"), "knows", "Zhao Target")
    assert chains(made, most=1) == ["Wang Lin Target"]
    tired = {made.ref("Lin"): 2}
    assert chains(made, favours=tired, most=1) == ["Wang Zhao Target"]
    asked = found(made, favours=tired)[1]
    assert asked.strength == pytest.approx(0.8 * 0.7 * 0.8**2)
    assert asked.reasons[-1].refs == (made.ref("Lin"),)
    assert asked.reasons[-1].values == {"days": 180, "count": 2}


def two_equal_ways() -> AccountBuilder:
    made = knows(house("Lin", "Zhao", "Hu"), "Wang Lin", "Wang Zhao")
    return tied(made, "friend", "Lin Target", "Zhao Target")


def test_who_was_asked_three_times_lately_loses_to_an_equal_alternative():
    made = two_equal_ways()
    assert chains(made, most=1) == ["Wang Lin Target"]
    made.next_step("Hu", through="Lin", due_on="2026-07-20", owner="Wang")
    for day in ("2026-03-01", "2026-05-01"):
        made.next_step("Hu", through="Lin", due_on=day, done_on=day, owner="Wang")
    assert chains(made) == ["Wang Zhao Target", "Wang Lin Target"]
    zhao, lin = found(made)
    assert (zhao.favours, lin.favours) == (0, 3)
    said = lin.reasons[-1]
    assert said.text.format("Lin", **said.values) == "Favours asked of Lin in the last 180 days: 3"


@pytest.mark.parametrize(
    ("day", "counts"), [("2026-06-30", 0), ("2026-07-01", 1), ("2027-01-15", 1), ("2027-01-16", 0)]
)
def test_a_favour_weighs_from_when_it_is_planned_to_half_a_year_after_it_was_due(day, counts):
    made = two_equal_ways()
    made.next_step("Hu", through="Lin", planned_on="2026-07-01", due_on="2026-07-20", owner="Wang")
    assert sum(favours(made.view(day)).values()) == counts


def test_a_favour_done_early_weighs_half_a_year_from_that_day_and_a_dropped_one_never():
    made = two_equal_ways()
    made.next_step("Hu", through="Lin", due_on="2026-12-01", done_on="2026-07-05")
    made.next_step("Hu", through="Zhao", due_on="2026-12-01", dropped_on="2026-07-05")
    assert favours(made.view("2026-07-10")) == {made.ref("Lin"): 1}
    assert favours(made.view("2027-01-01")) == {}


def test_the_introduction_that_is_waited_for_does_not_weigh_against_itself():
    made = two_equal_ways().next_step("Target", through="Lin", due_on="2026-07-20", owner="Wang")
    assert chains(made, most=1) == ["Wang Lin Target"]
    assert favours(made.view(DAY)) == {made.ref("Lin"): 1}


def test_who_begins_may_ask_a_colleague_first():
    made = knows(house("Lin"), "Wang Target", "Chen Lin")
    chen = made.ref("Chen")
    (path,) = found(made, starting=chen)
    assert path.people == (chen, made.ref("Wang"), made.ref("Target"))
    assert path.strength == pytest.approx(0.8 * 0.8)
    newcomer = Ref("person", 99)
    assert found(made, starting=newcomer)[0].people[0] == newcomer


def test_colleagues_in_conflict_do_not_ask_each_other():
    made = knows(house("Lin"), "Wang Target", "Chen Lin")
    made.person("Liu", side="us")
    view = made.view(DAY)
    quarrel = view.ties[0].__class__(
        Ref("tie", 99), made.ref("Chen"), made.ref("Wang"), "conflicts", -1, None, None, view.as_of
    )
    view = view.__class__(**view.__getstate__() | {"ties": (*view.ties, quarrel)})
    assert paths(view, made.ref("Target"), starting=made.ref("Chen")) == ()


def test_there_is_no_way_to_one_of_us_nor_to_somebody_nobody_knows():
    made = knows(house("Lin"), "Wang Lin")
    assert found(made) == ()
    assert paths(made.view(DAY), made.ref("Wang")) == ()
    assert paths(made.view(DAY), made.ref("Wang"), starting=made.ref("Wang")) == ()


def test_in_krackhardts_firm_the_ways_to_the_ceo_are_three_friends(shared_data):
    """By hand: 7 has three friends, 6, 14 and 17; 2 is a friend of 6 and 17, 15 of all three."""
    path = shared_data / "krackhardt" / "friendship.csv"
    made = AccountBuilder("Firm")
    for number in range(1, 22):
        made.contact(f"{number}", since="2020-01-01")
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            made.tie(row["from_person"], row["to_person"], kind="friend", judged=DAY)
    ceo = made.ref("7")
    from_2 = paths(knows(made, "Wang 2").view(DAY), ceo, most=2)
    assert [row.strength for row in from_2] == pytest.approx([0.8 * 0.7 * 0.7] * 2)
    assert {row.between[-1] for row in from_2} == {made.ref("6"), made.ref("17")}
    both = paths(knows(made, "Wang 15").view(DAY), ceo)
    assert {row.between[-1] for row in both} == {made.ref("6"), made.ref("14"), made.ref("17")}


# --- who leads, and is about to leave


def leading(**leave) -> AccountBuilder:
    """Wang knows Lin, Lin knows the person sought; Lin's end is announced."""
    made = AccountBuilder().post("Desk", seats=99).tenure("Target", "Desk", since="2024-01-01")
    made.tenure(
        "Lin", "Desk", since="2024-01-01", until="2027-01-01", announced_on="2026-06-01", **leave
    )
    return tied(knows(made, "Wang Lin"), "knows", "Lin Target")


def test_who_leads_and_is_announced_to_leave_still_leads_and_the_path_says_so():
    made = leading(reason="left_company")
    (path,) = found(made)
    assert path.strength == pytest.approx(0.8 * 0.5)
    assert [(ref, str(day)) for ref, day in path.leaving] == [(made.ref("Lin"), "2027-01-01")]
    said = path.reasons[-1]
    told = said.text.format("Lin", "Wang", **said.values)
    assert told == "Lin leaves on 2027-01-01: Wang asks soon"


@pytest.mark.parametrize("reason", ["moved_inside", "promoted", "acting_ended"])
def test_a_move_inside_is_no_leaving(reason):
    (path,) = found(leading(reason=reason))
    assert path.leaving == ()


def test_who_keeps_another_post_does_not_leave():
    made = leading(reason="unknown").post("Chair").tenure("Lin", "Chair", since="2025-01-01")
    (path,) = found(made)
    assert path.leaving == ()


# --- who is against us


def with_stance(value, **more):
    """Wang knows Lin, Lin knows the person sought, and Wang said where Lin stands."""
    made = AccountBuilder().post("Director").post("Desk")
    made.tenure("Lin", "Desk", since="2024-01-01").tenure("Bo", "Director", since="2024-01-01")
    made.tie("Wang", "Lin", judged="2026-06-01", level="trusted_advisor")
    made.tie("Lin", "Bo", kind="friend", judged="2026-06-01")
    if value:
        made.claim("Lin", "stance", value, on="2026-05-01", observer="Wang", **more)
    view = made.view("2026-06-15")
    return made, view


@pytest.mark.parametrize("value", ["enemy", "non_supporter"])
def test_who_is_against_us_is_no_warm_path_and_introduces_nobody(value):
    made, view = with_stance(value)
    assert paths(view, made.ref("Bo")) == ()
    assert introducers(view, view.post(made.ref("Director")), newcomers=[made.ref("Bo")]) == ()
    assert not blocking_set(view, view.post(made.ref("Director"))).is_reached


@pytest.mark.parametrize("value", [None, "neutral", "supporter", "unknown"])
def test_who_is_not_against_us_is_one(value):
    made, view = with_stance(value)
    assert [path.people[1] for path in paths(view, made.ref("Bo"))] == [made.ref("Lin")]
    assert introducers(view, view.post(made.ref("Director")), newcomers=[made.ref("Bo")])


def test_a_claim_past_its_shelf_life_keeps_nobody_out():
    made, view = with_stance("enemy", shelf_life_days=10)
    assert paths(view, made.ref("Bo"))


def test_one_of_us_who_holds_them_to_be_against_us_is_enough():
    made, _ = with_stance("supporter")
    made.claim("Lin", "stance", "enemy", on="2026-01-01", observer="Chen")
    assert paths(made.view("2026-06-15"), made.ref("Bo")) == ()


def test_who_is_against_us_can_still_be_reached():
    made, view = with_stance("enemy")
    assert [path.people[0] for path in paths(view, made.ref("Lin"))] == [made.ref("Wang")]
