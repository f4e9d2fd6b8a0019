"""Which column of a table holds which field: by its heading, or as somebody said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from relmap.contracts import Message
from relmap.errors import Refused
from relmap.imports.sheets.headings import Vocabulary
from relmap.imports.sheets.table import Table
from relmap.names.folding import letters

__all__ = ["Columns", "find_columns", "is_of_tier", "keys_of", "listed", "require"]


HEADINGS_SHOWN: Final = 30
"""A refusal lists so many; an export may have hundreds."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands in a table's records."""

    headings: Mapping[str, str]
    """Field to the heading of its column."""
    places: Mapping[str, int]
    """Field to the place of its column in a record."""
    certain: frozenset[str] = frozenset()
    """Fields whose column was mapped, or is headed by the field's own name."""
    unused: tuple[str, ...] = field(default=())
    """Headings of columns that no field reads."""

    def __contains__(self, name: object) -> bool:
        return name in self.places


def find_columns(
    table: Table,
    vocabulary: Vocabulary,
    *,
    mapping: Mapping[str, str] | None = None,
    without: frozenset[tuple[str, int]] = frozenset(),
) -> Columns:
    """Find the columns of the fields in ``vocabulary``.

    ``mapping`` (field to heading) comes first, then fields' own names, then tier by tier.
    ``without`` are (field, tier) that do not count this time. ``Refused`` if two columns of one
    tier could be a field, or if ``mapping`` names what is not there.
    """
    free = dict(enumerate(table.header))
    for place in _prefixes_of_outlook(table):
        del free[place]
    places = _mapped(table, vocabulary, mapping or {})
    for place in places.values():
        free.pop(place, None)
    own = _named_outright(vocabulary, set(places), free)
    certain = frozenset({*places, *own})
    places |= own
    depth = max(map(len, vocabulary.values()))
    for tier in range(depth):
        for name in vocabulary:
            if name not in places and (name, tier) not in without:
                found = _in_tier(vocabulary, name, tier, free)
                if len(found) > 1:
                    _refuse_ambiguous(table, name, [free[place] for place in found])
                for place in found:
                    places[name] = place
                    del free[place]
    used = set(places.values())
    return Columns(
        headings={name: table.header[place] for name, place in places.items()},
        places=places,
        certain=certain,
        unused=tuple(heading for place, heading in enumerate(table.header) if place not in used),
    )


def require(table: Table, columns: Columns, names: tuple[str, ...], what: Message) -> None:
    """Refuse a table that has a column for none of these fields."""
    if any(name in columns for name in names):
        return
    raise Refused(
        "{file} has no column for {what}. Its columns are {headings}. Say which one it is: "
        "--map {field}=COLUMN.",
        row=table.header_row,
        column=names[0],
        file=table.name,
        what=what,
        headings=listed(table.header),
        field=names[0],
    )


def is_of_tier(heading: str, tier: str) -> bool:
    """Whether a heading is one of a tier's, by its whole text or by a part of it."""
    return not _keys_of_tier(tier).isdisjoint(keys_of(heading))


_IN_BRACKETS: Final = re.compile(r"[(\[【<].*?[)\]】>]")
_EAST_ASIAN: Final = re.compile(r"[㐀-鿿぀-ヿ]+")


@lru_cache(maxsize=4096)
def keys_of(heading: str) -> tuple[str, ...]:
    """The heading's key, then those of its parts: 姓名(必填), 职位/Title, Name 姓名."""
    folded = unicodedata.normalize("NFKC", heading)
    bare = _IN_BRACKETS.sub("", folded)
    east_asian = "".join(_EAST_ASIAN.findall(bare))
    western = _EAST_ASIAN.sub(" ", bare)
    keys = [letters(part) for part in (folded, bare, east_asian, western)]
    return tuple(key for key in dict.fromkeys(keys) if key)


@lru_cache(maxsize=512)
def _keys_of_tier(tier: str) -> frozenset[str]:
    return frozenset(letters(heading) for heading in tier.split("|"))


_KINDS_OF_IDS: Final = {"mail": "email", "handle": "external_id"}
"""A column may be mapped to the kind of its ids; the third kind is a field by its own name."""


def _mapped(table: Table, vocabulary: Vocabulary, mapping: Mapping[str, str]) -> dict[str, int]:
    places = {}
    for given, heading in mapping.items():
        name = _KINDS_OF_IDS.get(given, given)
        if name not in vocabulary:
            raise Refused(
                "--map {given}={heading}: there is no field {given!r}. The fields are {fields}.",
                column=given,
                given=given,
                heading=heading,
                fields=", ".join(vocabulary),
            )
        wanted = [place for place, known in enumerate(table.header) if known == heading.strip()]
        wanted = wanted or [
            place for place, known in enumerate(table.header) if letters(known) == letters(heading)
        ]
        if len(wanted) != 1:
            raise Refused(
                "--map {name}={heading}: {file} has no column {heading!r}. Its columns are "
                "{headings}.",
                row=table.header_row,
                column=heading,
                name=name,
                heading=heading,
                file=table.name,
                headings=listed(table.header),
            )
        places[name] = wanted[0]
    return places


def _named_outright(
    vocabulary: Vocabulary, taken: set[str], free: dict[int, str]
) -> dict[str, int]:
    """Columns headed by a field's own name; they leave ``free``."""
    own = {letters(name): name for name in vocabulary if name not in taken}
    found = {}
    for place, heading in list(free.items()):
        name = own.pop(letters(heading), None)
        if name is not None:
            found[name] = place
            del free[place]
    return found


def _in_tier(vocabulary: Vocabulary, name: str, tier: int, free: dict[int, str]) -> list[int]:
    """Places whose heading is of this tier, by its whole text or else by a part of it."""
    tiers = vocabulary[name]
    if tier >= len(tiers):
        return []
    known = _keys_of_tier(tiers[tier])
    if tier == 0:
        known |= {letters(name)}  # as a part: "person (required)"
    keys = {place: keys_of(heading) for place, heading in free.items()}
    whole = [place for place, parts in keys.items() if parts and parts[0] in known]
    return whole or [place for place, parts in keys.items() if known.intersection(parts)]


def _refuse_ambiguous(table: Table, name: str, headings: list[str]) -> None:
    raise Refused(
        "{file}: the columns {headings} could each be the {name}. Say which one it is, such "
        "as --map {name}={heading!r}.",
        row=table.header_row,
        column=headings[1],
        file=table.name,
        headings=listed(headings),
        name=name,
        heading=headings[0],
    )


def _prefixes_of_outlook(table: Table) -> list[int]:
    """Columns of an Outlook export that mislead: Title is Mr or Dr, Account a mailbox's name."""
    keys = [letters(heading) for heading in table.header]
    if not {"firstname", "lastname", "company", "jobtitle", "emailaddress"}.issubset(keys):
        return []
    misleading = ("title", "account", "organizationalidnumber", "location", "initials")
    return [place for place, key in enumerate(keys) if key in misleading]


def listed(headings: Sequence[str]) -> Message | Sequence[str]:
    """Headings as a refusal names them: the first of many, and how many more there are."""
    rest = len(headings) - HEADINGS_SHOWN
    if rest <= 0:
        return headings
    shown = ", ".join(headings[:HEADINGS_SHOWN])
    return Message("{headings} and {number} more", {"headings": shown, "number": rest})
