"""The traps of a model that learns from tenures, one test each, and its laws."""

import re
from dataclasses import astuple, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relmap.errors import Refused
from relmap.insight.outlook import RateElsewhere, Spell, Term, cut, fit, in_post, outlooks
from relmap.insight.outlook.hazard import Prior, fitted, sigmoid
from relmap.insight.terms import months_on
from tests.histories.spells import LAWS, end_of, history

DAY = date(2018, 1, 1)
PAGE = (Path(__file__).parents[2] / "docs" / "foresight.md").read_text(encoding="utf-8")
days = st.integers(-2500, 700).map(lambda offset: DAY + timedelta(days=offset))


def spell(number, since, until=None, **columns):
    values = {"unit": f"u{number % 3}", "title": f"title {number % 2}", **columns}
    values.setdefault("post", f"s{number}")
    return Spell(f"t{number}", f"p{number}", starts_on=since, ends_on=until, **values)


@st.composite
def spells(draw):
    found = []
    for number in range(draw(st.integers(0, 12))):
        since = draw(days)
        length = draw(st.none() | st.integers(1, 2000))
        until = None if length is None else since + timedelta(days=length)
        found.append(
            spell(
                number,
                since,
                until,
                start_known=draw(st.booleans()),
                ends_after=None
                if until is None
                else draw(st.none() | st.just(until - timedelta(60))),
                acting=draw(st.booleans()),
                confirmed_on=draw(st.none() | days),
                announced_on=draw(st.none() | days),
                terms=draw(st.lists(terms(), max_size=2).map(tuple)),
            )
        )
    return found


def terms():
    declared = st.none() | days
    dated = st.builds(Term, ends_on=days, declared_on=declared)
    months, review = st.integers(1, 60), st.none() | st.integers(1, 12)
    kind = st.sampled_from(["term", "policy"])
    return dated | st.builds(
        Term,
        kind=kind,
        months=months,
        review_month=review,
        handover_months=st.integers(0, 3),
        declared_on=declared,
    )


def told(found):
    """What an outlook says, without the spell it is about."""
    return [(row.spell.tenure, row.source, row.chances, row.bands, row.basis) for row in found]


# --- 1: only what was true by then


@settings(max_examples=50)
@given(spells())
def test_the_outlook_from_the_whole_list_is_that_from_the_list_cut_at_the_day(whole):
    assert told(outlooks(whole, DAY)) == told(outlooks(cut(whole, DAY), DAY))


@settings(max_examples=25)
@given(spells(), spells())
def test_the_outlook_of_a_day_does_not_change_by_facts_that_begin_later(whole, more):
    later = [
        replace(row, starts_on=DAY + timedelta(days=1 + number), ends_on=None, tenure=f"x{number}")
        for number, row in enumerate(more)
    ]
    assert told(outlooks(later + whole, DAY)) == told(outlooks(whole, DAY))


@pytest.mark.parametrize("half_years", range(2, 11))
def test_the_forecasts_that_set_the_weights_use_only_what_was_true_then(half_years):
    law = LAWS["two-year elections"]
    day = end_of(law)
    whole = history(law, 3)
    then = months_on(day, -6 * half_years)
    seated, parts = fit(whole, day).parts(half_years)
    _, cut_parts = fit(cut(whole, then), day).parts(half_years)
    assert seated
    for part, same in zip(parts, cut_parts, strict=True):
        assert np.array_equal(part, same)


@pytest.mark.parametrize("half_years", [2, 4, 6])
def test_a_past_forecast_is_the_one_that_was_made_on_that_day(half_years):
    law = LAWS["two-year elections"]
    day = end_of(law)
    then = months_on(day, -6 * half_years)
    whole = history(law, 3)
    seated, parts = fit(whole, day).parts(half_years)
    seated_then, parts_then = fit(cut(whole, then), then).parts()
    names, names_then = _names(whole, day, seated), _names(whole, then, seated_then)
    assert names == names_then
    for part, made in zip(parts, parts_then, strict=True):
        assert np.allclose(part, made, atol=1e-12)


def _names(whole, day, places):
    seen = [row.tenure for row in whole if row.starts_on <= day]
    return [seen[place] for place in places]


