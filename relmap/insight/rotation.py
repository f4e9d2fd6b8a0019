"""Who left a post between two views of an account, and what became of the seat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from relmap.contracts import AccountView, PostRow, Ref, TenureRow
from relmap.contracts.words import LEVELS, NOBODY_FOLLOWED, SeatOutcome

__all__ = [
    "NOBODY_FOLLOWED",
    "Departure",
    "SeatOutcome",
    "departures",
    "is_same_unit",
    "later_tenure",
]


@dataclass(frozen=True, slots=True)
class Departure:
    """A tenure that ended between two views.

    ``successors`` are the people who joined the post since, ``remaining`` those who held it beside
    and stayed. ``moved_to`` are the posts of this account that the person took up since, ``keeps``
    those held before and still, both the highest first.
    """

    tenure: TenureRow
    post: PostRow
    seat: SeatOutcome
    successors: tuple[Ref, ...]
    remaining: tuple[Ref, ...]
    moved_to: tuple[Ref, ...]
    keeps: tuple[Ref, ...]

    @property
    def nobody_followed(self) -> bool:
        """Whether the seat stayed empty or went with its unit."""
        return self.seat in NOBODY_FOLLOWED


def departures(before: AccountView, now: AccountView) -> Iterator[Departure]:
    """Every tenure that stood in ``before`` or began since, and has ended in ``now``, each once.

    A departure that was entered late counts by when it became known. History that is newly entered
    (ended by the earlier view's day and not open in it) does not count, nor does the confirmation
    of an acting holder, nor what a later tenure of the person in the post has overtaken: who is
    back has not left, and who left again is told once.
    """
    was_open = {row.ref for row in before.open_tenures}
    was_there = {row.ref for row in before.tenures}
    for tenure in now.tenures:
        ended_on = tenure.ends_on
        if ended_on is None or ended_on > now.as_of:
            continue
        is_new = tenure.ref not in was_there and ended_on > before.as_of
        if not (tenure.ref in was_open or is_new) or _goes_on(tenure, ended_on, now):
            continue
        if later_tenure(tenure, now) is None:
            yield _departure(tenure, ended_on, now)


def later_tenure(tenure: TenureRow, view: AccountView) -> TenureRow | None:
    """The newest tenure of the person in the same post that began since this one ended.

    A post of that title counts as well where the unit went and is there anew.
    """
    later = [
        row
        for row in view.tenures_of(tenure.person)
        if row.ref != tenure.ref
        and tenure.ends_on is not None
        and tenure.ends_on <= row.starts_on <= view.as_of
        and _is_same_post(view, tenure.post, row.post)
    ]
    return max(later, key=lambda row: (row.starts_on, row.ref), default=None)


def is_same_unit(view: AccountView, old: Ref, new: Ref) -> bool:
    """Whether it is one unit, or one that was closed and then opened anew under its name."""
    was, now = view.unit(old), view.unit(new)
    is_anew = was.ends_on is not None and was.ends_on <= now.starts_on
    return old == new or (is_anew and was.name == now.name)


def _is_same_post(view: AccountView, old: Ref, new: Ref) -> bool:
    was, now = view.post(old), view.post(new)
    return old == new or (was.title == now.title and is_same_unit(view, was.unit, now.unit))


def _goes_on(tenure: TenureRow, ended_on: date, view: AccountView) -> bool:
    """Whether the person sits on in the post under another tenure: confirmed, say."""
    return any(
        row.person == tenure.person
        and row.ref != tenure.ref
        and tenure.starts_on <= row.starts_on <= ended_on
        and not row.has_ended(ended_on)
        for row in view.tenures_in(tenure.post)
    )


def _departure(tenure: TenureRow, ended_on: date, view: AccountView) -> Departure:
    post = view.post(tenure.post)
    earliest = _earliest_end(tenure, ended_on)
    others = [row for row in view.tenures_in(post.ref) if row.ref != tenure.ref]
    joined = [row for row in others if row.starts_on >= earliest]
    beside = [row for row in others if row.starts_on < earliest and not row.has_ended(ended_on)]
    held = [row for row in view.tenures_of(tenure.person) if row.post != post.ref]
    return Departure(
        tenure=tenure,
        post=post,
        seat=_seat(view, post, is_followed=bool(joined), is_held=bool(beside)),
        successors=_people(joined),
        remaining=_people(beside),
        moved_to=_posts(view, [row for row in held if row.starts_on >= earliest]),
        keeps=_posts(
            view,
            [row for row in held if row.starts_on < earliest and not row.has_ended(view.as_of)],
        ),
    )


def _earliest_end(tenure: TenureRow, ended_on: date) -> date:
    """The first day on which the person may have been gone."""
    return ended_on if tenure.ends_after is None else tenure.ends_after + timedelta(days=1)


def _seat(view: AccountView, post: PostRow, *, is_followed: bool, is_held: bool) -> SeatOutcome:
    unit = view.unit(post.unit)
    if is_followed:
        return "replaced"
    if is_held:
        return "still_held"
    if unit.ends_on is not None and unit.ends_on <= view.as_of:
        return "unit_closed"
    status = view.status(post)
    if status == "unknown_holder":
        return "replaced"  # somebody sits there whom we cannot name
    return "post_closed" if status == "abolished" else "vacant"


def _people(rows: list[TenureRow]) -> tuple[Ref, ...]:
    ordered = sorted(rows, key=lambda row: (row.starts_on, row.ref))
    return tuple(dict.fromkeys(row.person for row in ordered))


def _posts(view: AccountView, rows: list[TenureRow]) -> tuple[Ref, ...]:
    found = {row.post: view.post(row.post) for row in rows}
    ordered = sorted(found.values(), key=lambda row: (LEVELS.index(row.level), row.ref))
    return tuple(row.ref for row in ordered)
