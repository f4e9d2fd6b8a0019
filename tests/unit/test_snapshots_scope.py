"""Cells, scope and days: the sentences of these chapters of docs/snapshots.md, in their order."""

from datetime import date

import pytest

from relmap.errors import Refused

HEAD = "unit,post,person"


def day(text: str) -> date:
    return date.fromisoformat(text)


# --- Columns and cells


@pytest.mark.parametrize("head", ["unit,post,person", "account,unit,function"])
def test_required_are_an_account_and_a_person_or_a_post(book, head):
    with pytest.raises(Refused):
        book.list(
            "2026-01-01",
            f"{head}\nSales,Head,Li Na",
            account="Orion" if "account" in head else None,
        )


def test_a_blank_unit_is_the_root_unit(book):
    report = book.list("2026-01-01", "unit,post,person\n,President,Li Na")
    assert [row["kind"] for row in report.changes] == ["post_opened", "joined_post"]
    post = book.post("President")
    assert post.unit.is_root
    assert post.unit.name == "Meridian"


def test_a_person_without_a_post_is_a_contact_entry_which_no_file_ends(book):
    book.list("2026-01-01", f"{HEAD}\n,,Li Na\nSales,Head,Bo Wu")
    book.list("2026-07-01", f"{HEAD}\nSales,Head,Bo Wu", complete=True)
    (contact,) = book.view("2026-07-01").contacts
    assert contact.ends_on is None


def test_a_contact_entry_ends_when_the_person_gets_a_post(book):
    book.list("2026-01-01", f"{HEAD}\n,,Li Na\nSales,Head,Bo Wu")
    book.list("2026-07-01", f"{HEAD}\nSales,Deputy,Li Na\nSales,Head,Bo Wu")
    (contact,) = book.view("2026-07-01").contacts
    assert contact.ends_on == day("2026-07-01")


