"""Windows by the calendar: one day of each year lies in one phase, on one side of a horizon."""

from datetime import date

import numpy as np
import pytest

from relmap.insight.back_test import backtest
from relmap.insight.outlook import History, Spell
from relmap.insight.outlook.windows import coming, edges, past

NEW_YEAR = date(2024, 1, 1)


def seats(month, day, *, every=2, first=2001, count=20):
    """Seats that change hands on one day of every second year; each fifth holder stays on."""
    found = []
    for seat in range(count):
        begins = date(first - every, month, day)
        for turn, year in enumerate(range(first + every, 2030, every)):
            if (turn + seat) % 5 and begins < (ends := date(year, month, day)):
                found.append(_spell(seat, begins, ends))
                begins = ends
        found.append(_spell(seat, begins, None))
    return sorted(found, key=lambda spell: (spell.starts_on, spell.tenure))


def _spell(seat, begins, ends):
    name = f"{seat}.{begins}"
    return Spell(name, name, f"s{seat}", "unit", "Buyer", begins, ends)


@pytest.mark.parametrize("on", ["2023-01-01", "2024-01-01", "2024-02-29", "2025-03-01"])
@pytest.mark.parametrize(("month", "day"), [(1, 1), (1, 2), (12, 31), (3, 1), (2, 28)])
def test_what_happens_on_one_day_of_each_year_lies_in_one_phase(on, month, day):
    table = past(seats(month, day, every=1), date.fromisoformat(on))
    window, place = table.ended
    assert len(window) > 100
    assert len(set(window % 12)) == 1
    assert len(set(place)) == 1


def test_a_window_ends_on_the_same_day_of_the_month_or_the_last():
    days = edges(date(2024, 3, 31).toordinal(), np.arange(-1, 3))
    assert [date.fromordinal(int(day)).isoformat() for day in days] == [
        "2024-04-30",
        "2024-03-31",
        "2024-02-29",
        "2024-01-31",
    ]


@pytest.mark.parametrize(("on", "windows"), [("2023-01-01", 12.0), ("2024-01-01", 11 + 30 / 31)])
def test_a_year_of_days_is_twelve_windows_or_a_day_less_in_a_leap_year(on, windows):
    ahead = coming(date.fromisoformat(on).toordinal(), (90, 365))
    assert ahead.shares[1].sum() == pytest.approx(windows)
    assert ahead.count == 12


@pytest.mark.parametrize("on", [date(2023, 1, 1), date(2024, 1, 1), date(2023, 7, 1)])
@pytest.mark.parametrize("first", [2000, 2001])
@pytest.mark.parametrize(("month", "day"), [(1, 1), (1, 2), (12, 31), (7, 1), (7, 2)])
def test_terms_that_end_next_to_the_forecast_day_fall_on_the_right_side(on, first, month, day):
    report = backtest(
        [History("M", tuple(seats(month, day, first=first)))],
        start=on,
        end=on,
        horizon=365,
    )
    due = any(
        0 < (date(year, month, day) - on).days <= 365
        for year in (2022, 2023, 2024, 2025)
        if (year - first) % 2 == 0
    )
    mean = sum(row.p for row in report.predictions) / report.pairs
    assert mean > 0.6 if due else mean < 0.15


def test_chances_still_grow_with_the_horizon_where_ends_lie_on_one_day():
    ahead = coming(NEW_YEAR.toordinal(), (20, 25, 31, 40))
    table = past(seats(1, 25), NEW_YEAR)
    shares = ahead.by_place(table.ended, 0)
    assert (np.diff(shares, axis=0) >= 0).all()
    assert shares[0, 0] < 0.1 < 0.9 < shares[1, 0]
