"""One person under two spellings: scripts, variant characters, words of address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap import imports
from relmap.errors import ImportHeld
from relmap.imports import history
from relmap.maintenance.erase import erase_person
from relmap.models import writing
from relmap.names.honorifics import bare_name
from relmap.names.matching import are_equal
from relmap.names.readings import read_alike, split_scripts

HEAD = "unit,post,person"
IN_PINYIN = f"{HEAD}\nLab,Head,Shan Ning\nLab,Engineer,Zhao Xiaoyan\nDesk,Buyer,Lü Wei"
IN_CHARACTERS = f"{HEAD}\nLab,Head,单宁\nLab,Engineer,趙曉燕\nDesk,Buyer,吕伟"


# --- the other script


@pytest.mark.parametrize(
    ("before", "after"), [(IN_PINYIN, IN_CHARACTERS), (IN_CHARACTERS, IN_PINYIN)]
)
def test_a_list_in_the_other_script_names_the_same_people(book, moves, before, after):
    book.list("2026-01-01", before)
    assert moves(book.list("2026-07-01", after)) == set()
    assert moves(book.list("2026-08-01", before)) == set()


def test_the_other_script_is_on_record_beside_the_name(book):
    book.list("2026-01-01", f"{HEAD}\nLab,Head,Shan Ning\nDesk,Buyer,吕伟")
    book.list("2026-07-01", f"{HEAD}\nLab,Head,单宁\nDesk,Buyer,Lü Wei")
    ning, wei = book.person("Shan Ning"), book.person("吕伟")
    assert ([row.name for row in ning.other_names], ning.latin_name) == (["单宁"], "Shan Ning")
    assert ([row.name for row in wei.other_names], wei.latin_name) == ([], "Lü Wei")


def guessed(report):
    return [str(note.message) for note in report.notes if "(pinyin)" in str(note.message)]


@pytest.mark.parametrize(
    ("before", "after", "pair"),
    [
        (IN_PINYIN, IN_CHARACTERS, "单宁 = Shan Ning"),
        (IN_CHARACTERS, IN_PINYIN, "Shan Ning = 单宁"),
    ],
)
def test_who_was_taken_for_whom_by_pinyin_is_told_once(book, before, after, pair):
    assert guessed(book.list("2026-01-01", before)) == []
    (said,) = guessed(book.list("2026-07-01", after))
    assert "3 in all" in said
    assert pair in said
    assert guessed(book.list("2026-08-01", after)) == []


def test_of_a_list_half_of_which_is_in_the_other_script_that_half_is_told(book, moves):
    book.list("2026-01-01", IN_PINYIN)
    report = book.list("2026-07-01", IN_PINYIN.replace("Shan Ning", "单宁"))
    assert moves(report) == set()
    assert ["1 in all: 单宁 = Shan Ning" in said for said in guessed(report)] == [True]


def test_of_many_pairs_the_first_few_are_told(book):
    names = [("李娜", "Li Na"), ("王芳", "Wang Fang"), ("赵敏", "Zhao Min"), ("孙莉", "Sun Li")]
    names += [("周洋", "Zhou Yang"), ("吴昊", "Wu Hao"), ("郑爽", "Zheng Shuang")]
    posts = enumerate(names)
    book.list("2026-01-01", "\n".join([HEAD, *(f"Lab,P{n},{one[1]}" for n, one in posts)]))
    posts = enumerate(names)
    text = "\n".join([HEAD, *(f"Lab,P{n},{one[0]}" for n, one in posts)])
    (said,) = guessed(book.list("2026-07-01", text))
    assert "7 in all: 李娜 = Li Na" in said
    assert "周洋 = Zhou Yang" in said
    assert "吴昊" not in said


def test_who_is_erased_goes_from_what_was_told(book):
    book.list("2026-01-01", IN_PINYIN)
    number = book.list("2026-07-01", IN_CHARACTERS).import_id
    with writing():
        erase_person(book.person("Shan Ning").id)
    (said,) = guessed(imports.show_import(number))
    assert "单宁" not in said
    assert "Shan Ning" not in said
    assert "趙曉燕 = Zhao Xiaoyan" in said


def test_with_an_id_the_other_script_is_no_new_name(book, told):
    head = f"{HEAD},staff_number"
    book.list("2026-01-01", f"{head}\nLab,Head,Shan Ning,N-7")
    assert told(book.list("2026-07-01", f"{head}\nLab,Head,单宁,N-7")) == []


def test_the_only_pair_of_a_unit_moved_within_it(book, moves):
    book.list("2026-01-01", f"{HEAD}\nLab,Engineer,Zhao Xiaoyan\nLab,Head,Cy Roth")
    report = book.list("2026-07-01", f"{HEAD}\nLab,Head,赵晓燕\nLab,Engineer,Cy Roth")
    assert "赵晓燕 joined Lab/Head" in moves(report)
    assert len(book.people("Zhao Xiaoyan")) == 1
    assert book.people("赵晓燕") == []


def test_in_another_unit_who_reads_alike_is_uncertain(book, moves):
    book.list("2026-01-01", f"{HEAD}\nLab,Engineer,Zhao Xiaoyan\nDesk,Buyer,Cy Roth")
    report = book.list("2026-07-01", f"{HEAD}\nLab,Engineer,Di Fox\nDesk,Buyer,赵晓燕")
    assert "? 赵晓燕 Desk/Buyer (other_script)" in moves(report)


def test_where_two_read_alike_each_is_uncertain(book, moves):
    book.list("2026-01-01", f"{HEAD}\nLab,Clerk,Li Na\nDesk,Buyer,Cy Roth")
    report = book.list("2026-07-01", f"{HEAD}\nLab,Clerk,李娜\nLab,Clerk,黎娜\nDesk,Buyer,Cy Roth")
    assert moves(report) == {
        "? 李娜 Lab/Clerk (other_script)",
        "? 黎娜 Lab/Clerk (other_script)",
    }


@pytest.mark.parametrize("spelled", ["Chao Hsiao-yen", "Chiu Hiu Yin"])
def test_a_spelling_of_taiwan_or_hong_kong_in_the_same_post_is_uncertain(book, moves, spelled):
    book.list("2026-01-01", f"{HEAD}\nLab,Head,{spelled}")
    report = book.list("2026-07-01", f"{HEAD}\nLab,Head,趙曉燕")
    assert moves(report) == {"? 趙曉燕 Lab/Head (other_script)"}


def test_a_list_in_which_everybody_changes_with_the_script_is_held(book):
    book.list("2026-01-01", f"{HEAD}\nLab,Head,Ann Wu\nLab,Clerk,Bob Xu\nDesk,Buyer,Cy Roth")
    with pytest.raises(ImportHeld, match="another script"):
        book.list("2026-07-01", f"{HEAD}\nLab,Head,吴小安\nLab,Clerk,徐大伟\nDesk,Buyer,罗思")


def test_one_newcomer_of_the_other_script_is_nobodys_shadow(book, moves):
    book.list("2026-01-01", f"{HEAD}\nLab,Head,Ann Wu\nLab,Clerk,Bob Xu\nDesk,Buyer,Cy Roth")
    report = book.list("2026-07-01", f"{HEAD}\nLab,Head,高远\nLab,Clerk,Bob Xu\nDesk,Buyer,Cy Roth")
    assert moves(report) == {"Ann Wu left Lab/Head (replaced)", "高远 joined Lab/Head"}


@pytest.mark.parametrize("written", ["Gao Yuan (高远)", "高远（Gao Yuan）", "Gao Yuan 高远"])
def test_a_name_in_both_scripts_is_one_name_and_its_second_form(book, moves, written):
    book.list("2026-01-01", f"{HEAD}\nLab,Head,{written}")
    for day, name in (("2026-02-01", "高远"), ("2026-03-01", "Gao Yuan")):
        assert moves(book.list(day, f"{HEAD}\nLab,Head,{name}")) == set()
    (sitting,) = book.sits("2026-03-01")
    assert sitting in ("Gao Yuan: Head", "高远: Head")


@pytest.mark.parametrize(
    "written", ["高远(离职)", "Gao Yuan (上海)", "高远 (PhD)", "Gao Yuan (高科技部)", "Annie 2"]
)
def test_what_is_no_second_name_stays_where_it_was(written):
    assert split_scripts(written) == (written, None)


@pytest.mark.parametrize(
    ("eastern", "latin", "how"),
    [
        ("曾国藩", "Zeng Guofan", "equal"),
        ("曾国藩", "Guo-Fan CENG", "equal"),
        ("曾國藩", "Tseng Kuo-fan", "near"),
        ("尉迟恭", "Yuchi Gong", "equal"),
        ("陳大文", "Chan Tai Man", "near"),
        ("李娜", "Li Wei", None),
        ("王晓明", "Mike Wang", None),
    ],
)
def test_characters_read_as_people_spell_them(eastern, latin, how):
    assert read_alike(eastern, latin) == how


# --- words of address, variants, dots

HONORIFICS = ["女士", " 女士", "（先生）", "博士", "様", " さん", "씨", "님", ", PhD", " MBA"]
BEFORE = ["Dr. ", "Prof. Dr. ", "Ing. ", "Mr ", "Ms. ", "女士 "]
NAMES = ["高远", "高橋健", "김철수", "Mira Holt", "Jan Novák", "Ouyang Li"]


@given(st.sampled_from(NAMES), st.sampled_from(["", *BEFORE]), st.sampled_from(["", *HONORIFICS]))
def test_words_of_address_on_either_side_make_no_second_name(name, before, behind):
    assert are_equal([f"{before}{name}{behind}"], [name])


@pytest.mark.parametrize(
    ("one", "other"),
    [("陈东😀", "陈东"), ("❤Mira Holt", "Mira Holt"), ("涂麗娟", "凃麗娟")]
    + [("髙橋健", "高橋健"), ("渡邉誠", "渡辺誠"), ("葛\U000e0100城", "葛城")]
    + [(f"阿里木{dot}买买提", "阿里木买买提") for dot in "·・•∙⋅‧●."],
)
def test_variants_and_dots_make_no_second_name(one, other):
    assert are_equal([one], [other])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王先生", "王"),
        ("欧阳女士", "欧阳"),
        ("张博士", "张"),
        ("斎藤健", "斉藤健"),
        ("Zhang San", "Zhang"),
        ("Eng Wei", "Wei"),
        ("Wei Meng", "Wei"),
    ],
)
def test_what_may_be_a_name_is_no_word_of_address(one, other):
    assert not are_equal([one], [other])


WRITTEN = [
    *[("Mira Holt", one) for one in ("Dr. Mira Holt", "Mira Holt, MBA", "Prof. Dr.Mira Holt")],
    *[("高远", one) for one in ("高远 女士", "高远女士", "高远（先生）", "Ms. 高远")],
    *[("田中太郎", one) for one in ("田中太郎 様", "田中太郎さん")],
    *[("김민수", one) for one in ("김민수님", "김민수 씨")],
    *[("Holt, Mira", one) for one in ("Holt, Dr. Mira", "Holt, Mira, PhD")],
]


@pytest.mark.parametrize(("name", "written"), WRITTEN)
def test_a_name_is_shown_without_words_of_address(book, told, name, written):
    book.list("2026-01-01", f'{HEAD}\nLab,Head,"{written}"')
    assert book.sits("2026-01-01") == {f"{name}: Head"}
    assert book.person(name).address_as == written
    assert told(book.list("2026-02-01", f'{HEAD}\nLab,Head,"{name}"')) == []
    assert book.person(name).address_as == written


@pytest.mark.parametrize(("name", "written"), WRITTEN)
def test_words_of_address_in_a_later_list_change_nothing(book, told, name, written):
    head = f"{HEAD},staff_number"
    book.list("2026-01-01", f'{head}\nLab,Head,"{name}",N-7')
    assert told(book.list("2026-07-01", f'{head}\nLab,Head,"{written}",N-7')) == []
    assert book.person(name).other_names == []


def test_a_form_of_address_that_is_given_stands(book):
    book.list("2026-01-01", f"{HEAD},address_as\nLab,Head,Dr. Mira Holt,Frau Holt")
    assert book.person("Mira Holt").address_as == "Frau Holt"


def test_a_bare_family_name_is_shown_as_written(book):
    book.list("2026-01-01", f"{HEAD}\nLab,Head,王先生\nLab,Clerk,欧阳女士")
    assert book.sits("2026-01-01") == {"王先生: Head", "欧阳女士: Clerk"}


@pytest.mark.parametrize(
    ("one", "other"), [("Mr Holt", "Mrs Holt"), ("Herr. Wu", "Frau Wu"), ("Mr.Li", "Ms. Li")]
)
def test_a_bare_family_name_keeps_what_tells_two_apart(book, one, other):
    rows = f"{HEAD}\nLab,Head,{one}\nLab,Clerk,{other}"
    book.list("2026-01-01", rows)
    assert len(book.sits("2026-01-01")) == 2
    assert not are_equal([one], [other])


def test_other_lists_show_a_name_without_words_of_address(book):
    text = f"account,{HEAD},starts_on\nMeridian,Lab,Head,Dr. Mira Holt,2020-01-01"
    history.import_tenures(text.encode(), file_name="a.csv")
    text = "ours,person,day,kind\nAva Lin,高远女士,2026-01-01,call"
    history.import_touches(text.encode(), file_name="b.csv", account="Meridian", create_people=True)
    assert book.person("Mira Holt").address_as == "Dr. Mira Holt"
    assert book.person("高远").address_as == "高远女士"


@given(st.sampled_from([name for name, _ in WRITTEN]), st.sampled_from(["Dr. ", "Ms "]))
def test_a_name_without_words_of_address_stays_as_it_is(name, before):
    assert bare_name(name) == name
    assert bare_name(f"{before}{name}") == name