# --- 2: nobody at risk


def test_a_list_of_ended_tenures_alone_is_refused():
    ended = [spell(1, date(2012, 1, 1), date(2014, 1, 1))]
    with pytest.raises(Refused, match="every tenure on record has ended"):
        in_post(ended, DAY)


def test_a_day_before_the_first_start_is_refused():
    with pytest.raises(Refused, match="The first tenure begins on 2019-01-01"):
        in_post([spell(1, date(2019, 1, 1))], DAY)


def test_an_empty_list_is_refused():
    with pytest.raises(Refused, match="Import who sits where"):
        in_post([], DAY)


# --- 3: unknown starts


def _where_newcomers_stay(start_known):
    """Everybody stays three years and goes then; ten were there before the list began."""
    seats = [
        spell(100 * number + turn, DAY - timedelta(days=begin), DAY - timedelta(days=begin - 1100))
        for number in range(40)
        for turn, begin in enumerate(range(4400 + 27 * number, 1200, -1100))
    ]
    fresh = [spell(9000 + number, DAY - timedelta(days=30 + number)) for number in range(10)]
    old = [
        spell(9100 + number, DAY - timedelta(days=200), start_known=start_known)
        for number in range(10)
    ]
    return seats + fresh + old


def test_an_unknown_start_is_not_zero_days_old():
    unknown = outlooks(_where_newcomers_stay(start_known=False), DAY)
    known = outlooks(_where_newcomers_stay(start_known=True), DAY)
    assert unknown[-1].chances[2] > 1.5 * known[-1].chances[2]


def test_an_unknown_start_is_not_dropped():
    rows = [spell(number, date(2016, 1, 1), start_known=False) for number in range(30)]
    stayed = outlooks(rows, DAY)
    assert len(stayed) == 30
    assert fit(rows, DAY).level.person_years == pytest.approx(30 * 2, rel=0.01)
    left = [replace(row, ends_on=date(2017, 1, 1)) for row in rows[:20]]
    assert outlooks(left + rows[20:], DAY)[0].chances > stayed[0].chances


# --- survivors: those who left before anybody looked are not on record


def _company(rate_days=800):
    """Thirty seats that change hands every so many days, since long ago."""
    begun = [
        (seat, DAY - timedelta(days=-1 - seat * 26 + turn * rate_days))
        for seat in range(30)
        for turn in range(9)
    ]
    return [
        spell(100 * seat + number, since, since + timedelta(days=rate_days), post=f"s{seat}")
        for number, (seat, since) in enumerate(begun)
    ]


def _phone_list(on):
    """Those in post on one day, with their starts."""
    return cut([row for row in _company() if row.is_held(on)], on)


def test_one_list_of_those_in_post_says_nothing_of_how_many_leave():
    rows = _phone_list(DAY)
    assert len(rows) == 30
    learnt = fit(rows, DAY)
    assert learnt.level.ends == 0
    assert learnt.level.person_years < 4  # not the years in which only who stayed is on record
    assert learnt.level.chance(365) > 0.15
    assert all(row.bands for row in outlooks(rows, DAY))


def test_years_count_from_the_list_before_the_first_end_that_was_seen():
    before = DAY - timedelta(days=200)
    rows = [
        replace(row, ends_on=DAY, ends_after=before) if row.ends_on <= DAY else row
        for row in _company()
        if row.is_held(before)
    ]
    seen = fit(rows, DAY).level
    assert seen.ends == pytest.approx(len([row for row in rows if row.ends_on == DAY]), rel=0.02)
    assert seen.person_years == pytest.approx(30 * 200 / 365, rel=0.15)


def test_years_before_the_oldest_end_count_where_everybody_was_there_by_then():
    rows = [spell(number, date(2016, 1, 1)) for number in range(10)]
    rows[0] = replace(rows[0], ends_on=date(2017, 7, 1))
    assert fit(rows, DAY).level.person_years == pytest.approx(9 * 2 + 1.5, rel=0.01)


