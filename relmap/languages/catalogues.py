"""The sentences of a language: gettext catalogues, the core's own and those of plug-ins.

``.po`` files are what people edit; setup compiles them to ``.mo``. A ``.mo`` carries the checksum
of the ``.po`` it was made from: where it is missing or of another one, the ``.po`` is read.
"""

from __future__ import annotations

import zlib
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.support import NullTranslations, Translations
from flask import current_app, has_app_context

from relmap.contracts import Message
from relmap.contracts.message import fields_of_text
from relmap.contracts.signs import one_line
from relmap.contracts.words import LANGUAGES, Language

__all__ = ["FOLDER", "TRANSLATIONS_OF", "flaw_of_catalogues", "sentence"]

FOLDER: Final = Path(__file__).parent
TRANSLATIONS_OF: Final = "relmap.translations"
"""In an application's extensions: what gives the folders of its plug-ins' catalogues."""


def sentence(
    text: str,
    *,
    many: str | None = None,
    count: float = 1,
    context: str | None = None,
    language: Language,
) -> str:
    """The text in a language, its placeholders still in it; the English one where none is known."""
    if language == "en":
        return text if many is None or count == 1 else many
    found, number = _translations(language), int(count)  # no language of ours asks for more
    if many is not None and context is not None:
        return str(found.npgettext(context, text, many, number))
    if many is not None:
        return str(found.ngettext(text, many, number))
    if context is not None:
        return str(found.pgettext(context, text))
    return str(found.gettext(text)) if text else text  # "" would be the catalogue's head


def _translations(language: Language) -> NullTranslations:
    of_plugins = current_app.extensions.get(TRANSLATIONS_OF) if has_app_context() else None
    return _merged(language, () if of_plugins is None else of_plugins())


@cache
def _merged(language: Language, folders: tuple[Path, ...]) -> NullTranslations:
    """The core's catalogue with those of plug-ins; where two know a text, the core is right."""
    made = Translations()
    for folder in (*folders, FOLDER):
        for path in sorted(folder.glob(f"{language}/LC_MESSAGES/*.po")):
            found = _catalogue(path)
            made.merge(found)
            made.plural = found.plural  # else Python asks for a second form, as in English
    return made


@cache
def _catalogue(path: Path) -> Translations:
    source = path.read_bytes()
    compiled = path.with_suffix(".mo")
    if compiled.exists():
        found = Translations(BytesIO(compiled.read_bytes()))
        if found.info().get("project-id-version") == f"relmap {zlib.crc32(source):08x}":
            return found
    from relmap.languages.compiler import compiled_form  # heavy, and not needed beside a .mo

    return Translations(BytesIO(compiled_form(source)))


def flaw_of_catalogues(folder: Path) -> Message | None:
    """Why the catalogues of a plug-in cannot be used, or ``None``; reads all that pages would."""
    for language in LANGUAGES:
        for path in sorted(folder.glob(f"{language}/LC_MESSAGES/*.po")):
            try:
                known = vars(_catalogue(path))["_catalog"]
            except Exception as error:  # whatever stands in the file
                values = {"file": path.name, "problem": one_line(repr(error))}
                return Message("Its translations in {file} cannot be read: {problem}", values)
            for key, told in known.items():
                text = key[0] if isinstance(key, tuple) else key
                if text and _asks_for_more(told, text):
                    values = {"file": path.name, "text": one_line(told)}
                    return Message(
                        "A translation in {file} asks for what its text does not have: {text}",
                        values,
                    )
    return None


def _asks_for_more(told: str, text: str) -> bool:
    try:
        return not set(fields_of_text(told)) <= set(fields_of_text(text))
    except ValueError:  # a brace that is not closed
        return True
