"""Freshness: ties within the rhythm that their level needs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from relmap_plugins.freshness import Settings, TiesKeptWarm

from relmap.contracts import NotApplicable, Score
from relmap.testing import AccountBuilder, check_rule

DAY = date(2026, 7, 1)


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def book(*people: str) -> AccountBuilder:
    made = AccountBuilder()
    for person in people:
        made.contact(person, since="2020-01-01")
    return made


def score(made: AccountBuilder) -> Score:
    result = TiesKeptWarm().score(made.view(DAY))
    assert isinstance(result, Score)
    return result


def test_a_tie_within_its_rhythm_brings_all_points():
    made = book("Lin").tie("Wang", "Lin", level="trusted_advisor", judged=ago(300))
    made.touch(ago(45), "Wang", "Lin", kind="call")
    assert score(made).points == pytest.approx(25)


@pytest.mark.parametrize(("days", "points"), [(46, 25 * 44 / 45), (68, 12.2), (90, 0), (400, 0)])
def test_a_late_tie_loses_until_twice_the_rhythm(days, points):
    made = book("Lin").tie("Wang", "Lin", level="trusted_advisor", judged=ago(700))
    made.touch(ago(days), "Wang", "Lin", kind="call")
    assert score(made).points == pytest.approx(points, abs=0.03)


def test_the_rhythm_is_that_of_the_level():
    for level, days in (("vendor", 90), ("credible_source", 75), ("problem_solver", 60)):
        made = book("Lin").tie("Wang", "Lin", level=level, judged=ago(700))
        assert score(made.touch(ago(days), "Wang", "Lin")).points == pytest.approx(25)
        made = book("Lin").tie("Wang", "Lin", level=level, judged=ago(700))
        assert score(made.touch(ago(days + 1), "Wang", "Lin")).points < 25


def test_the_later_tie_of_more_weight_comes_first_and_is_to_be_called():
    made = book("Lin", "Zhao").tie("Wang", "Lin", level="vendor", judged=ago(700))
    made.tie("Chen", "Zhao", level="trusted_advisor", judged=ago(700))
    made.touch(ago(200), "Wang", "Lin").touch(ago(200), "Chen", "Zhao")
    found = score(made)
    assert found.evidence[0].refs == (made.ref("Chen"), made.ref("Zhao"))
    first = found.actions[0]
    assert (first.refs, first.owner) == ((made.ref("Zhao"),), made.ref("Chen"))
    assert first.gain == pytest.approx(25 * 4 / 5)


def test_without_a_contact_on_record_the_day_of_the_judgement_counts():
    made = book("Lin").tie("Wang", "Lin", level="vendor", judged=ago(100))
    (row,) = score(made).evidence
    assert "no contact on record" in row.text
    assert row.values == {"days": 100, "rhythm": 90}


def test_a_contact_of_three_years_ago_is_still_the_last_one():
    made = book("Lin").tie("Wang", "Lin", level="vendor", judged=ago(10))
    made.touch(ago(1100), "Wang", "Lin")
    (row,) = score(made).evidence
    assert row.values["days"] == 1100


def test_who_left_needs_no_call():
    made = book("Lin").tenure("Gone", "Buyer", since="2024-01-01", until="2026-01-01")
    made.tie("Wang", "Gone", level="trusted_advisor", judged=ago(700))
    assert isinstance(TiesKeptWarm().score(made.view(DAY)), NotApplicable)


def test_what_is_no_relationship_cannot_go_cold():
    made = book("Lin", "Zhao").tie("Wang", "Lin", level="none", judged=ago(700))
    made.tie("Wang", "Zhao", judged=ago(700), sign=-1)
    assert isinstance(TiesKeptWarm().score(made.view(DAY)), NotApplicable)


def test_of_many_late_ties_the_rest_is_counted():
    people = [f"P{number}" for number in range(25)]
    made = book(*people)
    for person in people:
        made.tie("Wang", person, level="vendor", judged=ago(500))
    found = score(made)
    assert len(found.evidence) == 21
    assert found.evidence[-1].values == {"count": 5}
    assert len(found.actions) == 5


def test_the_rule_keeps_its_word():
    made = book("Lin").tie("Wang", "Lin", level="vendor", judged=ago(100))
    assert check_rule(TiesKeptWarm(), made.view(DAY)).status == "ok"


TIES = st.lists(
    st.tuples(
        st.sampled_from(["vendor", "credible_source", "problem_solver", "trusted_advisor"]),
        st.integers(0, 500),
    ),
    min_size=1,
    max_size=30,
)


def ties_of(ties) -> AccountBuilder:
    made = book(*(f"P{number}" for number in range(len(ties))))
    for number, (level, days) in enumerate(ties):
        made.tie("Wang", f"P{number}", level=level, judged=ago(900))
        made.touch(ago(days), "Wang", f"P{number}")
    return made


@given(TIES)
def test_the_score_is_its_evidence_and_within_bounds(ties):
    found = score(ties_of(ties))
    assert found.points == pytest.approx(sum(row.points for row in found.evidence))
    assert 0 <= found.points <= 25 + 1e-9


@given(TIES, st.data())
def test_one_more_call_never_lowers_freshness(ties, data):
    made = ties_of(ties)
    before = score(made).points
    number = data.draw(st.integers(0, len(ties) - 1))
    made.touch(ago(data.draw(st.integers(0, 600))), "Wang", f"P{number}", kind="call")
    assert score(made).points >= before - 1e-9


def test_a_stricter_rhythm_is_a_setting():
    made = book("Lin").tie("Wang", "Lin", level="vendor", judged=ago(50))
    rule = TiesKeptWarm(Settings(vendor=30))
    result = rule.score(made.view(DAY))
    assert isinstance(result, Score)
    assert result.points < 25
