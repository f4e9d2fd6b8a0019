"""Bytes become a table whatever program wrote them, or are refused at the right row."""

import csv
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from relmap.errors import Refused
from relmap.imports.sheets.files import read_table
from relmap.imports.sheets.layout.limits import MAX_CELL_LENGTH
from relmap.languages import tell

SIMPLIFIED = "华为部采购处长张三李四王芳总监研发工程师经理品质上海刘婷昊鑫琪"
TRADITIONAL = "鴻海部採購處長張三陳怡君總監研發工程師經理品質臺北劉婷黃蔡淑"
WESTERN = "abcdehilmnorstuvzABCDJMS äöüéèñçßå’-"
MORNING = datetime(2026, 7, 2, 9, 30)  # noqa: DTZ001  a workbook knows no time zones
SEPARATORS = [",", ";", "\t"]


@pytest.mark.parametrize("sign", ["\x1b[31m", "\n", "\x00", "\u202e", "\x9b", "\ud800"])
def test_a_name_of_a_file_steers_no_terminal(sign):
    with pytest.raises(Refused) as refusal:
        read_table(b" ", name=f"a{sign}b 名單.csv")
    assert sign[0] not in tell(refusal.value)
    assert "b 名單.csv is empty" in tell(refusal.value)
    assert sign[0] not in read_table(b"Name\nLi", name=f"a{sign}.csv").name


def encoded(rows, encoding, separator=",", line_end="\r\n"):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=line_end).writerows(rows)
    return text.getvalue().encode(encoding)


def read(text, **options):
    return read_table(text.encode() if isinstance(text, str) else text, name="list.csv", **options)


def refusal(data, **options):
    with pytest.raises(Refused) as caught:
        read(data, **options)
    return caught.value


def rows_of(header, letters):
    cell = st.text(letters + " ,;\"'\n0123abc", max_size=12)
    row = st.tuples(*[cell] * len(header)).filter(lambda cells: any(c.strip() for c in cells))
    return st.lists(row, min_size=1, max_size=6)


def assert_round_trip(header, rows, encoding, separator):
    table = read(encoded([header, *rows], encoding, separator))
    assert table.header == header
    assert [cells for _, cells in table.records] == rows


CHINESE_ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("encoding", CHINESE_ENCODINGS)
@settings(max_examples=30)
@given(rows=rows_of("123", SIMPLIFIED))
def test_what_was_written_in_simplified_chinese_is_read_back(encoding, separator, rows):
    assert_round_trip(("客户", "职位", "姓名"), rows, encoding, separator)


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "big5"])
@settings(max_examples=30)
@given(rows=rows_of("123", TRADITIONAL))
def test_what_was_written_in_traditional_chinese_is_read_back(encoding, separator, rows):
    assert_round_trip(("客戶", "職稱", "姓名"), rows, encoding, separator)


WESTERN_NAMES = ["Jürgen Müller", "Hélène Lefèvre", "Señor Nuñez", "Ångström", "D’Arcy – x", "Zoë"]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-16-le"])
@settings(max_examples=30)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(WESTERN_NAMES), st.text("ab ,;\"'\n0", max_size=12)), min_size=1
    )
)
def test_what_was_written_in_a_western_language_is_read_back(encoding, separator, rows):
    assert_round_trip(("person", "post"), rows, encoding, separator)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "姓名\n张三\n"),
        ("gb18030", "name\n李婷\n"),
        ("gb18030", "person,post\n李婷,采购\n"),
        ("gb18030", "name\n小明\n"),  # passes for UTF-8 too, as Cyrillic and Arabic letters
        ("gb18030", "name\n卢迎\n"),
        ("gb18030", "unit,person\n品质部,王䶮\n"),  # a character of four bytes
        ("big5", "姓名\n陳大文\n"),
        ("big5", "name\n林志玲\n"),
        ("big5", "公司,部門\n鴻海,研發\n"),
        ("cp950", "姓名\n李銹恒\n"),  # outside plain Big5
        ("cp1252", "name\nJosé\n"),
        ("cp1252", "name\nMüß Größe\n"),
        ("cp1252", "Nom,Société\nÉmile Zoë,Crédit\n"),
        ("utf-8", "name\nИван Петров\n"),
        ("utf-8", "name\nΑλέξης\n"),
        ("utf-8", "name\nJosé Ñuñez\n"),
        ("utf-16-be", "姓名\n一上\n"),  # characters whose own bytes are NUL and line feed
    ],
)
def test_the_shortest_files_are_read_in_their_own_encoding(encoding, text):
    header, record = text.split()[0], text.partition("\n")[2].strip()
    table = read(text.encode(encoding))
    assert ",".join(table.header) == header
    assert ",".join(table.records[0][1]) == record


def test_one_name_at_the_end_of_a_long_file_tells_its_encoding():
    text = "name,post\n" + "Li,CEO\n" * 40_000 + "张三,采购总监\n"
    assert read(text.encode("gb18030")).records[-1] == (40_002, ("张三", "采购总监"))


