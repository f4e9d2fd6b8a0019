"""Ids that are none, ids that are not to be believed, and ids that only their case tells apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.errors import ImportHeld
from relmap.imports import history
from relmap.imports.sheets.cells import is_no_id
from relmap.imports.sheets.row_numbers import counts_rows

HEAD = "unit,post,person"


def notes(report):
    return " ".join(note["text"] for note in report.to_json()["notes"])


# --- row numbers


@given(st.integers(1, 40).flatmap(lambda count: st.permutations(range(1, count + 1))))
def test_the_numbers_from_one_count_the_rows_in_whatever_order(numbers):
    assert counts_rows([str(number) for number in numbers])
    assert not counts_rows([str(number + 1000) for number in numbers])


@pytest.mark.parametrize(
    "cells", [["1", "2", "", "3"], ["1.", "2."], ["001", "002"], ["0", "1"], ["10", "20", "30"]]
)
def test_row_numbers_may_be_written_in_many_ways(cells):
    assert counts_rows(cells)


@pytest.mark.parametrize(
    "cells",
    [["7"], ["1", "3", "4"], ["a1", "a2"], ["", ""], ["1", "1"], ["10", "20"], ["10", "20", "40"]],
)
def test_what_counts_nothing_is_an_id(cells):
    assert counts_rows(cells) is (cells == ["1", "1"])


@pytest.mark.parametrize("heading", ["ID", "编号", "uid", "Record ID", "人员编号"])
def test_a_column_that_counts_the_rows_renames_nobody(book, told, heading):
    head = f"{heading},{HEAD}"
    first = book.list(
        "2026-01-01", f"{head}\n1,Lab,Head,Mia Berg\n2,Lab,Clerk,Cy Roth\n3,Lab,,Di Fox"
    )
    assert f"{heading} counts the rows" in notes(first)
    report = book.list("2026-07-01", f"{head}\n1,Lab,Clerk,Cy Roth\n2,Lab,,Di Fox")
    assert told(report) == ["Mia Berg left Lab/Head (vacant)"]


def test_numbers_under_our_own_heading_are_ids_unless_the_names_contradict(book):
    head = f"external_id,{HEAD}"
    first = book.list("2026-01-01", f"{head}\n1,Lab,Head,Mia Berg\n2,Lab,Clerk,Cy Roth")
    assert "external_id holds 1, 2, 3" in notes(first)
    assert [found.value for found in book.person("Cy Roth").external_ids] == ["2"]
    with pytest.raises(ImportHeld, match="stands on file by wholly different names"):
        book.list("2026-07-01", f"{head}\n1,Lab,Clerk,Cy Roth")
    assert len(book.people("Cy Roth")) == len(book.people("Mia Berg")) == 1


@pytest.mark.parametrize("heading", ["工号", "员工编号", "Employee No.", "staff no", "社員番号"])
def test_numbers_under_a_heading_for_staff_numbers_are_kept_and_told(book, told, heading):
    head = f"{heading},{HEAD}"
    rows = "1,Lab,Head,Mia Berg\n2,Lab,Clerk,Cy Roth\n3,Lab,Buyer,Di Fox"
    first = book.list("2026-01-01", f"{head}\n{rows}")
    assert f"{heading} holds 1, 2, 3" in notes(first)
    moved = book.list("2026-02-01", f"{head}\n{rows.replace('Mia Berg', 'Mia Holt')}")
    assert told(moved) == ["person_renamed Mia Berg -> Mia Holt"]
    with pytest.raises(ImportHeld, match="rows 2, 3"):
        book.list("2026-07-01", f"{head}\n1,Lab,Clerk,Cy Roth\n2,Lab,Buyer,Di Fox")


def test_row_numbers_still_say_who_reports_to_whom(book):
    book.list(
        "2026-01-01",
        "ID,unit,post,person,manager id\n1,Lab,Head,Mia Berg,\n2,Lab,Clerk,Cy Roth,1",
    )
    assert book.post("Clerk").reports_to_id == book.post("Head").id


def test_a_history_with_row_numbers_joins_nobody(app, book):
    head = "ID,account,unit,post,person,starts_on,ends_on"
    for name, rows in (
        ("a", "1,Orion,Lab,Head,Mia Berg,2019-01-01,2020-01-01"),
        ("b", "1,Orion,Lab,Clerk,Cy Roth,2020-01-01,2021-01-01"),
    ):
        text = f"{head}\n{rows}".encode()
        history.import_tenures(text, file_name=f"{name}.csv", cap=10_000)
    assert len(book.people("Mia Berg")) == len(book.people("Cy Roth")) == 1


# --- placeholders


@pytest.mark.parametrize("text", ["999", "9999", "1234567890123450000", "120000000000", "1.2E+11"])
def test_a_placeholder_or_a_rounded_number_is_no_id(text):
    assert is_no_id(text)


@pytest.mark.parametrize("text", ["42", "1000", "100200", "99", "a999", "123456789012345"])
def test_an_ordinary_number_is_an_id(text):
    assert not is_no_id(text)


@pytest.mark.parametrize("cell", ["0", "999", "N/A", "000000", "无"])
def test_a_placeholder_joins_nobody(book, told, cell):
    head = f"{HEAD},staff no"
    book.list("2026-01-01", f"{head}\nLab,Head,Mia Berg,{cell}\nLab,Clerk,Di Fox,A7")
    report = book.list("2026-07-01", f"{head}\nLab,Head,Cy Roth,{cell}\nLab,Clerk,Di Fox,A7")
    assert told(report) == ["Mia Berg left Lab/Head (replaced)", "Cy Roth joined Lab/Head"]


# --- ids that are not believed


def test_ids_that_slipped_by_a_row_hold_the_file_and_then_the_names_decide(book, told):
    head = f"{HEAD},staff no"
    names = ["Mia Berg", "Cy Roth", "Di Fox", "Bo Lund"]
    before = [f"Lab,Post {n},{name},A{n}" for n, name in enumerate(names)]
    after = [f"Lab,Post {n},{name},A{(n + 1) % 4}" for n, name in enumerate(names)]
    book.list("2026-01-01", "\n".join([head, *before]))
    with pytest.raises(ImportHeld, match="wholly different names"):
        book.list("2026-07-01", "\n".join([head, *after]))
    assert told(book.list("2026-07-01", "\n".join([head, *after]), yes=True)) == []


def test_two_ids_swapped_among_many_hold_the_file(book, told):
    head = f"{HEAD},external_id"
    names = ["Mia Berg", "Cy Roth", "Di Fox", "Bo Lund", "An Wu", "Ed Kay"]
    rows = [f"Lab,Post {n},{name},h{n}" for n, name in enumerate(names)]
    book.list("2026-01-01", "\n".join([head, *rows]))
    swapped = [rows[0].replace("h0", "h1"), rows[1].replace("h1", "h0"), *rows[2:]]
    with pytest.raises(ImportHeld, match="rows 2, 3"):
        book.list("2026-07-01", "\n".join([head, *swapped]))
    assert told(book.list("2026-07-01", "\n".join([head, *swapped]), yes=True)) == []


def test_the_number_of_one_under_the_name_of_another_on_file_holds_the_file(book):
    head = f"{HEAD},staff no"
    book.list("2026-01-01", f"{head}\nLab,Head,Mia Berg,77\nLab,Clerk,Cy Roth,78")
    with pytest.raises(ImportHeld):
        book.list("2026-07-01", f"{head}\nLab,Clerk,Cy Roth,77")


def test_one_new_name_that_stands_nowhere_else_is_a_rename(book, told):
    head = f"{HEAD},staff no"
    book.list("2026-01-01", f"{head}\nLab,Head,Mia Berg,77\nLab,Clerk,Cy Roth,78")
    report = book.list("2026-07-01", f"{head}\nLab,Head,Jo Stern,77\nLab,Clerk,Cy Roth,78")
    assert told(report) == ["person_renamed Mia Berg -> Jo Stern"]


# --- case


def test_handles_that_differ_by_case_under_unlike_names_are_two_people(book, moves):
    head = f"Contact ID,{HEAD}"
    book.list("2026-01-01", f"{head}\n00x7AbC,Lab,Head,Mia Berg")
    report = book.list("2026-07-01", f"{head}\n00x7Abc,Lab,Head,Cy Roth")
    assert moves(report) == {"Mia Berg left Lab/Head (replaced)", "Cy Roth joined Lab/Head"}
    assert moves(book.list("2026-08-01", f"{head}\n00x7Abc,Lab,Head,C. Roth")) == set()


def test_a_list_that_has_both_tells_them_apart_ever_after(book, told, moves):
    head = f"Contact ID,{HEAD}"
    both = f"{head}\n00x7AbC,Lab,Head,Mia Berg\n00x7Abc,Lab,Clerk,Mia Berger"
    book.list("2026-01-01", both)
    assert told(book.list("2026-02-01", both)) == []
    swapped = f"{head}\n00x7AbC,Lab,Clerk,Mia Berg\n00x7Abc,Lab,Head,Mia Berger"
    assert moves(book.list("2026-03-01", swapped)) == {
        "Mia Berg left Lab/Head (replaced)",
        "Mia Berg joined Lab/Clerk",
        "Mia Berger left Lab/Clerk (replaced)",
        "Mia Berger joined Lab/Head",
    }


@pytest.mark.parametrize("heading", ["email", "staff no"])
def test_mails_and_staff_numbers_are_one_in_any_case(book, told, heading):
    head = f"{HEAD},{heading}"
    book.list("2026-01-01", f"{head}\nLab,Head,Mia Berg,Mb@m.example")
    assert told(book.list("2026-07-01", f"{head}\nLab,Head,Mia Berg,mB@M.example")) == []


def test_a_handle_in_another_case_under_a_like_name_is_the_same_person(book, moves):
    head = f"{HEAD},handle"
    book.list("2026-01-01", f"{head}\nLab,Head,Mia Berg,MiaB")
    report = book.list("2026-07-01", f"{head}\nLab,Clerk,Mia Berg,miab")
    assert len(book.people("Mia Berg")) == 1
    assert "Mia Berg joined Lab/Clerk" in moves(report)
