"""Stored results as the plain dicts that commands print, names filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from relmap.contracts import N_, AccountView, Evidence, PostRow, Ref, codec
from relmap.facts.people import shown_id
from relmap.results.ref_names import filled, plain_names, ref_with_name

__all__ = [
    "MORE_TEXT",
    "Naming",
    "actions_with_names",
    "evidence_with_names",
    "first_evidence",
    "naming_of",
    "refs_with_names",
]

MORE_TEXT: Final = N_("and {count} more")
SHOWN_EVIDENCE: Final = 100


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


def first_evidence(stored: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Stored evidence for the eye: the first 100, then how many more there are, with their points.

    A rule may hand out thousands; commands give all of them as JSON.
    """
    rest = stored[SHOWN_EVIDENCE:]
    if len(rest) < 2:  # the line that tells of one takes as much room as that one
        return list(stored)
    points = sum(row.get("points") or 0 for row in rest)
    more: dict[str, Any] = {
        "text": MORE_TEXT,
        "points": points,
        "refs": [],
        "values": {"count": len(rest)},
    }
    return [*stored[:SHOWN_EVIDENCE], more]


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


# --- what is asked of one view


class Naming:
    """What refs are called, which ids people bear elsewhere, and evidence in words."""

    def __init__(self, names: Mapping[Ref, str], external_ids: Mapping[int, str | None]) -> None:
        self.names, self._external_ids = names, external_ids

    def name(self, ref: Ref) -> str:
        """What a ref is called now."""
        return self.names.get(ref) or plain_names([ref])[ref]

    def text(self, reason: Evidence) -> str:
        """A reason in words."""
        return filled(codec.plain(reason), self.names)

    def person(self, ref: Ref) -> dict[str, Any]:
        """A person: ``{"person", "id", "external_id"}``."""
        return {
            "person": self.name(ref),
            "id": ref.id,
            "external_id": self._external_ids.get(ref.id),
        }

    def people(self, refs: Iterable[Ref]) -> list[dict[str, Any]]:
        """Several people."""
        return [self.person(ref) for ref in refs]

    def post(self, row: PostRow) -> dict[str, Any]:
        """A post: ``{"post", "post_id", "unit"}``."""
        return {"post": self.name(row.ref), "post_id": row.ref.id, "unit": self.name(row.unit)}


def naming_of(view: AccountView, *, also: Iterable[Ref] = ()) -> Naming:
    """What all in a view are called, and ``also`` whom it does not know; one query.

    Units, posts and projects by their names of the view's day, people by those of today.
    """
    rows: Iterable[Any] = (*view.units, *view.posts, *view.people, *view.projects)
    named = {row.ref: row.name for row in view.units}
    named |= {row.ref: row.name for row in view.projects}
    named |= {row.ref: row.title for row in view.posts}
    return Naming(
        plain_names({view.account.ref, *(row.ref for row in rows), *also}) | named,
        {
            row.ref.id: shown_id([_kind_and_value(text) for text in row.external_ids])
            for row in view.people
        },
    )


def _kind_and_value(text: str) -> tuple[str, str]:
    kind, _, value = text.partition(":")
    return kind, value
