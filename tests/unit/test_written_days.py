"""How a day is read: what somebody types in a form, an address or a command."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.errors import Unreadable
from relmap.names.days import day_range, one_day


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-22", " 2026/3/22 ", "2026.03.22", "20260322", "２０２６－０３－２２"),
        *("2026年3月22日", "2026 年 3 月 22 日", "民國115年3月22日", "民国115年03月22日"),
        *("22 Mar 2026", "22nd March 2026", "Mar 22, 2026", "22-Mar-2026"),
        *("22/3/2026", "3/22/2026", "22.3.2026", "2026-03-22T08:30", "2026/3/22 上午 09:30"),
        *("115/03/22", "115.3.22", "115年3月22日", "民國115/3/22", "令和8年3月22日", "R8.3.22"),
        *("二〇二六年三月二十二日", "22-Mar-26", "Sun Mar 22 2026", "Sunday, 22 March 2026"),
        *("Sun Mar 22 2026 08:00:00 GMT+0800 (台北標準時間)", "Sun, 22 Mar 2026 01:00:00 GMT"),
    ],
)
def test_a_day_is_read_as_its_writer_writes_it(text):
    assert one_day(text) == date(2026, 3, 22)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("soon", "'soon' is no date that relmap reads."),
        ("2026-03", "'2026-03' is no date that relmap reads."),
        ("2026年", "'2026年' is no date that relmap reads."),
        ("46000", "'46000' is no date that relmap reads."),
        ("2026-02-30", "There is no day '2026-02-30' in the calendar."),
        ("03/04/2026", "'03/04/2026' may be two days: day first or month first."),
        ("9" * 3000, f"'{'9' * 40}' is no date that relmap reads."),
    ],
)
def test_what_is_no_one_day_is_said_with_what_to_write(text, said):
    with pytest.raises(Unreadable) as refused:
        one_day(text)
    assert str(refused.value).startswith(said)
    assert str(refused.value).endswith("such as 2026-07-01.")


@pytest.mark.parametrize("text", ["2026-03-00", "Mar-26", "3/2026", "115年3月", "二〇二六年三月"])
def test_a_month_is_a_month(text):
    found = day_range(text)
    assert (found.after, found.on) == (date(2026, 2, 28), date(2026, 3, 31))


@pytest.mark.parametrize(
    "text", ["1900-01-00", "2026-00-00", "98年3月", "26/3/1", "22-Mar", "12.2026"]
)
def test_what_may_be_another_day_is_refused(text):
    with pytest.raises(Unreadable):
        day_range(text)


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_the_years_of_the_republic_are_those_of_everybody(day):
    year = day.year - 1911
    if 100 <= year < 150:
        assert one_day(f"{year}/{day.month:02}/{day.day:02}") == day
    assert one_day(f"民國{year}年{day.month}月{day.day}日") == day
