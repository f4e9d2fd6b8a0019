"""Handles that differ by case only: record ids of 15 characters tell people apart by that alone.

A handle is compared case-folded, as mails and staff numbers are. Where a list has two that differ
by case, or where one stands on file under a wholly different name, the second is kept as written,
behind a ``=``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from relmap.imports.identity.bearers import Bearer, PersonOnFile
from relmap.imports.plan import IdKey
from relmap.names.matching import are_equal, share_a_part

__all__ = ["as_written", "part_by_case"]


def as_written(written: str) -> IdKey:
    """The key of a handle that only its case tells from another."""
    return "handle", f"={written}", 0


def part_by_case(
    bearers: Iterable[Bearer],
    owner_of: Callable[[IdKey], PersonOnFile | None],
    *,
    names_count: bool = False,
) -> None:
    """Give each handle of a list the key under which it is, or will be, on file.

    ``names_count``: two forms by one name are one, for the list names people again and again.
    """
    forms: defaultdict[IdKey, defaultdict[str, list[Bearer]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for bearer in bearers:
        for key, written in bearer.ids.items():
            if key[0] == "handle":
                forms[key][written].append(bearer)
    for key, by_form in forms.items():
        first, *others = by_form
        names = [bearer.name for bearer in by_form[first]]
        apart = [
            form
            for form in others
            if not (names_count and are_equal(names, [one.name for one in by_form[form]]))
        ]
        for form, of_form in by_form.items():
            if owner_of(as_written(form)) is not None or _is_apart(
                form, of_form, owner_of(key), is_second=form in apart, is_one=not apart
            ):
                for bearer in of_form:
                    bearer.ids[as_written(form)] = bearer.ids.pop(key)


def _is_apart(
    form: str,
    bearers: Sequence[Bearer],
    owner: PersonOnFile | None,
    *,
    is_second: bool,
    is_one: bool,
) -> bool:
    if owner is None:
        return is_second
    if ("handle", form) in owner.written_ids:
        return False
    return not (is_one and share_a_part([bearer.name for bearer in bearers], owner.spellings))
