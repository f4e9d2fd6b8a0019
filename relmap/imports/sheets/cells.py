"""What one cell says: days, marks, flags, ids.

Nothing here knows a row or a column. What a cell cannot mean is ``Unreadable``: its message says
what is wrong and what to write instead; ``records`` makes it a ``Refused`` at its place.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from relmap.contracts.words import EXTERNAL_ID_KINDS, ExternalIdKind
from relmap.errors import Unreadable
from relmap.imports.sheets.nobody import is_unknown_mark, is_vacancy_mark
from relmap.names.days import DayRange, day_range
from relmap.names.folding import caseless, tidy
from relmap.names.titles import named_level

__all__ = [
    "id_key",
    "is_no_id",
    "is_rounded",
    "read_day",
    "read_flag",
    "read_ids",
    "read_mails",
    "read_share",
    "several",
    "split_acting",
    "unguarded",
]


_QUOTED_FORMULA: Final = re.compile(r'=\s*"((?:[^"]|"")*)"')
_APOSTROPHE: Final = re.compile(r"['‘’](?=[\d=+@-])")
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")


def unguarded(cell: str) -> str:
    """A cell without what exports put around values against spreadsheets.

    >>> unguarded('="00123"'), unguarded("'00123")
    ('00123', '00123')
    """
    if cell[:1].isalnum() and "_x" not in cell:  # quick, for it is asked of every cell
        return cell
    if "_x" in cell:  # how a workbook writes a sign that XML does not take
        cell = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), cell)
    start = cell.lstrip()[:1]
    if start == "=" and (formula := _QUOTED_FORMULA.fullmatch(cell.strip())):
        return formula[1].replace('""', '"')
    if start in ("'", "‘", "’") and start:
        return _APOSTROPHE.sub("", cell.strip(), count=1).removesuffix("'")
    return cell


_SCIENTIFIC: Final = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+\d{1,3}", re.IGNORECASE)


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet shortened a long number, 1.23E+11: its other figures are lost."""
    return "+" in text and _SCIENTIFIC.fullmatch(text.strip()) is not None


_NO_ID: Final = re.compile(r"9{3,}|\d{15}0+|\d{1,9}0{6,}", re.ASCII)


_HAS_FIGURES: Final = re.compile(r"[\w.-]*[1-9][\w.-]*", re.ASCII)
"""No word for nobody is written so, without a blank."""


def is_no_id(text: str) -> bool:
    """Whether a cell for an id only fills it, 999, or lost its last figures, 120000000000."""
    value = text.strip()
    return is_rounded(value) or _NO_ID.fullmatch(value) is not None


def read_day(text: str) -> DayRange | None:
    """The day a cell gives, to the day, the month or the year; ``None`` for a blank or a mark.

    ``Unreadable`` for what is no day, and for ``03/04/2026``, which is two days.
    """
    return None if is_vacancy_mark(text) or is_unknown_mark(text) else day_range(text)


_YES: Final = frozenset(
    {"yes", "y", "true", "t", "1", "x", "✓", "✔", "√", "○", "是", "有", "对", "對", "はい"}
    | {"acting", "interim", "代理", "代"}
)
_NO: Final = frozenset(
    {"", "no", "n", "false", "f", "0", "-", "–", "—", "×", "否", "无", "無", "不", "不是", "いいえ"}
)


@lru_cache(maxsize=4096)
def read_flag(text: str) -> bool:
    """Yes or no, in words, signs or figures; a blank is no."""
    plain = caseless(text)
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise Unreadable("{text!r} is neither yes nor no. Write yes or no.", text=tidy(text)[:40])


