"""The cultivation plan: what will be, the optimum, the whole book, waves."""

import math
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations_with_replacement
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.contracts import AccountView, Bands, Measures, Ref, codec
from relmap.contracts.rows import OutlookRow
from relmap.insight import coverage
from relmap.insight.horizon import chance_of_leaving, expected, expected_coverage, readiness
from relmap.insight.percentages import in_steps
from relmap.insight.plan import book_plan, plan, visits_in
from relmap.insight.succession import PRIOR
from relmap.insight.visits import Stake, Visit, best_visits, gain_per_visit, value_of
from relmap.insight.waves import holders_below, wave_in, waves, worst_case
from relmap.testing import AccountBuilder

DAY = date(2026, 7, 1)


def foreseen(made: AccountBuilder, chances: dict[str, float | None], day=DAY) -> AccountView:
    """The view with the same chance of leaving at all three days, by the holder's name."""
    view = made.view(day)
    rows = tuple(
        OutlookRow(row.ref, "model", chance, chance, chance)
        for name, chance in chances.items()
        for row in view.tenures_of(made.ref(name))
        if not row.has_ended(day)
    )
    return replace(view, outlook=rows)


def two() -> AccountBuilder:
    """A director whom we know, with a deputy whom we do not."""
    return (
        AccountBuilder()
        .post("Director", level="director", decision_weight=0.8)
        .post("Deputy director", level="lead", reports_to="Director")
        .tenure("Wu", "Director", since="2024-01-01")
        .tenure("Deng", "Deputy director", since="2024-01-01")
        .tie("Wang", "Wu", level="problem_solver", judged=DAY)
    )


# --- the chance within any number of days


def row(p90=None, p180=None, p365=None) -> OutlookRow:
    return OutlookRow(Ref("tenure", 1), "model", p90, p180, p365)


def test_the_forecast_days_themselves_give_the_forecast():
    known = row(0.1, 0.2, 0.5)
    found = [chance_of_leaving(known, days) for days in (0, 90, 180, 365)]
    assert found == pytest.approx([0, 0.1, 0.2, 0.5])


def test_between_two_days_the_hazard_is_constant():
    assert chance_of_leaving(row(0.1, 0.2, 0.5), 135) == pytest.approx(1 - math.sqrt(0.9 * 0.8))


def test_beyond_the_last_day_the_last_hazard_goes_on():
    assert chance_of_leaving(row(p365=0.5), 730) == pytest.approx(0.75)


def test_missing_days_are_bridged_and_no_figure_is_no_chance():
    assert chance_of_leaving(row(p180=0.36), 90) == pytest.approx(0.2)
    assert chance_of_leaving(row(), 180) is None


def test_before_a_sure_end_any_day_may_be_the_last():
    assert chance_of_leaving(row(0.0, 0.0, 1.0), 180) == 0
    assert chance_of_leaving(row(0.0, 0.0, 1.0), 272) == pytest.approx((272 - 180) / 185)
    assert chance_of_leaving(row(1.0, 1.0, 1.0), 400) == 1


CHANCES = st.one_of(st.none(), st.floats(0, 1))


@given(CHANCES, CHANCES, CHANCES, st.integers(0, 1500), st.integers(0, 1500))
def test_the_chance_grows_with_the_days_and_stays_a_chance(p90, p180, p365, one, other):
    known = row(p90, p180, p365)
    found = [chance_of_leaving(known, days) for days in sorted((one, other))]
    if None not in found:
        assert 0 <= found[0] <= found[1] + 1e-12 <= 1 + 1e-12


# --- who sits there at the horizon


def test_a_post_is_expected_to_be_covered_by_who_stays_and_who_follows():
    made = two().touch(DAY, "Wang", "Deng")
    view = foreseen(made, {"Wu": 0.4})
    part = expected_coverage(view, made.ref("Director"))
    assert part == expected(view)[0]
    wu, deng = (coverage(view, made.ref(name)) for name in ("Wu", "Deng"))
    assert part.coverage == pytest.approx(0.6 * wu + 0.4 * PRIOR["deputy"] * deng)
    assert part.outside == pytest.approx(0.4 * (1 - PRIOR["deputy"]))


def test_a_vacant_seat_goes_wholly_to_who_follows():
    made = two().post("Buying director", unit="Buying", level="director")
    made.tenure("Ex", "Buying director", since="2024-01-01", until=DAY, nobody_yet=True)
    made.post("Deputy of buying director", level="director", reports_to="Buying director")
    made.tenure("Dong", "Deputy of buying director", since="2024-01-01")
    part = next(row for row in expected(made.view(DAY)) if row.post == made.ref("Buying director"))
    assert (part.change, part.is_unnamed) == (1, False)
    assert {row.person for row in part.sitters} == {made.ref("Dong")}


