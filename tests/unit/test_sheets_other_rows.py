"""Lists of ties, touches and tenures become typed rows, or are refused at their place."""

from datetime import date

import pytest

from relmap.contracts.words import (
    CLAIM_BASES,
    END_REASONS,
    RELATIONSHIP_LEVELS,
    TIE_KINDS,
    TOUCH_KINDS,
)
from relmap.errors import Refused, Unreadable
from relmap.imports.sheets.files import read_table
from relmap.imports.sheets.spellings import (
    read_basis,
    read_direction,
    read_end_reason,
    read_function,
    read_level,
    read_relationship_level,
    read_sign,
    read_tie_kind,
    read_touch_kind,
)
from relmap.imports.sheets.tenure_rows import FileTenure, read_tenures
from relmap.imports.sheets.tie_rows import FileTie, read_ties
from relmap.imports.sheets.touch_rows import FileTouch, read_touches
from relmap.names.days import DayRange

DAY = date(2026, 7, 1)


def table(text):
    return read_table(text.encode(), name="list.csv")


def refusal(reader, text, **options):
    with pytest.raises(Refused) as caught:
        reader(table(text), **options)
    return caught.value


@pytest.mark.parametrize(
    ("reader", "text", "word"),
    [
        (read_level, "总监", "director"),
        (read_level, "Manager", "manager"),
        (read_level, "", None),
        (read_function, "R&D", "rnd"),
        (read_function, "採購部", "purchasing"),
        (read_tie_kind, "knows", "knows"),
        (read_tie_kind, "friend", "friend"),
        (read_tie_kind, "schoolmate", "schoolmate"),
        (read_tie_kind, "former_colleague", "former_colleague"),
        (read_tie_kind, "relation", "knows"),
        (read_tie_kind, "Friends", "friend"),
        (read_tie_kind, "Dotted line", "dotted_line"),
        (read_tie_kind, "同学", "schoolmate"),
        (read_touch_kind, "拜访", "visit"),
        (read_touch_kind, "拜訪", "visit"),
        (read_touch_kind, "电话", "call"),
        (read_touch_kind, "E-Mail", "mail"),
        (read_touch_kind, "微信", "message"),
        (read_touch_kind, "饭局", "meal"),
        (read_touch_kind, "样品", "sample"),
        (read_touch_kind, "客诉", "complaint_call"),
        (read_direction, "我方", "out"),
        (read_relationship_level, "信任顾问", "trusted_advisor"),
        (read_relationship_level, "4", "trusted_advisor"),
        (read_relationship_level, "trusted advisor", "trusted_advisor"),
        (read_end_reason, "轮岗", "moved_inside"),
        (read_end_reason, "离职", "left_company"),
        (read_basis, "听说", "hearsay"),
    ],
)
def test_words_are_read_in_the_ways_people_write_them(reader, text, word):
    assert reader(text) == word


@pytest.mark.parametrize(
    ("reader", "words"),
    [
        (read_tie_kind, TIE_KINDS),
        (read_touch_kind, TOUCH_KINDS),
        (read_relationship_level, RELATIONSHIP_LEVELS),
        (read_end_reason, END_REASONS),
        (read_basis, CLAIM_BASES),
    ],
)
def test_each_word_spells_itself_and_a_stranger_is_told_them_all(reader, words):
    assert [reader(word) for word in words] == list(words)
    with pytest.raises(Unreadable, match="Write one of") as caught:
        reader("qwertz")
    assert all(word in str(caught.value) for word in words)


def test_signs():
    assert [read_sign(text) for text in ("+", "1", "0", "-1", "-", "负", "")] == [
        *(1, 1, 0, -1, -1, -1, None)
    ]
    with pytest.raises(Unreadable, match="no sign"):
        read_sign("2")


def test_a_tie_in_full():
    header = "from,to,external_id,account,kind,level,sign,starts_on,observed_on,basis"
    record = "我们的王,张三,mail:zs@x.cn,华为,knows,3,+,2019,2026-06,told"
    assert read_ties(table(f"{header}\n{record}\n"), on=DAY).rows == (
        FileTie(
            row=2,
            from_name="我们的王",
            to_name="张三",
            to_id=("mail", "zs@x.cn"),
            account="华为",
            level="problem_solver",
            sign=1,
            starts_on=date(2019, 1, 1),
            observed_on=date(2026, 6, 30),
            observed_is_given=True,
            basis="told",
        ),
    )


def test_a_tie_needs_two_names_and_no_more():
    (row,) = read_ties(table("我方,对方\nWang,Li\n"), on=DAY, account="A").rows
    assert row == FileTie(row=2, from_name="Wang", to_name="Li", account="A", observed_on=DAY)
    assert refusal(read_ties, "ours\nWang\n", on=DAY).column == "to"
    error = refusal(read_ties, "ours,theirs\nWang,\n", on=DAY)
    assert (error.row, error.column) == (2, "theirs")


