"""Chinese characters as syllables of pinyin; pypinyin is loaded where it is needed first."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pypinyin.core import Pinyin

__all__ = ["initials", "syllables"]

WORDS: Final = 16_384
"""So many are kept. Names are made of the same few thousand characters again and again."""


def syllables(text: str) -> list[str]:
    """Each character as it is read, without its tone; what is no character in one piece.

    >>> syllables("重庆 AG")
    ['chong', 'qing', ' AG']
    """
    return _reader().lazy_pinyin(text)


def initials(text: str) -> list[str]:
    """The first letter of each, likewise.

    >>> initials("重庆 AG")
    ['c', 'q', ' AG']
    """
    from pypinyin import Style

    return _reader().lazy_pinyin(text, style=Style.FIRST_LETTER)


@cache
def _reader() -> Pinyin:
    """What pypinyin reads texts by, with the words it read before."""
    from pypinyin.converter import DefaultConverter  # takes a tenth of a second
    from pypinyin.core import Pinyin

    class Converter(DefaultConverter):
        convert = lru_cache(maxsize=WORDS)(DefaultConverter.convert)

    return Pinyin(Converter())