def test_a_seat_whose_holder_we_cannot_name_is_nobodys():
    made = AccountBuilder().post("Director", level="director")
    (part,) = expected(made.view(DAY))
    assert (part.is_unnamed, part.sitters, part.coverage) == (True, (), 0)


def test_several_holders_share_a_post_and_a_free_seat_beside_them_counts_for_nothing():
    made = AccountBuilder().post("Director", level="director", seats=3)
    made.tenure("Wu", "Director", since="2024-01-01").tenure("Li", "Director", since="2024-01-01")
    (part,) = expected(foreseen(made, {"Wu": 0.5, "Li": 0.0}))
    chances = {row.person: row.chance for row in part.sitters}
    assert chances == {made.ref("Wu"): 0.25, made.ref("Li"): 0.5}
    assert (part.change, part.outside, part.is_unnamed) == (0.25, 0.25, False)


def test_of_two_holders_the_one_with_a_forecast_is_reckoned_with():
    made = AccountBuilder().post("Director", level="director", seats=2)
    made.tenure("Wu", "Director", since="2024-01-01").tenure("Li", "Director", since="2024-01-01")
    made.tie("Wang", "Wu", level="problem_solver", judged=DAY)
    view = foreseen(made, {"Wu": 0.0})
    (part,) = expected(view)
    assert part.coverage == pytest.approx(coverage(view, made.ref("Wu")))
    assert part.unforecast == tuple(row.ref for row in view.tenures_of(made.ref("Li")))


def test_a_holder_without_forecast_is_left_out_and_named():
    view = two().view(DAY)
    (part,) = expected(view)
    assert part.coverage is None
    assert part.unforecast == tuple(row.ref for row in view.holders(part.post))
    assert readiness(view).value is None
    (said,) = plan(view, visits=3).left_out
    assert said.text == "Holders of {0} without a forecast, left out: {count}"


def test_an_announced_last_day_is_a_day_and_no_chance():
    made = AccountBuilder().post("Director", level="director")
    made.tenure("Wu", "Director", since="2024-01-01", until="2026-10-01", announced_on="2026-06-01")
    view = made.view(DAY)
    assert expected(view, horizon=91)[0].change == 0
    assert expected(view, horizon=92)[0].change == 1


def test_readiness_is_the_mean_by_weight():
    made = two().post("President", level="executive").tenure("Li", "President", since="2020-01-01")
    view = foreseen(made, {"Wu": 0.0, "Li": 0.0})
    expected_value = 0.8 * coverage(view, made.ref("Wu")) / 1.8
    found = readiness(view)
    assert found.value == pytest.approx(expected_value)
    assert [part.weight for part in found.parts] == [1.0, 0.8]


def test_the_chance_that_an_acting_holder_leaves_is_of_not_being_confirmed():
    made = AccountBuilder().post("Director", level="director")
    made.tenure("Yu", "Director", since="2026-05-01", acting=True)
    (part,) = expected(foreseen(made, {"Yu": 0.8}))
    (sitter,) = part.sitters
    assert sitter.chance == pytest.approx(0.2)
    assert part.outside == pytest.approx(0.8)


def test_an_acting_holder_may_be_confirmed_on_the_last_day_of_acting():
    made = AccountBuilder().post("Director", level="director")
    made.tenure(
        "Yu",
        "Director",
        since="2026-05-01",
        until="2026-08-01",
        announced_on="2026-06-01",
        acting=True,
    )
    (part,) = expected(made.view(DAY))
    (sitter,) = part.sitters
    assert sitter.chance == pytest.approx(0.5)


# --- the optimum


def stake(number: int, weight: float, known: float, gain: float) -> Stake:
    return Stake(Ref("person", number), weight, known, gain)


SHARES = st.floats(0, 1)
STAKES = st.lists(st.tuples(st.floats(0, 3), SHARES, st.floats(0, 0.9)), max_size=4).map(
    lambda rows: [stake(number, *row) for number, row in enumerate(rows, 1)]
)


def by_hand(people, picked) -> float:
    """The value as the issue writes it, for a bag of people to visit."""
    count = {row.person: picked.count(row.person) for row in people}
    return sum(
        row.weight * (1 - (1 - row.coverage) * (1 - row.gain_per_visit) ** count[row.person])
        for row in people
    )


