"""Who would follow: the relations, what the record teaches, and the laws."""

import math
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.insight.horizon import expected
from relmap.insight.nearby_posts import is_deputy
from relmap.insight.succession import (
    ACTING_CONFIRMED,
    NAMED,
    PRIOR,
    PRIOR_SUCCESSIONS,
    succession,
    successions,
)
from relmap.insight.successions import followed, record
from relmap.testing import AccountBuilder

DAY = date(2026, 7, 1)
PAGE = (Path(__file__).parents[2] / "docs" / "foresight.md").read_text(encoding="utf-8")


def division() -> AccountBuilder:
    """A director with a deputy, a manager below, a peer elsewhere and a mate in the unit."""
    return (
        AccountBuilder()
        .post("采购总监", unit="Purchasing", level="director", function="purchasing")
        .post("采购副总监", unit="Purchasing", level="director", reports_to="采购总监")
        .post("Buying manager", unit="Purchasing", level="manager", reports_to="采购总监")
        .post("Buyer of plant 2", unit="Plant 2", level="manager", function="purchasing")
        .post("Contract manager", unit="Purchasing", level="manager")
        .post("Painter", unit="Plant 2", level="manager", function="other")
        .tenure("Wu", "采购总监", since="2024-01-01")
        .tenure("Deng", "采购副总监", since="2024-01-01")
        .tenure("Mei", "Buying manager", since="2024-01-01")
        .tenure("Pang", "Buyer of plant 2", since="2024-01-01")
        .tenure("Tong", "Contract manager", since="2024-01-01")
        .tenure("Hua", "Painter", since="2024-01-01")
    )


def told(made: AccountBuilder, post: str = "采购总监", day=DAY) -> dict[str, float]:
    """The chances by name and ``outside``, as the record of the day has them."""
    view = made.view(day)
    found = succession(view, made.ref(post))
    rows = {view.person(row.person).name: row.chance for row in found.successors}
    return rows | {"outside": found.outside}


def relations(made: AccountBuilder, post: str = "采购总监") -> dict[str, str]:
    view = made.view(DAY)
    found = succession(view, made.ref(post)).successors
    return {view.person(row.person).name: row.relation for row in found}


def test_each_candidate_counts_under_the_nearest_relation():
    assert relations(division()) == {
        "Deng": "deputy",
        "Mei": "report",
        "Pang": "function",
        "Tong": "unit",
    }


def test_without_a_record_the_prior_speaks():
    # The road (edge) has nobody on it, so that its part goes to those further away.
    further = 1 - PRIOR["deputy"]
    scale = further / (further - PRIOR["edge"])
    assert told(division()) == pytest.approx(
        {
            "Deng": PRIOR["deputy"],
            "Mei": PRIOR["report"] * scale,
            "Pang": PRIOR["function"] * scale,
            "Tong": PRIOR["unit"] * scale,
            "outside": PRIOR["outside"] * scale,
        }
    )


def test_the_prior_sums_to_one():
    assert math.fsum(PRIOR.values()) == pytest.approx(1)


