"""The history of an account: who came, left or moved, which seats and units opened or closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import or_, select

from relmap.contracts import N_, AccountView, PostRow, TenureRow
from relmap.languages import _, label
from relmap.models import Import, Person, Post, Tenure, Unit, db
from relmap.web.layout.days import end_text, start_text
from relmap.web.layout.names import WrittenName, name_of

__all__ = ["Event", "HistoryDay", "Source", "chronicle", "sources_of"]


@dataclass(frozen=True, slots=True)
class Source:
    """The file a fact came from."""

    import_id: int
    name: str


Sources = dict[tuple[int, str], Source]

CAME: Final = N_("{person} came as {title}")
MOVED: Final = N_("{person} moved to {title}")
ACTS: Final = N_("{person} acts as {title}")
FIRST_SEEN: Final = N_("{person} first seen as {title}")
ANNOUNCED: Final = N_("{person} is announced as {title}")
IS_TO_LEAVE: Final = N_("{person} is announced to leave {title}")
NEVER_CAME: Final = N_("{person} was announced as {title} and did not come")
LEFT: Final = N_("{person} left {title}")
NO_LONGER_ACTS: Final = N_("{person} no longer acts as {title}")
UNIT_OPENED: Final = N_("unit opened {title}")
UNIT_CLOSED: Final = N_("unit closed {title}")
SEAT_CLOSED: Final = N_("seat closed {title}")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; ``mark`` is ahead, in, out, moved, seen, open or closed."""

    mark: str
    sentence: str  # of the person and the title of the post
    title: str
    unit: str
    person: WrittenName | None = None
    person_id: int | None = None
    post_id: int | None = None
    detail: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class HistoryDay:
    """What happened on one day."""

    on: date
    events: tuple[Event, ...]


def chronicle(view: AccountView, sources: Sources, *, limit: int) -> tuple[list[HistoryDay], bool]:
    """The newest ``limit`` days on which something happened, and whether there are older ones."""
    by_day: defaultdict[date, list[Event]] = defaultdict(list)
    unkept = _unkept(view.account.ref.id, view.as_of)
    for on, event in (*_comings(view, sources), *unkept, *_structure(view)):
        by_day[on].append(event)
    days = sorted(by_day, reverse=True)
    shown = [HistoryDay(on, tuple(sorted(by_day[on], key=_order))) for on in days[:limit]]
    return shown, len(days) > limit


def _order(event: Event) -> tuple[int, str, str]:
    return (
        ("ahead", "out", "moved", "in", "seen", "open", "closed").index(event.mark),
        event.unit,
        event.title,
    )


def sources_of(account_id: int) -> tuple[Sources, list[date]]:
    """The import of each tenure's start and end, and all days of change (one query)."""
    rows = db.session.execute(
        select(
            Tenure.id.label("tenure_id"),
            Tenure.starts_on,
            Tenure.ends_on,
            Tenure.import_id.label("started_by"),
            Tenure.end_import_id.label("ended_by"),
            Import.id.label("import_id"),
            Import.file_name,
        )
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .outerjoin(Import, or_(Import.id == Tenure.import_id, Import.id == Tenure.end_import_id))
        .where(Unit.account_id == account_id)
    )
    sources: Sources = {}
    days: set[date] = set()
    for row in rows:
        days |= {row.starts_on, row.ends_on or row.starts_on}
        if row.import_id is not None and row.import_id == row.started_by:
            sources[row.tenure_id, "start"] = Source(row.import_id, row.file_name)
        if row.import_id is not None and row.import_id == row.ended_by:
            sources[row.tenure_id, "end"] = Source(row.import_id, row.file_name)
    return sources, sorted(days)


def _comings(view: AccountView, sources: Sources) -> Iterator[tuple[date, Event]]:
    for tenure in view.tenures:
        yield tenure.starts_on, _came(view, tenure, sources.get((tenure.ref.id, "start")))
        if tenure.ends_on is not None and tenure.ends_on <= view.as_of:
            yield tenure.ends_on, _went(view, tenure, sources.get((tenure.ref.id, "end")))
        elif tenure.ends_on is not None:
            source = sources.get((tenure.ref.id, "end"))
            yield tenure.ends_on, _event(view, tenure, "ahead", IS_TO_LEAVE, "", source)
    for tenure in view.announced:
        source = sources.get((tenure.ref.id, "start"))
        yield tenure.starts_on, _event(view, tenure, "ahead", ANNOUNCED, "", source)


def _unkept(account_id: int, day: date) -> Iterator[tuple[date, Event]]:
    """Who was announced for a day that has come, and did not: no tenure, and no departure."""
    rows = db.session.execute(
        select(Tenure.starts_on, Post.id, Post.title, Unit.name, Person)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Person, Person.id == Tenure.person_id)
        .where(Unit.account_id == account_id, Tenure.starts_on <= day, ~Tenure.came())
    )
    for on, post_id, title, unit, person in rows:
        yield on, Event("out", NEVER_CAME, title, unit, name_of(person), person.id, post_id)


def _came(view: AccountView, tenure: TenureRow, source: Source | None) -> Event:
    before = [
        row
        for row in view.tenures_of(tenure.person)
        if row.ref != tenure.ref
        and row.ends_on is not None
        and abs(row.ends_on - tenure.starts_on) <= timedelta(days=200)
        and row.starts_on < tenure.starts_on
    ]
    mark, sentence = ("moved", MOVED) if before else ("in", CAME)
    if tenure.acting:
        sentence = ACTS
    if tenure.starts_after is None:
        mark, sentence = "seen", FIRST_SEEN
    detail = start_text(tenure.starts_after, tenure.starts_on, tenure.precision)
    return _event(view, tenure, mark, sentence, detail, source)


def _went(view: AccountView, tenure: TenureRow, source: Source | None) -> Event:
    ends_on = tenure.ends_on or view.as_of
    detail = _(
        "{why}, {when}",
        why=label("end_reason", tenure.end_reason or "unknown"),
        when=end_text(tenure.ends_after, ends_on, tenure.precision),
    )
    sentence = NO_LONGER_ACTS if tenure.acting else LEFT
    return _event(view, tenure, "out", sentence, detail, source)


def _event(
    view: AccountView,
    tenure: TenureRow,
    mark: str,
    sentence: str,
    detail: str,
    source: Source | None,
) -> Event:
    person, post = view.person(tenure.person), view.post(tenure.post)
    return Event(
        mark=mark,
        sentence=sentence,
        title=post.title,
        unit=_unit_name(view, post),
        person=name_of(person),
        person_id=person.ref.id,
        post_id=post.ref.id,
        detail=detail,
        source=source,
    )


def _unit_name(view: AccountView, post: PostRow) -> str:
    return view.unit(post.unit).name


def _structure(view: AccountView) -> Iterator[tuple[date, Event]]:
    for unit in view.units:
        if unit.ends_on is not None:
            yield unit.ends_on, Event("closed", UNIT_CLOSED, unit.name, unit.name)
        if unit.parent is not None and unit.starts_on > _earliest(view):
            yield unit.starts_on, Event("open", UNIT_OPENED, unit.name, unit.name)
    for post in view.posts:
        if post.ends_on is not None:
            yield (
                post.ends_on,
                Event(
                    "closed", SEAT_CLOSED, post.title, _unit_name(view, post), post_id=post.ref.id
                ),
            )


def _earliest(view: AccountView) -> date:
    return min((unit.starts_on for unit in view.units), default=view.as_of)
