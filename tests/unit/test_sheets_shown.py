"""Numbers and days of a workbook read as people see them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.imports.sheets.shown import shown_day, shown_number


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (42, "General", "42"),
        (42.0, "0", "42"),
        (42, "00000", "00042"),
        (42, "00000;-00000", "00042"),
        (-42, "00000;-00000", "-00042"),
        (-42, "00000", "-00042"),
        (42, "[>=1000]0000;00000", "00042"),
        (1042, "[>=1000]0000;00000", "1042"),
        (42, '"EMP"0000', "EMP0042"),
        (42, 'EMP"0000', "42"),
        (42, r"\A-0000", "A-0042"),
        (42, "00000_ ;[Red]-00000 ", "00042"),
        (1234567, "000-0000", "123-4567"),
        (11234567, "000-0000", "1123-4567"),
        (5551234, "[<=9999999]###-####;(###) ###-####", "555-1234"),
        (25551234567, "[<=9999999]###-####;(###) ###-####", "(2555) 123-4567"),
        (12345, "#,##0", "12345"),
        (400000, '"¥"#,##0', "400000"),
        (400000, '"¥"0', "400000"),
        (0.5, "0%", "0.5"),
        (2.5, "0.00", "2.5"),
        (1e14, "General", "100000000000000"),
        (110101199001011234, "General", "1.10101E+17"),
        (110101199001011234, "0", "1.10101E+17"),
        (12345678901, "0.00E+00", "12345678901"),
    ],
)
def test_a_number_is_read_as_it_is_shown(value, number_format, shown):
    assert shown_number(value, number_format) == shown


@given(st.integers(0, 10**9), st.integers(2, 12))
def test_zeros_in_front_keep_the_number(value, width):
    shown = shown_number(value, "0" * width)
    assert int(shown) == value
    assert len(shown) == max(width, len(str(value)))


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ("yyyy-mm-dd", "2026-07-01"),
        ('yyyy"年"m"月"d"日"', "2026-07-01"),
        ("m/d", "2026-07-01"),
        ("mmm-yy", "2026-07"),
        ('yyyy"年"m"月"', "2026-07"),
        ("[$-409]mmmm yyyy;@", "2026-07"),
        ("yyyy", "2026"),
        ('yyyy"day"', "2026"),
        ("", "2026-07-01"),
    ],
)
def test_a_day_is_as_exact_as_it_is_shown(number_format, shown):
    assert shown_day(date(2026, 7, 1), number_format) == shown
    assert shown_day(datetime(2026, 7, 1), number_format) == shown  # noqa: DTZ001
