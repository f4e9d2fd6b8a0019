"""The people of an account as a list: in post, as a contact, or gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from relmap.contracts import LEVELS, AccountView, PersonRow, PostRow, Ref, TenureRow
from relmap.insight.seating import acquaintance
from relmap.languages import _, day, label
from relmap.names.honorifics import bare_name
from relmap.names.search import asked_as, search_text
from relmap.web.layout.days import age_text, coming_text, leaving_text
from relmap.web.layout.names import WrittenName, name_of
from relmap.web.seats.cards import Link
from relmap.web.seats.marks import StanceMark, coverage_label, stance_mark

__all__ = ["PersonLine", "people"]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One of theirs in a list."""

    href: str
    name: WrittenName
    title: str
    unit: str
    function: str
    level: str
    is_here: bool
    is_acting: bool
    leaves: str  # an end that is announced and lies ahead
    comes: str  # the post that is announced for them, from when
    is_known: bool
    step: int | None
    coverage: float | None
    coverage_label: str
    stance: StanceMark
    knowers: tuple[str, ...]
    last_touch_on: date | None
    last_touch: str


def people(view: AccountView, *, link: Link, wanted: str = "") -> list[PersonLine]:
    """Everybody of theirs who has, had or is to have a post or is a contact, highest first."""
    held = (*view.tenures, *view.announced)
    insiders = {row.person for row in held} | {row.person for row in view.contacts}
    rows = [row for row in view.people_of("client") if row.ref in insiders]
    if wanted.strip():
        asked = asked_as(bare_name(wanted))
        rows = [row for row in rows if _is_wanted(row, asked)]
    lines = [(_rank(view, row), _person_line(view, row, link)) for row in rows]
    return [found for _, found in sorted(lines, key=lambda item: item[0])]


def _is_wanted(person: PersonRow, asked: Iterable[str]) -> bool:
    forms = search_text([person.name, person.latin_name, person.nickname])
    return any(form in forms for form in asked)


def _rank(view: AccountView, person: PersonRow) -> tuple[int, str, Ref]:
    posts = view.posts_of(person.ref)
    return (LEVELS.index(posts[0].level) if posts else len(LEVELS), person.name, person.ref)


def _person_line(view: AccountView, person: PersonRow, link: Link) -> PersonLine:
    posts = view.posts_of(person.ref)
    ended = [row for row in view.tenures_of(person.ref) if row.has_ended(view.as_of)]
    last = max(ended, key=lambda row: row.ends_on or view.as_of, default=None)
    post = posts[0] if posts else view.post(last.post) if last else None
    ahead = next(iter(view.announced_of(person.ref)), None)
    if ahead is not None and not posts:
        post, last = view.post(ahead.post), None
    known = acquaintance(view, person.ref)
    contact = any(row.person == person.ref and row.ends_on is None for row in view.contacts)
    held = [row for row in view.tenures_of(person.ref) if not row.has_ended(view.as_of)]
    return PersonLine(
        href=link(person.ref),
        name=name_of(person),
        title=_title_of(view, post, last, is_here=bool(posts)),
        unit=view.unit(post.unit).name if post else "",
        function=label("function", post.function) if post else "",
        level=label("level", post.level) if post else "",
        is_here=bool(posts) or contact or ahead is not None,
        is_acting=bool(held) and all(row.acting for row in held),
        leaves=_leaves(view, held),
        comes="" if ahead is None else _comes(view, ahead, is_here=bool(posts)),
        is_known=(known.coverage or 0) >= view.measures.known_from,
        step=known.step,
        coverage=known.coverage,
        coverage_label=coverage_label(known.coverage),
        stance=stance_mark(known.stance),
        knowers=tuple(view.person(ref).name for ref in known.knowers),
        last_touch_on=known.last_touch_on,
        last_touch=""
        if known.last_touch_on is None
        else age_text((view.as_of - known.last_touch_on).days),
    )


def _leaves(view: AccountView, held: list[TenureRow]) -> str:
    """When the last post will have ended, where all of them have an announced end."""
    ends = [row.ends_on for row in held if row.ends_on is not None]
    return leaving_text(max(ends), view.as_of) if held and len(ends) == len(held) else ""


def _comes(view: AccountView, ahead: TenureRow, *, is_here: bool) -> str:
    """From when the post is theirs; which it is, where another stands beside it."""
    if is_here:
        return coming_text(view.post(ahead.post).title, ahead.starts_on, view.as_of)
    return _("from {day}", day=day(ahead.starts_on, today=view.as_of))


def _title_of(
    view: AccountView, post: PostRow | None, last: TenureRow | None, *, is_here: bool
) -> str:
    if post is None:
        return _("no post we know")
    if is_here or last is None or last.ends_on is None:
        return post.title
    last_day = day(last.ends_on, today=view.as_of)
    return _("was {post}, until {day}", post=post.title, day=last_day)
