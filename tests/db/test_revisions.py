"""An account's revision names what its views hold: whoever changes a view, raises it.

Scores, scans and views that are kept are taken for true as long as the revision stands.
"""

from datetime import date, timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from relmap import graph, imports
from relmap.facts import next_steps, people, structure
from relmap.maintenance.erase import erase_person
from relmap.models import Account, NextStep, Person, db, writing
from tests.db.test_two_at_once import DAY, VERBS, _world, named, one

DAYS = (date(2025, 3, 1), DAY - timedelta(days=1), DAY, DAY + timedelta(days=400))


def _owned() -> int:
    """The same accounts; Zhao, who has no tie to anybody, owns one and is to meet somebody."""
    account_id = _world()
    with writing():
        account, zhao = db.session.get_one(Account, account_id), named(Person, "Zhao")
        structure.change_account(account, {"owner_id": zhao.id}, day=date(2025, 1, 1))
    with writing():
        next_steps.add_next_step(
            named(Account, "Anhe"), named(Person, "Lin"), due_on=DAY, day=DAY, owner=zhao
        )
    return account_id


@pytest.fixture
def owned(context, filled) -> int:
    return filled(_owned)


OURS = {
    "people.change_person of an owner": lambda: people.change_person(
        named(Person, "Zhao"), {"name": "Zhao Li"}
    ),
    "people.add_external_id of an owner": lambda: people.add_external_id(
        named(Person, "Zhao"), "mail", "zhao@us.example"
    ),
    "next_steps.drop_next_step of the other": lambda: next_steps.drop_next_step(
        one(NextStep, NextStep.owner_id.is_not(None)), DAY, because="he retires"
    ),
}
AGAIN = {
    "next_steps.reopen_next_step": "next_steps.do_next_step",
    "tenures.correct_end": "tenures.end_tenure",
}
"""What is done first, where a verb takes something back or corrects it."""
ACTS = {**VERBS, **OURS}


def seen() -> dict[int, tuple[int, tuple[str, ...]]]:
    """Each account's revision and what its views of some days hold, by its id."""
    db.session.rollback()
    current_app.extensions.pop("relmap.views", None)  # each is built anew
    return {
        number: (revision, tuple(graph.view(number, day).digest for day in DAYS))
        for number, revision in db.session.execute(select(Account.id, Account.revision))
    }


LIST = b"unit,post,person\nAnhe,Head,Zhou Min\nAnhe,Adviser,Lin\nPurchasing,Buyer,Sun Yi\n"


def import_list(text: bytes = LIST, day: date = DAY) -> int:
    name = f"{day}.csv"
    report = imports.import_snapshot(
        text, day=day, account="Anhe", file_name=name, yes=True, cap=1_000_000
    )
    assert report.import_id is not None
    return report.import_id


def stale(act) -> list[int]:
    """The accounts whose view another one is by ``act`` under the same revision."""
    before = seen()
    act()
    after = seen()
    return [
        number
        for number, (revision, views) in before.items()
        if after[number] != (revision, views) and after[number][0] == revision
    ]


def test_lists_and_their_undoing_raise_the_revisions_of_what_they_change(owned):
    made: list[int] = []
    assert stale(lambda: made.append(import_list())) == []
    assert stale(lambda: imports.undo_import(made[0])) == []


@pytest.mark.parametrize("is_same", [True, False])
def test_answers_about_people_raise_the_revisions_of_what_they_change(owned, is_same):
    import_list(b"unit,post,person\nAnhe,Head,Josh Harlow\n")
    josh = named(Person, "Josh Harlow").id
    number = import_list(b"unit,post,person\nAnhe,Head,Joshua Harlow\n", date(2026, 7, 1))
    same = josh if is_same else None
    assert stale(lambda: imports.resolve_row(number, 2, same=same)) == []


@pytest.mark.parametrize("name", ["Lin", "Wang", "Hu"])
def test_erasing_somebody_raises_the_revisions_of_what_it_changes(owned, name):
    number = named(Person, name).id

    def erase() -> None:
        with writing():
            erase_person(number)

    assert stale(erase) == []


@pytest.mark.parametrize("name", ACTS)
def test_who_changes_a_view_raises_the_revision(owned, name):
    if name in AGAIN:
        with writing():
            ACTS[AGAIN[name]]()

    def act() -> None:
        with writing():
            ACTS[name]()

    assert stale(act) == []
