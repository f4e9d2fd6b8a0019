"""What to say of a list that can be taken as it stands, and may yet be a slip of the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from rapidfuzz import fuzz, process
from sqlalchemy import select

from relmap.imports.plan import Note
from relmap.models import Account, db
from relmap.names.matching import unit_key

__all__ = ["of_day", "of_new_accounts", "without_names"]

NEAR: Final = 80
NEAR_IN_CHARACTERS: Final = 75  # one of four may differ
SHOWN: Final = 3
ALIKE: Final = " (alike: "


def of_day(day: date, today: date | None) -> list[Note]:
    """A note where a list is of a day to come; clocks differ, so it is not refused."""
    if today is None or day <= today:
        return []
    text = (
        f"{day} lies ahead: today is {today}. Lists of earlier days will count as older than this "
        "one and be refused. If the day is mistyped, undo this import."
    )
    return [Note(None, text)]


def of_new_accounts(names: Mapping[str, int | None]) -> list[Note]:
    """A note for each account that a file opens, with those on file that are called nearly so.

    ``names`` are the new ones as written, each with the first row that names it.
    """
    if not names:
        return []
    known = {name: unit_key(name) for name in db.session.scalars(select(Account.name))}
    return [Note(row, _text(name, known)) for name, row in names.items()]


def _text(name: str, known: Mapping[str, str]) -> str:
    key = unit_key(name)
    near = NEAR if key.isascii() else NEAR_IN_CHARACTERS
    found = process.extract(key, known, scorer=fuzz.token_ratio, score_cutoff=near, limit=SHOWN)
    alike = [other for _, _, other in found if known[other] != key]
    return f"Account {name} is new" + (f"{ALIKE}{', '.join(alike)})." if alike else ".")


def without_names(text: str) -> str:
    """A note as somebody reads it who may not see the other accounts of the book."""
    before, alike, _ = text.partition(ALIKE)
    return f"{before}." if alike else text
