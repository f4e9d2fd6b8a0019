"""A view is built once for each account, day and revision, and never shown when it is another."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from relmap import graph
from relmap.facts import structure
from relmap.graph.kept import KeptViews
from relmap.hub.registry import registry_of, set_setting
from relmap.maintenance.backup import backup, restore
from relmap.models import Account, db, writing
from tests.db.conftest import Firm

DAY = date(2026, 6, 1)


@pytest.fixture
def firm(context) -> Firm:
    found = Firm()
    found.post("Director", "director")
    found.sit("Lin", "Director", date(2025, 1, 1))
    return found


def renamed(firm: Firm, name: str) -> None:
    with writing():
        structure.change_account(db.session.get_one(Account, firm.id), {"name": name}, day=None)


@pytest.mark.postgresql
def test_of_one_revision_the_same_view_is_handed_out(firm):
    first = graph.view(firm.id, DAY)
    assert graph.view(firm.id, DAY) is first
    assert graph.view(firm.id, date(2026, 6, 2)) is not first
    renamed(firm, "Jingfeng Group")
    assert graph.view(firm.id, DAY).account.name == "Jingfeng Group"


def test_a_view_that_is_kept_costs_three_queries(firm):
    asked: list[str] = []
    graph.view(firm.id, DAY)
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    graph.view(firm.id, DAY)
    assert len(asked) == 3  # the account, the measures, the edition of the book


def test_other_measures_are_another_view(app, firm):
    first = graph.view(firm.id, DAY)
    with writing():
        set_setting(registry_of(app), "relmap", {"deciding_from": "0.9"})
    assert graph.view(firm.id, DAY).measures != first.measures


def test_who_writes_sees_what_it_wrote(firm):
    graph.view(firm.id, DAY)
    with writing():
        db.session.get_one(Account, firm.id).name = "Not raised yet"
        assert graph.view(firm.id, DAY).account.name == "Not raised yet"
        db.session.rollback()
    assert graph.view(firm.id, DAY).account.name == "Jingfeng"


def test_a_restored_book_shows_nothing_of_the_one_before(firm, tmp_path: Path):
    backup(tmp_path / "before.sqlite3")
    renamed(firm, "What was typed before the restoring")
    assert graph.view(firm.id, DAY).account.name == "What was typed before the restoring"
    revision = graph.view(firm.id, DAY).revision
    restore(tmp_path / "before.sqlite3")
    renamed(firm, "What was typed after it")
    view = graph.view(firm.id, DAY)
    assert (view.revision, view.account.name) == (revision, "What was typed after it")


def test_what_is_kept_is_bounded_and_the_oldest_goes_first(firm):
    view = graph.view(firm.id, DAY)  # an account, two units, a post, a person and a tenure
    kept = KeptViews(most_rows=13)
    for key in (1, 2):
        kept.keep(key, view)
    kept.find(1)
    kept.keep(3, view)
    assert [kept.find(key) is not None for key in (1, 2, 3)] == [True, False, True]
    small = KeptViews(most_rows=5)
    small.keep(1, view)
    assert small.find(1) is None
