"""The days of the sample book, moved to the day on which it is loaded."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from relmap.maintenance.sample import read_rows
from relmap.maintenance.sample.days import FROZEN_ON, move, move_month

ONE = timedelta(days=1)
EVERY_DAY = [date(2027, 1, 1) + day * ONE for day in range(366 + 365)]  # with a leap year
ABOUT = [date(2026, 7, 1) + day * ONE for day in range(400)]  # before and after the files' day


def spans():
    """Every start and end of the files."""
    for file in ("units", "posts", "tenures", "contacts", "ties"):
        for row in read_rows(file):
            if row.get("starts_on") and row.get("ends_on"):
                yield date.fromisoformat(row["starts_on"]), date.fromisoformat(row["ends_on"])


def test_on_the_day_of_the_files_no_day_is_moved():
    assert [move(day, FROZEN_ON) for day in ABOUT] == ABOUT


@pytest.mark.parametrize(
    ("day", "today", "moved"),
    [
        (date(2024, 1, 1), date(2027, 2, 10), date(2024, 4, 1)),
        (date(2024, 8, 31), date(2027, 2, 10), date(2024, 11, 30)),
        (date(2027, 1, 1), date(2027, 2, 10), date(2027, 4, 1)),
        (date(2024, 1, 1), date(2026, 7, 31), date(2023, 9, 1)),
        (date(2026, 10, 1), date(2027, 2, 1), date(2027, 1, 1)),
        (date(2026, 11, 29), date(2027, 2, 1), date(2027, 1, 31)),
    ],
)
def test_a_day_moves_by_months_and_a_new_one_by_its_share_of_two(day, today, moved):
    assert move(day, today) == moved


@pytest.mark.parametrize("today", EVERY_DAY[::7])
def test_days_keep_their_order_and_their_side_of_today(today):
    moved = {day: move(day, today) for day in ABOUT}
    assert moved[FROZEN_ON] == today
    assert all(before <= after for before, after in pairwise(moved.values()))
    assert all((day > FROZEN_ON) == (then > today) for day, then in moved.items())


def test_nothing_ends_before_it_began_whatever_the_day():
    found = list(spans())
    assert len(found) > 700
    assert all(move(start, day) < move(end, day) for day in EVERY_DAY for start, end in found)


def test_a_review_moves_with_the_days():
    assert [move_month(month, date(2027, 2, 10)) for month in (1, 7, 10)] == [4, 10, 1]
    assert move_month(1, date(2026, 7, 31)) == 9
