"""Who is who: the sentences of that chapter of docs/snapshots.md, in their order."""

import pytest

from relmap import imports

HEAD = "unit,post,person,external_id"


# --- A person belongs to no account


def test_a_person_with_an_id_is_one_person_in_two_accounts(book, moves):
    book.list("2026-01-01", "account,post,person,external_id\nOrion,Buyer,Li Na,ln", account=None)
    report = book.list(
        "2026-01-01", "account,post,person,external_id\nVega,Boss,Li Na,ln", account=None
    )
    assert moves(report) == {"Li Na joined root/Boss"}
    assert len(book.people("Li Na")) == 1


# --- A ditto mark for a person


@pytest.mark.parametrize("mark", ["同上", "〃", '-"-', "ditto"])
@pytest.mark.parametrize("head", ["unit,post,person", "unit,post,person,phone"])
def test_a_ditto_mark_is_the_same_person_on_a_second_seat(book, moves, mark, head):
    rows = f"{head}\nSales,Buyer,Li Na{',1' * ('phone' in head)}\nQuality,Head,{mark}"
    rows += "," * ("phone" in head)
    report = book.list("2026-01-01", rows)
    assert moves(report) == {"Li Na joined Sales/Buyer", "Li Na joined Quality/Head"}
    assert len(book.people("Li Na")) == 1
    assert book.list("2026-07-01", rows).changes == ()


def test_whoever_is_written_out_twice_may_be_two(book):
    book.list("2026-01-01", "unit,post,person\nSales,Buyer,Li Na\nQuality,Head,Li Na")
    assert len(book.people("Li Na")) == 2


# --- Equal id


def test_zeros_lost_from_a_staff_number_make_no_second_person(book, moves):
    head = "unit,post,person,staff_number"
    book.list("2026-01-01", f"{head}\nSales,Buyer,Mira Holt,00042\nSales,Clerk,Bo Wu,00043")
    report = book.list("2026-07-01", f"{head}\nSales,Director,Mira Holt,42\nSales,Clerk,Bo Wu,43")
    assert moves(report) == {
        "Mira Holt left Sales/Buyer (post_closed)",
        "Mira Holt joined Sales/Director",
    }
    assert len(book.people("Mira Holt")) == len(book.people("Bo Wu")) == 1


def test_zeros_do_not_make_one_person_of_two_names(book):
    head = "unit,post,person,staff_number"
    book.list("2026-01-01", f"{head}\nSales,Buyer,Mira Holt,00042")
    book.list("2026-07-01", f"{head}\nSales,Buyer,Bo Wu,42")
    assert book.sits("2026-07-02") == {"Bo Wu: Buyer"}


def test_an_equal_id_is_the_same_person_and_a_changed_name_is_told(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Josh Harlow,harlowja")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Joshua Harlow,HarlowJA")
    assert told(report) == ["person_renamed Josh Harlow -> Joshua Harlow"]
    person = book.person("Joshua Harlow")
    assert [row.name for row in person.other_names] == ["Josh Harlow"]


def test_an_equal_id_renames_whatever_the_new_name(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Gongysh Gongysh,gongysh")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Yong Sheng Gong,gongysh")
    assert told(report) == ["person_renamed Gongysh Gongysh -> Yong Sheng Gong"]


def test_an_equal_mail_with_a_part_of_the_name_in_common_is_the_same_person(book, told):
    head = "unit,post,person,email"
    book.list("2026-01-01", f"{head}\nSales,Head,Anna Schmidt,anna@m.example")
    report = book.list("2026-07-01", f"{head}\nSales,Head,Anna Weber,ANNA@m.example")
    assert told(report) == ["person_renamed Anna Schmidt -> Anna Weber"]


def test_an_equal_mail_with_no_part_of_the_name_in_common_is_uncertain(book, moves):
    head = "unit,post,person,email"
    book.list("2026-01-01", f"{head}\nSales,Head,Anna Schmidt,head@m.example")
    report = book.list("2026-07-01", f"{head}\nSales,Head,Bo Lindqvist,head@m.example")
    assert moves(report) == {"? Bo Lindqvist Sales/Head (inherited_mail)"}
    assert book.sits("2026-07-01") == {"Anna Schmidt: Head"}  # in one post everything waits


