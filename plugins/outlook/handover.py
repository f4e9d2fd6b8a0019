"""Announced handovers that nobody of ours has in the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar

from relmap.api import (
    N_,
    AccountView,
    Action,
    Alert,
    Evidence,
    Ref,
    Severity,
    Successor,
    TenureRow,
    blocking_set,
    coverage,
    hostile_people,
    successions,
)

from .chances import who_asks
from .settings import Settings

__all__ = ["HandoverWithoutMeeting", "is_told_as_handover"]


def is_told_as_handover(view: AccountView, tenure: TenureRow) -> bool:
    """Whether the end of a tenure has its alert here, with all its parts; no other tells it."""
    return (
        tenure.ends_on is not None
        and not tenure.has_ended(view.as_of)
        and view.is_deciding(view.post(tenure.post))
        and not _is_meeting_planned(view, tenure)
    )


@dataclass(frozen=True)
class HandoverWithoutMeeting:
    """Somebody who decides is announced to leave, and nobody of ours means to meet them before.

    One alert has all that hangs on it: who follows, whom of those we do not know, whom we reach
    through nobody else.
    """

    key: ClassVar[str] = "outlook.handover_without_meeting"
    version: ClassVar[int] = 2
    title: ClassVar[str] = "A handover is announced and no meeting is planned"

    settings: Settings = field(default_factory=Settings)

    def check(self, before: AccountView, now: AccountView) -> Iterator[Alert]:
        """One alert a tenure with an announced end; none while a meeting is planned before it."""
        for tenure in before.open_tenures:
            if is_told_as_handover(before, tenure):
                yield from _over(tenure, now)
        told = [row for row in now.open_tenures if is_told_as_handover(now, row)]
        seen: set[tuple[Ref, date | None]] = set()
        for tenure in told:
            also = () if (tenure.person, tenure.ends_on) in seen else _together(tenure, told)
            seen.add((tenure.person, tenure.ends_on))
            yield self._alert(now, tenure, also=also)

    def _alert(self, view: AccountView, tenure: TenureRow, *, also: tuple[str, ...]) -> Alert:
        assert tenure.ends_on is not None
        person, post = tenure.person, tenure.post
        days = (tenure.ends_on - view.as_of).days
        unknown = [row for row in successions(view)[post].successors if self._is_unknown(view, row)]
        is_near = days <= 30 or any(row.relation == "announced" for row in unknown)
        severity: Severity = "urgent" if is_near else "warning"
        return Alert(
            key=str(tenure.ref),
            text="{0} hands over {1} ({2}) on {day}, and no meeting is planned before",
            severity=severity,
            refs=(person, post, view.post(post).unit),
            values={"day": tenure.ends_on.isoformat()},
            evidence=(
                *(Evidence(_unknown_text(row), 0, (row.person, post)) for row in unknown),
                *_reached_through(view, person),
                *_who_follows(view, post),
            ),
            actions=(
                _asking(view, person, post),
                *(
                    Action(
                        "Meet {0} before {1} changes",
                        (row.person, post),
                        owner=who_asks(view, row.person),
                    )
                    for row in unknown
                ),
            ),
            parts=also,
        )

    def _is_unknown(self, view: AccountView, row: Successor) -> bool:
        is_likely = row.relation == "announced" or row.chance >= self.settings.follows
        return is_likely and coverage(view, row.person) < view.measures.known_from


def _asking(view: AccountView, person: Ref, post: Ref) -> Action:
    """Who is against us is asked for nothing."""
    owner = who_asks(view, person)
    if person in hostile_people(view):
        return Action("Find out who will follow in {0}", (post,), owner=owner)
    return Action("Meet {0} and ask to meet who follows", (person,), owner=owner)


def _together(tenure: TenureRow, told: Iterable[TenureRow]) -> tuple[str, ...]:
    """The other seats that the person leaves on that day: they are one handover."""
    same = (tenure.person, tenure.ends_on)
    return tuple(
        str(row.ref) for row in told if (row.person, row.ends_on) == same and row is not tenure
    )


def _over(told: TenureRow, now: AccountView) -> Iterator[Alert]:
    """Why a handover that was told before is none, or is in hand."""
    tenure = next((row for row in now.tenures if row.ref == told.ref), None)
    if tenure is None or tenure.ends_on is None:
        text = N_("{0} does not hand over {1}: that was taken back")
    elif tenure.has_ended(now.as_of):
        text = N_("{0} left {1} on {day}")
    elif _is_meeting_planned(now, tenure):
        text = N_("A meeting is planned before {0} hands over {1}")
    else:
        return
    day = None if tenure is None or tenure.ends_on is None else tenure.ends_on.isoformat()
    refs = (told.person, told.post)
    yield Alert(str(told.ref), text, "note", refs, {"day": day}, is_over=True)


def _unknown_text(row: Successor) -> str:
    if row.relation == "announced":
        return N_("None of us truly knows {0}, who follows in {1}")
    return N_("None of us truly knows {0}, who may follow in {1}")


def _reached_through(view: AccountView, person: Ref) -> Iterator[Evidence]:
    """The other posts that decide and that we reach through this person alone."""
    for post in view.deciding_posts:
        if person in blocking_set(view, post).each_alone:
            yield Evidence("Every warm path to {1} runs through {0}", 0, (person, post.ref))


def _who_follows(view: AccountView, post: Ref) -> Iterator[Evidence]:
    """Who is announced to take the post over."""
    for row in successions(view)[post].successors:
        if row.relation == "announced":
            yield replace(row.reason, points=0)


def _is_meeting_planned(view: AccountView, tenure: TenureRow) -> bool:
    """Whether somebody means to meet the holder or a candidate by the day of the handover."""
    assert tenure.ends_on is not None
    follow = successions(view)[tenure.post].successors
    people = {tenure.person, *(row.person for row in follow)}
    steps = any(
        row.person in people and view.as_of <= row.due_on <= tenure.ends_on
        for row in view.open_next_steps
    )
    return steps or any(
        touch.next_step_on is not None and view.as_of <= touch.next_step_on <= tenure.ends_on
        for person in people
        for touch in view.touches_of(person)
    )