@pytest.mark.parametrize(
    "text", ["氏名\n佐藤 健太\n", "部署,役職,氏名\n購買部,課長,さくら 陽子\n調達課,係長,髙橋 誠\n"]
)
def test_a_japanese_list_from_excel_is_read(text):
    table = read(text.encode("cp932"))
    assert [",".join(table.header), *(",".join(cells) for _, cells in table.records)] == text.split(
        "\n"
    )[:-1]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "имя,отдел\nИван Петров,закупки\n"),
        ("koi8_r", "имя,отдел\nИван Петров,закупки\n"),
        ("cp1253", "όνομα\nΑλέξης Γεωργίου\n"),
        ("cp874", "ชื่อ\nสมชาย\n"),
    ],
)
def test_another_alphabet_is_never_taken_for_japanese(encoding, text):
    assert "UTF-8" in str(refusal(text.encode(encoding)))


def test_bytes_in_no_known_encoding_are_refused_with_their_row():
    error = refusal("name,unit\nA,B\nИван Петров,Закупки\n".encode("cp1251"))
    assert error.row == 3
    assert "CSV UTF-8" in str(error)


def test_kana_of_half_width_are_read_beside_others():
    text = "name,unit\nアカウント,ｶﾀｶﾅ\n"
    assert read(text.encode("cp932")).records == ((2, ("アカウント", "ｶﾀｶﾅ")),)


def test_a_bad_byte_behind_a_byte_order_mark_is_refused_with_its_row():
    error = refusal("姓名\n张三\n李四".encode("utf-8-sig") + b"\xff\n")
    assert error.row == 3


def test_half_a_character_of_utf_16_is_refused():
    assert refusal("姓名\n张三\n".encode("utf-16") + b"\x00").row == 3


def test_a_record_knows_the_line_it_begins_on():
    table = read('name,note\n"Li\nTing",a\n\n,\nWang,"b\r\nc"\nZhao,d\n')
    assert [row for row, _ in table.records] == [2, 6, 8]


def test_a_declared_separator_is_obeyed_and_counted_as_a_line():
    table = read("sep=;\r\nname;a,b\r\nLi;1,2\r\n")
    assert (table.header, table.header_row) == (("name", "a,b"), 2)
    assert table.records == ((3, ("Li", "1,2")),)


def test_a_separator_inside_cells_does_not_mislead():
    assert read("name;salary\nLi;1,5\nWang;2,5\n").header == ("name", "salary")
    assert read("on,ours\n2026-01-01,Li;Wang\n").header == ("on", "ours")


def test_an_unclosed_quote_is_refused_where_it_opens():
    error = refusal('name,post\nLi,CEO\nWang,"head of\nZhao,CFO\n')
    assert (error.row, error.column) == (3, "post")
    assert "never closed" in str(error)


def test_an_unclosed_quote_in_a_long_file_is_refused_where_it_opens():
    error = refusal("name,post\n" + 'Wang,"x\n' + "Li,CEO\n" * 50_000)
    assert (error.row, error.column) == (2, "post")


def test_text_after_a_closing_quote_is_refused():
    assert refusal('name,post\n"Li" Ting,CEO\n').row == 2


def test_a_nul_byte_is_refused_with_row_and_column():
    error = refusal("name,post\nLi,CEO\nWang,\0\n")
    assert (error.row, error.column) == (3, "post")


@pytest.mark.parametrize("record", ["Wang", "Wang,CFO,x"])
def test_a_ragged_row_is_refused_with_both_counts(record):
    error = refusal(f"name,post\nLi,CEO\n{record}\n")
    assert error.row == 3
    assert f"{record.count(',') + 1} cells where the header has 2" in str(error)


def test_a_cell_may_be_long_but_not_longer():
    assert read(f"name,post\nLi,{'x' * MAX_CELL_LENGTH}\n").records
    error = refusal(f"name,post\nLi,{'x' * (MAX_CELL_LENGTH + 1)}\n")
    assert (error.row, error.column) == (2, "post")


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_longer_than_the_csv_module_takes_is_refused_alike(quote):
    error = refusal(f"name,post\nLi,{quote}{'x' * 1_000_000}{quote}\nWang,CFO\n")
    assert (error.row, error.column) == (2, "post")
    assert "10,000 are allowed" in tell(error)


def test_a_heading_longer_than_the_csv_module_takes_is_refused():
    assert refusal(f"name,{'x' * 1_000_000}\nLi,CEO\n").row == 1


def test_a_body_over_the_cap_is_refused():
    data = b"name\nLi\n"
    assert read(data, max_bytes=len(data)).records
    assert "8 bytes" in str(refusal(data, max_bytes=len(data) - 1))


def test_more_rows_than_the_cap_are_refused():
    assert refusal("name\nLi\nWang\nZhao\n", max_rows=2).row == 4


