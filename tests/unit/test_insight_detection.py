"""How late we learn of departures."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.contracts import Ref
from relmap.insight.detection import Departed, Lags, detection_lags

ACME, BETA = Ref("account", 1), Ref("account", 2)
WANG, CHEN = Ref("person", 1), Ref("person", 2)


def departed(recorded: str, days: int, *, account=ACME, colleague=WANG, within=1) -> Departed:
    """A departure recorded ``days`` after the last of the ``within`` days on which it may lie."""
    on = date.fromisoformat(recorded) - timedelta(days=days)
    return Departed(
        account, colleague, on - timedelta(days=within), on, date.fromisoformat(recorded)
    )


def test_without_departures_there_is_no_lag():
    assert detection_lags([]) == Lags(None, {}, {})


def test_the_lag_is_told_by_account_and_by_colleague():
    rows = [
        departed("2026-01-10", 10),
        departed("2026-02-10", 20),
        departed("2026-02-11", 60, account=BETA, colleague=CHEN),
        departed("2026-02-12", 40, account=BETA, colleague=None),
    ]
    found = detection_lags(rows)
    assert found.overall.count == 4
    assert found.overall.median == 30
    assert {ref: lag.median for ref, lag in found.by_account.items()} == {ACME: 15, BETA: 50}
    assert {ref: lag.count for ref, lag in found.by_colleague.items()} == {WANG: 2, CHEN: 1}


def test_a_departure_between_two_lists_counts_from_the_middle():
    assert departed("2026-07-01", 0, within=31).days == 15
    assert Departed(ACME, None, None, date(2026, 6, 1), date(2026, 7, 1)).days == 30


def test_what_was_announced_is_ahead_and_below_zero():
    found = detection_lags([departed("2026-01-10", -30), departed("2026-01-10", 10)])
    assert found.overall.ahead == 0.5
    assert found.overall.median == -10


def test_quarters_go_by_the_day_we_learnt_and_show_the_trend():
    rows = [
        departed(day, lag)
        for day, lag in (
            ("2025-11-01", 90),
            ("2026-01-15", 60),
            ("2026-02-01", 50),
            ("2026-07-01", 25),
        )
    ]
    found = detection_lags(rows).overall
    assert [(row.quarter, row.count, row.median) for row in found.quarters] == [
        ("2025 Q4", 1, 90),
        ("2026 Q1", 2, 55),
        ("2026 Q3", 1, 25),
    ]
    assert found.trend == pytest.approx(-65 / 3)  # the middle one of -35, -65/3 and -15


def test_two_quarters_are_no_trend():
    rows = [departed("2025-11-01", 90), departed("2026-01-15", 60)]
    assert detection_lags(rows).overall.trend is None


@given(st.lists(st.tuples(st.integers(0, 1500), st.integers(-90, 400)), min_size=1, max_size=30))
def test_later_by_a_week_is_a_week_more_in_every_quantile(rows):
    start = date(2022, 1, 1)

    def lag(more):
        return detection_lags(
            Departed(ACME, WANG, None, day - timedelta(days=late + more), day)
            for at, late in rows
            for day in [start + timedelta(days=at)]
        ).overall

    sooner, later = lag(0), lag(7)
    assert sooner.quartiles[0] <= sooner.median <= sooner.quartiles[1] <= sooner.ninth_decile
    assert later.median == pytest.approx(sooner.median + 7)
    assert later.ninth_decile == pytest.approx(sooner.ninth_decile + 7)
    assert later.ahead <= sooner.ahead
    if sooner.trend is not None:
        assert later.trend == pytest.approx(sooner.trend)
