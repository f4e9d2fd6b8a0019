"""The words of closed lists as people read them; the name of a list is the context of its labels.

A label stands by itself (``label``); in the middle of an English sentence it is written small
(``word``). Where a value of a message is named like a list, it is told by that list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from relmap.contracts import Message
from relmap.contracts.words import Language
from relmap.languages.catalogues import sentence
from relmap.languages.choice import current_language
from relmap.names.tables import read_rows

__all__ = ["LABELS", "label", "label_message", "label_named", "list_of", "word"]


def _read() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, value, text in read_rows(__file__, "labels.tsv"):
        found.setdefault(name, {})[value] = text
    return found


LABELS: Final[Mapping[str, Mapping[str, str]]] = _read()
SMALL: Final[Mapping[str, str]] = {"Component eng.": "component engineering"}
# The lists that a value's name (or the last word of it) may mean, the likelier first.
NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    **{name: (name,) for name in LABELS if name not in ("contact", "seat", "external_id")},
    "level": ("level", "relationship"),
    "reason": ("end_reason",),
    "kind": ("touch", "tie_kind"),
    "what": ("claim",),
}


def label_message(list_name: str, value: str) -> Message:
    """The label of a word as a message, to be a value of another one."""
    return Message(_english(list_name, value), context=list_name)


def label(list_name: str, value: str, *, language: Language | None = None) -> str:
    """The word of a closed list as it stands by itself in the reader's language.

    A word that the list does not have (a plug-in's own) is shown as it is, without underscores.
    """
    text = _english(list_name, value)
    return sentence(text, context=list_name, language=language or current_language())


def word(list_name: str, value: str, *, language: Language | None = None) -> str:
    """The word of a closed list inside a sentence: "component engineering"."""
    language = language or current_language()
    if language != "en":
        return label(list_name, value, language=language)
    text = _english(list_name, value)
    is_small = text[1:2].islower()  # R&D and NPI stay large
    return SMALL.get(text) or (text[:1].lower() + text[1:] if is_small else text)


def label_named(name: str, value: str) -> str:
    """The label of a value by what the value is called (see ``list_of``), else the value."""
    found = list_of(name, value)
    return label(found, value) if found else value.replace("_", " ")


def list_of(name: str, value: str) -> str | None:
    """The closed list that tells a value of that name: ``their_level`` is a level."""
    lists = NAMED.get(name) or NAMED.get(name.rpartition("_")[2]) or ()
    return next((one for one in lists if value in LABELS[one]), lists[0] if lists else None)


def _english(list_name: str, value: str) -> str:
    found = LABELS[list_name].get(value)
    if found is not None:
        return found
    text = value.replace("_", " ").strip()
    return text[:1].upper() + text[1:]
