"""Words that no closed list has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import literal, select, union_all

from relmap.contracts import Message, Ref
from relmap.contracts.words import (
    CLAIM_BASES,
    CONTACT_KINDS,
    DIRECTIONS,
    END_REASONS,
    FUNCTIONS,
    LEVELS,
    PROJECT_STAGES,
    RELATIONSHIP_LEVELS,
    TIE_KINDS,
    TOUCH_KINDS,
)
from relmap.facts.structure import TIERS
from relmap.maintenance.check.violation import Violation
from relmap.models import Account, Claim, ContactPoint, Post, Project, Tenure, Tie, Touch, db

__all__ = ["check_words"]

WORDS: Final = (  # columns that hold one of a closed list of words, or nothing
    (Account, "tier", TIERS),
    (Post, "level", LEVELS),
    (Post, "function", FUNCTIONS),
    (Tenure, "end_reason", END_REASONS),
    (Tenure, "basis", ("entered", "listed", "history")),
    (Tie, "kind", TIE_KINDS),
    (Tie, "level", RELATIONSHIP_LEVELS),
    (Tie, "basis", CLAIM_BASES),
    (Touch, "kind", TOUCH_KINDS),
    (Touch, "direction", DIRECTIONS),
    (Claim, "basis", CLAIM_BASES),
    (Project, "stage", PROJECT_STAGES),
    (ContactPoint, "kind", CONTACT_KINDS),
)


def check_words() -> Iterator[Violation]:
    """Words that are none of their closed list."""
    parts: list[Any] = []
    for model, name, words in WORDS:
        column = getattr(model, name)
        part = select(literal(model.__tablename__), literal(name), model.id, column)
        parts.append(part.where(column.not_in(words)))
    for table, name, fact_id, word in db.session.execute(union_all(*parts)):
        text = Message(
            "{word!r} is no {column} of a {table}.",
            {"word": word, "column": name.replace("_", " "), "table": table.replace("_", " ")},
        )
        yield Violation("unknown_word", Ref(table, fact_id), text)
