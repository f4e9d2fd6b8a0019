"""Names as pages write them: the form as written with its language, then the Latin form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from relmap.contracts import PersonRow
from relmap.models import Account, Person

__all__ = [
    "WrittenName",
    "initials",
    "lang_of",
    "language_of",
    "name_of",
    "name_of_account",
    "written_name",
]

HAN: Final = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
KANA: Final = re.compile(r"[぀-ヿㇰ-ㇿ]")
HANGUL: Final = re.compile(r"[가-힯]")
HAN_OF_COUNTRY: Final = {
    "CN": "zh-Hans",
    "SG": "zh-Hans",
    "TW": "zh-Hant",
    "HK": "zh-Hant",
    "MO": "zh-Hant",
    "JP": "ja",
    "KR": "ko",
}


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A name for the eye; ``lang`` picks the right Han shapes, ``None`` for Latin letters."""

    text: str
    latin: str | None = None
    lang: str | None = None

    def __str__(self) -> str:
        return f"{self.text} {self.latin}" if self.latin else self.text

    @property
    def html(self) -> Markup:
        """The name as every page draws it. ``Markup.format`` would cost five times as much."""
        lang = f' lang="{escape(self.lang)}"' if self.lang else ""
        latin = f' <span class="rm-latin">{escape(self.latin)}</span>' if self.latin else ""
        drawn = f'<span class="rm-name"{lang}>{escape(self.text)}</span>{latin}'
        return Markup(drawn)  # noqa: S704  # escaped above, value by value


def language_of(text: str, *, given: str | None = None, country: str | None = None) -> str | None:
    """The language tag of a text: what was said of it, else what its script and country tell."""
    if not (HAN.search(text) or KANA.search(text) or HANGUL.search(text)):
        return None
    if given:
        return given
    if KANA.search(text):
        return "ja"
    if HANGUL.search(text):
        return "ko"
    return HAN_OF_COUNTRY.get((country or "").upper(), "zh-Hans")


def lang_of(text: str | None) -> Markup:
    """The ``lang`` attribute of a text that somebody typed; nothing for Latin letters.

    >>> lang_of("谈了下半年预测。"), lang_of("Price list sent.")
    (Markup(' lang="zh-Hans"'), Markup(''))
    """
    found = language_of(text or "")
    return Markup(' lang="{}"').format(found) if found else Markup()


def written_name(
    text: str,
    latin: str | None = None,
    *,
    language: str | None = None,
    country: str | None = None,
) -> WrittenName:
    """A name ready for a page; the Latin form is left out where it repeats the written one."""
    shown = latin if latin and latin != text else None
    return WrittenName(text, shown, language_of(text, given=language, country=country))


def name_of(person: PersonRow | Person) -> WrittenName:
    """The name of somebody, ready for a page."""
    return written_name(person.name, person.latin_name, language=person.language)


def name_of_account(account: Account) -> WrittenName:
    """The name of an account, ready for a page."""
    return written_name(account.name, account.latin_name, country=account.country)


def initials(text: str) -> str:
    """One Han character, or the first letters of the first and the last word."""
    text = text.strip()
    if not text:
        return "?"
    if HAN.match(text) or KANA.match(text) or HANGUL.match(text):
        return text[0]
    words = text.split()
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper()
