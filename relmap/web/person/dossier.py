"""What is on file of one person, from the views of the accounts that the viewer may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup
from sqlalchemy import literal, select, union

from relmap.contracts import N_, AccountView, ClaimRow, Message, PersonRow, Ref, TieRow, TouchRow
from relmap.graph import view, views_about
from relmap.insight.beliefs import Belief, belief
from relmap.insight.seating import Acquaintance, acquaintance, clock
from relmap.insight.strength import Thread, threads_of
from relmap.languages import _, _n, commas, day, html, label, label_message, label_named
from relmap.models import (
    Account,
    Contact,
    Person,
    Post,
    Tenure,
    Touch,
    Unit,
    User,
    db,
)
from relmap.permissions import (
    accounts_open_to,
    can,
    contact_points_open_to,
    facts_open_to,
)
from relmap.results.reports.foresight import AccountForesight
from relmap.web.layout.days import age_text, ago_text, end_text, start_text
from relmap.web.layout.names import WrittenName, language_of, name_of, name_of_account, written_name
from relmap.web.layout.sentences import link_to
from relmap.web.outlook.plan_lines import foreseen
from relmap.web.person.prospect import Prospect, prospect
from relmap.web.seats import ClockMark, StanceMark, clock_mark, stance_mark
from relmap.web.timeline.career import Span

__all__ = ["Dossier", "dossier"]

TOUCHES_SHOWN = 25
BY_HAND: Final = N_("entered by hand")
SOURCES: Final = {"listed": N_("from a list"), "history": N_("from a history")}
FACE_TO_FACE: Final = frozenset({"visit", "meal", "event"})
TIE_ICONS: Final[dict[str, str]] = {
    "knows": "users",
    "influences": "arrow-narrow-right",
    "advises": "message-circle",
    "conflicts": "bolt",
    "schoolmate": "school",
    "former_colleague": "affiliate",
    "family": "affiliate",
    "friend": "users",
    "dotted_line": "route",
}
TOUCH_ICONS: Final[dict[str, str]] = {
    "visit": "map-pin",
    "call": "phone",
    "mail": "mail",
    "message": "message-circle",
    "meal": "tools-kitchen-2",
    "gift": "gift",
    "sample": "package",
    "event": "presentation",
    "complaint_call": "message-report",
    "other": "message-circle",
}


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A post the person holds or held."""

    title: str
    unit: str
    account: WrittenName
    account_id: int
    post_id: int
    when: str
    is_open: bool
    is_ahead: bool
    is_acting: bool
    source: str


@dataclass(frozen=True, slots=True)
class Knower:
    """One of us who knows the person, or one of them whom one of us knows."""

    id: int
    name: WrittenName
    level: str
    strength: float
    last: str
    detail: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A tie to another person."""

    icon: str
    text: Markup
    detail: str
    is_conflict: bool


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim for the eye: ``left`` is the part of its shelf life that remains."""

    about: str
    value: str
    says: str
    basis: str
    on: date
    left: float
    age: str
    shelf_life: str
    state: str  # ok, old, gone


@dataclass(frozen=True, slots=True)
class TouchLine:
    """A touch for the eye."""

    on: date
    icon: str
    kind: str
    said: str | None
    with_ours: str
    with_others: tuple[Markup, ...]
    next_step: str | None
    next_step_on: date | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything the person's page shows; who is not open to the viewer is a name and no more."""

    is_open: bool
    is_current: bool
    """Whether what is so of the person today is of accounts that the viewer may read."""

    posts: tuple[PostHeld, ...]
    spans: tuple[Span, ...]
    touch_days: tuple[date, ...]
    known: Acquaintance | None
    stance: StanceMark
    power: str | None
    clock: ClockMark | None
    knowers: tuple[Knower, ...]
    relations: tuple[Relation, ...]
    claims: tuple[ClaimLine, ...]
    touches: tuple[TouchLine, ...]
    touch_count: int
    points: tuple[tuple[str, str, str | None], ...]
    accounts: tuple[Markup, ...]
    prospect: Prospect | None


