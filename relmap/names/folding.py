"""What two spellings of one text have in common: each function takes one kind of difference off.

They build on each other: ``tidy`` takes off how blanks are typed, ``caseless`` case and width as
well, ``folded`` accents besides; ``letters`` all that is no letter or figure. ``simplified`` makes
the two Chinese scripts one, ``without_accents`` and ``spaced`` accents and punctuation alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any, Final

from relmap.names.tables import read_rows

__all__ = [
    "EMOJI",
    "UNSEEN",
    "caseless",
    "converter",
    "folded",
    "is_east_asian",
    "letters",
    "simplified",
    "spaced",
    "tidy",
    "without_accents",
]

_ARABIC: Final = "\u0620-\u065f\u066e-\u06d3\u06d5\u06ee-\u06ff\u0750-\u077f\u08a0-\u08c9"
_VIRAMAS: Final = (
    "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b-\u0d3c\u0d4d\u0dca\u0f84\u1039\u103a"
    "\u1714\u1734\u17d2\u1a60\u1b44\u1baa-\u1bab\u1bf2-\u1bf3\ua806\ua8c4\ua953\ua9c0\uaaf6\uabed"
)
EMOJI: Final = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_INVISIBLE: Final = re.compile(  # of no width, of the direction of writing, or for a terminal
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
    # a joiner belongs to the spelling between Arabic letters, after a virama and within an emoji
    f"|[\u200c\u200d](?<![{_ARABIC}{_VIRAMAS}{EMOJI}].)"
    f"|\u200c(?<=[{EMOJI}].)|(?<=[{_ARABIC}])[\u200c\u200d](?![{_ARABIC}])"
    f"|(?<=[{EMOJI}])\u200d(?![{EMOJI}])|(?<=[{_VIRAMAS}])[\u200c\u200d](?!\\w)"
)
UNSEEN: Final = (
    "\u00ad\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0100-\U000e01ef"
)
"""Signs without width, joiners too, and selectors of how a character is drawn."""
_UNSEEN: Final = re.compile(f"[{UNSEEN}]")
_STROKES: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae"})
_EAST_ASIAN: Final = re.compile("[぀-ヿ㐀-鿿가-힣\U00020000-\U0003ffff]")


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """As written, in one Unicode form, without blanks around, runs of them, or invisible signs."""
    if not (text.isascii() and text.isprintable()):
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def caseless(text: str) -> str:
    """Tidy, in small letters of one width: Ａcme ltd is ACME  Ltd."""
    return tidy(unicodedata.normalize("NFKC", text)).casefold()


def folded(text: str) -> str:
    """Case, accents and width taken off; spaces made one. What people type into a search."""
    wide = _UNSEEN.sub("", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(char for char in wide if not unicodedata.combining(char)).split())


def letters(text: str) -> str:
    """Letters and figures only, in one width, case and script: E-Mail is email, 職稱 is 职称."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    key = plain if plain.isalnum() else "".join(filter(str.isalnum, plain))
    return key if key.isascii() else simplified(key)


@lru_cache(maxsize=65_536)
def simplified(text: str) -> str:
    """Traditional and variant Chinese characters as usual simplified ones; others as they are."""
    if text.isascii():
        return text
    return str(converter("t2s").convert(text.translate(_variants())))


@cache
def _variants() -> dict[int, str]:
    return {ord(one): usual for one, usual in read_rows(__file__, "variants.txt")}


def without_accents(text: str) -> str:
    """Latin, Greek and Cyrillic letters without their marks; those of kana make other letters."""
    apart = unicodedata.normalize("NFD", text.translate(_STROKES))
    return unicodedata.normalize("NFC", "".join(c for c in apart if not "\u0300" <= c <= "\u036f"))


def spaced(text: str) -> str:
    """Punctuation as spaces; signs such as + and # stay, they tell titles apart."""
    return "".join(
        " " if unicodedata.category(char)[0] in "PZC" and char not in "#" else char for char in text
    )


def is_east_asian(text: str) -> bool:
    """Whether any character is Chinese, kana or Hangul."""
    return not text.isascii() and _EAST_ASIAN.search(text) is not None


@cache
def converter(direction: str) -> Any:
    """OpenCC's converter, such as ``t2s``; it is loaded where it is needed first."""
    from opencc import OpenCC

    return OpenCC(direction)
