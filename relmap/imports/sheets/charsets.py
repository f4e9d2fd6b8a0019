"""Which encoding a file is written in, told from its bytes.

A list exported in China, Taiwan, Japan or Europe does not say how it is encoded, and most encodings
decode the bytes of another one without complaint, into nonsense. So every candidate is decoded
strictly and the texts are compared: one whose characters people really write wins.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from relmap.contracts import Message
from relmap.errors import Refused
from relmap.names.tables import read_rows

__all__ = ["EncodingAsked", "decode"]

_SAMPLE_LENGTH: Final = 200_000
"""Characters that are looked at; all bytes are decoded in any case."""
_LEAST_PLAUSIBLE: Final = 0.25


_LEAST_AHEAD: Final = 0.1
_LEAST_AHEAD_IN_ALL: Final = 0.5
"""By so much a character, or in all, the best reading is better than the next: else ask."""

_WESTERN_PUNCTUATION: Final = frozenset("’‘“”„–—…•·€£§©®™°«»¿¡ºª‚\xa0")
_BETWEEN_LETTERS: Final = frozenset("’‘·°®™©“”„«»…‚")
_EAST_ASIAN_PUNCTUATION: Final = frozenset("、。〈〉《》「」『』【】〔〕·—…“”‘’～￥　")
_ESCAPES_OF_ISO_2022: Final = re.compile(rb"\x1b\$[@B]|\x1b\([BJ]")

_WESTERN: Final = ("cp1252", "cp1250", "iso8859_2", "mac_roman")
_NATIONAL: Final = {
    "gb18030": "gb2312",
    "big5": "big5",
    "cp950": "big5",
    "big5hkscs": "big5",
    "cp949": "euc_kr",
    "euc_jp": "euc_jp",
    "cp932": "euc_jp",
}
"""The candidates of two bytes, and the character set that says which characters are frequent."""
_SETS: Final = tuple(dict.fromkeys(_NATIONAL.values()))
_SHOWN_NAMES: Final = {
    "gb18030": "GB18030",
    "cp932": "Shift_JIS",
    "cp949": "EUC-KR",
    "euc_jp": "EUC-JP",
}
_ENCODINGS: Final = {
    "utf8": "utf-8-sig",
    "utf16": "utf-16",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "euckr": "cp949",
    "macintosh": "mac_roman",
    "macroman": "mac_roman",
    "windows1250": "cp1250",
    "windows1252": "cp1252",
    "latin2": "iso8859_2",
    "ansi": "cp1252",
}
"""What people call encodings that Python names otherwise, or that another contains."""


class EncodingAsked(Refused):
    """Two encodings fit: ``text`` is the likelier reading, and ``guess`` says that it is one."""

    def __init__(self, text: str, values: Mapping[str, Any]) -> None:
        question = Message(
            "{name} may be written in two encodings: as {first} it reads {first_sample!r}, as "
            "{second} {second_sample!r}. Say which is right with --encoding {first} or --encoding "
            "{second}, or save it as CSV UTF-8. Applying this reads it as {first}.",
            values,
        )
        super().__init__(question, row=values["row"])
        self.text = text
        self.guess = Message(
            "{name} was read as {first}; as {second} row {row} would read {second_sample!r}.",
            values,
        )


def decode(data: bytes, *, name: str, encoding: str | None = None) -> str:
    """The text of a file, without a byte-order mark.

    UTF-8, UTF-16, GB18030, Big5, Shift_JIS, EUC-JP, ISO-2022-JP, EUC-KR, cp1250, cp1252,
    ISO-8859-2 and Mac Roman are told from the bytes, unless ``encoding`` says which it is. A text
    may hold NUL characters: who reads the cells refuses them, and can say where. ``Refused`` if no
    encoding gives a plausible text, and ``EncodingAsked`` with a sample of each where two do.
    """
    if encoding is not None:
        return _decode_as_said(data, encoding, name=name)
    for mark, marked in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _decode_as_marked(data[len(mark) :], marked, name=name)
    if b"\0" in data:
        text = _utf_16_without_mark(data)
        if text is not None:
            return text
    if data.isascii() and _ESCAPES_OF_ISO_2022.search(data):
        text = _decoded(data, "iso2022_jp")
        if text is not None:
            return text
    text = _decoded(data, "utf-8")
    if text is not None and not _reads_better_in_chinese(data, text):
        return text
    return _likeliest(data, name=name)


def _likeliest(data: bytes, *, name: str) -> str:
    readings: dict[str, tuple[float, str]] = {}
    for encoding in (*_WESTERN, *_NATIONAL):
        text = _decoded(data, encoding)
        if text is not None:
            plausibility = _plausibility(text, encoding)
            if plausibility > readings.get(text, (_LEAST_PLAUSIBLE, ""))[0]:
                readings[text] = (plausibility, encoding)
    best = sorted(readings.items(), key=lambda item: item[1][0], reverse=True)[:2]
    if not best:
        raise Refused(
            "{name} is in no encoding that relmap reads (UTF-8, UTF-16, GB18030, Big5, Shift_JIS, "
            "EUC-JP, EUC-KR, cp1250, cp1252, Mac Roman). Save it as CSV UTF-8 (in Excel: Save as, "
            "CSV UTF-8) or as XLSX and import that.",
            row=_row_of_first_bad_byte(data, "utf-8"),
            name=name,
        )
    if len(best) == 2 and not _is_ahead(*((score, text) for text, (score, _) in best)):
        raise _undecided(name, *((text, of) for text, (_, of) in best))
    return best[0][0]


def _is_ahead(first: tuple[float, str], second: tuple[float, str]) -> bool:
    """Whether one reading is clearly better, on the whole or in the places where they differ."""
    ahead = first[0] - second[0]
    return ahead >= _LEAST_AHEAD or ahead * len(_beyond_ascii(first[1])) >= _LEAST_AHEAD_IN_ALL


def _undecided(name: str, first: tuple[str, str], second: tuple[str, str]) -> EncodingAsked:
    place = next(
        (place for place, (a, b) in enumerate(zip(first[0], second[0], strict=False)) if a != b), 0
    )
    shown = [_SHOWN_NAMES.get(encoding, encoding) for _, encoding in (first, second)]
    samples = [_sample(text, place) for text, _ in (first, second)]
    values = {
        "row": first[0].count("\n", 0, place) + 1,
        "name": name,
        "first": shown[0],
        "second": shown[1],
        "first_sample": samples[0],
        "second_sample": samples[1],
    }
    return EncodingAsked(first[0], values)


def _sample(text: str, place: int) -> str:
    """The line around the place, or as much of it as is read at a glance."""
    start = max(text.rfind("\n", 0, place) + 1, place - 20)
    line = text[start : place + 30].splitlines()
    return line[0].strip() if line else ""


def _decode_as_said(data: bytes, said: str, *, name: str) -> str:
    encoding = _ENCODINGS.get(re.sub(r"[\s_-]", "", said.casefold()), said)
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except (LookupError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise Refused(
                "{name} is not in {encoding}: row {row} holds bytes that are none.",
                row=data[: error.start].count(b"\n") + 1,
                name=name,
                encoding=said,
            ) from None
        raise Refused(
            "{encoding!r} is no encoding that relmap knows. Names are such as UTF-8, GB18030, "
            "Big5, Shift_JIS, EUC-JP, EUC-KR, cp1250, cp1252, mac_roman.",
            encoding=said,
        ) from None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_as_marked(data: bytes, encoding: str, *, name: str) -> str:
    text = _decoded(data, encoding)
    if text is None:
        raise Refused(
            "{name} begins as {encoding} but holds bytes that are none. Save it as CSV UTF-8 "
            "(in Excel: Save as, CSV UTF-8) or as XLSX and import that.",
            row=_row_of_first_bad_byte(data, encoding),
            name=name,
            encoding=encoding.upper(),
        )
    return text


def _row_of_first_bad_byte(data: bytes, encoding: str) -> int | None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return data[: error.start].decode(encoding).count("\n") + 1
    return None


def _utf_16_without_mark(data: bytes) -> str | None:
    """The text if the bytes read as UTF-16: whole lines, and characters that people write."""
    texts = [_decoded(data, encoding) for encoding in ("utf-16-le", "utf-16-be")]
    readable = [text for text in texts if text and ("\n" in text or "\r" in text)]
    scored = [(_share_of_everyday_characters(text[:_SAMPLE_LENGTH]), text) for text in readable]
    share, text = max(scored, default=(0.0, ""), key=lambda pair: pair[0])
    return text if share >= 0.8 else None


def _share_of_everyday_characters(text: str) -> float:
    everyday = sum(
        " " <= char <= "\u024f"
        or char in "\t\r\n"
        or any(_east_asian_weight(char, national) > 0 for national in _SETS)
        for char in text
    )
    return everyday / len(text)


def _reads_better_in_chinese(data: bytes, text: str) -> bool:
    """Whether bytes that pass for UTF-8 are two-byte Chinese, as the shortest files can be."""
    places = _beyond_ascii(text)
    if len(places) < 2 or any(
        text[place] > "\u07ff" or _western_weight(text, place) > 0 for place in places
    ):
        return False
    chinese = _decoded(data, "gb18030")
    if chinese is None:
        return False
    scripts = {unicodedata.name(text[place], "?").split()[0] for place in places}
    needed = 1.0 if len(scripts) == 1 else 0.3
    return _plausibility(chinese, "gb18030") >= needed


def _beyond_ascii(text: str) -> list[int]:
    """Places of the characters that tell encodings apart: at the start, else anywhere."""
    found = [place for place, char in enumerate(text[:_SAMPLE_LENGTH]) if char > "\x7f"]
    if found or text.isascii():
        return found
    return [place for place, char in enumerate(text) if char > "\x7f"]


def _plausibility(text: str, encoding: str) -> float:
    """From -3 to 1: how much the characters beyond ASCII look like what people write."""
    places = _beyond_ascii(text)
    if not places:
        return 1.0
    if encoding in _WESTERN:
        return sum(_western_weight(text, place) for place in places) / len(places)
    national = _NATIONAL[encoding]
    return sum(_weight_in_place(text, place, national) for place in places) / len(places)


def _weight_in_place(text: str, place: int, national: str) -> float:
    char = text[place]
    if "\u00c0" <= char <= "\u017f":
        return _western_weight(text, place)
    if text[place - 1 : place].islower() and text[place + 1 : place + 2].islower():
        return -0.5  # no Chinese stands inside a western word
    if text[place + 1 : place + 2].islower() and text[place + 1] < "\x80":
        return _east_asian_weight(char, national) - 0.5  # nor right before one
    return _east_asian_weight(char, national)


def _east_asian_weight(char: str, national: str) -> float:
    """How usual a character is; ``national`` is the character set whose order shows frequency."""
    if national == "euc_kr":
        return _korean_weight(char)
    if char in (_common_in_japanese() if national == "euc_jp" else _common()):
        return 1.0
    if char in _EAST_ASIAN_PUNCTUATION or "\uff01" <= char <= "\uff5e":
        return 0.6
    if "\u4e00" <= char <= "\u9fff":
        return _rank_weight(char, national)
    if "\u3040" <= char <= "\u30ff":
        return 0.9 if national == "euc_jp" else 0.1
    if "\uff61" <= char <= "\uff9f":  # kana of half width: what single bytes turn into as well
        return 0.0 if national == "euc_jp" else -1.0
    if "\u3400" <= char <= "\u4dbf" or "\U00020000" <= char <= "\U0003ffff":
        return -0.5
    if "\ue000" <= char <= "\uf8ff" or "\x80" <= char <= "\x9f":
        return -3.0
    return -1.0


def _korean_weight(char: str) -> float:
    """Lists are written in syllables; characters stand in them as what other bytes turn into."""
    if "가" <= char <= "힣":
        return 1.0 if char in _common_syllables() else 0.2
    return 0.6 if char in _EAST_ASIAN_PUNCTUATION else -0.5


@cache
def _common_syllables() -> frozenset[str]:
    return _characters("common_syllables.txt")


@cache
def _common_in_japanese() -> frozenset[str]:
    return _characters("common_kanji.txt")


def _characters(table: str) -> frozenset[str]:
    return frozenset(char for (line,) in read_rows(__file__, table) for char in line)


@cache
def _common() -> frozenset[str]:
    return _characters("common_characters.txt")


def _rank_weight(char: str, national: str) -> float:
    """The national sets list the frequent characters first, then the rare ones."""
    try:
        lead = char.encode(national)[0]
    except UnicodeEncodeError:
        return -0.8
    last_frequent_lead = {"gb2312": 0xD7, "euc_jp": 0xCF}.get(national, 0xC6)
    return 0.4 if lead <= last_frequent_lead else -0.2


_VOWELS: Final = frozenset("aeiouyæœøı")
_RARE: Final = re.compile("[ÿŸðÐ¹²³¼½¾×÷]|[œŒ](?!u)|[ĺĹŕŔ]")
_FINAL_ONLY: Final = frozenset("ìùò")
_NEXT_OF: Final = {"ã": "oe", "õ": "e", "ă": "bcdfghjklmnprstvz", "û": "tlrmc"}


def _western_weight(text: str, place: int) -> float:
    """An accented letter stands among plain ones, where such a letter can stand in a word.

    A vowel stands between consonants, a consonant beside a vowel: Dvořák, not Dvoøák; Hélène, not
    Hélčne. A run of accented letters is another alphabet misread, a sign within a word a letter.
    """
    char, before, after = (
        text[place],
        text[place - 1 : place] if place else "",
        text[place + 1 : place + 2],
    )
    if not char.isalpha() or char in "ªº":
        return _weight_of_sign(char, before, after)
    if not "\u00c0" <= char <= "\u017f":
        return -1.0
    if char.isupper() and before.isalpha() and (before.islower() or after.islower()):
        return -1.0
    if not _is_beside_plain_letter(text, place):
        return -0.7
    return _weight_of_letter(char, before, after)


def _is_beside_plain_letter(text: str, place: int) -> bool:
    """Whether a plain letter stands next to it, or next to the one other accented letter there."""
    before, after = text[max(place - 2, 0) : place][::-1], text[place + 1 : place + 3]
    for near in (before, after):
        plain = near[1:] if near[:1] > "\x7f" and near[:1].isalpha() else near[:1]
        if plain.isascii() and plain.isalpha():
            return True
    return False


def _weight_of_sign(char: str, before: str, after: str) -> float:
    if char not in _WESTERN_PUNCTUATION:
        return -1.0
    is_in_word = before.isalpha() and after.isalpha() and char not in _BETWEEN_LETTERS
    is_part = char in "£¿¡ºª§€" and (before.isalpha() or after.isalpha())
    return -1.0 if is_in_word or is_part else 0.4


def _weight_of_letter(char: str, before: str, after: str) -> float:
    beside = [_is_vowel(near) for near in (before, after) if near.isalpha()]
    if _is_vowel(char):
        weight = 0.9 - 0.3 * sum(beside)
    elif any(beside):
        weight = 0.9
    else:
        weight = 0.2 if len(beside) == 2 else 0.6
    if _RARE.match(char + after):
        weight -= 0.4
    low = char.lower()
    if low in _FINAL_ONLY and after.isalpha():
        weight -= 0.3
    if low in _NEXT_OF:
        weight += 0.2 if after.lower() in _NEXT_OF[low] and after else -0.3
    if low == "ï" and _is_vowel(before):  # Loïc
        weight += 0.3
    if (low == "ď" and after.isalpha() and not _is_vowel(after)) or (low == "ś" and after == "u"):
        weight -= 0.4
    if low == "œ" and after == "u":
        weight += 0.3
    if low in "ñń":  # Muñoz, Kamiński
        weight += 0.1 if (low == "ñ") == _is_vowel(after) else -0.3
    return weight


def _is_vowel(letter: str) -> bool:
    return bool(letter) and unicodedata.normalize("NFD", letter.lower())[0] in _VOWELS
