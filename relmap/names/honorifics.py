"""Words of address and degrees around a name: left out where it is shown and where it is compared.

What may as well be a family or given name is left alone where nothing tells: 王先生 and 欧阳女士
keep theirs, and Mr Holt does, for a bare family name is nobody's; Ing and Eng count with a dot,
san behind a hyphen.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from relmap.names.folding import is_east_asian, simplified
from relmap.names.tables import compound_surnames, read_rows

__all__ = ["bare_name", "without_honorifics"]

_WITH_DOT: Final = frozenset(
    {"ing", "eng", "engr", "ir", "sr", "sra", "srta", "dipl", "hr", "fr"} | {"med", "rer", "nat"}
)
"""Before a name they are words of address if written with a dot."""
_BEFORE_FULL_NAMES: Final = frozenset({"sir", "herr", "ing", "eng"})
_DEGREES: Final = frozenset({"phd", "mba", "msc", "bsc", "csc", "dsc", "esq"})
"""Behind a name only: Mba is a family name as well, and so are Meng and Ceng."""
_OF_MEN_OR_WOMEN: Final = frozenset(
    {"mr", "mrs", "ms", "miss", "mister", "mme", "mlle", "monsieur", "madame", "frau", "señor"}
    | {"señora", "女士", "先生", "小姐", "太太", "夫人"}
)
_BEHIND_HYPHENS: Final = re.compile(r"(?<=\w)-(?:san|sama|sensei|ssi|nim|kun)$", re.I)
_GLUED: Final = re.compile(r"(?<!\w)((?:mrs?|ms|dr|prof|dipl|ing)\.)-?(?=[^\W\d])", re.I)
_BRACKETS: Final = re.compile(r"[()（）\[\]【】,，]")
_SIGNS: Final = str.maketrans("", "", ".·-,，()（）[]【】")
_BEHIND_ANY: Final = ("様", "さま", "さん", "님")
"""They stand behind a bare family name too, and are part of no name."""


@lru_cache(maxsize=65_536)
def without_honorifics(name: str) -> str:
    """The name in small letters without words of address and degrees on either side.

    >>> without_honorifics("Dr. Mira Holt, MBA"), without_honorifics("李娜女士")
    ('mira holt', '李娜')
    """
    return bare_name(name.casefold())


@lru_cache(maxsize=65_536)
def bare_name(name: str) -> str:
    """The name as it is written without words of address and degrees on either side.

    >>> bare_name("Dr. Mira Holt, MBA"), bare_name("田中さん"), bare_name("王先生")
    ('Mira Holt', '田中', '王先生')
    """
    if not _any_sign().search(name):
        return " ".join(name.split())
    text = _GLUED.sub(r"\1 ", name.strip())
    words = _bare_words(text.split())
    if len(words) > 1 or not text.isalpha():
        words = _within_signs(words, is_torn=_opens(words) != _opens([text]))
    text = _BEHIND_HYPHENS.sub("", " ".join(words).strip(" ,，"))
    return _without_glued(text) if is_east_asian(text) else text


def _opens(words: list[str]) -> int:
    text = "".join(words)
    return text.count("(") - text.count(")")


def _within_signs(words: list[str], *, is_torn: bool) -> list[str]:
    """Without those that stand behind a comma, or in brackets: Holt, Dr. Mira; 李娜（女士）."""
    text = " ".join(words)
    first, comma, rest = text.partition(", ")
    turned = [*rest.split(), f"{first},"]
    if comma and len(bare := _bare_words(turned)) < len(turned):
        return [bare[-1], *bare[:-1]]
    apart = _BRACKETS.sub(" ", text).split()
    bare = _bare_words(apart)
    return bare if len(bare) < len(apart) or is_torn else words


def _bare_words(words: list[str]) -> list[str]:
    while len(words) > 1 and _is_before(words):
        words = words[1:]
    while len(words) > 1 and _is_behind(words):
        words = words[:-1]
    return words


def _is_behind(words: list[str]) -> bool:
    word = _plain(words[-1])
    return word in _DEGREES or (word in _words() and _may_stand(word, words[:-1]))


def _is_before(words: list[str]) -> bool:
    word, rest = _plain(words[0]), words[1:]
    if word in _WITH_DOT and "." in words[0]:
        return True
    if word in _BEFORE_FULL_NAMES:
        return len(rest) > 1
    return word in _words() and _may_stand(word, rest)


def _plain(word: str) -> str:
    return word.casefold().translate(_SIGNS)


def _may_stand(word: str, words: list[str]) -> bool:
    """Whether what is left is more than a family name: Mr Holt is not Mrs Holt."""
    rest = "".join(words)
    if is_east_asian(rest):
        return _is_full(rest)
    return len(words) > 1 or word not in _OF_MEN_OR_WOMEN


def _is_full(rest: str) -> bool:
    return len(rest) > 1 and simplified(rest) not in compound_surnames()


def _without_glued(text: str) -> str:
    for word in _eastern():
        rest = text.removesuffix(word).strip()
        if rest != text and (_is_full(rest) or (rest and word in _BEHIND_ANY)):
            return rest
        rest = text.removeprefix(word).strip()
        if rest != text and _is_full(rest):
            return rest
    return text


@cache
def _any_sign() -> re.Pattern[str]:
    """What there is in a name around which anything may stand: most names have none of it."""
    words = "|".join(map(re.escape, _words() | _WITH_DOT | _BEFORE_FULL_NAMES | _DEGREES))
    return re.compile(rf"[-.(（\[【,，]|\b(?:{words})\b|{'|'.join(_eastern())}", re.I)


@cache
def _words() -> frozenset[str]:
    return frozenset(word for (word,) in read_rows(__file__, "honorifics.txt"))


@cache
def _eastern() -> tuple[str, ...]:
    """Those in characters, the longest first."""
    return tuple(sorted(filter(is_east_asian, _words()), key=len, reverse=True))
