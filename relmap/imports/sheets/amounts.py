"""Sums of money as people write them: 400k, US$ 1.2M, 40万, ¥1,200.50 and headings in 万元."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from relmap.errors import Unreadable
from relmap.names.folding import caseless, tidy

__all__ = ["Amount", "read_amount", "read_currency"]

_CURRENCIES: Final = {
    "CNY": "rmb|cny|人民币|人民幣|人民元",
    "TWD": "nt$|ntd|twd|新台币|新台幣|新臺幣|台币|台幣|臺幣",
    "HKD": "hk$|hkd|港币|港幣|港元",
    "JPY": "jpy|日元|日圆|日圓|日幣|円",
    "KRW": "krw|₩|韩元|韓元|韓幣|ウォン",
    "USD": "us$|usd|美元|美金|美圆|米ドル|ドル|$",
    "EUR": "eur|€|欧元|歐元|ユーロ",
    "GBP": "gbp|£|英镑|英鎊",
}
_BY_SPELLING: Final = {
    spelling: code for code, text in _CURRENCIES.items() for spelling in text.split("|")
}
_MONEY: Final = re.compile("|".join(map(re.escape, sorted(_BY_SPELLING, key=len, reverse=True))))
_DOLLARS: Final = frozenset({"USD", "TWD", "HKD", "SGD", "AUD", "CAD", "NZD"})
"""A bare $ may mean any of these; alone it is taken for the first."""
_OF_NO_COUNTRY: Final = re.compile("[元圆圓¥￥块塊]")
_TIMES: Final = {
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "千": 1e3,
    "万": 1e4,
    "萬": 1e4,
    "百万": 1e6,
    "百萬": 1e6,
    "千万": 1e7,
    "千萬": 1e7,
    "亿": 1e8,
    "億": 1e8,
}
_GROUPED: Final = re.compile(r"[1-9]\d{0,2}(?P<mark>[ ',.])\d{3}(?:(?P=mark)\d{3})*")
"""Thousands parted by one mark, the same throughout."""
_SUM: Final = re.compile(r"([\d.,'\s]*\d)\s*([a-z]*|[千百]?[万萬]|[千亿億])")
MOST: Final = 1e13


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum; ``currency`` is an ISO 4217 code, or ``None`` where nothing says which it is."""

    value: float
    currency: str | None = None


@lru_cache(maxsize=1024)
def read_amount(text: str, heading: str = "", currency: str | None = None) -> Amount | None:
    """The sum in a cell, ``None`` for a blank; the heading may say 万元 or USD for all cells.

    ``currency`` is what a column of its own says. ``Unreadable`` for what is no sum, for
    ``400.000``, which may be two, and where two currencies are said.
    """
    plain = caseless(text)
    if plain in ("", "-", "–", "—", "n/a", "tbd", "待定", "未知", "?"):
        return None
    bare, sign = _without_currency(plain)
    match = _SUM.fullmatch(bare)
    if match is None or match[2] not in {"", *_TIMES}:
        raise Unreadable(
            "{text!r} is no amount. Write a number, such as 400000.", text=tidy(text)[:40]
        )
    unit, sign_of_heading = _of_heading(heading)
    value = _number(text, match[1]) * (_TIMES[match[2]] if match[2] else unit)
    if value >= MOST:
        raise Unreadable(
            "{text!r} is more than relmap takes for one project.", text=tidy(text)[:40]
        )
    return Amount(round(value, 2), _one_currency(text, (sign, sign_of_heading), currency))


@lru_cache(maxsize=256)
def read_currency(text: str) -> str | None:
    """The ISO 4217 code of a currency by its code, sign or name; ``None`` for a blank."""
    plain = caseless(text)
    if plain in ("", "-", "元", "¥"):
        return None
    if plain in _BY_SPELLING:
        return _BY_SPELLING[plain]
    if re.fullmatch("[a-z]{3}", plain):
        return plain.upper()
    raise Unreadable(
        "{text!r} is no currency. Write its code, such as CNY or USD.", text=tidy(text)[:40]
    )


def _without_currency(plain: str) -> tuple[str, str | None]:
    """The rest of a text, and how a currency is spelled in it."""
    found = _MONEY.search(plain)
    bare = _OF_NO_COUNTRY.sub("", _MONEY.sub(" ", plain))
    return bare.strip(), found[0] if found else None


def _of_heading(heading: str) -> tuple[float, str | None]:
    """What a heading says of its cells: 金额(万元) counts tens of thousands, Value (k USD) both."""
    inside = re.search(r"[(\[【/](.*)", caseless(heading))
    if inside is None:
        return 1.0, None
    bare, sign = _without_currency(inside[1].rstrip(")]】 "))
    return _TIMES.get(bare.strip(), 1.0), sign


def _one_currency(text: str, signs: Iterable[str | None], column: str | None) -> str | None:
    """What the cell, its heading and a column of currencies say together."""
    sure = [_BY_SPELLING[sign] for sign in signs if sign not in (None, "$")]
    said = dict.fromkeys([*sure, column] if column else sure)
    bare = "$" in signs
    if len(said) > 1 or (bare and said and not _DOLLARS.issuperset(said)):
        told = list(said) if len(said) > 1 else ["$", *said]
        raise Unreadable(
            "{text!r} is said to be in {currencies}. Keep one of them.",
            text=tidy(text)[:40],
            currencies=told,
        )
    return next(iter(said), "USD" if bare else None)


def _number(text: str, written: str) -> float:
    whole, mark, rest = _parted(written)
    if _GROUPED.fullmatch(whole):
        return float(re.sub("[ ',.]", "", whole) + (f".{rest}" if mark else ""))
    if not re.fullmatch(r"\d*", whole) or (mark == "," and len(rest) > 3):
        raise Unreadable(
            "{text!r} is no amount: thousands stand in groups of three, as in 1,234,567.50.",
            text=tidy(text)[:40],
        )
    if len(rest) == 3 and whole not in ("", "0"):
        raise Unreadable(
            "{text!r} may be a thousand times more: write 400000, or 400.00.", text=tidy(text)[:40]
        )
    return float(f"{whole or 0}.{rest or 0}")


def _parted(written: str) -> tuple[str, str, str]:
    """The whole part, the decimal mark and what follows it: ``12,5`` and ``1.234.567,5``.

    One comma before three figures parts thousands; one point there may do either, see above.
    """
    if _GROUPED.fullmatch(written) and not re.fullmatch(r"\d+\.\d+", written):
        return written, "", ""
    found = re.fullmatch(r"(.*)([.,])(\d+)", written)
    if found is None or found[2] in found[1]:  # the same mark twice parts no decimals
        return written, "", ""
    return found[1], found[2], found[3]
