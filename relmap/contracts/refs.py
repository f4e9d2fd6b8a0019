"""A fact's name in results, texts and graphs."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

__all__ = ["Ref", "ref_of"]


class Ref(NamedTuple):  # hashed and compared in C: half of the time a graph takes to build
    """Points at one stored fact: a kind (``person``, ``post``, ``tenure``, ...) and its id.

    Written ``person:7``. Results hold refs and never names, so that they follow a rename, an
    erasure and a translation.
    """

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read ``kind:id`` back; raises ``ValueError`` on anything else."""
        return _parsed(text)


@lru_cache(maxsize=20_000)
def ref_of(kind: str, fact_id: int) -> Ref:
    """The ref of a fact, the very same each time: a view that names it often is pickled sooner."""
    return Ref(kind, fact_id)


@lru_cache(maxsize=20_000)  # a page of scores names the same few hundred a thousand times
def _parsed(text: str) -> Ref:
    kind, separator, number = text.partition(":")
    if not (kind and separator and number.isdecimal()):
        raise ValueError(f"{text!r} is not a ref; a ref reads like 'person:7'.")
    return Ref(kind, int(number))
