"""Guard and undo: their sentences of docs/snapshots.md, and what an import keeps and tells."""

from datetime import date

import pytest
from sqlalchemy import select

from relmap import imports
from relmap.errors import ImportHeld, NotFound, Refused
from relmap.facts.people import add_person
from relmap.facts.structure import find_account, open_post
from relmap.facts.tenures import start_tenure
from relmap.facts.ties import add_tie
from relmap.facts.users import add_user, grant
from relmap.models import Alert, Change, Import, ImportRow, Scan, StoredView, User, db, writing

HEAD = "unit,post,person"
DAY = date(2026, 3, 1)


def waiting(status: str = "waiting") -> list[ImportRow]:
    return list(db.session.scalars(select(ImportRow).where(ImportRow.status == status)))


def near_match(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Josh Harlow")
    return book.list("2026-07-01", f"{HEAD}\nSales,Head,Joshua Harlow")


# --- Guard

TEN = [f"Sales,Post {number},Person {number}x" for number in "abcdefghij"]


def test_the_guard_holds_when_more_than_30_percent_would_end_with_nobody_following(book):
    book.list("2026-01-01", "\n".join([HEAD, *TEN]))
    rows = book.rows()
    with pytest.raises(ImportHeld) as held:
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
    with pytest.raises(ImportHeld, match="2 of 3 units"):
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
    with pytest.raises(ImportHeld):
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
    with pytest.raises(ImportHeld) as held:
        book.list("2026-07-01", "\n".join([HEAD, *TEN[:5]]))
    number = held.value.import_id
    assert len(told(imports.show_import(number))) == 5
    book.leaves("Person fx", "2026-06-01")
    report = imports.apply_import(number)
    assert (report.import_id, report.status, len(told(report))) == (number, "applied", 4)
    with pytest.raises(Refused, match="applied"):
        imports.apply_import(number)


def test_a_file_that_is_held_is_one_import_however_often_it_comes(book):
    lines = [f"Unit {letter},Head,Person {letter}x" for letter in "abcd"]
    book.list("2026-01-01", "\n".join(["unit,post,person", *lines]))
    other = "\n".join(["unit,post,person", *(f"Unit {letter},Head," for letter in "abcd")])
    numbers = set()
    for day in ("2026-07-01", "2026-07-01", "2026-07-02"):
        with pytest.raises(ImportHeld) as held:
            book.list(day, other)
        numbers.add(held.value.import_id)
    assert len(numbers) == 2
    applied = book.list("2026-07-01", other, yes=True)
    assert applied.import_id == min(numbers)
    states = [(report.on.isoformat(), report.status) for report in imports.list_imports()]
    assert states == [
        ("2026-07-02", "held"),
        ("2026-07-01", "applied"),
        ("2026-01-01", "applied"),
    ]


def test_a_dry_run_says_all_and_writes_nothing(book, told):
    book.list("2026-01-01", "\n".join([HEAD, *TEN]))
    rows = book.rows(but=())
    report = book.list("2026-07-01", "\n".join([HEAD, *TEN[:4], "Sales,New,Li Na"]), dry_run=True)
    assert (report.import_id, report.status) == (None, "dry_run")
    assert "6 of 10 holders" in str(report.held)
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
    assert imports.undo_import(report.import_id).status == "undone"
    assert book.rows() == before


def test_undo_then_import_gives_the_same(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    text = f"{HEAD}\nSales,Head,Bo Wu\nPlant,Guard,Li Na"
    first = book.list("2026-07-01", text)
    imports.undo_import(first.import_id)
    assert told(book.list("2026-07-01", text)) == told(first)


def test_undo_of_the_first_import_takes_its_account_away(book):
    before = book.rows()
    report = book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    imports.undo_import(report.import_id)
    assert book.rows() == before


def test_undo_takes_resolved_rows_back_too(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Josh Harlow")
    before = book.rows()
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Joshua Harlow")
    imports.resolve_row(report.import_id, 2, same=None)
    imports.undo_import(report.import_id)
    assert book.rows() == before


def test_undo_makes_a_lapsed_row_wait_again(book):
    near_match(book)
    report = book.list("2026-12-01", f"{HEAD}\nSales,Head,Bo Wu")
    imports.undo_import(report.import_id)
    assert len(waiting()) == 1


def test_undo_is_refused_with_the_list_if_a_later_file_rests_on_it(book):
    first = book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    second = book.list("2026-07-01", f"{HEAD}\nSales,Head,Bo Wu")
    with pytest.raises(Refused, match=f"import {second.import_id} of 2026-07-01.csv"):
        imports.undo_import(first.import_id)
    imports.undo_import(second.import_id)
    imports.undo_import(first.import_id)


def test_undo_is_refused_if_a_fact_entered_by_hand_rests_on_it(book):
    first = book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    with writing():
        us = add_person("Mia", side="us")
        add_tie(us, book.person("Li Na"), level="vendor", observed_on=date(2026, 2, 1))
    with pytest.raises(Refused, match="tie 1, which needs person"):
        imports.undo_import(first.import_id)


def test_undo_is_refused_if_somebody_took_the_seat_since(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu")
    second = book.list("2026-07-01", f"{HEAD}\nSales,Clerk,Bo Wu")
    book.joins("Al Fox", "Head", "2026-08-01")
    with pytest.raises(Refused, match="Al Fox in Head"):
        imports.undo_import(second.import_id)


def test_undo_is_refused_if_a_value_was_corrected_since(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na\nSales,Clerk,Bo Wu")
    second = book.list("2026-07-01", f"{HEAD}\nSales,Clerk,Bo Wu")
    with writing():
        from relmap.facts.tenures import correct_end

        correct_end(book.tenure("Li Na"), date(2026, 5, 1))
    with pytest.raises(Refused, match="was changed since"):
        imports.undo_import(second.import_id)


def test_undo_of_a_file_of_other_units_of_the_day_is_free(book):
    first = book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    book.list("2026-01-01", f"{HEAD}\nPlant,Guard,Bo Wu")
    with pytest.raises(Refused):  # the account itself was opened by the first
        imports.undo_import(first.import_id)
    third = book.list("2026-01-01", f"{HEAD}\nStore,Clerk,Al Fox")
    fourth = book.list("2026-01-01", f"{HEAD}\nYard,Guard,Di Ye")
    imports.undo_import(third.import_id)
    assert imports.show_import(fourth.import_id).status == "applied"


def test_only_an_applied_import_is_undone(book):
    report = book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na")
    imports.undo_import(report.import_id)
    with pytest.raises(Refused, match="undone"):
        imports.undo_import(report.import_id)
    with pytest.raises(NotFound):
        imports.undo_import(99)


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
    imports.undo_import(report.import_id)
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
        row for row in imports.show_import(kept.id).changes if row["kind"] == "joined_post"
    ]
    assert joined["person"] == "Nora Li"


def test_a_rename_is_told_later_from_the_audit_log(book, told):
    book.list("2026-01-01", f"{HEAD},external_id\nSales,Head,Josh Harlow,jh")
    report = book.list("2026-07-01", f"{HEAD},external_id\nSales,Head,Joshua Harlow,jh")
    kept = db.session.get(Import, report.import_id)
    assert "Harlow" not in repr(kept.changes)
    assert told(imports.show_import(kept.id)) == told(report)


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
    assert [row.import_id for row in imports.list_imports()] == [2, 1]
    with pytest.raises(NotFound):
        imports.show_import(9)


# --- What random lists found


def test_undo_leaves_people_findable_by_the_names_that_stay(book):
    book.list("2026-01-01", f"{HEAD},external_id\nSales,Head,Josh Harlow,jh")
    before = book.rows()
    report = book.list("2026-07-01", f"{HEAD},external_id\nSales,Head,Gus Vandermeer,jh")
    assert "gus" in book.person("Gus Vandermeer").search_text
    assert "josh" in book.person("Gus Vandermeer").search_text
    imports.undo_import(report.import_id)
    assert book.rows() == before


def test_a_contact_that_an_answer_ends_does_not_come_back_by_undo(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Josh Harlow\nPlant,Guard,Li Na\nStore,Aide,Bo Wu")
    before = book.rows()
    report = book.list(
        "2026-07-01",
        f"{HEAD}\nSales,Head,Joshua Harlow\n,,Al Fox\nStore,Chief,Li Na\nStore,Aide,Bo Wu",
    )
    for row in report.uncertain:
        imports.resolve_row(report.import_id, row["row"], same=None)
    imports.undo_import(report.import_id)
    assert book.rows() == before


# --- What a refusal tells to whom


@pytest.fixture
def mia(book) -> User:
    """A member who may write Meridian, of which nobody told her that there are other accounts."""
    book.list("2025-01-01", f"{HEAD}\nSales,Clerk,Ann Zhu")
    book.list("2026-01-01", f"{HEAD},external_id\nSales,Clerk,Ann Zhu,\nSales,Head,Li Na,ln")
    with writing():
        user = add_user("mia", role="member", password="seven quiet otters swim")
        grant(user, find_account("Meridian"), "write")
    return user


def test_a_refusal_names_no_file_of_an_account_that_one_may_not_read(book, mia):
    book.list(
        "2026-02-01", f"{HEAD},external_id\nLab,Boss,Li Na,ln", account="Orion", file_name="s.csv"
    )
    with pytest.raises(Refused) as refused:
        imports.undo_import(2, user_id=mia.id)
    assert str(refused.value).splitlines()[1:] == [
        "- what stands in accounts that you may not read: ask an administrator"
    ]
    with pytest.raises(Refused, match=r"import 3 of s\.csv"):
        imports.undo_import(2)


def test_a_refusal_counts_nothing_of_an_account_that_one_may_not_read(book, mia):
    book.list("2026-02-01", f"{HEAD}\nLab,Boss,Bo Wu\nLab,Aide,Cy Fox", account="Orion")
    with writing():
        li = book.person("Li Na")
        start_tenure(li, open_post(book.unit("Lab"), "Chief", day=DAY), DAY)
        start_tenure(li, open_post(book.unit("Lab"), "Owner", day=DAY), DAY)
        add_tie(add_person("Max", side="us"), li, level="vendor", observed_on=DAY)
    with pytest.raises(Refused) as refused:
        imports.undo_import(2, user_id=mia.id)
    _, *lines = str(refused.value).splitlines()
    assert lines == [
        "- tie 1, which needs person 2",
        "- what stands in accounts that you may not read: ask an administrator",
    ]


def test_an_import_is_counted_by_the_accounts_that_one_may_read(book):
    text = "account,unit,post,person\nOrion,Lab,Boss,Bo Wu\nVega,Lab,Boss,Cy Fox\nVega,Lab,Aide,Al"
    number = book.list("2026-01-01", text, account=None).import_id
    vega = find_account("Vega").id
    assert imports.counts_within([number], {vega})[number]["joined_post"] == 2