def dossier(person: Person, *, viewer: User, day: date) -> Dossier:
    """Collect what is on file of somebody of theirs as of a day."""
    ref = Ref("person", person.id)
    workplaces = _workplaces(person, viewer)
    views, ahead = _views(person, workplaces, day)
    main = views[0] if views else None
    touches = {touch.ref: touch for seen in views for touch in seen.touches_of(ref)}
    claims = {claim.ref: claim for seen in views for claim in seen.claims_about(ref)}
    threads = {thread.ours: thread for seen in views for thread in threads_of(seen, ref)}
    ties = {tie.ref: (seen, tie) for seen in views for tie in seen.ties_of(ref)}
    names = {row.ref: row for seen in views for row in seen.people}
    is_open = bool(workplaces) or can(viewer, "read")
    newest = sorted(touches.values(), key=lambda row: (row.on, row.ref), reverse=True)
    return Dossier(
        is_open=is_open,
        is_current=is_open and _is_current(person, viewer, day),
        posts=(*_posts(views, ref), *_unkept(views, person)),
        spans=_spans(views, ref),
        touch_days=tuple(touch.on for touch in newest),
        known=acquaintance(main, ref) if main is not None and ref in main else None,
        stance=stance_mark(belief(main, ref, "stance") if main else Belief(None)),
        power=_power(main, ref) if main else None,
        clock=_clock(views, ref),
        knowers=_knowers(threads.values(), names, newest, day),
        relations=_relations(ties.values(), ref),
        claims=_claims(claims.values(), names, day),
        touches=_contacts(newest[:TOUCHES_SHOWN], names, ref),
        touch_count=len(newest),
        points=_points(person, viewer) if is_open else (),
        accounts=tuple(
            link_to(Ref("account", account.id), name_of_account(account)) for account in workplaces
        ),
        prospect=prospect(main, ahead, ref) if main is not None and ref in main else None,
    )


def _views(
    person: Person, workplaces: Sequence[Account], day: date
) -> tuple[list[AccountView], AccountForesight | None]:
    """The whole view of the newest account, and of the others what they hold of the person."""
    if not workplaces:
        return [], None
    main, ahead = foreseen(view(workplaces[0].id, day))
    if len(workplaces) == 1:
        return [main], ahead
    return [main, *views_about(person.id, workplaces, day, measures=main.measures)[1:]], ahead


def _is_current(person: Person, viewer: User, day: date) -> bool:
    if not (person.birthday or person.preferences or person.affiliation):
        return True  # nothing hangs on it
    query = select(Person.id).where(
        Person.id == person.id, facts_open_to(viewer, Person.id, literal(day))
    )
    return db.session.scalar(query) is not None


def _power(seen: AccountView, ref: Ref) -> str | None:
    found = belief(seen, ref, "power")
    return " / ".join(label("power", one) for one in found.values) if found.value else None


def _workplaces(person: Person, viewer: User) -> Sequence[Account]:
    """The accounts where the person holds or held a post or is a contact, newest first."""
    held = (
        select(Unit.account_id.label("account_id"), Tenure.starts_on.label("since"))
        .join(Post, Post.unit_id == Unit.id)
        .join(Tenure, Tenure.post_id == Post.id)
        .where(Tenure.person_id == person.id)
    )
    listed = select(Contact.account_id, Contact.starts_on).where(Contact.person_id == person.id)
    places = union(held, listed).subquery()
    rows = db.session.execute(
        select(Account, places.c.since)
        .join(places, places.c.account_id == Account.id)
        .where(accounts_open_to(viewer))
        .order_by(places.c.since.desc())
    )
    return list(dict.fromkeys(row[0] for row in rows))


