"""When two spellings are one name, when they are near, and what two titles have in common.

A name is compared by its *keys*: case, accents, width, punctuation, words of address, the order of
its parts and traditional, simplified or variant characters are taken off. Where taking off is not
unique (ü is u or ue, Xiao-Ming is one word or two) a name has several keys, and two names are equal
if they share one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import product
from typing import Final

from rapidfuzz import fuzz

from relmap.names.folding import EMOJI, UNSEEN, is_east_asian, simplified, spaced, without_accents
from relmap.names.honorifics import without_honorifics
from relmap.names.readings import latin_parts, read_alike, share_surname, split_eastern
from relmap.names.short_forms import mean_the_same, readings

__all__ = [
    "account_core",
    "account_key",
    "account_words",
    "are_alike",
    "are_alike_titles",
    "are_equal",
    "are_near",
    "keys_of_names",
    "may_be_addressed_as",
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
_WITHIN_WORDS: Final = str.maketrans("", "", "'’‘ʼ`´-‐‑‒–.·・•‧∙⋅●。ㆍ")
_NO_LETTERS: Final = re.compile(f"[{UNSEEN}{EMOJI}\u20e3]")
"""Of no width, selectors of how a character is drawn, and pictures such as emoji."""
_DOTS: Final = str.maketrans(dict.fromkeys("∙⋅●˙ㆍᆞ", "·"))
"""Signs that stand for the dot between parts of a name and are no punctuation to Unicode."""


@lru_cache(maxsize=65_536)
def name_keys(name: str) -> frozenset[str]:
    """What a person's name is compared by; never empty."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    if not plain.isascii():
        plain = _NO_LETTERS.sub("", plain).translate(_DOTS)
    forms = {without_accents(one) for one in {plain, without_honorifics(plain)}}
    if not plain.isascii():
        wider = plain.translate(_TWO_LETTERS)
        forms |= {without_accents(one) for one in {wider, without_honorifics(wider)}}
    keys = {key for form in forms for key in _keys_of_form(form)} - {""}
    return frozenset(keys or {plain.strip()})


def keys_of_names(names: Iterable[str]) -> set[str]:
    """What any of these names is compared by."""
    return {key for name in names for key in name_keys(name)}


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
    keys = keys_of_names(some)
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


_ADDRESSED: Final = re.compile(
    "[小老阿]?(..?)(?:总|总监|总经理|先生|女士|小姐|太太|工|经理|主任|处长?|部长?|科长?|课长?|组长|主管|董事?长?|局长?"
    "|老师|师傅|博士|教授|律师|医师|副总|协理|襄理|厂长?|店长?|厂|桑|哥|姐)"
)


@lru_cache(maxsize=65_536)
def may_be_addressed_as(full: str, called: str) -> bool:
    """Whether ``called`` may be how somebody of that full name is addressed.

    >>> may_be_addressed_as("王强", "王总"), may_be_addressed_as("王强", "李总")
    (True, False)
    """
    if not is_east_asian(full) or not is_east_asian(called):
        return False
    match = _ADDRESSED.fullmatch("".join(simplified(called).split()))
    surname, given = split_eastern(full)
    return match is not None and match[1] == surname and bool(given)


def are_alike(one: str, other: str) -> bool:
    """Whether two names on rows with one id can be one person's: near, or one in Latin letters."""
    if are_near(one, other):
        return True
    return _across_scripts(one, other, read_alike)


def _across_scripts(one: str, other: str, are_so: Callable[[str, str], object]) -> bool:
    """What a function says of a name in characters and one in Latin letters, if they are that."""
    if is_east_asian(one) == is_east_asian(other):
        return False
    eastern, latin = (one, other) if is_east_asian(one) else (other, one)
    return bool(are_so(eastern, latin))


def share_a_part(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether any of these names has a word, a family or a given name in common with those."""
    mine, theirs = list(some), list(others)
    return any(_share_a_part(one, other) for one in mine for other in theirs)


def _share_a_part(one: str, other: str) -> bool:
    if not name_keys(one).isdisjoint(name_keys(other)):
        return True
    if is_east_asian(one) and is_east_asian(other):
        return not (set(split_eastern(one)) - {""}).isdisjoint(split_eastern(other))
    if _across_scripts(one, other, share_surname):
        return True
    return not _words(one).isdisjoint(_words(other))


def _words(name: str) -> set[str]:
    if is_east_asian(name):
        return set(latin_parts(name)) - {""}
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
account_key = title_key
"""By which every command and every file finds an account: ACME (Taiwan) is Acme Taiwan."""

_LEGAL_FORMS: Final = frozenset(
    re.findall(
        r"\w+",
        "the co company ltd limited inc incorporated corp corporation llc llp lp plc pte pty pvt "
        "private sdn bhd kk gmbh mbh ag kg se sa sas sarl srl spa bv nv ab as asa oy oyj sro zoo "
        "group holding holdings and",
    )
)
_EASTERN_FORMS: Final = re.compile(
    "股份|有限|责任|无限|公司|集团|控股|株式会社|株|合同会社|주식회사|유한회사|주"
)


@lru_cache(maxsize=65_536)
def account_core(name: str) -> str:
    """What is left of an account's name without legal forms: two of one core may be one.

    >>> account_core("Acme Taiwan Co., Ltd."), account_core("明泉科技股份有限公司")
    ('acmetaiwan', '明泉科技')
    """
    text = "".join(account_words(name))
    if is_east_asian(text):
        text = _EASTERN_FORMS.sub("", simplified(text))
    return text or account_key(name)


@lru_cache(maxsize=65_536)
def account_words(name: str) -> tuple[str, ...]:
    """The words of an account's name in small letters without accents and legal forms."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    plain = re.sub(r"(?<=\b\w)\.(?=\w\b)", "", plain)  # S.A., B.V.
    words = spaced(without_accents(plain)).split()
    return tuple(word for word in words if word not in _LEGAL_FORMS)


def are_alike_titles(one: str, other: str) -> bool:
    """Whether two titles may be the old and the new one of a post.

    Their token ratio is at least 80, as they stand or with their short forms opened.
    """
    plain = [
        spaced(simplified(unicodedata.normalize("NFKC", text).casefold())) for text in (one, other)
    ]
    if fuzz.token_ratio(*plain) >= ALIKE_TITLES or mean_the_same(one, other):
        return True
    if is_east_asian(one) or is_east_asian(other):  # too little is left of what differs
        return False
    opened = product(readings(one), readings(other))
    return any(fuzz.token_ratio(*pair) >= ALIKE_TITLES for pair in opened)
