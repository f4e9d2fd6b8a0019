"""The blocking set: hand-worked accounts, and Krackhardt's firm."""

import csv
from dataclasses import replace

from relmap.insight import (
    blocking_set,
    blocking_sets,
    joint_blocking_set,
    project_blocking_sets,
)
from relmap.testing import AccountBuilder

DAY = "2026-07-01"


def house() -> AccountBuilder:
    """Chief decides; Lin and Zhao work there too."""
    made = AccountBuilder().post("Chief", level="executive").post("Desk", level="staff", seats=9)
    made.tenure("Boss", "Chief", since="2024-01-01")
    return made.tenure("Lin", "Desk", since="2024-01-01").tenure("Zhao", "Desk", since="2024-01-01")


def knows(made: AccountBuilder, *pairs: str, level: str = "trusted_advisor") -> AccountBuilder:
    """One of us knows one of them: ``"Wang Lin"``."""
    for pair in pairs:
        made.tie(*pair.split(), level=level, judged="2026-06-01")
    return made


def friends(made: AccountBuilder, *pairs: str, kind: str = "friend") -> AccountBuilder:
    for pair in pairs:
        made.tie(*pair.split(), kind=kind, judged="2026-06-01")
    return made


def names(made: AccountBuilder, refs) -> set[str]:
    view = made.view(DAY)
    return {view.person(ref).name for ref in refs}


def found(made: AccountBuilder, title: str = "Chief") -> set[str]:
    view = made.view(DAY)
    return names(made, blocking_set(view, view.post(made.ref(title))).people)


def test_a_post_held_by_one_colleagues_tie_hangs_on_that_colleague():
    assert found(knows(house(), "Wang Boss")) == {"Wang"}


def test_two_colleagues_who_know_the_holder_are_both_needed():
    assert found(knows(house(), "Wang Boss", "Chen Boss")) == {"Wang", "Chen"}


def test_a_friend_inside_is_a_second_way():
    made = friends(knows(house(), "Wang Boss", "Chen Lin"), "Lin Boss")
    assert found(made) == {"Wang", "Lin"}  # of Lin and Chen the one nearer to the post


def test_all_ways_through_one_man_hang_on_him():
    made = friends(knows(house(), "Wang Lin", "Chen Zhao"), "Lin Boss", "Zhao Lin")
    assert found(made) == {"Lin"}


def test_everybody_whose_leaving_alone_does_it_is_named_from_the_post_towards_us():
    made = friends(knows(house(), "Wang Lin"), "Lin Zhao", "Zhao Boss")
    view = made.view(DAY)
    row = blocking_set(view, view.post(made.ref("Chief")))
    assert row.each_alone == tuple(made.ref(name) for name in ("Zhao", "Lin", "Wang"))
    assert row.people == row.each_alone[:1]
    (row,) = blocking_sets(knows(made, "Chen Lin").view(DAY))
    assert row.each_alone == (made.ref("Zhao"), made.ref("Lin"))
    (row,) = blocking_sets(knows(made, "Chen Boss").view(DAY))
    assert (len(row.people), row.each_alone) == (2, ())


def test_all_ways_through_one_of_us_hang_on_that_one():
    made = friends(knows(house(), "Wang Lin", "Wang Zhao"), "Lin Boss", "Zhao Boss")
    assert found(made) == {"Wang"}


def test_a_detour_that_crosses_another_chain_is_counted_right():
    """The shortest chain takes both middles; the two disjoint chains are found by undoing it."""
    made = house().tenure("Mid", "Desk", since="2024-01-01")
    knows(made, "Wang Lin", "Chen Mid")
    friends(made, "Lin Zhao", "Zhao Boss", "Mid Boss", "Lin Mid")
    assert len(found(made)) == 2


def test_the_holder_is_no_candidate_even_when_everybody_knows_only_the_holder():
    assert "Boss" not in found(knows(house(), "Wang Boss", "Chen Boss", "Liu Boss"))


def test_where_nobody_leads_the_set_is_empty_and_says_so():
    made = knows(house(), "Wang Lin")
    view = made.view(DAY)
    (row,) = blocking_sets(view)
    assert (row.people, row.is_reached) == ((), False)
    assert row.reason.text == "No warm path leads there"


def test_a_blank_seat_is_not_reached_and_nobody_is_known_there():
    made = AccountBuilder().post("Chief", level="executive")
    (row,) = blocking_sets(knows(made, "Wang Lin").view(DAY))
    assert (row.is_reached, row.reason.text) == (False, "Nobody is known to sit there")


def test_a_cold_tie_is_no_way():
    assert found(knows(house(), "Wang Boss", level="vendor")) == set()


def test_who_reports_to_the_holder_is_no_way_without_a_tie():
    made = AccountBuilder().post("Chief", level="executive").post("Desk", reports_to="Chief")
    made.tenure("Boss", "Chief", since="2024-01-01").tenure("Lin", "Desk", since="2024-01-01")
    assert found(knows(made, "Wang Lin")) == set()


def test_who_has_left_leads_nowhere():
    made = house().tenure("Gone", "Desk", since="2024-01-01", until="2026-01-01")
    assert found(friends(knows(made, "Wang Gone"), "Gone Boss")) == set()


