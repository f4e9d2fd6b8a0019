"""Doubt, guard, undo: the sentences of that chapter of docs/snapshots.md, in their order."""

from datetime import date

import pytest
from sqlalchemy import select

from relmap.errors import Held, NotFound, Refused
from relmap.facts import snapshots
from relmap.facts.people import add_person
from relmap.facts.ties import add_tie
from relmap.models import Alert, Change, Import, ImportRow, Scan, StoredView, db, writing

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
    snapshots.resolve_row(report.import_id, 2, same=old)
    person = book.person("Joshua Harlow")
    assert person.id == old
    assert [row.name for row in person.other_names] == ["Josh Harlow"]
    assert {row.value for row in person.external_ids} == {"jh", "harlowja"}


def test_same_in_a_near_match_leaves_the_tenure_as_it_was(book):
    report = near_match(book)
    snapshots.resolve_row(report.import_id, 2, same=candidates(report)[0])
    (tenure,) = book.view("2026-07-01").tenures
    assert tenure.ends_on is None
    assert waiting() == []


def test_different_in_a_near_match_ends_one_tenure_and_begins_another_on_the_imports_day(book):
    report = near_match(book)
    snapshots.resolve_row(report.import_id, 2, same=None)
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
    told = snapshots.resolve_row(report.import_id, 2, same=candidates(report)[0]).to_json()
    assert book.tenure("Wang Wei", "Clerk").end_reason == "promoted"
    assert book.sits("2026-07-01") == {"Wang Wei: Director", "Al Fox: Aide"}
    assert {row["kind"] for row in told["changes"]} == {"post_opened", "left_post", "joined_post"}


def test_same_by_name_alone_joins_and_the_old_tenure_stays(book):
    report = name_alone(book)
    snapshots.resolve_row(report.import_id, 2, same=candidates(report)[0])
    assert book.sits("2026-07-01") == {"Li Na: Head", "Li Na: Chief", "Bo Wu: Guard"}
    assert len(book.people("Li Na")) == 1


def test_different_by_name_alone_is_a_second_person(book):
    report = name_alone(book)
    snapshots.resolve_row(report.import_id, 2, same=None)
    assert len(book.people("Li Na")) == 2
    assert book.status("2026-07-01", "Chief") == "filled"


def test_different_after_an_inherited_mailbox_hands_the_mailbox_over(book, told):
    head = "unit,post,person,email"
    text = f"{head}\nSales,Head,Bo Lindqvist,head@m.example"
    book.list("2026-01-01", f"{head}\nSales,Head,Anna Schmidt,head@m.example")
    report = book.list("2026-07-01", text)
    snapshots.resolve_row(report.import_id, 2, same=None)
    assert book.sits("2026-07-01") == {"Bo Lindqvist: Head"}
    assert told(book.list("2026-12-01", text)) == []


@pytest.mark.parametrize("is_same", [True, False])
@pytest.mark.parametrize("case", [near_match, name_alone])
def test_after_an_answer_the_same_file_brings_no_changes(book, told, case, is_same):
    report = case(book)
    snapshots.resolve_row(report.import_id, 2, same=candidates(report)[0] if is_same else None)
    kept = db.session.get(Import, report.import_id)
    lines = [kept.table["header"], *(cells for _, cells in kept.table["records"])]
    text = "\n".join(",".join(cells) for cells in lines)
    assert told(book.list("2026-07-01", text)) == []


def test_who_somebody_ended_by_hand_may_be_back_after_all(book):
    text = f"{HEAD}\nSales,Head,Li Na"
    book.list("2026-01-01", text)
    book.leaves("Li Na", "2026-05-01")
    report = book.list("2026-07-01", text)
    snapshots.resolve_row(report.import_id, 2, same=candidates(report)[0])
    assert book.sits("2026-07-01") == {"Li Na: Head"}


