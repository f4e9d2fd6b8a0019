"""What several accounts hold of one person is what the view of each says of them."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from relmap import graph
from relmap.contracts import Measures, Ref
from relmap.facts import claims, people, structure, tenures, ties, touches
from relmap.models import Account, db, writing

pytestmark = pytest.mark.postgresql

DAY, OLD, NEW = date(2026, 6, 1), date(2022, 3, 1), date(2025, 9, 1)
NAMES = ("First", "Second", "Third", "Fourth")


@pytest.fixture
def lin(context) -> Ref:
    """Lin: at First until 2024, at Second since, a contact of Third, announced for Fourth."""
    with writing():
        accounts = [structure.open_account(name, day=OLD) for name in NAMES]
        posts = [
            structure.open_post(
                structure.root_unit(one), "Buyer", day=OLD, level="director", seats=3
            )
            for one in accounts
        ]
        person, friend, stranger = (people.add_person(name) for name in ("Lin", "Wu", "Xu"))
        wang, zhao = (people.add_person(name, side="us") for name in ("Wang", "Zhao"))
        first = tenures.start_tenure(person, posts[0], OLD)
        tenures.end_tenure(first, date(2024, 1, 1))
        tenures.start_tenure(person, posts[1], date(2024, 1, 1))
        tenures.start_tenure(friend, posts[1], OLD)
        people.add_contact(person, accounts[2], day=date(2025, 1, 1))
        tenures.start_tenure(person, posts[3], date(2026, 8, 1))
        structure.change_post(posts[1], {"title": "Head of buying"}, day=date(2026, 7, 1))
        ties.add_tie(wang, person, level="problem_solver", observed_on=NEW)
        ties.add_tie(zhao, person, level="vendor", observed_on=OLD)
        ties.add_tie(person, friend, kind="friend", observed_on=NEW)
        ties.add_tie(stranger, person, kind="schoolmate", observed_on=OLD)
        for on in (OLD, date(2023, 5, 1), date(2025, 2, 1), NEW):
            touches.add_touch(on, "visit", [wang, person])
            touches.add_touch(on, "meal", [zhao, friend, person])
        for on in (OLD, NEW):
            claims.add_claim(person, "stance", "neutral", on=on, basis="told", observer=zhao)
        return Ref("person", person.id)


@pytest.mark.parametrize("names", [NAMES, NAMES[:2], NAMES[1:], ("Third",), ("First", "Fourth")])
def test_views_about_a_person_say_what_whole_views_say_of_them(lin, names):
    with writing():  # as the views were before, each
        accounts = list(db.session.scalars(select(Account).where(Account.name.in_(names))))
    whole = [graph.view(account.id, DAY) for account in accounts]
    alone = graph.views_about(lin.id, accounts, DAY, measures=Measures())

    for view, small in zip(whole, alone, strict=True):
        assert small.account == view.account
        assert small.tenures_of(lin) == view.tenures_of(lin)
        assert small.announced_of(lin) == view.announced_of(lin)
        for tenure in (*small.tenures, *small.announced):
            post = view.post(tenure.post)
            assert small.post(tenure.post) == replace(post, reports_to=None)
            assert small.unit(post.unit) == view.unit(post.unit)
        for kind in ("ties_of", "touches_of", "claims_about"):
            of_all = {row for one in whole for row in getattr(one, kind)(lin)}
            assert set(getattr(small, kind)(lin)) == of_all
        counts = [row for one in whole for row in one.touch_counts if row.theirs == lin]
        assert set(small.touch_counts) == set(counts)
        known = {row.ref: row.name for one in whole for row in one.people}
        assert {row.ref: row.name for row in small.people}.items() <= known.items()


def test_a_person_is_asked_for_seven_times_however_many_accounts(lin, statements):
    accounts = list(db.session.scalars(select(Account)))
    counts = []
    for number in (1, 2, 4):
        with statements() as sent:
            graph.views_about(lin.id, accounts[:number], DAY, measures=Measures())
        counts.append(len(sent))
    assert counts == [7, 7, 7]