def test_an_inherited_mailbox_in_another_post_leaves_the_old_seat(book, moves):
    head = "unit,post,person,email"
    book.list(
        "2026-01-01",
        f"{head}\nSales,Head,Anna Schmidt,head@m.example\nSales,Clerk,Cy Wu,c@m.example",
    )
    report = book.list(
        "2026-07-01",
        f"{head}\nSales,Deputy,Bo Lindqvist,head@m.example\nSales,Clerk,Cy Wu,c@m.example",
    )
    assert moves(report) == {
        "Anna Schmidt left Sales/Head (vacant)",
        "? Bo Lindqvist Sales/Deputy (inherited_mail)",
    }


def test_an_equal_mail_and_another_equal_id_is_the_same_person(book, told):
    head = "unit,post,person,email,external_id"
    book.list("2026-01-01", f"{head}\nSales,Head,Anna Schmidt,head@m.example,as1")
    report = book.list("2026-07-01", f"{head}\nSales,Head,Bo Lindqvist,head@m.example,as1")
    assert told(report) == ["person_renamed Anna Schmidt -> Bo Lindqvist"]


def test_a_known_id_in_another_account_is_the_same_person_who_moved(book):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na,ln", account="Orion")
    report = book.list("2026-07-01", f"{HEAD}\nBuying,Chief,Li Na,ln", account="Vega")
    (joined,) = [row for row in report.to_json()["changes"] if row["kind"] == "joined_post"]
    assert joined["moved_from"] == {"account": "Orion", "unit": "Sales", "post": "Head"}
    # Orion is not in the file: the old tenure stays open
    assert book.sits("2026-07-01", "Orion") == {"Li Na: Head"}


def test_if_the_old_account_is_in_the_file_and_the_person_gone_there_that_tenure_ends(book):
    head = "account,unit,post,person,external_id"
    book.list(
        "2026-01-01", f"{head}\nOrion,Sales,Head,Li Na,ln\nOrion,Sales,Clerk,Bo Wu,bw", account=None
    )
    report = book.list(
        "2026-07-01",
        f"{head}\nOrion,Sales,Clerk,Bo Wu,bw\nVega,Buying,Chief,Li Na,ln",
        account=None,
    )
    (left,) = [row for row in report.to_json()["changes"] if row["kind"] == "left_post"]
    assert left["reason"] == "left_company"
    assert left["moved_to"] == {"account": "Vega", "unit": "Buying", "post": "Chief"}


# --- Different ids, equal name


def test_in_the_same_post_a_new_id_is_the_same_person_and_the_old_id_is_kept(book, told):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Samuel Cassiba,sc")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Samuel Cassiba,scas")
    assert told(report) == []
    person = book.person("Samuel Cassiba")
    assert {row.value for row in person.external_ids} == {"sc", "scas"}


def test_in_different_posts_staff_numbers_part_two_people(book, moves):
    head = "unit,post,person,staff_number"
    book.list("2026-01-01", f"{head}\nSales,Head,Wang Wei,1001")
    report = book.list("2026-07-01", f"{head}\nSales,Clerk,Wang Wei,2002")
    assert moves(report) == {"Wang Wei left Sales/Head (vacant)", "Wang Wei joined Sales/Clerk"}
    assert len(book.people("Wang Wei")) == 2


def test_mails_and_handles_part_two_people_if_both_rows_are_in_the_file(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Wang Wei,w1")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Head,Wang Wei,w1\nPlant,Clerk,Wang Wei,w2")
    assert moves(report) == {"Wang Wei joined Plant/Clerk"}
    assert len(book.people("Wang Wei")) == 2


