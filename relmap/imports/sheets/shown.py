"""Numbers and days of a workbook as its reader sees them."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final

__all__ = ["shown_day", "shown_number"]

EXACT_BELOW: Final = 1e15
"""A workbook keeps fifteen digits of a number; of a longer one the rest is lost."""
_TOKEN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|.', re.DOTALL)
_CONDITION: Final = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[\d.]+)\]")
_DIGITS: Final = frozenset("0#?")
_PLAIN: Final = frozenset(" -+():")
_MONEY: Final = re.compile(r"[$€£¥￥₩元円]|\b(?:USD|EUR|CNY|RMB|TWD|NTD?|HKD|JPY|GBP|KRW|CHF)\b")


def shown_number(value: float, number_format: str) -> str:
    """A number in the zeros and signs that its format puts to it: 42 in ``00000`` is 00042.

    Places behind the comma, thousands and money are as they are kept, not as they are rounded for
    show. A number that is too long to be exact is written as such: 1.10101E+17.
    """
    if abs(value) >= EXACT_BELOW:
        return f"{value:.5E}"
    signs = _section(number_format or "", value)
    if signs is not None:
        return _filled(round(abs(value)), signs)
    return str(int(value)) if int(value) == value else str(value)


def _section(number_format: str, value: float) -> tuple[str, ...] | None:
    """The part of a format that is for the value, sign included, if it pads or puts in signs."""
    sections = _sections(number_format)
    if any(condition for condition, _ in sections):
        fitting = (n for n, (condition, _) in enumerate(sections) if _holds(condition, value))
        place = next(fitting, len(sections) - 1)
    elif value == 0 and len(sections) > 2:
        place = 2
    else:
        place = 1 if value < 0 and len(sections) > 1 else 0
    signs = sections[place][1]
    if signs is None or (value < 0 and place == 0):
        return None if signs is None else ("-", *signs)
    return signs


@lru_cache(maxsize=256)
def _sections(number_format: str) -> tuple[tuple[str, tuple[str, ...] | None], ...]:
    """The sections of a format: each one's condition, and its signs if they pad a number."""
    sections: list[list[str]] = [[]]
    for sign in _TOKEN.findall(number_format):
        if sign == ";":
            sections.append([])
        else:
            sections[-1].append(sign)
    return tuple(
        (next((one for one in signs if _CONDITION.fullmatch(one)), ""), _padding(signs))
        for signs in sections
    )


def _padding(signs: list[str]) -> tuple[str, ...] | None:
    kept = []
    for sign in signs:
        if sign in _DIGITS or sign in _PLAIN:
            kept.append(sign)
        elif sign[0] in '"\\' and len(sign) > 1:
            kept.append("'" + (sign[1:-1] if sign[0] == '"' else sign[1]))
        elif sign[0] not in "_*[":
            return None  # a day, a fraction, thousands: kept as it is
        elif _MONEY.search(sign):
            return None
    text = "".join(one[1:] for one in kept if one[0] == "'")
    digits = [sign for sign in kept if sign in _DIGITS]
    if digits.count("0") < 2 and len(digits) == len(kept):
        return None
    return None if not digits or _MONEY.search(text) else tuple(kept)


def _holds(condition: str, value: float) -> bool:
    if not condition:
        return False
    found = _CONDITION.fullmatch(condition)
    assert found is not None
    sign, bound = found[1], float(found[2])
    return {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "=": value == bound,
        "<>": value != bound,
    }[sign]


def _filled(number: int, signs: tuple[str, ...]) -> str:
    """The digits of a number put into the places of a format, from the right."""
    digits = list(str(number)) if number else []
    places = sum(sign in _DIGITS for sign in signs)
    shown: list[str] = []
    for sign in reversed(signs):
        if sign in _DIGITS:
            places -= 1
            if digits:
                shown.append(digits.pop())
            elif sign == "0":
                shown.append("0")
            if not places:
                shown += reversed(digits)
                digits = []
        else:
            shown.append(sign[1:] if sign[0] == "'" else sign)
    return "".join(reversed(shown)).strip()


def shown_day(value: date, number_format: str) -> str:
    """A day, or the month or year that is all its format shows; a moment with its time."""
    has_year, has_month, has_day = _shown_parts(number_format or "")
    if has_year and not has_day:
        return f"{value:%Y-%m}" if has_month else f"{value:%Y}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat()


@lru_cache(maxsize=256)
def _shown_parts(number_format: str) -> tuple[bool, bool, bool]:
    signs = [one.lower() for one in _TOKEN.findall(number_format.split(";")[0]) if len(one) == 1]
    letters = "".join(signs).replace("general", "")
    return "y" in letters or "e" in letters, "m" in letters, "d" in letters
