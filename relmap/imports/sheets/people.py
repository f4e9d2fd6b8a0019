"""Who a record names: the same columns in every kind of list."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

from relmap.contracts.words import ExternalIdKind
from relmap.imports.sheets.cells import (
    id_key,
    read_ids,
    read_mails,
)
from relmap.imports.sheets.holders import are_whole_names, is_name
from relmap.imports.sheets.nobody import is_unknown_mark, is_vacancy_mark
from relmap.imports.sheets.records import MAX_NAME_LENGTH, SheetRecord
from relmap.names.folding import caseless, simplified, tidy

__all__ = [
    "NAME_PARTS",
    "external_ids_of",
    "is_count",
    "mark_of",
    "name_of",
    "split_acting_name",
]

NAME_PARTS: Final = ("first_name", "middle_name", "last_name")
_EAST_ASIAN: Final = re.compile(r"[㐀-鿿豈-﫿぀-ヿ가-힣]")
_ACTING_IN_BRACKETS: Final = re.compile(
    r"\s*[(\[（【](?:acting|interim|代理?|暂代|暫代|署理)[)\]）】]", re.IGNORECASE
)
_ASIDE: Final = re.compile(  # what offices write behind a name, and is no part of it
    r"\s*[(\[（【](?:新[来來任]?|兼[任职職]?|男|女|[实實][习習]生?|借[调調]|外派|外包|派遣|[约約]聘|合同工|[临臨][时時]工?"
    r"|[党黨][员員]|[组組班]长|[组組班]長|[试試]用期?|new|fe?male|[fmc]|m/f|f/m|contractor|contract|ext(?:ernal)?\.?"
    r"|intern|trainee|temp|part[- ]time|(?:s?he|they)/(?:him|her|them)(?:/\w+)?)[)\]）】]"
    r"|^[*＊※\u2190-\u2bff]+\s*|\s*[*＊#※\u2190-\u2bff¹²³†‡]+$|(?<=\S)\s+[-–]\s+(?:external|contractor|ext\.?)$",
    re.IGNORECASE,
)
_ALSO_HERE: Final = re.compile(r"[(（]?由?(\w{2,4}?)(兼任?|兼管|代管|代理|[暂暫]代)[)）]?")
_KIND_OF_WORKER: Final = re.compile(
    r"(?:temps?|contractors?|interns?|trainees?|test(?: user)?|admin(?:istrator)?|guest|no ?name"
    r"|外包(?:人员)?|派遣(?:人员|工)?|实习生|临时工|系统管理员|管理员|兼任?)(?: ?[(（]\d+[)）])?"
)
"""Somebody, and nobody's name; as a title each may be a post's."""
_COUNT: Final = re.compile(r"\d+|(?:共)?\d+\s*(?:人|名|位|[员員]|people|persons?|heads?)", re.I)


def name_of(line: SheetRecord) -> str:
    """The person's name as written, or put together from its parts; may be a mark or empty.

    Several whole names on lines of their own in the cell stay on lines of their own.
    """
    written = line.raw("person")
    name = tidy(written)
    if "\n" in written.strip():
        lines = [tidy(one) for one in written.splitlines() if tidy(one)]
        name = "\n".join(lines) if are_whole_names(lines) else name
    first, middle, last = (tidy(line.raw(part)) for part in NAME_PARTS)
    if is_vacancy_mark(name) or (first and last and name.startswith(f"{last}, ")):
        if _EAST_ASIAN.search(last + first):
            name = f"{last}{middle}{first}" or name
        else:
            name = " ".join(part for part in (first, middle, last) if part) or name
    if len(name) > MAX_NAME_LENGTH:
        line.refuse_long("person", name)
    return name


@lru_cache(maxsize=16_384)
def split_acting_name(name: str) -> tuple[str, bool]:
    """A name without what stands behind it, 张三（代）, 李四（新）, and whether it was acting."""
    also = _ALSO_HERE.fullmatch(name)
    if also and is_name(also[1]):  # 由林晓兼任: who has another post as well
        return also[1], not also[2].startswith("兼")
    bare, count = _ACTING_IN_BRACKETS.subn("", name)
    return tidy(_without_asides(bare)), count > 0


def _without_asides(name: str) -> str:
    """A name without remarks that are no part of it: 李四（新） and 李四 are one person.

    Brackets that may part two namesakes, 张伟（研发）, stay.
    """
    return name if name.isalpha() or mark_of(name) else _ASIDE.sub("", name) or name


def is_count(text: str) -> bool:
    """Whether a cell for a name holds a number or how many there are: 3, 共2人, 12345."""
    return text[-1:].isalnum() and _COUNT.fullmatch(text) is not None


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


@lru_cache(maxsize=16_384)
def mark_of(name: str) -> Literal["vacant", "unknown"] | None:
    """``vacant`` or ``unknown`` where a name is a mark for nobody or for somebody unknown."""
    if is_unknown_mark(name) or _KIND_OF_WORKER.fullmatch(simplified(caseless(name))):
        return "unknown"
    return "vacant" if is_vacancy_mark(name) else None
