"""What people write for the words of the closed lists, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Final, cast

from relmap.contracts import Message
from relmap.contracts.message import N_
from relmap.contracts.words import (
    CLAIM_BASES,
    DIRECTIONS,
    END_REASONS,
    FUNCTIONS,
    LEVELS,
    PROJECT_STAGES,
    RELATIONSHIP_LEVELS,
    TIE_KINDS,
    TOUCH_KINDS,
    ClaimBasis,
    Direction,
    EndReason,
    Function,
    Level,
    ProjectStage,
    RelationshipLevel,
    TieKind,
    TouchKind,
)
from relmap.errors import Unreadable
from relmap.names.folding import caseless, tidy
from relmap.names.tables import read_rows
from relmap.names.titles import named_function, named_level

__all__ = [
    "read_basis",
    "read_direction",
    "read_end_reason",
    "read_function",
    "read_level",
    "read_project_stage",
    "read_relationship_level",
    "read_sign",
    "read_tie_kind",
    "read_touch_kind",
]

_LISTS: Final[Mapping[str, Sequence[str]]] = {
    N_("level"): LEVELS,
    N_("function"): FUNCTIONS,
    N_("relationship level"): RELATIONSHIP_LEVELS,
    N_("kind of tie"): TIE_KINDS,
    N_("kind of touch"): TOUCH_KINDS,
    N_("direction"): DIRECTIONS,
    N_("basis"): CLAIM_BASES,
    N_("reason"): END_REASONS,
    N_("stage of a project"): PROJECT_STAGES,
}
"""The words of each list, by what ``spellings.tsv`` calls it."""


def _key(text: str) -> str:
    return caseless(text).replace("_", " ").replace("-", " ")


@cache
def _by_key(what: str) -> Mapping[str, str]:
    """Each spelling's key with its word; a word is its own first spelling."""
    others = {
        _key(spelling): word
        for listed, word, spellings in read_rows(__file__, "spellings.tsv")
        if listed == what
        for spelling in spellings.split("|")
    }
    return others | {_key(word): word for word in _LISTS[what]}


def _word(text: str, what: str) -> str | None:
    """The word a cell means, ``None`` for a blank; ``Unreadable`` names the words there are."""
    key = _key(text)
    if key in ("", " "):
        return None
    words = _by_key(what)
    if key in words:
        return words[key]
    known = ", ".join(sorted(set(words.values())))
    raise Unreadable(
        "{text!r} is no {what} that relmap knows. Write one of: {known}.",
        text=tidy(text)[:40],
        what=Message(what),
        known=known,
    )


@lru_cache(maxsize=1024)
def read_level(text: str) -> Level | None:
    """A post's level, also by a title of that rank such as 经理."""
    try:
        return cast("Level | None", _word(text, "level"))
    except Unreadable:
        if level := named_level(text):
            return level
        raise


@lru_cache(maxsize=1024)
def read_function(text: str) -> Function | None:
    """A post's function, also by the name of a department such as 采购部."""
    try:
        return cast("Function | None", _word(text, "function"))
    except Unreadable:
        if function := named_function(text):
            return function
        raise


def read_relationship_level(text: str) -> RelationshipLevel | None:
    """How close one of us is to one of them; also 0 to 4."""
    return cast("RelationshipLevel | None", _word(text, "relationship level"))


def read_tie_kind(text: str) -> TieKind | None:
    """What joins two people."""
    return cast("TieKind | None", _word(text, "kind of tie"))


def read_touch_kind(text: str) -> TouchKind | None:
    """How they met, spoke or wrote."""
    return cast("TouchKind | None", _word(text, "kind of touch"))


def read_direction(text: str) -> Direction | None:
    """From whom a touch came."""
    return cast("Direction | None", _word(text, "direction"))


def read_basis(text: str) -> ClaimBasis | None:
    """On what a belief rests."""
    return cast("ClaimBasis | None", _word(text, "basis"))


def read_end_reason(text: str) -> EndReason | None:
    """Why a tenure ended."""
    return cast("EndReason | None", _word(text, "reason"))


def read_project_stage(text: str) -> ProjectStage | None:
    """How far a project is, or how it ended."""
    return cast("ProjectStage | None", _word(text, "stage of a project"))


_SIGNS: Final = {
    **dict.fromkeys(("+", "1", "+1", "positive", "good", "正", "正面", "好"), 1),
    **dict.fromkeys(("0", "neutral", "中", "中性", "一般"), 0),
    **dict.fromkeys((" ", " 1", "−", "negative", "bad", "负", "負", "负面", "負面", "差"), -1),
}


def read_sign(text: str) -> int | None:
    """Whether a tie is good (1), neutral (0) or bad (-1)."""
    key = _key(text)
    if not key:
        return None
    if key in _SIGNS:
        return _SIGNS[key]
    raise Unreadable("{text!r} is no sign. Write 1, 0 or -1.", text=tidy(text)[:40])
