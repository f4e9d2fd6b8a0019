"""The outlook of a view: its tenures as spells, its terms, its lists and its waves."""

from datetime import date

import pytest

from relmap.contracts import Ref
from relmap.insight.outlook import (
    Term,
    cut,
    forecast,
    how_many,
    spells_of,
    togetherness,
    wave_units,
)
from relmap.insight.outlook.histories import Spell
from relmap.insight.percentages import in_steps
from relmap.testing import AccountBuilder

DAY = "2026-07-01"


def book(**columns):
    return AccountBuilder("Meridian", **columns)


def known(**columns):
    """A start that is known to the day."""
    return {"starts_after": "2024-01-09", "since": "2024-01-10", **columns}


def outlook_of(builder, name, day=DAY):
    view = builder.view(day)
    return next(row for row in forecast(view) if row.person == builder.ref(name))


def spell_of(builder, name, day=DAY):
    return next(row for row in spells_of(builder.view(day)) if row.person == builder.ref(name))


# --- who is in it


def test_each_open_tenure_has_one_outlook():
    accounts = book().tenure("Li Na", "Buyer", **known()).tenure("Wang Wei", "Clerk", **known())
    accounts.tenure("Chen Jie", "Planner", **known(until="2026-03-01"))
    view = accounts.view(DAY)
    assert {row.tenure for row in forecast(view)} == {row.ref for row in view.open_tenures}


def test_without_anybody_in_post_there_is_none():
    assert forecast(book().tenure("Li Na", "Buyer", **known(until="2026-03-01")).view(DAY)) == ()
    assert forecast(book().view(DAY)) == ()


def test_held_since_is_told_only_where_it_is_known():
    accounts = book().tenure("Li Na", "Buyer", **known()).tenure("Wang Wei", "Clerk", since=DAY)
    assert outlook_of(accounts, "Li Na").held_since == date(2024, 1, 10)
    assert outlook_of(accounts, "Wang Wei").held_since is None
    assert outlook_of(accounts, "Wang Wei").p365 > 0
    (unknown,) = (
        row for row in outlook_of(accounts, "Wang Wei").basis if row.kind == "start_unknown"
    )
    assert unknown.least_days == 0


def test_a_confirmed_acting_holder_is_one_spell_named_by_the_newest_tenure():
    accounts = book().tenure("Li Na", "Buyer", acting=True, **known(until="2024-06-01"))
    accounts.tenure("Li Na", "Buyer", since="2024-06-01", starts_after="2024-05-31")
    spell = spell_of(accounts, "Li Na")
    assert (spell.starts_on, spell.ends_on) == (date(2024, 1, 10), None)
    assert spell.confirmed_on == date(2024, 6, 1)
    assert spell.tenure == accounts.view(DAY).open_tenures[0].ref
    assert spell_of(accounts, "Li Na", "2024-05-01").is_acting(date(2024, 5, 1))


def test_who_comes_back_after_a_gap_is_two_spells():
    accounts = book().tenure("Li Na", "Buyer", **known(until="2024-06-01"))
    accounts.tenure("Li Na", "Buyer", since="2025-01-01", starts_after="2024-12-31")
    assert len(spells_of(accounts.view(DAY))) == 2


def test_a_start_and_an_end_between_two_lists_count_on_the_day_of_the_later_list():
    accounts = book().tenure(
        "Li Na",
        "Buyer",
        since="2024-07-01",
        starts_after="2024-01-01",
        until="2026-01-01",
        ends_after="2025-07-01",
    )
    spell = spell_of(accounts, "Li Na")
    assert (spell.starts_on, spell.ends_on) == (date(2024, 7, 1), date(2026, 1, 1))
    assert spell.ends_after == date(2025, 7, 1)


def test_an_end_known_to_the_day_lies_between_no_lists():
    accounts = book().tenure("Li Na", "Buyer", **known(until="2026-03-01", ends_after="2026-02-28"))
    assert spell_of(accounts, "Li Na").ends_after is None


def test_the_outlook_of_a_view_does_not_change_by_what_begins_later():
    accounts = book().tenure("Li Na", "Buyer", **known())
    before = forecast(accounts.view(DAY))
    accounts.tenure("Wang Wei", "Clerk", since="2026-07-02", starts_after="2026-07-01")
    assert forecast(accounts.view(DAY)) == before


# --- what is known


def test_an_announced_leave_is_announced_from_the_day_it_was():
    accounts = book().tenure(
        "Li Na", "Buyer", **known(until="2026-08-01", announced_on="2026-05-01")
    )
    assert outlook_of(accounts, "Li Na").source == "announced"
    assert outlook_of(accounts, "Li Na").p90 == 1
    assert outlook_of(accounts, "Li Na", "2026-04-01").source == "model"