def test_an_outsider_who_never_was_there_leads_on():
    made = friends(house().person("Consultant", affiliation="Elsewhere"), "Consultant Boss")
    view = knows(made, "Wang Consultant").view(DAY)
    view = replace(view, ties=tuple(made.facts.ties), people=tuple(made.facts.people))
    row = blocking_set(view, view.post(made.ref("Chief")))
    assert row.people == (made.ref("Consultant"),)


def test_who_is_in_conflict_with_the_holder_is_no_way_there():
    made = knows(house(), "Wang Lin")
    friends(made, "Lin Boss", "Lin Zhao", "Zhao Boss")
    friends(made, "Boss Lin", kind="conflicts")
    assert found(made) == set()
    assert found(knows(made, "Wang Zhao")) == {"Zhao"}


def test_of_several_holders_either_is_enough():
    made = AccountBuilder().post("Chief", level="executive", seats=2)
    made.tenure("A", "Chief", since="2024-01-01").tenure("B", "Chief", since="2024-01-01")
    assert found(friends(knows(made, "Wang A"), "A B")) == {"Wang"}
    assert found(knows(made, "Chen B")) == {"Wang", "Chen"}


def test_a_former_colleague_of_ours_leads_though_nobody_judged_how_close():
    made = house().tie("Wang", "Boss", kind="former_colleague", judged="2020-01-01")
    assert found(made) == {"Wang"}
    assert found(house().tie("Wang", "Boss", kind="schoolmate", judged="2020-01-01")) == set()


# --- several posts


def two_deciders() -> AccountBuilder:
    made = house().post("Second", level="director").tenure("Vice", "Second", since="2024-01-01")
    return friends(knows(made, "Wang Lin", "Chen Vice"), "Lin Boss")


def test_a_project_hangs_on_the_ways_to_all_who_decide_it():
    made = two_deciders()
    view = made.view(DAY)
    posts = [view.post(made.ref(title)) for title in ("Chief", "Second")]
    whole = joint_blocking_set(view, posts)
    assert names(made, whole.people) == {"Lin", "Chen"}
    assert whole.reason.text == "Every warm path runs through one of {count} people"


def test_each_open_project_names_on_whom_it_hangs():
    made = two_deciders().project("Socket", "Chief", "Second", value=400_000).project("Blank")
    made.project("Won", "Chief", stage="won", ended_on="2026-01-01").project("Small", "Second")
    view = made.view(DAY)
    by_name = {view.project(ref).name: row for ref, row in project_blocking_sets(view).items()}
    assert {name: names(made, row.people) for name, row in by_name.items()} == {
        "Socket": {"Lin", "Chen"},
        "Small": {"Chen"},
    }


def test_a_decider_may_be_the_only_way_to_another_but_not_to_both():
    made = friends(knows(house(), "Wang Vice", "Chen Vice"), "Vice Boss")
    made.post("Second", level="director").tenure("Vice", "Second", since="2024-01-01")
    view = made.view(DAY)
    posts = [view.post(made.ref(title)) for title in ("Chief", "Second")]
    assert found(made, "Chief") == {"Vice"}
    assert names(made, joint_blocking_set(view, posts).people) == {"Wang", "Chen"}


def test_the_posts_that_hang_on_the_fewest_come_first_and_the_lost_last():
    made = two_deciders().post("Third", level="director").tenure("X", "Third", since="2024-01-01")
    knows(made, "Wang Vice", "Wang Boss", "Chen Boss", "Liu Boss")
    view = made.view(DAY)
    titles = [view.post(row.posts[0]).title for row in blocking_sets(view)]
    assert titles == ["Second", "Chief", "Third"]


# --- Krackhardt's firm


def firm(folder, name: str, kind: str) -> AccountBuilder:
    path = folder / "krackhardt" / f"{name}.csv"
    made = AccountBuilder("Firm")
    for number in range(1, 22):
        made.post(f"Seat {number}").tenure(f"{number}", f"Seat {number}", since="2020-01-01")
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            made.tie(row["from_person"], row["to_person"], kind=kind, judged="2026-06-01")
    return made


def test_in_krackhardts_firm_one_acquaintance_is_one_thread_to_everybody_else(shared_data):
    made = knows(firm(shared_data, "advice", "advises"), "Wang 9")
    view = made.view(DAY)
    reached = [row for row in blocking_sets(view) if row.is_reached]
    assert len(reached) == 21  # all 21 seats decide, and advice joins the whole firm
    assert all(len(row.people) == 1 for row in reached)
    assert found(made, "Seat 9") == {"Wang"}
    assert found(made, "Seat 1") == {"9"}


def test_in_krackhardts_firm_who_has_few_friends_hangs_on_them(shared_data):
    """By hand: 13 is friends with 5 and 11 alone; the CEO, 7, with 6, 14 and 17."""
    made = firm(shared_data, "friendship", "friend")
    knows(made, *(f"Wang{number} {number}" for number in (1, 2, 12, 15)))
    assert found(made, "Seat 13") == {"5", "11"}
    assert found(made, "Seat 7") == {"6", "14", "17"}
