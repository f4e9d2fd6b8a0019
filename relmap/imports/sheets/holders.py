"""Two people in one cell: who share a post, and stand where one name should.

A cell is taken apart only where every part is a name. ``Smith, John`` is one person, and so is a
name beside its spelling in another script (林晓 / Lin Xiao).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from relmap.contracts.message import N_
from relmap.imports.sheets.nobody import is_unknown_mark, is_vacancy_mark
from relmap.names.folding import is_east_asian, simplified, tidy
from relmap.names.readings import split_scripts
from relmap.names.tables import compound_surnames, read_rows

__all__ = ["PERHAPS_SEVERAL", "are_whole_names", "looks_like_several", "split_holders"]

PERHAPS_SEVERAL: Final = N_(
    "One name was read where there may be several. Give each person a row if so: row {rows}."
)
_STRONG: Final = re.compile(
    r"\s*(?:[;；、|｜\n/／\\&＆+＋]|\s(?:and|und|et|y|和|与|與|及|跟|以及)\s)\s*", re.I
)
_NUMBERED: Final = re.compile(r"(?:^|(?<=\s)|(?<=[^\x00-\x7f]))\s*[1-9][.)、．]\s*(?=[^\W\d])")
_AND_OTHERS: Final = re.compile(r"等\s*\d*\s*人?$|\s*(?:,\s*)?et al\.?$")
_STANDS_IN: Final = re.compile(
    r"[(（\[【](?:代理?|acting)\s*[:：]?\s*\S{2,}.*[)）\]】]|[(（].* acting[)）]", re.I
)
_BY_BLANKS: Final = re.compile(r"[㐀-鿿]{2,3}(?:\s+[㐀-鿿]{2,3})+")
_IN_BRACKETS: Final = re.compile(r"[(（\[【].*?[)）\]】]")
_COMMA: Final = re.compile(r"\s*[,，]\s*")
_JOINED: Final = re.compile("(.{2,3})(?:和|与|與|及)(.{2,3})")
_EASTERN: Final = re.compile(
    r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]{2,4}|[㐀-鿿々ヶ]{2,6}|[ァ-ヶー・]{3,}|[가-힣]{2,4}"
    r"|[㐀-鿿]{1,10}·[㐀-鿿·]{1,20}|[㐀-鿿々]{1,3} [㐀-鿿々ぁ-ん]{1,3}"
)
_TRADE: Final = re.compile(
    "[部处處科组組室课課厂廠司]$|中心$|经理|經理|总监|總監|主管|主任|工程师|工程師|部长|部長|代理|专员|專員|助理|总$"
)
_WORD: Final = r"(?:[^\W\d_]+[.'’ʼ-]?)+"
_WESTERN: Final = re.compile(rf"(?:{_WORD})(?: (?:{_WORD})){{0,4}}(?: (?:Jr|Sr|II|III|IV)\.?)?")


@lru_cache(maxsize=4096)
def split_holders(cell: str) -> tuple[str, ...]:
    """The names in a cell for one person: several only where each part is one.

    >>> split_holders("Mira Holt / Bo Wu"), split_holders("Smith, John")
    (('Mira Holt', 'Bo Wu'), ('Smith, John',))
    """
    parts = _parts(cell)
    return tuple(dict.fromkeys(parts)) if parts else (tidy(cell),)


def looks_like_several(name: str) -> bool:
    """Whether a name that was left whole has a sign in it that parts names.

    So may a blank between two Chinese names (張三 李四), or a comma between two names of two words.
    """
    if name.isalpha():
        return False
    bare = _IN_BRACKETS.sub("", name)
    if _STANDS_IN.search(name) or are_whole_names(_COMMA.split(bare)):
        return True
    if _BY_BLANKS.fullmatch(bare):
        names = bare.split()
        return simplified(names[0]) not in compound_surnames() and are_whole_names(names)
    return len([*filter(None, _STRONG.split(bare))]) > 1 and split_scripts(name)[1] is None


def are_whole_names(parts: Sequence[str]) -> bool:
    """Whether these are two or more names, each with a surname and a given name.

    >>> are_whole_names(["Ian Falk", "Lee Park"]), are_whole_names(["Mira", "Holt"])
    (True, False)
    """
    return len(parts) > 1 and all(is_name(part) for part in parts if part)


def is_name(text: str) -> bool:
    """Whether a text reads as a whole name: 林晓, Bo Wu, neither 采购部 nor Bo."""
    if is_east_asian(text):
        return _has_chinese_surname(text) and _is_eastern_name(text)
    return " " in text and _is_western_name(text)


def _parts(cell: str) -> list[str]:
    cell = _AND_OTHERS.sub("", cell)
    numbered = [tidy(part) for part in _NUMBERED.split(cell) if tidy(part)]
    if _NUMBERED.match(cell) and (len(numbered) == 1 or are_whole_names(numbered)):
        return numbered
    if "\n" not in cell and cell.isalnum() and not _JOINED.fullmatch(cell):
        return []
    strong = [tidy(part) for part in _STRONG.split(cell.strip()) if tidy(part)]
    if len(strong) > 1:
        listed = [one for part in strong for one in _COMMA.split(part)]  # A B, C D and E F
        strong = listed if are_whole_names(listed) else strong
        return strong if _are_people(strong, may_be_short=True) else []
    comma = [tidy(part) for part in _COMMA.split(tidy(cell)) if part]
    if len(comma) > 1:
        is_list = len(comma) > 2 or is_east_asian(cell)  # Holt Ray, Mira Ann is one
        return comma if is_list and _are_people(comma, may_be_short=False) else []
    return _joined(tidy(cell))


def _joined(cell: str) -> list[str]:
    """Two Chinese names with 和 between them: 和 is in names as well (郭和平)."""
    match = _JOINED.fullmatch(cell)
    if match is None:
        return []
    return [*match.groups()] if all(map(_has_chinese_surname, match.groups())) else []


def _are_people(parts: list[str], *, may_be_short: bool) -> bool:
    names = [part for part in parts if not (is_vacancy_mark(part) or is_unknown_mark(part))]
    if not names:
        return False
    eastern = [is_east_asian(name) for name in names]
    if all(eastern):
        return all(map(_is_eastern_name, names))
    if any(eastern) and len(names) == 2:  # two people, or a name and its other spelling
        latin = names[eastern.index(False)]
        return split_scripts(" / ".join(names))[1] is None and " " in latin
    if any(eastern):
        return True
    return all(_is_western_name(name) and (may_be_short or " " in name) for name in names)


def _is_eastern_name(text: str) -> bool:
    bare = re.sub(r"[(（].*?[)）]$", "", text).strip()
    return _EASTERN.fullmatch(bare) is not None and _TRADE.search(bare) is None


def _is_western_name(text: str) -> bool:
    """Words of letters, the first in capitals where the script has them."""
    bare = re.sub(r"\(.*?\)$|[†✝]$", "", text).strip()
    if re.search(r", ", bare):  # Holt, Mira / Wu, Bo
        return all(_is_western_name(part) for part in bare.split(", "))
    if _WESTERN.fullmatch(bare) is None or len(bare) < 2:
        return False
    return bare[0].isupper() or unicodedata.category(bare[0]) == "Lo"


def _has_chinese_surname(name: str) -> bool:
    return simplified(name)[0] in _surnames()


@cache
def _surnames() -> frozenset[str]:
    return frozenset(char for (line,) in read_rows(__file__, "surnames.txt") for char in line)
