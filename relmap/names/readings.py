"""How a name in Chinese characters reads in Latin letters: pinyin, and the other ways to spell it.

``read_alike`` holds a name in characters against one in Latin letters. By pinyin (every reading of
each character, the family name first or last) they are one name; the spellings of Taiwan, which
drop the signs of Wade-Giles, and those of Hong Kong for the family name are near it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import islice, product
from typing import Final, Literal

from relmap.names.folding import is_east_asian, simplified, spaced, without_accents
from relmap.names.honorifics import without_honorifics
from relmap.names.pinyin import syllables
from relmap.names.tables import compound_surnames, read_rows

__all__ = [
    "latin_parts",
    "read_alike",
    "readings",
    "share_surname",
    "sound_alike",
    "split_eastern",
    "split_scripts",
]

MOST_READINGS: Final = 256
"""Of one name: so many ways to read its characters are tried."""
_HAN: Final = re.compile("[㐀-鿿\U00020000-\U0003ffff]")
_IN_LETTERS: Final = re.compile(r"^[^\W\d_][^\d_]*$")
_UNIT_ENDS: Final = ("部", "组", "处", "科", "室", "厂", "课")
Spell = Callable[[str], tuple[str, ...]]
"""The ways to spell one character."""


def split_eastern(name: str) -> tuple[str, str]:
    """Family and given name of a name in characters."""
    plain = without_honorifics(unicodedata.normalize("NFKC", name))
    words = spaced(simplified(plain)).split()
    if len(words) > 1:
        return words[0], "".join(words[1:])
    whole = "".join(words)
    length = 2 if len(whole) > 3 or whole[:2] in compound_surnames() else 1
    return whole[:length], whole[length:]


@lru_cache(maxsize=8192)
def latin_parts(name: str) -> tuple[str, str]:
    """Family and given name by the usual pinyin of each character."""
    surname, given = split_eastern(name)
    return "".join(syllables(surname)), "".join(syllables(given))


@lru_cache(maxsize=65_536)
def readings(name: str) -> frozenset[str]:
    """A name in Latin letters without blanks, in every way that it can be read.

    >>> "shanning" in readings("单宁"), sorted(readings("Shan Ning"))
    (True, ['shanning'])
    """
    if not is_east_asian(name):
        return frozenset({_in_one(name)})
    return _spelled(name, _pinyin)


def read_alike(eastern: str, latin: str) -> Literal["equal", "near"] | None:
    """Whether a name in characters reads as one in Latin letters, or nearly so."""
    written = _in_one(latin)
    if written in readings(eastern):
        return "equal"
    if written in _spelled(eastern, _any_spelling) or _has_southern_surname(eastern, latin):
        return "near"
    return None


@lru_cache(maxsize=65_536)
def split_scripts(name: str) -> tuple[str, str | None]:
    """A name written in both scripts as its first and its second form: ``Li Na (李娜)``.

    The second is ``None`` unless both parts are names that have the family name in common.
    """
    if name.isascii() or not _HAN.search(name):
        return name, None
    parts = [part.strip() for part in re.split(r"[()（）\[\]【】/／|]", name) if part.strip()]
    if len(parts) == 1:
        parts = _parted_by_blank(name)
    if len(parts) != 2 or is_east_asian(parts[0]) == is_east_asian(parts[1]):
        return name, None
    eastern, latin = sorted(parts, key=is_east_asian, reverse=True)
    if not (_IN_LETTERS.match(latin) and _is_of_han(eastern) and share_surname(eastern, latin)):
        return name, None
    return parts[0], parts[1]


def _parted_by_blank(name: str) -> list[str]:
    words = name.split()
    change = [n for n in range(1, len(words)) if _HAN.search(words[n]) or _HAN.search(words[n - 1])]
    if len(change) != 1:
        return [name]
    return [" ".join(words[: change[0]]), " ".join(words[change[0] :])]


def _is_of_han(text: str) -> bool:
    plain = spaced(text).replace(" ", "")
    is_short = 1 < len(plain) < 5 and not simplified(plain).endswith(_UNIT_ENDS)
    return is_short and all(map(_HAN.match, plain))


def share_surname(eastern: str, latin: str) -> bool:
    """Whether a name in characters and one in Latin letters may have the family name in common."""
    if read_alike(eastern, latin):
        return True
    surname, given = split_eastern(eastern)
    words = _words(latin)
    if not given or len(words) < 2:
        return False
    known = {"".join(one) for one in product(*map(_any_spelling, surname))} | _southern(surname)
    return not known.isdisjoint((words[0], words[-1]))


# --- Latin letters


def _words(latin: str) -> list[str]:
    plain = without_accents(without_honorifics(unicodedata.normalize("NFKC", latin)))
    return spaced(re.sub("['’‘ʼ`´‐‑.-]", "", plain)).split()


@lru_cache(maxsize=65_536)
def _in_one(latin: str) -> str:
    return "".join(_words(latin))


# --- characters


def _spelled(name: str, spell: Spell) -> frozenset[str]:
    surname, given = split_eastern(name)
    found = set()
    for family in _joined(surname, spell):
        for own in _joined(given, spell):
            found |= {family + own, own + family}
    return frozenset(found)


def _joined(characters: str, spell: Spell) -> list[str]:
    ways: Iterable[tuple[str, ...]] = product(*(spell(char) for char in characters))
    return ["".join(way) for way in islice(ways, MOST_READINGS)]


@lru_cache(maxsize=16_384)
def _pinyin(char: str) -> tuple[str, ...]:
    """Every reading of a character, ü in each of its spellings."""
    from pypinyin import Style, pinyin

    found: dict[str, None] = {}
    for reading in pinyin(char, style=Style.NORMAL, heteronym=True)[0]:
        plain = without_accents(reading)
        if "v" in plain:
            found.update(dict.fromkeys(plain.replace("v", u) for u in ("u", "v", "yu", "ue")))
        else:
            found[plain] = None
    return tuple(found)


def sound_alike(one: str, other: str) -> bool:
    """Whether two characters have a reading in common, tones aside."""
    return not set(_pinyin(one)).isdisjoint(_pinyin(other))


@lru_cache(maxsize=16_384)
def _any_spelling(char: str) -> tuple[str, ...]:
    """A character's readings by pinyin and as Taiwan spells them."""
    return tuple(dict.fromkeys(one for reading in _pinyin(char) for one in _taiwanese(reading)))


