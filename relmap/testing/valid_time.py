"""The view of a day from plain rows, by the rules that ``graph.view`` follows for stored ones.

What begins after the day is not there; a later end is hidden, with its reason, unless it was
announced by then. A test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar

from relmap.contracts import (
    AccountRow,
    AccountView,
    ClaimRow,
    ContactRow,
    Measures,
    NextStepRow,
    OutlookRow,
    PersonRow,
    PostRow,
    ProjectRow,
    Ref,
    TenureRow,
    TieRow,
    TouchRow,
    UnitRow,
)
from relmap.contracts.rows import TouchCount
from relmap.insight.favours import FAVOUR_DAYS

__all__ = ["Facts", "view_of"]

WINDOW = timedelta(days=730)  # touches before are counted, not listed
Ending = TypeVar("Ending", UnitRow, PostRow, ContactRow, TieRow)


@dataclass
class Facts:
    """All rows of one account, whatever the day."""

    account: AccountRow
    units: list[UnitRow] = field(default_factory=list)
    posts: list[PostRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    tenures: list[TenureRow] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    ties: list[TieRow] = field(default_factory=list)
    touches: list[TouchRow] = field(default_factory=list)
    claims: list[ClaimRow] = field(default_factory=list)
    projects: list[ProjectRow] = field(default_factory=list)
    next_steps: list[tuple[NextStepRow, date | None]] = field(default_factory=list)  # dropped on
    vacancies: list[tuple[Ref, date]] = field(default_factory=list)
    announced: dict[Ref, date] = field(default_factory=dict)
    """Since when the end of a tenure was known."""
    announced_starts: dict[Ref, date] = field(default_factory=dict)
    outlook: dict[Ref, OutlookRow] = field(default_factory=dict)  # by person
    attached: dict[str, str] = field(default_factory=dict)


def view_of(facts: Facts, day: date, measures: Measures) -> AccountView:
    """The account on a day."""
    tenures = tuple(_tenures(facts, day))
    posts = tuple(_posts(facts, day))
    announced = tuple(_announced(facts, day, {row.ref for row in posts}))
    contacts = tuple(_ended(row, day) for row in facts.contacts if row.starts_on <= day)
    insiders = {row.person for row in (*tenures, *announced)} | {row.person for row in contacts}
    ties = tuple(_ties(facts, day, insiders))
    touches, counts = _touches(facts, day, insiders)
    named = {*insiders, *(row.ours for row in counts)}
    named.update(end for row in ties for end in (row.a, row.b))
    named.update(person for row in touches for person in row.people)
    next_steps = tuple(_next_steps(facts, day))
    ends = (end for row in next_steps for end in (row.person, row.owner, row.through))
    named.update(end for end in ends if end is not None)
    if facts.account.owner is not None:
        named.add(facts.account.owner)
    subjects = named | {row.ref for row in posts}
    return AccountView(
        account=facts.account,
        as_of=day,
        revision=1,
        units=tuple(_ended(row, day) for row in facts.units if row.starts_on <= day),
        posts=posts,
        people=tuple(row for row in facts.people if row.ref in named),
        contacts=contacts,
        tenures=tenures,
        announced=announced,
        ties=ties,
        touches=touches,
        touch_counts=counts,
        claims=tuple(_claims(facts, day, subjects)),
        projects=tuple(_projects(facts, day)),
        next_steps=next_steps,
        outlook=tuple(_outlook(facts, tenures, day)),
        measures=measures,
        attached=tuple(sorted(facts.attached.items())),
    )


def _ended(row: Ending, day: date) -> Ending:
    """The row without an end that lies after the day."""
    if row.ends_on is None or row.ends_on <= day:
        return row
    return replace(row, ends_on=None)


def _posts(facts: Facts, day: date) -> Iterator[PostRow]:
    standing = {row.ref for row in facts.posts if row.starts_on <= day}
    for row in facts.posts:
        if row.ref in standing:
            superior = row.reports_to if row.reports_to in standing else None
            vacant_since = _vacant_since(facts, row.ref, day)
            yield _ended(replace(row, reports_to=superior, vacant_since=vacant_since), day)


def _vacant_since(facts: Facts, post: Ref, day: date) -> date | None:
    """The last day up to this one from which the seat was empty, if nobody sat down since."""
    emptied = [since for ref, since in facts.vacancies if ref == post and since <= day]
    filled = [row.starts_on for row in facts.tenures if row.post == post and row.starts_on <= day]
    if not emptied or any(max(emptied) <= start for start in filled):
        return None
    return max(emptied)


def _tenures(facts: Facts, day: date) -> Iterator[TenureRow]:
    for row in sorted(facts.tenures, key=lambda row: (row.starts_on, row.ref)):
        if row.starts_on <= day:
            yield _as_known(facts, row, day)


def _announced(facts: Facts, day: date, posts: set[Ref]) -> Iterator[TenureRow]:
    for row in sorted(facts.tenures, key=lambda row: (row.starts_on, row.ref)):
        known_on = facts.announced_starts.get(row.ref, row.starts_on)
        if known_on <= day < row.starts_on and row.post in posts:
            yield _as_known(facts, row, day)


def _as_known(facts: Facts, row: TenureRow, day: date) -> TenureRow:
    known_on = facts.announced.get(row.ref, row.ends_on)
    if row.ends_on is None or row.ends_on <= day or (known_on is not None and known_on <= day):
        return row
    return replace(row, ends_after=None, ends_on=None, end_reason=None)


def _ties(facts: Facts, day: date, insiders: set[Ref]) -> Iterator[TieRow]:
    """The ties of insiders, and those of the outsiders among them to us and to each other."""
    begun = [row for row in facts.ties if (row.starts_on or date.min) <= day]
    ours = {row.ref for row in facts.people if row.side == "us"}
    tied = {end for row in begun if {row.a, row.b} & insiders for end in (row.a, row.b)}
    outsiders = tied - insiders - ours
    for row in begun:
        ends = {row.a, row.b}
        if ends & insiders or (ends & outsiders and ends <= outsiders | ours):
            shown = _ended(row, day)
            is_judged = row.starts_on is not None or row.observed_on <= day
            level = row.level if is_judged else None
            yield replace(shown, level=level, observed_on=min(row.observed_on, day))


def _touches(
    facts: Facts, day: date, insiders: set[Ref]
) -> tuple[tuple[TouchRow, ...], tuple[TouchCount, ...]]:
    of_account = [row for row in facts.touches if set(row.people) & insiders and row.on <= day]
    listed = [row for row in of_account if row.on > day - WINDOW]
    ours = {row.ref for row in facts.people if row.side == "us"}
    met: dict[tuple[Ref, Ref], list[date]] = {}
    for row in of_account:
        if row.on <= day - WINDOW:
            for pair in ((a, b) for a in row.people for b in row.people):
                if pair[0] in ours and pair[1] in insiders:
                    met.setdefault(pair, []).append(row.on)
    counts = (TouchCount(*pair, len(days), max(days)) for pair, days in sorted(met.items()))
    return tuple(sorted(listed, key=lambda row: (row.on, row.ref))), tuple(counts)


def _claims(facts: Facts, day: date, subjects: set[Ref]) -> Iterator[ClaimRow]:
    for row in sorted(facts.claims, key=lambda row: (row.on, row.ref)):
        if row.on <= day and row.about in subjects:
            yield row


def _projects(facts: Facts, day: date) -> Iterator[ProjectRow]:
    standing = {row.ref for row in facts.posts if row.starts_on <= day}
    for row in facts.projects:
        if row.starts_on is None or row.starts_on <= day:
            shown = replace(row, posts=tuple(sorted(standing.intersection(row.posts))))
            is_to_end = row.ended_on is not None and row.ended_on > day
            yield replace(shown, stage=None, ended_on=None) if is_to_end else shown


def _next_steps(facts: Facts, day: date) -> Iterator[NextStepRow]:
    since = day - timedelta(days=FAVOUR_DAYS)
    steps = sorted(facts.next_steps, key=lambda step: (step[0].due_on, step[0].ref))
    for row, dropped_on in steps:
        if row.planned_on <= day and (dropped_on is None or dropped_on > day):
            if row.done_on is None or row.done_on > day:
                yield replace(row, done_on=None)
            elif row.done_on > since:
                yield row


def _outlook(facts: Facts, tenures: tuple[TenureRow, ...], day: date) -> Iterator[OutlookRow]:
    for row in sorted(tenures, key=lambda row: row.ref):
        if row.person in facts.outlook and not row.has_ended(day):
            held_since = None if row.starts_after is None else row.starts_on
            yield replace(facts.outlook[row.person], tenure=row.ref, held_since=held_since)
