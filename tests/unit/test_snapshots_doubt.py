"""Doubt: the sentences of that chapter of docs/snapshots.md, in their order."""

from datetime import date

import pytest
from sqlalchemy import select

from relmap import imports
from relmap.errors import NotFound, Refused
from relmap.facts.people import add_person
from relmap.models import Import, ImportRow, db, writing

HEAD = "unit,post,person"


def waiting(status: str = "waiting") -> list[ImportRow]:
    return list(db.session.scalars(select(ImportRow).where(ImportRow.status == status)))


def candidates(report) -> list[int]:
    (row,) = report.uncertain
    return [one["id"] for one in row["candidates"]]


def near_match(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Josh Harlow")
    return book.list("2026-07-01", f"{HEAD}\nSales,Head,Joshua Harlow")


def name_alone(book):
    """Li Na sits in Sales, which is not listed; a Li Na is listed in Plant."""
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nPlant,Guard,Bo Wu\nPlant,Chief,Al Fox")
    return book.list("2026-07-01", f"{HEAD}\nPlant,Chief,Li Na\nPlant,Guard,Bo Wu")


# --- Doubt


def test_doubt_holds_one_row_never_the_file(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Josh Harlow\nSales,Clerk,Bo Wu")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Joshua Harlow\nSales,Clerk,Al Fox")
    assert moves(report) == {
        "? Joshua Harlow Sales/Head (near_match)",
        "Bo Wu left Sales/Clerk (replaced)",
        "Al Fox joined Sales/Clerk",
    }


def test_a_listed_seat_whose_holder_is_absent_is_left_under_both_answers(book, moves):
    book.list("2026-01-01", f"{HEAD},external_id\nSales,Head,Wang Wei,w1\nSales,Aide,Al Fox,af")
    report = book.list(
        "2026-07-01", f"{HEAD},external_id\nSales,Clerk,Wang Wei,w2\nSales,Aide,Al Fox,af"
    )
    assert "Wang Wei left Sales/Head (vacant)" in moves(report)


def test_same_keeps_both_names_and_both_ids(book):
    head = "unit,post,person,external_id"
    book.list("2026-01-01", f"{head}\nSales,Head,Josh Harlow,jh")
    report = book.list("2026-07-01", f"{head}\nSales,Head,Joshua Harlow,harlowja")
    old = candidates(report)[0]
    imports.resolve_row(report.import_id, 2, same=old)
    person = book.person("Joshua Harlow")
    assert person.id == old
    assert [row.name for row in person.other_names] == ["Josh Harlow"]
    assert {row.value for row in person.external_ids} == {"jh", "harlowja"}


def test_same_in_a_near_match_leaves_the_tenure_as_it_was(book):
    report = near_match(book)
    imports.resolve_row(report.import_id, 2, same=candidates(report)[0])
    (tenure,) = book.view("2026-07-01").tenures
    assert tenure.ends_on is None
    assert waiting() == []


def test_different_in_a_near_match_ends_one_tenure_and_begins_another_on_the_imports_day(book):
    report = near_match(book)
    imports.resolve_row(report.import_id, 2, same=None)
    old, new = book.tenure("Josh Harlow"), book.tenure("Joshua Harlow")
    assert (old.ends_after, old.ends_on) == (date(2026, 1, 1), date(2026, 7, 1))
    assert (new.starts_after, new.starts_on) == (date(2026, 1, 1), date(2026, 7, 1))


def test_same_after_a_changed_mail_makes_it_a_move(book):
    head = "unit,post,person,email"
    book.list(
        "2026-01-01", f"{head}\nSales,Clerk,Wang Wei,w1@m.example\nSales,Aide,Al Fox,a@m.example"
    )
    report = book.list(
        "2026-07-01", f"{head}\nSales,Director,Wang Wei,w2@m.example\nSales,Aide,Al Fox,a@m.example"
    )
    told = imports.resolve_row(report.import_id, 2, same=candidates(report)[0]).to_json()
    assert book.tenure("Wang Wei", "Clerk").end_reason == "promoted"
    assert book.sits("2026-07-01") == {"Wang Wei: Director", "Al Fox: Aide"}
    assert {row["kind"] for row in told["changes"]} == {"post_opened", "left_post", "joined_post"}


def test_same_by_name_alone_joins_and_the_old_tenure_stays(book):
    report = name_alone(book)
    imports.resolve_row(report.import_id, 2, same=candidates(report)[0])
    assert book.sits("2026-07-01") == {"Li Na: Head", "Li Na: Chief", "Bo Wu: Guard"}
    assert len(book.people("Li Na")) == 1


def test_different_by_name_alone_is_a_second_person(book):
    report = name_alone(book)
    imports.resolve_row(report.import_id, 2, same=None)
    assert len(book.people("Li Na")) == 2
    assert book.status("2026-07-01", "Chief") == "filled"


def test_different_after_an_inherited_mailbox_hands_the_mailbox_over(book, told):
    head = "unit,post,person,email"
    text = f"{head}\nSales,Head,Bo Lindqvist,head@m.example"
    book.list("2026-01-01", f"{head}\nSales,Head,Anna Schmidt,head@m.example")
    report = book.list("2026-07-01", text)
    imports.resolve_row(report.import_id, 2, same=None)
    assert book.sits("2026-07-01") == {"Bo Lindqvist: Head"}
    assert told(book.list("2026-12-01", text)) == []


@pytest.mark.parametrize("is_same", [True, False])
@pytest.mark.parametrize("case", [near_match, name_alone])
def test_after_an_answer_the_same_file_brings_no_changes(book, told, case, is_same):
    report = case(book)
    imports.resolve_row(report.import_id, 2, same=candidates(report)[0] if is_same else None)
    kept = db.session.get(Import, report.import_id)
    lines = [kept.table["header"], *(cells for _, cells in kept.table["records"])]
    text = "\n".join(",".join(cells) for cells in lines)
    assert told(book.list("2026-07-01", text)) == []


def test_who_somebody_ended_by_hand_may_be_back_after_all(book):
    text = f"{HEAD}\nSales,Head,Li Na"
    book.list("2026-01-01", text)
    book.leaves("Li Na", "2026-05-01")
    report = book.list("2026-07-01", text)
    imports.resolve_row(report.import_id, 2, same=candidates(report)[0])
    assert book.sits("2026-07-01") == {"Li Na: Head"}


@pytest.mark.parametrize(("same", "start"), [(True, date(2026, 6, 1)), (False, date(2026, 3, 1))])
def test_a_start_against_one_entered_by_hand_is_taken_or_left(book, told, same, start):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,vacant")
    book.joins("Li Na", "Head", "2026-03-01")
    text = f"{HEAD},starts_on\nSales,Head,Li Na,2026-06-01"
    report = book.list("2026-07-01", text)
    imports.resolve_row(report.import_id, 2, same=candidates(report)[0] if same else None)
    assert book.tenure("Li Na").starts_on == start
    assert told(book.list("2026-07-01", text)) == []


def test_an_answer_is_checked_against_todays_facts(book):
    report = name_alone(book)
    book.joins("Di Ye", "Chief", "2026-08-01")
    with pytest.raises(Refused, match="Di Ye"):
        imports.resolve_row(report.import_id, 2, same=None)
    assert len(waiting()) == 1
    assert len(book.people("Li Na")) == 1


def test_an_answer_names_one_of_the_candidates(book):
    report = near_match(book)
    with writing():
        stranger = add_person("Somebody Else").id
    with pytest.raises(Refused, match="none of those"):
        imports.resolve_row(report.import_id, 2, same=stranger)


def test_a_row_is_answered_once(book):
    report = near_match(book)
    imports.resolve_row(report.import_id, 2, same=None)
    with pytest.raises(Refused, match="resolved"):
        imports.resolve_row(report.import_id, 2, same=None)
    with pytest.raises(NotFound):
        imports.resolve_row(report.import_id, 3, same=None)


@pytest.mark.parametrize("case", [near_match, name_alone])
@pytest.mark.parametrize("day", ["2026-07-01", "2026-12-01"])
def test_a_waiting_row_is_not_listed_again(book, told, case, day):
    report = case(book)
    kept = db.session.get(Import, report.import_id)
    text = "\n".join(
        ",".join(cells)
        for cells in [kept.table["header"], *(cells for _, cells in kept.table["records"])]
    )
    assert told(book.list(day, text)) == []
    assert len(waiting()) == 1


def test_a_waiting_row_lapses_when_a_newer_file_makes_it_moot(book, moves):
    near_match(book)
    report = book.list("2026-12-01", f"{HEAD}\nSales,Head,Bo Wu")
    assert moves(report) == {"Josh Harlow left Sales/Head (replaced)", "Bo Wu joined Sales/Head"}
    assert waiting() == []
    assert len(waiting("lapsed")) == 1


def test_a_list_of_the_old_unit_too_settles_a_row_that_waited_for_it(book, moves):
    name_alone(book)
    report = book.list(
        "2026-12-01", f"{HEAD}\nSales,Head,Cy Ma\nPlant,Chief,Li Na\nPlant,Guard,Bo Wu"
    )
    (left, *_) = [row for row in report.changes if row["kind"] == "left_post"]
    assert left["moved_to"] == {"account": "Meridian", "unit": "Plant", "post": "Chief"}
    assert moves(report) == {
        "Li Na left Sales/Head (replaced)",
        "Cy Ma joined Sales/Head",
        "Li Na joined Plant/Chief",
    }
    assert len(waiting("lapsed")) == 1


def test_an_id_settles_a_row_that_waited_for_its_name(book, moves):
    book.list("2026-01-01", f"{HEAD},external_id\nSales,Head,Li Na,ln\nPlant,Guard,Bo Wu,bw")
    book.list("2026-07-01", f"{HEAD}\nPlant,Chief,Li Na\nPlant,Guard,Bo Wu")
    report = book.list(
        "2026-12-01", f"{HEAD},external_id\nPlant,Chief,Li Na,ln\nPlant,Guard,Bo Wu,bw"
    )
    assert moves(report) == {"Li Na joined Plant/Chief"}
    assert len(waiting("lapsed")) == 1


# --- What random lists found


def test_an_answer_keeps_a_start_that_cannot_hold_as_a_note(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nPlant,Guard,Bo Wu\nPlant,Chief,Al Fox")
    text = f"{HEAD},starts_on\nPlant,Chief,Li Na,2025-06-01\nPlant,Guard,Bo Wu,"
    report = book.list("2026-07-01", text)
    imports.resolve_row(report.import_id, 2, same=candidates(report)[0])
    assert book.tenure("Li Na").start_note == "2025-06-01"
    assert told(book.list("2026-07-01", text)) == []


def test_an_answer_takes_the_affiliation_of_the_row(book, told):
    head = f"{HEAD},affiliation"
    book.list("2026-01-01", f"{head}\nSales,Head,Li Na,Orion\nPlant,Guard,Bo Wu,")
    text = f"{head}\nPlant,Chief,Li Na,Vega\nPlant,Guard,Bo Wu,"
    report = book.list("2026-07-01", text)
    imports.resolve_row(report.import_id, 2, same=candidates(report)[0])
    assert book.person("Li Na").affiliation == "Vega"
    assert told(book.list("2026-07-01", text)) == []


def test_a_contact_of_somebody_who_left_another_unit_is_entered_by_the_answer(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Aide,Bo Wu")
    book.list("2026-04-01", f"{HEAD}\nSales,Aide,Bo Wu")
    report = book.list("2026-07-01", f"{HEAD}\nPlant,,Li Na\nSales,Aide,Bo Wu")
    imports.resolve_row(report.import_id, 2, same=candidates(report)[0])
    (contact,) = book.view("2026-07-01").contacts
    assert contact.person.id == book.person("Li Na").id


# --- Several candidates in one post

NEAR = "unit,post,person\nQA,Head,Jonathan Smithers\nQA,Head,Jonathen Smithers\nQA,Clerk,Cy Wu"


def test_who_is_not_the_row_leaves_when_it_is_another_candidate(book, told):
    book.list("2026-01-01", NEAR)
    report = book.list("2026-07-01", "unit,post,person\nQA,Head,Jonathon Smithers\nQA,Clerk,Cy Wu")
    same = book.person("Jonathan Smithers").id
    told_now = told(imports.resolve_row(report.import_id, 2, same=same))
    assert told_now == ["Jonathen Smithers left QA/Head (replaced)"]
    counts = imports.show_import(report.import_id).counts
    assert (counts["left_post"], counts.get("uncertain", 0)) == (1, 0)
    assert book.sits("2026-07-01") == {"Jonathon Smithers: Head", "Cy Wu: Clerk"}


def test_a_candidate_for_whom_another_row_waits_stays_until_that_is_answered(book, told):
    book.list("2026-01-01", NEAR)
    report = book.list(
        "2026-07-01",
        "unit,post,person\nQA,Head,Jonathon Smithers\nQA,Head,Jonathin Smithers\nQA,Clerk,Cy Wu",
    )
    first, second = book.person("Jonathan Smithers").id, book.person("Jonathen Smithers").id
    imports.resolve_row(report.import_id, 2, same=first)
    assert told(imports.resolve_row(report.import_id, 3, same=second)) == []
    assert book.sits("2026-07-01") == {
        "Jonathon Smithers: Head",
        "Jonathin Smithers: Head",
        "Cy Wu: Clerk",
    }


def test_an_answered_row_is_uncertain_no_longer(book):
    book.list("2026-01-01", "unit,post,person\nQA,Head,Josh Harlow")
    report = book.list("2026-07-01", "unit,post,person\nQA,Head,Joshua Harlow")
    same = book.person("Josh Harlow").id
    assert imports.resolve_row(report.import_id, 2, same=same).uncertain == ()


@pytest.mark.parametrize("second", ["QA,Auditor,Bo Lindqvist,", ",,Bo Lindqvist,"])
def test_two_rows_of_one_newcomer_make_one_person(book, second):
    head = "unit,post,person,email"
    book.list("2026-01-01", f"{head}\nQA,Head,Anna Schmidt,head@m.example")
    report = book.list("2026-07-01", f"{head}\nQA,Head,Bo Lindqvist,head@m.example\n{second}")
    for row in (2, 3):
        imports.resolve_row(report.import_id, row, same=None)
    assert len(book.people("Bo Lindqvist")) == 1


# --- What an answered row tells

MAILS = "unit,post,person,email"


def test_an_answer_tells_who_left_and_who_followed_as_any_row(book):
    book.list("2026-01-01", f"{MAILS}\nQA,Head,Anna Schmidt,head@m.example\nQA,Clerk,Cy Wu,")
    report = book.list(
        "2026-07-01", f"{MAILS}\nQA,Clerk,Cy Wu,\nQA,Head,Bo Lindqvist,head@m.example"
    )
    left, joined = imports.resolve_row(report.import_id, 3, same=None).changes
    assert (left["kind"], left["row"], left["seat"]) == ("left_post", None, "replaced")
    assert [one["person"] for one in left["successors"]] == ["Bo Lindqvist"]
    assert (joined["kind"], joined["row"], joined["seat"]) == ("joined_post", 3, None)
    assert "ends_on" not in joined
    assert (joined["starts_after"], joined["starts_on"]) == ("2026-01-01", "2026-07-01")


def test_an_answer_tells_where_the_person_came_from(book):
    book.list("2026-01-01", f"{MAILS}\nQA,Head,Wang Wei,a@m.example\nLab,Boss,Cy Wu,")
    report = book.list(
        "2026-07-01", f"{MAILS}\nLab,Boss,Cy Wu,\nLab,Aide,Wang Wei,b@m.example\nQA,Head,-,"
    )
    answer = imports.resolve_row(report.import_id, 3, same=book.person("Wang Wei").id)
    told = {one["kind"]: one for one in answer.changes}
    assert told["joined_post"]["moved_from"] == {
        "account": "Meridian",
        "unit": "QA",
        "post": "Head",
    }
    assert told["left_post"]["moved_to"] == {"account": "Meridian", "unit": "Lab", "post": "Aide"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("王总", "王强"), ("赵先生", "赵刚"), ("钱 工", "钱进")],
)
def test_who_may_only_be_called_otherwise_is_asked_about(book, told, one, other):
    book.list("2026-01-01", f"unit,post,person\nSales,Head,{one}\nSales,Clerk,高远")
    report = book.list("2026-07-01", f"unit,post,person\nSales,Head,{other}\nSales,Clerk,高远")
    assert told(report) == [f"? {other} Sales/Head (near_match)"]


def test_another_family_name_is_another_person(book, moves):
    book.list("2026-01-01", "unit,post,person\nSales,Head,李总\nSales,Clerk,高远")
    report = book.list("2026-07-01", "unit,post,person\nSales,Head,王强\nSales,Clerk,高远")
    assert "李总 left Sales/Head (replaced)" in moves(report)
