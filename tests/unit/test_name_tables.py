"""The tables of words that stand beside the modules are well formed."""

import re
from typing import get_args

import pytest

from relmap.contracts.words import Function, Level
from relmap.imports.sheets import headings, spellings
from relmap.names import folding, titles
from relmap.names.tables import read_rows


@pytest.mark.parametrize(
    ("table", "words"), [("levels.tsv", get_args(Level)), ("functions.tsv", get_args(Function))]
)
def test_words_of_titles_are_patterns_in_simplified_characters(table, words):
    rows = read_rows(titles.__file__, table)
    assert {word for word, _ in rows} == set(words)
    for _, pattern in rows:
        assert re.compile(pattern)
        assert not re.search("[總經長課處廠務採購員師]", pattern)  # would never be found


def test_family_names_of_two_characters_stand_once():
    names = [name for (name,) in read_rows(titles.__file__, "compound_surnames.txt")]
    assert {len(name) for name in names} == {2}
    assert sorted(set(names)) == sorted(names)
    assert [folding.simplified(name) for name in names] == names


def test_headings_name_a_list_and_a_field_and_no_blank():
    rows = read_rows(headings.__file__, "headings.tsv")
    lists = {"shared", "snapshot", "tenures", "ties", "touches", "projects"}
    assert {listed for listed, _, _ in rows} == lists
    assert all(heading.strip() for _, _, tier in rows for heading in tier.split("|"))


def test_spellings_stand_for_words_of_their_list():
    rows = read_rows(spellings.__file__, "spellings.tsv")
    assert rows
    for listed, word, spelled in rows:
        known = spellings._LISTS[listed]
        assert word in known
        assert all(one.strip() for one in spelled.split("|"))


def test_common_characters_are_chinese_and_stand_once():
    lines = [line for (line,) in read_rows(headings.__file__, "common_characters.txt")]
    assert all("\u4e00" <= char <= "\u9fff" for line in lines for char in line)
