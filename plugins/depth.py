"""Accounts that hang by one thread, on their side and on ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from relmap.api import (
    AccountView,
    Action,
    Evidence,
    NotApplicable,
    PostRow,
    Ref,
    Score,
    ScoringRule,
    branches,
    coverage,
    hookimpl,
    independent,
    introducers,
    known_people,
    people_in_place,
    setting,
    threads_of,
)

from . import translations

__all__ = ["Settings", "ThreadsHeld", "scoring_rules", "settings", "translations"]

OUT_OF = 25.0
ACTION_COUNT = 4
BLANK_COUNT = 6  # deciding posts listed one by one where we know nobody
DOUBLE = 2  # from two on, one may go


@dataclass(frozen=True)
class Settings:
    """How many threads hold an account well."""

    branches: int = setting(4, "Independent threads on their side", low=1, high=50)
    colleagues: int = setting(3, "Independent threads on our side", low=1, high=50)
    branch_share: float = setting(0.3, "Share of the threads on their side", low=0.1, high=1)
    colleague_share: float = setting(0.25, "Share of the threads on our side", low=0, high=1)
    function_share: float = setting(0.2, "Share of the functions", low=0, high=1)
    deciding_share: float = setting(0.25, "Share of the deciding posts", low=0, high=1)


@dataclass(frozen=True)
class Part:
    """Evidence with the share of the points it could bring and the part of it that it brings."""

    share: float
    reached: float
    evidence: Evidence
    action: Action | None = None

    def worth(self, unit: float) -> Evidence:
        """The evidence with its points."""
        one = self.evidence
        return Evidence(one.text, unit * self.share * self.reached, one.refs, one.values)

    def step(self, unit: float) -> Iterator[Action]:
        """What to do about it, with what that would bring at most."""
        if self.action is not None:
            one, gain = self.action, unit * self.share * (1 - self.reached)
            yield Action(one.text, one.refs, one.values, one.owner, gain)


@dataclass(frozen=True)
class ThreadsHeld:
    """Depth: how many people would have to go before the account is lost to us."""

    key: ClassVar[str] = "depth.threads_held"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Depth"

    settings: Settings = Settings()

    def score(self, view: AccountView) -> Score | NotApplicable:
        """Points for independent threads; not applicable where nobody of theirs is in place."""
        if not people_in_place(view):
            return NotApplicable("Nobody of theirs is on record in a post or as a contact.")
        known = known_people(view) & people_in_place(view)
        parts = [
            *self._theirs(view, known),
            *self._ours(view, known),
            *self._functions(view, known),
            *self._deciding(view, known),
        ]
        unit = OUT_OF / sum(part.share for part in parts)
        steps = [step for part in parts for step in part.step(unit)]
        steps.sort(key=lambda step: -(step.gain or 0))
        return Score(
            evidence=tuple(part.worth(unit) for part in parts),
            out_of=OUT_OF,
            actions=tuple(steps[:ACTION_COUNT]),
        )

    def _theirs(self, view: AccountView, known: frozenset[Ref]) -> Iterator[Part]:
        """Who reports to one man hangs on one man."""
        groups = branches(view, known)
        worth = independent([coverage(view, row) for row in group] for group in groups.values())
        text = (
            "Their side, people known: {people}, superiors over them: {branches}, "
            "threads: {threads} of {target}"
        )
        values = {"people": len(known), "branches": len(groups), "threads": round(worth, 2)}
        values["target"] = self.settings.branches
        yield Part(
            self.settings.branch_share,
            min(1.0, worth / self.settings.branches),
            Evidence(text, refs=tuple(sorted(known)), values=values),
        )
        for branch, group in groups.items():
            if len(group) >= DOUBLE:
                text = "{count} of them hang on {0} alike and count as one thread"
                yield Part(0, 0, Evidence(text, 0, (branch, *group), {"count": len(group)}))

    def _ours(self, view: AccountView, known: frozenset[Ref]) -> Iterator[Part]:
        """What is left when one of us goes."""
        held: defaultdict[Ref, dict[Ref, float]] = defaultdict(dict)
        for person in sorted(known):
            for thread in threads_of(view, person):
                held[thread.ours][person] = thread.strength
        worth = independent(people.values() for people in held.values())
        values = {"count": len(held), "threads": round(worth, 2)}
        yield Part(
            self.settings.colleague_share,
            min(1.0, worth / self.settings.colleagues),
            Evidence(
                "Our side, colleagues who know them: {count}, threads: {threads} of {target}",
                refs=tuple(held),
                values=values | {"target": self.settings.colleagues},
            ),
        )
        for ours, people in sorted(held.items(), key=lambda item: (-len(item[1]), item[0])):
            alone = tuple(row for row in people if len(threads_of(view, row)) == 1)
            text = "{0} knows {count} of them, {alone} as the only one of us"
            counts = {"count": len(people), "alone": len(alone)}
            yield Part(0, 0, Evidence(text, 0, (ours, *alone), counts))

    def _functions(self, view: AccountView, known: frozenset[Ref]) -> Iterator[Part]:
        """A function needs two people who know us."""
        words = [word for word in view.functions if word != "other"]
        for word in words:
            held = (row.ref for row in view.open_posts if row.function == word)
            people = {tenure.person for post in held for tenure in view.holders(post)} & known
            text = "{function} hangs on {0} alone" if len(people) == 1 else _COUNTED[bool(people)]
            yield Part(
                self.settings.function_share / len(words),
                min(1.0, len(people) / DOUBLE),
                Evidence(
                    text,
                    refs=tuple(sorted(people)),
                    values={"function": word, "count": len(people)},
                ),
            )

    def _deciding(self, view: AccountView, known: frozenset[Ref]) -> Iterator[Part]:
        """A deciding post needs two of us who know its holder."""
        total = sum(post.decision_weight for post in view.deciding_posts)
        parts = []
        for post in sorted(view.deciding_posts, key=lambda row: (-row.decision_weight, row.ref)):
            share = self.settings.deciding_share * post.decision_weight / total
            parts.append(_decider(view, post, known, share))
        yield from (part for part in parts if part.reached)
        blank = [part for part in parts if not part.reached]
        yield from blank[:BLANK_COUNT]
        if rest := blank[BLANK_COUNT:]:
            posts = tuple(part.evidence.refs[0] for part in rest)
            text = "More deciding posts where we truly know nobody: {count}"
            more = Evidence(text, refs=posts, values={"count": len(posts)})
            yield Part(sum(part.share for part in rest), 0.0, more)


_COUNTED = {False: "{function}: nobody is truly known", True: "{function}: {count} truly known"}


def _decider(view: AccountView, post: PostRow, known: frozenset[Ref], share: float) -> Part:
    holders = tuple(row.person for row in view.holders(post.ref))
    warm = [row for row in holders if row in known]
    if not holders:
        return _blank(view, post, share)
    if not warm:
        return _stranger(view, post, holders, share)
    best = max(warm, key=lambda person: (len(_knowing(view, person)), coverage(view, person)))
    ours = _knowing(view, best)
    if len(ours) >= DOUBLE:
        text = "{0} decides: {1} is known by {count} of us"
        whole = Evidence(text, refs=(post.ref, best, *ours), values={"count": len(ours)})
        return Part(share, 1.0, whole)
    refs = (post.ref, best, threads_of(view, best)[0].ours)
    second = Action("Let a second of us get to know {1}, {0}", refs, owner=refs[2])
    return Part(share, 1 / DOUBLE, Evidence("{0} decides: {1} hangs on {2}", refs=refs), second)


def _blank(view: AccountView, post: PostRow, share: float) -> Part:
    text = "{0} decides and is vacant"
    if view.status(post) == "unknown_holder":
        text = "{0} decides and we do not know who sits there"
    ask = Action("Find out who sits in {0} or will", (post.ref,))
    return Part(share, 0.0, Evidence(text, refs=(post.ref,)), ask)


def _stranger(view: AccountView, post: PostRow, holders: tuple[Ref, ...], share: float) -> Part:
    refs = (post.ref, holders[0])
    inside = introducers(view, post, newcomers=holders, most=1)
    meet = Action("Get to know {1}, {0}", refs, owner=inside[0].ours if inside else None)
    return Part(share, 0.0, Evidence("{0} decides: nobody truly knows {1}", refs=refs), meet)


def _knowing(view: AccountView, person: Ref) -> tuple[Ref, ...]:
    """Those of us who each truly know the person."""
    return tuple(
        thread.ours
        for thread in threads_of(view, person)
        if thread.strength >= view.measures.known_from
    )


@hookimpl
def settings() -> type[Settings]:
    """What administrators may set."""
    return Settings


@hookimpl
def scoring_rules(settings: Settings) -> list[ScoringRule]:
    """The one rule."""
    return [ThreadsHeld(settings)]
