"""The back-test: its pairs, its scores, and what it shows on histories whose law is known."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.errors import Refused
from relmap.insight.back_test import auc, backtest, brier, calibration, calibration_error
from relmap.insight.outlook import History, Spell, Term
from relmap.insight.outlook.rate import recorded_level
from relmap.insight.outlook.windows import past
from tests.histories.spells import LAWS, Law, half_years, history

DAY = date(2018, 1, 1)


def spell(number, since, until=None, **columns):
    return Spell(f"t{number}", f"p{number}", f"s{number}", "u1", "Buyer", since, until, **columns)


def once(*spells, horizon=365):
    """The back-test of some spells on one day."""
    return backtest([History("Meridian", spells)], start=DAY, end=DAY, horizon=horizon)


def days_on(count):
    return DAY + timedelta(days=count)


STAYS = spell(99, date(2015, 1, 1))


# --- the pairs


def test_the_pairs_are_all_holders_on_the_day():
    report = once(
        STAYS,
        spell(1, DAY),
        spell(2, days_on(-400), DAY),
        spell(3, days_on(1)),
        spell(4, days_on(-400), days_on(1)),
    )
    assert {row.person for row in report.predictions} == {"p99", "p1", "p4"}


@pytest.mark.parametrize(("end", "left"), [(1, True), (365, True), (366, False)])
def test_left_is_who_goes_after_the_day_and_by_the_end_of_the_horizon(end, left):
    report = once(STAYS, spell(1, days_on(-400), days_on(end)))
    assert [row.left for row in report.predictions if row.person == "p1"] == [left]


def test_days_are_counted_in_months_from_the_first():
    report = backtest(
        [History("Meridian", (STAYS,))],
        start=date(2017, 1, 1),
        end=date(2018, 7, 1),
        every_months=6,
    )
    assert [str(day) for day in report.days] == [
        "2017-01-01",
        "2017-07-01",
        "2018-01-01",
        "2018-07-01",
    ]


def test_from_a_31st_the_steps_go_by_the_last_days_of_months():
    history_ = History("Meridian", (STAYS,))
    report = backtest([history_], start=date(2017, 8, 31), end=date(2018, 8, 31))
    assert [day.isoformat() for day in report.days] == ["2017-08-31", "2018-02-28", "2018-08-31"]


def test_a_day_without_anybody_in_post_is_passed_over_and_told():
    late = History("Meridian", (spell(1, date(2017, 3, 1)),))
    report = backtest([late], start=date(2017, 1, 1), end=date(2017, 7, 1))
    assert report.skipped == (date(2017, 1, 1),)
    assert report.pairs == 1


def test_keys_are_printed_by_the_names_of_the_history():
    names = {"p99": "Li Na", "s99": "Buyer", "u1": "Purchasing"}
    report = backtest([History("Meridian", (STAYS,), names)], start=DAY, end=DAY)
    row = report.to_json()["predictions"][0]
    assert row == {
        "on": "2018-01-01",
        "account": "Meridian",
        "unit": "Purchasing",
        "post": "Buyer",
        "person": "Li Na",
        "p": row["p"],
        "left": False,
    }


# --- only what was true by then


def test_a_forecast_does_not_know_what_came_after_its_day():
    rows = history(LAWS["units differ"], 2)
    (day,) = half_years(LAWS["units differ"], last=1)
    known_then = [
        replace(row, ends_on=None) if row.ends_on and row.ends_on > day else row
        for row in rows
        if row.starts_on <= day
    ]
    late, then = (
        backtest([History("Meridian", tuple(some))], start=day, end=day)
        for some in (rows, known_then)
    )
    assert [row.p for row in late.predictions] == [row.p for row in then.predictions]
    assert late.left > then.left == 0


def test_a_term_counts_from_the_day_on_which_it_was_declared():
    term = Term(ends_on=days_on(100), declared_on=days_on(1))
    undeclared = once(spell(1, days_on(-400), terms=(term,)), STAYS).predictions[0]
    declared = once(
        spell(1, days_on(-400), terms=(replace(term, declared_on=DAY),)), STAYS
    ).predictions[0]
    assert (undeclared.source, declared.source) == ("model", "term")
    assert undeclared.p < 0.5 < declared.p


def test_each_account_starts_from_the_rate_of_the_others():
    calm = History("Calm", (STAYS,))
    busy = tuple(spell(n, days_on(-500 - n), days_on(-50 - n)) for n in range(40))
    alone = backtest([calm], start=DAY, end=DAY)
    beside = backtest([calm, History("Busy", (*busy, spell(98, DAY)))], start=DAY, end=DAY)
    assert beside.predictions[0].p > alone.predictions[0].p


# --- what cannot be tested is refused


def test_a_history_of_ended_tenures_alone_is_refused():
    with pytest.raises(Refused, match="makes everybody seem to leave"):
        once(spell(1, days_on(-400), days_on(50)))


def test_an_account_of_ended_tenures_alone_is_left_out_of_a_book_and_told():
    ended = History("Ended", (spell(1, days_on(-400), days_on(50)),))
    report = backtest([History("Meridian", (STAYS,)), ended], start=DAY, end=DAY)
    assert {row.account for row in report.predictions} == {"Meridian"}
    assert report.to_json()["left_out"] == ["Ended"]


def test_an_account_that_is_left_out_lends_its_rate_as_in_use():
    ended = History("Ended", tuple(spell(n, days_on(-400), days_on(-50)) for n in range(40)))
    alone, beside = (
        backtest([History("Meridian", (STAYS,)), *more], start=DAY, end=DAY).predictions[0].p
        for more in ([], [ended])
    )
    assert beside > alone


def test_a_day_before_anybody_sat_anywhere_is_refused():
    with pytest.raises(Refused, match="The first tenure begins on 2018-01-02"):
        once(spell(1, days_on(1)))


def test_no_history_at_all_is_refused():
    with pytest.raises(Refused, match="no tenure on record"):
        once()


def test_a_horizon_that_is_not_over_is_refused_with_the_day_to_end_by():
    with pytest.raises(Refused, match="End the back-test by 2017-06-01"):
        backtest([History("M", (STAYS,))], start=DAY, end=DAY, known_until=date(2018, 6, 1))


@pytest.mark.parametrize(
    "asked",
    [{"every_months": 0}, {"horizon": 0}, {"end": date(2017, 1, 1)}],
    ids=["no step", "no horizon", "the last day first"],
)
def test_a_question_without_sense_is_refused(asked):
    with pytest.raises(Refused):
        backtest([History("M", (STAYS,))], **{"start": DAY, "end": DAY, **asked})


# --- the scores

chances = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


@given(chances)
def test_the_scores_keep_their_bounds(pairs):
    given_, left = [p for p, _ in pairs], [float(gone) for _, gone in pairs]
    assert 0 <= brier(given_, left) <= 1
    assert 0 <= calibration_error(given_, left) <= 1
    assert sum(row.pairs for row in calibration(given_, left)) == len(pairs)
    found = auc(given_, left)
    assert (found is None) == (len(set(left)) == 1)


@given(chances)
def test_turning_the_chances_round_turns_the_auc_round(pairs):
    given_, left = [p for p, _ in pairs], [float(gone) for _, gone in pairs]
    found, turned = auc(given_, left), auc([-p for p in given_], left)
    if found is not None:
        assert found + turned == pytest.approx(1)


def test_what_is_foretold_exactly_is_calibrated():
    left = [0.0] * 50 + [1.0] * 50
    assert calibration_error(left, left) == 0
    assert calibration_error([0.0] * 100, left) == pytest.approx(0.5)


def test_the_order_of_pairs_of_equal_chance_does_not_matter():
    left = [0.0] * 50 + [1.0] * 50
    assert calibration_error([0.5] * 100, left) == 0


def test_the_report_holds_what_the_command_prints():
    printed = once(STAYS, spell(1, days_on(-700), days_on(30))).to_json()
    assert {"pairs", "left", "brier", "auc", "calibration", "constant_rate", "predictions"} <= set(
        printed
    )
    assert printed["pairs"] == 2
    assert printed["left"] == 1
    assert printed["constant_rate"]["brier"] == pytest.approx(0.5)  # nobody had left before: 0


# --- histories of which the law is known


def scored(law, seeds, **columns):
    """Mean Brier scores over histories: the outlook's, the constant rate's, the shrunk level's."""
    found = []
    for seed in seeds:
        rows = tuple(replace(row, **columns) for row in history(law, seed))
        days = half_years(law)
        report = backtest([History("M", rows)], start=days[0], end=days[-1], every_months=6)
        left = [row.left for row in report.predictions]
        rate = {
            day: recorded_level(past(rows, day), day.toordinal()).chance(365) for day in report.days
        }
        level = brier([rate[row.on] for row in report.predictions], left)
        found.append((report.model.brier, report.constant_rate.brier, level))
    return tuple(map(fmean, zip(*found, strict=True)))


