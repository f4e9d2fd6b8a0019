"""The table is found wherever it stands in a file, and what is no record is told with its row."""

import io
import itertools
import re
import zipfile
from datetime import date

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from relmap.errors import Refused
from relmap.imports.sheets.files import read_table
from relmap.imports.sheets.layout.asides import unit_named
from relmap.imports.sheets.row_places import naming_sheets
from relmap.imports.sheets.snapshot_rows.reading import read_snapshot
from relmap.imports.sheets.table import Reading
from relmap.languages import tell

HEADER = ["部门", "职位", "姓名"]
ROWS = [["采购部", "总监", "林晓"], ["采购部", "经理", "何为"], ["品质部", "经理", "高远"]]


def read(data, *, kind="snapshot", mapping=None, **said):
    data = data.encode() if isinstance(data, str) else data
    return read_table(data, name="list", kind=kind, mapping=mapping, reading=Reading(**said))


def text(*rows):
    return "".join(",".join(row) + "\n" for row in rows)


def cells(table):
    return [list(cells) for _, cells in table.records]


def left_out(table):
    return sorted(row for one in table.remarks if one.kind == "left_out" for row in one.rows)


def said(table):
    return " ".join(tell(one.message, "en") for one in table.remarks)


def people(table):
    return [
        (row.unit, row.post, row.person)
        for row in read_snapshot(table, on=date(2026, 7, 1), account="Acme").rows
    ]


def workbook(sheets, change=None):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change:
        change(book)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def refusal(*given, **said):
    with pytest.raises(Refused) as caught:
        read(*given, **said)
    return caught.value


# --- lines above, below and between

ABOVE = ["Notes:", '"Some addresses, and more, are missing."', "海辰通讯录 2026-07", "内部资料", ""]
BELOW = [
    "合计：3人",
    "共 3 人",
    "Total,,3",
    "制表人：王敏",
    "Confidential",
    "Page 1 of 2",
    "注：请勿外传",
]


@settings(max_examples=60)
@given(
    above=st.lists(st.sampled_from(ABOVE), max_size=4),
    below=st.lists(st.sampled_from(BELOW), max_size=4),
    again=st.integers(0, 3),
    separator=st.sampled_from([",", ";", "\t"]),
)
def test_what_stands_around_and_between_the_rows_changes_no_row(above, below, again, separator):
    rows = [*ROWS[:again], HEADER, *ROWS[again:]]
    lines = [separator.join(row) for row in (HEADER, *rows)]
    table = read("\n".join([*above, *lines, *below]) + "\n")
    assert cells(table) == ROWS
    top = len(above)
    told = [n + 1 for n, line in enumerate(above) if line]
    told.append(top + 2 + again)
    told += [top + len(lines) + 1 + n for n in range(len(below))]
    assert left_out(table) == told


@settings(max_examples=40)
@given(st.permutations(range(3)), st.permutations(range(3)))
def test_a_second_header_in_another_order_counts_from_there(first, second):
    def ordered(row, order):
        return [row[place] for place in order]

    data = text(
        ordered(HEADER, first), *(ordered(row, first) for row in ROWS[:2]),
        ordered(HEADER, second), ordered(ROWS[2], second),
    )  # fmt: skip
    assert cells(read(data)) == [ordered(row, first) for row in ROWS]


def test_a_second_header_with_other_columns_is_refused():
    error = refusal("Department,Title,Name\nP,Buyer,Mira Holt\nName,Mobile,Title\nBo,1,Clerk\n")
    assert error.row == 3


def test_a_header_in_two_languages_is_one():
    table = read("Department,Title,Name\n部门,职位,姓名\nP,Buyer,Mira Holt\n")
    assert cells(table) == [["P", "Buyer", "Mira Holt"]]
    assert left_out(table) == [2]


def test_people_with_the_names_of_headings_stay():
    rows = [
        ["P", "Manager", "Mira Holt"],
        ["Group", "Title clerk", "Bo Name"],
        ["Q", "", "Sum Wong"],
    ]
    assert cells(read(text(["Department", "Title", "Name"], *rows))) == rows


def test_a_short_row_of_people_is_still_refused():
    assert refusal("部门,职位,姓名\n采购部,总监,林晓\n采购部,经理\n").row == 3


