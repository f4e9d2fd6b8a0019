"""Lists of touches become touches, each once however often the file comes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from relmap.contracts.words import ExternalIdKind
from relmap.imports.history.draft import Additions
from relmap.imports.history.parties import Parties, accounts_named
from relmap.imports.plan import Made
from relmap.imports.sheets.touch_rows import FileTouch
from relmap.models import Touch, TouchPerson, db

__all__ = ["plan_touches"]

Content = tuple[date, str, str, str | None, frozenset[int]]
"""What makes two records one touch: day, kind, direction, what was said, who took part."""


def plan_touches(rows: Sequence[FileTouch], *, create_people: bool) -> Additions:
    """What a list of touches adds. Writes nothing.

    Records alike in all that was said and done are one touch, unless they bear different ids of
    their own; of those the file has more of than the book, the rest is added.
    """
    draft = Additions(counts={"rows": len(rows), "touch_added": 0, "unchanged": 0})
    parties = Parties(draft, accounts_named(rows), create_people=create_people)
    ids_are_of_records = _ids_are_of_records(rows)
    on_file = _touches_on_file(min(row.day for row in rows), max(row.day for row in rows))
    asked: set[tuple[Content, object]] = set()
    for row in rows:
        given_id = None if ids_are_of_records else row.external_id
        content = _content(row, parties, given_id)
        own_id = row.external_id if ids_are_of_records else None
        if (content, own_id) in asked or on_file[content] > 0:
            on_file[content] -= (content, own_id) not in asked
            asked.add((content, own_id))
            draft.count("unchanged")
            continue
        asked.add((content, own_id))
        _add(draft, row, content)
        draft.people |= content[-1]
    parties.finish()
    return draft


def _ids_are_of_records(rows: Sequence[FileTouch]) -> bool:
    """Whether the column of ids numbers the touches, not the people met.

    It does where several people share a cell with one id, or one person has several ids.
    """
    by_person: defaultdict[tuple[str, ...], set[object]] = defaultdict(set)
    for row in rows:
        if row.external_id is not None:
            by_person[row.theirs].add(row.external_id)
    return any(len(theirs) > 1 or len(ids) > 1 for theirs, ids in by_person.items())


def _content(
    row: FileTouch, parties: Parties, given_id: tuple[ExternalIdKind, str] | None
) -> Content:
    ours = {parties.ours(name).id for name in row.ours}
    theirs = {
        parties.theirs(
            name,
            account=row.account,
            row=row.row,
            column="theirs",
            day=row.day,
            given_id=given_id,
        ).id
        for name in row.theirs
    }
    return row.day, row.kind, row.direction, row.summary, frozenset(ours | theirs)


def _touches_on_file(first: date, last: date) -> Counter[Content]:
    people: defaultdict[int, set[int]] = defaultdict(set)
    span = Touch.on.between(first, last)
    for touch_id, person_id in db.session.execute(
        select(TouchPerson.touch_id, TouchPerson.person_id)
        .join(Touch, Touch.id == TouchPerson.touch_id)
        .where(span)
    ):
        people[touch_id].add(person_id)
    rows = db.session.execute(
        select(Touch.id, Touch.on, Touch.kind, Touch.direction, Touch.said).where(span)
    )
    return Counter(
        (row.on, row.kind, row.direction, row.said, frozenset(people[row.id])) for row in rows
    )


def _add(draft: Additions, row: FileTouch, content: Content) -> None:
    touch_id = draft.make(
        "touch",
        on=row.day,
        kind=row.kind,
        direction=row.direction,
        said=row.summary,
        next_step=row.next_step,
        next_step_on=row.next_step_on,
    )
    for person_id in sorted(content[-1]):
        columns = {"touch_id": touch_id, "person_id": person_id}
        draft.made.append(Made("touch_person", draft.new_id("touch_person"), columns))
    told = {"ours": list(row.ours), "theirs": list(row.theirs), "touch": row.kind}
    draft.change("touch_added", row.row, day=row.day.isoformat(), **told)