@cache
def _taiwanese(syllable: str) -> tuple[str, ...]:
    """The spellings of a syllable of pinyin by Wade-Giles without its signs, and by Tongyong."""
    match = re.match("(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.*)", syllable)
    assert match is not None
    initial, final = match.groups()
    found = {syllable: None}
    for first in _INITIALS.get(initial, (initial,)):
        for rest in (final, *_FINALS.get(final, ())):
            found[first + rest] = None
        if final == "i" and initial in ("zh", "ch", "sh", "r"):
            found[first + "ih"] = None
        if final == "i" and initial in ("z", "c", "s"):
            found.update(dict.fromkeys((first + "u", first + "zu", first + "su", first + "ih")))
    found.update(dict.fromkeys(_WHOLE.get(syllable, ())))
    return tuple(found)


_INITIALS: Final = {
    "b": ("b", "p"),
    "d": ("d", "t"),
    "g": ("g", "k"),
    "j": ("j", "ch"),
    "q": ("q", "ch", "c"),
    "x": ("x", "hs", "s", "sh"),
    "zh": ("zh", "ch", "jh"),
    "r": ("r", "j"),
    "z": ("z", "ts", "tz"),
    "c": ("c", "ts", "tz"),
    "s": ("s", "ss", "sz"),
}
_FINALS: Final = {
    "ong": ("ung",),
    "iong": ("iung", "yong"),
    "ian": ("ien",),
    "ie": ("ieh",),
    "ue": ("ueh", "yueh"),
    "e": ("o", "eh"),
    "uo": ("o",),
    "ui": ("uei",),
    "un": ("uen", "yun"),
    "iu": ("iou",),
    "u": ("yu",),
    "eng": ("ong", "ung"),
}
_WHOLE: Final = {
    "yi": ("i", "yee"),
    "you": ("yu", "yeou"),
    "yan": ("yen",),
    "ye": ("yeh",),
    "yue": ("yueh",),
    "yong": ("yung",),
    "er": ("erh",),
    "li": ("lee",),
    "wu": ("woo",),
    "gao": ("kao", "kau"),
    "luo": ("lo", "law"),
    "xu": ("hsu", "hsyu", "syu", "sheu"),
    "lv": ("lu",),
    "si": ("ssu", "szu"),
    "zi": ("tzu",),
    "ci": ("tzu", "tsu"),
}


def _has_southern_surname(eastern: str, latin: str) -> bool:
    """Whether the family name is spelled as in Hong Kong, and the given one has as many syllables.

    How the given name reads there is in no table here.
    """
    surname, given = split_eastern(eastern)
    words = re.split(r"[\s'’-]+", without_honorifics(unicodedata.normalize("NFKC", latin)).strip())
    if len(words) != 1 + len(given):
        return False
    own = _southern(surname) - set(_joined(surname, _pinyin))  # spelled alike they tell nothing
    return words[0] in own or words[-1] in own


def _southern(surname: str) -> frozenset[str]:
    return _southern_surnames().get(surname, frozenset())


@cache
def _southern_surnames() -> dict[str, frozenset[str]]:
    rows = read_rows(__file__, "southern_surnames.txt")
    return {name: frozenset(spellings.split("|")) for name, spellings in rows}