@lru_cache(maxsize=4096)
def read_share(text: str) -> float | None:
    """A number from 0 to 1, or a percentage; ``None`` for a blank."""
    plain = caseless(text)
    if plain in ("", "-"):
        return None
    try:
        number = float(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise Unreadable(
            "{text!r} is no number from 0 to 1. Write such as 0.5.", text=tidy(text)[:40]
        )
    return number


_KIND_WORDS: Final[dict[str, ExternalIdKind]] = {
    **{kind: kind for kind in EXTERNAL_ID_KINDS},
    "email": "mail",
    "e-mail": "mail",
    "mailto": "mail",
    "邮箱": "mail",
    "staff": "staff_number",
    "employee": "staff_number",
    "工号": "staff_number",
    "工號": "staff_number",
}


def read_ids(text: str, kind: ExternalIdKind = "handle") -> tuple[tuple[ExternalIdKind, str], ...]:
    """External ids, several parted by semicolons; ``kind`` where the text names none itself.

    A placeholder is left out, and a number that a spreadsheet rounded: it is everybody's who had
    its first figures.
    """
    if not text:
        return ()
    ids = []
    for part in re.split("[;；\n]", text):
        value = tidy(unicodedata.normalize("NFKC", part))
        word, colon, rest = value.partition(":")
        if colon and (named := _KIND_WORDS.get(word.strip().casefold())):
            ids.append((named, rest.strip()))
        else:
            ids.append((kind, value))
    return tuple(
        (kind, value)
        for kind, value in ids
        if not is_no_id(value)
        and (
            _HAS_FIGURES.fullmatch(value) or not (is_vacancy_mark(value) or is_unknown_mark(value))
        )
    )


def id_key(kind: ExternalIdKind, value: str) -> tuple[ExternalIdKind, str]:
    """What two external ids are compared by: the kind and the value, case-folded."""
    return kind, value.strip().casefold()


_MAIL: Final = re.compile(r"[^\s<>()\[\],;:\"'，；、@]+@[^\s<>()\[\],;:\"'，；、@]+")


def read_mails(text: str) -> tuple[str, ...]:
    """The mail addresses in a cell, without names and angle brackets."""
    if "@" not in text and "＠" not in text:
        return ()
    return tuple(_MAIL.findall(unicodedata.normalize("NFKC", text)))


def several(text: str) -> tuple[str, ...]:
    """The names in a cell that holds several, parted by a semicolon, 、, comma or line."""
    parts = (tidy(part) for part in re.split("[;；、,，\n]", text))
    return tuple(part for part in parts if part)


# 代 and 代理 mark an acting holder only before a rank; 代表, 代理商 and 代维经理 are other trades.
# 代理品质经理 acts for one of quality, 代理品牌经理 looks after the brands of an agency.
_ACTING_WORD: Final = re.compile(
    r"\s*[(\[（【](?:acting|interim|a\.i\.|代理?|暂代|暫代|署理|代行|临时|臨時)[)\]）】]\s*"
    r"|\s*[(（【]?(?:临时|臨時|暂时|暫時)?主持(?:全面|日常|部门|部門)?工作的?[)）】]?\s*"
    r"|(?<![a-z])(?:ad[ -])?(?:acting|interim)(?![a-z])[\s:,–-]*",
    re.IGNORECASE,
)
_ACTING_START: Final = re.compile(
    r"^(?:(?:临时|臨時)?代理(?!商(?!品)|品牌|产品?线|產品?線|[人店权權业業销銷渠线線记記报報制])"
    r"|署理|暂代|暫代|代行"
    r"|代(?!工(?![艺藝程])|[销銷](?!售)|客(?![户戶])|管(?!理)"
    r"|[表理码碼购購运運维維办辦言建培驾駕号號际際步数數收付发發加]))\s*(?=.)"
)
_ACTING_END: Final = re.compile(r"(?<=.)(?:代行|(?<!長)代理|[\s,，-]代)$")


@lru_cache(maxsize=4096)
def split_acting(title: str) -> tuple[str, bool]:
    """A title without its acting mark, and whether it had one.

    課長代理 and the like keep their 代理: in Japan that is a rank of its own.
    """
    text = tidy(title)
    for pattern, needs_rank in ((_ACTING_WORD, False), (_ACTING_START, True), (_ACTING_END, True)):
        rest, found = pattern.subn(" ", text)
        rest = tidy(rest).strip(" ,，-–")
        if found and rest and not (needs_rank and named_level(rest) in (None, "staff")):
            return rest, True
    return text, False
