"""Announced handovers that nobody of ours has in the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from relmap.api import AccountView, Action, Alert, Evidence, Ref, Severity, TenureRow, successions

from .chances import who_asks

__all__ = ["HandoverWithoutMeeting"]


@dataclass(frozen=True)
class HandoverWithoutMeeting:
    """Somebody who decides is announced to leave, and nobody of ours means to meet them before."""

    key: ClassVar[str] = "outlook.handover_without_meeting"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "A handover is announced and no meeting is planned"

    def check(self, before: AccountView, now: AccountView) -> Iterator[Alert]:
        """One alert a tenure with an announced end; none while a meeting is planned before it."""
        for tenure in now.open_tenures:
            post = now.post(tenure.post)
            if tenure.ends_on is None or not now.is_deciding(post):
                continue
            if not _is_meeting_planned(now, tenure):
                yield self._alert(now, tenure)

    def _alert(self, view: AccountView, tenure: TenureRow) -> Alert:
        assert tenure.ends_on is not None
        days = (tenure.ends_on - view.as_of).days
        severity: Severity = "urgent" if days <= 30 else "warning"
        owner = who_asks(view, tenure.person)
        return Alert(
            key=str(tenure.ref),
            text="{0} hands over {1} on {day}, and no meeting is planned before",
            severity=severity,
            refs=(tenure.person, tenure.post),
            values={"day": tenure.ends_on.isoformat()},
            evidence=(
                Evidence("Days left: {days}", 0, (tenure.post,), {"days": days}),
                *_who_follows(view, tenure.post),
            ),
            actions=(
                Action("Meet {0} and ask to meet who follows", (tenure.person,), owner=owner),
            ),
        )


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
