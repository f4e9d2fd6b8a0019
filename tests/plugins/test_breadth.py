"""Breadth: people, functions and levels truly known, against a target."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from relmap_plugins.breadth import PeopleKnown, Settings

from relmap.contracts import NotApplicable, Score
from relmap.testing import AccountBuilder, check_rule

DAY = "2026-07-01"
POSTS = (
    ("Purchasing director", "purchasing", "director"),
    ("Buyer", "purchasing", "staff"),
    ("Lab head", "rnd", "manager"),
    ("Engineer", "rnd", "staff"),
    ("Auditor", "quality", "lead"),
    ("Secretary", "other", "staff"),
)


def firm() -> AccountBuilder:
    made = AccountBuilder()
    for title, function, level in POSTS:
        made.post(title, function=function, level=level)
        made.tenure(f"The {title}", title, since="2024-01-01")
    return made


def score(made: AccountBuilder, settings: Settings | None = None) -> Score:
    result = PeopleKnown(settings or Settings()).score(made.view(DAY))
    assert isinstance(result, Score)
    return result


def know(made: AccountBuilder, *titles: str) -> AccountBuilder:
    for title in titles:
        made.tie("Wang", f"The {title}", level="problem_solver", judged=DAY)
    return made


def test_knowing_nobody_is_zero_points():
    found = score(firm())
    assert (found.points, found.out_of) == (0, 25)


def test_each_part_says_what_is_known_of_what():
    found = score(know(firm(), "Buyer", "Lab head"))
    rows = {row.text: row for row in found.evidence if "people" in row.values}
    (people,) = rows.values()
    assert people.values == {"known": 2, "people": 6, "target": 12}
    assert people.points == pytest.approx(25 * 0.4 * 2 / 12)
    functions = {
        row.values["function"]: row.values["known"]
        for row in found.evidence
        if "function" in row.values
    }
    assert functions == {"rnd": 1, "purchasing": 1, "quality": 0}


def test_everybody_known_is_full_points():
    made = know(firm(), *(title for title, _, _ in POSTS))
    assert score(made, Settings(people=6)).points == pytest.approx(25)


def test_a_function_of_one_seat_asks_for_one_person():
    found = score(know(firm(), "Auditor"))
    (quality,) = [row for row in found.evidence if row.values.get("function") == "quality"]
    assert quality.values["target"] == 1
    assert quality.points == pytest.approx(25 * 0.35 / 3)


def test_who_left_is_not_counted():
    made = firm().tenure("Gone", "Clerk", since="2024-01-01", until="2026-01-01")
    made.tie("Wang", "Gone", level="trusted_advisor", judged=DAY)
    assert score(made).evidence[0].values["known"] == 0


def test_the_actions_name_whom_to_meet_and_who_could_introduce():
    found = score(know(firm(), "Buyer"))
    made = know(firm(), "Buyer")
    (step,) = [row for row in found.actions if made.ref("Purchasing director") in row.refs]
    assert step.refs[0] == made.ref("The Purchasing director")
    assert step.refs[2] == made.ref("The Buyer")
    assert step.owner == made.ref("Wang")


def test_an_action_gains_what_it_says():
    made = know(firm(), "Buyer")
    step = next(row for row in score(made).actions if made.ref("Lab head") in row.refs)
    gained = [row.points for row in score(know(made, "Lab head")).evidence]
    before = [row.points for row in score(know(firm(), "Buyer")).evidence]
    functions = sum(gained[1:4]) - sum(before[1:4])
    assert step.gain == pytest.approx(functions)


def test_a_seat_whose_holder_is_unknown_is_to_be_found_out():
    made = AccountBuilder().post("Component engineer", function="component_engineering")
    found = score(made)
    assert found.actions[0].text == "Find out who is {0}"


def test_an_empty_account_is_not_zero():
    assert isinstance(PeopleKnown().score(AccountBuilder().view(DAY)), NotApplicable)


def test_a_contact_without_posts_is_scored_by_people_alone():
    made = AccountBuilder().contact("Zhao", since="2024-01-01")
    made.tie("Wang", "Zhao", level="problem_solver", judged=DAY)
    assert score(made, Settings(people=1)).points == pytest.approx(25)


def test_the_rule_keeps_its_word():
    made = know(firm(), "Buyer", "Auditor")
    assert check_rule(PeopleKnown(), made.view(DAY)).status == "ok"


NAMES = st.sampled_from([f"The {title}" for title, _, _ in POSTS] + ["Newcomer"])
TIES = st.lists(
    st.tuples(NAMES, st.sampled_from(["vendor", "credible_source", "trusted_advisor"])),
    max_size=6,
    unique_by=lambda tie: tie[0],
)


@given(TIES, NAMES, st.sampled_from(["vendor", "credible_source", "trusted_advisor"]))
def test_one_more_fresh_tie_never_lowers_breadth(ties, name, level):
    made = firm().contact("Newcomer", since="2024-01-01")
    for theirs, known in ties:
        made.tie("Wang", theirs, level=known, judged="2026-01-01")
    before = score(made).points
    made.tie("Chen", name, level=level, judged=DAY)
    assert score(made).points >= before - 1e-9


@given(TIES)
def test_the_score_is_its_evidence_and_within_bounds(ties):
    made = firm().contact("Newcomer", since="2024-01-01")
    for theirs, known in ties:
        made.tie("Wang", theirs, level=known, judged=DAY)
    found = score(made)
    assert found.points == pytest.approx(sum(row.points for row in found.evidence))
    assert 0 <= found.points <= 25 + 1e-9
    assert all(row.points >= 0 for row in found.evidence)
