"""How a day is read: what somebody types in a form, an address or a command."""

from datetime import date

import pytest

from relmap.errors import Unreadable
from relmap.names.days import one_day


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-22", " 2026/3/22 ", "2026.03.22", "20260322", "２０２６－０３－２２"),
        *("2026年3月22日", "2026 年 3 月 22 日", "民國115年3月22日", "民国115年03月22日"),
        *("22 Mar 2026", "22nd March 2026", "Mar 22, 2026", "22-Mar-2026"),
        *("22/3/2026", "3/22/2026", "22.3.2026", "2026-03-22T08:30"),
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
