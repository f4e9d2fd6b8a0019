"""When two names of accounts may be one: legal forms aside, a letter amiss, or the other script.

What differs on purpose is let alone: short words (ABB, ABC), numbers (Plant 1, Plant 2) and
characters that sound otherwise (北京, 南京; 聯電, 聯詠).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from relmap.names.folding import is_east_asian
from relmap.names.matching import account_core, account_words
from relmap.names.readings import sound_alike
from relmap.names.search import spellings

__all__ = ["are_nearly_one", "nearly_one"]

LONG_WORD: Final = 5
"""Letters of a word in which one amiss is a slip."""
LONG_NAME: Final = 6
LONG_IN_CHARACTERS: Final = 4
MOST_SLIPS: Final = 2
"""In one name, each in a word of its own."""


def nearly_one(name: str, others: Mapping[str, str | None]) -> list[str]:
    """Which of the ``others`` (each with its Latin name) may be the account ``name``.

    >>> nearly_one("Acme Taiwn", dict.fromkeys(["Acme Taiwan", "Acme Thailand"]))
    ['Acme Taiwan']
    """
    core, cores = account_core(name), {other: account_core(other) for other in others}
    close = process.extract(core, cores, scorer=OSA.distance, score_cutoff=MOST_SLIPS, limit=None)
    found = {other for _, _, other in close if are_nearly_one(name, other)}
    is_western = not is_east_asian(name)  # then most are told at once, of thousands in a list
    found |= {
        other
        for other, latin in others.items()
        if not (is_western and latin is None and other.isascii())
        and _is_in_other_script(name, other, latin)
    }
    return [other for other in others if other in found and other != name]


def are_nearly_one(one: str, other: str) -> bool:
    """Whether two names in one script differ by legal forms or by slips only."""
    mine, theirs = account_core(one), account_core(other)
    if mine == theirs:
        return True
    if is_east_asian(mine) or is_east_asian(theirs):
        return _is_slip_in_characters(*sorted((mine, theirs), key=len))
    words, others = account_words(one), account_words(other)
    return (
        len(words) == len(others)
        and min(len(mine), len(theirs)) >= LONG_NAME
        and all(a == b or _is_slip(a, b) for a, b in zip(words, others, strict=True))
    )


def _is_slip(one: str, other: str) -> bool:
    """Whether one letter of a long word is amiss, or two are exchanged, and not the first."""
    shortest = LONG_WORD - (sorted(one) == sorted(other))
    return (
        min(len(one), len(other)) >= shortest
        and one[0] == other[0]
        and _digits(one) == _digits(other)
        and OSA.distance(one, other) == 1
    )


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))


def _is_slip_in_characters(short: str, long: str) -> bool:
    """Whether a character stands for one of its sound, two are exchanged, or an inner one lacks."""
    if len(short) < LONG_IN_CHARACTERS or _digits(short) != _digits(long):
        return False
    if len(short) < len(long):
        is_inner = short[0] == long[0] and short[-1] == long[-1]
        return is_inner and len(short) > LONG_IN_CHARACTERS and OSA.distance(short, long) == 1
    unlike = [pair for pair in zip(short, long, strict=True) if pair[0] != pair[1]]
    if len(unlike) == 1:
        return sound_alike(*unlike[0])
    return len(unlike) == 2 and OSA.distance(short, long) == 1


def _is_in_other_script(name: str, other: str, latin: str | None) -> bool:
    """Whether one reads as the other in Latin letters, or is its Latin name."""
    if latin and are_nearly_one(name, latin):
        return True
    if is_east_asian(name) == is_east_asian(other):
        return False
    return not _spelled(account_core(name)).isdisjoint(_spelled(account_core(other)))


@lru_cache(maxsize=8192)
def _spelled(core: str) -> frozenset[str]:
    return spellings([core])
