"""Rows to an :class:`AccountView`: the only place that builds one from the database.

A view is in valid time. It holds what began on or before its day; a later end, with its reason, is
hidden unless it was recorded on or before the day (an announced leave); titles, units' names,
reporting lines and vacancies are those of the day, read back from the audit log.

Nine queries, whatever the size of the account: pages are built on views.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    Row,
    String,
    and_,
    cast,
    func,
    null,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

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
    day_end,
    db,
)

__all__ = ["TOUCH_WINDOW", "view"]

TOUCH_WINDOW = timedelta(days=730)
CHUNK = 10_000  # ids in one IN (...); both databases take about 32,000 parameters

Rewound = Mapping[tuple[str, int], Mapping[str, Any]]


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
    units, posts = _structure(account_id, day, _rewound(account_id, day), measures)
    tenures = _tenures(account_id, day)
    ties = _ties(account_id, day)
    touches, counts = _touches(account_id, day)
    named = {row.person.id for row in tenures} | _partners(ties, touches, counts)
    if account.owner_id is not None:
        named.add(account.owner_id)
    people, contacts = _people(named, account_id, day)
    return AccountView(
        account=_account(account),
        as_of=day,
        revision=account.revision,
        units=units,
        posts=posts,
        people=people,
        contacts=contacts,
        tenures=tenures,
        ties=ties,
        touches=touches,
        touch_counts=counts,
        claims=_claims([row.ref.id for row in people], [row.ref.id for row in posts], day),
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


def _end_as_of(day: date, ends_on: date | None) -> date | None:
    return ends_on if ends_on is not None and ends_on <= day else None


# --- what changed later


def _rewound(account_id: int, day: date) -> Rewound:
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


# --- structure


def _structure(
    account_id: int, day: date, rewound: Rewound, measures: Measures
) -> tuple[tuple[UnitRow, ...], tuple[PostRow, ...]]:
    """Units and posts that began by ``day``, both by their ids."""
    query = (
        select(*_columns_of(Unit, Post))
        .select_from(Unit)
        .outerjoin(Post, and_(Post.unit_id == Unit.id, Post.starts_on <= day))
        .where(Unit.account_id == account_id, Unit.starts_on <= day)
    )
    found = db.session.execute(query).all()
    units = {row.unit_id: _unit(row, day, rewound) for row in found}
    known = {row.post_id for row in found if row.post_id is not None}
    weights = dict(measures.level_weights)
    posts = {
        row.post_id: _post(row, day, rewound, known, weights)
        for row in found
        if row.post_id is not None
    }
    return tuple(units[key] for key in sorted(units)), tuple(posts[key] for key in sorted(posts))


def _columns_of(*tables: type[Any]) -> list[Any]:
    """All columns, each labelled ``<table>_<column>``: rows that hold several tables' facts."""
    return [
        column.label(f"{table.__tablename__}_{column.name}")
        for table in tables
        for column in table.__table__.c
    ]


def _unit(row: Row[Any], day: date, rewound: Rewound) -> UnitRow:
    was = rewound.get(("unit", row.unit_id), {})
    return UnitRow(
        ref=Ref("unit", row.unit_id),
        name=was.get("name", row.unit_name),
        parent=_ref("unit", was.get("parent_id", row.unit_parent_id)),
        starts_on=row.unit_starts_on,
        ends_on=_end_as_of(day, row.unit_ends_on),
    )


def _post(
    row: Row[Any], day: date, rewound: Rewound, known: set[int], weights: Mapping[str, float]
) -> PostRow:
    was = rewound.get(("post", row.post_id), {})
    level = was.get("level", row.post_level)
    given = was.get("decision_weight", row.post_decision_weight)
    superior = was.get("reports_to_id", row.post_reports_to_id)
    vacant_since = _day(was.get("vacant_since", row.post_vacant_since))
    return PostRow(
        ref=Ref("post", row.post_id),
        unit=Ref("unit", was.get("unit_id", row.post_unit_id)),
        title=was.get("title", row.post_title),
        function=was.get("function", row.post_function),
        level=level,
        decision_weight=weights.get(level, 0.0) if given is None else given,
        seats=was.get("seats", row.post_seats),
        reports_to=_ref("post", superior if superior in known else None),
        vacant_since=vacant_since if vacant_since is not None and vacant_since <= day else None,
        starts_on=row.post_starts_on,
        ends_on=_end_as_of(day, row.post_ends_on),
        term_months=row.post_term_months,
        review_month=row.post_review_month,
    )


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


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
    return row.end_recorded_at is not None and row.end_recorded_at < day_end(day)


