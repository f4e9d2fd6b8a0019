"""Characters as syllables: what was read before reads as it did the first time."""

from hypothesis import example, given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from relmap.names.pinyin import WORDS, _read, initials, syllables

HAN = st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF)
TEXTS = st.text(HAN | st.sampled_from("重庆行长乐单朝阳 ·-aB1吕女"), max_size=8)


@given(TEXTS)
@example("重庆")  # neither as 重 nor as 庆 alone
@example("朝阳区长 Li, 吕女士 A1")
@example("")
def test_a_text_reads_as_pypinyin_reads_it_the_first_time_and_again(text):
    for _ in range(2):
        assert syllables(text) == lazy_pinyin(text)
        assert initials(text) == lazy_pinyin(text, style=Style.FIRST_LETTER)


def test_no_more_words_are_kept_than_are_said():
    for number in range(WORDS + 10):
        syllables(f"A{number}")
    assert _read.cache_info().currsize == WORDS
