"""In which language somebody is told."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError, negotiate_locale
from flask import current_app, g, has_app_context
from flask_babel import get_locale

from relmap.contracts.words import LANGUAGES, Language

__all__ = [
    "NAMES",
    "asked_language",
    "best_language",
    "current_language",
    "html_lang",
    "locale_of",
    "speaking",
]

NAMES: Final[dict[Language, str]] = {"en": "English", "zh_Hant": "繁體中文", "zh_Hans": "简体中文"}
TRADITIONAL: Final = frozenset({"TW", "HK", "MO"})
KEPT: Final = "relmap_language"
_asked: ContextVar[Language | None] = ContextVar("relmap_language", default=None)


@contextmanager
def speaking(language: Language | None) -> Iterator[None]:
    """Tell everything outside a request in this language; ``None`` changes nothing."""
    token = _asked.set(language or _asked.get())
    try:
        yield
    finally:
        _asked.reset(token)


def asked_language() -> Language | None:
    """The language that :func:`speaking` asks for."""
    return _asked.get()


def current_language() -> Language:
    """The reader's: of the request, else as asked, else the setting, else English."""
    if has_app_context():
        kept: Language | None = g.get(KEPT)  # a page asks a thousand times
        if kept is not None:
            return kept
        if "babel" in current_app.extensions:
            locale = get_locale()
            kept = "en" if locale is None else _of_locale(locale.language, locale.script)
            setattr(g, KEPT, kept)  # as Babel keeps its locale
            return kept
    return _asked.get() or best_language([os.environ.get("RELMAP_LANGUAGE", "")]) or "en"


@lru_cache(maxsize=1_000)
def _of_locale(language: str, script: str | None) -> Language:
    return best_language([f"{language}_{script}" if script else language]) or "en"


def best_language(tags: Iterable[str]) -> Language | None:
    """The first of these tags that we speak: ``zh-TW`` is zh_Hant, ``zh`` and ``zh-CN`` zh_Hans."""
    found = negotiate_locale([_likely(tag) for tag in tags], LANGUAGES)
    return next((language for language in LANGUAGES if language == found), None)


@lru_cache(maxsize=1_000)  # strangers may name any
def _likely(tag: str) -> str:
    """A tag with the script that its region writes: ``zh_Hant`` for ``zh-HK``."""
    try:
        locale = Locale.parse(tag.strip().replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return tag
    if locale.language != "zh":
        return locale.language
    is_traditional = (
        locale.territory in TRADITIONAL if locale.script is None else locale.script == "Hant"
    )
    return "zh_Hant" if is_traditional else "zh_Hans"


@cache
def locale_of(language: Language) -> Locale:
    """Babel's rules of a language: how it writes days, numbers and lists."""
    return Locale.parse(language)


def html_lang(language: Language | None = None) -> str:
    """The tag of a language as HTML has it: ``zh-Hant``."""
    return (language or current_language()).replace("_", "-")
