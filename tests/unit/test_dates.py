"""Days as pages write them, as exactly as they are known."""

from datetime import date

import pytest

from relmap.web.layout.days import end_text, leaving_text, start_text

MAY, JUNE = date(2026, 5, 3), date(2026, 6, 9)


@pytest.mark.parametrize(
    ("after", "precision", "start", "end"),
    [
        (None, "day", "since 9 Jun 2026 or before", "until 9 Jun 2026 or before"),
        (date(2026, 6, 8), "day", "since 9 Jun 2026", "until 9 Jun 2026"),
        (MAY, "month", "since Jun 2026", "until Jun 2026"),
        (MAY, "year", "since 2026", "until 2026"),
        (
            MAY,
            "day",
            "began between 3 May 2026 and 9 Jun 2026",
            "ended between 3 May 2026 and 9 Jun 2026",
        ),
    ],
)
def test_a_start_and_an_end_are_told_as_exactly_as_they_are_known(after, precision, start, end):
    assert start_text(after, JUNE, precision) == start
    assert end_text(after, JUNE, precision) == end


@pytest.mark.parametrize(
    ("ends_on", "said"),
    [(None, ""), (MAY, ""), (JUNE, "until 9 Jun"), (date(2027, 1, 2), "until 2 Jan 2027")],
)
def test_who_is_about_to_leave_is_told_with_the_day(ends_on, said):
    assert leaving_text(ends_on, MAY) == said
