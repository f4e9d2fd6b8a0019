"""A list that names who begins after its day: the seat keeps its holder until then."""

from datetime import date
from itertools import permutations

import pytest
from sqlalchemy import select

from relmap.imports import resolve_row
from relmap.imports.undo import undo_import
from relmap.models import Post, Tenure, db

D = date
HEAD = "unit,post,person,start date"
FIRST = f"{HEAD}\nBuying,Director,Lin,2024-01-01\nBuying,Clerk,Bo Wu,2024-01-01"
MAY = D(2027, 5, 1)


def spans(book, title="Director"):
    """Who has the post from when until when."""
    query = select(Tenure).join(Post).where(Post.title == title).order_by(Tenure.starts_on)
    return [
        (row.person.name, row.starts_on.isoformat(), row.ends_on and row.ends_on.isoformat())
        for row in db.session.scalars(query)
    ]


def test_the_holder_whom_the_list_leaves_out_stays_until_the_next_begins(book, told):
    book.list("2027-01-01", FIRST)
    rows = "Buying,Director,Chen Yi,2027-05-01\nBuying,Clerk,Bo Wu,"
    report = book.list("2027-04-01", f"{HEAD}\n{rows}")
    assert told(report) == [
        "Lin left Buying/Director (replaced)",
        "Chen Yi joined Buying/Director",
    ]
    assert spans(book) == [("Lin", "2024-01-01", "2027-05-01"), ("Chen Yi", "2027-05-01", None)]
    assert book.post("Director").seats == 1
    assert book.sits("2027-04-30") == {"Lin: Director", "Bo Wu: Clerk"}
    assert book.sits("2027-05-01") == {"Chen Yi: Director", "Bo Wu: Clerk"}


def test_the_holder_whom_the_list_has_too_leaves_when_the_next_begins(book):
    book.list("2027-01-01", FIRST)
    report = book.list("2027-04-01", f"{FIRST}\nBuying,Director,Chen Yi,2027-05-01")
    assert [row[2] for row in spans(book)] == ["2027-05-01", None]
    assert book.post("Director").seats == 1
    assert "taken to leave" in str(report.notes)


def test_a_first_list_may_name_the_holder_and_the_next(book):
    book.list("2027-04-01", f"{FIRST}\nBuying,Director,Chen Yi,2027-05-01")
    assert [row[2] for row in spans(book)] == ["2027-05-01", None]
    assert book.post("Director").seats == 1


def test_nobody_is_said_to_leave_where_it_could_be_either(book):
    book.list("2027-01-01", f"{HEAD}\nBuying,Clerk,Bo Wu,\nBuying,Clerk,Li Na,")
    rows = "Buying,Clerk,Bo Wu,\nBuying,Clerk,Li Na,\nBuying,Clerk,Chen Yi,2027-05-01"
    report = book.list("2027-04-01", f"{HEAD}\n{rows}")
    assert [row[2] for row in spans(book, "Clerk")] == [None, None, None]
    assert "is not said" in str(report.notes)


def test_who_is_announced_for_another_post_keeps_the_old_one_until_then(book, told):
    book.list("2027-01-01", FIRST)
    report = book.list("2027-04-01", f"{HEAD}\nBuying,Director,Bo Wu,2027-05-01")
    assert set(told(report)) >= {"Bo Wu joined Buying/Director"}
    assert spans(book, "Clerk") == [("Bo Wu", "2024-01-01", "2027-05-01")]
    assert book.tenure("Bo Wu", "Clerk").end_reason == "promoted"
    assert book.sits("2027-04-30") == {"Lin: Director", "Bo Wu: Clerk"}


def test_a_vacant_seat_is_vacant_until_the_day(book):
    book.list("2027-01-01", f"{HEAD}\nBuying,Director,TBD,\nBuying,Clerk,Bo Wu,")
    book.list("2027-04-01", f"{HEAD}\nBuying,Director,Chen Yi,2027-05-01\nBuying,Clerk,Bo Wu,")
    assert book.status("2027-04-30", "Director") == "vacant"
    assert book.status("2027-05-01", "Director") == "filled"
    assert book.post("Director").seats == 1