def test_two_people_of_theirs_have_no_relationship_level():
    assert read_ties(table("person_a,person_b\nLi,Wu\n"), on=DAY).rows[0].among_client
    assert read_ties(table("from,to\nLi,Wu\n"), on=DAY, among_client=True).rows[0].among_client
    error = refusal(read_ties, "person_a,person_b,level\nLi,Wu,vendor\n", on=DAY)
    assert (error.row, error.column) == (2, "level")


def test_a_tie_does_not_begin_after_it_was_judged():
    error = refusal(read_ties, "from,to,starts_on\nWang,Li,2026-07-02\n", on=DAY)
    assert (error.row, error.column) == (2, "starts_on")


def test_a_touch_in_full():
    header = "日期,方式,方向,我方,客户,客户人员,内容,下一步,下一步日期,external_id"
    record = '2026-06-30,拜访,我方,"王;李",华为,张三、赵四,"谈了价格\n和交期",送样,2026-07-15,T-1'
    assert read_touches(table(f"{header}\n{record}\n")).rows == (
        FileTouch(
            row=2,
            day=date(2026, 6, 30),
            kind="visit",
            direction="out",
            ours=("王", "李"),
            theirs=("张三", "赵四"),
            account="华为",
            summary="谈了价格\n和交期",
            next_step="送样",
            next_step_on=date(2026, 7, 15),
            external_id=("handle", "T-1"),
        ),
    )


@pytest.mark.parametrize(
    ("record", "column"),
    [
        (",call,Wang,Li", "day"),
        ("2026-06,call,Wang,Li", "day"),
        ("2026-06-30,,Wang,Li", "kind"),
        ("2026-06-30,telepathy,Wang,Li", "kind"),
        ("2026-06-30,call,,Li", "ours"),
        ("2026-06-30,call,Wang,;", "theirs"),
    ],
)
def test_a_touch_needs_its_day_its_kind_and_both_sides(record, column):
    error = refusal(read_touches, f"day,kind,ours,theirs\n{record}\n")
    assert (error.row, error.column) == (2, column)


def test_a_tenure_in_full():
    header = (
        "account,parent_unit,unit,post,person,external_id,starts_on,ends_on,start_known,"
        "end_reason,term_ends_on,level,function"
    )
    record = "华为,供应链,采购部,代理处长,张三,zs,2023-01-05,2025-03,no,轮岗,2026-01-05,,"
    assert read_tenures(table(f"{header}\n{record}\n")).rows == (
        FileTenure(
            row=2,
            account="华为",
            parent_unit="供应链",
            unit="采购部",
            post="处长",
            acting=True,
            person="张三",
            external_ids=(("handle", "zs"),),
            starts=DayRange(date(2023, 1, 4), date(2023, 1, 5), "day"),
            start_known=False,
            ends=DayRange(date(2025, 2, 28), date(2025, 3, 31), "month"),
            end_reason="moved_inside",
            term_ends_on=date(2026, 1, 5),
        ),
    )


@pytest.mark.parametrize(
    ("record", "column"),
    [
        ("B,,Li,2020,2021,", "post"),
        ("B,CEO,Li,,2021,", "starts_on"),
        ("B,CEO,Li,2021-01-01,2021-01-01,", "ends_on"),
        ("B,CEO,Li,2021-01-01,2020,", "ends_on"),
        ("B,CEO,Li,2020,,retired", "end_reason"),
        ("B,CEO,Li,2020,2021,boredom", "end_reason"),
    ],
)
def test_a_tenure_that_cannot_be_is_refused(record, column):
    text = f"unit,post,person,starts_on,ends_on,end_reason\n{record}\n"
    error = refusal(read_tenures, text, account="A")
    assert (error.row, error.column) == (2, column)


def test_a_tenure_within_one_month_begins_before_it_ends():
    text = "post,person,starts_on,ends_on\nCEO,Li,2020-03,2020-03\n"
    (row,) = read_tenures(table(text), account="A").rows
    assert row.starts.on < row.ends.on
    assert row.end_reason == "unknown"


def test_the_real_tenures_are_read_whole(shared_data):
    path = shared_data / "openstack_ptl_2015_2019" / "tenures.csv"
    found = read_tenures(read_table(path.read_bytes(), name=path.name), account="OpenStack")
    assert len(found.rows) == 265
    assert sum(row.ends is not None for row in found.rows) == 204
    assert found.rows[0].unit == "adjutant"
    assert 0 < sum(not row.start_known for row in found.rows) < 100


def test_the_real_ties_are_read_whole(shared_data):
    for name, count in (("advice", 190), ("friendship", 102)):
        path = shared_data / "krackhardt" / f"{name}.csv"
        found = read_ties(read_table(path.read_bytes(), name=path.name), on=DAY)
        assert len(found.rows) == count
        assert all(row.among_client for row in found.rows)
