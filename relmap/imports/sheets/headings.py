"""The headings by which files call the fields; they stand in ``headings.tsv``.

A vocabulary maps each field to tiers of headings, the most telling first. A field takes the best
tier that the file has; what a better heading leaves over may fill a later tier of another field
(beside 客户 the column 公司 is whom a person works for). Written as people write them; compared by
:func:`relmap.names.folding.letters`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from relmap.names.tables import read_rows

__all__ = ["Vocabulary", "people_of_companies", "vocabulary"]

Vocabulary = Mapping[str, tuple[str, ...]]
"""Field to tiers; a tier is headings parted by ``|``. A field's own name precedes all tiers."""


@cache
def vocabulary(kind: str) -> Vocabulary:
    """The vocabulary of a kind of list: snapshot, tenures, ties, touches or projects."""
    fields: dict[str, tuple[str, ...]] = {}
    for listed, field, headings in read_rows(__file__, "headings.tsv"):
        if listed == kind:
            fields[field] = (*fields.get(field, ()), *_tiers(field, headings))
    return fields


def _tiers(field: str, headings: str) -> tuple[str, ...]:
    if headings.startswith("@"):
        return vocabulary("shared")[headings[1:]]
    return vocabulary(headings[1:])[field] if headings.startswith("=") else (headings,)


def people_of_companies() -> str:
    """Headings that name the account or, if that is given, whom each person works for."""
    return vocabulary("shared")["company"][0]
