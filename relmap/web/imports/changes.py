"""The changes of a file for the eye: by kind, with counts, long kinds folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from relmap.languages import label
from relmap.web.layout.names import WrittenName, written_name

__all__ = ["KINDS", "ChangeGroup", "ShownChange", "change_groups"]

# What happened, and the mark it is drawn with: who went and who came first, then the structure.
KINDS: Final = {
    "left_post": ("left", "out"),
    "joined_post": ("came", "in"),
    "confirmed": ("confirmed", "in"),
    "post_opened": ("seat opened", "in"),
    "post_renamed": ("seat renamed", "same"),
    "unit_opened": ("unit opened", "in"),
    "unit_closed": ("unit closed", "out"),
    "unit_renamed": ("unit renamed", "same"),
    "unit_moved": ("unit moved", "same"),
    "person_renamed": ("person renamed", "same"),
    "affiliation_changed": ("affiliation changed", "same"),
    "reporting_changed": ("reports to another seat", "same"),
    "fact_changed": ("corrected", "same"),
    "uncertain": ("uncertain", "doubt"),
}
OPENED: Final = 2  # kinds that stand open in a long list
SHORT: Final = 30  # changes in all that need no folding
FIRST: Final = 20  # rows of a kind before the rest is folded
FEW: Final = 5  # a fold of so few would hide more than it saves


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change as a row."""

    row: int | None
    who: WrittenName | None
    post: str
    place: str
    detail: str


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The changes of one kind: ``first`` stand there, ``rest`` is folded under them.

    ``count`` may be more than are listed here: then they have pages of their own.
    """

    kind: str
    title: str
    mark: str
    count: int
    is_open: bool
    first: tuple[ShownChange, ...]
    rest: tuple[ShownChange, ...]

    @property
    def listed_count(self) -> int:
        """How many are listed here."""
        return len(self.first) + len(self.rest)


def change_groups(
    changes: Iterable[Mapping[str, Any]], *, most: int, folds: bool = True
) -> list[ChangeGroup]:
    """The changes by kind in the order of ``KINDS``, at most ``most`` of a kind."""
    by_kind: dict[str, list[Mapping[str, Any]]] = {kind: [] for kind in KINDS}
    for change in changes:
        by_kind.setdefault(change["kind"], []).append(change)
    found = {kind: rows for kind, rows in by_kind.items() if rows}
    if not folds or sum(map(len, found.values())) <= SHORT:
        return [_group(kind, rows[:most], len(rows), first=most) for kind, rows in found.items()]
    return [
        _group(kind, rows[:most], len(rows), first=FIRST, is_open=place < OPENED)
        for place, (kind, rows) in enumerate(found.items())
    ]


def _group(
    kind: str, rows: Sequence[Mapping[str, Any]], count: int, *, first: int, is_open: bool = True
) -> ChangeGroup:
    title, mark = KINDS.get(kind, (kind.replace("_", " "), "same"))
    shown = tuple(_shown(row) for row in rows)
    if len(shown) <= first + FEW:
        first = len(shown)
    return ChangeGroup(
        kind=kind,
        title=title[:1].upper() + title[1:],
        mark=mark,
        count=count,
        is_open=is_open,
        first=shown[:first],
        rest=shown[first:],
    )


def _shown(change: Mapping[str, Any]) -> ShownChange:
    return ShownChange(
        row=change["row"],
        who=written_name(change["person"]) if change.get("person") else None,
        post=change.get("post") or "",
        place=_joined(change.get("unit"), change.get("account")),
        detail="; ".join(_details(change)),
    )


def _details(change: Mapping[str, Any]) -> Iterable[str]:
    successors = ", ".join(row["person"] for row in change.get("successors") or ())
    if successors:
        yield f"followed by {successors}"
    elif change.get("seat"):
        yield label("seat", change["seat"])
    if change.get("moved_to"):
        yield f"went to {_place(change['moved_to'])}"
    if change.get("moved_from"):
        yield f"came from {_place(change['moved_from'])}"
    if change.get("before") is not None or change.get("after") is not None:
        yield f"{_value(change.get('before'))} → {_value(change.get('after'))}"
    reason = change.get("reason")
    if reason and reason != "unknown":
        yield label("end_reason", reason)


def _place(spot: Mapping[str, Any]) -> str:
    return _joined(spot.get("post"), spot.get("unit"), spot.get("account"))


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _value(value: Any) -> str:
    """One side of a change in words."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key.replace('_', ' ')} {_value(one)}" for key, one in value.items())
    return "–" if value in (None, "") else str(value)