def test_handles_part_two_people_if_both_were_known_before(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Wang Wei,w1\nPlant,Clerk,Wang Wei,w2")
    report = book.list("2026-07-01", f"{HEAD}\nSales,Deputy,Wang Wei,w2\nPlant,Guard,Bo Wu,bw")
    assert moves(report) == {
        "Wang Wei left Sales/Head (vacant)",
        "Wang Wei left Plant/Clerk (vacant)",
        "Wang Wei joined Sales/Deputy",
        "Bo Wu joined Plant/Guard",
    }


@pytest.mark.parametrize("column", ["external_id", "email"])
def test_one_gone_and_one_new_with_another_handle_or_mail_is_uncertain(book, moves, column):
    head = f"unit,post,person,{column}"
    book.list("2026-01-01", f"{head}\nSales,Head,Wang Wei,w1@m.example")
    report = book.list("2026-07-01", f"{head}\nSales,Clerk,Wang Wei,w2@m.example")
    assert moves(report) == {
        "Wang Wei left Sales/Head (vacant)",
        "? Wang Wei Sales/Clerk (other_id)",
    }


# --- An id missing on either side says nothing; the name decides


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Wang Hao", "wang hao"),
        ("Wang Hao", "Hao Wang"),
        ("Wang Hao", '"Wang, Hao"'),
        ("Dirk Müller", "Dirk Mueller"),
        ("Dirk Müller", "Dirk Muller"),
        ("Douglas Mendizábal", "Douglas Mendizabal"),
        ("Ｗａｎｇ Ｈａｏ", "Wang Hao"),
        ("Sean O'Brien", "Sean O’Brien"),
        ("Jean-Pierre Roux", "Roux Jean Pierre"),
        ("王曉明", "王晓明"),
        ("王曉明", "王 晓明"),
        ("山田 太郎", "太郎 山田"),
    ],
)
def test_the_name_decides_normalised(book, told, before, after):
    book.list("2026-01-01", f"unit,post,person\nSales,Head,{before}")
    report = book.list("2026-07-01", f"unit,post,person\nSales,Head,{after}")
    assert told(report) == []


def test_an_id_that_was_missing_before_is_learnt(book, told):
    book.list("2026-01-01", "unit,post,person\nSales,Head,Wang Hao")
    assert told(book.list("2026-07-01", f"{HEAD}\nSales,Head,Wang Hao,wh")) == []
    report = book.list("2027-01-01", f"{HEAD}\nSales,Head,Harald Wangenheim,wh")
    assert told(report) == ["person_renamed Wang Hao -> Harald Wangenheim"]


def test_a_spelling_that_comes_with_an_id_is_taken_over_and_one_without_is_not(book, told):
    book.list("2026-01-01", "unit,post,person\nSales,Head,Wang Hao")
    assert told(book.list("2026-07-01", "unit,post,person\nSales,Head,Hao Wang")) == []
    assert book.person("Wang Hao")
    text = f"{HEAD}\nSales,Head,Hao Wang,hw"
    assert told(book.list("2026-08-01", text)) == ["person_renamed Wang Hao -> Hao Wang"]
    assert told(book.list("2026-08-01", text)) == []


def test_names_count_within_one_account_only(book, moves):
    book.list("2026-01-01", "unit,post,person\nSales,Head,Wang Hao", account="Orion")
    report = book.list("2026-07-01", "unit,post,person\nSales,Head,Wang Hao", account="Vega")
    assert moves(report) == {"Wang Hao joined Sales/Head"}
    assert len(book.people("Wang Hao")) == 2


def test_same_name_and_title_in_one_unit_is_a_duplicate_row(book):
    report = book.list("2026-01-01", "unit,post,person\nSales,Head,Wang Hao\nSales,Head,Hao Wang")
    assert report.counts["joined_post"] == 1
    assert report.counts["duplicate_rows"] == 1
    assert book.post("Head").seats == 1


def test_same_name_and_two_posts_in_one_unit_is_one_person_in_two_posts(book):
    book.list("2026-01-01", "unit,post,person\nSales,Head,Wang Hao\nSales,Trainer,Wang Hao")
    assert len(book.people("Wang Hao")) == 1
    assert book.sits("2026-01-01") == {"Wang Hao: Head", "Wang Hao: Trainer"}


def test_one_of_a_name_before_and_one_in_the_file_is_a_move(book, moves):
    book.list("2026-01-01", "unit,post,person\nSales,Head,Wang Hao\nPlant,Guard,Bo Wu")
    report = book.list(
        "2026-07-01",
        "unit,post,person\nSales,Clerk,Al Fox\nPlant,Chief,Hao Wang\nPlant,Guard,Bo Wu",
    )
    assert "Hao Wang joined Plant/Chief" in moves(report)
    assert len(book.people("Wang Hao")) == 1


