"""To whom a person of a snapshot reports, by name and by id."""

from __future__ import annotations

import re
from typing import Final

from relmap.contracts.words import ExternalIdKind
from relmap.imports.sheets.cells import read_ids, read_mails
from relmap.imports.sheets.nobody import is_unknown_mark, is_vacancy_mark
from relmap.imports.sheets.people import split_acting_name
from relmap.imports.sheets.records import SheetRecord

__all__ = ["superior_id_of", "superior_of"]

_ENTRY: Final = re.compile(r"cn=((?:[^,\\]|\\.)+),", re.IGNORECASE)
"""An entry of a directory (LDAP): CN=Mira Holt,OU=Purchasing,DC=acme."""


def superior_of(line: SheetRecord) -> str | None:
    """The name of the manager, without an acting mark."""
    name = line.name("reports_to")
    if name and (entry := _ENTRY.match(name)):
        name = entry[1].replace("\\,", ",")
    if name is None or "@" in name or is_vacancy_mark(name) or is_unknown_mark(name):
        return None
    return split_acting_name(name)[0]


def superior_id_of(line: SheetRecord) -> tuple[ExternalIdKind, str] | None:
    """The id of the manager; a mail address in the column of names is one."""
    for field in ("reports_to_id", "reports_to"):
        if mails := read_mails(line.raw(field)):
            return "mail", mails[0]
    kind: ExternalIdKind = "staff_number"
    if line.has("external_id") or line.has("row_number"):
        kind = "handle"
    ids = read_ids(line.raw("reports_to_id"), kind)
    return ids[0] if ids else None
