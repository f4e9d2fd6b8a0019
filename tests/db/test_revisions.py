"""An account's revision names what its views hold: whoever changes a view, raises it.

Scores, scans and views that are kept are taken for true as long as the revision stands.
"""

from datetime import date, timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select

from relmap import graph, imports
from relmap.facts import next_steps, people, structure
from relmap.maintenance.erase import erase_person
from relmap.models import Account, Import, NextStep, Person, db, writing
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


def import_list() -> None:
    imports.import_snapshot(
        LIST, day=DAY, account="Anhe", file_name="list.csv", yes=True, cap=1_000_000
    )


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
    assert stale(import_list) == []
    newest = db.session.scalar(select(func.max(Import.id)))
    assert stale(lambda: imports.undo_import(newest)) == []


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
