"""Sums of money, as lists of projects write them."""

import pytest

from relmap.facts.sheets.amounts import Amount, read_amount, read_currency


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
        ("¥400,000", "", Amount(400_000)),
        ("待定", "", None),
        ("", "金额(万元)", None),
    ],
)
def test_a_sum_is_read_with_its_currency(cell, heading, amount):
    assert read_amount(cell, heading) == amount


@pytest.mark.parametrize("cell", ["much", "400.000", "1e400", "40 lots", "99999999999999", "-5"])
def test_what_is_no_sum_or_may_be_two_is_refused(cell):
    with pytest.raises(ValueError, match=r"amount|thousand|more than"):
        read_amount(cell)


def test_a_currency_goes_by_its_code_sign_or_name():
    named = [read_currency(text) for text in ("rmb", "NT$", "美元", "sek", "元", "")]
    assert named == ["CNY", "TWD", "USD", "SEK", None, None]
    with pytest.raises(ValueError, match="no currency"):
        read_currency("shells")