def test_the_term_of_a_tenure_of_a_post_and_of_the_account_are_taken_in_this_order():
    accounts = book(rotation_months=36, review_month=7, handover_months=1)
    accounts.post("Buyer", term_months=48).post("Clerk")
    accounts.tenure("Li Na", "Buyer", **known(term_ends_on="2026-12-31"))
    accounts.tenure("Wang Wei", "Buyer", **known()).tenure("Chen Jie", "Clerk", **known())
    assert spell_of(accounts, "Li Na").terms[0] == Term(ends_on=date(2026, 12, 31))
    assert spell_of(accounts, "Wang Wei").terms[0] == Term(months=48)
    assert spell_of(accounts, "Chen Jie").terms == (
        Term("policy", months=36, review_month=7, handover_months=1),
    )
    sources = [outlook_of(accounts, name).source for name in ("Li Na", "Wang Wei", "Chen Jie")]
    assert sources == ["term", "term", "policy"]


def test_a_term_counts_from_the_day_on_which_it_was_declared():
    accounts = book(rotation_months=36).post("Buyer", term_months=24)
    accounts.tenure("Li Na", "Buyer", **known(term_ends_on="2026-12-31"))
    view = accounts.view(DAY)
    days = {
        view.open_tenures[0].ref: date(2026, 5, 1),
        accounts.ref("Buyer"): date(2026, 4, 1),
        view.account.ref: date(2026, 3, 1),
    }
    (spell,) = spells_of(view, declared_on=days)
    assert [term.declared_on for term in spell.terms] == list(days.values())
    assert cut([spell], date(2026, 4, 15))[0].terms == spell.terms[1:]


def test_by_policy_people_leave_at_the_first_review_after_the_length():
    accounts = book(rotation_months=30, review_month=11).tenure("Li Na", "Buyer", **known())
    row = outlook_of(accounts, "Li Na")  # reached on 2026-07-10, the review is in November
    assert row.p90 < 0.25 < 0.5 < row.p180
    assert row.basis[0].due_on == date(2026, 11, 15)


# --- how it is shown


def test_with_few_tenures_a_band_stands_beside_the_figure():
    row = outlook_of(book().tenure("Li Na", "Buyer", **known()), "Li Na")
    low, high = row.bands["p365"]
    assert low < row.p365 < high
    assert set(row.bands) == {"p90", "p180", "p365"}


@pytest.mark.parametrize(("last_list", "rare"), [("2025-07-01", True), ("2025-11-20", False)])
def test_ninety_days_are_not_told_where_lists_come_half_yearly(last_list, rare):
    accounts = book().tenure("Li Na", "Buyer", **known())
    for name in ("A", "B", "C"):
        accounts.tenure(name, "Clerk", **known(until="2026-01-01", ends_after=last_list))
    assert outlook_of(accounts, "Li Na").mirrors_imports is rare


@pytest.mark.parametrize(("chance", "shown"), [(0.001, 5), (0.31, 30), (0.34, 35), (0.999, 95)])
def test_a_chance_is_shown_in_steps_of_five_and_never_as_certain(chance, shown):
    assert in_steps(chance) == shown


# --- waves


def _unit(number, leavers):
    """Twelve people in one unit, of whom some left in the same month."""
    return [
        Spell(
            f"t{number}.{seat}",
            f"p{number}.{seat}",
            f"s{number}.{seat}",
            f"u{number}",
            "Engineer",
            date(2018, 1, 1),
            date(2020, 3, 10) if seat in leavers else None,
        )
        for seat in range(12)
    ]


def test_units_that_leave_as_one_are_told_from_people_who_leave_one_by_one():
    day = date(2022, 1, 1)
    as_one = [row for n in range(12) for row in _unit(n, range(12) if n == 3 else ())]
    one_by_one = [row for n in range(12) for row in _unit(n, [n])]
    assert togetherness(as_one, day).correlation > 0.5
    assert togetherness(one_by_one, day).correlation < 0.05
    assert togetherness(as_one, date(2019, 1, 1)).correlation == pytest.approx(0.1, abs=0.1)


def test_how_many_leave_sums_to_one_and_has_the_mean_of_the_chances():
    for correlation in (0.0, 0.1, 0.9):
        law = how_many([0.2, 0.4, 0.6, 1.0, 0.0], correlation)
        assert sum(law) == pytest.approx(1)
        assert sum(k * chance for k, chance in enumerate(law)) == pytest.approx(2.2)


def test_leaving_together_makes_the_worst_case_likelier():
    apart, together = how_many([0.3] * 4, 0.0), how_many([0.3] * 4, 0.4)
    assert apart[4] == pytest.approx(0.3**4)
    assert together[4] > 10 * apart[4]


def test_waves_count_the_deciders_of_each_unit_with_two_or_more():
    accounts = book().unit("Purchasing").unit("Quality")
    for name in ("A", "B", "C"):
        accounts.post(f"Head {name}", unit="Purchasing", level="director")
        accounts.tenure(name, f"Head {name}", **known())
    accounts.post("Head D", unit="Quality", level="director").tenure("D", "Head D", **known())
    view = accounts.view(DAY)
    chances = {row.tenure: row.p365 for row in forecast(view)}
    (wave,) = wave_units(view, chances)
    assert wave.unit == accounts.ref("Purchasing")
    assert len(wave.chances) == 4
    assert wave.at_least(0) == pytest.approx(1)
    assert wave.at_least(3) == wave.chances[3]
    assert isinstance(wave.tenures[0], Ref)