def _insiders(account_id: int, day: date) -> CompoundSelect[Any]:
    """The people who by ``day`` held a post of the account or were its contacts."""
    held = (
        select(Tenure.person_id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.account_id == account_id, Tenure.starts_on <= day)
    )
    listed = select(Contact.person_id).where(
        Contact.account_id == account_id, Contact.starts_on <= day
    )
    return union(held, listed)


def _people(
    named: Iterable[int], account_id: int, day: date
) -> tuple[tuple[PersonRow, ...], tuple[ContactRow, ...]]:
    """The people named by other rows and the account's contacts, with their ids."""
    begun = and_(
        Contact.person_id == Person.id,
        Contact.account_id == account_id,
        Contact.starts_on <= day,
    )
    scopes = (0, account_id)  # another account's staff numbers are not this one's business
    ids = and_(ExternalId.person_id == Person.id, ExternalId.scope_id.in_(scopes))
    listed = select(Contact.person_id).where(
        Contact.account_id == account_id, Contact.starts_on <= day
    )
    rows: list[Row[Any]] = []
    for some in _chunks(named) or [[]]:
        query = (
            select(*_columns_of(Person, Contact, ExternalId))
            .select_from(Person)
            .outerjoin(Contact, begun)
            .outerjoin(ExternalId, ids)
            .where(or_(Person.id.in_(some), Person.id.in_(listed)))
        )
        rows += db.session.execute(query)
    return _person_rows(rows), _contact_rows(rows, day)


def _person_rows(rows: Iterable[Row[Any]]) -> tuple[PersonRow, ...]:
    found: dict[int, Row[Any]] = {}
    external: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for row in rows:
        found[row.person_id] = row
        if row.external_id_id is not None:
            text = f"{row.external_id_kind}:{row.external_id_written}"
            external[row.person_id][row.external_id_id] = text
    return tuple(
        PersonRow(
            ref=Ref("person", key),
            side=row.person_side,
            name=row.person_name,
            latin_name=row.person_latin_name,
            nickname=row.person_nickname,
            address_as=row.person_address_as,
            affiliation=row.person_affiliation,
            language=row.person_language,
            external_ids=tuple(text for _, text in sorted(external[key].items())),
        )
        for key, row in sorted(found.items())
    )


def _contact_rows(rows: Iterable[Row[Any]], day: date) -> tuple[ContactRow, ...]:
    found = {row.contact_id: row for row in rows if row.contact_id is not None}
    return tuple(
        ContactRow(
            ref=Ref("contact", key),
            person=Ref("person", row.contact_person_id),
            starts_on=row.contact_starts_on,
            ends_on=_end_as_of(day, row.contact_ends_on),
        )
        for key, row in sorted(found.items())
    )


def _chunks(ids: Iterable[int]) -> list[list[int]]:
    wanted = sorted(set(ids))
    return [wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK)]


# --- ties, touches, claims


def _ties(account_id: int, day: date) -> tuple[TieRow, ...]:
    insiders = _insiders(account_id, day)
    query = (
        select(Tie.__table__)
        .where(or_(Tie.a_id.in_(insiders), Tie.b_id.in_(insiders)))
        .where(or_(Tie.starts_on.is_(None), Tie.starts_on <= day))
        .order_by(Tie.id)
    )
    return tuple(_tie(row, day) for row in db.session.execute(query))


