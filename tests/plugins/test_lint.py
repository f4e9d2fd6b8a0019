"""Lint: what makes a map look better than it is."""

import pytest
from relmap_plugins.lint import MapInOrder, Settings

from relmap.contracts import NotApplicable, Score
from relmap.testing import AccountBuilder, check_rule

DAY = "2026-07-01"
FAIR = ("Lin", "Zhao", "Chen", "Hsu")


def office() -> AccountBuilder:
    """A director and three buyers below, each of whom two of us know well."""
    made = AccountBuilder().post("Director", level="director")
    made.tenure("Lin", "Director", since="2024-01-01")
    made.post("Buyer", level="staff", reports_to="Director", seats=3)
    for name in FAIR[1:]:
        made.tenure(name, "Buyer", since="2024-01-01")
    for name in FAIR:
        for ours in ("Wang", "Sato"):
            made.tie(ours, name, level="problem_solver", judged="2026-06-01")
    return made


def score(made: AccountBuilder) -> Score:
    result = MapInOrder().score(made.view(DAY))
    assert isinstance(result, Score)
    return result


def texts(made: AccountBuilder) -> list[str]:
    """What is found, without the lines that say what was asked."""
    found = score(made)
    return [row.text for row in found.evidence if row.points == 0 and row.refs]


def test_a_map_in_order_has_all_points_and_nothing_to_do():
    made = office().claim("Lin", "stance", "enemy", on="2026-06-01")
    for name in FAIR[1:]:
        made.claim(name, "stance", "supporter", on="2026-06-01")
    found = score(made)
    assert found.points == pytest.approx(10)
    assert found.actions == ()
    assert texts(made) == []


def test_a_picture_all_green_is_doubted_twice():
    made = office()
    for name in FAIR:
        made.claim(name, "stance", "supporter", on="2026-06-01")
    assert texts(made) == [
        "All {count} whose stance we know are for us: nobody is loved by everybody",
        "Of {count} whose stance we know nobody is against us: who speaks for the others?",
    ]


def test_one_neutral_is_enough_not_to_be_all_green_but_nobody_is_against_us():
    made = office().claim("Lin", "stance", "neutral", on="2026-06-01")
    for name in FAIR[1:]:
        made.claim(name, "stance", "mentor", on="2026-06-01")
    assert [text[:8] for text in texts(made)] == ["Of {coun"]


def test_a_few_known_stances_say_nothing_yet():
    made = office()
    for name in FAIR[:3]:
        made.claim(name, "stance", "supporter", on="2026-06-01")
    assert texts(made) == []


@pytest.mark.parametrize(("kind", "level"), [("knows", "none"), (None, None)])
def test_a_decider_whom_nobody_looks_after_is_named_with_the_post(kind, level):
    made = office().post("Head of quality", level="manager").owner("Wang")
    made.tenure("Mori", "Head of quality", since="2025-01-01")
    if kind:
        made.tie("Wang", "Mori", kind=kind, level=level, judged="2026-06-01")
    found = score(made)
    row = next(row for row in found.evidence if row.text == "Nobody of ours has a tie to {0}, {1}")
    assert row.refs == (made.ref("Mori"), made.ref("Head of quality"))
    assert [step.owner for step in found.actions if made.ref("Mori") in step.refs] == [
        made.ref("Wang")
    ]


def test_two_superiors_are_two_solid_lines_or_a_dotted_one_beside():
    made = office().post("Second director", level="director")
    made.tenure("Mori", "Second director", since="2024-01-01")
    made.tie("Wang", "Mori", level="vendor", judged="2026-06-01")
    made.post("Planner", level="staff", reports_to="Second director")
    made.tenure("Zhao", "Planner", since="2025-01-01")
    made.tie("Chen", "Mori", kind="dotted_line", judged="2026-06-01")
    rows = [row for row in score(made).evidence if row.text.startswith("{0} has {count}")]
    assert {row.refs[0] for row in rows} == {made.ref("Zhao"), made.ref("Chen")}
    assert {row.values["count"] for row in rows} == {2}


def test_a_dotted_line_to_the_superior_is_no_second_one():
    made = office()
    made.tie("Zhao", "Lin", kind="dotted_line", judged="2026-06-01")
    assert texts(made) == []


def test_who_sits_above_the_own_second_post_is_no_superior_of_it():
    made = office().tenure("Lin", "Buyer", since="2025-01-01")
    assert texts(made) == []


@pytest.mark.parametrize(("since", "is_long"), [("2026-04-02", True), ("2026-04-03", False)])
def test_a_seat_may_be_without_a_name_for_ninety_days(since, is_long):
    made = office().post("Component engineer", level="lead", since=since)
    assert texts(made) == ["We have not known for {days} days who holds {0}"] * is_long


def test_a_seat_is_blank_from_the_day_its_last_holder_left():
    made = office().post("Component engineer", level="lead")
    made.tenure("Mori", "Component engineer", since="2024-01-01", until="2026-06-01")
    assert texts(made) == []


def test_a_vacant_seat_is_not_without_a_name():
    made = office().post("Component engineer", level="lead", vacant_since="2025-01-01")
    assert texts(made) == []


def test_a_belief_past_its_shelf_life_is_to_be_asked_again_by_who_told_it():
    made = office().claim(
        "Lin", "stance", "supporter", on="2025-01-01", shelf_life_days=90, observer="Sato"
    )
    found = score(made)
    assert texts(made) == ["{0}: what we believed of {what} is past its shelf life"]
    assert [(step.refs, step.owner) for step in found.actions] == [
        ((made.ref("Lin"),), made.ref("Sato"))
    ]


def test_a_newer_belief_keeps_an_old_one_quiet():
    made = office().claim("Lin", "stance", "supporter", on="2024-01-01", shelf_life_days=90)
    made.claim("Lin", "stance", "neutral", on="2026-06-01")
    assert texts(made) == []


def test_three_people_known_through_one_of_us_alone_want_a_second():
    made = AccountBuilder()
    for name in FAIR[:3]:
        made.contact(name, since="2024-01-01")
        made.tie("Wang", name, level="problem_solver", judged="2026-06-01")
    assert texts(made) == [
        "Everybody we truly know, {count} people, is known through {0} alone",
    ]


def test_an_account_without_people_is_not_judged():
    assert isinstance(MapInOrder().score(AccountBuilder().post("Buyer").view(DAY)), NotApplicable)


def test_the_settings_move_what_is_suspicious():
    made = office().post("Component engineer", level="lead", since="2026-06-20")
    rule = MapInOrder(Settings(blank_days=10))
    found = rule.score(made.view(DAY))
    assert isinstance(found, Score)
    assert any("have not known" in row.text for row in found.evidence)


def test_it_counts_for_nothing_in_the_total():
    assert MapInOrder.weight == 0


def test_the_rule_keeps_its_word():
    made = office().claim("Lin", "stance", "supporter", on="2025-01-01", shelf_life_days=90)
    assert check_rule(MapInOrder(), made.view(DAY)).status == "ok"
