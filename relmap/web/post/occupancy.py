"""Who sat in a post since when, with the gaps: the one reading that drawings and tables share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from relmap.contracts import AccountView, OutlookRow, PostRow, Ref, TenureRow
from relmap.contracts.rows import Band
from relmap.insight.outlook.declarations import due_days
from relmap.insight.outlook.histories import Term
from relmap.languages import day, label
from relmap.web.layout.chances import Chance
from relmap.web.layout.days import end_text, start_text
from relmap.web.layout.names import WrittenName, written_name

__all__ = ["Chances", "Due", "Held", "chances_in", "held_in"]

SHORTEST_GAP: Final = timedelta(days=8)  # a handover over a weekend left no seat empty

Kind = Literal["held", "acting", "vacant", "unknown"]
Chances = Mapping[int, Chance]  # by horizon in days


@dataclass(frozen=True, slots=True)
class Due:
    """The day a tenure is meant to end: ``announced``, a declared ``term`` or the ``policy``."""

    kind: Literal["announced", "term", "policy"]
    on: date
    is_past: bool = False

    @property
    def text(self) -> str:
        """What is to come, or should have come."""
        if self.kind == "announced":
            return f"leaves on {day(self.on)}, as announced"
        term = "declared" if self.kind == "term" else "usual"
        return f"{term} term {'ended' if self.is_past else 'ends'} {day(self.on)}"


@dataclass(frozen=True, slots=True)
class Held:
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
    due: tuple[Due, ...] = ()
    chances: Chances | None = None

    def has_ended(self, day: date) -> bool:
        """Whether this is past on the day."""
        return self.ends_on is not None and self.ends_on <= day

    @property
    def said(self) -> str:
        """Who, or what kind of gap."""
        if self.name is not None:
            return str(self.name)
        return "vacant" if self.kind == "vacant" else "holder unknown"


def held_in(
    view: AccountView, post: PostRow, chances: Mapping[Ref, Chances] | None = None
) -> tuple[Held, ...]:
    """Everybody who held a post, and the gaps between them, the oldest first."""
    rows = sorted(view.tenures_in(post.ref), key=lambda row: (row.starts_on, row.ref))
    held = [_holder(view, post, row, (chances or {}).get(row.ref)) for row in rows]
    found = [*held, *_gaps(view, post, held)]
    return tuple(sorted(found, key=lambda one: (one.starts_on, one.person or Ref("person", 0))))


def _holder(view: AccountView, post: PostRow, tenure: TenureRow, chances: Chances | None) -> Held:
    person = view.person(tenure.person)
    when = start_text(tenure.starts_after, tenure.starts_on, tenure.precision)
    if tenure.ends_on is not None:
        when += f", {end_text(tenure.ends_after, tenure.ends_on, tenure.precision)}"
    is_here = not tenure.has_ended(view.as_of)
    return Held(
        kind="acting" if tenure.acting else "held",
        starts_after=tenure.starts_after,
        starts_on=tenure.starts_on,
        ends_after=tenure.ends_after,
        ends_on=tenure.ends_on,
        when=when,
        is_open_start=tenure.starts_after is None,
        person=tenure.person,
        name=written_name(person.name, person.latin_name, language=person.language),
        tenure=tenure.ref,
        reason=label("end_reason", tenure.end_reason) if tenure.end_reason else "",
        due=tuple(_due(view, post, tenure)) if is_here else (),
        chances=chances if is_here else None,
    )


def _due(view: AccountView, post: PostRow, tenure: TenureRow) -> Iterator[Due]:
    """What is known to lie ahead; a usual term counts only from a known start."""
    if tenure.ends_on is not None:
        yield Due("announced", tenure.ends_on)
        return
    if tenure.term_ends_on is not None:
        yield Due("term", tenure.term_ends_on, tenure.term_ends_on <= view.as_of)
        return
    account = view.account
    months = post.term_months or account.rotation_months
    if not months or tenure.starts_after is None:
        return
    is_own = post.term_months is not None
    term = Term(
        kind="term" if is_own else "policy",
        months=months,
        review_month=post.review_month if is_own else post.review_month or account.review_month,
        handover_months=0 if is_own else account.handover_months or 0,
    )
    days = due_days(term, tenure.starts_on, until=view.as_of)
    ends_on = next((day for day in days if day > view.as_of), days[-1])
    yield Due(term.kind, ends_on, ends_on <= view.as_of)


def _gaps(view: AccountView, post: PostRow, held: list[Held]) -> Iterator[Held]:
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


def _gap(kind: Kind, starts_on: date, ends_on: date | None) -> Held:
    when = f"since {day(starts_on)}"
    if ends_on is not None:
        when = f"{day(starts_on)} to {day(ends_on)}"
    return Held(kind, starts_on, starts_on, ends_on, ends_on, when)


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
