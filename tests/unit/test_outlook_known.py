"""What is known comes first: announced days, declared terms, policies, and how they are kept."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.insight.outlook import Spell, Term, outlooks
from relmap.insight.outlook.declarations import habits, term_on
from relmap.insight.terms import due_days

DAY = date(2026, 7, 1)


def spell(number=1, since=date(2024, 1, 10), until=None, **columns):
    return Spell(f"t{number}", f"p{number}", f"s{number}", "unit", "Buyer", since, until, **columns)


def only(*spells):
    """The outlook of the first of some spells."""
    return outlooks(spells, DAY)[0]


def on(text):
    return date.fromisoformat(text)


# --- announced


def test_an_announced_day_beats_everything():
    leaver = spell(until=on("2026-11-01"), announced_on=on("2026-06-20"), terms=(Term(months=60),))
    assert only(leaver).source == "announced"
    assert only(leaver).chances == (0.0, 1.0, 1.0)


def test_an_end_that_was_announced_later_is_unknown_today():
    leaver = spell(until=on("2026-11-01"), announced_on=on("2026-07-02"))
    assert only(leaver).source == "model"


# --- due days


@pytest.mark.parametrize(
    ("term", "due"),
    [
        (Term(ends_on=on("2026-12-31")), ["2026-12-31"]),
        (Term(months=24), ["2026-01-10", "2028-01-10"]),
        (Term(months=24, review_month=7), ["2026-07-15", "2028-07-15"]),
        (Term("policy", months=36), ["2027-01-10"]),
        (Term("policy", months=36, handover_months=1), ["2027-02-10"]),
        (
            Term("policy", months=24, review_month=4, handover_months=2),
            ["2026-06-15", "2027-06-15", "2028-06-15"],
        ),
        (Term(), []),
    ],
    ids=[
        "a declared day",
        "a length comes again",
        "at the first review from then on",
        "a policy without a review, once",
        "with the handover",
        "a policy at each review",
        "nothing declared",
    ],
)
def test_leaving_is_due(term, due):
    found = [day.isoformat() for day in due_days(term, on("2024-01-10"), until=on("2028-01-01"))]
    assert found == due


def test_the_review_of_the_month_in_which_the_length_is_reached_counts():
    assert due_days(Term(months=12, review_month=1), on("2024-01-28"), until=DAY)[0] == on(
        "2025-01-15"
    )


# --- which term holds


def test_a_declared_day_goes_before_a_length_and_a_length_before_the_policy():
    policy, length = Term("policy", months=36), Term(months=36)
    dated = Term(ends_on=on("2027-01-01"))
    known = habits([], DAY)
    assert term_on(spell(terms=(policy, length, dated)), DAY, known) is dated
    assert term_on(spell(terms=(policy, length)), DAY, known) is length
    assert term_on(spell(terms=(policy,)), DAY, known) is policy


def test_of_two_declared_days_the_later_declared_holds_and_only_from_then_on():
    first = Term(ends_on=on("2026-01-10"))
    again = Term(ends_on=on("2028-01-10"), declared_on=on("2026-01-10"))
    reelected = spell(terms=(first, again))
    assert term_on(reelected, DAY, habits([], DAY)) is again
    assert term_on(reelected, on("2026-01-09"), habits([], DAY)) is first


def test_three_spreads_after_its_last_due_day_a_term_is_over_and_the_model_speaks():
    late = spell(terms=(Term(ends_on=DAY - timedelta(days=61)),))
    assert only(late).source == "model"
    assert only(late).basis[0].kind == "term_passed"
    assert only(replace(late, terms=(Term(ends_on=DAY - timedelta(days=60)),))).source == "term"


def test_where_ends_are_shown_late_a_term_speaks_half_a_year_at_most():
    term = (Term(ends_on=on("2022-01-10")),)
    late = [spell(n, on("2020-01-10"), on("2022-07-10"), terms=term) for n in range(2, 30)]
    holder = spell(terms=(Term(ends_on=DAY - timedelta(days=183)),))
    assert only(holder, *late).source == "term"
    holder = spell(terms=(Term(ends_on=DAY - timedelta(days=184)),))
    assert only(holder, *late).source == "model"


def test_after_a_term_the_policy_takes_over_without_a_fall():
    """The day of a term passes, and the policy's next one comes within the half-year."""
    terms = (Term(ends_on=on("2026-09-01")), Term("policy", months=36, review_month=6))
    holder = spell(since=on("2024-01-10"), terms=terms)
    found = [
        outlooks([holder], on("2026-10-01") + timedelta(days=10 * step))[0].chances[1]
        for step in range(20)
    ]
    under_policy = [
        outlooks([replace(holder, terms=terms[1:])], on("2026-10-01") + timedelta(days=10 * step))[
            0
        ].chances[1]
        for step in range(20)
    ]
    assert min(np.array(found) - np.array(under_policy)) > -0.02


def test_a_term_that_has_passed_falls_to_the_model_and_not_below():
    others = [
        spell(n, on("2023-01-10") + timedelta(days=25 * n), on("2024-06-01") + timedelta(9 * n))
        for n in range(2, 60)
    ]
    for past in range(10, 90, 10):
        holder = spell(terms=(Term(ends_on=DAY - timedelta(days=past)),))
        model = only(replace(holder, terms=()), *others).chances
        assert only(holder, *others).chances[2] > 0.8 * model[2]


