"""Two people in one cell are two, where each part is a name; one name is never taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.imports.sheets.holders import looks_like_several, split_holders

LATIN = ["Mira Holt", "Bo Wu", "Ana-Lucía Ortiz", "J. P. O'Neil", "Jörg Müller Jr."]
EASTERN = ["林晓", "何为", "欧阳明", "王五", "司马相如"]


@given(
    st.sampled_from([LATIN, EASTERN]).flatmap(
        lambda names: st.lists(st.sampled_from(names), min_size=2, max_size=3, unique=True)
    ),
    st.sampled_from(
        [" / ", "/", "、", ";", "；", " & ", "\n", " | ", "｜", " and ", " 和 ", " + "]
    ),
)
def test_names_that_share_a_cell_are_told_apart(names, sign):
    assert split_holders(sign.join(names)) == tuple(names)


@pytest.mark.parametrize("cell", ["林晓和何为", "林晓与何为", "林晓，何为", "林晓,何为"])
def test_chinese_names_are_joined_without_blanks(cell):
    assert split_holders(cell) == ("林晓", "何为")


@pytest.mark.parametrize(
    "name",
    [
        *("Smith, John", "Smith, John Jr.", "Ortiz Vega, Ana Maria", "Bo Wu, PhD", "O'Neil"),
        *("郭和平", "欧阳和平", "长谷川和彦", "佐々木和歌子", "林晓 / Lin Xiao", "Lin Xiao (林晓)"),
        *("CHAN Tai Man Peter", "CHAN Tai Man, Peter", "Chan, Tai Man", "陳大文 Chan Tai-man"),
        *("林晓/采购部", "R&D", "N/A", "c/o Mira Holt", "Jean-Luc Holt", "Mira Holt (Sales/QA)"),
    ],
)
def test_one_name_stays_one(name):
    assert split_holders(name) == (name,)


@given(st.lists(st.sampled_from(["张三", "李四", "王小明", "陳大文"]), min_size=1, max_size=4))
def test_chinese_names_with_blanks_between_are_left_whole_and_told(names):
    for blank in (" ", "\u3000", "  "):
        cell = blank.join(names)
        assert len(split_holders(cell)) == 1
        assert looks_like_several(cell) == (len(names) > 1)


@pytest.mark.parametrize("name", ["山田 太郎", "欧阳 明明", "王 小明", "CHAN Tai Man Peter"])
def test_a_blank_within_one_name_is_nothing_to_tell(name):
    assert not looks_like_several(name)


@pytest.mark.parametrize(
    "cell", ["Mira Holt / Bo Wu", "林晓、何为", "Mira Holt & Bo Wu", "林晓；何为"]
)
def test_two_holders_of_a_post_are_two_people(book, moves, cell):
    report = book.list("2026-07-01", f"unit,post,person,staff_number\nP,Head,{cell},00123")
    first, second = split_holders(cell)
    assert book.sits("2026-07-02") == {f"{first}: Head", f"{second}: Head"}
    assert moves(report) == {f"{first} joined P/Head", f"{second} joined P/Head"}
    assert book.post("Head").seats == 2
    assert not book.people(cell)
    assert not book.person(first).external_ids
    assert not book.person(second).external_ids
    assert "Two or more people" in str(report.to_json()["notes"])
    assert not book.list("2026-07-01", f"unit,post,person\nP,Head,{cell}").to_json()["changes"]


def test_a_holder_beside_a_free_seat(book):
    book.list("2026-07-01", "unit,post,person\nP,Head,Mira Holt / TBD\nP,Clerk,何为（离职）、林晓")
    assert book.sits("2026-07-02") == {"Mira Holt: Head", "林晓: Clerk"}
    assert book.post("Head").seats == 2


def test_two_doubtful_people_of_a_row_are_told_with_the_first(book, moves):
    head = "unit,post,person,email"
    book.list(
        "2026-01-01",
        "unit,post,person,handle\nA,Head,Josh Harlow,a\nA,Head,Cy Ray,b\nB,Head,Ann Fu,c",
        column_map={"handle": "handle"},
    )
    report = book.list(
        "2026-07-01", f"{head}\nA,Head,Joshua Harlow / Cyy Ray,\nB,Head,Ann Fu,", yes=True
    )
    waiting = [one for one in report.to_json()["changes"] if one["kind"] == "uncertain"]
    assert len({one["row"] for one in waiting}) == len(waiting)


def test_what_may_be_two_is_told(book):
    report = book.list("2026-07-01", "unit,post,person\nP,Head,林晓/Mira")
    assert "may be several" in str(report.to_json()["notes"])


BEFORE = ["★", "▲", "※", "*"]
ASIDES = [
    "①",
    "△",
    "（新）",
    "(兼)",
    "(女)",
    "（男）",
    "*",
    "【借调】",
    " (new)",
    " (she/her)",
    " - External",
    "①",
]


@pytest.mark.parametrize("aside", ASIDES)
def test_what_stands_behind_a_name_makes_no_second_person(book, moves, aside):
    name = "Mira Holt" if aside.startswith(" ") else "杨帆"
    report = book.list("2026-01-01", f"unit,post,person\nLab,Head,{name}{aside}")
    assert "no part of it" in str(report.to_json()["notes"])
    assert not moves(book.list("2026-07-01", f"unit,post,person\nLab,Head,{name}"))
    assert len(book.people(name)) == 1


@pytest.mark.parametrize("sign", BEFORE)
def test_a_sign_before_a_name_makes_no_second_person(book, moves, sign):
    book.list("2026-01-01", f"unit,post,person\nLab,Head,{sign}杨帆")
    assert not moves(book.list("2026-07-01", "unit,post,person\nLab,Head,杨帆"))
    assert len(book.people("杨帆")) == 1


@pytest.mark.parametrize("cell", ["林晓兼", "由林晓兼任", "（林晓兼）", "林晓代管"])
def test_who_holds_a_second_post_is_one_person(book, cell):
    book.list("2026-01-01", f"unit,post,person\nLab,Head,林晓\nLab,Clerk,{cell}")
    assert book.sits("2026-01-02") == {"林晓: Head", "林晓: Clerk"}
    assert len(book.people("林晓")) == 1


@pytest.mark.parametrize("cell", ["Temp", "Intern (2)", "admin", "兼", "see above", "实习生"])
def test_a_kind_of_worker_is_somebody_unknown(book, cell):
    book.list("2026-01-01", f"unit,post,person\nLab,Head,林晓\nLab,Clerk,{cell}")
    assert book.status("2026-01-02", "Clerk") == "unknown_holder"


def test_a_bracket_that_parts_namesakes_stays(book):
    book.list("2026-01-01", "unit,post,person\nLab,Head,张伟（研发）\nLab,Clerk,张伟（市场）")
    assert len(book.people("张伟（研发）")) == len(book.people("张伟（市场）")) == 1


@pytest.mark.parametrize("count", ["3", "2人", "共3人", "1 person"])
def test_a_number_is_nobody(book, count):
    report = book.list("2026-01-01", f"unit,post,person\nLab,Head,Mira Holt\nLab,,{count}")
    assert book.people(count) == []
    assert "row 3" in str(report.to_json()["notes"])


def test_a_number_of_holders_leaves_them_unknown(book):
    book.list("2026-01-01", "unit,post,person\nLab,Head,Mira Holt\nLab,Clerk,12")
    assert book.people("12") == []
    assert book.post("Clerk")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ('"Ian Falk\nLee Park"', {"Ian Falk", "Lee Park"}),
        ('"钱七\n孙八"', {"钱七", "孙八"}),
        ('"Mira Holt, Bo Wu and Tim Ash"', {"Mira Holt", "Bo Wu", "Tim Ash"}),
        ("1. Joe Bell 2. Amy Carr", {"Joe Bell", "Amy Carr"}),
        ("1.施一 2.张二", {"施一", "张二"}),
        ("Joe Bell\\Amy Dunn", {"Joe Bell", "Amy Dunn"}),
        ("何六、吕七等3人", {"何六", "吕七"}),
        ('"Holt, Mira and Wu, Bo"', {"Holt, Mira", "Wu, Bo"}),
        ("2. Amy Carr", {"Amy Carr"}),
        ('"Mira\nHolt"', {"Mira Holt"}),
    ],
)
def test_several_in_a_cell_however_they_are_parted(book, cell, names):
    book.list("2026-01-01", f"unit,post,person\nLab,Head,{cell}")
    assert {seat.partition(": ")[0] for seat in book.sits("2026-01-02")} == names


@pytest.mark.parametrize(
    "cell",
    [
        '"Ana Ruiz, Kim Oh"',
        "周九 吴十",
        "杨十　朱一",
        "沈八（代：韩九）",
        "John Smith (Jane Doe acting)",
    ],
)
def test_what_may_be_several_is_said(book, cell):
    report = book.list("2026-01-01", f"unit,post,person\nLab,Head,{cell}")
    assert "where there may be several" in str(report.to_json()["notes"])


@pytest.mark.parametrize("cell", ["欧阳 娜娜", "林 志玲", '"Smith, John"', "李娜 Li Na", "何为"])
def test_one_name_is_one_without_a_word(book, cell):
    report = book.list("2026-01-01", f"unit,post,person\nLab,Head,{cell}")
    assert "several" not in str(report.to_json()["notes"])