def test_a_contact_entry_before_and_one_in_the_file_is_the_same_person(book):
    book.list("2026-01-01", "unit,post,person\n,,Wang Hao\nSales,Clerk,Al Fox")
    book.list("2026-07-01", "unit,post,person\nSales,Head,Wang Hao\nSales,Clerk,Al Fox")
    assert len(book.people("Wang Hao")) == 1


def test_a_tenure_ended_in_the_same_unit_is_a_return(book, moves):
    book.list("2026-01-01", "unit,post,person\nSales,Head,Wang Hao\nSales,Clerk,Al Fox")
    book.list("2026-04-01", "unit,post,person\nSales,Clerk,Al Fox")
    report = book.list("2026-07-01", "unit,post,person\nSales,Deputy,Wang Hao\nSales,Clerk,Al Fox")
    assert moves(report) == {"Wang Hao joined Sales/Deputy"}
    assert len(book.people("Wang Hao")) == 1


def test_a_return_to_the_same_post_with_another_id_is_the_same_person(book, moves):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Samuel Cassiba,sc\nSales,Clerk,Al Fox,af")
    book.list("2026-04-01", f"{HEAD}\nSales,Clerk,Al Fox,af")
    report = book.list(
        "2026-07-01", f"{HEAD}\nSales,Head,Samuel Cassiba,scas\nSales,Clerk,Al Fox,af"
    )
    assert moves(report) == {"Samuel Cassiba joined Sales/Head"}


def test_a_tenure_ended_in_another_unit_is_uncertain(book, moves):
    book.list(
        "2026-01-01", "unit,post,person\nSales,Head,Wang Hao\nSales,Clerk,Al Fox\nPlant,Guard,Bo Wu"
    )
    book.list("2026-04-01", "unit,post,person\nSales,Clerk,Al Fox")
    report = book.list("2026-07-01", "unit,post,person\nPlant,Chief,Wang Hao\nPlant,Guard,Bo Wu")
    assert moves(report) == {"? Wang Hao Plant/Chief (ended_elsewhere)"}


def test_of_several_of_one_name_who_sits_in_the_same_post_keeps_it(book, moves):
    text = "unit,post,person\nSales,Head,Wang Wei\nPlant,Guard,Wang Wei"
    book.list("2026-01-01", text)
    report = book.list("2026-07-01", f"{text}\nStore,Clerk,Wang Wei")
    assert moves(report) == {"? Wang Wei Store/Clerk (several_of_one_name)"}


def test_of_several_of_one_name_who_sits_elsewhere_is_uncertain(book, moves):
    book.list("2026-01-01", "unit,post,person\nSales,Head,Wang Wei\nPlant,Guard,Wang Wei")
    report = book.list("2026-07-01", "unit,post,person\nSales,Clerk,Wang Wei\nPlant,Guard,Wang Wei")
    assert moves(report) == {
        "Wang Wei left Sales/Head (vacant)",
        "? Wang Wei Sales/Clerk (several_of_one_name)",
    }


def test_two_posts_in_one_unit_are_not_one_persons_if_two_bear_the_name_on_file(book, moves):
    book.list("2026-01-01", "unit,post,person\nSales,Head,Wang Wei\nPlant,Guard,Wang Wei")
    report = book.list(
        "2026-07-01",
        "unit,post,person\nSales,Head,Wang Wei\nSales,Clerk,Wang Wei\nPlant,Guard,Bo Wu",
    )
    assert moves(report) == {
        "Wang Wei left Plant/Guard (replaced)",
        "Bo Wu joined Plant/Guard",
        "? Wang Wei Sales/Clerk (several_of_one_name)",
    }


def test_in_a_first_file_several_of_one_name_are_different_people_with_a_note(book):
    report = book.list("2026-01-01", "unit,post,person\nSales,Head,Wang Wei\nPlant,Guard,Wang Wei")
    assert len(book.people("Wang Wei")) == 2
    assert any("Rows 2, 3 name different people" in str(note.message) for note in report.notes)
    assert report.uncertain == ()


