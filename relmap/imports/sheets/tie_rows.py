"""One row of a list of ties: who of us, or of them, is joined to whom, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from relmap.contracts import Message
from relmap.contracts.words import ClaimBasis, ExternalIdKind, RelationshipLevel, TieKind
from relmap.imports.sheets.cells import read_ids
from relmap.imports.sheets.columns import find_columns, require
from relmap.imports.sheets.headings import vocabulary
from relmap.imports.sheets.records import Sheet, SheetRecord, lines_of
from relmap.imports.sheets.spellings import (
    read_basis,
    read_relationship_level,
    read_sign,
    read_tie_kind,
)
from relmap.imports.sheets.table import Table
from relmap.names.folding import letters

__all__ = ["FileTie", "read_ties"]

_BOTH_THEIRS: Final = frozenset({"persona", "fromperson"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTie:
    """What one record says of two people; names as written, or ids as ``kind:value``."""

    row: int
    from_name: str
    """One of us, unless ``among_client``."""
    to_name: str
    to_id: tuple[ExternalIdKind, str] | None = None
    account: str | None = None
    """``None``: the file does not say; the name decides over the book."""
    kind: TieKind = "knows"
    level: RelationshipLevel | None = None
    sign: int | None = None
    """``None``: not given (good, but for conflicts)."""
    starts_on: date | None = None
    observed_on: date
    observed_is_given: bool = False
    """The file says when it was judged."""
    basis: ClaimBasis | None = None
    among_client: bool = False
    """Both are theirs."""


def read_ties(
    table: Table,
    *,
    on: date,
    account: str | None = None,
    mapping: Mapping[str, str] | None = None,
    among_client: bool = False,
) -> Sheet[FileTie]:
    """The rows of a list of ties; ``on`` is when it was judged, where the file does not say.

    Two columns headed person_a and person_b are people of theirs, as with ``among_client``.
    """
    columns = find_columns(table, vocabulary("ties"), mapping=mapping)
    require(table, columns, ("from",), what=Message("the first person (from, ours)"))
    require(table, columns, ("to",), what=Message("the second person (to, theirs)"))
    among_client = among_client or letters(columns.headings["from"]) in _BOTH_THEIRS
    rows = tuple(
        _row(line, on=on, account=account, among_client=among_client)
        for line in lines_of(table, columns)
    )
    return Sheet(rows, columns)


def _row(line: SheetRecord, *, on: date, account: str | None, among_client: bool) -> FileTie:
    starts, observed = line.day("starts_on"), line.day("observed_on")
    starts_on = None if starts is None else starts.after + timedelta(days=1)
    observed_on = on if observed is None else min(observed.on, max(on, observed.after))
    if starts_on is not None and starts_on > observed_on:
        line.refuse(
            "starts_on",
            "{heading} {day} lies after {judged_on}, when the tie was judged.",
            day=starts_on,
            judged_on=observed_on,
        )
    ids = read_ids(line.raw("external_id"))
    kind = line.read("kind", read_tie_kind)
    level = line.read("level", read_relationship_level)
    if level is not None and among_client:
        line.refuse("level", "{heading} is for ties between one of us and one of them. Empty it.")
    return FileTie(
        row=line.row,
        from_name=_required(line, "from"),
        to_name=_required(line, "to"),
        to_id=ids[0] if ids else None,
        account=account or line.name("account"),
        kind=kind or "knows",
        level=level,
        sign=line.read("sign", read_sign),
        starts_on=starts_on,
        observed_on=observed_on,
        observed_is_given=observed is not None,
        basis=line.read("basis", read_basis),
        among_client=among_client,
    )


def _required(line: SheetRecord, field: str) -> str:
    name = line.name(field)
    if name is None:
        line.refuse(field, "{heading} is empty. Fill in who it is, or remove the row.")
    return name
