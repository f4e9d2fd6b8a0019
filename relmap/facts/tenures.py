"""Who sits where: start and end a tenure, move, confirm, correct a day, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, func, or_, select

from relmap.contracts import N_
from relmap.contracts.words import END_REASONS, LEVELS, EndReason, Precision
from relmap.errors import NotFound, Refused
from relmap.facts.audit import add, refuse_changed_later, remove, revise
from relmap.facts.closed_lists import refuse_unknown
from relmap.facts.locks import lock, raise_revision
from relmap.facts.people import end_contact
from relmap.models import Contact, Person, Post, Tenure, Unit, db, utc_now

__all__ = [
    "confirm_acting",
    "correct_end",
    "correct_start",
    "end_tenure",
    "get_tenure",
    "move",
    "set_term",
    "start_tenure",
    "withdraw_tenure",
]


def get_tenure(tenure_id: int) -> Tenure:
    """The tenure of this id; raises ``NotFound``."""
    tenure = db.session.get(Tenure, tenure_id)
    if tenure is None:
        raise NotFound("There is no tenure {tenure_id}.", tenure_id=tenure_id)
    return tenure


def start_tenure(
    person: Person,
    post: Post,
    day: date,
    *,
    after: date | None = None,
    start_known: bool = True,
    acting: bool = False,
    precision: Precision = "day",
    term_ends_on: date | None = None,
    basis: str = "entered",
) -> Tenure:
    """The person holds the post from ``day`` on.

    The start lies in (``after``, ``day``]; ``after`` defaults to the day before. With
    ``start_known=False`` the true start is unknown and ``day`` is when we first knew.
    Refused where the seats are taken or the person is there already. Does not commit.
    """
    concerned = lock(person, post)  # else two at once both see a free seat and both take it
    account_id = post.unit.account_id
    _refuse_outside(post, day)
    _refuse_double(person, post, day)
    _refuse_full(post, day, None)
    if start_known:
        after = after or day - timedelta(days=1)
    tenure = Tenure(
        person_id=person.id,
        post_id=post.id,
        starts_after=after if start_known else None,
        starts_on=day,
        acting=acting,
        precision=precision,
        term_ends_on=term_ends_on,
        basis=basis,
    )
    add("start_tenure", tenure, account_id=account_id)
    _fill(post, day)
    for contact in db.session.scalars(
        select(Contact).where(
            Contact.person_id == person.id,
            Contact.account_id == account_id,
            Contact.ends_on.is_(None),
        )
    ):
        end_contact(contact, day)
    raise_revision(concerned)
    return tenure


def _refuse_outside(post: Post, day: date) -> None:
    if post.ends_on is not None and post.ends_on <= day:
        raise Refused(
            "{post} was closed on {ends_on}: nobody can take it after.",
            post=post.title,
            ends_on=post.ends_on,
        )
    if day < post.starts_on:
        account_id = post.unit.account_id  # the seat is older than we knew
        revise("open_post_earlier", post, {"starts_on": day}, account_id=account_id)
        unit: Unit | None = post.unit
        while unit is not None and day < unit.starts_on:
            revise("open_unit_earlier", unit, {"starts_on": day}, account_id=account_id)
            unit = unit.parent


def _refuse_double(
    person: Person, post: Post, day: date, *, until: date | None = None, but: int = 0
) -> None:
    """Refuse where the person sits in the post already on some day from ``day`` to ``until``."""
    there = _others(post, day, until, but=but).where(Tenure.person_id == person.id)
    if db.session.scalar(there.limit(1)):
        raise Refused("{person} holds {post} already.", person=person.name, post=post.title)


def _refuse_full(post: Post, day: date, until: date | None, *, but: int = 0) -> None:
    """Refuse where on some day from ``day`` to ``until`` every seat has a holder."""
    others = db.session.scalars(_others(post, day, until, but=but)).all()
    if _most_at_once(others) >= post.seats:
        raise Refused(
            "{post} has {seats} seat(s) and {names} there. End that tenure first, or give the "
            "post another seat.",
            post=post.title,
            seats=post.seats,
            names=sorted({other.person.name for other in others}),
        )


def _others(post: Post, day: date, until: date | None, *, but: int) -> Select[Tenure]:
    """The tenures in the post, ``but`` one, on any day from ``day`` to ``until``."""
    ends = or_(Tenure.ends_on.is_(None), Tenure.ends_on > day)
    query = select(Tenure).where(Tenure.post_id == post.id, Tenure.id != but, ends)
    return query if until is None else query.where(Tenure.starts_on < until)


def _most_at_once(tenures: Sequence[Tenure]) -> int:
    """The largest number of holders on one day; it is reached where one of them begins."""
    return max(
        (
            sum(
                other.starts_on <= one.starts_on
                and (other.ends_on is None or other.ends_on > one.starts_on)
                for other in tenures
            )
            for one in tenures
        ),
        default=0,
    )


def _fill(post: Post, day: date) -> None:
    """The seat is no longer vacant."""
    if post.vacant_since is not None:
        values = {"vacant_since": None}
        account_id = post.unit.account_id
        revise("fill_post", post, values, account_id=account_id, effective_on=day)


def end_tenure(
    tenure: Tenure,
    day: date,
    *,
    reason: EndReason = "unknown",
    after: date | None = None,
    nobody_yet: bool = False,
) -> Tenure:
    """Close a tenure on ``day``, the first day the person no longer holds the post.

    The end lies in (``after``, ``day``]. With ``nobody_yet`` the seat is known to be empty;
    otherwise who sits there now is unknown. Its accounts fall due. Does not commit.
    """
    text = N_("{value!r} is no reason: {known}.")
    refuse_unknown(reason, END_REASONS, text, about="end_reason")
    concerned = lock(tenure)
    account_id = tenure.post.unit.account_id
    if tenure.ends_on is not None:
        raise Refused(
            "An end is on record for {person}: {ends_on}. Correct that date instead.",
            person=tenure.person.name,
            ends_on=tenure.ends_on,
        )
    if day <= tenure.starts_on:
        said = "The day must come after {day}, when the tenure began."
        raise Refused(said, day=tenure.starts_on, about="ends_on")
    values = {
        "ends_on": day,
        "ends_after": after or day - timedelta(days=1),
        "end_reason": reason,
        "end_recorded_at": utc_now(),
    }
    revise("end_tenure", tenure, values, account_id=account_id)
    if nobody_yet and not _holders(tenure.post, day):
        vacant = {"vacant_since": day}
        revise("mark_vacant", tenure.post, vacant, account_id=account_id, effective_on=day)
    raise_revision(concerned)
    return tenure


def _holders(post: Post, day: date) -> int:
    query = select(func.count()).where(Tenure.post_id == post.id, Tenure.holding(day))
    return db.session.scalar(query) or 0


def move(tenure: Tenure, post: Post, day: date, *, acting: bool = False) -> Tenure:
    """The person leaves the post for another on ``day``; the new tenure is returned.

    The reason follows from where they go: another account (left_company), up (promoted), else
    moved_inside.
    """
    lock(tenure, post)
    if post.unit.account_id != tenure.post.unit.account_id:
        reason: EndReason = "left_company"
    elif LEVELS.index(post.level) < LEVELS.index(tenure.post.level):
        reason = "promoted"
    else:
        reason = "moved_inside"
    end_tenure(tenure, day, reason=reason)
    return start_tenure(tenure.person, post, day, acting=acting)


def confirm_acting(tenure: Tenure, day: date) -> Tenure:
    """An acting holder is confirmed: no departure, the same person stays in the post."""
    lock(tenure)
    if not tenure.acting:
        raise Refused(
            "{person} is not acting in {post}.", person=tenure.person.name, post=tenure.post.title
        )
    end_tenure(tenure, day, reason="acting_ended")
    return start_tenure(tenure.person, tenure.post, day)


def correct_start(
    tenure: Tenure,
    day: date,
    *,
    after: date | None = None,
    precision: Precision = "day",
    start_known: bool = True,
) -> Tenure:
    """The start was on file wrongly; the audit log keeps the old day."""
    concerned = lock(tenure)  # somebody may be ending it
    account_id = tenure.post.unit.account_id
    if tenure.ends_on is not None and day >= tenure.ends_on:
        raise Refused(
            "The tenure ended on {ends_on}: it began before that day.", ends_on=tenure.ends_on
        )
    _refuse_outside(tenure.post, day)
    _refuse_double(tenure.person, tenure.post, day, until=tenure.ends_on, but=tenure.id)
    _refuse_full(tenure.post, day, tenure.ends_on, but=tenure.id)
    values = {
        "starts_on": day,
        "starts_after": (after or day - timedelta(days=1)) if start_known else None,
        "precision": precision,
    }
    revise("correct_start", tenure, values, account_id=account_id)
    raise_revision(concerned)
    return tenure


def correct_end(
    tenure: Tenure, day: date | None, *, reason: EndReason | None = None, after: date | None = None
) -> Tenure:
    """The end was on file wrongly; ``None``: the person never left."""
    concerned = lock(tenure)
    account_id = tenure.post.unit.account_id
    if tenure.ends_on is None:
        raise Refused("{person} has not left. End the tenure instead.", person=tenure.person.name)
    if day is not None and day <= tenure.starts_on:
        raise Refused(
            "The day must come after {starts_on}, when the tenure began.",
            starts_on=tenure.starts_on,
        )
    _refuse_double(tenure.person, tenure.post, tenure.starts_on, until=day, but=tenure.id)
    _refuse_full(tenure.post, tenure.starts_on, day, but=tenure.id)
    values = {
        "ends_on": day,
        "ends_after": None if day is None else after or day - timedelta(days=1),
        "end_reason": None if day is None else reason or tenure.end_reason,
        "end_recorded_at": None if day is None else utc_now(),
    }
    revise("correct_end", tenure, values, account_id=account_id)
    if day is None:
        _fill(tenure.post, tenure.starts_on)
    raise_revision(concerned)
    return tenure


def set_term(tenure: Tenure, term_ends_on: date | None, *, day: date | None = None) -> Tenure:
    """The day on which the term ends as declared; the person may stay longer. ``None``: none is.

    With a ``day`` it was declared then and earlier days do not know it; without, it was on file
    wrongly.
    """
    lock(tenure)
    account_id = tenure.post.unit.account_id
    if term_ends_on is not None and term_ends_on <= tenure.starts_on:
        said = "A term ends after {day}, when the tenure began."
        raise Refused(said, day=tenure.starts_on, about="term_ends_on")
    if tenure.ends_on is not None and (day is None or tenure.ends_on <= day):
        raise Refused(
            "{person} already left on {ends_on}.", person=tenure.person.name, ends_on=tenure.ends_on
        )
    values = {"term_ends_on": term_ends_on}
    refuse_changed_later(tenure, values, day)
    if revise("set_term", tenure, values, account_id=account_id, effective_on=day):
        raise_revision([account_id])
    return tenure


def withdraw_tenure(tenure: Tenure) -> None:
    """The person never held the post: the row goes, the audit log keeps it."""
    concerned = lock(tenure)
    remove("withdraw_tenure", tenure, account_id=tenure.post.unit.account_id)
    raise_revision(concerned)
