"""What the lines above a list say of its day and its company, against what the import was told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from relmap.contracts import Message
from relmap.errors import Unreadable
from relmap.imports.sheets.table import Table
from relmap.names.days import DayRange, day_range
from relmap.names.folding import tidy
from relmap.names.matching import account_core

__all__ = ["contradictions"]

_DAY: Final = re.compile(
    r"(?:民[國国]\s*)?\d{2,4}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}\s*日?|\s*月)"
    r"|\d{1,2}[ -][A-Za-z]{3,9}\.?[ -]\d{4}|[A-Za-z]{3,9} \d{1,2},? \d{4}|\b20\d{6}\b"
)
_COMPANY: Final = re.compile(
    r"(?:company|customer|client|account|公司(?:名[称稱])?|客[户戶](?:名[称稱])?|企[业業]名[称稱]?)"
    r"\s*[:：]\s*(.+)",
    re.IGNORECASE,
)


def contradictions(table: Table, *, on: date, account: str | None) -> Iterator[Message]:
    """A note where those lines name another day, or another company, than the import does."""
    days = [day for text in table.titles for day in _days(text)]
    if days and not any(day.after < on <= day.on for day in days):
        told = next(text for text in table.titles if any(_days(text)))
        values = {"file": table.name, "text": tidy(told)[:60], "day": on}
        yield Message("Above the list in {file} stands “{text}”; it is taken as of {day}.", values)
    for text in table.titles if account else ():
        found = _COMPANY.search(text)
        if found and not _may_be_one(found[1], account or ""):
            values = {"file": table.name, "text": tidy(found[0])[:60], "account": account}
            yield Message(
                "Above the list in {file} stands “{text}”; it is taken as a list of {account}.",
                values,
            )
            return


def _days(text: str) -> Iterator[DayRange]:
    for written in _DAY.findall(text):
        try:
            yield day_range(written)
        except Unreadable:
            continue


def _may_be_one(written: str, account: str) -> bool:
    one, other = account_core(tidy(written)), account_core(account)
    return not one or not other or one in other or other in one
