"""The card of a seat: who sits there, how well known, what changed; and the ghost of who left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from markupsafe import Markup

from relmap.contracts import AccountView, Message, PostRow, Ref, TenureRow
from relmap.insight.seating import Acquaintance, Seat, arrival
from relmap.languages import _, commas, day, html, label
from relmap.web.layout.days import age_text, coming_text, leaving_text
from relmap.web.layout.names import WrittenName, name_of
from relmap.web.seats.marks import (
    ClockMark,
    StanceMark,
    clock_mark,
    coverage_label,
    stance_mark,
)

__all__ = ["Link", "SeatCard", "departed_from", "seat_card"]

Link = Callable[[Ref], str]


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed at a seat since a day."""

    icon: str
    label: str


@dataclass(frozen=True, slots=True)
class SeatCard:
    """One seat as drawn in the grid."""

    href: str
    status: str
    level: str
    title: str
    unit: str
    meta: str
    is_deciding: bool
    name: WrittenName | None = None
    is_acting: bool = False
    leaves: str = ""  # an end that is announced and lies ahead
    follows: str = ""  # who is announced for the seat, from when
    step: int | None = None
    coverage: float | None = None
    coverage_label: str = ""
    stance: StanceMark | None = None
    clock: ClockMark | None = None
    delta: Delta | None = None
    step_number: int | None = None


def seat_card(
    view: AccountView,
    seat: Seat,
    *,
    link: Link,
    since: date | None = None,
    steps: Mapping[Ref, int] | None = None,
) -> SeatCard:
    """One seat for the eye."""
    post, person = seat.post, seat.person
    blank = SeatCard(
        href=link(post.ref),
        status=seat.status,
        level=label("level", post.level),
        title=post.title,
        unit=view.unit(post.unit).name,
        meta=_blank_meta(view, post),
        is_deciding=seat.is_deciding,
        follows=_follows(view, seat),
        step_number=(steps or {}).get(post.ref),
    )
    if person is None or seat.known is None or seat.tenure is None:
        return blank
    return replace(
        blank,
        href=link(person.ref),
        meta=_known_meta(view, seat.known),
        name=name_of(person),
        is_acting=seat.tenure.acting,
        leaves=leaving_text(seat.tenure.ends_on, view.as_of),
        step=seat.known.step,
        coverage=seat.known.coverage,
        coverage_label=coverage_label(seat.known.coverage),
        stance=stance_mark(seat.known.stance),
        clock=clock_mark(seat.clock) if seat.clock else None,
        delta=_delta(view, seat.tenure, since),
        step_number=(steps or {}).get(person.ref) or blank.step_number,
    )


def _follows(view: AccountView, seat: Seat) -> str:
    """Who is announced to take the seat of who leaves it, or one that nobody we know holds."""
    ahead = view.announced_in(seat.post.ref)
    leaving = [row for row in view.holders(seat.post.ref) if row.ends_on is not None]
    if not ahead or (leaving and seat.tenure not in leaving):
        return ""
    first = ahead[0].starts_on
    names = commas(view.person(row.person).name for row in ahead if row.starts_on == first)
    return coming_text(names, first, view.as_of)


def _blank_meta(view: AccountView, post: PostRow) -> str:
    if post.vacant_since is None:
        return _("seat known, holder not")
    since = _("since {day}", day=day(post.vacant_since, today=view.as_of))
    return f"{since} · {age_text((view.as_of - post.vacant_since).days)}"


def _known_meta(view: AccountView, known: Acquaintance) -> str:
    if known.coverage is None:
        return _("never met")
    ours = _("{count} of us", count=len(known.knowers)) if known.knowers else _("none of us")
    if known.last_touch_on is None:
        return f"{ours} · {_('no touch')}"
    return f"{ours} · {age_text((view.as_of - known.last_touch_on).days)}"


def _delta(view: AccountView, tenure: TenureRow, since: date | None) -> Delta | None:
    how = arrival(view, tenure, since) if since else None
    if how is None:
        return None
    when = day(tenure.starts_on, today=view.as_of)
    if how == "came":
        return Delta("plus", _("came {day}", day=when))
    return Delta("arrow-right", _("moved here {day}", day=when))


def departed_from(view: AccountView, tenure: TenureRow) -> Markup:
    """Who left a seat, and where they went as far as we know."""
    ends_on = tenure.ends_on or view.as_of
    later = [
        row
        for row in view.tenures_of(tenure.person)
        if row.ref != tenure.ref
        and not row.has_ended(view.as_of)
        and row.starts_on >= ends_on - timedelta(days=200)
    ]
    values = {
        "name": Markup("<s>{}</s>").format(name_of(view.person(tenure.person)).html),
        "day": day(ends_on, today=view.as_of),
    }
    if later:
        title = view.post(later[0].post).title
        return html(Message("{name}, left {day} → {post}", {**values, "post": title}))
    if tenure.end_reason and tenure.end_reason != "unknown":
        values["reason"] = tenure.end_reason
        return html(Message("{name}, left {day}, {reason}", values))
    return html(Message("{name}, left {day}", values))
