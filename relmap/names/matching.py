"""When two spellings are one name, when they are near, and what two titles have in common.

A name is compared by its *keys*: case, accents, width, punctuation, the order of its parts and
traditional or simplified characters are taken off. Where taking off is not unique (ü is u or ue,
Xiao-Ming is one word or two) a name has several keys, and two names are equal if they share one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import fuzz

from relmap.names.folding import is_east_asian, simplified, spaced, without_accents
from relmap.names.tables import read_rows

__all__ = [
    "are_alike",
    "are_alike_titles",
    "are_equal",
    "are_near",
    "name_keys",
    "share_a_part",
    "title_key",
    "unit_key",
]

NEAR: Final = 90.0
"""Names of one post at least this similar (token ratio of 100) may be one person's."""
ALIKE_TITLES: Final = 80.0
"""Titles at least this similar may be one post's, old and new."""

_TWO_LETTERS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"}
)
_WITHIN_WORDS: Final = str.maketrans("", "", "'’‘ʼ`´-‐‑‒–.·・\u200c\u200d")


@lru_cache(maxsize=65_536)
def name_keys(name: str) -> frozenset[str]:
    """What a person's name is compared by; never empty."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    forms = {without_accents(plain)}
    if not plain.isascii():
        forms.add(without_accents(plain.translate(_TWO_LETTERS)))
    keys = {key for form in forms for key in _keys_of_form(form)} - {""}
    return frozenset(keys or {plain.strip()})


def _keys_of_form(form: str) -> Iterable[str]:
    if not is_east_asian(form):
        yield _sorted_words(spaced(form.translate(_WITHIN_WORDS)))
        yield _sorted_words(spaced(form))
        return
    words = spaced(simplified(form)).split()
    eastern = [word for word in words if is_east_asian(word)]
    yield "".join(eastern)
    if len(eastern) == 2:
        yield "".join(reversed(eastern))
    if len(eastern) < len(words):
        yield _sorted_words(" ".join(words))


def _sorted_words(text: str) -> str:
    return " ".join(sorted(text.split()))


def are_equal(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether any of these names is one of those."""
    keys = {key for name in some for key in name_keys(name)}
    return any(not keys.isdisjoint(name_keys(name)) for name in others)


@lru_cache(maxsize=65_536)
def are_near(one: str, other: str) -> bool:
    """Whether two spellings may be one name; Chinese names must agree in every character."""
    if not name_keys(one).isdisjoint(name_keys(other)):
        return True
    if is_east_asian(one) or is_east_asian(other):
        return False
    return any(
        fuzz.token_ratio(a, b, score_cutoff=NEAR) >= NEAR
        for a in name_keys(one)
        for b in name_keys(other)
    )


def are_alike(one: str, other: str) -> bool:
    """Whether two names on rows with one id can be one person's: near, or one in Latin letters."""
    if are_near(one, other):
        return True
    return is_east_asian(one) != is_east_asian(other) and not _romanised(one).isdisjoint(
        _romanised(other)
    )


def _romanised(name: str) -> frozenset[str]:
    """The keys of a name in Latin letters, its given name as one word."""
    if not is_east_asian(name):
        return name_keys(name) | {key.replace(" ", "") for key in name_keys(name)}
    surname, given = _latin_parts(name)
    return frozenset({_sorted_words(f"{surname} {given}"), surname + given, given + surname})


@lru_cache(maxsize=8192)
def _latin_parts(name: str) -> tuple[str, str]:
    from pypinyin import lazy_pinyin  # takes a tenth of a second, only where it is needed

    surname, given = _split_eastern(name)
    return "".join(lazy_pinyin(surname)), "".join(lazy_pinyin(given))


def _split_eastern(name: str) -> tuple[str, str]:
    """Family and given name of a name in characters."""
    words = spaced(simplified(unicodedata.normalize("NFKC", name).casefold())).split()
    if len(words) > 1:
        return words[0], "".join(words[1:])
    whole = "".join(words)
    length = 2 if len(whole) > 3 or whole[:2] in _compound_surnames() else 1
    return whole[:length], whole[length:]


@cache
def _compound_surnames() -> frozenset[str]:
    return frozenset(name for (name,) in read_rows(__file__, "compound_surnames.txt"))


def share_a_part(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether any of these names has a word, a family or a given name in common with those."""
    mine, theirs = list(some), list(others)
    return any(_share_a_part(one, other) for one in mine for other in theirs)


def _share_a_part(one: str, other: str) -> bool:
    if not name_keys(one).isdisjoint(name_keys(other)):
        return True
    if is_east_asian(one) and is_east_asian(other):
        return not (set(_split_eastern(one)) - {""}).isdisjoint(_split_eastern(other))
    return not _words(one).isdisjoint(_words(other))


def _words(name: str) -> set[str]:
    if is_east_asian(name):
        return set(_latin_parts(name)) - {""}
    return {word for key in name_keys(name) for word in key.split() if len(word) > 1}


@lru_cache(maxsize=65_536)
def title_key(title: str) -> str:
    """What a title is compared by: case, accents, width, blanks, punctuation and script are off."""
    plain = unicodedata.normalize("NFKC", title).casefold().replace("&", " and ")
    words = spaced(without_accents(plain)).split()
    text = words[0] if words else plain.strip()
    for word in words[1:]:
        between_numbers = text[-1].isdigit() and word[0].isdigit()  # 1-1 is not 11
        text += f" {word}" if between_numbers else word
    return simplified(text) if is_east_asian(text) else text


unit_key = title_key


def are_alike_titles(one: str, other: str) -> bool:
    """Whether two titles may be the old and the new one of a post (token ratio at least 80)."""
    plain = [
        spaced(simplified(unicodedata.normalize("NFKC", text).casefold())) for text in (one, other)
    ]
    return fuzz.token_ratio(*plain) >= ALIKE_TITLES