def test_the_page_states_the_priors_as_they_are():
    section = PAGE.split("\n## Succession\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if "| `" in line]
    stated = {cells[0].strip("`"): cells[-1] for cells in rows}
    assert {name: float(stated[name]) for name in PRIOR} == PRIOR
    named = [float(chance) for chance in re.findall(r"0\.\d+", stated["named"])]
    assert named == [NAMED["told"], NAMED["inferred"], NAMED["hearsay"]]
    assert NAMED["seen"] == NAMED["told"]
    mean, weight = ACTING_CONFIRMED
    assert stated["acting"] == f"{mean}, worth {weight:g} acting holders"
    assert f"prior worth {PRIOR_SUCCESSIONS:g} successions" in section


def test_a_post_where_nobody_is_near_is_followed_from_outside():
    made = AccountBuilder().tenure("Wu", "Director", since="2024-01-01")
    assert told(made, "Director") == {"outside": 1.0}


def test_a_superior_does_not_follow_below():
    made = AccountBuilder().post("President", level="director", function="purchasing")
    made.post("Director", level="director", function="purchasing", reports_to="President")
    made.tenure("Li", "President", since="2024-01-01").tenure("Wu", "Director", since="2024-01-01")
    assert told(made, "Director") == {"outside": 1.0}
    assert relations(made, "President") == {"Wu": "report"}


def test_two_of_one_relation_share_its_chance():
    made = division().post("Second deputy director", level="director", reports_to="采购总监")
    made.tenure("Dong", "Second deputy director", since="2025-01-01")
    chances = told(made)
    assert chances["Deng"] == chances["Dong"] == pytest.approx(PRIOR["deputy"] / 2)


def test_who_stands_two_levels_below_has_half_the_part():
    made = division().post("Lead buyer", unit="Purchasing", level="lead", reports_to="采购总监")
    made.tenure("Lei", "Lead buyer", since="2025-01-01")
    chances = told(made)
    assert chances["Lei"] == pytest.approx(chances["Mei"] / 2)


def test_who_leaves_the_company_follows_nowhere():
    made = division().post("Vice president", level="director", reports_to="采购总监")
    made.tenure(
        "Yan",
        "Vice president",
        since="2025-01-01",
        until="2026-09-01",
        announced_on="2026-06-01",
        reason="retired",
    )
    assert "Yan" not in told(made)


def test_an_acting_holder_comes_before_the_deputy():
    made = AccountBuilder().post("Director", level="director", vacant_since="2026-05-01")
    made.post("Deputy director", level="director", reports_to="Director")
    made.tenure("Deng", "Deputy director", since="2024-01-01")
    made.tenure(
        "Yu",
        "Director",
        since="2026-05-01",
        until="2026-12-31",
        announced_on="2026-06-01",
        acting=True,
    )
    chances = told(made, "Director")
    assert chances["Yu"] == ACTING_CONFIRMED[0]
    assert chances["Deng"] == pytest.approx((1 - chances["Yu"]) * PRIOR["deputy"])


def test_who_acts_without_a_last_day_follows_nobody_least_of_all_himself():
    made = AccountBuilder().post("Director", level="director")
    made.post("Deputy director", level="director", reports_to="Director")
    made.tenure("Deng", "Deputy director", since="2024-01-01")
    made.tenure("Yu", "Director", since="2026-05-01", acting=True)
    assert set(told(made, "Director")) == {"Deng", "outside"}


def test_acting_holders_who_were_confirmed_raise_the_chance_of_the_next():
    made = AccountBuilder().post("Director", level="director")
    made.tenure("A", "Director", since="2020-01-01", until="2020-06-01", acting=True)
    made.tenure("A", "Director", since="2020-06-01", until="2026-05-01")
    made.tenure(
        "Yu",
        "Director",
        since="2026-05-01",
        until="2026-12-31",
        announced_on="2026-06-01",
        acting=True,
    )
    mean, weight = ACTING_CONFIRMED
    assert told(made, "Director")["Yu"] == pytest.approx((mean * weight + 1) / (weight + 1))


def test_a_named_successor_comes_first_as_far_as_the_claim_is_worth():
    made = division()
    made.claim("采购总监", "successor", str(made.ref("Hua")), on="2026-06-01", basis="told")
    assert told(made)["Hua"] == NAMED["told"]
    assert told(made)["Deng"] == pytest.approx((1 - NAMED["told"]) * PRIOR["deputy"])


@pytest.mark.parametrize("value", ["the tall one", "person:999", "post:1", "person:1"])
def test_a_successor_named_otherwise_changes_nothing(value):
    made = division()
    before = told(made)
    assert told(made.claim("采购总监", "successor", value, on="2026-06-01")) == before


def test_a_stale_claim_names_nobody():
    made = division()
    made.claim("采购总监", "successor", str(made.ref("Hua")), on="2025-01-01", shelf_life_days=30)
    assert "Hua" not in told(made)


def test_deputies_who_followed_raise_the_chance_of_the_next_deputy():
    made = division()
    before = told(made)["Deng"]
    made.post("Quality director", unit="Quality", level="director", since="2019-01-01")
    made.post("Quality deputy director", unit="Quality", reports_to="Quality director")
    made.tenure("Qi", "Quality director", since="2019-01-01", until="2023-01-01")
    made.tenure("Ding", "Quality deputy director", since="2019-01-01", until="2023-01-01")
    made.tenure("Ding", "Quality director", since="2023-01-01")
    expected = (PRIOR_SUCCESSIONS * PRIOR["deputy"] + 1) / (PRIOR_SUCCESSIONS + 1)
    after = told(made)["Deng"]
    assert after > before
    assert after == pytest.approx(expected)


def test_a_succession_without_any_deputy_in_place_teaches_nothing_about_deputies():
    made = division()
    made.post("Head of paint", unit="Paint", level="director")
    made.tenure("A", "Head of paint", since="2020-01-01", until="2023-01-01")
    made.tenure("B", "Head of paint", since="2023-01-01")
    assert told(made)["Deng"] == pytest.approx(PRIOR["deputy"])
    assert record(made.view(DAY), staff=False).came == {"outside": 1}


def test_a_road_gone_before_makes_its_post_a_candidate():
    made = division()
    made.tenure("Old", "Painter", since="2018-01-01", until="2021-01-01")
    made.tenure("Old", "采购总监", since="2021-01-01", until="2024-01-01")
    assert relations(made)["Hua"] == "edge"
    rows = succession(made.view(DAY), made.ref("采购总监")).successors
    reason = next(row.reason for row in rows if row.relation == "edge")
    assert reason.refs == (made.ref("Hua"), made.ref("采购总监"), made.ref("Painter"))
    assert reason.values["moves"] == 1


def test_the_first_move_along_a_road_is_no_proof_of_that_road():
    made = AccountBuilder()
    made.post("Director", level="director").post("Painter", unit="Paint", level="manager")
    made.tenure("A", "Director", since="2018-01-01", until="2021-01-01")
    made.tenure("Old", "Painter", since="2018-01-01", until="2021-01-01")
    made.tenure("Old", "Director", since="2021-01-01")
    assert record(made.view(DAY), staff=False).came == {"outside": 1}


def test_staff_and_those_above_teach_nothing_about_each_other():
    made = division()
    made.post("Clerk", unit="Hall", level="staff")
    made.tenure("A", "Clerk", since="2020-01-01", until="2023-01-01")
    made.tenure("B", "Clerk", since="2023-01-01")
    view = made.view(DAY)
    assert (record(view, staff=True).seen, record(view, staff=False).seen) == (1, 0)


# --- what counts as a succession


def seen(made: AccountBuilder, day=DAY) -> list[tuple[str, str]]:
    view = made.view(day)
    return [
        (view.person(row.left.person).name, view.person(row.came.person).name)
        for row in followed(view)
    ]


def test_who_acts_between_two_holders_is_passed_over():
    made = AccountBuilder()
    made.tenure("A", "Director", since="2020-01-01", until="2023-01-01")
    made.tenure("B", "Director", since="2023-01-01", until="2023-06-01", acting=True)
    made.tenure("C", "Director", since="2023-06-01")
    assert seen(made) == [("A", "C")]


def test_a_parallel_handover_is_one_succession():
    made = AccountBuilder()
    made.tenure("A", "Director", since="2020-01-01", until="2023-02-01")
    made.tenure("B", "Director", since="2023-01-01")
    assert seen(made) == [("A", "B")]


def test_a_seat_that_nobody_took_yet_is_no_succession():
    made = AccountBuilder().tenure("A", "Director", since="2020-01-01", until="2023-01-01")
    assert seen(made) == []


def test_who_comes_back_to_the_same_seat_follows_nobody():
    made = AccountBuilder()
    made.tenure("A", "Director", since="2020-01-01", until="2023-01-01")
    made.tenure("A", "Director", since="2023-03-01")
    assert seen(made) == []


def test_two_who_leave_a_post_of_two_seats_have_a_successor_each():
    made = AccountBuilder().post("Buyer", seats=2)
    for old, new in (("A", "C"), ("B", "D")):
        made.tenure(old, "Buyer", since="2020-01-01", until="2023-01-01")
        made.tenure(new, "Buyer", since="2023-01-01")
    assert seen(made) == [("A", "C"), ("B", "D")]


@pytest.mark.parametrize(
    ("title", "answer"),
    [
        ("采购部副部长", True),
        ("副总经理", True),
        ("課長代理", True),
        ("次長", True),
        ("Deputy Head of Purchasing", True),
        ("Vice President", True),
        ("Assistant general manager", True),
        ("Associate director", True),
        ("采购部部长", False),
        ("总经理助理", False),
        ("Assistant to the director", False),
        ("Service manager", False),
        ("Advice desk lead", False),
    ],
)
def test_a_title_marks_a_deputy_or_not(title, answer):
    assert is_deputy(title) is answer


# --- laws

POSTS = ("Director", "Deputy director", "Manager", "Buyer", "Planner", "VP")
PEOPLE = tuple("ABCDEFGH")
DAYS = st.integers(0, 3000).map(lambda age: DAY - timedelta(days=age))
SPAN = st.tuples(
    st.sampled_from(PEOPLE),
    st.sampled_from(POSTS),
    DAYS,
    st.one_of(st.none(), st.integers(1, 1500)),
    st.booleans(),
)
SPANS = st.lists(SPAN, max_size=25)


def random_account(spans, later=()) -> AccountBuilder:
    made = AccountBuilder()
    made.post("VP", level="executive", function="management")
    made.post("Director", level="director", function="purchasing", reports_to="VP")
    made.post("Deputy director", level="director", function="purchasing", reports_to="Director")
    made.post("Manager", level="manager", function="purchasing", reports_to="Director")
    made.post("Buyer", level="staff", function="purchasing", reports_to="Manager", seats=2)
    made.post("Planner", unit="Plant", level="manager", function="planning")
    for person, post, since, days, acting in (*spans, *later):
        until = None if days is None else since + timedelta(days=days)
        made.tenure(person, post, since=since, until=until, acting=acting)
    return made


@given(SPANS)
def test_the_chances_of_every_post_sum_to_one(spans):
    made = random_account(spans)
    view = made.view(DAY)
    for post in view.open_posts:
        found = succession(view, post.ref)
        chances = [*(row.chance for row in found.successors), found.outside]
        assert math.fsum(chances) == pytest.approx(1, abs=1e-12)
        assert all(0 < chance <= 1 for chance in chances)
        people = [row.person for row in found.successors]
        assert len(people) == len(set(people))
        holding = {row.person for row in view.holders(post.ref) if not row.acting}
        assert holding.isdisjoint(people)


@given(SPANS, st.lists(SPAN, min_size=1, max_size=25))
def test_facts_that_begin_later_change_nothing(spans, later):
    ahead = [
        (person, post, since + timedelta(days=3001), days, acting)
        for person, post, since, days, acting in later
    ]
    found = successions(random_account(spans).view(DAY))
    assert found
    assert found == successions(random_account(spans, ahead).view(DAY))


@given(SPANS)
def test_every_reason_can_be_said(spans):
    made = random_account(spans).tenure("Deng", "Deputy director", since=DAY)  # may follow always
    found = [row for one in successions(made.view(DAY)).values() for row in one.successors]
    assert made.ref("Deng") in {row.person for row in found}
    for row in found:
        assert row.person in row.reason.refs


# --- announced


def announced(made, person="Bo Wu", on="2026-09-01"):
    return made.tenure(person, "采购总监", since=on, start_announced_on="2026-06-01")


def test_who_is_announced_follows_for_sure_and_nobody_else():
    made = announced(division())
    assert told(made) == {"Bo Wu": 1.0, "outside": 0.0}
    (only,) = succession(made.view(DAY), made.ref("采购总监")).successors
    assert (only.relation, only.reason.values["day"]) == ("announced", "2026-09-01")


def test_of_two_announced_the_next_to_begin_follows():
    made = announced(announced(division(), "Li Na", "2027-01-01"))
    assert told(made) == {"Bo Wu": 1.0, "outside": 0.0}


def test_who_is_announced_for_another_post_is_a_candidate_nowhere_else():
    made = division()
    made.tenure("Deng", "Adviser", since="2026-09-01", start_announced_on="2026-06-01")
    assert "Deng" not in told(made)


def test_before_it_was_on_record_others_are_forecast():
    made = announced(division())
    before = made.view("2026-05-31")
    people = {row.person for row in succession(before, made.ref("采购总监")).successors}
    assert made.ref("Deng") in people
    assert made.ref("Bo Wu") not in people


def test_a_seat_that_nobody_we_know_holds_is_expected_to_go_to_whom_it_is_announced():
    made = AccountBuilder().post("Director", level="director")
    made.tenure("Bo Wu", "Director", since="2026-09-01", start_announced_on="2026-06-01")
    (part,) = expected(made.view(DAY))
    assert [(row.person, row.chance) for row in part.sitters] == [(made.ref("Bo Wu"), 1.0)]
    assert not part.is_unnamed