def test_without_any_header_the_refusal_says_what_was_looked_for():
    error = refusal("Acme\n\nWho,What,Since\nMira,Buyer,2020\n")
    assert (error.row, error.column) == (3, "person")
    assert "the person or the post" in tell(error)
    assert "--header-row" in tell(error)
    assert "--map person=COLUMN" in tell(error)


def test_the_header_may_be_said_by_row_or_by_a_column():
    data = "Acme\nWho,What\nMira Holt,Buyer\n"
    mapping = {"person": "Who", "post": "What"}
    assert people_of(read(data, mapping=mapping), mapping) == [(None, "Buyer", "Mira Holt")]
    assert read(data, mapping=mapping, header_row=2).header == ("Who", "What")
    assert "nothing in row 9" in tell(refusal(data, header_row=9))


def people_of(table, mapping):
    sheet = read_snapshot(table, on=date(2026, 7, 1), account="Acme", mapping=mapping)
    return [(row.unit, row.post, row.person) for row in sheet.rows]


@pytest.mark.parametrize(
    ("kind", "header", "row"),
    [
        ("tenures", "account,person,post,start", "Acme,Mira Holt,Buyer,2020"),
        ("ties", "ours,theirs,account", "Li,Mira Holt,Acme"),
        ("touches", "日期,方式,我方,对方", "2026-07-01,拜访,李,林晓"),
        ("projects", "客户,项目,阶段", "明川,网关,送样"),
    ],
)
def test_every_kind_of_list_may_have_lines_around_it(kind, header, row):
    table = read(f"Acme 2026\n{header}\n{row}\n{header}\n{row}\nTotal: 2\n", kind=kind)
    assert [n for n, _ in table.records] == [3, 5]
    assert left_out(table) == [1, 4, 6]


@pytest.mark.parametrize(
    "foot",
    [
        "制表：,王敏,审核：",
        "制表人,王敏,",
        "日期：,2026-07-01,",
        "Prepared by,Wang Min,",
        "合计,,3",
        ",共3人,",
        "注：,请勿外传,",
    ],
)
def test_whoever_signs_a_list_is_nobody_on_it(foot):
    table = read(text(HEADER, *ROWS) + foot + "\n")
    assert cells(table) == ROWS
    assert left_out(table) == [5]


@pytest.mark.parametrize(
    "foot",
    [
        *("采购部小计,,2人", "品质部小计：1人,,", "总计,,共3人", "Subtotal Purchasing,,3"),
        *("Quality Total,,1", "Total - Purchasing,,2", "打印时间,2026-01-01,", "（以下空白）,,"),
        *("Exported on,2026-01-01,", "导出时间,,2026-01-01 08:00"),
    ],
)
def test_a_sum_or_the_hour_of_the_print_is_no_unit(foot):
    table = read(text(HEADER, *ROWS) + foot + "\n")
    assert cells(table) == ROWS
    assert left_out(table) == [5]


@pytest.mark.parametrize(
    "foot",
    [
        *("编制：王丽,审核：赵刚,批准：李明", "Approved by: Jane Doe,Date: 1 Jan 2026,", "Σ,,17"),
        *("★为部门负责人,,", "联系电话：021-5555,,", "Average,,", "Distribution: all,,"),
        *("Rows: 17,,", "--- end of list ---,,", "-----,,", "Status as of 2026-01-01,,"),
    ],
)
def test_what_tells_of_the_list_is_no_unit(foot):
    table = read(text(HEADER, *ROWS) + foot + "\n")
    assert cells(table) == ROWS
    assert left_out(table) == [5]


@pytest.mark.parametrize("heading", ["--- Sales ---", "★销售部", "Division: Sales", "== 销售部 =="])
def test_a_heading_between_signs_is_a_unit(heading):
    table = read(f"部门,职位,姓名\n采购部,,\n,经理,林晓\n{heading},,\n,经理,何为\n")
    units = [row[0] for row in cells(table)]
    assert units[0] == "采购部"
    assert units[1] in ("Sales", "销售部")


def test_a_blank_unit_is_said_whatever_else_stands_in_the_column():
    table = read("部门,职位,姓名\n采购部,经理,林晓\n采购部,专员,何为\n,总裁,高远\n")
    assert "Row 4: 部门 is blank" in said(table)


def test_a_unit_may_be_called_total_quality():
    table = read("姓名,职位\nTotal Quality,\n林晓,总监\n何为,经理\n")
    assert {row[0] for row in people(table)} == {"Total Quality"}


