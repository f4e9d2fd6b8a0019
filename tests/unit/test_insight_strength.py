"""Strength and coverage: the worked example of the docs, and the laws."""

import pickle
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.contracts import RELATIONSHIP_LEVELS, AccountView, Measures
from relmap.contracts.words import TOUCH_KINDS
from relmap.insight import coverage, known_people, strength, threads_of
from relmap.testing import AccountBuilder

DAY = date(2026, 7, 1)
PAGE = (Path(__file__).parents[2] / "docs" / "strength.md").read_text(encoding="utf-8")


def book() -> AccountBuilder:
    return AccountBuilder().tenure("Lin", "Director", since="2024-01-01")


def example() -> tuple[AccountBuilder, AccountView]:
    made = (
        book()
        .tie("Wang", "Lin", level="problem_solver", judged="2025-07-01")
        .touch("2026-04-02", "Wang", "Lin", kind="visit")
        .touch("2026-07-01", "Wang", "Lin", kind="mail")
        .touch("2026-03-03", "Chen", "Lin", kind="call")
    )
    return made, made.view(DAY)


def test_the_worked_example_of_the_page_is_what_comes_out():
    made, view = example()
    wang, chen, lin = (made.ref(name) for name in ("Wang", "Chen", "Lin"))
    stated = [float(number) for number in re.findall(r"\*\*(0\.\d{3})\*\*", PAGE)]
    assert stated[2:] == [
        round(strength(view, wang, lin), 3),
        round(strength(view, chen, lin), 3),
        round(coverage(view, lin), 3),
    ]
    level_alone = book().tie("Wang", "Lin", level="problem_solver", judged="2025-07-01")
    assert round(coverage(level_alone.view(DAY), level_alone.ref("Lin")), 3) == stated[0]
    assert 1 - (1 - stated[0]) * (1 - stated[1]) == pytest.approx(stated[2], abs=0.001)


def test_the_page_states_every_constant_as_it_is():
    cells = {
        row[0]: tuple(float(cell) for cell in row[1:] if re.fullmatch(r"[\d.]+", cell))
        for line in PAGE.splitlines()
        if line.startswith("| `")
        for row in [[cell.strip(" `") for cell in line.strip("|").split("|")]]
    }
    now = Measures()
    stated = {kind: (weight, float(days)) for kind, weight, days in now.touches}
    for name in ("level_share", "touch_share", "level_half_life", "known_from", "deciding_from"):
        stated[name] = (float(getattr(now, name)),)
    assert cells == stated


def test_two_visits_make_a_person_warm_and_one_does_not():
    once = book().touch("2026-06-30", "Wang", "Lin")
    assert once.ref("Lin") not in known_people(once.view(DAY))
    twice = once.touch("2026-06-01", "Wang", "Lin")
    assert twice.ref("Lin") in known_people(twice.view(DAY))


def test_an_ended_tie_carries_no_level():
    made = book().tie("Wang", "Lin", level="trusted_advisor", judged="2026-01-01", until=DAY)
    assert coverage(made.view("2026-06-30"), made.ref("Lin")) > 0.6
    assert coverage(made.view(DAY), made.ref("Lin")) == 0


def test_enmity_is_no_warmth():
    made = book().tie("Wang", "Lin", level="trusted_advisor", judged=DAY, sign=-1)
    assert coverage(made.view(DAY), made.ref("Lin")) == 0


def test_of_two_ties_the_stronger_counts_once():
    one = book().tie("Wang", "Lin", level="problem_solver", judged=DAY)
    alone = coverage(one.view(DAY), one.ref("Lin"))
    both = one.tie("Wang", "Lin", level="vendor", judged=DAY, kind="schoolmate")
    assert coverage(both.view(DAY), both.ref("Lin")) == alone