def test_the_policy_is_not_for_acting_holders_but_a_declared_day_is():
    policy = Term("policy", months=30)
    assert only(spell(acting=True, terms=(policy,))).source == "model"
    assert only(spell(acting=True, confirmed_on=DAY, terms=(policy,))).source == "policy"
    assert only(spell(acting=True, terms=(Term(ends_on=on("2026-09-01")),))).source == "term"


# --- what a term says


def test_a_term_that_ends_within_the_horizon_says_so_and_one_that_ends_later_does_not():
    p90, p180, p365 = only(spell(terms=(Term(ends_on=on("2026-11-15")),))).chances
    assert p90 < 0.1
    assert p180 > 0.7
    assert p365 >= p180
    assert only(spell(terms=(Term(ends_on=on("2029-01-01")),))).chances[2] < 0.1


def test_a_term_just_passed_is_still_likely_and_fades():
    def soon(days_past):
        return only(spell(terms=(Term(ends_on=DAY - timedelta(days=days_past)),))).chances[0]

    assert soon(5) > soon(20) > soon(40) > soon(60) >= soon(90)
    assert soon(5) > 0.4


def test_where_terms_are_outstayed_they_are_believed_less():
    kept = [spell(n, on("2020-01-10"), on("2022-01-15")) for n in range(2, 22)]
    outstayed = [spell(n, on("2020-01-10")) for n in range(2, 22)]
    term = (Term(ends_on=on("2022-01-10")),)
    holder = spell(terms=(Term(ends_on=on("2026-10-01")),))
    believed = only(holder, *(replace(row, terms=term) for row in kept))
    doubted = only(holder, *(replace(row, terms=term) for row in outstayed))
    assert believed.chances[2] > 0.85
    assert doubted.chances[2] < 0.3
    assert (believed.basis[0].left, believed.basis[0].tenures) == (20, 20)


def test_a_term_has_a_band_until_many_have_passed():
    term = (Term(ends_on=on("2022-01-10")),)
    holder = spell(terms=(Term(ends_on=on("2026-10-01")),))

    def band(count):
        kept = [
            spell(n, on("2020-01-10"), on("2022-01-15"), terms=term) for n in range(2, 2 + count)
        ]
        found = only(holder, *kept)
        if found.bands is not None:
            low, high = found.bands[2]
            assert low < found.chances[2] < high
            return high - low
        return None

    assert band(0) > band(3) > band(19) > 0.05
    assert band(0) == pytest.approx(0.5, abs=0.1)
    assert band(20) is None


def test_a_reelection_counts_as_staying_past_the_term():
    again = Term(ends_on=on("2026-01-10"), declared_on=on("2024-01-05"))
    rows = [
        spell(n, on("2022-01-10"), terms=(Term(ends_on=on("2024-01-10")), again)) for n in range(10)
    ]
    habit = habits(rows, on("2025-06-01"))["term"]
    assert (habit.left, habit.terms) == (0, 10)


def test_an_unknown_start_may_fall_due_in_any_month_of_one_length():
    policy = (Term("policy", months=36),)
    first_seen = DAY - timedelta(days=30)
    unknown = only(spell(since=first_seen, start_known=False, terms=policy))
    known = only(spell(since=first_seen, terms=policy))
    assert known.chances[2] < 0.1
    assert 0.15 < unknown.chances[2] < 0.5
    assert unknown.basis[0].kind == "policy"
    assert unknown.basis[0].due_on is None


def test_half_yearly_lists_show_ends_late_and_the_outlook_learns_it():
    term = (Term(ends_on=on("2022-01-10")),)
    late = [spell(n, on("2020-01-10"), on("2022-05-20"), terms=term) for n in range(2, 30)]
    holder = spell(terms=(Term(ends_on=DAY + timedelta(days=60)),))
    assert only(holder, *late).chances[0] < 0.2
    assert only(holder, *late).chances[2] > 0.8


@given(
    since=st.dates(date(2015, 1, 1), DAY),
    known=st.booleans(),
    months=st.integers(1, 80),
    review=st.none() | st.integers(1, 12),
    kind=st.sampled_from(["term", "policy"]),
    handover=st.integers(0, 6),
)
def test_chances_by_term_grow_with_the_horizon(since, known, months, review, kind, handover):
    term = Term(kind, months=months, review_month=review, handover_months=handover)
    p90, p180, p365 = only(spell(since=since, start_known=known, terms=(term,))).chances
    assert 0 <= p90 <= p180 <= p365 <= 1


def test_who_left_before_a_policy_was_declared_teaches_nothing_of_how_it_is_kept():
    def kept(declared_on):
        policy = Term("policy", months=24, review_month=7, declared_on=declared_on)
        past = [
            spell(number, on("2020-01-10"), on(f"2022-0{number}-15"), terms=(policy,))
            for number in range(6, 9)
        ]
        stays = spell(9, on("2020-01-10"), terms=(policy,))
        return habits([*past, stays], DAY)["policy"]

    assert (kept(None).left, kept(on("2015-01-01")).left) == (3, 3)
    assert kept(on("2022-07-01")).left == 2  # who was due then, and who after
    today = kept(DAY)
    assert (today.terms, today.left) == (0, 0)
    assert today == habits([], DAY)["policy"]
