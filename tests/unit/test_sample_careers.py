"""Careers of the sample book: who has a policy rotates by it, everybody else goes by chance."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from relmap.maintenance.sample import read_rows
from relmap.maintenance.sample.days import FROZEN_ON as TODAY

HISTORY = timedelta(days=2192)  # who sat there
CONTACTS = timedelta(days=1096)  # since when we go there
DAYS = ("starts_on", "starts_after", "ends_on", "ends_after", "term_ends_on")
ROTATION = {
    row["name"]: (int(row["rotation_months"]), int(row["review_month"]))
    for row in read_rows("accounts")
    if row["rotation_months"]
}


@pytest.fixture(scope="module")
def tenures():
    """The tenures of the files, with days instead of cells."""
    return [
        {**row, **{key: date.fromisoformat(row[key]) if row[key] else None for key in DAYS}}
        for row in read_rows("tenures")
    ]


def by_customer(tenures):
    """The confirmed tenures of each customer that has more than a handful."""
    found = defaultdict(list)
    for row in tenures:
        if not row["acting"]:
            found[row["account"]].append(row)
    known = {account: rows for account, rows in found.items() if len(rows) > 10}
    assert len(known) == 9
    return known


def ended(rows, since):
    return [row for row in rows if row["ends_on"] and since < row["ends_on"] <= TODAY]


def yearly_rate(rows, *, years):
    """Ends a year and holder of the last years."""
    since = TODAY - timedelta(days=365 * years)
    days = sum(
        max((min(row["ends_on"] or TODAY, TODAY) - max(row["starts_on"], since)).days, 0)
        for row in rows
    )
    return 365 * len(ended(rows, since)) / days


def test_customers_with_a_policy_rotate_by_it_most_of_the_time(tenures):
    """Some go early and some are prolonged, but most go in a month of review."""
    for account, rows in by_customer(tenures).items():
        if account in ROTATION:
            months = Counter(
                row["ends_on"].month
                for row in ended(rows, TODAY - HISTORY)
                if row["term_ends_on"] is None
            )
            share = months[ROTATION[account][1]] / months.total()
            assert 0.5 < share < 0.95, account


def test_each_review_lets_a_part_go_and_none_lets_all(tenures):
    for account, rows in by_customer(tenures).items():
        if account in ROTATION:
            months, review = ROTATION[account]
            years = Counter(
                row["ends_on"].year
                for row in ended(rows, TODAY - HISTORY)
                if row["ends_on"].month == review
            )
            seats = 40
            fair = seats * 12 / months
            assert len(years) >= 5, account
            assert 0.5 * fair < years.total() / len(years) < 1.3 * fair, account
            assert 2 < min(years.values()) <= max(years.values()) < 0.65 * seats, account


def test_customers_without_a_policy_lose_a_fifth_a_year(tenures):
    rates = [
        yearly_rate(rows, years=6)
        for account, rows in by_customer(tenures).items()
        if account not in ROTATION
    ]
    assert all(0.12 < rate < 0.3 for rate in rates)
    assert 0.15 < sum(rates) / len(rates) < 0.25


def test_since_when_most_holders_sit_there_is_known(tenures):
    held = [row for row in tenures if row["ends_on"] is None]
    unknown = sum(row["starts_after"] is None for row in held)
    assert 0 < unknown < len(held) / 10


def test_declared_terms_are_few_and_lie_ahead_of_the_start(tenures):
    declared = [row for row in tenures if row["term_ends_on"] is not None]
    assert 5 < len(declared) < len(tenures) / 20
    assert all(row["term_ends_on"] > row["starts_on"] + timedelta(days=365) for row in declared)


def test_nobody_was_met_who_had_gone_before_we_went_there(tenures):
    last = {}
    for row in tenures:
        person, end = row["person"], row["ends_on"] or date.max
        last[person] = max(last.get(person, date.min), end)
    met = {name for row in read_rows("touches") for name in row["theirs"].split("、")}
    before = {person for person, day in last.items() if day <= TODAY - CONTACTS}
    assert len(before) > 50
    assert not met & before
