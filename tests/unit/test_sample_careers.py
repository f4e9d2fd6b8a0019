"""Careers of the sample book: who has a policy rotates by it, everybody else goes by chance."""

from collections import Counter
from datetime import date, timedelta

import pytest

from relmap.maintenance.sample.company import CONTACTS, HISTORY
from relmap.maintenance.sample.customers import CUSTOMERS
from relmap.maintenance.sample.drafting import draft_book
from relmap.maintenance.sample.stints import due_on
from relmap.models import Account, Post, Tenure, TouchPerson, Unit

TODAY = date(2026, 11, 21)
BY_MONTHS = {customer.rotation: customer for customer in CUSTOMERS}


@pytest.fixture(scope="module", params=[7, 2026])
def draft(request):
    return draft_book(TODAY, request.param)


def tenures_by_customer(draft):
    """The confirmed tenures of each customer that has more than a handful."""
    found = {customer: [] for customer in CUSTOMERS if customer.acquaintance != "empty"}
    by_name = {customer.name: customer for customer in found}
    for row in draft.rows(Tenure):
        unit = draft.row(Unit, draft.row(Post, row["post_id"])["unit_id"])
        customer = by_name.get(draft.row(Account, unit["account_id"])["name"])
        if customer is not None and not row["acting"]:
            found[customer].append(row)
    return found


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


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2024, 1, 1), date(2027, 1, 1)),
        (date(2024, 1, 28), date(2027, 1, 1)),
        (date(2024, 2, 1), date(2028, 1, 1)),
        (date(2023, 12, 31), date(2027, 1, 1)),
    ],
)
def test_a_policy_lets_go_in_the_review_in_which_its_length_is_reached(start, due):
    assert due_on(BY_MONTHS[36, 1, 0], start) == due


def test_nobody_is_due_without_a_policy():
    assert due_on(BY_MONTHS[None], date(2024, 1, 1)) is None


def test_customers_with_a_policy_rotate_by_it_most_of_the_time(draft):
    """Some go early and some are prolonged, but most go in a month of review."""
    for customer, rows in tenures_by_customer(draft).items():
        if customer.rotation is not None:
            months = Counter(
                row["ends_on"].month
                for row in ended(rows, TODAY - HISTORY)
                if row["term_ends_on"] is None
            )
            share = months[customer.rotation[1]] / months.total()
            assert 0.5 < share < 0.95, customer.name


def test_each_review_lets_a_part_go_and_none_lets_all(draft):
    for customer, rows in tenures_by_customer(draft).items():
        if customer.rotation is not None:
            months, review, _ = customer.rotation
            years = Counter(
                row["ends_on"].year
                for row in ended(rows, TODAY - HISTORY)
                if row["ends_on"].month == review
            )
            seats = 40
            fair = seats * 12 / months
            assert len(years) >= 5, customer.name
            assert 0.5 * fair < years.total() / len(years) < 1.3 * fair, customer.name
            assert 2 < min(years.values()) <= max(years.values()) < 0.65 * seats, customer.name


def test_customers_without_a_policy_lose_a_fifth_a_year(draft):
    rates = [
        yearly_rate(rows, years=6)
        for customer, rows in tenures_by_customer(draft).items()
        if customer.rotation is None
    ]
    assert all(0.12 < rate < 0.3 for rate in rates)
    assert 0.15 < sum(rates) / len(rates) < 0.25


def test_since_when_most_holders_sit_there_is_known(draft):
    held = [row for row in draft.rows(Tenure) if row["ends_on"] is None]
    unknown = sum(row["starts_after"] is None for row in held)
    assert 0 < unknown < len(held) / 10


def test_declared_terms_are_few_and_lie_ahead_of_the_start(draft):
    rows = draft.rows(Tenure)
    declared = [row for row in rows if row["term_ends_on"] is not None]
    assert 5 < len(declared) < len(rows) / 20
    assert all(row["term_ends_on"] > row["starts_on"] + timedelta(days=365) for row in declared)


def test_nobody_was_met_who_had_gone_before_we_went_there(draft):
    last = {}
    for row in draft.rows(Tenure):
        person, end = row["person_id"], row["ends_on"] or date.max
        last[person] = max(last.get(person, date.min), end)
    met = {row["person_id"] for row in draft.rows(TouchPerson)}
    before = {person for person, day in last.items() if day <= TODAY - CONTACTS}
    assert len(before) > 50
    assert not met & before
