"""The one place where a message becomes a sentence in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from string import Formatter
from typing import Any, Final

from markupsafe import Markup, escape

from relmap.contracts import Message, Ref
from relmap.contracts.words import Language
from relmap.errors import RelmapError
from relmap.languages.catalogues import sentence
from relmap.languages.choice import current_language
from relmap.languages.formats import day, listed, moment, month, number
from relmap.languages.labels import list_of, word

__all__ = ["Piece", "_", "_c", "_n", "former", "html", "pieces", "tell"]

FORMER: Final[Mapping[str, Message]] = {
    "person": Message("a former contact"),
    "post": Message("a former post"),
    "unit": Message("a former unit"),
    "account": Message("a former account"),
    "project": Message("a former project"),
    "tenure": Message("a former tenure"),
}
YES, NO, UNKNOWN = Message("yes"), Message("no"), Message("unknown")
ISO_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
ISO_MONTH: Final = re.compile(r"\d{4}-\d\d")
ISO_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
WORD: Final = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence: plain text, or the name of ``ref``."""

    text: str
    ref: Ref | None = None


def tell(said: Message | RelmapError | str, language: Language | None = None) -> str:
    """A message as a sentence in a language, the reader's where none is given.

    >>> tell(Message("{name} left on {day}.", {"name": "林", "day": "2026-01-03"}), "en")
    '林 left on 3 Jan 2026.'
    """
    return "".join(piece.text for piece in _told(said, language))


def html(said: Message | RelmapError | str, language: Language | None = None) -> Markup:
    """A message as HTML: everything is escaped, values that are ``Markup`` stay what they are."""
    return Markup("").join(escape(piece.text) for piece in _told(said, language))


def _(text: str, /, **values: Any) -> str:
    """An English sentence and its values, told in the reader's language."""
    return tell(Message(text, values))


def _n(one: str, many: str, count: float, /, **values: Any) -> str:
    """A sentence that counts: ``one`` where ``count`` is one, else ``many``."""
    return tell(Message(one, values | {"count": count}, many))


def _c(context: str, text: str, /, **values: Any) -> str:
    """A sentence whose English is short enough to mean several things."""
    return tell(Message(text, values, context=context))


def _told(said: Message | RelmapError | str, language: Language | None) -> list[Piece]:
    message = said.message if isinstance(said, RelmapError) else said
    if isinstance(message, str):
        message = Message(message)
    return pieces(
        message.id,
        (),
        message.values,
        {},
        many=message.many,
        context=message.context,
        language=language,
    )


def pieces(
    text: str,
    refs: Sequence[Ref],
    values: Mapping[str, Any],
    names: Mapping[Ref, str],
    *,
    many: str | None = None,
    context: str | None = None,
    language: Language | None = None,
) -> list[Piece]:
    """A message id as stretches of text in a language, the names apart with their refs.

    >>> lin = Ref("person", 7)
    >>> pieces("{0} left after {days} days", [lin], {"days": 3}, {lin: "林"}, language="en")
    [Piece(text='林', ref=Ref(kind='person', id=7)), Piece(text=' left after 3 days', ref=None)]
    """
    language = language or current_language()
    count = values.get("count", 1)
    told = sentence(text, many=many, count=count, context=context, language=language)
    if not refs and not values:
        return [Piece(told)] if told else []
    return list(_joined(_pieces(told, refs, values, names, language)))


def _pieces(
    told: str,
    refs: Sequence[Ref],
    values: Mapping[str, Any],
    names: Mapping[Ref, str],
    language: Language,
) -> Iterator[Piece]:
    is_first = True
    for words, field, spec, conversion in _parts(told):
        if words:
            yield Piece(words)
        if field is not None and field.isdecimal():
            yield _named(refs, int(field), names, language)
        elif field is not None:
            value = values.get(field)
            if isinstance(value, Mapping):  # a message as it is stored
                value = Message.from_json(value)
            if isinstance(value, Message) and refs:  # it speaks of the same people
                yield from pieces(
                    value.id,
                    refs,
                    value.values,
                    names,
                    many=value.many,
                    context=value.context,
                    language=language,
                )
            elif conversion == "r":
                yield Piece(repr(str(value) if isinstance(value, Markup) else value))
            elif conversion == "s":  # what somebody is to type
                yield Piece(str(value))
            elif spec and isinstance(value, int | float):
                yield Piece(format(value, spec))
            else:
                yield Piece(_said(field, value, language, is_first=is_first and not words))
        is_first = False


@lru_cache(maxsize=5_000)
def _parts(text: str) -> tuple[tuple[str, str | None, str | None, str | None], ...]:
    return tuple(Formatter().parse(text))


def _joined(found: Iterator[Piece]) -> Iterator[Piece]:
    """Plain text together with the plain text before it; markup escapes what joins it."""
    plain: str = ""
    for piece in found:
        if piece.ref is None:
            plain += piece.text
            continue
        if plain:
            yield Piece(plain)
        plain = ""
        yield piece
    if plain:
        yield Piece(plain)


def _named(refs: Sequence[Ref], index: int, names: Mapping[Ref, str], language: Language) -> Piece:
    if index >= len(refs):
        return Piece(tell(FORMER["person"], language))
    ref = refs[index]
    return Piece(names.get(ref) or former(ref, language), ref)


def former(ref: Ref, language: Language | None = None) -> str:
    """What to call somebody or something that is not on file any more."""
    message = FORMER.get(ref.kind) or Message("a former {kind}", {"kind": ref.kind})
    return tell(message, language)


def _said(name: str, value: Any, language: Language, *, is_first: bool = False) -> str:
    """A value in words, by what it is and what it is called."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Message):
        return tell(value, language)
    if isinstance(value, tuple | list):
        return listed([_said(name, one, language) for one in value], language=language)
    if value is None or isinstance(value, bool):
        return tell(UNKNOWN if value is None else YES if value else NO, language)
    if isinstance(value, int):  # a count has its thousands apart, a year and an id have not
        return number(value, language=language) if name.endswith("count") else str(value)
    if isinstance(value, float):
        return f"{value:g}"  # the decimal point is the same in all our languages
    return _text(name, str(value), language, is_first=is_first)


def _text(name: str, value: str, language: Language, *, is_first: bool) -> str:
    try:
        if ISO_DAY.fullmatch(value):
            return day(date.fromisoformat(value), language=language)
        if name == "day" and ISO_MONTH.fullmatch(value):  # elsewhere it may be a part's number
            return month(date.fromisoformat(f"{value}-01"), language=language)
        if ISO_MOMENT.fullmatch(value):
            return moment(datetime.fromisoformat(value), language=language)
    except ValueError:
        return value  # it only looks like one
    found = list_of(name, value) if WORD.fullmatch(value) else None
    if found is None:
        return value
    text = word(found, value, language=language)
    return text[:1].upper() + text[1:] if is_first else text