def test_an_acting_holder_is_confirmed_on_the_day(book, told):
    book.list("2027-01-01", f"{HEAD}\nBuying,Acting Director,Lin,2026-12-01")
    report = book.list("2027-04-01", f"{HEAD}\nBuying,Director,Lin,2027-05-01")
    assert told(report) == ["confirmed Lin Buying/Director"]
    assert book.status("2027-04-30", "Director") == "acting"
    assert book.status("2027-05-01", "Director") == "filled"


def test_the_same_file_twice_changes_nothing(book, told):
    book.list("2027-01-01", FIRST)
    rows = "Buying,Director,Chen Yi,2027-05-01\nBuying,Clerk,Bo Wu,"
    book.list("2027-04-01", f"{HEAD}\n{rows}")
    before = spans(book)
    assert told(book.list("2027-04-01", f"{HEAD}\n{rows}")) == []
    assert told(book.list("2027-04-20", f"{HEAD}\n{rows}")) == []
    assert told(book.list("2027-06-01", f"{HEAD}\n{rows}")) == []
    assert spans(book) == before


@pytest.mark.parametrize("again", [FIRST, HEAD + "\nBuying,Clerk,Bo Wu,"])
def test_a_postponed_start_keeps_the_holder_longer(book, again):
    book.list("2027-01-01", FIRST)
    book.list("2027-03-01", f"{FIRST}\nBuying,Director,Chen Yi,2027-05-01")
    book.list("2027-04-01", f"{again}\nBuying,Director,Chen Yi,2027-06-01")
    assert spans(book) == [("Lin", "2024-01-01", "2027-06-01"), ("Chen Yi", "2027-06-01", None)]
    assert book.post("Director").seats == 1


def test_who_is_there_before_the_day_began_earlier(book):
    book.list("2027-01-01", FIRST)
    book.list("2027-03-01", f"{FIRST}\nBuying,Director,Chen Yi,2027-05-01")
    book.list("2027-04-01", f"{HEAD}\nBuying,Director,Chen Yi,\nBuying,Clerk,Bo Wu,")
    assert spans(book) == [("Lin", "2024-01-01", "2027-04-01"), ("Chen Yi", "2027-04-01", None)]


def test_who_sits_there_does_not_begin_later(book):
    book.list("2027-01-01", FIRST)
    report = book.list("2027-04-01", FIRST.replace("Lin,2024-01-01", "Lin,2027-05-01"))
    assert spans(book) == [("Lin", "2024-01-01", None)]
    assert "that stays" in str(report.notes)


def test_an_undone_announcement_leaves_nothing(book):
    book.list("2027-01-01", FIRST)
    before = book.rows()
    report = book.list("2027-04-01", f"{FIRST}\nBuying,Director,Chen Yi,2027-05-01")
    undo_import(report.import_id)
    assert book.rows() == before


HOLDERS = [("Lin", "2024-01-01"), ("Chen Yi", "2027-05-01"), ("Li Na", "2027-09-01")]


@pytest.mark.parametrize("order", list(permutations(HOLDERS)))
def test_holders_who_follow_each_other_need_one_seat_in_any_order_of_rows(book, order):
    rows = "\n".join(f"Buying,Director,{name},{day}" for name, day in order)
    book.list("2027-04-01", f"{HEAD}\n{rows}")
    assert book.post("Director").seats == 1
    assert [row[2] for row in spans(book)] == ["2027-05-01", "2027-09-01", None]


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("last", ["2027-04-30", "2027-05-01"])
def test_one_list_may_have_one_until_a_day_and_another_from_the_next(book, is_first, last):
    head = f"{HEAD},leave date"
    if not is_first:
        book.list("2027-01-01", FIRST)
    rows = f"Buying,Director,Lin,2024-01-01,{last}\nBuying,Director,Chen Yi,2027-05-01,"
    report = book.list("2027-04-01", f"{head}\n{rows}\nBuying,Clerk,Bo Wu,,")
    assert book.post("Director").seats == 1
    assert [row[0] for row in spans(book)] == ["Lin", "Chen Yi"]
    assert spans(book)[0][2] <= "2027-05-01"
    assert book.sits("2027-05-02") == {"Chen Yi: Director", "Bo Wu: Clerk"}
    assert "taken to leave" not in str(report.notes)


