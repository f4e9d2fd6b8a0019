"""Likely successors whom none of us knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from relmap.api import (
    N_,
    AccountView,
    Action,
    Alert,
    Evidence,
    PostRow,
    Ref,
    Successor,
    TenureRow,
    coverage,
    in_steps,
    leaving,
    paths,
    successions,
)

from .chances import tell_chance
from .handover import is_told_as_handover
from .settings import Settings

__all__ = ["UnknownSuccessor"]


@dataclass(frozen=True)
class UnknownSuccessor:
    """A post that decides is likely to change, and we do not know who is likely to follow."""

    key: ClassVar[str] = "outlook.unknown_successor"
    version: ClassVar[int] = 2
    title: ClassVar[str] = "A likely successor is unknown to us"

    settings: Settings = field(default_factory=Settings)

    def check(self, before: AccountView, now: AccountView) -> Iterator[Alert]:
        """One alert a post and a candidate, once; over when somebody has followed."""
        raised = {alert.key: alert for alert in self._unknown(now)}
        over = {alert.key: alert for alert in _over(before, now)}
        yield from (over | raised).values()

    def _unknown(self, now: AccountView) -> Iterator[Alert]:
        chances = leaving(now, horizon=self.settings.horizon)
        for post in now.deciding_posts:
            going = [
                row
                for row in now.holders(post.ref)
                if chances.get(row.ref, 0) >= self.settings.likely
                and not is_told_as_handover(now, row)
            ]
            is_open = bool(going) or now.status(post) == "vacant"
            for row in successions(now)[post.ref].successors if is_open else ():
                if row.chance >= self.settings.follows and self._is_unknown(now, row):
                    yield _meet_first(now, post, row, going, chances, self.settings.horizon)

    def _is_unknown(self, view: AccountView, row: Successor) -> bool:
        return coverage(view, row.person) < view.measures.known_from


def _over(before: AccountView, now: AccountView) -> Iterator[Alert]:
    """Who might follow is none to meet first once somebody has followed, or the day is known."""
    sat = {row.ref for row in before.open_tenures}
    for post in before.deciding_posts:
        texts = {
            row: N_("The day on which {0} hands over {1} is announced")
            if row.ref in sat
            else N_("{0} followed in {1}")
            for row in now.holders(post.ref)
            if row.ref not in sat or is_told_as_handover(now, row)
        }
        newest = max(texts, key=lambda row: (row.starts_on, row.ref), default=None)
        if newest is None:
            continue
        for row in successions(before)[post.ref].successors:
            key, refs = f"{post.ref} {row.person}", (newest.person, post.ref)
            yield Alert(key, texts[newest], "note", refs, is_over=True)


def _meet_first(
    view: AccountView,
    post: PostRow,
    row: Successor,
    going: list[TenureRow],
    chances: Mapping[Ref, float],
    days: int,
) -> Alert:
    ways = paths(view, row.person, most=1)
    owner = ways[0].people[0] if ways else view.account.owner
    text, values = N_("{0} may follow in {1} ({2}), and none of us truly knows {0}"), {}
    if row.starts_on is not None:
        text = N_("{0} follows in {1} ({2}) on {day}, and none of us truly knows {0}")
        values = {"day": row.starts_on.isoformat()}
    is_certain = any(chances[tenure.ref] >= 1 for tenure in going) or not going
    return Alert(
        key=f"{post.ref} {row.person}",
        text=text,
        severity="urgent" if is_certain and row.chance >= 0.5 else "warning",
        refs=(row.person, post.ref, post.unit),
        values={"percent": in_steps(row.chance), **values},
        evidence=(
            Evidence(row.reason.text, 0, row.reason.refs, row.reason.values),
            *(tell_chance(view, tenure, days) for tenure in going),
        ),
        actions=(Action("Meet {0} before {1} changes", (row.person, post.ref), owner=owner),),
    )
