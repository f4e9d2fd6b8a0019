"""Who sat in a post since when, with the gaps: the one reading that drawings and tables share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from relmap.contracts import AccountView, OutlookRow, PostRow, Ref, TenureRow
from relmap.contracts.message import N_
from relmap.contracts.rows import Band
from relmap.insight.seating import due
from relmap.insight.terms import TermEnd
from relmap.languages import _, label
from relmap.web.layout.chances import Chance
from relmap.web.layout.days import end_text, start_text
from relmap.web.layout.names import WrittenName, name_of

__all__ = ["Chances", "Occupancy", "chances_in", "due_text", "occupancies"]

SHORTEST_GAP: Final = timedelta(days=8)  # a handover over a weekend left no seat empty

Kind = Literal["held", "acting", "announced", "vacant", "unknown"]
Chances = Mapping[int, Chance]  # by horizon in days


@dataclass(frozen=True, slots=True)
class Occupancy:
    """One holder of a post, or a gap: vacant, or nobody on record.

    The start lies in (``starts_after``, ``starts_on``]; ``is_open_start`` says that it began
    before we knew. ``ends_on`` is ``None`` for who is still there, or lies ahead if announced.
    """

    kind: Kind
    starts_after: date | None
    starts_on: date
    ends_after: date | None
    ends_on: date | None
    when: str
    is_open_start: bool = False
    person: Ref | None = None
    name: WrittenName | None = None
    tenure: Ref | None = None
    reason: str = ""
    due: TermEnd | None = None
    chances: Chances | None = None

    def has_ended(self, day: date) -> bool:
        """Whether this is past on the day."""
        return self.ends_on is not None and self.ends_on <= day

    @property
    def due_said(self) -> str:
        """What is to come, or should have come; empty where nothing is due."""
        return due_text(self.due) if self.due else ""

    @property
    def said(self) -> str:
        """Who, or what kind of gap."""
        if self.name is not None:
            return str(self.name)
        return label("status", "vacant" if self.kind == "vacant" else "unknown_holder")


def occupancies(
    view: AccountView, post: PostRow, chances: Mapping[Ref, Chances] | None = None
) -> tuple[Occupancy, ...]:
    """Everybody who held a post or is announced for it, and the gaps between, the oldest first."""
    rows = sorted(view.tenures_in(post.ref), key=lambda row: (row.starts_on, row.ref))
    held = [_holder(view, row, (chances or {}).get(row.ref)) for row in rows]
    ahead = [_holder(view, row, None) for row in view.announced_in(post.ref)]
    found = [*held, *_gaps(view, post, held), *ahead]
    return tuple(sorted(found, key=lambda one: (one.starts_on, one.person or Ref("person", 0))))


def _holder(view: AccountView, tenure: TenureRow, chances: Chances | None) -> Occupancy:
    person = view.person(tenure.person)
    is_ahead = tenure.starts_on > view.as_of
    when = start_text(tenure.starts_after, tenure.starts_on, tenure.precision, is_ahead=is_ahead)
    if tenure.ends_on is not None:
        until = end_text(tenure.ends_after, tenure.ends_on, tenure.precision)
        when = _("{since}, {until}", since=when, until=until)
    is_here = not (is_ahead or tenure.has_ended(view.as_of))
    kind: Kind = "acting" if tenure.acting else "held"
    return Occupancy(
        kind="announced" if is_ahead else kind,
        starts_after=tenure.starts_after,
        starts_on=tenure.starts_on,
        ends_after=tenure.ends_after,
        ends_on=tenure.ends_on,
        when=when,
        is_open_start=tenure.starts_after is None and not is_ahead,
        person=tenure.person,
        name=name_of(person),
        tenure=tenure.ref,
        reason=_reason(tenure, is_here=is_here),
        due=due(view, tenure) if is_here else None,
        chances=chances if is_here else None,
    )


def _reason(tenure: TenureRow, *, is_here: bool) -> str:
    """Why it ended, or is to end where that is known."""
    if not tenure.end_reason or (is_here and tenure.end_reason == "unknown"):
        return ""
    return label("end_reason", tenure.end_reason)


def due_text(due: TermEnd) -> str:
    """What is to come, or should have come."""
    if due.kind == "announced":
        return _("leaves on {day}, as announced", day=due.on)
    if due.kind == "term":
        text = N_("declared term ended {day}") if due.is_past else N_("declared term ends {day}")
    else:
        text = N_("usual term ended {day}") if due.is_past else N_("usual term ends {day}")
    return _(text, day=due.on)


def _gaps(view: AccountView, post: PostRow, held: list[Occupancy]) -> Iterator[Occupancy]:
    """When nobody held the post as far as we know: vacant where that was said, else unknown."""
    begin = post.starts_on
    for one in held:
        from_on = one.starts_after or one.starts_on
        if not one.is_open_start and from_on - begin > SHORTEST_GAP:
            yield _gap("unknown", begin, one.starts_on)
        begin = max(begin, one.ends_on or date.max)
    end = min(view.as_of, post.ends_on or view.as_of)
    if begin >= end:
        return
    since = post.vacant_since
    if since is None:
        yield _gap("unknown", begin, post.ends_on)
        return
    if since - begin > SHORTEST_GAP:
        yield _gap("unknown", begin, since)
    yield _gap("vacant", max(begin, since), post.ends_on)


def _gap(kind: Kind, starts_on: date, ends_on: date | None) -> Occupancy:
    when = _("since {day}", day=starts_on)
    if ends_on is not None:
        when = _("{first} to {last}", first=starts_on, last=ends_on)
    return Occupancy(kind, starts_on, starts_on, ends_on, ends_on, when)


def chances_in(view: AccountView) -> dict[Ref, Chances]:
    """The chances of a change that the view's forecast gives, by tenure and horizon."""
    found: dict[Ref, Chances] = {}
    for row in view.outlook:
        figures = {90: row.p90, 180: row.p180, 365: row.p365}
        if row.mirrors_imports:
            del figures[90]  # it would only show when we look
        found[row.tenure] = {
            days: Chance(value, *_band(row, days)) if row.bands else Chance.point(value)
            for days, value in figures.items()
            if value is not None
        }
    return found


def _band(row: OutlookRow, days: int) -> Band:
    found: Band = getattr(row.bands, f"p{days}")
    return found
