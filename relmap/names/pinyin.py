"""Chinese characters as syllables of pinyin; pypinyin is loaded where it is needed first."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

__all__ = ["initials", "syllables"]

WORDS: Final = 16_384
"""So many are kept. Names are made of the same few thousand characters again and again."""


def syllables(text: str) -> list[str]:
    """Each character as it is read, without its tone; what is no character in one piece.

    >>> syllables("重庆 AG")
    ['chong', 'qing', ' AG']
    """
    return [one for word in _words(text) for one in _read(word)[0]]


def initials(text: str) -> list[str]:
    """The first letter of each, likewise.

    >>> initials("重庆 AG")
    ['c', 'q', ' AG']
    """
    return [one for word in _words(text) for one in _read(word)[1]]


@lru_cache(maxsize=64)
def _words(text: str) -> tuple[str, ...]:
    """A text in words: a character reads as in its word. Asked twice of a name, one by one."""
    from pypinyin.seg.simpleseg import seg  # takes a tenth of a second

    return tuple(seg(text))


@lru_cache(maxsize=WORDS)
def _read(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The syllables of a word, and their first letters."""
    from pypinyin import Style
    from pypinyin.converter import DefaultConverter

    read, first = (
        DefaultConverter().convert(word, style, heteronym=False, errors="default", strict=True)
        for style in (Style.NORMAL, Style.FIRST_LETTER)
    )
    return tuple(one for one, *_ in read), tuple(one for one, *_ in first)
