"""What later facts rest on an import: while there are any, it is not undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Table, or_, select

from relmap.contracts import Message
from relmap.errors import Refused
from relmap.facts.audit import plain
from relmap.facts.concerned import workplaces_of
from relmap.imports.apply import rows_by_id
from relmap.languages import label_message
from relmap.models import (
    Change,
    Coverage,
    Import,
    Model,
    Person,
    Post,
    Tenure,
    TouchPerson,
    Unit,
    db,
)
from relmap.models.chunks import chunked

__all__ = ["refuse_if_something_rests"]

TABLES: Final = Model.metadata.tables
DERIVED: Final = frozenset(
    {"alert", "scan", "score", "stored_view", "due", "change", "coverage", "import", "import_row"}
    | {"forecast", "foresight", "post_outlook", "back_test", "what_if"}
)
SHOWN: Final = 20
"""How many of the later facts a refusal lists."""


@dataclass(frozen=True, slots=True, order=True)
class Later:
    """A later fact; the newest are undone first."""

    at: str
    text: str  # orders those of one moment, and makes two alike one
    message: Message = field(compare=False)
    account_ids: frozenset[int] = frozenset()
    """The accounts it is about; none where it is in the import's own."""


def _fact(table: str) -> Message:
    return label_message("fact", table)


def _later(at: str, message: Message, account_ids: frozenset[int] = frozenset()) -> Later:
    return Later(at, str(message), message, account_ids)


def refuse_if_something_rests(
    kept: Import,
    changes: Sequence[Change],
    made: Mapping[str, set[int]],
    *,
    open_ids: Collection[int] | None,
) -> None:
    """Raise ``Refused`` with the list, newest first, if anything later rests on the import.

    Of what lies in accounts other than ``open_ids`` (``None``: all are open) no more is said than
    that it is there.
    """
    found = {
        *_later_lists(kept),
        *_later_rows(kept, _values_after(changes), made),
        *_later_changes(kept, changes, made),
        *_taken_seats(kept, changes),
    }
    if not found:
        return
    newest_first = sorted(_as_far_as_open(found, open_ids), reverse=True)
    lines = [later.message for later in newest_first[:SHOWN]]
    if rest := newest_first[SHOWN:]:
        lines.append(Message("and {number} more", {"number": len(rest)}))
    raise Refused(
        "Import {import_id} cannot be undone: later facts rest on it. Take these back first, the "
        "newest first:\n{lines}",
        import_id=kept.id,
        lines=_below_each_other(lines),
    )


def _below_each_other(lines: Sequence[Message]) -> Message:
    """Several messages as the lines of a list; its own text holds no words."""
    named = {f"line_{place}": line for place, line in enumerate(lines)}
    return Message("\n".join(f"- {{{name}}}" for name in named), named)


def _as_far_as_open(found: Iterable[Later], open_ids: Collection[int] | None) -> set[Later]:
    """One line stands for all that lies in accounts that the asker may not read."""
    if open_ids is None:
        return set(found)
    return {
        later
        if not later.account_ids or later.account_ids.intersection(open_ids)
        else _later(
            "",
            Message("what stands in accounts that you may not read: ask an administrator"),
        )
        for later in found
    }


def _later_lists(kept: Import) -> Iterator[Later]:
    """Snapshots of a later day that covered a unit again, and reckoned from this one."""
    if kept.kind != "snapshot" or kept.on is None:
        return
    own = set(db.session.scalars(select(Coverage.unit_id).where(Coverage.import_id == kept.id)))
    later = select(Import).where(
        Import.kind == "snapshot",
        Import.status == "applied",
        Import.id != kept.id,
        Import.on >= kept.on,
        Import.applied_at >= kept.applied_at,
    )
    for other in db.session.scalars(later):
        if not set(other.account_ids) & set(kept.account_ids):
            continue
        theirs = set(
            db.session.scalars(select(Coverage.unit_id).where(Coverage.import_id == other.id))
        )
        is_whole = (kept.complete or other.complete) and other.on != kept.on
        if own & theirs or is_whole:
            yield _told_import(other)


Values = Mapping[tuple[str, int], Mapping[str, Any]]
"""By table and id: columns as the import left them."""


def _later_rows(kept: Import, set_by_it: Values, made: Mapping[str, set[int]]) -> Iterator[Later]:
    """Rows that point at a row of the import without being its own."""
    for table in TABLES.values():
        if table.name in DERIVED:
            continue
        for column in table.columns:
            for key in column.foreign_keys:
                target = key.column.table.name
                for some in chunked(made.get(target, ())):
                    for row in _pointing(table, column.name, some, kept.id):
                        if column.name not in set_by_it.get((table.name, row.get("id", 0)), ()):
                            yield _told_row(table, row, target, row[column.name])


def _pointing(
    table: Table, column: str, ids: Iterable[int], import_id: int
) -> Iterator[Mapping[str, Any]]:
    query = select(table).where(table.c[column].in_(list(ids)))
    if "import_id" in table.c:
        query = query.where(or_(table.c.import_id.is_(None), table.c.import_id != import_id))
    elif table.name == "touch_person":
        touch = TABLES["touch"]
        own = select(touch.c.id).where(touch.c.import_id == import_id)
        query = query.where(table.c.touch_id.not_in(own))
    return (row._asdict() for row in db.session.execute(query))