@pytest.mark.parametrize(("same", "start"), [(True, date(2026, 6, 1)), (False, date(2026, 3, 1))])
def test_a_start_against_one_entered_by_hand_is_taken_or_left(book, told, same, start):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,vacant")
    book.joins("Li Na", "Head", "2026-03-01")
    text = f"{HEAD},starts_on\nSales,Head,Li Na,2026-06-01"
    report = book.list("2026-07-01", text)
    snapshots.resolve_row(report.import_id, 2, same=candidates(report)[0] if same else None)
    assert book.tenure("Li Na").starts_on == start
    assert told(book.list("2026-07-01", text)) == []


def test_an_answer_is_checked_against_todays_facts(book):
    report = name_alone(book)
    book.joins("Di Ye", "Chief", "2026-08-01")
    with pytest.raises(Refused, match="Di Ye"):
        snapshots.resolve_row(report.import_id, 2, same=None)
    assert len(waiting()) == 1
    assert len(book.people("Li Na")) == 1


def test_an_answer_names_one_of_the_candidates(book):
    report = near_match(book)
    with writing():
        stranger = add_person("Somebody Else").id
    with pytest.raises(Refused, match="none of those"):
        snapshots.resolve_row(report.import_id, 2, same=stranger)


def test_a_row_is_answered_once(book):
    report = near_match(book)
    snapshots.resolve_row(report.import_id, 2, same=None)
    with pytest.raises(Refused, match="resolved"):
        snapshots.resolve_row(report.import_id, 2, same=None)
    with pytest.raises(NotFound):
        snapshots.resolve_row(report.import_id, 3, same=None)


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


# --- Guard

TEN = [f"Sales,Post {number},Person {number}x" for number in "abcdefghij"]


def test_the_guard_holds_when_more_than_30_percent_would_end_with_nobody_following(book):
    book.list("2026-01-01", "\n".join([HEAD, *TEN]))
    rows = book.rows()
    with pytest.raises(Held) as held:
        book.list("2026-07-01", "\n".join([HEAD, *TEN[:6]]))
    assert book.rows() == rows
    kept = db.session.get(Import, held.value.import_id)
    assert (kept.status, kept.table["records"][0][1]) == ("held", ["Sales", "Post a", "Person ax"])


def test_the_guard_lets_30_percent_pass(book):
    book.list("2026-01-01", "\n".join([HEAD, *TEN]))
    assert book.list("2026-07-01", "\n".join([HEAD, *TEN[:7]])).counts["left_post"] == 3


def test_the_guard_lets_two_pass_however_many_they_are(book):
    book.list("2026-01-01", "\n".join([HEAD, *TEN[:3]]))
    assert book.list("2026-07-01", "\n".join([HEAD, *TEN[:1]])).counts["left_post"] == 2


def test_who_is_followed_or_elsewhere_in_the_file_does_not_count(book):
    book.list("2026-01-01", "\n".join([HEAD, *TEN]))
    followed = [f"Sales,Post {letter},Newcomer {letter}y" for letter in "ab"]
    moved = [f"Sales,New {letter},Person {letter}x" for letter in "cd"]
    book.list("2026-07-01", "\n".join([HEAD, *followed, *moved, *TEN[4:8]]))
    assert book.tenure("Person ax").ends_on == date(2026, 7, 1)


def test_the_guard_holds_when_more_than_half_of_the_units_are_missing_from_a_complete_file(book):
    lines = [f"Unit {letter},Head,Person {letter}x" for letter in "abc"]
    book.list("2026-01-01", "\n".join([HEAD, *lines]))
    with pytest.raises(Held, match="2 of 3 units"):
        book.list("2026-07-01", "\n".join([HEAD, *lines[:1]]), complete=True)
    book.list("2026-07-01", "\n".join([HEAD, *lines[:2]]), complete=True)


def test_a_complete_file_with_half_of_the_units_passes(book):
    lines = [f"Unit {letter},Head,Person {letter}x" for letter in "abcd"]
    book.list("2026-01-01", "\n".join([HEAD, *lines]))
    assert book.list("2026-07-01", "\n".join([HEAD, *lines[:2]]), complete=True).import_id