def test_a_touch_counts_for_each_of_them_who_took_part():
    made = book().contact("Zhao", since="2024-01-01").touch(DAY, "Wang", "Lin", "Zhao")
    view = made.view(DAY)
    assert coverage(view, made.ref("Lin")) == coverage(view, made.ref("Zhao")) > 0


def test_touches_before_the_24_months_give_a_day_and_no_strength():
    made = book().touch("2024-03-01", "Wang", "Lin", kind="meal")
    (thread,) = threads_of(made.view(DAY), made.ref("Lin"))
    assert (thread.strength, thread.touch_count) == (0, 0)
    assert thread.last_on == date(2024, 3, 1)


def test_a_tie_between_two_of_them_is_no_warmth_of_ours():
    made = book().contact("Zhao", since="2024-01-01")
    made.tie("Zhao", "Lin", level="trusted_advisor", judged=DAY)
    assert coverage(made.view(DAY), made.ref("Lin")) == 0


def test_looking_leaves_no_trace_in_the_view():
    view = example()[1]
    before = pickle.dumps(view)
    known_people(view)
    assert pickle.dumps(view) == before
    assert not {name for name in vars(view) if "insight" in name}


def test_an_answer_kept_for_one_view_is_not_given_for_another():
    made, view = example()
    lin = made.ref("Lin")
    stricter = replace(view, measures=replace(view.measures, known_from=0.9))
    assert lin in known_people(view)
    assert lin not in known_people(stricter)


# --- laws

LEVELS = st.sampled_from(RELATIONSHIP_LEVELS)
DAYS = st.integers(0, 900).map(lambda age: DAY - timedelta(days=age))
TOUCHES = st.lists(st.tuples(DAYS, st.sampled_from(TOUCH_KINDS)), max_size=12)


def account(level, judged, touches) -> tuple[AccountBuilder, AccountView]:
    made = AccountBuilder().tenure("Lin", "Director", since="2020-01-01")
    made.tie("Wang", "Lin", level=level, judged=judged)
    for on, kind in touches:
        made.touch(on, "Wang", "Lin", kind=kind)
    return made, made.view(DAY)


def strength_in(level, judged, touches) -> float:
    made, view = account(level, judged, touches)
    return strength(view, made.ref("Wang"), made.ref("Lin"))


@given(LEVELS, DAYS, TOUCHES, DAYS, st.sampled_from(TOUCH_KINDS))
def test_one_more_touch_never_lowers(level, judged, touches, on, kind):
    less = strength_in(level, judged, touches)
    assert less <= strength_in(level, judged, [*touches, (on, kind)]) + 1e-12


@given(LEVELS, LEVELS, DAYS, TOUCHES)
def test_a_higher_level_never_lowers(one, other, judged, touches):
    lower, higher = sorted((one, other), key=RELATIONSHIP_LEVELS.index)
    assert strength_in(lower, judged, touches) <= strength_in(higher, judged, touches)


@given(LEVELS, DAYS, TOUCHES, st.integers(1, 1000))
def test_older_never_raises(level, judged, touches, days):
    made, view = account(level, judged, touches)
    later = made.view(DAY + timedelta(days=days))
    wang, lin = made.ref("Wang"), made.ref("Lin")
    assert strength(later, wang, lin) <= strength(view, wang, lin) + 1e-12


@given(LEVELS, DAYS, TOUCHES)
def test_strength_and_coverage_lie_between_0_and_1(level, judged, touches):
    made, view = account(level, judged, touches * 5)
    wang, lin = made.ref("Wang"), made.ref("Lin")
    assert 0 <= strength(view, wang, lin) <= coverage(view, lin) + 1e-12 <= 1 + 1e-12


@given(LEVELS, DAYS, TOUCHES)
def test_one_more_of_us_never_lowers_coverage(level, judged, touches):
    made, view = account(level, judged, touches)
    made.tie("Chen", "Lin", level="vendor", judged=DAY)
    assert coverage(view, made.ref("Lin")) <= coverage(made.view(DAY), made.ref("Lin"))