def _told_row(table: Table, row: Mapping[str, Any], needs: str, needs_id: int) -> Later:
    if row.get("import_id"):
        return _told_import(db.session.get_one(Import, row["import_id"]))
    told: dict[str, Any] = {
        "fact": _fact(table.name),
        "needed": _fact(needs),
        "needed_id": needs_id,
    }
    if "id" in row:
        told["fact_id"] = row["id"]
        message = Message("{fact} {fact_id}, which needs {needed} {needed_id}", told)
    else:
        message = Message("{fact}, which needs {needed} {needed_id}", told)
    return _later(plain(row.get("recorded_at")) or "", message, _accounts_of_row(table, row))


def _accounts_of_row(table: Table, row: Mapping[str, Any]) -> frozenset[int]:
    """The accounts that a stored row is about."""
    if row.get("account_id"):
        return frozenset({row["account_id"]})
    if row.get("unit_id") or row.get("post_id"):
        query = select(Unit.account_id).join(Post, Post.unit_id == Unit.id, isouter=True)
        query = query.where(or_(Unit.id == row.get("unit_id"), Post.id == row.get("post_id")))
        return frozenset(db.session.scalars(query))
    people = {row[key] for key in ("person_id", "a_id", "b_id") if row.get(key)}
    if table.name == "touch_person":
        met = select(TouchPerson.person_id).where(TouchPerson.touch_id == row["touch_id"])
        people |= set(db.session.scalars(met))
    return frozenset(workplaces_of(people))


def _told_import(later: Import) -> Later:
    values = {"import_id": later.id, "file": later.file_name, "day": later.on}
    if later.on:
        message = Message("import {import_id} of {file}, the list of {day}", values)
    else:
        message = Message("import {import_id} of {file}", values)
    return _later(plain(later.applied_at), message, frozenset(later.account_ids))


def _later_changes(
    kept: Import, changes: Sequence[Change], made: Mapping[str, set[int]]
) -> Iterator[Later]:
    """What others changed in rows that the import made, or in values that it set."""
    values = _values_after(changes)
    yield from _overwritten(values)
    undone = select(Import.id).where(Import.status == "undone")
    for kind, ids in made.items():
        for some in chunked(ids):
            query = select(Change).where(
                Change.kind == kind,
                Change.fact_id.in_(some),
                Change.id > _first_id(changes),
                or_(Change.import_id.is_(None), Change.import_id != kept.id),
                or_(Change.import_id.is_(None), Change.import_id.not_in(undone)),
            )
            for change in db.session.scalars(query):
                yield _told(change)


def _first_id(changes: Sequence[Change]) -> int:
    return min((change.id for change in changes), default=0)


def _told(change: Change) -> Later:
    if change.import_id:
        return _told_import(db.session.get_one(Import, change.import_id))
    told = {
        "fact": _fact(change.kind),
        "fact_id": change.fact_id,
        "verb": label_message("verb", change.verb),
    }
    return _later(plain(change.at), Message("{fact} {fact_id}: {verb}", told))


def _values_after(changes: Iterable[Change]) -> dict[tuple[str, int], dict[str, Any]]:
    """Each changed column as the import left it."""
    values: defaultdict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for change in changes:
        if change.kind in TABLES and change.kind != "import" and change.after and change.before:
            values[change.kind, change.fact_id].update(change.after)
    return values


def _overwritten(values: Mapping[tuple[str, int], Mapping[str, Any]]) -> Iterator[Later]:
    by_kind: defaultdict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    for (kind, number), columns in values.items():
        by_kind[kind][number] = columns
    for kind, wanted in by_kind.items():
        found = {row["id"]: row for row in rows_by_id(TABLES[kind], wanted)}
        for number, columns in wanted.items():
            row = found.get(number)
            if row is None:
                told: dict[str, Any] = {"fact": _fact(kind), "fact_id": number}
                yield _later("", Message("{fact} {fact_id} was taken back since", told))
                continue
            other = [
                key
                for key, value in columns.items()
                if plain(row[key]) != value and key != "search_text"  # follows from the names
            ]
            if other:
                told = {"fact": _fact(kind), "fact_id": number, "columns": other}
                yield _later("", Message("{fact} {fact_id} was changed since ({columns})", told))


def _taken_seats(kept: Import, changes: Sequence[Change]) -> Iterator[Later]:
    """Seats that would be too few for who comes back to them."""
    ended = {
        change.fact_id: change.before
        for change in changes
        if change.kind == "tenure" and change.before and "ends_on" in change.before
    }
    reopened = {number for number, before in ended.items() if before["ends_on"] is None}
    posts: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows_by_id(TABLES["tenure"], reopened):
        posts[row["post_id"]].add(row["person_id"])
    for some in chunked(posts):
        since = (
            select(Tenure, Post.title, Post.seats, Person.name)
            .join(Post, Post.id == Tenure.post_id)
            .join(Person, Person.id == Tenure.person_id)
            .where(
                Tenure.post_id.in_(some),
                Tenure.ends_on.is_(None),
                or_(Tenure.import_id.is_(None), Tenure.import_id != kept.id),
            )
        )
        rows = db.session.execute(since).all()
        sitting: defaultdict[int, int] = defaultdict(int)
        for tenure, *_ in rows:
            sitting[tenure.post_id] += 1
        for tenure, title, seats, name in rows:
            back = posts[tenure.post_id]
            is_late = tenure.recorded_at >= (kept.applied_at or kept.created_at)
            is_crowded = sitting[tenure.post_id] + len(back) > seats
            if is_late and (is_crowded or tenure.person_id in back):
                message = Message(
                    "{name} in {post}, who took the seat since", {"name": name, "post": title}
                )
                yield _later(plain(tenure.recorded_at), message)
