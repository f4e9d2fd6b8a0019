"""A name is found in whichever characters it is asked for: both ways, and in part."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmap.facts.structure import find_account, open_account
from relmap.models import writing
from relmap.names.search import asked_as, search_text, spellings

SAME = [
    ("髙橋一郎", "高橋一郎", "高桥一郎"),
    ("渡邊直美", "渡辺直美", "渡邉直美", "渡边直美"),
    ("臺北電機", "台北電機", "台北电机"),
    ("齋藤健", "斎藤健"),
    ("後藤裏", "后藤里"),
    ("葛\U000e0100城", "葛城"),
    ("阿里木·买买提", "阿里木買買提", "阿里木・买买提"),
    ("陳怡君", "陈怡君", "陳\u200b怡君"),
]
PAIRS = [pair for names in SAME for pair in permutations(names, 2)]


@pytest.mark.parametrize(("name", "asked"), PAIRS)
def test_a_name_is_found_in_other_characters(name, asked):
    line = search_text([name])
    assert any(form in line for form in asked_as(asked))
    assert asked_as(asked) & spellings([name])


@given(st.sampled_from(PAIRS), st.integers(1, 3))
def test_the_beginning_of_a_name_is_found_as_well(pair, length):
    name, asked = pair
    assert any(form in search_text([name]) for form in asked_as(asked[:length]))


@pytest.mark.parametrize(("name", "asked"), [("李娜", "黎娜"), ("王偉", "王薇"), ("高橋", "高島")])
def test_a_name_that_only_sounds_alike_is_not_found_by_characters(name, asked):
    assert not any(form in search_text([name]) for form in asked_as(asked))


def test_an_account_is_found_in_other_characters(book):
    with writing():
        number = open_account("臺北髙橋電機", day=date(2026, 1, 1)).id
    assert find_account("台北高橋电机").id == number