def _posts(views: Iterable[AccountView], ref: Ref) -> tuple[PostHeld, ...]:
    found = []
    for seen in views:
        for tenure in (*seen.tenures_of(ref), *seen.announced_of(ref)):
            post, is_ahead = seen.post(tenure.post), tenure.starts_on > seen.as_of
            start = start_text(
                tenure.starts_after, tenure.starts_on, tenure.precision, is_ahead=is_ahead
            )
            is_open = not (is_ahead or tenure.has_ended(seen.as_of))
            when = start
            if tenure.ends_on is not None:
                end = end_text(tenure.ends_after, tenure.ends_on, tenure.precision)
                when = _("{start}, {end}", start=start, end=end)
            if not (is_open or is_ahead) and tenure.end_reason:
                when = _("{when} ({reason})", when=when, reason=tenure.end_reason)
            held = PostHeld(
                title=post.title,
                unit=seen.unit(post.unit).name,
                account=written_name(seen.account.name),
                account_id=seen.account.ref.id,
                post_id=post.ref.id,
                when=when,
                is_open=is_open,
                is_ahead=is_ahead,
                is_acting=tenure.acting,
                source=_(SOURCES.get(tenure.basis or "", BY_HAND)),
            )
            found.append((is_open or is_ahead, tenure.starts_on, held))
    found.sort(key=lambda row: (row[0], row[1]), reverse=True)
    return tuple(row[2] for row in found)


def _unkept(views: Sequence[AccountView], person: Person) -> Iterator[PostHeld]:
    """What somebody was announced for and did not come to, the newest first."""
    accounts = {seen.account.ref.id: seen for seen in views}
    rows = db.session.execute(
        select(Tenure.starts_on, Tenure.basis, Post.id, Post.title, Unit.name, Unit.account_id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Tenure.person_id == person.id, Unit.account_id.in_(accounts), ~Tenure.came())
        .order_by(Tenure.starts_on.desc())
    )
    for starts_on, basis, post_id, title, unit, account_id in rows:
        seen = accounts[account_id]
        if starts_on <= seen.as_of:
            yield PostHeld(
                title=title,
                unit=unit,
                account=written_name(seen.account.name),
                account_id=account_id,
                post_id=post_id,
                when=_("was announced for {day} and did not come", day=starts_on),
                is_open=False,
                is_ahead=False,
                is_acting=False,
                source=_(SOURCES.get(basis or "", BY_HAND)),
            )


def _spans(views: Sequence[AccountView], ref: Ref) -> tuple[Span, ...]:
    spans = []
    for seen in views:
        for tenure in seen.tenures_of(ref):
            post = seen.post(tenure.post)
            where = seen.unit(post.unit).name
            if len(views) > 1 and where != seen.account.name:
                where = commas((where, seen.account.name))
            spans.append(
                Span(
                    title=post.title,
                    detail=where,
                    starts_after=tenure.starts_after,
                    starts_on=tenure.starts_on,
                    ends_on=tenure.ends_on,
                    is_acting=tenure.acting,
                    lang=language_of(post.title),
                    detail_lang=language_of(where),
                )
            )
    return tuple(spans)


def _clock(views: Iterable[AccountView], ref: Ref) -> ClockMark | None:
    """The ring of the highest deciding post held today."""
    for number, seen in enumerate(views):
        for post in seen.posts_of(ref):
            if seen.is_deciding(post):  # when it is due, all who sat in the account say
                whole = view(seen.account.ref.id, seen.as_of) if number else seen
                held = (row for row in whole.holders(post.ref) if row.person == ref)
                return clock_mark(clock(whole, next(held)))
    return None


def _knowers(
    threads: Iterable[Thread],
    names: Mapping[Ref, PersonRow],
    touches: Sequence[TouchRow],
    day: date,
) -> tuple[Knower, ...]:
    met = {who for row in touches if row.kind in FACE_TO_FACE for who in row.people}
    rows = []
    for thread in sorted(threads, key=lambda row: (-row.strength, row.ours)):
        person = names[thread.ours]
        rows.append(
            Knower(
                id=thread.ours.id,
                name=name_of(person),
                level=_level(thread, has_met=thread.ours in met),
                strength=thread.strength,
                last=_("no touch")
                if thread.last_on is None
                else ago_text((day - thread.last_on).days),
                detail=_n(
                    "{strength:.2f} of 1 · {count} touch",
                    "{strength:.2f} of 1 · {count} touches",
                    thread.touch_count,
                    strength=thread.strength,
                ),
            )
        )
    return tuple(rows)


