"""The changes of a file for the eye: by kind, with counts, long kinds folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from relmap.contracts import N_
from relmap.imports.report import announced_day, row_words
from relmap.imports.told_days import split_days
from relmap.languages import _, clauses, commas, label, word
from relmap.languages.labels import list_of
from relmap.web.layout.names import WrittenName, written_name

__all__ = ["KINDS", "ChangeGroup", "ShownChange", "change_groups"]

# What happened, and the mark it is drawn with: who went and who came first, then the structure.
KINDS: Final = {
    "left_post": (N_("Left"), "out"),
    "joined_post": (N_("Came"), "in"),
    "confirmed": (N_("Confirmed"), "in"),
    "post_opened": (N_("Seat opened"), "in"),
    "post_renamed": (N_("Seat renamed"), "same"),
    "unit_opened": (N_("Unit opened"), "in"),
    "unit_closed": (N_("Unit closed"), "out"),
    "unit_renamed": (N_("Unit renamed"), "same"),
    "unit_moved": (N_("Unit moved"), "same"),
    "person_renamed": (N_("Person renamed"), "same"),
    "affiliation_changed": (N_("Affiliation changed"), "same"),
    "reporting_changed": (N_("Reports to another seat"), "same"),
    "fact_changed": (N_("Corrected"), "same"),
    "uncertain": (N_("Uncertain"), "doubt"),
}
# What was corrected: a column of a fact.
FIELDS: Final = {
    "acting": N_("acting"),
    "affiliation": N_("affiliation"),
    "end_reason": N_("end reason"),
    "ends_after": N_("ends after"),
    "ends_on": N_("ends on"),
    "function": N_("function"),
    "language": N_("language"),
    "latin_name": N_("latin name"),
    "level": N_("level"),
    "name": N_("name"),
    "nickname": N_("nickname"),
    "precision": N_("precision"),
    "reports_to": N_("reports to"),
    "seats": N_("seats"),
    "starts_after": N_("starts after"),
    "starts_on": N_("starts on"),
    "term_ends_on": N_("term ends on"),
    "title": N_("title"),
    "vacant_since": N_("vacant since"),
}
OPENED: Final = 2  # kinds that stand open in a long list
SHORT: Final = 30  # changes in all that need no folding
FIRST: Final = 20  # rows of a kind before the rest is folded
FEW: Final = 5  # a fold of so few would hide more than it saves


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change as a row."""

    row: str | None
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
    changes: Iterable[Mapping[str, Any]], *, most: int, on: date | None, folds: bool = True
) -> list[ChangeGroup]:
    """The changes by kind in the order of ``KINDS``, at most ``most`` of a kind.

    What lies after ``on``, the day of the list, is announced.
    """
    by_kind: dict[str, list[Mapping[str, Any]]] = {kind: [] for kind in KINDS}
    for change in changes:
        by_kind.setdefault(change["kind"], []).append(change)
    found = {kind: rows for kind, rows in by_kind.items() if rows}
    if not folds or sum(map(len, found.values())) <= SHORT:
        return [
            _group(kind, rows[:most], len(rows), on, first=most) for kind, rows in found.items()
        ]
    return [
        _group(kind, rows[:most], len(rows), on, first=FIRST, is_open=place < OPENED)
        for place, (kind, rows) in enumerate(found.items())
    ]


def _group(
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    count: int,
    on: date | None,
    *,
    first: int,
    is_open: bool = True,
) -> ChangeGroup:
    title, mark = KINDS.get(kind, (kind.replace("_", " ").capitalize(), "same"))
    shown = tuple(_shown(row, on) for row in rows)
    if len(shown) <= first + FEW:
        first = len(shown)
    return ChangeGroup(
        kind=kind,
        title=_(title),
        mark=mark,
        count=count,
        is_open=is_open,
        first=shown[:first],
        rest=shown[first:],
    )


def _shown(change: Mapping[str, Any], on: date | None) -> ShownChange:
    return ShownChange(
        row=None if change["row"] is None else row_words(change),
        who=written_name(change["person"]) if change.get("person") else None,
        post=change.get("post") or "",
        place=_place(change, "unit", "account"),
        detail=clauses(_details(change, on)),
    )


def _details(change: Mapping[str, Any], on: date | None) -> Iterator[str]:
    if (ahead := announced_day(change, on)) is not None:
        yield _("announced for {day}", day=ahead)
    successors = [row["person"] for row in change.get("successors") or ()]
    if successors:
        yield _("followed by {names}", names=commas(successors))
    elif change.get("seat"):
        yield label("seat", change["seat"])
    if change.get("moved_to"):
        yield _("went to {place}", place=_place(change["moved_to"]))
    if change.get("moved_from"):
        yield _("came from {place}", place=_place(change["moved_from"]))
    if change.get("before") is not None or change.get("after") is not None:
        yield f"{_value(change.get('before'))} → {_value(change.get('after'))}"
    reason = change.get("reason")
    if reason and reason != "unknown":
        yield label("end_reason", reason)


def _place(spot: Mapping[str, Any], *parts: str) -> str:
    return commas(spot[part] for part in parts or ("post", "unit", "account") if spot.get(part))


def _value(value: Any) -> str:
    """One side of a change in words."""
    if isinstance(value, Mapping):
        days, rest = split_days(value)
        return commas([*days, *(_field(key, one) for key, one in rest.items())])
    return "–" if value in (None, "") else str(value)


def _field(key: str, value: Any) -> str:
    found = list_of(key, str(value))
    told = "–" if value in (None, "") else word(found, value) if found else value
    return _("{field} {value}", field=_(FIELDS.get(key, key.replace("_", " "))), value=told)
