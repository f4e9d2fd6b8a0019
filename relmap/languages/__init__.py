"""What is told to people, in their language: docs/languages.md says how a sentence gets here."""

from relmap.languages.choice import (
    NAMES,
    best_language,
    current_language,
    html_lang,
    speaking,
)
from relmap.languages.formats import (
    clauses,
    commas,
    day,
    listed,
    moment,
    money,
    number,
    percent,
    signed,
    zone,
)
from relmap.languages.labels import label, label_message, label_named, word
from relmap.languages.sentences import Piece, _, _c, _n, former, html, pieces, tell
from relmap.languages.sorting import sort_key

__all__ = [
    "NAMES",
    "Piece",
    "_",
    "_c",
    "_n",
    "best_language",
    "clauses",
    "commas",
    "current_language",
    "day",
    "former",
    "html",
    "html_lang",
    "label",
    "label_message",
    "label_named",
    "listed",
    "moment",
    "money",
    "number",
    "percent",
    "pieces",
    "signed",
    "sort_key",
    "speaking",
    "tell",
    "word",
    "zone",
]