@pytest.mark.parametrize("data", [b"", b" \r\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b",,\n,,\n"])
def test_a_file_with_nothing_in_it_is_refused(data):
    assert "Export it again" in str(refusal(data))


def test_a_header_alone_is_a_table_without_records():
    assert read("name,post\n").records == ()


def test_a_heading_given_twice_is_refused():
    error = refusal("name,post,Name\nLi,CEO,x\n")
    assert (error.row, error.column) == (1, "Name")


def test_columns_without_heading_go_if_empty_and_are_refused_if_not():
    assert read("name,post,,\nLi,CEO,,\n").header == ("name", "post")
    assert refusal("name,post,\nLi,CEO,\nWang,CFO,x\n").row == 3


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"\xef\xbb\xbf<html><table>", "web page"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\n", "vCard"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_what_to_do(data, kind):
    error = refusal(data)
    assert kind in str(error)
    assert "Save it as CSV or XLSX" in str(error)


def packed(**entries):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return data.getvalue()


def test_a_word_document_is_refused():
    assert "not an Excel workbook" in str(refusal(packed(word__document="<w/>")))


def test_a_damaged_workbook_is_refused():
    whole = workbook([["name"], ["Li"]])
    for damaged in (whole[:-40], whole.replace(b"PK\x01\x02", b"PK\x00\x00", 1), b"PK\x03\x04x"):
        assert "damaged" in str(refusal(damaged))
    assert "damaged" in str(refusal(packed(**{"xl__workbook.xml": "<nonsense"})))


def test_a_workbook_that_unpacks_to_too_much_is_refused():
    bomb = packed(**{"xl__workbook.xml": "<x/>", "xl__worksheets__sheet1.xml": bytes(201_000_000)})
    assert len(bomb) < 1_000_000
    assert "unpacks to more" in str(refusal(bomb))


def workbook(rows, formats=None):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for place, number_format in (formats or {}).items():
        sheet[place].number_format = number_format
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_workbook_reads_as_its_reader_sees_it():
    data = workbook(
        [
            ["姓名", "工号", "到岗日期", "acting", "weight"],
            ["张三", 10023, date(2026, 7, 1), True, 0.5],
            [],
            ["李四", 42, MORNING, False, 2.0],
        ],
        formats={"B4": "00000"},
    )
    table = read(data)
    assert table.header == ("姓名", "工号", "到岗日期", "acting", "weight")
    assert table.records == (
        (2, ("张三", "10023", "2026-07-01", "TRUE", "0.5")),
        (4, ("李四", "00042", "2026-07-02 09:30:00", "FALSE", "2")),
    )


def test_a_workbook_may_have_short_rows_but_none_beyond_its_header():
    assert read(workbook([["a", "b"], ["x"]])).records == ((2, ("x", "")),)
    assert refusal(workbook([["a", "b"], ["x", "y", "z"]])).row == 2


def test_the_first_visible_sheet_with_anything_is_read():
    book = openpyxl.Workbook()
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    book.create_sheet()
    book.create_sheet().append(["name"])
    book.create_sheet().append(["other"])
    data = io.BytesIO()
    book.save(data)
    assert read(data.getvalue()).header == ("name",)


def test_formulas_that_nobody_worked_out_are_refused_not_read_as_vacant():
    assert "never worked out" in str(refusal(workbook([["name"], ['="Li"&" Ting"']])))


def test_a_formula_reads_as_its_saved_value():
    with_value = with_sheet_xml(
        workbook([["name"], ["x"], ["=A2"], ["=A9"]]),
        lambda xml: xml.replace(b"<f>A2</f><v></v>", b"<f>A2</f><v>7</v>").replace(
            b"<f>A2</f><v />", b"<f>A2</f><v>7</v>"
        ),
    )
    assert [cells for _, cells in read(with_value).records] == [("x",), ("7",)]


def with_sheet_xml(data, change):
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            content = old.read(entry)
            if entry == "xl/worksheets/sheet1.xml":
                assert change(content) != content
                content = change(content)
            new.writestr(entry, content)
    return changed.getvalue()


def test_an_error_in_a_workbook_is_refused_with_row_and_column():
    error = refusal(workbook([["name", "post"], ["Li", "#N/A"]]))
    assert (error.row, error.column) == (2, "post")


def test_a_workbook_with_more_rows_than_the_cap_is_refused():
    assert refusal(workbook([["name"], *[[f"p{n}"] for n in range(9)]]), max_rows=3).row == 5


@given(st.binary(max_size=60))
@example(b"PK")
@example(b'a,b\n"')
@example(b"\xff\xfe\x00\xd8")
def test_any_bytes_are_a_table_or_refused(data):
    try:
        table = read(data)
    except Refused:
        return
    assert all(len(cells) == len(table.header) for _, cells in table.records)


def test_the_layouts_of_other_programs_hold_the_same_people(shared_data):
    folder = shared_data / "import_samples" / "csv_layouts"
    for path in folder.iterdir():
        table = read_table(path.read_bytes(), name=path.name)
        assert len(table.records) == 63, path.name
    plain = [
        read_table((folder / name).read_bytes(), name=name)
        for name in ("plain_gb18030.csv", "plain_semicolon_utf8.csv", "plain_tab_utf16.txt")
    ]
    assert plain[0].records == plain[1].records == plain[2].records
