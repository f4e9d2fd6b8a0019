"""Titles and names of units with their short forms opened: VP, Sr. Mgr, SQE and 供应商质量工程师.

A short form may mean several things (PM), so that a text has several readings; two texts mean the
same if they share one. What stands behind ``of`` or a comma comes first: Director of Purchasing
is Purchasing Director.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache
from itertools import groupby, islice, product
from typing import Final

from relmap.names.folding import is_east_asian, simplified, spaced, without_accents
from relmap.names.tables import read_rows

__all__ = ["mean_the_same", "readings"]

MOST: Final = 16
"""Readings of one text; what has more is no title."""

_TAIL: Final = re.compile(r"\s*(?:,|\bof\b|\bfor\b|\s[-–—]|[(（]|，)\s*(?:the\b)?")
_LONE_LETTERS: Final = re.compile(r"\b(\w) (?=\w\b)", re.ASCII)
_AND: Final = re.compile(r"\b(?:and|the)\b|&")


@lru_cache(maxsize=65_536)
def readings(text: str) -> frozenset[str]:
    """What a title or the name of a unit may mean, in words that have no short forms."""
    plain = without_accents(unicodedata.normalize("NFKC", text).casefold()).strip()
    parts = [_AND.sub(" ", part) for part in _TAIL.split(plain)]
    words = " ".join(" ".join(spaced(part) for part in reversed(parts)).split())
    words = simplified(_LONE_LETTERS.sub(r"\1", words))
    whole = _forms().get(f"={words}", [])
    return frozenset({*whole, *map(_in_one, islice(_opened(words), MOST))})


def mean_the_same(one: str, other: str) -> bool:
    """Whether two titles, or names of units, are one with its short forms opened."""
    return not readings(one).isdisjoint(readings(other))


def _opened(words: str) -> list[str]:
    """Every way to read the forms in a text, in order."""
    options, end = [], 0
    for found in _pattern().finditer(words):
        options += [[words[end : found.start()]], _forms()[found.group()]]
        end = found.end()
    options.append([words[end:]])
    return [" ".join(chosen) for chosen in islice(product(*options), MOST)]


def _in_one(text: str) -> str:
    """Words once where they repeat: an SQE engineer is an SQE."""
    return " ".join(word for word, _ in groupby(text.split()))


@cache
def _forms() -> dict[str, list[str]]:
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for meaning, written in read_rows(__file__, "short_forms.tsv"):
        for form in written.split("|"):
            forms[form].append(meaning)
    return dict(forms)


@cache
def _pattern() -> re.Pattern[str]:
    """The longest form first; one in Latin letters ends where Chinese begins."""
    forms = sorted((form for form in _forms() if form[0] != "="), key=len, reverse=True)
    eastern = "|".join(re.escape(form) for form in forms if is_east_asian(form))
    latin = "|".join(re.escape(form) for form in forms if not is_east_asian(form))
    return re.compile(rf"{eastern}|\b(?:{latin})\b", re.ASCII)
