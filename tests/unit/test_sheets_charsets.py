"""Which encoding a file is written in: told from its bytes, asked where two fit, or said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relmap.errors import Refused
from relmap.imports.sheets.charsets import decode
from relmap.imports.sheets.files import read_table
from relmap.imports.sheets.table import Reading
from relmap.languages import tell

CZECH = "Oddělení,Funkce,Jméno\nNákup,Vedoucí,Jiří Dvořák\nNákup,Referent,Zdeněk Žižka\n"
POLISH = "Dział,Stanowisko,Nazwisko\nZakupy,Kierownik,Łukasz Wójcik\nZakupy,Asystent,Bożena Król\n"
MAGYAR = "osztály,beosztás,név\nBeszerzés,vezető,Kovács Győző\nMinőség,vezető,Szűcs Ödön\n"
FRENCH = "Service,Poste,Nom\nAchats,Chef,Hélène Lefèvre\nAchats,Adjoint,Loïc Bœuf\n"
NORDIC = "Unit,Name\nP,Søren Kjær\nP,Björn Åkesson\n"
IBERIAN = "Unit,Name\nP,José Muñoz\nP,João Conceição\n"
KOREAN = "부서,직위,이름\n구매부,부장,김철수\n품질부,과장,이영희\n"
JAPANESE = "部署,役職,氏名\n購買部,部長,佐藤一郎\n営業部,マネージャー,山田さくら\n"
MAINLAND = "部门,职位,姓名\n采购部,经理,林晓\n品质部,总监,何为\n"
TAIWAN = "部門,職位,姓名\n採購部,經理,林曉\n品質部,總監,陳怡君\n"

WRITTEN = [
    *(("cp1250", text) for text in (CZECH, POLISH, MAGYAR)),
    *(("cp1252", text) for text in (FRENCH, NORDIC, IBERIAN)),
    *(("mac_roman", text) for text in (FRENCH, NORDIC, IBERIAN)),
    *((encoding, JAPANESE) for encoding in ("euc_jp", "cp932", "iso2022_jp")),
    *(("cp949", KOREAN), ("gb18030", MAINLAND), ("big5", TAIWAN)),
]


def read_or_asked(data):
    """What is read; ``None`` where relmap asks which encoding is right."""
    try:
        return decode(data, name="list.csv")
    except Refused as refused:
        if "--encoding" in str(refused.message):
            return None
        raise


@pytest.mark.parametrize(("encoding", "text"), WRITTEN)
def test_a_list_is_read_in_the_encoding_in_which_it_was_written(encoding, text):
    assert decode(text.encode(encoding), name="list.csv") == text


@pytest.mark.parametrize(("encoding", "text"), WRITTEN)
def test_one_row_is_enough(encoding, text):
    header, row, *_ = text.splitlines(keepends=True)
    short = "person\n" + row.split(",")[-1]
    assert decode((header + row).encode(encoding), name="list.csv") == header + row
    assert read_or_asked(short.encode(encoding)) in (short, None)


NAMES = {
    "cp949": ["김철수", "이영희", "박지성", "최민호", "정수진"],
    "euc_jp": ["佐藤一郎", "鈴木花子", "田中健", "山田さくら", "高橋マリ"],
    "cp932": ["佐藤一郎", "鈴木花子", "田中健", "山田さくら", "高橋マリ"],
    "gb18030": ["林晓", "何为", "欧阳雪", "王建国", "张三"],
    "big5": ["林曉", "何為", "歐陽雪", "王建國", "陳怡君"],
    "cp1250": ["Jiří Dvořák", "Łukasz Wójcik", "Győző Kovács", "Dragan Kovačević", "Zdeněk"],
    "cp1252": ["Jörg Müller", "Hélène Lefèvre", "José Muñoz", "Søren Kjær", "René"],
}


@settings(deadline=None)
@given(
    st.sampled_from(sorted(NAMES)).flatmap(
        lambda encoding: st.tuples(
            st.just(encoding), st.lists(st.sampled_from(NAMES[encoding]), min_size=1, max_size=5)
        )
    )
)
def test_a_file_is_read_rightly_or_asked_about_never_wrongly(written):
    encoding, names = written
    text = "Unit,Name\n" + "".join(f"P,{name}\n" for name in names)
    assert read_or_asked(text.encode(encoding)) in (text, None)
    assert decode(text.encode(encoding), name="list.csv", encoding=encoding) == text


def test_where_two_fit_both_are_shown_and_one_is_asked_for():
    data = "Unit,Name\nP,Benoît Crête\n".encode("cp1252")
    with pytest.raises(Refused) as caught:
        decode(data, name="list.csv")
    told = str(caught.value.message)
    assert "Crête" in told
    assert "Cręte" in told
    assert "--encoding cp1252" in told
    assert caught.value.row == 2
    assert decode(data, name="list.csv", encoding="cp1252").endswith("Crête\n")
    assert decode(data, name="list.csv", encoding="windows-1250").endswith("Cręte\n")


def test_a_list_in_either_of_two_encodings_is_a_question_and_read_as_the_likelier():
    data = "Unit,Name\nP,Benoît Crête\n".encode("cp1252")
    table = read_table(data, name="list.csv", kind="snapshot")
    assert ["Benoît Crête" in cells for _, cells in table.records] == [True]
    assert "Cręte" in tell(table.questions[0], "en")
    assert "was read as cp1252" in tell(table.remarks[0].message, "en")
    said = read_table(data, name="list.csv", kind="snapshot", reading=Reading(encoding="cp1250"))
    assert (said.questions, said.remarks) == ((), ())
    assert [cells[1] for _, cells in said.records] == ["Benoît Cręte"]


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        *(("GBK", "gb18030"), ("gb2312", "gb18030"), ("Shift_JIS", "cp932"), ("EUC-JP", "euc_jp")),
        *(("EUC-KR", "cp949"), ("Mac Roman", "mac_roman"), ("UTF-8", "utf-8-sig")),
    ],
)
def test_an_encoding_is_said_by_the_name_people_use(said, encoding):
    assert decode("a,b\n王,x\n".encode(encoding, "ignore"), name="x", encoding=said)[:3] == "a,b"


def test_an_encoding_that_does_not_fit_is_refused_at_its_row():
    with pytest.raises(Refused) as caught:
        decode("a\nb\nJosé\n".encode("cp1252"), name="list.csv", encoding="utf-8")
    assert caught.value.row == 3
    with pytest.raises(Refused, match="no encoding that relmap knows"):
        decode(b"a\n", name="list.csv", encoding="klingon")


@pytest.mark.parametrize("text", [KOREAN, "部門\t姓名\n鴻\t鴻鴻\n", JAPANESE, TAIWAN])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_no_mark_in_any_script(text, encoding):
    assert decode(text.encode(encoding), name="list.csv") == text