def test_a_vacant_seat_may_read_like_headings():
    rows = [["Group", "Manager", ""], ["P", "Buyer", "Mira Holt"]]
    assert cells(read(text(["Department", "Title", "Name"], *rows))) == rows


def test_a_column_without_heading_that_counts_is_left_out_and_told():
    table = read(",部门,职位,姓名\n1,采购部,总监,林晓\n2,品质部,经理,高远\n")
    assert cells(table) == [ROWS[0], ROWS[2]]
    assert "Column 1" in said(table)
    assert refusal(",部门,职位,姓名\nx,采购部,总监,林晓\n").row == 2


# --- units on lines of their own


@pytest.mark.parametrize("heading", ["一、采购部（2人）", "采购部（共2人）", "采购部：2人"])
def test_units_on_lines_of_their_own_are_those_of_the_rows_below(heading):
    table = read(f"姓名,职位\n{heading},\n林晓,总监\n何为,经理\n品质部,\n高远,经理\n")
    assert people(table) == [tuple(row) for row in ROWS]
    assert "采购部" in said(table)


def paths(*lines):
    data = "姓名,职位\n" + "".join(f"{line}\n" if "," in line else f"{line},\n" for line in lines)
    rows = read_snapshot(read(data), on=date(2026, 7, 1), account="Acme").rows
    return [f"{'/'.join((*row.above, row.unit))}: {row.person}" for row in rows]


@settings(max_examples=60)
@given(
    st.sampled_from(
        [
            (["供应链事业部", "研发事业部", "销售事业部"], ["采购部", "品质部", "计划部"]),
            (
                ["Supply Division", "R&D Division", "Sales Division"],
                ["Buying Department", "QA Department", "Plan Department"],
            ),
            (["华东大区", "华南大区", "华北大区"], ["采购组", "品质组", "计划组"]),
            (["供應鏈處", "研發處", "業務處"], ["採購部", "品質部", "計畫部"]),
            (
                ["一、采购部", "二、研发部", "三、销售部"],
                ["（一）甲部", "（二）乙部", "（三）丙部"],
            ),
            (
                ["Division: Supply", "Division: R&D", "Division: Sales"],
                ["Department: Buying", "Department: QA", "Department: Plans"],
            ),
            (["APAC Region", "EMEA Region", "US Region"], ["A Office", "B Office", "C Office"]),
            (["1. 采购部", "2. 研发部", "3. 销售部"], ["1.1 甲部", "1.2 乙部", "1.3 丙部"]),
        ]
    ),
    st.lists(st.integers(0, 3), min_size=1, max_size=3),
)
def test_a_unit_right_below_another_is_a_part_of_it(names, sizes):
    divisions, departments = names
    lines, expected = [], []
    for division, size in zip(divisions, sizes, strict=False):
        lines.append(division)
        lines += ["高远,总监"] * (not size)
        expected += [f"{unit_named(division)}: 高远"] * (not size)
        for department in departments[:size]:
            lines += [department, "林晓,经理", "何为,专员"]
            path = f"{unit_named(division)}/{unit_named(department)}"
            expected += [f"{path}: 林晓", f"{path}: 何为"]
    assert paths(*lines) == expected


def test_two_units_of_one_kind_are_no_parts_of_each_other():
    data = "姓名,职位\n采购部,\n品质部,\n高远,经理\n"
    assert people(read(data)) == [("品质部", "经理", "高远")]
    assert left_out(read(data)) == [2]
    assert "Row 2 names a unit, 采购部, and no row below it belongs to it." in said(read(data))


def test_a_unit_after_people_is_of_the_level_on_which_its_kind_stood_before():
    lines = ["采购部", "林晓,总监", "品质中心", "来料组", "何为,经理", "研发部", "高远,经理"]
    assert paths(*lines) == ["采购部: 林晓", "品质中心/来料组: 何为", "研发部: 高远"]


def test_the_path_of_a_unit_on_a_line_of_its_own_is_told():
    assert "供应链事业部 > 采购部" in said(read("姓名,职位\n供应链事业部,\n采购部,\n林晓,总监\n"))


def test_a_row_with_a_unit_of_its_own_keeps_it_below_a_heading():
    table = read("部门,职位,姓名\n供应链中心,,\n采购部,总监,林晓\n,经理,何为\n")
    assert people(table) == [("采购部", "总监", "林晓"), ("供应链中心", "经理", "何为")]