@pytest.mark.parametrize(
    "name",
    [
        "two-year elections",
        "two-year elections, wide",
        "two-year elections, 6 years",
        "two-year elections, known starts",
        "two-year elections, staggered",
        "two-year elections, half the seats each year",
    ],
)
def test_a_two_year_cycle_is_learnt_from_the_history(name):
    outlook, constant, _ = scored(LAWS[name], range(4))
    assert outlook <= 0.8 * constant


@pytest.mark.parametrize("months", [24, 36])
def test_declared_terms_are_used(months):
    law = Law(rate=0.08, term_months=months, reelected=0.3, declared=True, wander=20)
    outlook, constant, _ = scored(law, range(4))
    assert outlook <= 0.8 * constant


def test_a_policy_that_people_keep_is_used():
    law = Law(rate=0.08, term_months=36, reelected=0.1, wander=20)
    outlook, constant, _ = scored(law, range(4), terms=(Term("policy", months=36),))
    assert outlook <= 0.8 * constant


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("no pattern", 8),
        ("no pattern, many leave", 8),
        ("short list, one wave", 20),
        ("5 seats", 40),
        ("8 tenures, few leave", 40),
        ("12 seats", 40),
    ],
)
def test_without_a_pattern_nothing_is_lost_against_a_rate(name, count):
    outlook, constant, level = scored(LAWS[name], range(count))
    assert outlook <= min(constant, level) + 0.003


def test_on_a_public_history_the_outlook_is_no_worse_than_the_constant_rate(shared_data):
    with (shared_data / "openstack_ptl_2015_2019" / "tenures.csv").open(encoding="utf-8") as lines:
        rows = tuple(map(read, csv.DictReader(lines)))
    report = backtest([History("OpenStack", rows)], start=date(2017, 1, 1), end=date(2018, 7, 1))
    assert (report.pairs, report.left) == (248, 155)
    assert report.model.brier <= report.constant_rate.brier
    assert report.model.calibration_error <= report.constant_rate.calibration_error


def read(row):
    return Spell(
        tenure=row["tenure_id"],
        person=row["person_id"],
        post=(row["unit_id"], row["title"]),
        unit=row["unit_id"],
        title=row["title"],
        starts_on=date.fromisoformat(row["start"]),
        ends_on=date.fromisoformat(row["end"]) if row["end"] else None,
        start_known=row["start_censored"] == "0",
    )