def _tie(row: Row[Any], day: date) -> TieRow:
    return TieRow(
        ref=Ref("tie", row.id),
        a=Ref("person", row.a_id),
        b=Ref("person", row.b_id),
        kind=row.kind,
        sign=row.sign,
        level=row.level,  # over all its span: another level is another tie
        starts_on=row.starts_on,
        observed_on=min(row.observed_on, day),
        ends_on=_end_as_of(day, row.ends_on),
        basis=row.basis,
        observer=_ref("person", row.observer_id),
    )


def _touches(account_id: int, day: date) -> tuple[tuple[TouchRow, ...], tuple[TouchCount, ...]]:
    """The touches of the last 24 months one by one, older ones counted by pair; in one query."""
    since = day - TOUCH_WINDOW
    rows = db.session.execute(
        union_all(_recent(account_id, day, since), _counted(account_id, day, since))
    ).all()
    present: defaultdict[int, list[Ref]] = defaultdict(list)
    recent: dict[int, Row[Any]] = {}
    for row in rows:
        if row.id is not None:
            recent[row.id] = row
            present[row.id].append(Ref("person", row.person_id))
    touches = tuple(
        TouchRow(
            ref=Ref("touch", key),
            on=row.on,
            kind=row.kind,
            direction=row.direction,
            people=tuple(sorted(present[key])),
            next_step=row.next_step,
            next_step_on=row.next_step_on,
        )
        for key, row in sorted(recent.items(), key=lambda item: (item[1].on, item[0]))
    )
    counts = (
        TouchCount(Ref("person", row.person_id), Ref("person", row.their_id), row.number, row.on)
        for row in rows
        if row.id is None
    )
    return touches, tuple(sorted(counts, key=lambda row: (row.ours, row.theirs)))


def _recent(account_id: int, day: date, since: date) -> Any:
    everybody = aliased(TouchPerson)
    touched = select(TouchPerson.touch_id).where(
        TouchPerson.person_id.in_(_insiders(account_id, day))
    )
    return (
        select(
            Touch.id,
            Touch.on,
            Touch.kind,
            Touch.direction,
            Touch.next_step,
            Touch.next_step_on,
            everybody.person_id,
            null().label("their_id"),
            null().label("number"),
        )
        .join(everybody, everybody.touch_id == Touch.id)
        .where(Touch.id.in_(touched), Touch.on <= day, Touch.on > since)
    )


def _counted(account_id: int, day: date, until: date) -> Any:
    """Touches up to ``until`` by pair of one of us and one of them."""
    ours, theirs = aliased(TouchPerson), aliased(TouchPerson)
    return (
        select(
            null().label("id"),
            func.max(Touch.on).label("on"),
            null().label("kind"),
            null().label("direction"),
            cast(null(), String).label("next_step"),
            cast(null(), Date).label("next_step_on"),
            ours.person_id,
            theirs.person_id.label("their_id"),
            func.count().label("number"),
        )
        .select_from(theirs)
        .join(Touch, Touch.id == theirs.touch_id)
        .join(ours, ours.touch_id == Touch.id)
        .join(Person, Person.id == ours.person_id)
        .where(theirs.person_id.in_(_insiders(account_id, day)))
        .where(Person.side == "us", theirs.person_id != ours.person_id, Touch.on <= until)
        .group_by(ours.person_id, theirs.person_id)
    )


def _partners(
    ties: Iterable[TieRow], touches: Iterable[TouchRow], counts: Iterable[TouchCount]
) -> set[int]:
    named = {end.id for tie in ties for end in (tie.a, tie.b)}
    named |= {person.id for touch in touches for person in touch.people}
    return named | {count.ours.id for count in counts}


def _claims(people: Iterable[int], posts: Iterable[int], day: date) -> tuple[ClaimRow, ...]:
    about = or_(Claim.person_id.in_(list(people)), Claim.post_id.in_(list(posts)))
    query = select(Claim.__table__).where(about, Claim.on <= day).order_by(Claim.on, Claim.id)
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
        for row in db.session.execute(query)
    )
