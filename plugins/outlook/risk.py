"""Deciders whom we reach through people who are likely to go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from relmap.api import (
    N_,
    AccountView,
    Action,
    Alert,
    PostRow,
    Ref,
    TenureRow,
    blocking_set,
    coverage,
    hostile_people,
    in_steps,
    leaving,
    successions,
)

from .chances import tell_chance, who_asks
from .handover import is_told_as_handover
from .settings import Settings

__all__ = ["CoverageAtRisk"]


@dataclass(frozen=True)
class CoverageAtRisk:
    """A post that decides would be lost to us with somebody who is likely to go."""

    key: ClassVar[str] = "outlook.coverage_at_risk"
    version: ClassVar[int] = 3
    title: ClassVar[str] = "What we hold of a decider may go"

    settings: Settings = field(default_factory=Settings)

    def check(self, before: AccountView, now: AccountView) -> Iterator[Alert]:
        """One alert a post and a tenure that is likely to end, once."""
        chances = leaving(now, horizon=self.settings.horizon)
        going = {
            row.person: row
            for row in now.open_tenures
            if chances.get(row.ref, 0) >= self.settings.likely and not is_told_as_handover(now, row)
        }
        yield from _over(before, now)
        found: defaultdict[Ref, list[Alert]] = defaultdict(list)
        for at_risk in (self._holders, self._middlemen):
            for post in now.deciding_posts:
                for alert in at_risk(now, post, going, chances):
                    found[alert.refs[0]].append(alert)
        for person, alerts in found.items():
            yield from _as_one(alerts, going[person], now)

    def _holders(
        self,
        view: AccountView,
        post: PostRow,
        going: Mapping[Ref, TenureRow],
        chances: Mapping[Ref, float],
    ) -> Iterator[Alert]:
        """Holders whom we know, while nobody likely to follow is known."""
        warm = view.measures.known_from
        follow = successions(view)[post.ref].successors
        if any(coverage(view, row.person) >= warm for row in follow):
            return
        for row in view.holders(post.ref):
            if row.person in going and coverage(view, row.person) >= warm:
                text = N_(
                    "{0}, {1} ({2}), may go within {days} days, and nobody likely to follow is "
                    "known"
                )
                yield self._alert(view, text, (row.person, post.ref), row, chances)

    def _middlemen(
        self,
        view: AccountView,
        post: PostRow,
        going: Mapping[Ref, TenureRow],
        chances: Mapping[Ref, float],
    ) -> Iterator[Alert]:
        """Those of theirs through whom alone a post is reached."""
        for person in blocking_set(view, post).each_alone:
            if person not in going:
                continue
            row = going[person]
            text = N_(
                "Every warm path to {1} ({2}) runs through {0}, who may go within {days} days"
            )
            yield self._alert(view, text, (person, post.ref), row, chances)

    def _alert(
        self,
        view: AccountView,
        text: str,
        refs: tuple[Ref, Ref],
        tenure: TenureRow,
        chances: Mapping[Ref, float],
    ) -> Alert:
        person, post = refs
        owner = who_asks(view, person)
        return Alert(
            key=f"{post} {tenure.ref}",
            text=text,
            severity="warning",
            refs=(*refs, view.post(post).unit),
            values={"days": self.settings.horizon, "percent": in_steps(chances[tenure.ref])},
            evidence=(tell_chance(view, tenure, self.settings.horizon),),
            actions=(_asking(view, person, post, owner),),
        )


def _as_one(alerts: list[Alert], tenure: TenureRow, view: AccountView) -> Iterator[Alert]:
    """All that hangs on one who may go is told with the first, the strangers who follow as well."""
    first, *others = alerts
    follow = successions(view).get(tenure.post)
    strangers = [f"{tenure.post} {row.person}" for row in (follow.successors if follow else ())]
    yield replace(first, parts=(*(row.key for row in others), *strangers))
    yield from others


def _over(before: AccountView, now: AccountView) -> Iterator[Alert]:
    """Who may go is none to warn of once gone or announced to go: that has its own alert."""
    texts = {row.ref: N_("{0} is no longer {1}") for row in now.tenures if row.has_ended(now.as_of)}
    for row in now.open_tenures:
        if is_told_as_handover(now, row):
            texts[row.ref] = N_("The day on which {0} hands over {1} is announced")
    for tenure in before.open_tenures:
        for post in before.deciding_posts if tenure.ref in texts else ():
            key, refs = f"{post.ref} {tenure.ref}", (tenure.person, tenure.post)
            yield Alert(key, texts[tenure.ref], "note", refs, is_over=True)


def _asking(view: AccountView, person: Ref, post: Ref, owner: Ref | None) -> Action:
    """Who is against us is not asked."""
    if person in hostile_people(view):
        return Action("Find out who would follow in {0}", (post,), owner=owner)
    return Action("Ask {0} who would follow, and for an introduction", (person,), owner=owner)