@pytest.mark.parametrize("name", ["王科", "李司", "Mira Holt", "欧阳明珠"])
def test_a_contact_is_no_unit(name):
    assert people(read(f"姓名,职位\n{name},\n何为,经理\n")) == [
        (None, None, name),
        (None, "经理", "何为"),
    ]


def test_a_cell_merged_across_the_table_names_a_unit():
    data = workbook(
        {"名单": [["姓名", "职位"], ["华东", None], ["林晓", "总监"]]},
        lambda book: book["名单"].merge_cells("A2:B2"),
    )
    assert people(read(data)) == [("华东", "总监", "林晓")]


# --- ditto marks and merged cells


@pytest.mark.parametrize(
    "mark", ["同上", "〃", '""""', "々々", "″", "ditto", '-"-', " 同上 ", "- 〃 -", "Same as above"]
)
def test_a_ditto_mark_takes_the_value_above(mark):
    data = text(HEADER, ROWS[0], [mark, *ROWS[1][1:]], ROWS[2])
    table = read(data)
    assert cells(table) == ROWS
    assert "部门" in said(table)


def test_a_ditto_mark_or_a_merged_cell_repeats_the_person_of_the_row_above():
    marked = read(text(HEADER, ROWS[0], ["品质部", "经理", "同上"], ["同上", "专员", "高远"]))
    assert marked.repeats == {3}
    rows = [HEADER, ROWS[0], ["品质部", "经理", None], ["研发部", "顾问", None], ROWS[1]]
    merged = workbook({"S": rows}, lambda book: book["S"].merge_cells("C2:C4"))
    assert read(merged).repeats == {3, 4}


def test_a_ditto_mark_below_nothing_is_refused():
    assert refusal(text(HEADER, ["同上", *ROWS[0][1:]])).row == 2


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=4))
def test_merged_cells_read_as_if_each_row_had_the_value(sizes):
    rows = [
        [f"Unit {n}", "Clerk", f"Person {n} {m}"]
        for n, size in enumerate(sizes)
        for m in range(size)
    ]

    def merge(book):
        first = 2
        for size in sizes:
            book["S"].merge_cells(
                start_row=first, end_row=first + size - 1, start_column=1, end_column=1
            )
            first += size

    table = read(workbook({"S": [["Department", "Title", "Name"], *rows]}, merge))
    assert cells(table) == rows
    last = itertools.accumulate(sizes, initial=1)
    told = {row for one in table.remarks for row in one.rows}
    assert told == {
        row for end, size in zip(last, sizes, strict=False) if size > 1
        for row in range(end + 1, end + size + 1)
    }  # fmt: skip


# --- units that are written once


@pytest.mark.parametrize("answer", [None, "above", "account"])
@given(st.lists(st.integers(2, 4), min_size=2, max_size=4))
def test_units_written_once_are_asked_about(answer, sizes):
    units = [f"Unit {n}" for n, size in enumerate(sizes) for _ in range(size)]
    heads = [sum(sizes[:n]) for n in range(len(sizes))]
    once = [unit if n in heads else "" for n, unit in enumerate(units)]
    people = [[unit, "Clerk", f"P {n}"] for n, unit in enumerate(once)]
    rows = [["Department", "Title", "Name"], *people]
    table = read(text(*rows), blank_unit=answer)
    assert [cells[0] for _, cells in table.records] == (units if answer == "above" else once)
    assert bool(table.questions) == (answer is None)
    assert "Department is blank" in said(table)


def test_a_few_people_of_the_account_itself_are_no_question():
    assert read("部门,职位,姓名\n采购部,经理,何为\n采购部,总监,林晓\n,总裁,高远\n").questions == ()


# --- sheets


def cover():
    return [["填写说明"], ["联系人", "王敏"], ["电话", "123"]]


def test_a_cover_sheet_is_passed_over_and_named():
    table = read(workbook({"说明": cover(), "名单": [HEADER, *ROWS]}))
    assert cells(table) == ROWS
    assert "说明" in said(table)