def test_the_guard_holds_all_accounts_of_the_file(book):
    head = "account,unit,post,person"
    lines = [f"Orion,{line}" for line in TEN]
    book.list("2026-01-01", "\n".join([head, *lines]), account=None)
    with pytest.raises(Held):
        book.list(
            "2026-07-01", "\n".join([head, *lines[:4], "Vega,Sales,Head,Li Na"]), account=None
        )
    assert book.people("Li Na") == []


def test_yes_answers_the_guard_only(book):
    book.list("2026-01-01", "\n".join([HEAD, *TEN]))
    with pytest.raises(Refused, match="newer list"):
        book.list("2025-07-01", "\n".join([HEAD, *TEN[:4]]), yes=True)
    assert book.list("2026-07-01", "\n".join([HEAD, *TEN[:4]]), yes=True).counts["left_post"] == 6


def test_apply_plans_again_then_applies(book, told):
    book.list("2026-01-01", "\n".join([HEAD, *TEN]))
    with pytest.raises(Held) as held:
        book.list("2026-07-01", "\n".join([HEAD, *TEN[:5]]))
    number = held.value.import_id
    assert len(told(snapshots.show_import(number))) == 5
    book.leaves("Person fx", "2026-06-01")
    report = snapshots.apply_import(number)
    assert (report.import_id, report.status, len(told(report))) == (number, "applied", 4)
    with pytest.raises(Refused, match="applied"):
        snapshots.apply_import(number)


def test_a_dry_run_says_all_and_writes_nothing(book, told):
    book.list("2026-01-01", "\n".join([HEAD, *TEN]))
    rows = book.rows(but=())
    report = book.list("2026-07-01", "\n".join([HEAD, *TEN[:4], "Sales,New,Li Na"]), dry_run=True)
    assert (report.import_id, report.status) == (None, "dry_run")
    assert "6 of 10 holders" in report.held
    assert "Li Na joined Sales/New" in told(report)
    assert book.rows(but=()) == rows


# --- Undo


def test_undo_deletes_what_was_made_and_restores_what_was_changed(book):
    book.list(
        "2026-01-01",
        f"{HEAD},external_id,level\nSales,Head,Li Na,ln,\nSales,Clerk,Bo Wu,,\n,,Al Fox,,",
    )
    before = book.rows()
    report = book.list(
        "2026-07-01",
        f"{HEAD},external_id,level,reports_to\nMarkets,Head,Nora Li,ln,lead,\n"
        "Markets,Aide,Al Fox,af,,Nora Li\nPlant,Guard,Cy Ma,cm,,Nora Li",
        yes=True,
    )
    assert len(report.changes) > 8
    assert snapshots.undo_import(report.import_id).status == "undone"
    assert book.rows() == before


