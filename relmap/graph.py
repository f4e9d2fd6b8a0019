"""Rows to an :class:`AccountView`: the only place that builds one from the database.

A view is in valid time. It holds what began on or before its day; a later end, with its reason, is
hidden unless it was recorded on or before the day (an announced leave); titles, units' names,
reporting lines and vacancies are those of the day, read back from the audit log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select

from relmap.contracts import (
    AccountRow,
    AccountView,
    ClaimRow,
    ContactRow,
    Measures,
    PersonRow,
    PostRow,
    Ref,
    TenureRow,
    TieRow,
    TouchRow,
    UnitRow,
)
from relmap.contracts.view import TouchCount
from relmap.errors import NotFound
from relmap.hub.registry import measures_in_force
from relmap.models import (
    Account,
    Change,
    Claim,
    Contact,
    ExternalId,
    Import,
    Person,
    Post,
    Tenure,
    Tie,
    Touch,
    TouchPerson,
    Unit,
    db,
)

__all__ = ["TOUCH_WINDOW", "view"]

TOUCH_WINDOW = timedelta(days=730)
CHUNK = 500  # ids in one IN (...): SQLite's oldest supported limit is 999 parameters


def view(account_id: int, day: date, *, measures: Measures | None = None) -> AccountView:
    """The account as it stood on ``day``; raises ``NotFound`` where there is none.

    The revision is read before the facts: whatever is written meanwhile makes the account due
    again. ``measures`` defaults to the stored settings of strength and coverage.
    """
    account = db.session.execute(
        select(Account.__table__).where(Account.id == account_id)
    ).one_or_none()
    if account is None:
        raise NotFound("There is no such account.")
    measures = measures or measures_in_force()
    rewound = _rewound(account_id, day)
    units = _units(account_id, day, rewound)
    posts = _posts(account_id, day, rewound, measures)
    tenures = _tenures(account_id, day)
    contacts = _contacts(account_id, day)
    insiders = {row.person.id for row in tenures} | {row.person.id for row in contacts}
    ties = _ties(insiders, day)
    touches, counts = _touches(insiders, day)
    named = insiders | _people_in(ties, touches, counts)
    if account.owner_id is not None:
        named.add(account.owner_id)
    return AccountView(
        account=_account(account),
        as_of=day,
        revision=account.revision,
        units=units,
        posts=posts,
        people=_people(named, account_id),
        contacts=contacts,
        tenures=tenures,
        ties=ties,
        touches=touches,
        touch_counts=counts,
        claims=_claims(named, [row.ref.id for row in posts], day),
        measures=measures,
    )


def _account(row: Row[Any]) -> AccountRow:
    return AccountRow(
        ref=Ref("account", row.id),
        name=row.name,
        tier=row.tier,
        industry=row.industry,
        region=row.region,
        owner=_ref("person", row.owner_id),
        rotation_months=row.rotation_months,
        review_month=row.review_month,
        handover_months=row.handover_months,
    )


def _ref(kind: str, fact_id: int | None) -> Ref | None:
    return None if fact_id is None else Ref(kind, fact_id)


# --- what changed later


def _rewound(account_id: int, day: date) -> Mapping[tuple[str, int], Mapping[str, Any]]:
    """The columns that later changes of the world overwrote, by fact, as they were on ``day``."""
    undone = select(Import.id).where(Import.status == "undone")
    later = (
        select(Change.kind, Change.fact_id, Change.before)
        .where(
            Change.account_id == account_id,
            Change.effective_on > day,
            or_(Change.import_id.is_(None), Change.import_id.not_in(undone)),
        )
        .order_by(Change.effective_on.desc(), Change.id.desc())
    )
    columns: defaultdict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for kind, fact_id, before in db.session.execute(later):
        columns[kind, fact_id].update(before or {})  # the earliest later change has the last word
    return columns


def _was(row: Row[Any], key: str, rewound: Mapping[str, Any]) -> Any:
    return rewound.get(key, getattr(row, key))


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _end_as_of(day: date, ends_on: date | None) -> date | None:
    return ends_on if ends_on is not None and ends_on <= day else None


# --- structure


def _units(
    account_id: int, day: date, rewound: Mapping[tuple[str, int], Mapping[str, Any]]
) -> tuple[UnitRow, ...]:
    query = select(Unit.__table__).where(Unit.account_id == account_id, Unit.starts_on <= day)
    rows = []
    for row in db.session.execute(query.order_by(Unit.id)):
        was = rewound.get(("unit", row.id), {})
        rows.append(
            UnitRow(
                ref=Ref("unit", row.id),
                name=_was(row, "name", was),
                parent=_ref("unit", _was(row, "parent_id", was)),
                starts_on=row.starts_on,
                ends_on=_end_as_of(day, row.ends_on),
            )
        )
    return tuple(rows)


def _posts(
    account_id: int,
    day: date,
    rewound: Mapping[tuple[str, int], Mapping[str, Any]],
    measures: Measures,
) -> tuple[PostRow, ...]:
    query = (
        select(Post.__table__)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.account_id == account_id, Post.starts_on <= day)
        .order_by(Post.id)
    )
    found = db.session.execute(query).all()
    known = {row.id for row in found}
    default_weight = dict(measures.level_weights)
    rows = []
    for row in found:
        was = rewound.get(("post", row.id), {})
        rows.append(_post(row, day, was, known, default_weight))
    return tuple(rows)


def _post(
    row: Row[Any],
    day: date,
    was: Mapping[str, Any],
    known: set[int],
    default_weight: Mapping[str, float],
) -> PostRow:
    level = _was(row, "level", was)
    given = _was(row, "decision_weight", was)
    superior = _was(row, "reports_to_id", was)
    vacant_since = _day(_was(row, "vacant_since", was))
    return PostRow(
        ref=Ref("post", row.id),
        unit=Ref("unit", _was(row, "unit_id", was)),
        title=_was(row, "title", was),
        function=_was(row, "function", was),
        level=level,
        decision_weight=default_weight.get(level, 0.0) if given is None else given,
        seats=_was(row, "seats", was),
        reports_to=_ref("post", superior if superior in known else None),
        vacant_since=vacant_since if vacant_since is not None and vacant_since <= day else None,
        starts_on=row.starts_on,
        ends_on=_end_as_of(day, row.ends_on),
        term_months=row.term_months,
        review_month=row.review_month,
    )


# --- people in posts


def _tenures(account_id: int, day: date) -> tuple[TenureRow, ...]:
    query = (
        select(Tenure.__table__)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.account_id == account_id, Tenure.starts_on <= day)
        .order_by(Tenure.starts_on, Tenure.id)
    )
    return tuple(_tenure(row, day) for row in db.session.execute(query))


def _tenure(row: Row[Any], day: date) -> TenureRow:
    shown = row.ends_on is not None and (row.ends_on <= day or _was_announced(row, day))
    return TenureRow(
        ref=Ref("tenure", row.id),
        person=Ref("person", row.person_id),
        post=Ref("post", row.post_id),
        starts_after=row.starts_after,
        starts_on=row.starts_on,
        ends_after=row.ends_after if shown else None,
        ends_on=row.ends_on if shown else None,
        precision=row.precision,
        term_ends_on=row.term_ends_on,
        acting=row.acting,
        end_reason=row.end_reason if shown else None,
        basis=row.basis,
    )


def _was_announced(row: Row[Any], day: date) -> bool:
    """Whether the end was on record when ``day`` was over."""
    after = datetime.combine(day + timedelta(days=1), time(), UTC)
    return row.end_recorded_at is not None and row.end_recorded_at < after


def _contacts(account_id: int, day: date) -> tuple[ContactRow, ...]:
    query = (
        select(Contact.__table__)
        .where(Contact.account_id == account_id, Contact.starts_on <= day)
        .order_by(Contact.id)
    )
    return tuple(
        ContactRow(
            ref=Ref("contact", row.id),
            person=Ref("person", row.person_id),
            starts_on=row.starts_on,
            ends_on=_end_as_of(day, row.ends_on),
        )
        for row in db.session.execute(query)
    )


def _people(ids: Iterable[int], account_id: int) -> tuple[PersonRow, ...]:
    external: defaultdict[int, list[str]] = defaultdict(list)
    scopes = (0, account_id)  # another account's staff numbers are not this one's business
    for row in _in_chunks(
        ids,
        lambda some: (
            select(ExternalId.person_id, ExternalId.kind, ExternalId.written)
            .where(ExternalId.person_id.in_(some), ExternalId.scope_id.in_(scopes))
            .order_by(ExternalId.id)
        ),
    ):
        external[row.person_id].append(f"{row.kind}:{row.written}")
    people = _in_chunks(ids, lambda some: select(Person.__table__).where(Person.id.in_(some)))
    return tuple(
        PersonRow(
            ref=Ref("person", row.id),
            side=row.side,
            name=row.name,
            latin_name=row.latin_name,
            nickname=row.nickname,
            address_as=row.address_as,
            affiliation=row.affiliation,
            language=row.language,
            external_ids=tuple(external[row.id]),
        )
        for row in sorted(people, key=lambda row: row.id)
    )


# --- ties, touches, claims


def _ties(insiders: set[int], day: date) -> tuple[TieRow, ...]:
    begun = func.coalesce(Tie.starts_on, Tie.observed_on) <= day
    found = {
        row.id: row
        for row in _in_chunks(
            insiders,
            lambda some: select(Tie.__table__).where(
                or_(Tie.a_id.in_(some), Tie.b_id.in_(some)), begun
            ),
        )
    }
    return tuple(_tie(row, day) for row in sorted(found.values(), key=lambda row: row.id))


def _tie(row: Row[Any], day: date) -> TieRow:
    judged = row.observed_on <= day  # before that day nobody had said how close they are
    return TieRow(
        ref=Ref("tie", row.id),
        a=Ref("person", row.a_id),
        b=Ref("person", row.b_id),
        kind=row.kind,
        sign=row.sign,
        level=row.level if judged else None,
        starts_on=row.starts_on,
        observed_on=row.observed_on if judged else row.starts_on,
        ends_on=_end_as_of(day, row.ends_on),
        basis=row.basis,
        observer=_ref("person", row.observer_id),
    )


def _touches(insiders: set[int], day: date) -> tuple[tuple[TouchRow, ...], tuple[TouchCount, ...]]:
    since = day - TOUCH_WINDOW
    found = {
        row.id: row
        for row in _in_chunks(
            insiders,
            lambda some: (
                select(Touch.__table__)
                .join(TouchPerson, TouchPerson.touch_id == Touch.id)
                .where(TouchPerson.person_id.in_(some), Touch.on <= day, Touch.on > since)
            ),
        )
    }
    present: defaultdict[int, list[Ref]] = defaultdict(list)
    for row in _in_chunks(
        found,
        lambda some: (
            select(TouchPerson.touch_id, TouchPerson.person_id)
            .where(TouchPerson.touch_id.in_(some))
            .order_by(TouchPerson.person_id)
        ),
    ):
        present[row.touch_id].append(Ref("person", row.person_id))
    touches = tuple(
        TouchRow(
            ref=Ref("touch", row.id),
            on=row.on,
            kind=row.kind,
            direction=row.direction,
            people=tuple(present[row.id]),
            next_step=row.next_step,
            next_step_on=row.next_step_on,
        )
        for row in sorted(found.values(), key=lambda row: (row.on, row.id))
    )
    return touches, _touch_counts(insiders, since)


def _touch_counts(insiders: set[int], until: date) -> tuple[TouchCount, ...]:
    """Touches up to ``until`` by pair of one of us and one of them."""
    ours, theirs = TouchPerson.__table__.alias("ours"), TouchPerson.__table__.alias("theirs")
    counted = _in_chunks(
        insiders,
        lambda some: (
            select(
                ours.c.person_id.label("our_id"),
                theirs.c.person_id.label("their_id"),
                func.count().label("number"),
                func.max(Touch.on).label("last_on"),
            )
            .select_from(theirs)
            .join(Touch, Touch.id == theirs.c.touch_id)
            .join(ours, ours.c.touch_id == Touch.id)
            .join(Person, Person.id == ours.c.person_id)
            .where(theirs.c.person_id.in_(some), Person.side == "us", Touch.on <= until)
            .group_by(ours.c.person_id, theirs.c.person_id)
            .order_by(ours.c.person_id, theirs.c.person_id)
        ),
    )
    return tuple(
        TouchCount(Ref("person", row.our_id), Ref("person", row.their_id), row.number, row.last_on)
        for row in counted
    )


def _people_in(
    ties: Iterable[TieRow], touches: Iterable[TouchRow], counts: Iterable[TouchCount]
) -> set[int]:
    named = {end.id for tie in ties for end in (tie.a, tie.b)}
    named |= {person.id for touch in touches for person in touch.people}
    return named | {count.ours.id for count in counts}


def _claims(people: Iterable[int], posts: Iterable[int], day: date) -> tuple[ClaimRow, ...]:
    found = [
        *_in_chunks(
            people,
            lambda some: select(Claim.__table__).where(Claim.person_id.in_(some), Claim.on <= day),
        ),
        *_in_chunks(
            posts,
            lambda some: select(Claim.__table__).where(Claim.post_id.in_(some), Claim.on <= day),
        ),
    ]
    return tuple(
        ClaimRow(
            ref=Ref("claim", row.id),
            about=Ref("person", row.person_id) if row.person_id else Ref("post", row.post_id),
            what=row.what,
            value=row.value,
            on=row.on,
            basis=row.basis,
            shelf_life_days=row.shelf_life_days,
            observer=_ref("person", row.observer_id),
        )
        for row in sorted(found, key=lambda row: (row.on, row.id))
    )


def _in_chunks(ids: Iterable[int], query: Any) -> list[Row[Any]]:
    """The rows of ``query(some ids)`` over all ids, few at a time."""
    wanted = sorted(set(ids))
    rows: list[Row[Any]] = []
    for start in range(0, len(wanted), CHUNK):
        rows.extend(db.session.execute(query(wanted[start : start + CHUNK])))
    return rows
