"""How a person of a snapshot is reached, as the cells beside the name say."""

from __future__ import annotations

from collections.abc import Iterator

from relmap.contracts.words import ContactKind
from relmap.imports.sheets.cells import is_rounded, read_mails
from relmap.imports.sheets.records import SheetRecord

__all__ = ["contact_points_of", "number_in"]


def contact_points_of(line: SheetRecord) -> Iterator[tuple[ContactKind, str]]:
    """The mail addresses, telephone numbers and accounts of a record."""
    for address in read_mails(line.raw("email")):
        yield "mail", address
    yield from (("phone", number) for number in _phones(line))
    if number := number_in(line, "mobile"):
        yield "mobile", number
    if name := line.name("wechat"):
        yield "wechat", name


def _phones(line: SheetRecord) -> list[str]:
    """The numbers on the desk; an extension belongs to the first of them, if there is one."""
    phones = [number for field in ("phone", "landline") if (number := number_in(line, field))]
    extension = line.name("extension")
    if extension and phones and extension not in phones[0]:
        phones[0] = f"{phones[0]} ext. {extension}"
    elif extension and not phones:
        phones.append(extension)
    short = line.name("short_number")
    return list(dict.fromkeys([*phones, *([short] if short else [])]))


def number_in(line: SheetRecord, field: str) -> str | None:
    """A number as written, unless a spreadsheet rounded it."""
    number = line.name(field)
    return None if number is None or is_rounded(number) else number
