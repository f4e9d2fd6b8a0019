"""What goes over the whole book holds a small part of it in memory, however large it is."""

import json
import tracemalloc
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from relmap.facts import people, structure
from relmap.maintenance.erase import erase_person
from relmap.models import (
    Account,
    Change,
    Import,
    Person,
    Post,
    StoredView,
    Tenure,
    Touch,
    TouchPerson,
    Unit,
    db,
    writing,
)
from relmap.results.runs.book_rates import rate_elsewhere

DAY = date(2026, 6, 1)
MIB = 1024 * 1024


def peak(work) -> float:
    """The most that was held at once besides what was there before, in MiB."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / MIB
    finally:
        tracemalloc.stop()


def fill(model, rows) -> None:
    db.session.execute(insert(model), list(rows))


@pytest.fixture
def lin(context) -> int:
    """Somebody in a book of 15 MiB, most of which says nothing of them."""
    document = {"people": [], "attached": [], "touches": [{"next_step": "x" * 3_000}] * 30}
    records = [[line, ["Ann Lee", "Buyer", "Purchasing"]] for line in range(500)]
    with writing():
        person = people.add_person("Lin Bo")
        account = structure.open_account("Firm", day=DAY)
        number, account_id = person.id, account.id
        fill(
            Change,
            (
                {"verb": "x", "kind": "touch", "fact_id": one, "after": {"said": "x" * 2_500}}
                for one in range(4_000)
            ),
        )
        fill(
            StoredView,
            (
                {"digest": f"{one}", "account_id": account_id, "document": json.dumps(document)}
                for one in range(60)
            ),
        )
        fill(
            Import,
            (
                {
                    "kind": "snapshot",
                    "file_name": f"{one}.csv",
                    "status": "applied",
                    "account_ids": [account_id],
                    "changes": [],
                    "table": {"records": records},
                }
                for one in range(6)
            ),
        )
        fill(
            Touch,
            ({"on": DAY, "kind": "call", "said": f"{one} said " * 50} for one in range(1_000)),
        )
        db.session.flush()
        fill(TouchPerson, ({"touch_id": one + 1, "person_id": number} for one in range(9)))
    return number


def test_to_erase_somebody_holds_a_small_part_of_the_book(lin):
    def erase() -> None:
        with writing():
            erase_person(lin)

    assert peak(erase) < 9  # it was 23
    assert db.session.get_one(Person, lin).name == ""


@pytest.mark.postgresql
def test_the_rate_of_the_book_is_fitted_account_by_account(context):
    since = DAY - timedelta(days=500)
    began = {"starts_on": since}
    with writing():
        person = people.add_person("Lin Bo").id
        fill(Account, ({"name": f"Firm {one}", "revision": 0} for one in range(25)))
        fill(
            Unit,
            ({"account_id": one, "name": "U", "is_root": True, **began} for one in range(1, 26)),
        )
        fill(Post, ({"unit_id": one, "title": f"P{one}", **began} for one in range(1, 26)))
        fill(
            Tenure,
            (
                {
                    "person_id": person,
                    "post_id": one % 25 + 1,
                    "starts_on": since + timedelta(days=one // 25),
                    "ends_on": since + timedelta(days=one // 25 + 1),
                }
                for one in range(6_000)
            ),
        )
    assert peak(lambda: rate_elsewhere(1, DAY)) < 1  # it was 2