def test_sheets_that_look_like_the_list_are_read_together():
    table = read(
        workbook(
            {
                "A": [["Acme"], HEADER, *ROWS[:1]],
                "B": [["姓名", "岗位", "部门", "邮箱"], ["何为", "经理", "采购部", "h@x.example"]],
                "离职人员": [HEADER, ["采购部", "经理", "赵云"]],
            }
        )
    )
    assert people(table) == [("采购部", "总监", "林晓"), ("采购部", "经理", "何为")]
    assert [row for row, _ in table.records] == [3, 12]
    assert all(
        word in said(table)
        for word in ("Sheet A was read (rows: 1)", "Sheet B was read (rows: 1)", "离职人员")
    )


def test_a_refusal_names_the_sheet_and_its_own_row():
    rows = [["采购部", "经理", "何为"], ["采购部", "", "x" * 301]]
    table = read(workbook({"A": [HEADER, *ROWS], "B": [HEADER, *rows]}))
    with pytest.raises(Refused) as caught, naming_sheets(table):
        people(table)
    assert caught.value.row == 3
    assert tell(caught.value, "en").startswith("Sheet B: Row 3")


def test_one_sheet_may_be_named():
    data = workbook({"A": [HEADER, ROWS[0]], "B": [HEADER, ROWS[1]]})
    assert cells(read(data, sheets=("b",))) == [ROWS[1]]
    assert "A and B" in tell(refusal(data, sheets=("C",)), "en")


def test_a_hidden_sheet_is_named_and_read_where_it_is_asked_for():
    def hide(book):
        book["B"].sheet_state = "hidden"

    data = workbook({"A": [HEADER, ROWS[0]], "B": [HEADER, ROWS[1]]}, hide)
    assert cells(read(data)) == [ROWS[0]]
    assert "Sheet B" in said(read(data))
    assert cells(read(data, sheets=("B",))) == [ROWS[1]]


def test_a_list_on_a_hidden_sheet_only_is_refused_with_its_name():
    def hide(book):
        book["名单"].sheet_state = "hidden"

    assert "--sheet 名单" in tell(refusal(workbook({"S": cover(), "名单": [HEADER, *ROWS]}, hide)))


def test_one_list_on_several_days_is_not_put_together():
    error = refusal(workbook({"2026-06": [HEADER, ROWS[0]], "2026-07": [HEADER, ROWS[0]]}))
    assert "--sheet" in tell(error)


def test_sheets_by_department_name_the_unit():
    data = workbook({"采购部": [HEADER[1:], ROWS[0][1:]], "品质部": [HEADER[1:], ROWS[2][1:]]})
    table = read(data)
    assert people(table) == [("采购部", "总监", "林晓"), ("品质部", "经理", "高远")]
    assert "Sheet 采购部: no column names the unit; its people are taken to be in" in said(table)
    assert said(table).count("采购部:") == 1  # the sheet is named once


def test_a_sheet_without_units_beside_one_with_them_is_named_after_itself():
    data = workbook({"采购部": [HEADER[1:], ROWS[0][1:]], "其他": [HEADER, ROWS[2]]})
    table = read(data)
    assert people(table)[0] == ("采购部", "总监", "林晓")
    assert people(table)[1][0] == ROWS[2][0]
    assert said(table).count("no column names the unit") == 1


# --- hidden rows and columns


def hidden_workbook(rows=(), columns=()):
    def hide(book):
        for row in rows:
            book["S"].row_dimensions[row].hidden = True
        for column in columns:
            book["S"].column_dimensions[column].hidden = True

    return workbook({"S": [HEADER, *ROWS]}, hide)


@pytest.mark.parametrize("hidden", [None, "read", "skip"])
@pytest.mark.parametrize("rows", [(3,), (2, 4), (9,)])
def test_hidden_rows_are_told_and_asked_about(rows, hidden):
    table = read(hidden_workbook(rows), hidden=hidden)
    inside = [row for row in rows if row <= 4]
    kept = [row for n, row in enumerate(ROWS, start=2) if hidden != "skip" or n not in inside]
    assert cells(table) == kept
    assert bool(table.questions) == (hidden is None and bool(inside))
    assert ("Hidden" in said(table)) == bool(inside)


def test_a_row_that_is_crossed_out_is_asked_about():
    def cross_out(book):
        for cell in book["S"][3]:
            cell.font = Font(strike=True)
        book["S"]["A4"].font = Font(strike=True)

    data = workbook({"S": [HEADER, *ROWS]}, cross_out)
    table = read(data)
    assert cells(table) == ROWS
    assert "Hidden or crossed out" in said(table)
    assert "row 3" in said(table)
    assert table.questions
    assert cells(read(data, hidden="skip")) == [ROWS[0], ROWS[2]]


