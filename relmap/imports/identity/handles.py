"""Handles that differ by case only: record ids of 15 characters tell people apart by that alone.

A handle is compared case-folded, as mails and staff numbers are. Where a list has two that differ
by case, or where one stands on file under a wholly different name, the second is kept as written,
behind a ``=``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from relmap.imports.facts_on_file import StoredPerson
from relmap.imports.plan import IdKey
from relmap.imports.snapshot_draft import Entry
from relmap.names.matching import share_a_part

__all__ = ["as_written", "part_by_case"]


def as_written(written: str) -> IdKey:
    """The key of a handle that only its case tells from another."""
    return "handle", f"={written}", 0


def part_by_case(entries: Iterable[Entry], known: Mapping[IdKey, StoredPerson]) -> None:
    """Give each handle of the list the key under which it is, or will be, on file."""
    forms: defaultdict[IdKey, defaultdict[str, list[Entry]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for entry in entries:
        for key, written in entry.ids.items():
            if key[0] == "handle":
                forms[key][written].append(entry)
    for key, by_form in forms.items():
        first = next(iter(by_form))
        for form, bearers in by_form.items():
            if _is_apart(key, form, bearers, known, is_second=form != first, of=len(by_form)):
                for entry in bearers:
                    entry.ids[as_written(form)] = entry.ids.pop(key)


def _is_apart(
    key: IdKey,
    form: str,
    bearers: list[Entry],
    known: Mapping[IdKey, StoredPerson],
    *,
    is_second: bool,
    of: int,
) -> bool:
    if as_written(form) in known:
        return True
    owner = known.get(key)
    if owner is None:
        return is_second
    if ("handle", form) in owner.written_ids:
        return False
    names = [*owner.names, *([owner.latin_name] if owner.latin_name else [])]
    return of > 1 or not share_a_part([entry.row.person or "" for entry in bearers], names)