@given(STAKES, st.integers(0, 5))
def test_the_visits_are_the_best_of_all_there_are(people, visits):
    every = combinations_with_replacement([row.person for row in people], visits)
    best = max((by_hand(people, bag) for bag in every), default=by_hand(people, ()))
    assert value_of(people, best_visits(people, visits)) == pytest.approx(best, abs=1e-9)


@given(STAKES, st.integers(0, 8))
def test_one_more_visit_never_lowers_the_value_and_gains_diminish(people, visits):
    values = [value_of(people, best_visits(people, visits + more)) for more in range(3)]
    assert values[0] <= values[1] + 1e-12 <= values[2] + 2e-12
    assert values[2] - values[1] <= values[1] - values[0] + 1e-12
    gains = [row.gain for row in best_visits(people, visits)]
    assert gains == sorted(gains, reverse=True)


@given(STAKES, st.integers(0, 8))
def test_the_gains_are_what_the_value_grows_by(people, visits):
    chosen = best_visits(people, visits)
    grown = value_of(people, chosen) - value_of(people)
    assert math.fsum(row.gain for row in chosen) == pytest.approx(grown, abs=1e-9)


def test_a_visit_adds_what_a_fresh_visit_of_half_the_horizon_ago_is_worth():
    made = AccountBuilder().tenure("Lin", "Director", since="2024-01-01")
    made.touch(DAY - timedelta(days=90), "Wang", "Lin")
    assert gain_per_visit(Measures(), 180) == pytest.approx(
        coverage(made.view(DAY), made.ref("Lin"))
    )


def test_the_page_states_the_gain_as_it_is():
    page = (Path(__file__).parents[2] / "docs" / "foresight.md").read_text(encoding="utf-8")
    assert f"**{gain_per_visit(Measures(), 180):.3f}** at 180 days" in page


# --- the plan of an account


def test_the_plan_can_be_reckoned_again_from_its_json():
    made = two().touch(DAY, "Chen", "Deng", kind="call")
    found = codec.plain(plan(foreseen(made, {"Wu": 0.5}), visits=3))
    assert found["visits"] == len(found["steps"]) == 3

    def value(picked):
        return sum(
            row["weight"]
            * (
                1
                - (1 - row["coverage"]) * (1 - row["gain_per_visit"]) ** picked.count(row["person"])
            )
            for row in found["people"]
        )

    names = [row["person"] for row in found["people"]]
    best = max(map(value, combinations_with_replacement(names, 3)))
    assert found["value_after"] == pytest.approx(best)
    assert found["value_after"] == pytest.approx(value([row["person"] for row in found["steps"]]))
    assert found["value_before"] == pytest.approx(value([]))
    assert found["value_with_one_less"] < found["value_after"] < found["value_with_one_more"]


def test_a_person_weighs_what_the_posts_weigh_by_the_chance_to_hold_them():
    made = two()
    people = {row.person: row.weight for row in plan(foreseen(made, {"Wu": 0.5}), visits=1).people}
    assert people == pytest.approx(
        {made.ref("Wu"): 0.8 * 0.5, made.ref("Deng"): 0.8 * 0.5 * PRIOR["deputy"]}
    )


def test_a_step_says_who_goes_and_why():
    made = two()
    (step,) = plan(foreseen(made, {"Wu": 0.3}), visits=1).steps
    assert (step.person, step.by) == (made.ref("Wu"), made.ref("Wang"))
    assert step.path == (made.ref("Wang"), made.ref("Wu"))
    assert step.reason.text.startswith("{0} holds {1}, decision weight {weight}")
    assert step.reason.values["weight"] == "0.8"
    assert str(step.reason.values["percent"]) == "about 70"


def test_a_step_tells_a_band_where_the_chance_is_one():
    made = two()
    bands = Bands((0.05, 0.2), (0.12, 0.43), (0.2, 0.7))
    view = foreseen(made, {"Wu": 0.3})
    view = replace(view, outlook=tuple(replace(row, bands=bands) for row in view.outlook))
    told = {row.person: row.reason.values["percent"] for row in plan(view, visits=6).steps}
    assert told[made.ref("Wu")] == "55-90"


def test_when_the_holder_goes_the_successor_is_met_by_an_introduction():
    made = two().owner("Boss")
    view = foreseen(made, {"Wu": 1.0})
    way = (made.ref("Wang"), made.ref("Wu"), made.ref("Deng"))
    seen = []

    def paths(_view, person, /, *, favours):
        assert favours == {}
        seen.append(person)
        return (SimpleNamespace(people=way),)

    (step,) = plan(view, visits=1, paths=paths).steps
    assert (step.person, step.by, step.path) == (made.ref("Deng"), made.ref("Wang"), way)
    assert seen == [made.ref("Deng")]
    assert "deputises" in step.reason.values["why"].id
    (alone,) = plan(view, visits=1).steps
    assert (alone.by, alone.path) == (made.ref("Boss"), ())