def test_the_report_says_what_is_announced_for_which_day(book):
    book.list("2027-01-01", FIRST)
    rows = "Buying,Director,Chen Yi,2027-05-01\nBuying,Clerk,Bo Wu,"
    text = book.list("2027-04-01", f"{HEAD}\n{rows}").to_text()
    assert text.count("announced for 1 May 2027") == 2


def test_a_unit_in_which_somebody_is_announced_is_not_closed(book):
    book.list("2027-01-01", f"{HEAD}\nBuying,Clerk,Bo Wu,\nLegal,Counsel,Li Na,2027-05-01")
    book.list("2027-04-01", f"{HEAD}\nBuying,Clerk,Bo Wu,", complete=True)
    assert book.unit("Legal").ends_on is None
    assert book.sits("2027-05-01") == {"Bo Wu: Clerk", "Li Na: Counsel"}


def test_who_was_announced_and_never_came_has_not_left(book, told):
    book.list("2027-01-01", FIRST)
    book.list("2027-04-01", f"{FIRST}\nBuying,Director,Chen Yi,2027-05-01")
    report = book.list("2027-06-01", f"{HEAD}\nBuying,Director,Li Na,\nBuying,Clerk,Bo Wu,")
    said = [str(note.message) for note in report.notes]
    assert any("was announced as Director for 2027-05-01 and did not come" in one for one in said)
    assert not [row for row in told(report) if "left" in row]
    assert book.sits("2027-06-01") == {"Li Na: Director", "Bo Wu: Clerk"}
    assert book.sits("2027-05-01") == {"Bo Wu: Clerk"}


def test_a_seat_to_which_nobody_came_is_vacant_from_the_day_of_the_announcement(book):
    book.list("2027-01-01", FIRST)
    book.list("2027-04-01", f"{FIRST}\nBuying,Director,Chen Yi,2027-05-01")
    book.list("2027-06-01", f"{HEAD}\nBuying,Director,TBD,\nBuying,Clerk,Bo Wu,")
    assert book.post("Director").vacant_since == MAY
    assert book.sits("2027-06-01") == {"Bo Wu: Clerk"}
    third = f"{HEAD}\nBuying,Director,Chen Yi,\nBuying,Clerk,Bo Wu,"
    book.list("2027-09-01", third)  # later than announced
    assert book.sits("2027-09-01") == {"Chen Yi: Director", "Bo Wu: Clerk"}
    assert book.sits("2027-06-02") == {"Bo Wu: Clerk"}


def test_an_undone_list_announces_again_who_did_not_come(book):
    book.list("2027-01-01", FIRST)
    book.list("2027-04-01", f"{FIRST}\nBuying,Director,Chen Yi,2027-05-01")
    before = spans(book)
    report = book.list("2027-06-01", f"{HEAD}\nBuying,Director,TBD,\nBuying,Clerk,Bo Wu,")
    undo_import(report.import_id)
    assert spans(book) == before


def test_who_sits_down_before_the_one_announced_leaves_then(book):
    book.list("2027-01-01", f"{HEAD}\nBuying,Director,TBD,\nBuying,Director,Chen Yi,2027-05-01")
    rows = "Buying,Director,Lin,\nBuying,Director,Chen Yi,2027-05-01"
    book.list("2027-03-01", f"{HEAD}\n{rows}")
    assert [row[2] for row in spans(book)] == ["2027-05-01", None]
    assert book.post("Director").seats == 1