def test_in_a_partial_file_whose_old_unit_is_not_listed_an_id_joins_and_the_old_tenure_stays(
    book, moves
):
    book.list("2026-01-01", f"{HEAD}\nSales,Head,Li Na,ln\nPlant,Guard,Bo Wu,bw")
    report = book.list("2026-07-01", f"{HEAD}\nPlant,Chief,Li Na,ln\nPlant,Guard,Bo Wu,bw")
    assert moves(report) == {"Li Na joined Plant/Chief"}
    assert book.sits("2026-07-01") == {"Li Na: Head", "Li Na: Chief", "Bo Wu: Guard"}


def test_in_a_partial_file_whose_old_unit_is_not_listed_a_name_alone_is_uncertain(book, moves):
    book.list("2026-01-01", "unit,post,person\nSales,Head,Li Na\nPlant,Guard,Bo Wu")
    report = book.list("2026-07-01", "unit,post,person\nPlant,Chief,Li Na\nPlant,Guard,Bo Wu")
    assert moves(report) == {"? Li Na Plant/Chief (unit_not_listed)"}


# --- A near match


def test_a_near_match_in_the_same_post_one_gone_and_one_new_is_uncertain(book, moves):
    book.list("2026-01-01", "unit,post,person\nSales,Head,Josh Harlow")
    report = book.list("2026-07-01", "unit,post,person\nSales,Head,Joshua Harlow")
    assert moves(report) == {"? Joshua Harlow Sales/Head (near_match)"}
    assert book.sits("2026-07-01") == {"Josh Harlow: Head"}


def test_one_character_of_a_three_character_chinese_name_is_not_near(book, moves):
    book.list("2026-01-01", "unit,post,person\nSales,Head,王小明")
    report = book.list("2026-07-01", "unit,post,person\nSales,Head,王晓明")
    assert moves(report) == {"王小明 left Sales/Head (replaced)", "王晓明 joined Sales/Head"}


def test_a_near_match_in_another_post_is_somebody_else(book, moves):
    book.list("2026-01-01", "unit,post,person\nSales,Head,Josh Harlow")
    report = book.list("2026-07-01", "unit,post,person\nSales,Clerk,Joshua Harlow")
    assert moves(report) == {
        "Josh Harlow left Sales/Head (vacant)",
        "Joshua Harlow joined Sales/Clerk",
    }


def test_a_near_match_beside_somebody_who_stays_is_somebody_new(book, moves):
    book.list("2026-01-01", "unit,post,person\nSales,Head,Josh Harlow")
    report = book.list(
        "2026-07-01", "unit,post,person\nSales,Head,Josh Harlow\nSales,Head,Joshua Harlow"
    )
    assert moves(report) == {"Joshua Harlow joined Sales/Head"}


# --- Shared ids (Columns and cells)


def test_an_id_on_rows_with_unlike_names_is_shared_and_nobodys(book):
    head = "unit,post,person,email"
    report = book.list(
        "2026-01-01", f"{head}\nSales,Head,Li Na,sales@m.example\nSales,Clerk,Bo Wu,sales@m.example"
    )
    assert book.person("Li Na").external_ids == []
    assert any("rows 2, 3 stands by unlike names" in str(note.message) for note in report.notes)


def test_external_ids_are_compared_case_folded_and_by_kind(book, told):
    head = "unit,post,person,external_id,staff_number"
    book.list("2026-01-01", f"{head}\nSales,Head,Li Na,staff_number:A7,\nSales,Clerk,Bo Wu,a7,")
    report = book.list("2026-07-01", f"{head}\nSales,Head,Nora Li,,a7\nSales,Clerk,Bo Wu,A7,")
    assert told(report) == ["person_renamed Li Na -> Nora Li"]


def test_staff_numbers_are_unique_in_their_account_only(book):
    head = "post,person,staff_number"
    book.list("2026-01-01", f"{head}\nHead,Li Na,7", account="Orion")
    book.list("2026-01-01", f"{head}\nHead,Bo Wu,7", account="Vega")
    assert {
        row.scope_id for name in ("Li Na", "Bo Wu") for row in book.person(name).external_ids
    } == {1, 2}


# --- Doubts of several rows


TWINS = "unit,post,person,email"


