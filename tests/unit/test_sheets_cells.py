"""What one cell says, and what it is refused to say."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.errors import Unreadable
from relmap.imports.sheets.cells import (
    id_key,
    is_rounded,
    read_day,
    read_flag,
    read_ids,
    read_mails,
    read_share,
    several,
    split_acting,
    unguarded,
)
from relmap.names.days import DayRange
from relmap.names.folding import folded, tidy
from relmap.names.matching import name_keys

LAST_OF_JUNE = DayRange(date(2026, 6, 29), date(2026, 6, 30), "day")
FIRST_OF_JULY = DayRange(date(2026, 6, 30), date(2026, 7, 1), "day")
JULY = DayRange(date(2026, 6, 30), date(2026, 7, 31), "month")


@pytest.mark.parametrize(
    "text",
    [
        *("2026-07-01", "2026-7-1", "2026/7/1", "2026.7.1", "2026年7月1日", "20260701"),
        *("2026-07-01 09:30:00", "2026-07-01T00:00:00", " ２０２６-07-01 ", "46204", "46204.0"),
        *("1 Jul 2026", "1-Jul-2026", "July 1st, 2026", "Jul. 1 2026", "1 July 2026"),
    ],
)
def test_a_day_is_read_however_it_is_written(text):
    assert read_day(text) == FIRST_OF_JULY


@pytest.mark.parametrize(
    "text",
    [
        *("2026-06-30T16:00:00Z", "2026-06-30 16:00:00+00:00", "2026-06-30T16:00:00.000Z"),
        *("2026-06-30T23:30:00-05:00", "2026-06-30T23:30:00-0500", "2026-06-30 23:30 -05"),
        *("2026-06-30 16:00:00 UTC", "2026-06-30 15:30 GMT+0", "2026-07-01T23:59:59+08:00"),
    ],
)
def test_a_moment_with_a_zone_falls_on_a_day_of_the_book(text, monkeypatch):
    monkeypatch.setenv("RELMAP_TIMEZONE", "Asia/Shanghai")
    assert read_day(text) == (FIRST_OF_JULY if "15:30" not in text else LAST_OF_JUNE)


@given(
    st.integers(631_152_000, 4_102_444_800),
    st.timezones(),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "UTC"]),
)
def test_the_day_of_a_moment_is_that_of_the_zone_whatever_zone_wrote_it(seconds, writer, zone):
    moment = datetime.fromtimestamp(seconds, writer)
    written = moment.isoformat()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RELMAP_TIMEZONE", zone)
        assert read_day(written).on == moment.astimezone(ZoneInfo(zone)).date()


@pytest.mark.parametrize("text", ["2026-06-30T25:00:00Z", "2026-02-30T10:00:00Z"])
def test_a_moment_that_never_was_is_refused(text):
    with pytest.raises(Unreadable, match="Write it as year-month-day"):
        read_day(text)


@pytest.mark.parametrize("text", ["2026-07", "2026/7", "2026年7月", "July 2026", "202607"])
def test_a_month_is_the_interval_of_its_days(text):
    assert read_day(text) == JULY


@pytest.mark.parametrize("text", ["2026", "2026年"])
def test_a_year_is_the_interval_of_its_days(text):
    assert read_day(text) == DayRange(date(2025, 12, 31), date(2026, 12, 31), "year")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25/04/2026", date(2026, 4, 25)),
        ("04/25/2026", date(2026, 4, 25)),
        ("3.3.2026", date(2026, 3, 3)),
    ],
)
def test_a_year_at_the_end_is_read_where_it_can_mean_one_day_only(text, day):
    assert read_day(text) == DayRange(day - timedelta(days=1), day, "day")


@pytest.mark.parametrize("text", ["03/04/2026", "3.4.2026", "12-11-2026"])
def test_a_date_that_may_be_two_days_is_refused_asking_for_iso(text):
    with pytest.raises(Unreadable, match=r"two days.*2026-07-01"):
        read_day(text)


@pytest.mark.parametrize(
    "text",
    ["soon", "2026-13-01", "2026-02-30", "7/1/26", "1850-01-01", "12.2026", "99999", "31 Xyz 2026"],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(Unreadable, match="Write it as year-month-day"):
        read_day(text)


@pytest.mark.parametrize("text", ["", " ", "-", "?", "未知", "TBD"])
def test_a_mark_in_place_of_a_day_is_no_day(text):
    assert read_day(text) is None


@given(
    st.dates(date(1900, 1, 2), date(2200, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d"]),
)
def test_every_day_is_read_back(day, layout):
    assert read_day(day.strftime(layout)) == DayRange(day - timedelta(days=1), day, "day")


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("代理采购总监", "采购总监"),
        ("代理品质经理", "品质经理"),
        ("代工艺组长", "工艺组长"),
        ("代销售经理", "销售经理"),
        ("代理產品經理", "產品經理"),
        ("代理商品企画課長", "商品企画課長"),
        ("采购总监（代理）", "采购总监"),
        ("采购总监(代)", "采购总监"),
        ("采购总监代理", "采购总监"),
        ("代总监", "总监"),
        ("代部长", "部长"),
        ("代採購處長", "採購處長"),
        ("代理處長", "處長"),
        ("總經理 代", "總經理"),
        ("部長代行", "部長"),
        ("副处长(主持工作)", "副处长"),
        ("副处长主持工作", "副处长"),
        ("主持工作的副处长", "副处长"),
        ("副总经理（主持全面工作）", "副总经理"),
        ("Acting Director", "Director"),
        ("Interim VP Purchasing", "VP Purchasing"),
        ("VP (acting)", "VP"),
        ("Purchasing Manager, Acting", "Purchasing Manager"),
    ],
)
def test_an_acting_mark_is_taken_off_the_title(title, bare):
    assert split_acting(title) == (bare, True)


@pytest.mark.parametrize(
    "title",
    [
        *(
            "代表",
            "销售代表",
            "首席代表",
            "代表取締役社長",
            "代理商管理经理",
            "代理品牌经理",
            "代工厂经理",
            "代理产品线经理",
            "代工厂经理",
            "代购员",
        ),
        *(
            "代码工程师",
            "代维经理",
            "代理业务经理",
            "采购代理",
            "課長代理",
            "时代主管",
            "代理",
            "代",
        ),
        *("Contracting Manager", "acting", "Interactive Designer"),
    ],
)
def test_what_only_looks_like_an_acting_mark_stays(title):
    assert split_acting(title) == (title, False)


@pytest.mark.parametrize("text", ["yes", "Y", "1", "TRUE", "是", "x", "代理"])
def test_yes_in_many_words(text):
    assert read_flag(text) is True


@pytest.mark.parametrize("text", ["no", "N", "0", "FALSE", "否", "", " "])
def test_no_in_many_words(text):
    assert read_flag(text) is False


def test_what_is_neither_yes_nor_no_is_refused():
    with pytest.raises(Unreadable, match="yes or no"):
        read_flag("maybe")


def test_a_share_is_a_number_or_a_percentage():
    assert (read_share("0.5"), read_share("80%"), read_share("１"), read_share("")) == (
        0.5,
        0.8,
        1,
        None,
    )
    for text in ("1.5", "-1", "high", "nan"):
        with pytest.raises(Unreadable, match="from 0 to 1"):
            read_share(text)


def test_ids_may_name_their_kind():
    assert read_ids("li.ting") == (("handle", "li.ting"),)
    assert read_ids("mail:Li@x.com; staff_number:10023") == (
        ("mail", "Li@x.com"),
        ("staff_number", "10023"),
    )
    assert read_ids("工号：10023") == (("staff_number", "10023"),)
    assert read_ids("ldap:li") == (("handle", "ldap:li"),)
    assert read_ids("10023", "staff_number") == (("staff_number", "10023"),)
    assert read_ids(" - ") == read_ids("") == ()


@given(st.text())
def test_ids_are_compared_without_case(value):
    assert id_key("handle", value.upper().lower()) == id_key("handle", value.upper())


def test_mail_addresses_come_without_their_trimmings():
    assert read_mails("Li Ting <li@x.com>; mailto:b@y.org ::: c＠z.cn") == (
        "li@x.com",
        "b@y.org",
        "c@z.cn",
    )
    assert read_mails("none @home") == read_mails("") == ()


def test_several_names_in_one_cell():
    assert several("Li Ting; 王芳、张三,赵") == ("Li Ting", "王芳", "张三", "赵")


@given(st.text())
def test_tidying_twice_is_tidying_once(text):
    assert tidy(tidy(text)) == tidy(text)


def test_names_stay_as_written_but_for_blanks():
    assert tidy("\u3000 Ｌｉ\u00a0 Ting\u200b\n") == "Ｌｉ Ting"
    assert tidy("\u202eLi\u202c \u2067Na\u2069\u061c") == "Li Na"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("علی\u200cرضا نوری", "علی\u200cرضا نوری"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        ("क्\u200dष", "क्\u200dष"),
        ("Mira 👩\u200d🔧", "Mira 👩\u200d🔧"),
        ("Bo\u200c Wu\u200d", "Bo Wu"),
        ("林\u200c晓\ufeff", "林晓"),
        ("علی\u200c نوری", "علی نوری"),
    ],
)
def test_a_joiner_stays_where_it_belongs_to_the_spelling(text, shown):
    assert tidy(text) == shown


def test_a_name_is_found_with_its_joiner_and_without():
    assert name_keys("علی\u200cرضا نوری") & name_keys("علیرضا نوری")
    assert folded("علی\u200cرضا") == folded("علیرضا")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('="00123"', "00123"),
        ('="a ""b"""', 'a "b"'),
        ("'00123", "00123"),
        ("'00123'", "00123"),
        ("'=x", "=x"),
        ("Bo Wu_x000D_", "Bo Wu\r"),
        ("a_x005F_b", "a_b"),
    ],
)
def test_a_guard_is_no_part_of_the_value(cell, value):
    assert unguarded(cell) == value


@given(st.text())
def test_a_guarded_value_is_read_back(value):
    if "_x" not in value:
        quoted = value.replace('"', '""')
        assert unguarded(f'="{quoted}"') == value


@pytest.mark.parametrize(
    "cell", ["'Abd al-Rahim", "O'Neil", "'t Hooft", "=SUM(A1)", "x_x00", "‘Aziz"]
)
def test_what_only_looks_like_a_guard_stays(cell):
    assert unguarded(cell) == cell


@pytest.mark.parametrize("cell", ["1.23E+11", "1.23457E+17", "5E+05", "1,2e+10"])
def test_a_rounded_number_is_no_id(cell):
    assert is_rounded(cell)
    assert read_ids(cell, "staff_number") == ()


@pytest.mark.parametrize("cell", ["1E5", "E+1", "12345678901", "mail+1@x.com", "+86 139"])
def test_what_only_looks_rounded_is_an_id(cell):
    assert not is_rounded(cell)
    assert len(read_ids(cell)) == 1
