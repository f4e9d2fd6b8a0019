"""What people entered is not overruled by a list, and what the changes say."""

from datetime import date

import pytest

from relmap.facts.structure import open_post
from relmap.models import db, writing

HEAD = "unit,post,person"


def changes(report, kind: str) -> list[dict]:
    return [row for row in report.to_json()["changes"] if row["kind"] == kind]


def open_a_post(book, title: str, unit: str, day: str, **fields) -> None:
    with writing():
        open_post(book.unit(unit), title, day=date.fromisoformat(day), **fields)


# --- What people entered


def test_absence_ends_only_tenures_that_a_file_has_listed_and_others_are_counted(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    open_a_post(book, "Advisor", "Sales", "2026-01-01")
    book.joins("Al Fox", "Advisor", "2026-03-01")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na")
    assert told(report) == []
    assert report.counts["not_in_file"] == 1


def test_who_was_entered_by_hand_and_then_listed_ends_by_absence(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    open_a_post(book, "Advisor", "Sales", "2026-01-01")
    book.joins("Al Fox", "Advisor", "2026-03-01")
    book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na\nSales,Advisor,Al Fox")
    report = book.list("2026-12-01", f"{HEAD}\nSales,Head,Li Na")
    assert moves(report) == {"Al Fox left Sales/Advisor (vacant)"}


def test_a_unit_that_holds_somebody_entered_by_hand_is_not_closed(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nPlant,Guard,Bo Wu\nStore,Clerk,Cy Ma")
    open_a_post(book, "Foreman", "Plant", "2026-01-01")
    book.joins("Al Fox", "Foreman", "2026-03-01")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na\nStore,Clerk,Cy Ma", complete=True)
    assert told(report) == ["Bo Wu left Plant/Guard (vacant)"]
    assert book.unit("Plant").ends_on is None


def test_a_row_back_in_a_post_that_somebody_ended_by_hand_since_is_uncertain(book, moves):
    text = f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu"
    book.list("2026-01-01", text)
    book.leaves("Li Na", "2026-05-01")
    report = book.list("2026-07-01", text)
    assert moves(report) == {"? Li Na Sales/Head (ended_by_hand)"}
    assert book.sits("2026-07-01") == {"Bo Wu: Clerk"}


def test_an_end_by_hand_that_a_later_list_bore_out_is_a_plain_return(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu")
    book.leaves("Li Na", "2026-03-01")
    book.list("2026-05-01", f"{HEAD}\nSales,Clerk,Bo Wu")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu")
    assert moves(report) == {"Li Na joined Sales/Head"}


def test_a_stale_row_waits_on_in_the_next_list_that_repeats_it(book, told):
    text = f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu"
    book.list("2026-01-01", text)
    book.leaves("Li Na", "2026-05-01")
    book.list("2026-07-01", text)
    assert told(book.list("2026-12-01", text)) == []


def test_a_start_that_contradicts_one_entered_by_hand_since_is_uncertain(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,vacant")
    book.joins("Li Na", "Head", "2026-03-01")
    text = f"{HEAD},starts_on\nSales,Head,Li Na,2026-06-01"
    report = book.list("2026-07-01", text)
    assert moves(report) == {"? Li Na Sales/Head (start_by_hand)"}
    assert book.tenure("Li Na").starts_on == date(2026, 3, 1)
    assert moves(book.list("2026-07-01", text)) == set()


def test_a_month_that_holds_the_start_entered_by_hand_does_not_contradict_it(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,vacant")
    book.joins("Li Na", "Head", "2026-03-10")
    assert told(book.list("2026-07-01", f"{HEAD},starts_on\nSales,Head,Li Na,2026-03")) == []


def test_who_begins_by_hand_after_the_day_of_the_list_makes_its_row_uncertain(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,vacant")
    book.joins("Li Na", "Head", "2026-09-01")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na")
    assert moves(report) == {"? Li Na Sales/Head (ended_by_hand)"}


# --- Changes: left_post


def test_seat_replaced_with_its_successors(book):
    book.list("2026-01-01", f"{HEAD},external_id\nSales,Head,Li Na,ln")
    report = book.list("2026-07-01", f"{HEAD},external_id\nSales,Head,Bo Wu,bw")
    (left,) = changes(report, "left_post")
    assert (left["seat"], left["reason"], left["row"]) == ("replaced", "unknown", None)
    assert left["external_id"] == "ln"
    assert [(one["person"], one["external_id"]) for one in left["successors"]] == [("Bo Wu", "bw")]


def test_seat_still_held(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Buyer,Li Na\nSales,Buyer,Bo Wu")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Buyer,Bo Wu")
    assert moves(report) == {"Li Na left Sales/Buyer (still_held)"}


def test_seat_unit_closed_and_where_the_person_went(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nPlant,Guard,Bo Wu\nStore,Clerk,Al Fox")
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nPlant,Guard,Bo Wu\nStore,Clerk,Al Fox\nStore,Chief,Li Na",
        complete=True,
    )
    (left,) = changes(report, "left_post")
    assert (left["seat"], left["reason"]) == ("unit_closed", "promoted")
    assert left["moved_to"] == {"account": "Meridian", "unit": "Store", "post": "Chief"}


def test_seat_post_closed_if_the_last_holder_took_a_new_title_in_the_unit(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Buyer,Li Na")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Procurement Specialist,Li Na")
    assert "Li Na left Sales/Buyer (post_closed)" in moves(report)
    assert book.status("2026-07-01", "Buyer") == "abolished"


def test_seat_vacant_if_the_last_holder_took_a_post_that_was_there(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Buyer,Li Na\nSales,Head,Bo Wu")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Li Na")
    assert moves(report) == {
        "Li Na left Sales/Buyer (vacant)",
        "Bo Wu left Sales/Head (replaced)",
        "Li Na joined Sales/Head",
    }


def test_a_seat_taken_by_somebody_doubtful_counts_as_followed_and_reads_unknown(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nPlant,Guard,Bo Wu\nStore,Clerk,Al Fox")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Bo Wu\nStore,Clerk,Al Fox")
    assert moves(report) == {
        "Li Na left Sales/Head (replaced)",
        "? Bo Wu Sales/Head (unit_not_listed)",
    }
    assert book.status("2026-07-01", "Head") == "unknown_holder"


def test_left_post_is_told_for_every_tenure_that_ends_movers_included(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Trainer,Li Na\nSales,Clerk,Bo Wu")
    report = book.list(
        "2026-07-01", f"{HEAD}\nSales,Coach,Li Na\nSales,Director,Li Na\nSales,Clerk,Bo Wu"
    )
    left = changes(report, "left_post")
    assert {row["post"] for row in left} == {"Head", "Trainer"}
    assert {row["moved_to"]["post"] for row in left} == {"Director"}  # the highest of several


def test_end_reason_is_unknown_unless_moved(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Manager,Li Na\nSales,Clerk,Bo Wu\nSales,Aide,Al Fox")
    book.list("2026-07-01", f"{HEAD}\nSales,Guard,Bo Wu\nSales,Aide,Al Fox")
    assert book.tenure("Li Na").end_reason == "unknown"
    assert book.tenure("Bo Wu", "Clerk").end_reason == "moved_inside"


# --- Changes: the others


def test_an_acting_holder_confirmed_is_one_change_and_no_departure(book, told):
    book.list("2026-01-01", f"{HEAD}\n采购,代理采购经理,李娜")
    report = book.list("2026-07-01", f"{HEAD}\n采购,采购经理,李娜")
    assert told(report) == ["confirmed 李娜 采购/采购经理"]
    view = book.view("2026-07-01")
    acting, holder = sorted(view.tenures, key=lambda row: row.starts_on)
    assert (acting.end_reason, acting.ends_on) == ("acting_ended", date(2026, 7, 1))
    assert (holder.acting, holder.starts_on) == (False, date(2026, 7, 1))


def test_a_changed_affiliation_is_told_and_one_learnt_is_not(book, told):
    book.list("2026-01-01", f"{HEAD},affiliation\nSales,Head,Li Na,Huawei\nSales,Clerk,Bo Wu,")
    report = book.list(
        "2026-07-01", f"{HEAD},affiliation\nSales,Head,Li Na,Mizrahi\nSales,Clerk,Bo Wu,Suse"
    )
    assert told(report) == ["Li Na: Huawei -> Mizrahi"]
    assert report.counts["facts_added"] == 1
    assert book.person("Bo Wu").affiliation == "Suse"


def test_every_unit_and_post_that_opens_is_told(book, told):
    assert told(book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,vacant")) == [
        "unit_opened Sales",
        "post_opened Sales/Head",
        "post_opened Sales/Clerk",
        "Li Na joined Sales/Head",
    ]


def test_a_known_seat_that_falls_vacant_without_a_holder_is_a_fact_changed(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,?")
    assert told(book.list("2026-07-01", f"{HEAD}\nSales,Head,vacant")) == [
        "Sales/Head: {'vacant_since': None} -> {'vacant_since': '2026-07-01'}"
    ]


@pytest.mark.parametrize("complete", [False, True])
def test_the_same_file_twice_brings_no_changes(book, told, complete):
    text = (
        "unit,parent_unit,post,person,external_id,email,affiliation,reports_to,starts_on,level\n"
        "Sales,East,Head,Li Na,ln,ln@m.example,Meridian GmbH,,2024-03,director\n"
        "Sales,East,代理经理,Bo Wu,bw,,,Li Na,,\n"
        "Sales,East,Clerk,vacant,,,,Li Na,,\n"
        "Plant,West,Guard,?,,,,,,\n"
        "Plant,West,Guard,Al Fox,,,,Li Na,2025-12-01,\n"
        ",,,Cy Ma,cm,,,,,"
    )
    book.list("2026-01-01", text, complete=complete)
    rows = book.rows(but=("change", "import", "coverage"))
    assert told(book.list("2026-01-01", text, complete=complete)) == []
    assert book.rows(but=("change", "import", "coverage")) == rows
    assert told(book.list("2026-07-01", text, complete=complete)) == []


def test_reversing_the_rows_of_a_file_brings_no_changes(book, told):
    lines = ["Sales,Head,Li Na", "Sales,Clerk,Bo Wu", "Plant,Guard,Al Fox", "Plant,Guard,Di Ye"]
    book.list("2026-01-01", "\n".join([HEAD, *lines]))
    assert told(book.list("2026-01-01", "\n".join([HEAD, *reversed(lines)]))) == []


def test_account_unit_post_and_person_are_strings_as_in_this_file(book):
    book.list("2026-01-01", "account,unit,post,person\nMeridian,Sales,Head,Hao Wang", account=None)
    report = book.list(
        "2026-07-01", "account,unit,post,person\nMERIDIAN,SALES,Clerk,wang hao", account=None
    )
    (joined,) = changes(report, "joined_post")
    assert [joined[key] for key in ("account", "unit", "post", "person")] == [
        "MERIDIAN",
        "SALES",
        "Clerk",
        "wang hao",
    ]
    db.session.rollback()


def test_a_mail_under_another_name_is_no_inheritance_where_another_id_tells_the_name(book, told):
    head = f"{HEAD},email,staff_number"
    book.list("2026-01-01", f"{head}\nSales,Head,Anna Schmidt,a@m.example,7")
    text = f"{head}\nSales,Head,Bo Lindqvist,,7\nSales,Coach,Bo Lindqvist,a@m.example,"
    assert "person_renamed Anna Schmidt -> Bo Lindqvist" in told(book.list("2026-07-01", text))
    assert told(book.list("2026-07-01", text)) == []


def test_starts_that_overlap_in_hindsight_show_that_there_were_more_seats(book):
    head = f"{HEAD},starts_on"
    book.list("2026-01-01", f"{head}\nSales,Head,Li Na,")
    book.list("2026-07-01", f"{head}\nSales,Head,Bo Wu,")
    book.list("2026-12-01", f"{head}\nSales,Head,Bo Wu,2025-06-01")
    assert book.post("Head").seats == 2
