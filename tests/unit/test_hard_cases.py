"""Invented hard histories through the public path, and laws that hold on each of them.

``python -m bench.hard_cases`` runs all of them and prints a table; here is a good part.
"""

import csv
import io
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bench.hard_cases import COUNT, KINDS, SEED, history, table
from relmap import imports
from relmap.models import Account, Person, Post, Tenure, Unit, db
from tests.histories.cases import CASES
from tests.histories.scoring import CAP, Figures, score
from tests.histories.world import DAYS, Listing, World

EACH = 8
laws = settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("category", list(CASES))
def test_hard_cases_come_out_as_the_rules_prescribe(book, category):
    figures = Figures()
    for turn in range(EACH):
        _, title, world = history(SEED, turn * len(CASES) + list(CASES).index(category))
        figures += score(world, title)
    shown = "\n".join([table({category: figures}), *figures.faults])
    assert figures.rows >= EACH * 2 * 20, shown
    for kind in KINDS:
        assert min(figures.precision(kind), figures.recall(kind)) >= 0.97, shown
    assert figures.uncertain <= 0.03 * figures.rows, shown


def test_the_command_tells_five_hundred_histories():
    assert COUNT >= 500
    assert len(CASES) * EACH < COUNT


# --- laws


def two_lists(seed: int, **found) -> tuple[World, list[Listing]]:
    """A client with ordinary turnover between two lists."""
    world = World(random.Random(seed), seed)
    world.found(**found)
    world.list(complete=True)
    world.turnover()
    world.turnover()
    world.list(complete=True)
    return world, [step for step in world.steps if isinstance(step, Listing)]


def bring_in(number: int, text: str, *, complete: bool = True):
    return imports.import_snapshot(
        text.encode(),
        file_name=f"{number}.csv",
        day=DAYS[number],
        complete=complete,
        yes=True,
        cap=CAP,
    )


def seatings() -> list[tuple]:
    """Who sat where from when to when, in words."""
    query = (
        select(
            Account.name,
            Unit.name,
            Post.title,
            Person.name,
            Tenure.starts_after,
            Tenure.starts_on,
            Tenure.ends_after,
            Tenure.ends_on,
        )
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Account, Account.id == Unit.account_id)
        .join(Person, Person.id == Tenure.person_id)
    )
    found = sorted(db.session.execute(query), key=repr)
    db.session.rollback()
    return [tuple(row) for row in found]


def forget_everything() -> None:
    for report in imports.list_imports():
        if report.status == "applied":
            imports.undo_import(report.import_id)


def shuffled(text: str, seed: int) -> str:
    head, *rows = text.splitlines()
    random.Random(seed).shuffle(rows)
    return "\n".join([head, *rows])


def told_without_rows(report) -> list[str]:
    return sorted(
        repr({key: value for key, value in change.items() if key not in ("row", "refs")})
        for change in report.to_json()["changes"]
    )


@laws
@given(seed=st.integers(1, 10_000), number=st.integers(0, 499))
def test_the_order_of_rows_does_not_matter(book, seed, number):
    _, _, world = history(7, number)
    lists = [step for step in world.steps if isinstance(step, Listing)][:2]
    plain = [bring_in(n, one.text, complete=one.complete) for n, one in enumerate(lists)]
    before = seatings()
    forget_everything()
    other = [
        bring_in(n, shuffled(one.text, seed), complete=one.complete) for n, one in enumerate(lists)
    ]
    assert seatings() == before
    for one, two in zip(plain, other, strict=True):
        assert len(told_without_rows(one)) == len(told_without_rows(two))
    forget_everything()


@laws
@given(seed=st.integers(1, 10_000))
def test_one_more_person_ends_nobodys_tenure(book, seed):
    world, (first, second) = two_lists(seed)
    bring_in(0, first.text)
    report = bring_in(1, second.text)
    left = [row["person"] for row in report.changes if row["kind"] == "left_post"]
    imports.undo_import(report.import_id)
    post = world.rng.choice(world.seats).post
    more = {
        "account": world.account,
        "unit": post.unit.name,
        "level": post.level,
        "function": post.function,
        "post": post.title,
        "person": world.names.new("zh3"),
    }
    report = bring_in(1, with_row(second.text, more))
    assert [row["person"] for row in report.changes if row["kind"] == "left_post"] == left
    forget_everything()


def with_row(text: str, cells: dict[str, str]) -> str:
    rows = list(csv.DictReader(io.StringIO(text)))
    return written([*rows, cells])


def written(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@laws
@given(seed=st.integers(1, 10_000))
def test_a_list_cut_in_two_by_units_gives_the_same_seatings(book, seed):
    world, lists = two_lists(seed, ids=["handle"])
    for number, one in enumerate(lists):
        bring_in(number, one.text)
    whole = seatings()
    forget_everything()
    units = {unit.name for unit in world.units()[:3]}
    for number, one in enumerate(lists):
        rows = list(csv.DictReader(io.StringIO(one.text)))
        halves = [[row for row in rows if (row["unit"] in units) is here] for here in (True, False)]
        for half in halves:
            bring_in(number, written(half), complete=False)
    assert seatings() == whole
    forget_everything()


@laws
@given(number=st.integers(0, 499))
def test_taking_the_last_list_back_restores_all_and_it_can_come_again(book, number):
    _, _, world = history(11, number)
    lists = [step for step in world.steps if isinstance(step, Listing)]
    for n, one in enumerate(lists[:-1]):
        bring_in(n, one.text, complete=one.complete)
    before = book.rows()
    last = lists[-1]
    report = bring_in(len(lists) - 1, last.text, complete=last.complete)
    imports.undo_import(report.import_id)
    assert book.rows() == before
    again = bring_in(len(lists) - 1, last.text, complete=last.complete)
    assert told_without_rows(again) == told_without_rows(report)
    forget_everything()
