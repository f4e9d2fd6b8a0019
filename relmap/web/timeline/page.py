"""The timeline of an account: who sat in each post since when, and what may change in a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, render_template

from relmap.clock import today
from relmap.contracts import AccountView, PostRow, Ref
from relmap.graph import view
from relmap.insight.thresholds import HORIZON
from relmap.languages import _, _n, label
from relmap.web.layout.account_head import account_head, tabs
from relmap.web.layout.days import coming_text
from relmap.web.layout.names import language_of
from relmap.web.layout.query import chosen, day_asked, number_asked
from relmap.web.outlook.plan_lines import foreseen
from relmap.web.security.viewer import account_or_404
from relmap.web.timeline.bars import Axis, Lane, axis, lane
from relmap.web.timeline.occupancy import Chances, Occupancy, chances_in, due_text, occupancies

__all__ = ["Drawn", "drawn", "says"]

pages = Blueprint("timeline", __name__, url_prefix="/accounts/<int:account_id>/timeline")

PAGE_SIZE: Final = 30


@dataclass(frozen=True, slots=True)
class Drawn:
    """One post of the timeline, in both widths and in words."""

    key: int
    post: PostRow
    lang: str | None
    unit: str
    is_closed: bool
    held: tuple[Occupancy, ...]
    wide: Lane
    narrow: Lane
    label: str
    says: str


@pages.get("")
def of_account(account_id: int) -> str:
    """Post by post, the deciding ones first; as a picture or as a table."""
    account, day = account_or_404(account_id), day_asked(account_id)
    seen, _ = foreseen(view(account.id, day))
    deciding, every = _deciding(seen), _every(seen)
    which = chosen("posts", ("deciding", "all")) or ("deciding" if deciding else "all")
    wanted = deciding if which == "deciding" else every
    start = min(max(0, (number_asked("from") or 1) - 1), max(0, len(wanted) - 1))
    chances = chances_in(seen)
    lanes, wide, narrow = drawn(seen, wanted[start : start + PAGE_SIZE], chances)
    return render_template(
        "layout/account_tab.html",
        active="accounts",
        head=account_head(account, day, seen=seen),
        tabs=tabs(account.id, day),
        tab="timeline",
        part="timeline/timeline_tab.html",
        account_id=account.id,
        account_name=account.name,
        lanes=lanes,
        wide=wide,
        narrow=narrow,
        counts={"deciding": len(deciding), "all": len(every)},
        which=which,
        shown_as=chosen("as", ("table",)) or "picture",
        has_chances=bool(chances),
        start=start,
        total=len(wanted),
        page_size=PAGE_SIZE,
        asked_on=None if day == today() else day.isoformat(),
        today=day,
    )


def _deciding(seen: AccountView) -> list[PostRow]:
    return sorted(seen.deciding_posts, key=lambda row: (-row.decision_weight, row.ref))


def _every(seen: AccountView) -> list[PostRow]:
    """The posts that stand, the weightiest first, then those that were closed, the newest first."""
    standing = sorted(seen.open_posts, key=lambda row: (-row.decision_weight, row.ref))
    kept = set(standing)
    closed = [row for row in seen.posts if row not in kept]
    return [*standing, *sorted(closed, key=lambda row: row.ends_on or row.starts_on, reverse=True)]


def drawn(
    seen: AccountView, posts: Sequence[PostRow], chances: Mapping[Ref, Chances]
) -> tuple[list[Drawn], Axis, Axis]:
    """Posts as drawn on one pair of axes, the wide and the narrow one."""
    held = {post: occupancies(seen, post, chances) for post in posts}
    people = [one for rows in held.values() for one in rows]
    wide, narrow = axis(people, seen.as_of), axis(people, seen.as_of, is_narrow=True)
    lanes = [
        Drawn(
            key=post.ref.id,
            post=post,
            lang=language_of(post.title),
            unit=seen.unit(post.unit).name,
            is_closed=post.ends_on is not None and post.ends_on <= seen.as_of,
            held=rows,
            wide=lane(rows, wide),
            narrow=lane(rows, narrow),
            label=_n(
                "{post}: {count} holder or gap",
                "{post}: {count} holders and gaps",
                len(rows),
                post=post.title,
            ),
            says=says(seen, post, rows),
        )
        for post, rows in held.items()
    ]
    return lanes, wide, narrow


def says(seen: AccountView, post: PostRow, held: Sequence[Occupancy]) -> str:
    """What may come next at a post: an announced day, else the chance, else the end of a term."""
    ahead = [one for one in held if one.kind == "announced" and one.name]
    if ahead and ahead[0].name:
        coming = coming_text(ahead[0].name.text, ahead[0].starts_on, seen.as_of)
        return _("{now}, then {coming}", now=_says_now(seen, post, held), coming=coming)
    return _says_now(seen, post, held)


def _says_now(seen: AccountView, post: PostRow, held: Sequence[Occupancy]) -> str:
    """The same of who sits there."""
    sitting = (one for one in held if one.person and one.kind != "announced")
    here: list[Any] = [one for one in sitting if not one.has_ended(seen.as_of)]
    if not here:
        return label("status", seen.status(post))
    one, text = here[0], ""
    if one.chances and not (one.due and one.due.kind == "announced"):
        days = HORIZON if HORIZON in one.chances else max(one.chances)
        text = _(
            "{chance} chance of a change in {days} days", chance=one.chances[days].text, days=days
        )
    elif one.due:
        text = due_text(one.due)
    if len(here) > 1 and text:
        return _("{who}: {what}", who=one.name.text, what=text)
    return text
