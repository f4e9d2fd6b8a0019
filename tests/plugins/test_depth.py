"""Depth: who hangs by one thread, on their side and on ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from relmap_plugins.depth import Settings, ThreadsHeld

from relmap.contracts import NotApplicable, Score
from relmap.testing import AccountBuilder, check_rule

DAY = "2026-07-01"
SIX = tuple("ABCDEF")


def score(made: AccountBuilder, settings: Settings | None = None) -> Score:
    result = ThreadsHeld(settings or Settings()).score(made.view(DAY))
    assert isinstance(result, Score)
    return result


def know(made: AccountBuilder, ours: str, *people: str) -> AccountBuilder:
    for person in people:
        made.tie(ours, person, level="trusted_advisor", judged=DAY)
    return made


def one_lab() -> AccountBuilder:
    """Six engineers who all report to one man."""
    made = AccountBuilder().post("Lab head", level="director", function="rnd")
    made.post("Engineer", level="staff", function="rnd", reports_to="Lab head", seats=6)
    made.tenure("Boss", "Lab head", since="2024-01-01")
    for person in SIX:
        made.tenure(person, "Engineer", since="2024-01-01")
    return made


def six_labs() -> AccountBuilder:
    """Six engineers under six superiors."""
    made = AccountBuilder()
    for person in SIX:
        made.post(f"Head of {person}", level="manager", function="rnd")
        made.post(
            f"Engineer {person}", level="staff", function="rnd", reports_to=f"Head of {person}"
        )
        made.tenure(person, f"Engineer {person}", since="2024-01-01")
    return made


def test_six_who_report_to_one_man_are_not_six_threads():
    together = score(know(one_lab(), "Wang", *SIX)).evidence[0]
    apart = score(know(six_labs(), "Wang", *SIX)).evidence[0]
    assert together.values["threads"] == pytest.approx(1.0, abs=0.01)
    assert apart.values["threads"] == pytest.approx(4.8)
    assert together.points < apart.points


def test_the_man_on_whom_they_hang_is_named():
    made = know(one_lab(), "Wang", *SIX)
    (said,) = [row for row in score(made).evidence if "count as one thread" in row.text]
    assert said.refs[0] == made.ref("Lab head")
    assert said.values["count"] == 6


def test_one_of_us_alone_is_one_thread_of_ours():
    made = know(six_labs(), "Wang", *SIX)
    alone = next(row for row in score(made).evidence if row.text.startswith("Our side"))
    assert alone.values["threads"] == pytest.approx(1.0, abs=0.01)
    (wang,) = [row for row in score(made).evidence if "only one of us" in row.text]
    assert wang.values == {"count": 6, "alone": 6}
    second = next(
        row
        for row in score(know(made, "Chen", *SIX[:2])).evidence
        if row.text.startswith("Our side")
    )
    assert second.points > alone.points


def test_a_function_that_hangs_on_one_person_names_them():
    made = know(one_lab(), "Wang", "A")
    (row,) = [row for row in score(made).evidence if "hangs on {0} alone" in row.text]
    assert row.refs == (made.ref("A"),)
    assert row.values["function"] == "rnd"


@pytest.mark.parametrize(("ours", "share"), [((), 0), (("Wang",), 0.5), (("Wang", "Chen"), 1)])
def test_a_deciding_post_needs_two_of_us(ours, share):
    made = one_lab()
    for one in ours:
        know(made, one, "Boss")
    (row,) = [row for row in score(made).evidence if row.text.startswith("{0} decides")]
    assert row.points == pytest.approx(25 * 0.25 * share)
    assert set(row.refs[:2]) == {made.ref("Lab head"), made.ref("Boss")}


def test_a_blank_deciding_post_says_what_is_missing():
    made = one_lab().post("President", level="executive")
    texts = {row.text for row in score(made).evidence if made.ref("President") in row.refs}
    assert texts == {"{0} decides and we do not know who sits there"}
    made = one_lab().post("President", level="executive", vacant_since="2026-01-01")
    texts = {row.text for row in score(made).evidence if made.ref("President") in row.refs}
    assert texts == {"{0} decides and is vacant"}


def test_of_many_unknown_deciders_the_rest_is_counted():
    made = AccountBuilder()
    for number in range(10):
        made.post(f"Head {number}", level="manager", unit=f"Unit {number}")
        made.tenure(f"P{number}", f"Head {number}", since="2024-01-01")
    rows = score(know(made, "Wang", "P9")).evidence
    assert len([row for row in rows if "nobody truly knows {1}" in row.text]) == 6
    assert rows[-1].values == {"count": 3}
    (held,) = [row for row in rows if "hangs on {2}" in row.text]
    assert held.points == pytest.approx(25 * 0.25 / 0.8 / 10 / 2)


def test_everything_held_twice_is_full_points():
    made = AccountBuilder()
    for person in SIX:
        made.post(f"Head {person}", level="manager", function="rnd", unit=f"Unit {person}")
        made.tenure(person, f"Head {person}", since="2024-01-01")
    for ours in ("Wang", "Chen", "Wu", "Li"):
        know(made, ours, *SIX)
    assert score(made).points == pytest.approx(25)


def test_an_account_without_people_is_not_applicable():
    made = AccountBuilder().post("President", level="executive")
    assert isinstance(ThreadsHeld().score(made.view(DAY)), NotApplicable)


def test_the_actions_have_owners_and_gains():
    made = know(one_lab(), "Wang", "Boss")
    step = next(row for row in score(made).actions if row.text.startswith("Let a second of us"))
    assert step.owner == made.ref("Wang")
    assert step.gain == pytest.approx(25 * 0.25 / 2)


def test_the_rule_keeps_its_word():
    assert check_rule(ThreadsHeld(), know(one_lab(), "Wang", "A", "Boss").view(DAY)).status == "ok"


TIES = st.lists(
    st.tuples(
        st.sampled_from(["Wang", "Chen"]),
        st.sampled_from([*SIX, "Boss"]),
        st.sampled_from(["vendor", "credible_source", "trusted_advisor"]),
    ),
    max_size=8,
    unique_by=lambda tie: tie[:2],
)


@given(TIES, st.sampled_from([*SIX, "Boss"]))
def test_one_more_friend_of_a_third_colleague_never_lowers_depth(ties, person):
    made = one_lab()
    for ours, theirs, level in ties:
        made.tie(ours, theirs, level=level, judged=DAY)
    before = score(made).points
    assert score(know(made, "Zhou", person)).points >= before - 1e-9


@given(TIES)
def test_the_score_is_its_evidence_and_within_bounds(ties):
    made = one_lab()
    for ours, theirs, level in ties:
        made.tie(ours, theirs, level=level, judged=DAY)
    found = score(made)
    assert found.points == pytest.approx(sum(row.points for row in found.evidence))
    assert 0 <= found.points <= 25 + 1e-9
