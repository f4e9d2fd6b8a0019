"""Words for nobody: the seat is vacant or its holder unknown, and nobody is ever called so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.imports.sheets.nobody import is_blank_mark, is_unknown_mark, is_vacancy_mark

PROGRAMS = [
    "none",
    "NULL",
    "nan",
    "#N/A",
    "#REF!",
    "#VALUE!",
    "<null>",
    "(blank)",
    "undefined",
    "#ERROR!",
    "=#REF!",
]
ENGLISH = [
    *("TBC", "T.B.D.", "vacant", "Vacancy", "open position", "Position open", "Currently vacant"),
    *("to be hired", "To be confirmed", "not yet appointed", "no incumbent", "Nobody", "new hire"),
    *("Job posted", "R-12345 Open", "Req 4471", "HC", "Vakant", "Backfill"),
    *("Hiring", "Recruiting in progress", "Open Req #1234", "TBD 2", "vacant/open", "Unfilled"),
]
CHINESE = [
    *("无", "無", "空缺", "空岗", "空崗", "暂缺", "暫缺", "暂无", "暫無", "招聘中", "待招", "待定"),
    *("未定", "待补", "待聘", "缺员", "空编", "懸缺", "徵才中", "人选待定", "岗位空缺", "目前空缺"),
    *(
        "职缺",
        "遇缺",
        "招人中",
        "待分配",
        "已离职",
        "尚未任命",
        "正在招聘",
        "待入职",
        "未指定",
        "暂无人",
        "待招聘中",
    ),
]
CHINESE += ["從缺", "从缺", "擬招", "未配置", "人力招募中"]
JAPANESE = ["空席", "欠員", "未定", "なし", "無し", "該当なし", "募集中", "後任未定"]
SIGNS = ["", " ", "-", "--", "—", "/", "…", "___", "()", "0"]
EXPLAINED = [
    *("空缺（原林晓）", "空缺-原林晓", "招聘中：九月到岗", "Vacant - since May", "TBD: Q3"),
    *("Vacant (was Mira Holt)", "vacant | budget 2027"),
]
NAMES = [
    *(
        "Mira Holt",
        "Bo Wu",
        "林晓",
        "何为",
        "招娣",
        "张无忌",
        "空海",
        "吴缺",
        "Null Wu",
        "Nan Chen",
    ),
    *(
        "Na Li",
        "Job Post",
        "May Blank",
        "Open Ahmed",
        "任定",
        "林空",
        "莫愁",
        "招人杰",
        "Dr. None Lee",
    ),
    *(
        "Mira Holt - Buyer",
        "00123",
        "X",
        "Li",
        "未央",
        "岗村",
        "从容",
        "Req Li",
        "招志远",
        "Ray Vacant",
        "白空",
    ),
]


@pytest.mark.parametrize("text", [*PROGRAMS, *ENGLISH, *CHINESE, *JAPANESE, *SIGNS, *EXPLAINED])
def test_a_word_for_nobody_says_that_the_seat_is_vacant(text):
    assert is_vacancy_mark(text)
    assert not is_unknown_mark(text)


@pytest.mark.parametrize(
    "text", ["??", "N/A", "n.a.", "某某", "xxx", "***", "不清楚", "not known", "N. N.", "NN"]
)
def test_a_word_for_somebody_ends_nobody(text):
    assert is_unknown_mark(text)
    assert not is_vacancy_mark(text)


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_a_name(text):
    assert not is_vacancy_mark(text)
    assert not is_unknown_mark(text)


@given(
    st.sampled_from([*PROGRAMS, *ENGLISH, *CHINESE, *JAPANESE]),
    st.sampled_from(["{}", "({})", "（{}）", "[{}]", "【{}】", "*{}*", '"{}"', " {} ", "{}."]),
    st.sampled_from([str, str.upper, str.lower, str.title]),
)
def test_brackets_and_case_make_no_name_of_it(word, around, case):
    assert is_vacancy_mark(around.format(case(word)))


@pytest.mark.parametrize("text", ["NULL", "无", "#N/A", "-", "nan", "空缺"])
def test_a_sign_for_an_empty_cell_is_one_in_every_column(text):
    assert is_blank_mark(text)


@pytest.mark.parametrize("text", ["招聘", "NA", "Recruiting", "Open Innovation", "R&D", "待聘"])
def test_what_may_be_a_trade_or_a_place_is_no_empty_cell(text):
    assert not is_blank_mark(text)


@pytest.mark.parametrize("words", [("无", "空岗"), ("NULL", "#N/A"), ("open position", "(TBC)")])
def test_a_list_with_its_own_words_for_nobody_ends_tenures_and_adds_nobody(book, words):
    book.list("2026-01-01", "unit,post,person\nBuying,Head,Lin Xiao\nBuying,Clerk,Cy Wu")
    head, clerk = words
    book.list("2026-07-01", f"unit,post,person\nBuying,Head,{head}\nBuying,Clerk,{clerk}", yes=True)
    assert book.sits("2026-07-02") == set()
    assert {book.status("2026-07-02", title) for title in ("Head", "Clerk")} == {"vacant"}
    assert not any(book.people(word) for word in words)