def test_who_introduces_us_in_one_step_is_asked_less_in_the_next():
    made = two()
    made.post("Second deputy", level="lead", reports_to="Director")
    made.tenure("Fu", "Second deputy", since="2024-01-01")
    view = foreseen(made, {"Wu": 1.0})
    way = (made.ref("Wang"), made.ref("Wu"))
    asked = []

    def paths(_view, person, /, *, favours):
        asked.append((person, dict(favours)))
        return (SimpleNamespace(people=(*way, person)),)

    steps = plan(view, visits=6, paths=paths).steps
    met = list(dict.fromkeys(row.person for row in steps))
    assert len(met) > 1
    assert len(steps) > len(met)
    assert asked == [
        (person, {made.ref("Wu"): before} if before else {}) for before, person in enumerate(met)
    ]


def test_the_visits_are_spread_over_the_horizon_first_visits_first():
    made = two()
    steps = plan(foreseen(made, {"Wu": 0.5}), visits=6, horizon=180).steps
    assert sorted(row.in_days for row in steps) == [15, 45, 75, 105, 135, 165]
    firsts = [row.in_days for row in steps if row.number == 1]
    assert max(firsts) < min(row.in_days for row in steps if row.number > 1)


def test_nobody_to_meet_is_a_plan_without_steps():
    found = plan(AccountBuilder().view(DAY), visits=4)
    assert (found.steps, found.value_after, found.weight) == ((), 0, 0)
    with pytest.raises(ValueError, match="number of visits"):
        plan(AccountBuilder().view(DAY), visits=-1)


def test_chances_are_told_in_steps_of_five_and_never_as_sure():
    assert [in_steps(chance) for chance in (0, 0.001, 0.33, 0.999, 1)] == [0, 5, 35, 95, 100]


# --- the book


ACCOUNTS = st.lists(STAKES, min_size=1, max_size=3)


def as_plan(people, number, visits):
    made = two()
    found = plan(foreseen(made, {"Wu": 0.5}), visits=visits)
    numbered = tuple(
        replace(row, person=Ref("person", 10 * number + row.person.id)) for row in people
    )
    step = found.steps[0] if found.steps else None
    chosen = best_visits(numbered, visits)
    account = Ref("account", number)
    steps = tuple(
        replace(step, account=account, person=row.person, gain=row.gain) for row in chosen
    )
    return replace(found, account=account, people=numbered, steps=steps)


