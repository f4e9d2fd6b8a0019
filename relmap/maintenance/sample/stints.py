"""How long somebody stays in a post of an invented customer: by its policy, a term, or chance."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from relmap.maintenance.sample.company import Company
from relmap.maintenance.sample.customers import Customer

__all__ = ["SENIOR", "SETTLED", "begun_on", "declare_term", "due_on", "leaving_on"]

SENIOR: Final = ("executive", "director", "manager")
SETTLED: Final = timedelta(days=150)  # nobody leaves sooner
LEAVING_RATES: Final = {  # a year, where no policy says when
    "executive": 0.12,
    "director": 0.15,
    "manager": 0.18,
    "lead": 0.2,
    "staff": 0.25,
}
EARLY_RATE: Final = 0.06  # a year, of those whom a policy would let stay
KEPT: Final = 0.8  # of those who are due go; the rest is prolonged
ON_THE_FIRST: Final = 0.6
OFF_THE_CYCLE: Final = 0.15  # of those found in their seats
LONGEST: Final = 4.0  # years in post of somebody found there
DECLARED: Final = 0.06
DECLARED_YEARS: Final = (2, 3, 3, 4)


def due_on(customer: Customer, start: date) -> date | None:
    """When the policy lets somebody go who began on ``start``; ``None`` without a policy.

    The first of the first month of review in which the length is reached.
    """
    if customer.rotation is None:
        return None
    months, review, _ = customer.rotation
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year + (review < month + 1), review, 1)


def begun_on(company: Company, number: int) -> date:
    """Since when the ``number``-th of those whom we found had been there.

    With a policy by turns: each year about equally many fall due.
    """
    random, first = company.draft.random, company.first_day
    rotation = company.customer.rotation
    if rotation is None or random.random() < OFF_THE_CYCLE:
        rate = LEAVING_RATES["manager"]
        return first - timedelta(days=round(365 * min(random.expovariate(rate), LONGEST)) + 1)
    months, review, _ = rotation
    newest = date(first.year - (review >= first.month), review, 1)
    return _some_day(company, newest.replace(year=newest.year - number % (months // 12)))


def declare_term(company: Company, tenure: dict[str, Any]) -> None:
    """Let it be said of a few at the top until when they are appointed."""
    if company.level_of(tenure) in SENIOR and company.draft.random.random() < DECLARED:
        years = company.draft.random.choice(DECLARED_YEARS)
        start = tenure["starts_on"]
        tenure["term_ends_on"] = date(start.year + years, start.month, min(start.day, 28))


def leaving_on(company: Company, tenure: dict[str, Any], day: date) -> date:
    """The day on which somebody in post on ``day`` will go."""
    random = company.draft.random
    due = tenure["term_ends_on"] or _term_or_policy(company, tenure)
    rate = EARLY_RATE if due else LEAVING_RATES[company.level_of(tenure)]
    by_chance = day + SETTLED + timedelta(days=round(365 * random.expovariate(rate)))
    if due is None:
        return by_chance
    while due <= day or random.random() > KEPT:
        due = due.replace(year=due.year + 1)
    return min(by_chance, _some_day(company, due) if company.customer.rotation else due)


def _term_or_policy(company: Company, tenure: dict[str, Any]) -> date | None:
    start, months = tenure["starts_on"], company.term_of(tenure)
    if tenure["starts_after"] is None:  # we do not know when they began; they do
        start = begun_on(company, company.draft.random.randrange(12))
    if months is None:
        return due_on(company.customer, start)
    return date(start.year + months // 12, start.month, min(start.day, 28))


def _some_day(company: Company, month: date) -> date:
    """A day of a month, oftenest the first; in Japan the first."""
    random = company.draft.random
    is_first = company.customer.country == "JP" or random.random() < ON_THE_FIRST
    return month.replace(day=1 if is_first else random.randint(2, 28))