def test_undo_then_import_gives_the_same(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    text = f"{HEAD}\nSales,Head,Bo Wu\nPlant,Guard,Li Na"
    first = book.list("2026-07-01", text)
    snapshots.undo_import(first.import_id)
    assert told(book.list("2026-07-01", text)) == told(first)


def test_undo_of_the_first_import_takes_its_account_away(book):
    before = book.rows()
    report = book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    snapshots.undo_import(report.import_id)
    assert book.rows() == before


def test_undo_takes_resolved_rows_back_too(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Josh Harlow")
    before = book.rows()
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Joshua Harlow")
    snapshots.resolve_row(report.import_id, 2, same=None)
    snapshots.undo_import(report.import_id)
    assert book.rows() == before


def test_undo_makes_a_lapsed_row_wait_again(book):
    near_match(book)
    report = book.list("2026-12-01", f"{HEAD}\nSales,Head,Bo Wu")
    snapshots.undo_import(report.import_id)
    assert len(waiting()) == 1


def test_undo_is_refused_with_the_list_if_a_later_file_rests_on_it(book):
    first = book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    second = book.list("2026-07-01", f"{HEAD}\nSales,Head,Bo Wu")
    with pytest.raises(Refused, match=f"import {second.import_id} of 2026-07-01.csv"):
        snapshots.undo_import(first.import_id)
    snapshots.undo_import(second.import_id)
    snapshots.undo_import(first.import_id)


def test_undo_is_refused_if_a_fact_entered_by_hand_rests_on_it(book):
    first = book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    with writing():
        us = add_person("Mia", side="us")
        add_tie(us, book.person("Li Na"), level="vendor", observed_on=date(2026, 2, 1))
    with pytest.raises(Refused, match="tie 1, which needs person"):
        snapshots.undo_import(first.import_id)


def test_undo_is_refused_if_somebody_took_the_seat_since(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu")
    second = book.list("2026-07-01", f"{HEAD}\nSales,Clerk,Bo Wu")
    book.joins("Al Fox", "Head", "2026-08-01")
    with pytest.raises(Refused, match="Al Fox in Head"):
        snapshots.undo_import(second.import_id)


def test_undo_is_refused_if_a_value_was_corrected_since(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu")
    second = book.list("2026-07-01", f"{HEAD}\nSales,Clerk,Bo Wu")
    with writing():
        from relmap.facts.tenures import correct_end

        correct_end(book.tenure("Li Na"), date(2026, 5, 1))
    with pytest.raises(Refused, match="was changed since"):
        snapshots.undo_import(second.import_id)


def test_undo_of_a_file_of_other_units_of_the_day_is_free(book):
    first = book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    book.list("2026-01-01", f"{HEAD}\nPlant,Guard,Bo Wu")
    with pytest.raises(Refused):  # the account itself was opened by the first
        snapshots.undo_import(first.import_id)
    third = book.list("2026-01-01", f"{HEAD}\nStore,Clerk,Al Fox")
    fourth = book.list("2026-01-01", f"{HEAD}\nYard,Guard,Di Ye")
    snapshots.undo_import(third.import_id)
    assert snapshots.show_import(fourth.import_id).status == "applied"


def test_only_an_applied_import_is_undone(book):
    report = book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    snapshots.undo_import(report.import_id)
    with pytest.raises(Refused, match="undone"):
        snapshots.undo_import(report.import_id)
    with pytest.raises(NotFound):
        snapshots.undo_import(99)


@pytest.mark.parametrize("status", ["open", "acknowledged"])
def test_undo_withdraws_the_alerts_it_raised_and_drops_the_scans_since(book, status):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Clerk,Bo Wu")
    account = book.unit("Sales").account_id
    view = book.view("2026-07-01")
    shared = {"account_id": account, "rule_key": "rotation.left", "plugin": "rotation"}
    with writing():
        of_import = Alert(
            key=f"tenure:{book.tenure('Li Na').id}", **shared, **alert_columns(status)
        )
        other = Alert(key=f"tenure:{book.tenure('Bo Wu').id}", **shared, **alert_columns("open"))
        db.session.add_all([of_import, other])
        db.session.add(StoredView(digest="d", account_id=account, document=view.to_json()))
        db.session.flush()
        db.session.add(
            Scan(
                account_id=account,
                rule_key="r",
                on=date(2026, 7, 1),
                revision=2,
                ruleset_digest="",
                view_digest="d",
            )
        )
    snapshots.undo_import(report.import_id)
    assert (of_import.status, of_import.status_before) == ("withdrawn", status)
    assert other.status == "open"
    assert db.session.scalars(select(Scan)).all() == []


def alert_columns(status: str) -> dict:
    return {
        "rule_version": 1,
        "text": "left",
        "severity": "note",
        "status": status,
        "raised_on": date(2026, 7, 1),
    }


# --- What is kept, and what is told later


def test_an_import_keeps_refs_and_tells_names_as_they_are_now(book):
    report = book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    kept = db.session.get(Import, report.import_id)
    assert "Li Na" not in repr(kept.changes) + repr(kept.notes)
    with writing():
        book.person("Li Na").name = "Nora Li"
    (joined,) = [
        row for row in snapshots.show_import(kept.id).changes if row["kind"] == "joined_post"
    ]
    assert joined["person"] == "Nora Li"


def test_a_rename_is_told_later_from_the_audit_log(book, told):
    book.list("2026-01-01", f"{HEAD},external_id\nSales,Head,Josh Harlow,jh")
    report = book.list("2026-07-01", f"{HEAD},external_id\nSales,Head,Joshua Harlow,jh")
    kept = db.session.get(Import, report.import_id)
    assert "Harlow" not in repr(kept.changes)
    assert told(snapshots.show_import(kept.id)) == told(report)


def test_an_import_writes_one_line_of_the_audit_log_and_one_for_each_row_it_changed(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Al Fox\nSales,Clerk,Bo Wu")
    lines = db.session.scalars(select(Change).where(Change.import_id == report.import_id)).all()
    assert {(row.verb, row.kind) for row in lines} == {
        ("import_snapshot", "import"),
        ("end_tenure", "tenure"),
    }


def test_the_list_of_imports_is_newest_first(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    book.list("2026-07-01", f"{HEAD}\nSales,Head,Bo Wu")
    assert [row.import_id for row in snapshots.list_imports()] == [2, 1]
    with pytest.raises(NotFound):
        snapshots.show_import(9)


# --- What random lists found


def test_undo_leaves_people_findable_by_the_names_that_stay(book):
    book.list("2026-01-01", f"{HEAD},external_id\nSales,Head,Josh Harlow,jh")
    before = book.rows()
    report = book.list("2026-07-01", f"{HEAD},external_id\nSales,Head,Gus Vandermeer,jh")
    assert "gus" in book.person("Gus Vandermeer").search_text
    assert "josh" in book.person("Gus Vandermeer").search_text
    snapshots.undo_import(report.import_id)
    assert book.rows() == before


def test_a_contact_that_an_answer_ends_does_not_come_back_by_undo(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Josh Harlow\nPlant,Guard,Li Na\nStore,Aide,Bo Wu")
    before = book.rows()
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nSales,Head,Joshua Harlow\n,,Al Fox\nStore,Chief,Li Na\nStore,Aide,Bo Wu",
    )
    for row in report.uncertain:
        snapshots.resolve_row(report.import_id, row["row"], same=None)
    snapshots.undo_import(report.import_id)
    assert book.rows() == before


def test_an_answer_keeps_a_start_that_cannot_hold_as_a_note(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nPlant,Guard,Bo Wu\nPlant,Chief,Al Fox")
    text = f"{HEAD},starts_on\nPlant,Chief,Li Na,2025-06-01\nPlant,Guard,Bo Wu,"
    report = book.list("2026-07-01", text)
    snapshots.resolve_row(report.import_id, 2, same=candidates(report)[0])
    assert book.tenure("Li Na").start_note == "2025-06-01"
    assert told(book.list("2026-07-01", text)) == []


def test_an_answer_takes_the_affiliation_of_the_row(book, told):
    head = f"{HEAD},affiliation"
    book.list("2026-01-01", f"{head}\nSales,Head,Li Na,Orion\nPlant,Guard,Bo Wu,")
    text = f"{head}\nPlant,Chief,Li Na,Vega\nPlant,Guard,Bo Wu,"
    report = book.list("2026-07-01", text)
    snapshots.resolve_row(report.import_id, 2, same=candidates(report)[0])
    assert book.person("Li Na").affiliation == "Vega"
    assert told(book.list("2026-07-01", text)) == []


def test_a_contact_of_somebody_who_left_another_unit_is_entered_by_the_answer(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Aide,Bo Wu")
    book.list("2026-04-01", f"{HEAD}\nSales,Aide,Bo Wu")
    report = book.list("2026-07-01", f"{HEAD}\nPlant,,Li Na\nSales,Aide,Bo Wu")
    snapshots.resolve_row(report.import_id, 2, same=candidates(report)[0])
    (contact,) = book.view("2026-07-01").contacts
    assert contact.person.id == book.person("Li Na").id
