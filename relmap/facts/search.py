"""Every form under which a name may be sought: as written, Latin, pinyin, both scripts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

__all__ = ["folded", "search_text", "simplified"]


def folded(text: str) -> str:
    """Case, accents and width taken off; spaces made one."""
    wide = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(char for char in wide if not unicodedata.combining(char)).split())


@lru_cache(maxsize=65_536)
def simplified(text: str) -> str:
    """Traditional Chinese characters as simplified ones; others as they are."""
    return str(_converter("t2s").convert(text))


def search_text(names: Iterable[str | None]) -> str:
    """One line to look for a folded query in: each name in all its forms, between bars.

    王小明 is found by 王小明, wangxiaoming, wang xiaoming and wxm; 陳 by 陈 and the other way.
    """
    forms: dict[str, None] = {}
    for name in names:
        if name and (plain := folded(name)):
            forms[plain] = None
            forms[plain.replace(" ", "")] = None
            if not plain.isascii() and _has_han(plain):
                forms.update(dict.fromkeys(_chinese_forms(plain)))
    return f"|{'|'.join(forms)}|" if forms else ""


def _has_han(text: str) -> bool:
    return any("㐀" <= char <= "鿿" or char >= "𠀀" for char in text)


def _chinese_forms(text: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # takes a tenth of a second, only where it is needed

    plain = simplified(text)
    syllables = lazy_pinyin(plain)
    initials = lazy_pinyin(plain, style=Style.FIRST_LETTER)
    return [
        plain,
        _converter("s2t").convert(text),
        "".join(syllables).replace(" ", ""),
        " ".join(syllables),
        "".join(initials).replace(" ", ""),
    ]


@cache
def _converter(direction: str) -> Any:
    from opencc import OpenCC

    return OpenCC(direction)
