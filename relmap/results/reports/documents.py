"""Stored results as the plain dicts that commands print, names filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from relmap.contracts import Ref
from relmap.results.wording import filled, ref_with_name

__all__ = ["actions_with_names", "evidence_with_names", "refs_with_names"]


def refs_with_names(refs: Iterable[str], names: Mapping[Ref, str]) -> list[dict[str, Any]]:
    """Stored refs with their names."""
    return [ref_with_name(Ref.parse(ref), names) for ref in refs]


def evidence_with_names(
    stored: Sequence[Mapping[str, Any]], names: Mapping[Ref, str]
) -> list[dict[str, Any]]:
    """Stored evidence: text, points and refs."""
    return [
        {
            "text": filled(row, names),
            "points": row["points"],
            "refs": refs_with_names(row["refs"], names),
        }
        for row in stored
    ]


def actions_with_names(
    stored: Sequence[Mapping[str, Any]], names: Mapping[Ref, str]
) -> list[dict[str, Any]]:
    """Stored actions: text, refs, whose they are and what they would gain."""
    return [
        {
            "text": filled(row, names),
            "refs": refs_with_names(row["refs"], names),
            "owner": ref_with_name(Ref.parse(row["owner"]), names) if row["owner"] else None,
            "gain": row["gain"],
        }
        for row in stored
    ]
