"""What to say of a list that can be taken as it stands, and may yet be a slip of the keyboard."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from rapidfuzz import fuzz, process
from sqlalchemy import select

from relmap.clock import zone_name
from relmap.contracts import N_, Message
from relmap.imports.accounts import AccountNames
from relmap.imports.plan import Note, asked_at_once, note_of_row
from relmap.models import Account, db
from relmap.names.matching import unit_key

__all__ = ["of_day", "of_new_accounts", "question_of_new_accounts", "without_names"]

NEAR: Final = 80
NEAR_IN_CHARACTERS: Final = 75  # one of four may differ
SHOWN: Final = 3
ALIKE: Final = N_("Account {account} is new (alike: {alike}).")
NEW: Final = N_("Account {account} is new.")
NEARLY: Final = N_(
    "{account} would be opened beside {alike}: are they one? Nothing was applied. If they are, "
    "write the name as it is on file; if not, apply it all the same."
)
ALIKE_OF_OLD: Final = re.compile(r" \(alike: .*")
"""In a sentence that was kept before there were messages."""


def of_day(day: date, today: date | None) -> list[Note]:
    """A note where a list is of a day to come; clocks differ, so it is not refused."""
    if today is None or day <= today:
        return []
    note = note_of_row(
        None,
        "{day} lies ahead: today is {today} ({zone}). Lists of earlier days will count as older "
        "than this one and be refused. If the day is mistyped, undo this import.",
        day=day,
        today=today,
        zone=zone_name(),
    )
    return [note]


def of_new_accounts(names: Mapping[str, int | None]) -> list[Note]:
    """A note for each account that a file opens, with those on file that are called nearly so.

    ``names`` are the new ones as written, each with the first row that names it.
    """
    if not names:
        return []
    known = {name: unit_key(name) for name in db.session.scalars(select(Account.name))}
    return [Note(row, _message(name, known)) for name, row in names.items()]


def question_of_new_accounts(names: Collection[str]) -> Message | None:
    """What to ask where a list would open an account that is nearly one on file, or in the list."""
    if not names:
        return None
    on_file, new = AccountNames(), sorted(names, key=len)
    alike = {name: on_file.alike(name, new[:place]) for place, name in enumerate(new)}
    return asked_at_once(
        Message(NEARLY, {"account": name, "alike": others})
        for name, others in alike.items()
        if others
    )


def _message(name: str, known: Mapping[str, str]) -> Message:
    key = unit_key(name)
    near = NEAR if key.isascii() else NEAR_IN_CHARACTERS
    found = process.extract(key, known, scorer=fuzz.token_ratio, score_cutoff=near, limit=SHOWN)
    alike = [other for _, _, other in found if known[other] != key]
    if alike:
        return Message(ALIKE, {"account": name, "alike": alike})
    return Message(NEW, {"account": name})


def without_names(note: Note) -> Note:
    """A note as somebody reads it who may not see the other accounts of the book."""
    message = note.message
    if message.id in (ALIKE, NEARLY):
        return Note(note.row, Message(NEW, {"account": message.values["account"]}))
    if message.values:
        inner = {
            key: without_names(Note(None, value)).message if isinstance(value, Message) else value
            for key, value in message.values.items()
        }
        return replace(note, message=replace(message, values=inner))
    return Note(note.row, Message(ALIKE_OF_OLD.sub(".", message.id)))
