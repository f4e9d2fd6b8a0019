"""What a form showed, told apart from what is on record by now: field by field.

A version is a digest of each value that the form showed, so that no table needs a column for it
and a colleague who changed another part of the row is in nobody's way (docs/adr).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Literal

from sqlalchemy import select

from relmap.facts.audit import plain
from relmap.languages import _
from relmap.models import Change, Model, User, db

__all__ = ["FieldDifference", "Written", "changes_of", "digests_in", "last_written", "version_of"]

Side = Literal["mine", "theirs"]


@dataclass(frozen=True, slots=True)
class Written:
    """Who wrote a value, as pages name them, and when."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field of which two versions stand beside each other, told as pages tell them.

    ``side`` is the one that holds unless the reader says otherwise; ``None``: both changed it, and
    the reader has to say. ``is_asked`` is ``False`` for what the form does not ask for.
    """

    name: str
    label: str
    mine: str
    theirs: str
    side: Side | None
    is_asked: bool
    written: Written | None


def version_of(values: Mapping[str, Any]) -> str:
    """The version of these values by the names of their fields, as a form sends it back."""
    return " ".join(f"{name}:{digest(value)}" for name, value in values.items())


def digests_in(version: str) -> dict[str, str]:
    """The digests of a version that was sent back, by the names of the fields."""
    pairs = (part.partition(":") for part in version.split())
    return {name: said for name, _, said in pairs}


def digest(value: Any) -> str:
    """A short name of a value; the same for the same value everywhere."""
    said = json.dumps(plain(value), sort_keys=True, ensure_ascii=False)
    return blake2b(said.encode(), digest_size=6).hexdigest()


def changes_of(row: Model) -> Iterator[tuple[Change, Collection[str]]]:
    """The lines of the audit log about a row, the newest first, each with the columns it wrote."""
    query = select(Change).where(
        Change.kind == row.__tablename__,
        Change.fact_id == row.id,  # type: ignore[attr-defined]  # as in record
    )
    for change in db.session.scalars(query.order_by(Change.id.desc())):
        yield change, change.after or ()


def last_written(
    changes: Iterable[tuple[Change, Collection[str]]], columns: Iterable[str], *, viewer_id: int
) -> dict[str, Written]:
    """Who wrote each of these columns last."""
    wanted, found = set(columns), dict[str, Change]()
    for change, written in changes:
        for column in wanted.intersection(written):
            found.setdefault(column, change)
        if len(found) == len(wanted):
            break
    return {column: _written(change, viewer_id) for column, change in found.items()}


def _written(change: Change, viewer_id: int) -> Written:
    """No user writes for an import, nor for a command of the machine's."""
    if change.user_id is None:
        return Written(_("An import") if change.import_id else _("A command"), change.at)
    name = db.session.scalar(select(User.name).where(User.id == change.user_id))
    return Written(_("You") if change.user_id == viewer_id else name or _("Somebody"), change.at)