def test_a_row_in_doubt_that_lies_ahead_keeps_the_holder_until_then(book):
    book.list("2027-01-01", f"{HEAD}\nBuying,Director,Johnathan Smith,\nBuying,Clerk,Bo Wu,")
    rows = "Buying,Director,Jonathan Smith,2027-05-01\nBuying,Clerk,Bo Wu,"
    report = book.list("2027-04-01", f"{HEAD}\n{rows}")
    resolve_row(report.import_id, 2, same=None)
    assert [row[0] for row in spans(book)] == ["Johnathan Smith", "Jonathan Smith"]
    assert [row[2] for row in spans(book)] == ["2027-05-01", None]
    assert book.post("Director").seats == 1


def test_a_seat_that_falls_vacant_before_the_announced_day_is_vacant_from_then(book):
    book.list("2026-01-01", "unit,post,person\nLab,Head,Mia Berg\nLab,Buyer,Di Fox\nLab,,Cy Roth")
    book.list(
        "2026-07-01",
        "unit,post,person,leave date\nLab,Head,Mia Berg,\n"
        "Lab,Buyer,Di Fox,2027-02-01\nLab,,Cy Roth,",
    )
    assert str(book.post("Buyer").vacant_since) == "2027-02-01"
    book.list("2026-08-01", "unit,post,person\nLab,Head,Mia Berg\nLab,,Cy Roth")
    assert str(book.post("Buyer").vacant_since) == "2026-08-01"


def test_who_is_there_after_the_day_announced_has_not_left(book, told):
    book.list("2027-01-01", FIRST)
    book.list("2027-04-01", f"{FIRST}\nBuying,Director,Chen Yi,2027-05-01")
    before = spans(book)
    report = book.list("2027-06-01", f"{HEAD}\nBuying,Director,Lin,\nBuying,Clerk,Bo Wu,")
    assert not [row for row in told(report) if "left" in row or "joined" in row]
    assert any("is there still" in str(note.message) for note in report.notes)
    assert ("Lin", "2024-01-01", None) in spans(book)
    assert book.sits("2027-05-15") == {"Lin: Director", "Bo Wu: Clerk"}
    assert (book.post("Director").seats, book.post("Director").vacant_since) == (1, None)
    assert told(book.list("2027-07-01", f"{HEAD}\nBuying,Director,Lin,\nBuying,Clerk,Bo Wu,")) == []
    undo_import(report.import_id + 1)
    undo_import(report.import_id)
    assert spans(book) == before


def test_who_stays_beside_whoever_came_makes_two_seats(book, told):
    book.list("2027-01-01", FIRST)
    book.list("2027-04-01", f"{FIRST}\nBuying,Director,Chen Yi,2027-05-01")
    rows = "Buying,Director,Lin,\nBuying,Director,Chen Yi,\nBuying,Clerk,Bo Wu,"
    report = book.list("2027-06-01", f"{HEAD}\n{rows}")
    assert not [row for row in told(report) if "left" in row or "joined" in row]
    assert book.sits("2027-06-01") == {"Lin: Director", "Chen Yi: Director", "Bo Wu: Clerk"}
    assert book.post("Director").seats == 2


def test_who_is_back_on_the_list_after_one_without_them_has_left(book, moves):
    book.list("2027-01-01", FIRST)
    book.list("2027-04-01", f"{FIRST}\nBuying,Director,Chen Yi,2027-05-01")
    book.list("2027-06-01", f"{HEAD}\nBuying,Director,Chen Yi,\nBuying,Clerk,Bo Wu,")
    rows = "Buying,Director,Lin,\nBuying,Director,Chen Yi,\nBuying,Clerk,Bo Wu,"
    assert moves(book.list("2027-09-01", f"{HEAD}\n{rows}")) == {"Lin joined Buying/Director"}