def _level(thread: Thread, *, has_met: bool) -> str:
    """The relationship; where none was judged, what the touches say."""
    if thread.level is not None and thread.level != "none":
        return label("relationship", thread.level)
    if thread.touch_count:
        return _("has met them") if has_met else _("has been in touch")
    return label("relationship", "none") if thread.level else _("no tie on record")


def _relations(ties: Iterable[tuple[AccountView, TieRow]], ref: Ref) -> tuple[Relation, ...]:
    rows = []
    for seen, tie in ties:
        other = tie.b if tie.a == ref else tie.a
        person = seen.person(other)
        if tie.kind == "knows" and person.side == "us":
            continue  # shown with its strength among those of us who know the person
        name, kind = name_of(person), "tie" if tie.a == ref else "tie_back"
        text = html(
            Message(
                "{tie} {person}",
                {"tie": label_message(kind, tie.kind), "person": link_to(other, name)},
            )
        )
        detail = day(tie.observed_on)
        if tie.basis:
            detail = _("{how}, {day}", how=label("basis", tie.basis), day=tie.observed_on)
        is_conflict = tie.kind == "conflicts" or tie.sign < 0
        relation = Relation(TIE_ICONS.get(tie.kind, "affiliate"), text, detail, is_conflict)
        rows.append((not is_conflict, label(kind, tie.kind), name.text, relation))
    return tuple(row[-1] for row in sorted(rows, key=lambda row: row[:-1]))


def _claims(
    claims: Iterable[ClaimRow], names: Mapping[Ref, PersonRow], day: date
) -> tuple[ClaimLine, ...]:
    rows = []
    for claim in sorted(claims, key=lambda row: (row.on, row.ref), reverse=True):
        age = (day - claim.on).days
        left = max(0.0, 1 - age / claim.shelf_life_days)
        observer = names.get(claim.observer) if claim.observer else None
        rows.append(
            ClaimLine(
                about=label("claim", claim.what),
                value=label_named(claim.what, claim.value),
                says=observer.name if observer else _("one of us"),
                basis=label("basis", claim.basis),
                on=claim.on,
                left=left,
                age=age_text(age),
                shelf_life=age_text(claim.shelf_life_days),
                state="gone" if claim.is_stale(day) else "old" if left < 0.5 else "ok",
            )
        )
    order = {"ok": 0, "old": 1, "gone": 2}
    return tuple(sorted(rows, key=lambda row: order[row.state]))


def _contacts(
    touches: Sequence[TouchRow], names: Mapping[Ref, PersonRow], ref: Ref
) -> tuple[TouchLine, ...]:
    ids = [touch.ref.id for touch in touches]
    query = select(Touch.id, Touch.said).where(Touch.id.in_(ids))
    said = {row.id: row.said for row in db.session.execute(query)}
    rows = []
    for touch in touches:
        people = [names[person] for person in touch.people if person != ref]
        rows.append(
            TouchLine(
                on=touch.on,
                icon=TOUCH_ICONS.get(touch.kind, "message-circle"),
                kind=label("touch", touch.kind),
                said=said.get(touch.ref.id),
                with_ours=commas(row.name for row in people if row.side == "us"),
                with_others=tuple(
                    link_to(row.ref, written_name(row.name)) for row in people if row.side != "us"
                ),
                next_step=touch.next_step,
                next_step_on=touch.next_step_on,
            )
        )
    return tuple(rows)


def _points(person: Person, viewer: User) -> tuple[tuple[str, str, str | None], ...]:
    """Each way once: two accounts may have given the same."""
    found = {(row.kind, row.value): row for row in contact_points_open_to(person, viewer)}
    return tuple((label("contact", kind), value, row.note) for (kind, value), row in found.items())
