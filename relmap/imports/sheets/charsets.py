"""Which encoding a file is written in, told from its bytes.

A list exported in China, Taiwan, Japan or Europe does not say how it is encoded, and most encodings
decode the bytes of another one without complaint, into nonsense. So every candidate is decoded
strictly and the texts are compared: one whose characters people really write wins.
"""

from __future__ import annotations

import codecs
import unicodedata
from functools import cache
from typing import Final

from relmap.errors import Refused
from relmap.names.tables import read_rows

__all__ = ["decode"]

_SAMPLE_LENGTH: Final = 200_000
"""Characters that are looked at; all bytes are decoded in any case."""
_LEAST_PLAUSIBLE: Final = 0.1


_WESTERN_PUNCTUATION: Final = frozenset("’‘“”„–—…•·€£§©®™°«»¿¡ºª‚\xa0")
_ACCENTED_LETTERS: Final = frozenset({*map(chr, range(0xC0, 0x100)), *"ŒœŠšŽžŸ"} - {"×", "÷"})
_EAST_ASIAN_PUNCTUATION: Final = frozenset("、。〈〉《》「」『』【】〔〕·—…“”‘’～￥　")


def decode(data: bytes, *, name: str) -> str:
    """The text of a file, without a byte-order mark: UTF-8, UTF-16, GB18030, Big5 or cp1252.

    Shift_JIS (cp932) is tried where none of these fits: nearly any bytes pass for it.
    A text may hold NUL characters: who reads the cells refuses them, and can say where. ``Refused``
    if no encoding gives a plausible text.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _decode_as_marked(data[len(mark) :], encoding, name=name)
    if b"\0" in data:
        text = _utf_16_without_mark(data)
        if text is not None:
            return text
    text = _decoded(data, "utf-8")
    if text is not None and not _reads_better_in_chinese(data, text):
        return text
    candidates = [
        (_plausibility(text, encoding), text)
        for encoding in ("gb18030", "big5", "cp950", "big5hkscs", "cp1252")
        if (text := _decoded(data, encoding)) is not None
    ]
    plausibility, text = max(candidates, default=(0.0, ""), key=lambda scored: scored[0])
    if plausibility >= _LEAST_PLAUSIBLE:
        return text
    japanese = _decoded(data, "cp932")
    if japanese is not None and _is_japanese(japanese):
        return japanese
    raise Refused(
        "{name} is in no encoding that relmap reads (UTF-8, UTF-16, GB18030, Big5, Shift_JIS, "
        "cp1252). Save it as CSV UTF-8 (in Excel: Save as, CSV UTF-8) or as XLSX and import "
        "that.",
        row=_row_of_first_bad_byte(data, "utf-8"),
        name=name,
    )


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
        " " <= char <= "\u024f" or char in "\t\r\n" or _east_asian_weight(char, "gb2312") > 0
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
    if encoding == "cp1252":
        return sum(_western_weight(text, place) for place in places) / len(places)
    national = "gb2312" if encoding == "gb18030" else "big5"
    return sum(_weight_in_place(text, place, national) for place in places) / len(places)


def _is_japanese(text: str) -> bool:
    """Whether most characters beyond ASCII are kana or kanji of everyday use, and none is odd.

    Half-width kana are what single bytes of other encodings turn into.
    """
    chars = [text[place] for place in _beyond_ascii(text)]
    usual = sum(
        "\u3041" <= char <= "\u30ff" or char in _EAST_ASIAN_PUNCTUATION or _is_level_1(char)
        for char in chars
    )
    odd = any("\uff61" <= char <= "\uff9f" or "\ue000" <= char <= "\uf8ff" for char in chars)
    return not odd and usual >= 0.9 * len(chars)


def _is_level_1(char: str) -> bool:
    """Whether a kanji is among the 2,965 frequent ones of JIS X 0208."""
    return "\u4e00" <= char <= "\u9fff" and char.encode("cp932")[:2] <= b"\x98\x72"


def _weight_in_place(text: str, place: int, national: str) -> float:
    char = text[place]
    if char in _ACCENTED_LETTERS:
        return _western_weight(text, place)
    if text[place - 1 : place].islower() and text[place + 1 : place + 2].islower():
        return -0.5  # no Chinese stands inside a western word
    return _east_asian_weight(char, national)


def _east_asian_weight(char: str, national: str) -> float:
    """How usual a character is; ``national`` is the character set whose order shows frequency."""
    if char in _common():
        return 1.0
    if char in _EAST_ASIAN_PUNCTUATION or "\uff01" <= char <= "\uff5e":
        return 0.6
    if "\u4e00" <= char <= "\u9fff":
        return _rank_weight(char, national)
    if "\u3040" <= char <= "\u30ff":
        return 0.1
    if "\u3400" <= char <= "\u4dbf" or "\U00020000" <= char <= "\U0003ffff":
        return -0.5
    if "\ue000" <= char <= "\uf8ff" or "\x80" <= char <= "\x9f":
        return -3.0
    return -1.0


@cache
def _common() -> frozenset[str]:
    return frozenset(
        char for (line,) in read_rows(__file__, "common_characters.txt") for char in line
    )


def _rank_weight(char: str, national: str) -> float:
    """Both national sets list the frequent characters first, then the rare ones."""
    try:
        lead = char.encode(national)[0]
    except UnicodeEncodeError:
        return -0.8
    last_frequent_lead = 0xD7 if national == "gb2312" else 0xC6
    return 0.4 if lead <= last_frequent_lead else -0.2


def _western_weight(text: str, place: int) -> float:
    """An accented letter stands among plain ones; a run of them is another alphabet misread."""
    char = text[place]
    if char in _WESTERN_PUNCTUATION:
        return 0.4
    if char not in _ACCENTED_LETTERS:
        return -1.0
    before = text[place - 1 : place] if place else ""
    after = text[place + 1 : place + 2]
    if before.islower() and char.isupper():
        return -1.0
    beside_plain_letter = (before.isascii() and before.isalpha()) or (
        after.isascii() and after.isalpha()
    )
    return 0.9 if beside_plain_letter else -0.7
