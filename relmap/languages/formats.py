"""Days, numbers and lists as a reader of a language writes them, by Babel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from babel.dates import format_date, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from markupsafe import Markup, escape

from relmap.clock import local
from relmap.contracts.words import Language
from relmap.languages.choice import current_language, locale_of

__all__ = ["clauses", "commas", "day", "listed", "moment", "money", "number", "percent", "signed"]

# The one form of a day on all pages; Babel's own medium forms are not unmistakable (1/3/26).
DAY: Final[dict[Language, str]] = {"en": "d MMM y", "zh_Hant": "y年M月d日", "zh_Hans": "y年M月d日"}
DAY_OF_YEAR: Final[dict[Language, str]] = {"en": "d MMM", "zh_Hant": "M月d日", "zh_Hans": "M月d日"}
MONTH: Final[dict[Language, str]] = {"en": "MMM y", "zh_Hant": "y年M月", "zh_Hans": "y年M月"}
MONTH_NAME: Final[dict[Language, str]] = {"en": "MMM", "zh_Hant": "M月", "zh_Hans": "M月"}
MOMENT: Final[dict[Language, str]] = {"en": "{0}, {1}", "zh_Hant": "{0} {1}", "zh_Hans": "{0} {1}"}


def day(value: date, *, today: date | None = None, language: Language | None = None) -> str:
    """``3 Jan 2026``, 2026年1月3日; without the year where ``today`` lies in the same one."""
    forms = DAY_OF_YEAR if today is not None and today.year == value.year else DAY
    language = language or current_language()
    return _written(value, forms[language], language)


def month(value: date, *, language: Language | None = None) -> str:
    """``Jan 2026``, 2026年1月."""
    language = language or current_language()
    return _written(value, MONTH[language], language)


def month_name(value: date, *, language: Language | None = None) -> str:
    """``Jan``, 1月."""
    language = language or current_language()
    return _written(value, MONTH_NAME[language], language)


@lru_cache(maxsize=20_000)  # a page writes the same few hundred days again and again
def _written(value: date, form: str, language: Language) -> str:
    return format_date(value, form, locale=locale_of(language))


def moment(value: datetime, *, language: Language | None = None) -> str:
    """``3 Jan 2026, 14:05``, by the clock of who reads."""
    language = language or current_language()
    read = local(value)
    return MOMENT[language].format(day(read.date(), language=language), f"{read:%H:%M}")


def zone(name: str) -> str:
    """A time zone by its city as the reader writes it: ``台北``; ``UTC+08:00`` as it is."""
    if "/" not in name or name.startswith("Etc/"):
        return name
    return get_timezone_location(name, locale=locale_of(current_language()), return_city=True)


def number(value: float, *, language: Language | None = None) -> str:
    """A number with its thousands apart: ``1,234.5``."""
    return format_decimal(value, locale=locale_of(language or current_language()))


def money(value: float, currency: str = "", *, language: Language | None = None) -> str:
    """An amount, whole where it is: ``US$1,200``; only the number where no currency is known."""
    language = language or current_language()
    if not currency:
        return number(value, language=language)
    digits = value != round(value)
    form = None if digits else "¤#,##0"
    return format_currency(
        value, currency, form, locale=locale_of(language), currency_digits=digits
    )


def percent(share: float, digits: int = 0) -> str:
    """A share from 0 to 1 in percent, to so many places: ``45%``."""
    return f"{share:.{digits}%}"  # the same in all our languages


def signed(value: float) -> str:
    """Points with their sign: ``+4``, ``−2.5``, ``0``."""
    rounded = round(value, 1)
    if rounded == 0:
        return "0"
    text = f"{abs(rounded):g}"
    return f"+{text}" if rounded > 0 else f"\u2212{text}"


def clauses(items: Iterable[str], *, language: Language | None = None) -> str:
    """Several statements one after another: ``A; B``, A；B."""
    mark = "; " if (language or current_language()) == "en" else "；"
    return mark.join(items)


def commas(items: Iterable[str], *, language: Language | None = None) -> str:
    """Several one after another: ``A, B, C``, A、B、C; markup stays markup."""
    found = list(items)
    mark = ", " if (language or current_language()) == "en" else "、"
    is_markup = any(isinstance(one, Markup) for one in found)
    return escape(mark).join(found) if is_markup else mark.join(found)


def listed(items: Iterable[str], *, language: Language | None = None) -> str:
    """Several as one text: ``A, B and C``, A、B和C; markup stays markup."""
    found = list(items)
    is_markup = any(isinstance(one, Markup) for one in found)
    language = language or current_language()
    locale = "en_GB" if language == "en" else locale_of(language)  # no comma before "and"
    told = format_list([str(escape(one)) for one in found] if is_markup else found, locale=locale)
    return Markup(told) if is_markup else told  # noqa: S704  # escaped one by one above