def test_a_hidden_column_is_asked_about():
    assert "职位" in tell(read(hidden_workbook(columns="B")).questions[0])
    assert read(hidden_workbook(columns="B"), hidden="skip").header == ("部门", "姓名")


# --- errors of formulas

ERRORS = ["#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!"]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ERRORS), st.integers(0, 3), st.integers(1, 3))
def test_an_error_in_one_cell_is_told_and_changes_no_other_cell(error, place, row):
    header = ["部门", "职位", "姓名", "电话"]
    rows = [header, *([*cells, "123"] for cells in ROWS)]
    rows[row] = [error if n == place else cell for n, cell in enumerate(rows[row])]
    table = read(workbook({"S": rows}))
    read_as = {2: error if error == "#N/A" else "?"}.get(place, "")
    assert cells(table) == [
        [read_as if (n, m) == (row, place) else cell for m, cell in enumerate(line)]
        for n, line in enumerate(rows[1:], start=1)
    ]
    assert f"{header[place]} shows the error {error}" in said(table)
    assert {n for one in table.remarks for n in one.rows} == {row + 1}
    assert bool(table.questions) == (error != "#N/A" and place < 3)


def test_the_holder_of_a_seat_with_an_error_is_nobody_or_unknown():
    def holders(error):
        data = workbook({"S": [HEADER, ROWS[0], ["采购部", "经理", error]]})
        found = read_snapshot(read(data), on=date(2026, 7, 1), account="Acme").rows
        return [(row.holder, row.person) for row in found]

    assert holders("#N/A") == [("named", "林晓"), ("vacant", None)]
    assert holders("#REF!") == [("named", "林晓"), ("unknown", None)]


@pytest.mark.parametrize("error", ["#N/A", "#REF!"])
def test_a_row_of_errors_alone_is_left_out_and_told(error):
    table = read(workbook({"S": [HEADER, ROWS[0], ["采购部", error, error], ROWS[2]]}))
    assert cells(table) == [ROWS[0], ROWS[2]]
    assert left_out(table) == [3]


def test_an_error_in_a_column_that_is_not_read_is_nothing_to_tell():
    data = workbook({"S": [["Name", "Department", "Shoe size"], ["Mira Holt", "P", "#REF!"]]})
    assert (said(read(data)), read(data).questions) == ("", ())


def test_a_broken_formula_is_asked_about_with_its_row_and_column():
    data = workbook({"S": [HEADER, ["采购部", "#REF!", "林晓"], ROWS[1]]})
    (question,) = read(data).questions
    assert "职位 in row 2: #REF!" in tell(question, "en")


# --- separators


@given(
    st.lists(st.sampled_from(["林晓", "00123", "采购部", "Mira Holt"]), min_size=3, max_size=3),
    st.sampled_from([",", ";"]),
    st.booleans(),
)
def test_a_tab_behind_each_cell_parts_nothing(row, separator, is_quoted):
    quote = '"' if is_quoted else ""
    lines = [separator.join(f"{quote}{cell}\t{quote}" for cell in line) for line in (HEADER, row)]
    table = read("\n".join(lines) + "\n")
    assert table.header == tuple(HEADER)
    assert [cell.strip() for cell in table.records[0][1]] == row


def test_a_declared_separator_that_was_saved_again_is_understood():
    assert cells(read('"sep=,",,\n' + text(HEADER, *ROWS))) == ROWS


def test_blank_cells_beyond_the_header_are_no_matter():
    assert cells(read("部门,职位,姓名\n采购部,总监,林晓,,\n")) == [ROWS[0]]


# --- kinds of files


def packed(**entries):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return data.getvalue()


def as_strict(data):
    changed = io.BytesIO()
    usual, strict = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for kind in (b"spreadsheetml/", b"officeDocument/"):
                content = content.replace(usual + kind + b"2006/", strict + kind)
            new.writestr(name, content)
    return changed.getvalue()


def with_part(data, name, change):
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return changed.getvalue()


DATED = [["Name", "Title", "Since"], ["Mira Holt", "Buyer", date(2026, 7, 1)]]


