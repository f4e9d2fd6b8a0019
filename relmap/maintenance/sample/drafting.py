"""The whole sample book as a draft: our people, ten customers, and who came and went."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from relmap.maintenance.sample.careers import live
from relmap.maintenance.sample.company import Company
from relmap.maintenance.sample.customers import CUSTOMERS, OURS, Customer
from relmap.maintenance.sample.draft import Draft
from relmap.maintenance.sample.market import Market
from relmap.maintenance.sample.meetings import believe, meet
from relmap.maintenance.sample.prospects import announce_leaves, intend, prospect
from relmap.maintenance.sample.relations import make_acquaintances, tie_among_them
from relmap.maintenance.sample.structure import (
    close_task_force,
    open_task_force,
    rename_quality,
    retitle_product,
)
from relmap.models import Person
from relmap.names.search import search_text

__all__ = ["draft_book"]


def draft_book(today: date, seed: int) -> Draft:
    """The book as of ``today``; equal seeds and days give equal drafts."""
    draft = Draft(today, Random(seed))  # noqa: S311 - a story, not a secret
    market = Market()
    _add_ours(draft)
    for number, customer in enumerate(CUSTOMERS):
        chance = Random(100 * seed + number)  # noqa: S311 - as above
        _add_customer(draft, market, customer, number, chance)
    for row in draft.rows(Person):
        forms = (row["name"], row["latin_name"], row["nickname"], row["address_as"])
        row["search_text"] = search_text(forms)
    return draft


def _add_ours(draft: Draft) -> None:
    """Our own people get the ids 1, 2, ... in the order of ``OURS``."""
    joined = draft.day - timedelta(days=1500)
    for colleague in OURS:
        draft.names.add(colleague.name)
        person = draft.add(
            Person,
            joined,
            side="us",
            name=colleague.name,
            latin_name=colleague.latin_name,
            nickname=None,
            address_as=None,
            search_text="",
            language=colleague.language,
            affiliation=None,
            birthday=None,
            preferences=None,
            erased_at=None,
            is_sample=True,
        )
        draft.add_mail(person, colleague.mailbox, "relmap-sample.example", joined)


def _add_customer(
    draft: Draft, market: Market, customer: Customer, number: int, chance: Random
) -> None:
    company = Company(draft, customer, market, customer.team[0] + 1)
    has_task_force = number in (0, 1, 3, 5)
    if has_task_force:
        open_task_force(company)
        close_task_force(company)
    live(company)
    for _ in range(1 if customer.acquaintance == "empty" else 3):
        company.add_contact(draft.past(60, 800))
    bonds = make_acquaintances(company)
    tie_among_them(company)
    meet(company, bonds)
    believe(company, bonds)
    announce_leaves(company, number, chance)
    prospect(company, chance)
    intend(company, bonds, chance)
    if number in (0, 4, 5, 8):
        rename_quality(company)
    if number in (1, 3, 7):
        retitle_product(company)