@given(ACCOUNTS, st.integers(1, 4))
def test_the_books_visits_are_the_best_over_all_accounts(book, visits):
    plans = [as_plan(people, number, visits) for number, people in enumerate(book)]
    everybody = [row for found in plans for row in found.people]
    found = book_plan(plans, visits=visits)
    best = value_of(everybody, best_visits(everybody, visits))
    assert found.value_after == pytest.approx(best, abs=1e-9)
    assert len(found.steps) == len(best_visits(everybody, visits))
    assert all(step.account.id == step.person.id // 10 for step in found.steps)


def test_who_may_decide_in_two_accounts_counts_with_both_weights():
    made = two()
    one = plan(foreseen(made, {"Wu": 0.5}), visits=1)
    other = replace(one, account=Ref("account", 2))
    found = book_plan([one, other], visits=1)
    assert found.steps[0].gain == pytest.approx(2 * one.steps[0].gain)
    assert found.value_after == pytest.approx(2 * one.value_after)


def test_who_is_among_the_best_of_no_account_alone_may_be_of_all_together():
    shared, mine, theirs = Ref("person", 50), Ref("person", 51), Ref("person", 52)
    one = plan(foreseen(two(), {"Wu": 0.5}), visits=1)
    plans = []
    for number, alone in ((1, mine), (2, theirs)):
        people = (Stake(alone, 0.5, 0.0, 0.2), Stake(shared, 0.4, 0.0, 0.2))
        steps = (replace(one.steps[0], person=alone, gain=0.1),)
        plans.append(replace(one, account=Ref("account", number), people=people, steps=steps))
    (step,) = book_plan(plans, visits=1).steps
    assert (step.person, step.by, step.number) == (shared, None, 1)
    assert step.gain == pytest.approx(0.8 * 0.2)
    assert step.reason.values == {"count": 2}


@given(ACCOUNTS, st.integers(1, 6))
def test_plans_of_as_many_visits_as_fall_on_each_account_are_enough(book, visits):
    whole = [as_plan(people, number, visits) for number, people in enumerate(book)]
    wanted = visits_in(whole, visits=visits)
    enough = [
        as_plan(people, number, wanted[Ref("account", number)])
        for number, people in enumerate(book)
    ]
    assert book_plan(enough, visits=visits) == book_plan(whole, visits=visits)


def test_a_book_plan_wants_plans_of_as_many_visits():
    one = plan(foreseen(two(), {"Wu": 0.5}), visits=1)
    with pytest.raises(ValueError, match="as many"):
        book_plan([one], visits=2)


# --- waves


def department() -> AccountBuilder:
    return (
        AccountBuilder()
        .unit("Works")
        .unit("Buying", parent="Works")
        .post("Director", unit="Buying", level="director")
        .post("Deputy director", unit="Buying", level="director", reports_to="Director")
        .tenure("Wu", "Director", since="2024-01-01")
        .tenure("Deng", "Deputy director", since="2024-01-01")
        .tie("Wang", "Wu", level="problem_solver", judged=DAY)
        .tie("Wang", "Deng", level="vendor", judged=DAY)
    )


def test_in_a_wave_all_of_a_unit_go_and_do_not_follow_each_other():
    made = department()
    view = foreseen(made, {"Wu": 0.1, "Deng": 0.1})
    (wave,) = waves(view)
    assert wave.unit == made.ref("Buying")  # the works as a whole has the same people
    assert wave.people == holders_below(view, made.ref("Works"))
    assert wave.value == pytest.approx(0)
    assert wave.loss == pytest.approx(plan(view, visits=0).value_before)
    assert worst_case(view) == wave


def test_the_whole_account_is_no_wave_where_its_parts_decide():
    made = department().unit("Lab", parent="Works")
    for name, chief in (("Lin", "Lab director"), ("Luo", "Lab deputy director")):
        made.post(chief, unit="Lab", level="director").tenure(name, chief, since="2024-01-01")
    view = foreseen(made, dict.fromkeys(("Wu", "Deng", "Lin", "Luo"), 0.1))
    assert [wave.unit for wave in waves(view)] == [made.ref("Buying"), made.ref("Lab")]
    assert waves(view)[1].loss == 0


def test_a_wave_says_how_likely_two_or_more_are_to_leave_together():
    apart = {"Wu": 0.3, "Deng": 0.3}
    (wave,) = waves(foreseen(department(), apart))
    assert wave.horizon == 180
    assert math.fsum(wave.chances) == pytest.approx(1)
    assert 0.09 < wave.at_least(2) < 0.3  # likelier than by chance alone
    assert wave.at_least(1) > wave.at_least(2) == wave.chances[2]
    assert wave.tenures == 2
    (sure,) = waves(foreseen(department(), {"Wu": 1.0, "Deng": 1.0}))
    assert sure.at_least(2) == 1
    (unsaid,) = waves(foreseen(department(), {"Wu": 0.3}))
    assert (unsaid.chances, unsaid.at_least(2)) == ((), None)


def test_who_decides_twice_in_a_unit_counts_once_in_its_wave():
    made = department().tenure("Wu", "Deputy director", since="2025-01-01", acting=True)
    (wave,) = waves(foreseen(made, {"Wu": 0.3, "Deng": 0.3}))
    assert len(wave.chances) == len(wave.people) + 1 == 3


def test_in_a_wave_the_visits_to_who_stays_are_what_a_plan_keeps():
    made = department().post("Chief", unit="Works", level="executive")
    made.tenure("Lin", "Chief", since="2024-01-01")
    view = foreseen(made, {"Wu": 0.1, "Deng": 0.1, "Lin": 0.1})
    found = plan(view, visits=6)
    wave = worst_case(view, planned=found)
    assert wave.value < wave.value_after < found.value_after
    kept = [row for row in found.people if row.person == made.ref("Lin")]
    visits = [Visit(step.person, 1, 0) for step in found.steps if step.person == made.ref("Lin")]
    assert wave.value_after == pytest.approx(value_of(kept, visits))
    assert worst_case(view).value_after is None


def test_the_wave_of_a_unit_takes_its_parts_too():
    made = department()
    view = foreseen(made, {"Wu": 0.1, "Deng": 0.1})
    whole, part = wave_in(view, made.ref("Works")), wave_in(view, made.ref("Buying"))
    assert (whole.people, whole.value, whole.chances) == (part.people, part.value, part.chances)
    assert wave_in(made.unit("Empty").view(DAY), made.ref("Empty")) is None


def test_one_who_decides_alone_makes_no_wave():
    assert worst_case(foreseen(two(), {"Wu": 0.5})) is None