def test_a_contact_row_lists_no_unit_and_ends_nobody(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Bo Wu\n,President,Al Fox")
    assert told(book.list("2026-07-01", f"{HEAD}\nSales,,Li Na\n,,Cy Ma")) == []
    assert book.sits("2026-07-01") == {"Bo Wu: Head", "Al Fox: President"}


@pytest.mark.parametrize("mark", ["TBD", "vacant", "待定", "空缺", "-", ""])
def test_a_post_without_a_person_is_a_vacant_seat(book, mark):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,{mark}\nSales,Clerk,Bo Wu")
    assert book.status("2026-01-01", "Head") == "vacant"
    assert book.post("Head").vacant_since == day("2026-01-01")


@pytest.mark.parametrize("mark", ["?", "unknown", "未知", "不详"])
def test_an_unknown_mark_says_that_somebody_sits_there_and_ends_nobody(book, told, mark):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,{mark}")
    assert book.status("2026-01-01", "Clerk") == "unknown_holder"
    assert told(book.list("2026-07-01", f"{HEAD}\nSales,Head,{mark}\nSales,Clerk,{mark}")) == []
    assert book.sits("2026-07-01") == {"Li Na: Head"}


def test_who_moved_elsewhere_leaves_a_seat_that_somebody_unknown_holds(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,?\nSales,Advisor,Li Na")
    assert moves(report) == {"Li Na left Sales/Head (replaced)", "Li Na joined Sales/Advisor"}
    assert book.status("2026-07-01", "Head") == "unknown_holder"


def test_vacant_rows_count_towards_seats(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Clerk,Li Na\nSales,Clerk,vacant\nSales,Clerk,?")
    assert book.post("Clerk").seats == 3


@pytest.mark.parametrize(
    "title", ["代理采购经理", "代采购经理", "采购经理（代理）", "采购经理（主持工作）"]
)
def test_acting_marks_are_stripped_from_titles(book, title):
    book.list("2026-01-01", f"{HEAD}\n采购,{title},李娜")
    assert book.tenure("李娜").acting
    assert book.post("采购经理")


def test_level_and_function_given_in_a_file_correct_the_post(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Coordinator,Li Na")
    head = "unit,post,person,level,function"
    report = book.list("2026-07-01", f"{head}\nSales,Coordinator,Li Na,director,purchasing")
    assert told(report) == [
        (
            "Sales/Coordinator: {'level': 'staff', 'function': 'other'} -> "
            "{'level': 'director', 'function': 'purchasing'}"
        )
    ]


def test_guessed_levels_never_overwrite_given_ones(book, told):
    book.list("2026-01-01", f"{HEAD},level\nSales,Sales Director,Li Na,staff")
    assert told(book.list("2026-07-01", f"{HEAD}\nSales,Sales Director,Li Na")) == []
    assert book.post("Sales Director").level == "staff"


# --- Scope


def test_only_listed_units_are_compared_and_others_are_counted(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nPlant,Guard,Bo Wu\nStore,Clerk,Al Fox")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na")
    assert told(report) == []
    assert report.counts["units_not_listed"] == 2
    assert report.counts["units_compared"] == 1


def test_a_complete_file_is_compared_with_all_units_and_closes_those_that_are_absent(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nPlant,Guard,Bo Wu\nStore,Clerk,Al Fox")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na\nPlant,Guard,Bo Wu", complete=True)
    assert told(report) == ["unit_closed Store", "Al Fox left Store/Clerk (unit_closed)"]
    assert report.counts["units_not_listed"] == 0
    store = book.unit("Store")
    assert (store.ends_after, store.ends_on) == (day("2026-01-01"), day("2026-07-01"))
    assert book.post("Clerk").ends_on == day("2026-07-01")


def test_a_unit_named_only_as_a_parent_is_opened_if_it_is_new(book, told):
    report = book.list("2026-01-01", "unit,parent_unit,post,person\nSales,East,Head,Li Na")
    assert told(report)[:2] == ["unit_opened East", "unit_opened Sales"]
    assert book.unit("Sales").parent.name == "East"


def test_a_unit_named_only_as_a_parent_is_never_compared_and_never_closed(book, told):
    head = "unit,parent_unit,post,person"
    book.list("2026-01-01", f"{head}\nEast,,Chief,Bo Wu\nSales,East,Head,Li Na")
    report = book.list("2026-07-01", f"{head}\nSales,East,Head,Li Na", complete=True)
    assert told(report) == []
    assert report.counts["units_not_listed"] == 1
    assert book.sits("2026-07-01") == {"Bo Wu: Chief", "Li Na: Head"}


def test_the_unit_above_a_listed_one_is_not_closed_by_silence(book, moves):
    head = "unit,parent_unit,post,person"
    book.list("2026-01-01", f"{head}\nEast,,Chief,Bo Wu\nSales,East,Head,Li Na")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na", complete=True)
    assert moves(report) == {"Bo Wu left East/Chief (vacant)"}
    assert book.unit("East").ends_on is None


def test_the_root_is_never_closed(book, moves):
    book.list("2026-01-01", f"{HEAD}\n,President,Bo Wu\nSales,Head,Li Na")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na", complete=True)
    assert moves(report) == {"Bo Wu left root/President (vacant)"}
    assert book.unit("Meridian").ends_on is None


def test_an_account_that_does_not_occur_is_never_touched(book):
    head = "account,post,person"
    book.list("2026-01-01", f"{head}\nOrion,Head,Li Na\nVega,Head,Bo Wu", account=None)
    report = book.list("2026-07-01", f"{head}\nOrion,Head,Al Fox", account=None, complete=True)
    assert {row["account"] for row in report.changes} == {"Orion"}
    assert book.sits("2026-07-01", "Vega") == {"Bo Wu: Head"}


def test_several_accounts_in_one_file_are_one_import_all_applied_or_none(book):
    head = "account,unit,post,person,starts_on"
    with pytest.raises(Refused):
        book.list(
            "2026-01-01",
            f"{head}\nOrion,Sales,Head,Li Na,\nVega,Sales,Head,Bo Wu,2037-01-01",
            account=None,
        )
    assert book.people("Li Na") == []


# --- Days


def test_new_on_a_day_lies_after_the_unit_was_last_covered(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    book.list("2026-03-01", f"{HEAD}\nPlant,Guard,Cy Ma")  # does not cover Sales
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Bo Wu")
    tenure, old = book.tenure("Bo Wu"), book.tenure("Li Na")
    assert (tenure.starts_after, tenure.starts_on) == (day("2026-01-01"), day("2026-07-01"))
    assert (old.ends_after, old.ends_on) == (day("2026-01-01"), day("2026-07-01"))
    (joined,) = [row for row in report.changes if row["kind"] == "joined_post"]
    assert joined["reason"] is None


def test_without_an_earlier_list_the_start_is_unknown_and_first_seen(book):
    report = book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    (joined,) = [row for row in report.changes if row["kind"] == "joined_post"]
    assert joined["reason"] == "first_seen"
    assert book.tenure("Li Na").starts_after is None
    assert book.tenure("Li Na").starts_on == day("2026-01-01")


def test_a_complete_file_of_the_account_covers_units_that_are_new_later(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na", complete=True)
    book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na\nPlant,Guard,Bo Wu")
    assert book.tenure("Bo Wu").starts_after == day("2026-01-01")
    assert book.unit("Plant").starts_after == day("2026-01-01")


def test_a_start_in_the_file_wins_after_the_last_list_and_ends_who_left_a_full_seat(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    book.list("2026-07-01", f"{HEAD},starts_on\nSales,Head,Bo Wu,2026-03-15")
    tenure, old = book.tenure("Bo Wu"), book.tenure("Li Na")
    assert (tenure.starts_after, tenure.starts_on) == (day("2026-03-14"), day("2026-03-15"))
    assert (old.ends_after, old.ends_on) == (day("2026-03-14"), day("2026-03-15"))


def test_a_start_in_a_post_with_a_free_seat_does_not_date_a_leaver(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Clerk,Li Na\nSales,Clerk,vacant")
    book.list("2026-07-01", f"{HEAD},starts_on\nSales,Clerk,Bo Wu,2026-03-15")
    assert book.tenure("Li Na").ends_on == day("2026-07-01")


def test_a_start_known_to_the_month_is_the_same_interval_shown_by_its_precision(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    book.list("2026-07-01", f"{HEAD},starts_on\nSales,Head,Bo Wu,2026-03")
    tenure = book.tenure("Bo Wu")
    assert (tenure.starts_after, tenure.starts_on) == (day("2026-02-28"), day("2026-03-31"))
    assert tenure.precision == "month"


def test_a_start_at_or_before_the_last_list_is_kept_as_a_note(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    text = f"{HEAD},starts_on\nSales,Head,Bo Wu,2025-06-01"
    report = book.list("2026-07-01", text)
    tenure = book.tenure("Bo Wu")
    assert (tenure.starts_after, tenure.starts_on) == (day("2026-01-01"), day("2026-07-01"))
    assert tenure.start_note == "2025-06-01"
    assert [note.row for note in report.notes] == [2]
    assert told(book.list("2026-07-01", text)) == []
    assert told(book.list("2026-12-01", text)) == []


def test_a_start_in_a_first_file_wins(book):
    book.list("2026-07-01", f"{HEAD},starts_on\nSales,Head,Bo Wu,2019-04-01")
    assert book.tenure("Bo Wu").starts_on == day("2019-04-01")
    # a seat is as old as who sits there, so that views of earlier days hold together
    assert book.sits("2020-01-01") == {"Bo Wu: Head"}


def test_a_start_years_after_the_day_is_an_error_with_its_row(book):
    with pytest.raises(Refused) as refused:
        book.list(
            "2026-07-01", f"{HEAD},starts_on\nSales,Head,Li Na,\nSales,Clerk,Bo Wu,2036-07-02"
        )
    assert (refused.value.row, refused.value.column) == (3, "starts_on")


def test_a_start_of_a_tenure_already_known_corrects_it(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    text = f"{HEAD},starts_on\nSales,Head,Li Na,2024-05-01"
    assert told(book.list("2026-07-01", text)) == [
        (
            "Li Na: {'starts_after': None, 'starts_on': '2026-01-01'} -> "
            "{'starts_after': '2024-04-30', 'starts_on': '2024-05-01'}"
        )
    ]
    assert told(book.list("2026-07-01", text)) == []


def test_a_file_older_than_the_newest_one_is_refused_with_the_remedy(book):
    first = book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na")
    with pytest.raises(Refused, match=r"import tenures") as refused:
        book.list("2026-01-01", f"{HEAD}\nPlant,Guard,Bo Wu")
    assert f"import {first.import_id}" in str(refused.value)


def test_a_second_file_of_the_day_may_cover_other_units(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    report = book.list("2026-01-01", f"{HEAD}\nPlant,Guard,Bo Wu\nSales,Head,Li Na")
    assert told(report) == [
        "unit_opened Plant",
        "post_opened Plant/Guard",
        "Bo Wu joined Plant/Guard",
    ]


@pytest.mark.parametrize("line", ["Sales,Head,Bo Wu", "Sales,Clerk,Bo Wu\nSales,Head,Li Na"])
def test_a_second_file_of_the_day_that_changes_a_unit_already_covered_is_refused(book, line):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    with pytest.raises(Refused, match="Undo"):
        book.list("2026-01-01", f"{HEAD}\n{line}")


def test_a_second_file_after_a_complete_one_of_the_day_may_add_nothing(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na", complete=True)
    with pytest.raises(Refused, match="Undo"):
        book.list("2026-01-01", f"{HEAD}\nPlant,Guard,Bo Wu")