def test_a_contact_row_takes_nobody_whom_another_row_names_by_an_id(book, told):
    book.list("2026-01-01", f"{TWINS}\nSales,Head,Li Na,l@m.example\n,,Wang Wei,w1@m.example")
    again = (
        f"{TWINS}\nSales,Head,Li Na,l@m.example\nSales,Clerk,Wang Wei,w1@m.example"
        "\nPlant,Boss,Wang Wei,w2@m.example\n,,Wang Wei,"
    )
    report = book.list("2026-07-01", again)
    assert "? Wang Wei None (several_of_one_name)" in told(report)
    assert told(book.list("2026-07-01", again)) == []


def test_of_two_contact_rows_neither_is_the_one_contact_on_file(book, told):
    book.list("2026-01-01", f"{TWINS}\nSales,Head,Li Na,l@m.example\n,,Wang Wei,")
    report = book.list(
        "2026-07-01",
        f"{TWINS}\nSales,Head,Li Na,l@m.example\n,,Wang Wei,w1@m.example\n,,Wang Wei,w2@m.example",
    )
    assert told(report) == ["? Wang Wei None (several_of_one_name)"] * 2


INHERITED = "QA,Head,Bo Lindqvist,head@m.example"
SITS = "QA,Auditor,Bo Lindqvist,"


@pytest.mark.parametrize("rows", [(INHERITED, SITS), (SITS, INHERITED)])
def test_a_doubtful_row_ends_no_seat_that_another_row_of_that_name_holds(book, moves, rows):
    book.list("2026-01-01", f"{TWINS}\nQA,Head,Anna Schmidt,head@m.example\n{SITS}")
    report = book.list("2026-07-01", "\n".join([TWINS, *rows]))
    assert moves(report) == {"? Bo Lindqvist QA/Head (inherited_mail)"}


@pytest.mark.parametrize("second", [SITS, "QA,Head,Bo Lindqvist,", ",,Bo Lindqvist,"])
def test_rows_of_one_newcomer_share_the_doubt_about_an_inherited_mailbox(book, moves, second):
    book.list("2026-01-01", f"{TWINS}\nQA,Head,Anna Schmidt,head@m.example\nQA,Clerk,Cy Wu,")
    file = f"{TWINS}\nQA,Clerk,Cy Wu,\n{INHERITED}\n{second}"
    report = book.list("2026-07-01", file)
    assert {row["reason"] for row in report.uncertain} == {"inherited_mail"}
    assert not [line for line in moves(report) if not line.startswith("?")]
    assert moves(book.list("2026-12-01", file)) == set()


@pytest.mark.parametrize("is_first", [True, False])
def test_an_id_on_one_row_of_a_name_and_a_doubt_on_another_stay_apart_in_any_order(
    book, moves, is_first
):
    head = "unit,post,person,email,external_id"
    book.list("2026-01-01", f"{head}\nQA,Head,Anna Schmidt,head@m.example,\n{SITS},bo")
    rows = [f"{INHERITED},", f"{SITS},bo"]
    report = book.list("2026-07-01", "\n".join([head, *(rows if is_first else reversed(rows))]))
    assert moves(report) == {"? Bo Lindqvist QA/Head (inherited_mail)"}


def test_an_inherited_mailbox_may_be_of_somebody_on_file_who_bears_the_name(book, moves):
    book.list("2026-01-01", f"{TWINS}\nQA,Head,Anna Schmidt,head@m.example\n{SITS}\nQA,Clerk,Cy,")
    file = f"{TWINS}\n{INHERITED}\nQA,Clerk,Cy,"
    report = book.list("2026-07-01", file)
    (row,) = report.uncertain
    assert [person["person"] for person in row["candidates"]] == ["Anna Schmidt", "Bo Lindqvist"]
    bo = book.person("Bo Lindqvist")
    told = moves(imports.resolve_row(report.import_id, 2, same=bo.id))
    assert told == {
        "Bo Lindqvist left QA/Auditor (vacant)",
        "Anna Schmidt left QA/Head (replaced)",
        "Bo Lindqvist joined QA/Head",
    }
    assert moves(book.list("2026-12-01", file)) == set()  # the mailbox is his now
