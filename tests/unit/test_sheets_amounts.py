"""Sums of money, as lists of projects write them."""

import pytest

from relmap.errors import Unreadable
from relmap.imports.sheets.amounts import Amount, read_amount, read_currency


@pytest.mark.parametrize(
    ("cell", "heading", "amount"),
    [
        ("400000", "", Amount(400_000)),
        ("400,000", "", Amount(400_000)),
        ("400k", "Value", Amount(400_000)),
        ("US$ 1.2M", "", Amount(1_200_000, "USD")),
        ("1,200.50", "Value (USD)", Amount(1200.5, "USD")),
        ("1.234.567,50 EUR", "", Amount(1_234_567.5, "EUR")),
        ("12,5", "", Amount(12.5)),
        ("40", "金额(万元)", Amount(400_000)),
        ("40", "Amount (k EUR)", Amount(40_000, "EUR")),
        ("４０万", "", Amount(400_000)),
        ("人民币1.5亿元", "", Amount(150_000_000, "CNY")),
        ("NT$ 3,000,000", "", Amount(3_000_000, "TWD")),
        ("1 234 567,5", "", Amount(1_234_567.5)),
        ("1'234'567", "", Amount(1_234_567)),
        ("1,200万", "", Amount(12_000_000)),
        ("0,125k", "", Amount(125)),
        ("¥400,000", "", Amount(400_000)),
        ("待定", "", None),
        ("", "金额(万元)", None),
    ],
)
def test_a_sum_is_read_with_its_currency(cell, heading, amount):
    assert read_amount(cell, heading) == amount


@pytest.mark.parametrize("cell", ["much", "400.000", "1e400", "40 lots", "99999999999999", "-5"])
def test_what_is_no_sum_or_may_be_two_is_refused(cell):
    with pytest.raises(Unreadable, match=r"amount|thousand|more than"):
        read_amount(cell)


@pytest.mark.parametrize(
    "cell",
    ["1.234.56", "1,,2", "1,23,456", "1 2 3", "12,34,567.8", "400,000,00", "5,0000", "1,234.567,8"],
)
def test_thousands_stand_in_groups_of_three(cell):
    with pytest.raises(Unreadable, match="groups of three"):
        read_amount(cell)


@pytest.mark.parametrize(
    ("cell", "heading", "column"),
    [
        ("US$ 40k", "", "CNY"),
        ("$40k", "", "CNY"),
        ("40", "Value (USD)", "CNY"),
        ("US$ 40", "金额(人民币)", None),
    ],
)
def test_two_currencies_of_one_sum_are_refused(cell, heading, column):
    with pytest.raises(Unreadable, match="Keep one of them"):
        read_amount(cell, heading, column)


@pytest.mark.parametrize(
    ("cell", "heading", "column", "currency"),
    [
        ("$40k", "", "TWD", "TWD"),
        ("$40k", "Value (HKD)", None, "HKD"),
        ("$40k", "", None, "USD"),
        ("US$ 40k", "Value (USD)", "USD", "USD"),
        ("¥40k", "", "JPY", "JPY"),
        ("40k", "", "CNY", "CNY"),
    ],
)
def test_a_currency_may_be_said_more_than_once(cell, heading, column, currency):
    assert read_amount(cell, heading, column) == Amount(40_000, currency)


def test_a_currency_goes_by_its_code_sign_or_name():
    named = [read_currency(text) for text in ("rmb", "NT$", "美元", "sek", "元", "")]
    assert named == ["CNY", "TWD", "USD", "SEK", None, None]
    with pytest.raises(Unreadable, match="no currency"):
        read_currency("shells")