@pytest.mark.parametrize(
    ("number_format", "shown"), [("yyyy-mm-dd", "2026-07-01"), ("mmm-yy", "2026-07")]
)
@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904])
def test_a_day_is_read_by_the_calendar_of_its_workbook(epoch, number_format, shown):
    def date_from(book):
        book.epoch = epoch
        book["S"]["C2"].number_format = number_format

    assert cells(read(workbook({"S": DATED}, date_from)))[0][2] == shown


def test_a_day_in_a_format_that_chinese_excel_does_not_spell_out_is_a_day():
    def show(book):
        book["S"]["C2"] = 46204
        book["S"]["C2"].number_format = 'yyyy"年"m"月"d"日"x'

    def numbered(styles):
        styles = re.sub(rb"<numFmts.*?</numFmts>", b"", styles)
        return re.sub(rb'numFmtId="16\d"', b'numFmtId="31"', styles)

    data = with_part(workbook({"S": DATED}, show), "xl/styles.xml", numbered)
    assert cells(read(data))[0][2] == "2026-07-01"


def test_strict_open_xml_is_read():
    assert cells(read(as_strict(workbook({"S": [HEADER, *ROWS]})))) == ROWS


def old_workbook(rows, *, merged=None, hidden=None, number_format=None):
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for (n, row), m in itertools.product(enumerate(rows), range(3)):
        if merged is None or not (merged[0] <= n <= merged[1] and m == 0):
            style = xlwt.easyxf(num_format_str=number_format or "General")
            sheet.write(n, m, row[m], style)
    if merged is not None:
        sheet.write_merge(*merged, 0, 0, rows[merged[0]][0])
    if hidden is not None:
        sheet.row(hidden).hidden = True
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_an_old_workbook_is_read_with_merged_and_hidden_rows():
    table = read(old_workbook([HEADER, *ROWS], merged=(1, 2), hidden=3))
    assert cells(table) == ROWS
    assert "4" in tell(table.questions[0])
    assert "Merged" in said(table)


def test_an_old_workbook_shows_its_numbers():
    rows = [["Staff No", "Title", "Name"], [42, "Buyer", "Mira Holt"]]
    assert cells(read(old_workbook(rows, number_format="00000;-00000")))[0][0] == "00042"


ODS = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"><office:automatic-styles>
<number:date-style style:name="N1"><number:year/><number:month/></number:date-style>
<style:style style:name="ce1" style:data-style-name="N1"/></office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="S">
<table:table-row>%s</table:table-row>
<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>P</text:p>
</table:table-cell>
<table:table-cell><text:p>Mira<text:s/>Holt</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="42"><text:p>00042</text:p>
</table:table-cell>
<table:table-cell table:style-name="ce1" office:value-type="date" office:date-value="2026-07-01">
<text:p>07/26</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="filter"><table:covered-table-cell/>
<table:table-cell><text:p>Bo Wu</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="110101199001011234">
<text:p>1.1E+17</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2026-07-02"/></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell
 table:number-columns-repeated="16000"/></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""


def test_an_open_document_is_read_with_what_it_shows_and_hides():
    headings = ["Department", "Name", "Staff No", "Since"]
    row = "".join(
        f"<table:table-cell><text:p>{one}</text:p></table:table-cell>" for one in headings
    )
    table = read(packed(**{"content.xml": ODS % row}))
    assert cells(table) == [
        ["P", "Mira Holt", "00042", "2026-07"],
        ["P", "Bo Wu", "1.10101E+17", "2026-07-02"],
    ]
    assert "row 3" in tell(table.questions[0], "en")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(100) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (packed(**{"Index/Document.iwa": "x"}), "Numbers"),
        (packed(**{"xl/workbook.bin": "x"}), "xlsb"),
        (b'[{"name": "Mira Holt"}]', "JSON"),
        (b'{"people": []}', "JSON"),
        ("<html><table><tr><td>Name</td></tr></table></html>".encode("utf-16"), "web page"),
        (b"<html><table></table></html>", "web page"),
        (b"MIME-Version: 1.0\r\n", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "damaged"),
        (packed(**{"content.xml": "<x"}), "damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_a_line_that_says_what_to_do(data, word):
    message = tell(refusal(data), "en")
    assert word in message
    assert "\n" not in message
    assert any(way in message for way in ("Save it as CSV", "save a copy", "save it as CSV"))
