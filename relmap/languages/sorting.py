"""The order in which readers look for a name: pinyin, strokes, or the alphabet."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from relmap.contracts.words import Language
from relmap.languages.choice import current_language

__all__ = ["sort_key"]

STROKES: Final = Path(__file__).with_name("strokes.txt")
# Readings that these characters have as a family name and seldom elsewhere.
AS_FAMILY_NAME: Final = {
    "曾": "zeng",
    "單": "shan",
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "區": "ou",
    "区": "ou",
    "查": "zha",
    "繆": "miao",
    "缪": "miao",
    "蓋": "ge",
    "盖": "ge",
    "樂": "yue",
    "乐": "yue",
    "種": "chong",
    "种": "chong",
    "朴": "piao",
    "尉": "wei",
    "員": "yun",
    "员": "yun",
}

Key = tuple[tuple[int, str, str], ...]
"""A character a part: Latin before Han, then how it reads or is written, then itself."""


def sort_key(text: str, language: Language | None = None) -> Key:
    """What to sort a name by: 简体中文 by pinyin, 繁體中文 by strokes, all else as in English."""
    return _key(text, language or current_language())


@lru_cache(maxsize=20_000)
def _key(text: str, language: Language) -> Key:
    plain = "".join(
        char
        for char in unicodedata.normalize("NFKD", text).casefold()
        if not unicodedata.combining(char)
    )
    if language == "en" or plain.isascii():
        return tuple((0, char, "") for char in plain)
    read = _pinyin(plain) if language == "zh_Hans" else [_place(char) for char in plain]
    return tuple(
        (1, reading, char) if _is_han(char) else (0, char, "")
        for char, reading in zip(plain, read, strict=True)
    )


def _is_han(char: str) -> bool:
    return "㐀" <= char <= "鿿" or char >= "𠀀"


def _pinyin(text: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # takes a tenth of a second, only where it is needed

    read: list[str] = lazy_pinyin(list(text), style=Style.TONE3, neutral_tone_with_five=True)
    family_name = AS_FAMILY_NAME.get(text[0])
    return read if family_name is None else [family_name, *read[1:]]


def _place(char: str) -> str:
    """Where dictionaries of Taiwan have a character; those they do not have come last."""
    return f"{_places().get(char, 99_999):05}"


@cache
def _places() -> dict[str, int]:
    lines = STROKES.read_text(encoding="utf-8").splitlines()
    chars = "".join(line.partition(" ")[2] for line in lines if not line.startswith("#"))
    return {char: place for place, char in enumerate(chars)}
