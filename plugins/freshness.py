"""Ties that go cold, by the rhythm that a tie of that level needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from relmap.api import (
    N_,
    RELATIONSHIP_LEVELS,
    AccountView,
    Action,
    Evidence,
    NotApplicable,
    Ref,
    Score,
    ScoringRule,
    Thread,
    hookimpl,
    people_in_place,
    setting,
    threads,
)

from . import translations

__all__ = ["Settings", "TiesKeptWarm", "scoring_rules", "settings", "translations"]

OUT_OF = 25.0
LISTED_COUNT = 20
ACTION_COUNT = 5


def _rhythm(default: int, label: str) -> int:
    return setting(default, label, low=1, high=3650)


@dataclass(frozen=True)
class Settings:
    """How often a tie wants a contact; twice as late it is cold and brings nothing."""

    trusted_advisor: int = _rhythm(45, N_("Days between contacts: trusted adviser"))
    problem_solver: int = _rhythm(60, N_("Days between contacts: problem solver"))
    credible_source: int = _rhythm(75, N_("Days between contacts: credible source"))
    vendor: int = _rhythm(90, N_("Days between contacts: vendor, or not judged"))


@dataclass(frozen=True)
class Kept:
    """A tie, how many days ago it was kept up, and how often it wants to be."""

    thread: Thread
    was_met: bool  # False: no contact is on record, only the day the level was judged
    days: int
    rhythm: int

    @property
    def weight(self) -> int:
        """What the tie counts for: the rank of its level, at least 1."""
        level = self.thread.level
        return max(1, 0 if level is None else RELATIONSHIP_LEVELS.index(level))

    @property
    def warmth(self) -> float:
        """1 within the rhythm, then down to 0 at twice the rhythm."""
        return min(1.0, max(0.0, 2.0 - self.days / self.rhythm))

    @property
    def refs(self) -> tuple[Ref, Ref]:
        """One of us and one of them."""
        return (self.thread.ours, self.thread.theirs)


@dataclass(frozen=True)
class TiesKeptWarm:
    """Freshness: the share of our ties, weighed by their level, that are within their rhythm."""

    key: ClassVar[str] = "freshness.ties_kept_warm"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Freshness"

    settings: Settings = Settings()

    def score(self, view: AccountView) -> Score | NotApplicable:
        """Points for ties within their rhythm; not applicable where there is no tie to keep."""
        ties = list(self._ties(view))
        if not ties:
            return NotApplicable("No tie between us and them is on record.")
        unit = OUT_OF / sum(tie.weight for tie in ties)
        fresh = [tie for tie in ties if tie.days <= tie.rhythm]
        late = [tie for tie in ties if tie.days > tie.rhythm]
        late.sort(key=lambda tie: (-tie.weight * (1 - tie.warmth), -tie.days, tie.refs))
        return Score(
            evidence=(
                *_together(N_("Ties within their rhythm: {count}"), fresh, unit),
                *(_evidence(tie, unit) for tie in late[:LISTED_COUNT]),
                *_together(N_("More ties that are late: {count}"), late[LISTED_COUNT:], unit),
            ),
            out_of=OUT_OF,
            actions=tuple(_call(tie, unit) for tie in late[:ACTION_COUNT]),
        )

    def _ties(self, view: AccountView) -> Iterator[Kept]:
        """The ties to people who are in place and of whom there is something to keep."""
        in_place = people_in_place(view)
        for thread in threads(view).values():
            tie = thread.tie
            if tie is None or tie.sign < 0 or tie.level == "none" or thread.theirs not in in_place:
                continue
            last_on = thread.last_on or tie.observed_on
            days = max(0, (view.as_of - last_on).days)
            rhythm = getattr(self.settings, tie.level or "vendor")
            yield Kept(thread, thread.last_on is not None, days, rhythm)


def _together(text: str, ties: list[Kept], unit: float) -> Iterator[Evidence]:
    if ties:
        people = tuple(dict.fromkeys(tie.thread.theirs for tie in ties))
        points = unit * sum(tie.weight * tie.warmth for tie in ties)
        yield Evidence(text, points, people, {"count": len(ties)})


def _evidence(tie: Kept, unit: float) -> Evidence:
    text = "{0} and {1}: last contact {days} days ago, the rhythm is {rhythm}"
    if not tie.was_met:
        text = "{0} and {1}: no contact on record, judged {days} days ago, the rhythm is {rhythm}"
    values = {"days": tie.days, "rhythm": tie.rhythm}
    return Evidence(text, unit * tie.weight * tie.warmth, tie.refs, values)


def _call(tie: Kept, unit: float) -> Action:
    ours, theirs = tie.refs
    gain = unit * tie.weight * (1 - tie.warmth)
    return Action("Call {0}", (theirs,), {"days": tie.days}, owner=ours, gain=gain)


@hookimpl
def settings() -> type[Settings]:
    """What administrators may set."""
    return Settings


@hookimpl
def scoring_rules(settings: Settings) -> list[ScoringRule]:
    """The one rule."""
    return [TiesKeptWarm(settings)]
