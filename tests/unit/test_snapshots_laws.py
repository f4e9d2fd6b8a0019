"""Laws that hold for whatever a list says: twice is once, undone is as before."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relmap import imports
from relmap.errors import ImportHeld, Refused
from relmap.maintenance import check
from relmap.models import db

UNITS = ["", "Sales", "SALES", "Markets", "Plant", "采购部"]
TITLES = ["", "Head", "Buyer", "Senior Buyer", "采购经理", "代理采购经理", "Director"]
PEOPLE = [
    "",
    "?",
    "Wang Wei",
    "Wei Wang",
    "王小明",
    "王曉明",
    "Josh Harlow",
    "Joshua Harlow",
    "Li Na",
]
IDS = ["", "", "a1", "b2", "c3", "mail:x@m.example"]
STARTS = ["", "", "", "2025-05-05", "2025", "2026-01", "2026-01-01"]
HEAD = "unit,parent_unit,post,person,external_id,affiliation,reports_to,starts_on,level"


@st.composite
def rows(draw) -> str:
    post, person = draw(st.sampled_from(TITLES)), draw(st.sampled_from(PEOPLE))
    if not post and person in ("", "?"):
        post = "Head"
    cells = [
        draw(st.sampled_from(UNITS)),
        draw(st.sampled_from(["", "", "East", "West"])),
        post,
        person,
        draw(st.sampled_from(IDS)) if person not in ("", "?") else "",
        draw(st.sampled_from(["", "Meridian GmbH", "Orion"])),
        draw(st.sampled_from(["", "", "Li Na", "Wang Wei"])),
        draw(st.sampled_from(STARTS)),
        draw(st.sampled_from(["", "", "manager"])),
    ]
    return ",".join(cells)


LISTS = st.lists(rows(), min_size=1, max_size=7)
laws = settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def imported(book, day: str, lines: list[str], **options):
    """The report, or ``None`` where the list cannot be right."""
    try:
        return book.list(day, "\n".join([HEAD, *lines]), yes=True, **options)
    except ImportHeld:
        raise
    except Refused:
        return None


def undo_all(book) -> None:
    for report in imports.list_imports():
        if report.status == "applied":
            imports.undo_import(report.import_id)


@pytest.fixture
def empty(book):
    """The rows of a book that holds nothing."""
    return book.rows()


@laws
@given(first=LISTS, second=LISTS, complete=st.booleans())
def test_importing_twice_is_importing_once(book, empty, first, second, complete):
    imported(book, "2026-01-01", first, complete=complete)
    if imported(book, "2026-07-01", second, complete=complete) is not None:
        kept = ("change", "import", "coverage")
        before = book.rows(but=kept)
        for day in ("2026-07-01", "2026-12-01"):
            again = imported(book, day, second, complete=complete)
            assert again is not None
            assert again.changes == ()
        assert book.rows(but=kept)["person"] == before["person"]
    undo_all(book)
    assert book.rows() == empty


@laws
@given(first=LISTS, second=LISTS, complete=st.booleans())
def test_undo_restores_every_row_and_importing_again_gives_the_same(
    book, empty, first, second, complete
):
    imported(book, "2026-01-01", first, complete=complete)
    before = book.rows()
    report = imported(book, "2026-07-01", second, complete=complete)
    if report is not None:
        after = book.view("2026-07-01")
        imports.undo_import(report.import_id)
        assert book.rows() == before
        again = imported(book, "2026-07-01", second, complete=complete)
        assert [row["kind"] for row in again.changes] == [row["kind"] for row in report.changes]
        assert len(book.view("2026-07-01").open_tenures) == len(after.open_tenures)
    undo_all(book)
    assert book.rows() == empty


@laws
@given(first=LISTS, second=LISTS, complete=st.booleans())
def test_what_lists_write_breaks_no_rule_of_the_services(book, first, second, complete):
    for day, lines in (("2026-01-01", first), ("2026-07-01", second)):
        report = imported(book, day, lines, complete=complete)
        if report is not None:
            assert list(check.check_book()) == []
            for when in ("2025-12-01", "2026-01-01", "2026-03-01", "2026-07-01"):
                assert book.view(when).graph is not None
    undo_all(book)


@laws
@given(first=LISTS, second=LISTS)
def test_a_dry_run_tells_what_the_import_then_does(book, first, second):
    imported(book, "2026-01-01", first)
    dry = imported(book, "2026-07-01", second, dry_run=True)
    report = imported(book, "2026-07-01", second)
    if report is None:
        assert dry is None
    else:
        assert [(row["kind"], row["row"]) for row in dry.changes] == [
            (row["kind"], row["row"]) for row in report.changes
        ]
        assert date(2026, 7, 1) == report.on
    undo_all(book)
    db.session.rollback()


WORDS = [
    "Lead",
    "Chair",
    "Director",
    "Clerk",
    "VP",
    "Vice President",
    "经理",
    "组长",
    "SQE",
    "部長",
]
CLIENTS = count()


@laws
@given(
    titles=st.lists(st.sampled_from(WORDS), min_size=2, max_size=2, unique=True), gone=st.booleans()
)
def test_a_list_that_writes_a_title_anew_ends_nobodys_tenure(book, titles, gone):
    account = f"Client {next(CLIENTS)}"
    units = {"North": "Li Na", "South": "Bo Wu", "East": "Cy Ma", "West": "Di Ye"}

    def text(title: str) -> str:
        return "\n".join(["unit,post,person", *(f"{u},{title},{who}" for u, who in units.items())])

    book.list("2026-01-01", text(titles[0]), account=account)
    if gone:
        units["West"] = "Ed Ode"
    report = book.list("2026-07-01", text(titles[1]), account=account)
    left = [row["person"] for row in report.changes if row["kind"] == "left_post"]
    assert left == (["Di Ye"] if gone else [])