def test_one_wave_in_a_short_list_is_not_how_people_always_leave():
    rows = [spell(number, date(2017, 1, 10)) for number in range(30)]
    spread = [
        replace(row, ends_on=date(2017, 2, 1) + timedelta(days=22 * number)) if number < 15 else row
        for number, row in enumerate(rows)
    ]
    wave = [
        replace(row, ends_on=date(2017, 12, 1)) if number < 15 else row
        for number, row in enumerate(rows)
    ]
    assert fit(wave, DAY).level.rate < 0.7 * fit(spread, DAY).level.rate


# --- 6: in post, and gone


def test_who_starts_on_the_day_is_in_post_and_who_ends_on_it_is_not():
    rows = [spell(1, DAY), spell(2, date(2017, 1, 1), DAY), spell(3, DAY + timedelta(days=1))]
    assert [row.spell.tenure for row in outlooks(rows, DAY)] == ["t1"]


# --- 7: the edges


def _many(**columns):
    return [
        spell(number, date(2012, 1, 1) + timedelta(days=40 * number), **columns)
        for number in range(40)
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [spell(1, date(2016, 5, 1))],
        [spell(1, DAY)],
        _many(),
        [replace(row, ends_on=row.starts_on + timedelta(days=20)) for row in _many()]
        + [spell(99, date(2017, 12, 31))],
        _many(start_known=False),
        _many(title="one", unit="one"),
        [spell(1, date(1950, 1, 1))],
        _many(acting=True),
    ],
    ids=[
        "no rows",
        "one row",
        "begins on the day",
        "no events",
        "all but one have left",
        "all starts unknown",
        "one title",
        "longer than windows reach",
        "all acting",
    ],
)
def test_at_the_edges_every_chance_is_a_chance(rows):
    for row in outlooks(rows, DAY):
        assert all(0 < chance < 1 for chance in row.chances)


def test_before_the_first_start_nobody_has_an_outlook():
    assert outlooks(_many(), date(2000, 1, 1)) == ()


def test_without_trials_the_coefficients_stay_at_their_prior():
    prior = Prior(np.array([-3.0]), np.array([[1.0]]))
    nothing = np.zeros((0, 1))
    found = fitted(nothing, nothing, nothing, prior=prior)
    assert found == [-3.0]


def test_logits_are_clipped():
    assert 0 < sigmoid(np.array([-1e9]))[0] < 1e-5
    assert 1 - 1e-5 < sigmoid(np.array([1e9]))[0] < 1


def test_the_coefficients_are_where_the_penalised_likelihood_is_highest():
    prior = Prior(np.array([-2.0]), np.array([[1.0]]))
    (found,) = fitted(np.ones((1, 1)), np.array([[40.0]]), np.array([[10.0]]), prior=prior)
    slope = 0.5 * (10 - 40 / (1 + np.exp(-found))) - (found + 2)
    assert slope == pytest.approx(0, abs=1e-6)


# --- laws


@settings(max_examples=50)
@given(spells())
def test_chances_lie_between_0_and_1_and_grow_with_the_horizon(rows):
    for row in outlooks(rows, DAY):
        p90, p180, p365 = row.chances
        assert 0 <= p90 <= p180 <= p365 <= 1
        for (low, high), chance in zip(row.bands or (), row.chances, strict=False):
            assert 0 <= low <= chance <= high <= 1


def test_the_weights_sum_to_one_and_a_short_list_has_no_cycle():
    weights = fit(_many(), DAY).weights
    assert sum(astuple(weights)) == pytest.approx(1)
    short = fit([spell(1, DAY - timedelta(days=400))], DAY).weights
    assert short.cycle == short.own_cycle == 0


def _elected(seats):
    law = replace(LAWS["two-year elections"], seats=seats)
    return history(law, 3), end_of(law)


def _almost_certain():
    """All of a crowd change each second March, but for every tenth who stayed in the last one."""
    days = [date(year, 3, 1) for year in range(2002, 2021, 2)]
    rows = [
        spell(1000 * seat + turn, since, until, post=f"s{seat}")
        for seat in range(120)
        for turn, (since, until) in enumerate(pairwise([*days[: None if seat % 10 else -1], None]))
    ]
    return rows, date(2022, 1, 1)


