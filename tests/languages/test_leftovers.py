"""The reader finds what it is for, and no more."""

import pytest

from .leftovers import Page, Reader

HANT = Reader("zh_Hant", {"Lin Wei", "采购部", "Buyer"})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Lin Wei 離任了", None),
        ("采购部：Buyer 懸缺", None),
        ("以 CSV 匯入", None),
        ("Lin Wei left", "English: left"),
        ("Buyers 離任了", "English: Buyers"),
        ("离任", "other script: 离"),
        ("Buyer: 懸缺", "punctuation: "),
        ("採購(懸缺)", "punctuation: "),
        ("離任, 交接中", "punctuation: "),
    ],
)
def test_what_is_left_over_is_found(text, fault):
    found = list(HANT.faults(text))
    assert (found == []) if fault is None else found[0].startswith(fault)


def test_a_page_is_read_with_the_words_of_its_attributes_and_without_code():
    page = Page(
        '<p>Who <b>left</b>?</p><button aria-label="Close" data-words=\'{"a": "Two words"}\'>'
        '<svg><title>No</title></svg></button><code>relmap scan</code><a href="/x" lang="ja">名</a>'
    )
    assert [said.text for said in page.said if said.text.strip("\ufffc")] == [
        "Who left?",
        "Close",
        "Two words",
    ]
    assert page.links == ["/x"]
