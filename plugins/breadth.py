"""How many people we truly know, over which functions and levels, against a target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from relmap.api import (
    LEVELS,
    AccountView,
    Action,
    Evidence,
    NotApplicable,
    PostRow,
    Ref,
    Score,
    ScoringRule,
    coverage,
    hookimpl,
    introducers,
    known_people,
    people_in_place,
    setting,
)

from . import translations

__all__ = ["PeopleKnown", "Settings", "scoring_rules", "settings", "translations"]

OUT_OF = 25.0
ACTION_COUNT = 3
TEXTS = {
    "people": "People truly known: {known} of {people}, the aim is {target}",
    "function": "{function}: {known} truly known, the aim is {target}",
    "level": "{level}: {known} truly known, the aim is {target}",
}


@dataclass(frozen=True)
class Settings:
    """What a broadly known account looks like."""

    people: int = setting(12, "People to truly know in an account", low=1, high=500)
    people_per_function: int = setting(2, "People to truly know in each function", low=1, high=50)
    people_share: float = setting(0.4, "Share of the number of people", low=0.1, high=1)
    function_share: float = setting(0.35, "Share of the functions", low=0, high=1)
    level_share: float = setting(0.25, "Share of the levels", low=0, high=1)


@dataclass(frozen=True)
class Aim:
    """One thing to reach: so many people known, of those who are there."""

    kind: str  # of TEXTS
    word: str  # the function or level it is about
    known: tuple[Ref, ...]
    target: int
    share: float

    @property
    def reached(self) -> float:
        """The part reached, 0 to 1."""
        return min(1.0, len(self.known) / self.target)


@dataclass(frozen=True)
class PeopleKnown:
    """Breadth: each person, function and level that we truly know brings the account points."""

    key: ClassVar[str] = "breadth.people_known"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Breadth"

    settings: Settings = Settings()

    def score(self, view: AccountView) -> Score | NotApplicable:
        """Points for people, functions and levels known; not applicable without people or posts."""
        if not people_in_place(view) and not view.open_posts:
            return NotApplicable("No post and no person of theirs is on record.")
        aims = self._aims(view)
        unit = OUT_OF / sum(aim.share for aim in aims)
        return Score(
            evidence=tuple(_evidence(aim, unit * aim.share, view) for aim in aims),
            out_of=OUT_OF,
            actions=tuple(self._actions(view, unit, aims))[:ACTION_COUNT],
        )

    def _aims(self, view: AccountView) -> list[Aim]:
        known = _by_warmth(view, known_people(view) & people_in_place(view))
        people = Aim(
            "people",
            "",
            known,
            self.settings.people,
            self.settings.people_share,
        )
        return [people, *self._functions(view, known), *self._levels(view, known)]

    def _functions(self, view: AccountView, known: tuple[Ref, ...]) -> list[Aim]:
        words = [word for word in view.functions if word != "other"] or list(view.functions)
        return [
            Aim(
                "function",
                word,
                tuple(row for row in known if _holds(view, row, function=word)),
                min(
                    self.settings.people_per_function,
                    sum(row.seats for row in view.open_posts if row.function == word),
                ),
                self.settings.function_share / len(words),
            )
            for word in words
        ]

    def _levels(self, view: AccountView, known: tuple[Ref, ...]) -> list[Aim]:
        words = sorted({row.level for row in view.open_posts}, key=LEVELS.index)
        return [
            Aim(
                "level",
                word,
                tuple(row for row in known if _holds(view, row, level=word)),
                1,
                self.settings.level_share / len(words),
            )
            for word in words
        ]

    def _actions(self, view: AccountView, unit: float, aims: list[Aim]) -> Iterator[Action]:
        """Whom to get to know in the functions that are short, the greatest gain first."""
        short = [aim for aim in aims if aim.kind == "function" and aim.reached < 1]
        for aim in sorted(short, key=lambda aim: -aim.share / aim.target):
            gain = unit * aim.share / aim.target
            for post in _posts_by_weight(view, aim.word):
                action = _meet(view, post, gain)
                if action is not None:
                    yield action
                    break


def _evidence(aim: Aim, worth: float, view: AccountView) -> Evidence:
    values: dict[str, str | int] = {"known": len(aim.known), "target": aim.target}
    if aim.kind == "people":
        values["people"] = len(people_in_place(view))
    else:
        values[aim.kind] = aim.word
    return Evidence(TEXTS[aim.kind], worth * aim.reached, aim.known, values)


def _by_warmth(view: AccountView, people: frozenset[Ref]) -> tuple[Ref, ...]:
    return tuple(sorted(people, key=lambda person: (-coverage(view, person), person)))


def _holds(view: AccountView, person: Ref, **wanted: str) -> bool:
    """Whether the person holds a post of that function or level."""
    return any(
        all(getattr(row, name) == value for name, value in wanted.items())
        for row in view.posts_of(person)
    )


def _posts_by_weight(view: AccountView, function: str) -> list[PostRow]:
    posts = [row for row in view.open_posts if row.function == function]
    return sorted(posts, key=lambda row: (-row.decision_weight, row.ref))


def _meet(view: AccountView, post: PostRow, gain: float) -> Action | None:
    """The next step towards a post's holder; ``None`` where we know them or the seat is empty."""
    if view.status(post) == "unknown_holder":
        return Action("Find out who is {0}", (post.ref,), gain=gain)
    strangers = [row.person for row in view.holders(post.ref)]
    strangers = [row for row in strangers if row not in known_people(view)]
    if not strangers:
        return None
    inside = introducers(view, post, newcomers=strangers[:1], most=1)
    if not inside:
        return Action("Get to know {0}, {1}", (strangers[0], post.ref), gain=gain)
    return Action(
        "Get to know {0}, {1}: {2} could introduce us",
        (strangers[0], post.ref, inside[0].person),
        owner=inside[0].ours,
        gain=gain,
    )


@hookimpl
def settings() -> type[Settings]:
    """What administrators may set."""
    return Settings


@hookimpl
def scoring_rules(settings: Settings) -> list[ScoringRule]:
    """The one rule."""
    return [PeopleKnown(settings)]