@pytest.mark.parametrize(
    ("rows", "day"),
    [_elected(8), _elected(40), _almost_certain()],
    ids=["fewer than a day counts at most", "more", "so wrong of some that the floor counts"],
)
def test_the_weights_come_from_past_forecasts_as_the_page_says(rows, day):
    share, most, floor = _figures(r"([\d.]+) × min\(holders, (\d+)\) .* floored at ([\d.]+) ")
    (doubt,) = _figures(r"3 : 3 f : f : 0\.5 f with f = n / \(n \+ (\d+)\), n the ends on record")
    assert "a ninth of the weights begins anew" in PAGE
    model = fit(rows, day)
    ends = np.count_nonzero(model.table.end <= model.day.toordinal())
    f = ends / (ends + doubt)
    prior = np.array([3, 3 * f, f, 0.5 * f]) / (3 + 4.5 * f)
    weights = prior
    for half_years in range(10, 1, -1):
        seated, parts = model.parts(half_years)
        left = _left(model, seated, months_on(model.day, -6 * half_years))
        said = np.where(left, parts, 1 - np.array(parts))
        loss = share * min(len(seated), most) * -np.log(np.maximum(said, floor)).mean(axis=(1, 2))
        weights = (weights * 8 / 9 + prior / 9) * np.exp(-loss)
        weights /= weights.sum()
    assert astuple(model.weights) == pytest.approx(weights)


def _figures(pattern):
    return [float(figure) for figure in re.search(pattern, PAGE).groups()]


def _left(model, seated, then):
    """Who of those had left 90, 180 and 365 days later."""
    ends = model.table.end[list(seated)]
    return ends[:, None] <= then.toordinal() + np.array((90, 180, 365))


def test_where_nobody_was_seen_to_leave_only_the_rate_speaks():
    assert astuple(fit(_many(), DAY).weights) == (1, 0, 0, 0)


def test_a_horizon_in_the_middle_lies_between_its_neighbours():
    rows = history(LAWS["units differ"], 5)
    day = end_of(LAWS["units differ"])
    _, chances = fit(rows, day).chances((30, 45, 61, 365, 730))
    assert (np.diff(chances, axis=1) >= 0).all()


def _many_left(count, ended):
    """Tenures of which the first so many have ended."""
    rows = _many()[:count]
    return [
        replace(row, ends_on=row.starts_on + timedelta(days=600)) if number < ended else row
        for number, row in enumerate(rows)
    ]


def test_below_20_tenures_or_10_ends_there_is_a_band_and_else_none():
    assert all(row.bands for row in outlooks(_many_left(19, 12), DAY))
    assert all(row.bands for row in outlooks(_many_left(30, 9), DAY))
    assert not any(row.bands for row in outlooks(_many_left(20, 10), DAY))


def test_more_ends_make_the_band_narrower():
    def width(count):
        rows = [spell(n, date(2016, 1, 1), date(2017, 1, 1)) for n in range(count)]
        stayed = [spell(50 + n, date(2015, 1, 1)) for n in range(2 * count)]
        (low, high) = outlooks(rows + stayed, DAY)[0].bands[2]
        return high - low

    assert width(6) < width(1)


def test_the_rate_elsewhere_moves_a_short_list_and_hardly_a_long_one():
    often = RateElsewhere(ends=600, person_years=1000, tenures=900)
    short, long = _many()[:3], _many()

    def gain(rows):
        return fit(rows, DAY, elsewhere=often).level.rate / fit(rows, DAY).level.rate

    assert gain(short) > 1.2
    assert 1 < gain(long) < 1.1


def test_the_basis_names_the_parts_and_the_tenures_they_rest_on():
    left = [replace(row, ends_on=row.starts_on + timedelta(days=300)) for row in _many()[:20]]
    basis = outlooks(left + _many()[20:], DAY)[0].basis
    assert [row.kind for row in basis] == ["rate", "time_in_post"]
    assert [row.tenures for row in basis] == [20, 40]  # the first twenty left long ago


def test_acting_holders_are_expected_to_leave_sooner():
    rows = [replace(row, acting=number == 0) for number, row in enumerate(_many())]
    acting, confirmed = outlooks(rows, DAY)[0], outlooks(_many(), DAY)[0]
    assert acting.chances > confirmed.chances
    assert acting.basis[0].kind == "acting"
