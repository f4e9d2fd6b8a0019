"""Who a record names: the same columns in every kind of list."""

from __future__ import annotations

import re
from typing import Final, Literal

from relmap.contracts.words import ExternalIdKind
from relmap.imports.sheets.cells import (
    id_key,
    read_ids,
    read_mails,
)
from relmap.imports.sheets.nobody import is_unknown_mark, is_vacancy_mark
from relmap.imports.sheets.records import MAX_NAME_LENGTH, SheetRecord
from relmap.names.folding import tidy

__all__ = ["NAME_PARTS", "external_ids_of", "mark_of", "name_of", "split_acting_name"]

NAME_PARTS: Final = ("first_name", "middle_name", "last_name")
_EAST_ASIAN: Final = re.compile(r"[㐀-鿿豈-﫿぀-ヿ가-힣]")
_ACTING_IN_BRACKETS: Final = re.compile(
    r"\s*[(\[（【](?:acting|interim|代理?|暂代|暫代|署理)[)\]）】]", re.IGNORECASE
)


def name_of(line: SheetRecord) -> str:
    """The person's name as written, or put together from its parts; may be a mark or empty."""
    name = tidy(line.raw("person"))
    if is_vacancy_mark(name):
        first, middle, last = (tidy(line.raw(part)) for part in NAME_PARTS)
        if _EAST_ASIAN.search(last + first):
            name = f"{last}{middle}{first}" or name
        else:
            name = " ".join(part for part in (first, middle, last) if part) or name
    if len(name) > MAX_NAME_LENGTH:
        line.refuse_long("person", name)
    return name


def split_acting_name(name: str) -> tuple[str, bool]:
    """A name without an acting mark in brackets, 张三（代）, and whether it had one."""
    bare, count = _ACTING_IN_BRACKETS.subn("", name)
    return tidy(bare), count > 0


def external_ids_of(line: SheetRecord) -> tuple[tuple[ExternalIdKind, str], ...]:
    """The person's ids as written, each once: ``external_id``, ``staff_number``, ``email``."""
    found = [
        *read_ids(line.raw("external_id")),
        *read_ids(line.raw("staff_number"), "staff_number"),
    ]
    found += [("mail", address) for address in read_mails(line.raw("email"))]
    for _, value in found:
        if len(value) > MAX_NAME_LENGTH:
            line.refuse(
                "external_id",
                "{heading} has an id of more than {most} characters.",
                most=MAX_NAME_LENGTH,
            )
    return tuple({id_key(*found_id): found_id for found_id in reversed(found)}.values())[::-1]


def mark_of(name: str) -> Literal["vacant", "unknown"] | None:
    """``vacant`` or ``unknown`` where a name is a mark for nobody or for somebody unknown."""
    if is_unknown_mark(name):
        return "unknown"
    return "vacant" if is_vacancy_mark(name) else None
