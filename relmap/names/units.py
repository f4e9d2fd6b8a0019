"""What names of units have in common, with each other and with titles in them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from relmap.names.folding import is_east_asian, letters
from relmap.names.short_forms import mean_the_same, readings
from relmap.names.tables import read_rows

__all__ = ["readings_within", "share_core"]

_NUMBERED: Final = re.compile(r"([a-z])(\d+)([a-z])")


@lru_cache(maxsize=65_536)
def share_core(one: str, other: str) -> bool:
    """Whether two names are of one thing: WG K8s Infra, SIG K8s Infra; PM, Product Management.

    The words of one core are among those of the other, or one name is the other's first letters.
    """
    if mean_the_same(one, other) or letters(one) in _initials(other):
        return True
    if letters(other) in _initials(one):
        return True
    return any(
        _is_part(mine, theirs) or _is_part(theirs, mine)
        for mine in _cores(one)
        for theirs in _cores(other)
    )


@lru_cache(maxsize=65_536)
def readings_within(title: str, unit: str) -> frozenset[str]:
    """What a title may mean to those of a unit: in 采购部 the 采购总监 is the 总监."""
    meanings = readings(title)
    cores = [" ".join(core) for core in _cores(unit) if core]
    short = {meaning.removeprefix(f"{core} ") for meaning in meanings for core in cores}
    return meanings | short


def _is_part(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return bool(some) and all(any(_is_word(one, two) for two in others) for one in some)


def _is_word(one: str, other: str) -> bool:
    """Equal, or one cut short: product and products, infra and infrastructure, i18n."""
    short, long = sorted((one, other), key=len)
    if short == long or (len(short) >= 4 and long.startswith(short)):
        return True
    counted = _NUMBERED.fullmatch(short)
    return counted is not None and (
        long[0] == counted[1] and long[-1] == counted[3] and len(long) == int(counted[2]) + 2
    )


def _cores(name: str) -> set[tuple[str, ...]]:
    """The words that are left of each reading of a name."""
    return {tuple(_kinds().sub(" ", reading).split()) for reading in readings(name)}


def _initials(name: str) -> set[str]:
    """The first letters of two or more words."""
    words = [reading.split() for reading in readings(name)]
    return {"".join(word[0] for word in one) for one in words if len(one) > 1}


@cache
def _kinds() -> re.Pattern[str]:
    """The longest first; a Chinese one ends a word."""
    kinds = sorted((kind for (kind,) in read_rows(__file__, "unit_kinds.txt")), key=len)
    eastern = "|".join(kind for kind in reversed(kinds) if is_east_asian(kind))
    latin = "|".join(kind for kind in reversed(kinds) if not is_east_asian(kind))
    return re.compile(rf"(?:{eastern})+(?!\S)|\b(?:{latin})\b", re.ASCII)
