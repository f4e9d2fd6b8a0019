"""What is told to somebody: an English sentence as its id, and the values that go into it.

A message is kept as id and values and told in the reader's language when it is shown, by
``relmap.languages.tell``. ``{name}`` stands for a value. Without any values the id is the sentence
as it stands, braces included: what was stored before there were messages stays readable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import PurePath
from string import Formatter
from typing import Any

from relmap.contracts.refs import Ref
from relmap.contracts.signs import one_line, shown

__all__ = ["N_", "Message", "Told", "fields_of_text"]

Told = Any
"""A value of a message: str, int, float, bool, None, a day, a moment, a message, or several."""


def N_(text: str) -> str:  # noqa: N802  # gettext's own name for it
    """The text itself: it stands in a table, is extracted from there and told later."""
    return text


@lru_cache(maxsize=5_000)
def fields_of_text(text: str) -> tuple[str, ...]:
    """The names in braces of a text, refs (``0``, ``1``) included, in their order."""
    return tuple(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence and its values; told in another language by the catalogues.

    ``many`` is the sentence where ``values["count"]`` is not one; ``context`` sets apart what is
    one word in English and two elsewhere. Days and moments are kept as ISO text, several values as
    a tuple. Raises ``ValueError`` where a text asks for a value that is not among the values.
    Inside the text of a result a message may ask for that result's refs: ``{0}``, ``{1}``.
    """

    id: str
    values: Mapping[str, Told] = field(default_factory=dict)
    many: str | None = None
    context: str | None = None

    def __post_init__(self) -> None:
        kept = {name: _kept(value) for name, value in self.values.items()}
        object.__setattr__(self, "values", kept)
        if self.many is not None and "count" not in kept:
            raise ValueError(f"The text {self.id!r} has a plural and no count.")
        for text in (self.id, self.many) if kept else ():
            for name in fields_of_text(text or ""):
                if name not in kept and not name.isdecimal():
                    raise ValueError(f"The text {text!r} asks for {{{name}}}, which was not given.")

    def __str__(self) -> str:
        """The English sentence for a log or a trace; readers are told by ``relmap.languages``."""
        if not self.values:
            return self.id
        text = self.id if self.many is None or self.values["count"] == 1 else self.many
        return text.format(**{name: _plain(value) for name, value in self.values.items()})

    def to_json(self) -> dict[str, Any]:
        """The message as plain JSON, in the shape of every stored result: text and values."""
        document: dict[str, Any] = {
            "text": self.id,
            "values": {name: _document(value) for name, value in self.values.items()},
        }
        if self.many is not None:
            document["many"] = self.many
        if self.context is not None:
            document["context"] = self.context
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any] | str) -> Message:
        """Read a message back, exactly; a bare text is a message without values."""
        if isinstance(document, str):
            return cls(document)
        values = {name: _value(one) for name, one in (document.get("values") or {}).items()}
        return cls(document["text"], values, document.get("many"), document.get("context"))


def _kept(value: Told) -> Told:
    if value is None or isinstance(value, str | int | float | Message):
        return value
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    if isinstance(value, BaseException):
        return _kept(getattr(value, "message", one_line(value)))
    if isinstance(value, PurePath):  # whoever made the file chose the signs
        return shown(str(value))
    if isinstance(value, Iterable) and not isinstance(value, Mapping | Ref):
        return tuple(_kept(one) for one in value)
    raise ValueError(f"{value!r} cannot be told: it is a {type(value).__name__}.")


def _plain(value: Told) -> Told:
    return ", ".join(str(one) for one in value) if isinstance(value, tuple) else value


def _document(value: Told) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    return [_document(one) for one in value] if isinstance(value, tuple) else value


def _value(document: Any) -> Told:
    if isinstance(document, Mapping):
        return Message.from_json(document)
    return tuple(_value(one) for one in document) if isinstance(document, list) else document
