"""What makes a map look better than it is: blanks, stale beliefs, and pictures too fair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from relmap.api import (
    N_,
    AccountView,
    Action,
    Evidence,
    NotApplicable,
    PostRow,
    Ref,
    Score,
    ScoringRule,
    Thread,
    belief,
    hookimpl,
    known_people,
    people_in_place,
    setting,
    threads_of,
)

from . import translations

__all__ = ["MapInOrder", "Settings", "scoring_rules", "settings", "translations"]

OUT_OF = 10.0
LISTED_COUNT = 12  # findings of one kind that are listed one by one
ACTION_COUNT = 5
FOR_US = frozenset({"mentor", "supporter"})
AGAINST_US = frozenset({"non_supporter", "enemy"})


@dataclass(frozen=True)
class Settings:
    """From when on a blank or a fair picture is suspicious."""

    stances: int = setting(4, "Known stances from which a picture may be too fair", low=1, high=100)
    blank_days: int = setting(90, "Days a seat may be without a name", low=1, high=3650)
    people: int = setting(
        3, "People known from which one owner of ours is too few", low=2, high=100
    )


@dataclass(frozen=True)
class Finding:
    """Something on the map that wants a look, and what to do about it."""

    text: str
    refs: tuple[Ref, ...]
    action: Action
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """One question to the map: over how many things it was asked, and what was found."""

    text: str
    asked: int
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> float:
        """The share of what was asked that is in order."""
        return 1 - min(len(self.findings) / self.asked, 1)

    def evidence(self, unit: float) -> Iterator[Evidence]:
        """The check with its points, then what it found."""
        values = {"count": len(self.findings), "asked": self.asked}
        yield Evidence(self.text, unit * self.passed, (), values)
        for finding in self.findings[:LISTED_COUNT]:
            yield Evidence(finding.text, 0, finding.refs, finding.values)

    def actions(self, unit: float) -> Iterator[Action]:
        """What to do about each finding, with the points it would bring."""
        for finding in self.findings:
            one = finding.action
            yield Action(one.text, one.refs, one.values, one.owner, unit / self.asked)


@dataclass(frozen=True)
class MapInOrder:
    """Map check: how far the map can be trusted. It counts for nothing in the total."""

    key: ClassVar[str] = "lint.map_in_order"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Map check"
    weight: ClassVar[float] = 0.0

    settings: Settings = Settings()

    def score(self, view: AccountView) -> Score | NotApplicable:
        """Points for questions that find nothing; a question without a subject is not asked."""
        if not people_in_place(view):
            return NotApplicable("Nobody of theirs is on record in a post or as a contact.")
        checks = [check for check in self._checks(view) if check.asked]
        if not checks:
            return NotApplicable("There is nothing on the map yet that could be checked.")
        unit = OUT_OF / len(checks)
        steps = [step for check in checks for step in check.actions(unit)]
        steps.sort(key=lambda step: -(step.gain or 0))
        return Score(
            evidence=tuple(row for check in checks for row in check.evidence(unit)),
            out_of=OUT_OF,
            actions=tuple(steps[:ACTION_COUNT]),
        )

    def _checks(self, view: AccountView) -> Iterator[Check]:
        stances = _stances(view)
        if len(stances) >= self.settings.stances:
            yield _all_green(view, stances)
            yield _nobody_against(view, stances)
        yield _deciders_without_owner(view)
        yield _two_bosses(view)
        yield _long_blank(view, self.settings.blank_days)
        yield _stale_beliefs(view)
        yield _one_owner(view, self.settings.people)


# --- too fair a picture


def _stances(view: AccountView) -> dict[Ref, str]:
    """The stance we believe in today, of those in place of whom we believe anything."""
    found = {}
    for person in sorted(people_in_place(view)):
        value = belief(view, person, "stance").value
        if value is not None and value != "unknown":
            found[person] = value
    return found


def _all_green(view: AccountView, stances: dict[Ref, str]) -> Check:
    is_green = set(stances.values()) <= FOR_US
    text = N_("All {count} whose stance we know are for us: nobody is loved by everybody")
    ask = Action("Ask who gains if we lose {0}", (view.account.ref,))
    found = Finding(text, tuple(stances), ask, {"count": len(stances)})
    return Check(N_("A picture that is not all green"), 1, (found,) if is_green else ())


def _nobody_against(view: AccountView, stances: dict[Ref, str]) -> Check:
    is_missing = AGAINST_US.isdisjoint(stances.values())
    text = N_("Of {count} whose stance we know nobody is against us: who speaks for the others?")
    ask = Action("Find out who of {0} prefers a competitor", (view.account.ref,))
    found = Finding(text, tuple(stances), ask, {"count": len(stances)})
    return Check(N_("Somebody who is known to be against us"), 1, (found,) if is_missing else ())


# --- who is responsible


def _deciders_without_owner(view: AccountView) -> Check:
    """A decider is somebody's of ours where one of us has a tie to them that is worth keeping."""
    deciders = [
        (row.person, post.ref) for post in view.deciding_posts for row in view.holders(post.ref)
    ]
    found = [
        Finding(
            N_("Nobody of ours has a tie to {0}, {1}"),
            (person, post),
            Action("Say who of us looks after {0}", (person,), owner=view.account.owner),
        )
        for person, post in deciders
        if not any(_is_kept(thread) for thread in threads_of(view, person))
    ]
    text = N_("Deciders whom nobody of ours looks after: {count} of {asked}")
    return Check(text, len(deciders), tuple(found))


def _is_kept(thread: Thread) -> bool:
    tie = thread.tie
    return tie is not None and tie.sign >= 0 and tie.level != "none"


def _one_owner(view: AccountView, least: int) -> Check:
    known = sorted(known_people(view) & people_in_place(view))
    owners = {
        thread.ours
        for person in known
        for thread in threads_of(view, person)
        if thread.strength >= view.measures.known_from
    }
    found = []
    if len(owners) == 1:
        (owner,) = owners
        text = N_("Everybody we truly know, {count} people, is known through {0} alone")
        act = Action("Let a second one of us meet {0}", (known[0],), owner=owner)
        found.append(Finding(text, (owner, *known), act, {"count": len(known)}))
    asked = 1 if len(known) >= least and owners else 0
    return Check(N_("More than one of us who knows them"), asked, tuple(found))


# --- what does not fit


def _two_bosses(view: AccountView) -> Check:
    """Posts of one person under several superiors, or a dotted line beside the solid one."""
    people = [person for person in sorted(people_in_place(view)) if view.posts_of(person)]
    found = []
    for person in people:
        bosses = _bosses(view, person)
        if len(bosses) > 1:
            text = N_("{0} has {count} superiors: {1} and {2}")
            act = Action(
                "Ask {0} whose word counts: {1} or {2}",
                (person, *bosses[:2]),
                owner=_who_asks(view, person),
            )
            found.append(Finding(text, (person, *bosses), act, {"count": len(bosses)}))
    return Check(N_("People with two superiors: {count} of {asked}"), len(people), tuple(found))


def _who_asks(view: AccountView, person: Ref) -> Ref | None:
    """Who of us knows the person best, else who looks after the account."""
    threads = threads_of(view, person)
    return threads[0].ours if threads else view.account.owner


def _bosses(view: AccountView, person: Ref) -> tuple[Ref, ...]:
    """The superiors' posts, and the people to whom a dotted line leads."""
    posts = view.posts_of(person)
    held = {post.ref for post in posts}
    solid = [post.reports_to for post in posts if post.reports_to and post.reports_to not in held]
    holders = {row.person for post in solid for row in view.holders(post)}
    dotted = [
        tie.b
        for tie in view.ties_of(person)
        if tie.kind == "dotted_line" and tie.a == person and tie.b not in holders
    ]
    return tuple(dict.fromkeys((*solid, *dotted)))


# --- what nobody has looked at for long


def _long_blank(view: AccountView, days: int) -> Check:
    posts = [post for post in view.open_posts if view.status(post) == "unknown_holder"]
    blank = {post.ref: (view.as_of - _blank_since(view, post)).days for post in posts}
    found = [
        Finding(
            N_("We have not known for {days} days who holds {0}"),
            (post,),
            Action("Find out who holds {0}", (post,), owner=view.account.owner),
            {"days": blank[post]},
        )
        for post in sorted(blank, key=lambda post: (-blank[post], post))
        if blank[post] >= days
    ]
    text = N_("Seats without a name for too long: {count} of {asked}")
    return Check(text, len(view.open_posts), tuple(found))


def _blank_since(view: AccountView, post: PostRow) -> date:
    ends = [row.ends_on for row in view.tenures_in(post.ref) if row.ends_on is not None]
    return max((post.starts_on, *ends))


def _stale_beliefs(view: AccountView) -> Check:
    """Beliefs about who and what is still there, of which no fresh one is left."""
    believed = _believed(view)
    found = []
    for about, what in believed:
        was = belief(view, about, what).was
        if was is not None:
            text = N_("{0}: what we believed of {what} is past its shelf life")
            act = Action("Ask again: {0}, {what}", (about,), {"what": what}, owner=was.observer)
            found.append(Finding(text, (about,), act, {"what": what}))
    text = N_("Beliefs past their shelf life: {count} of {asked}")
    return Check(text, len(believed), tuple(found))


def _believed(view: AccountView) -> list[tuple[Ref, str]]:
    there: Iterable[Ref] = (*people_in_place(view), *(post.ref for post in view.open_posts))
    return sorted(
        {
            (row.about, row.what)
            for ref in there
            for row in view.claims_about(ref)
            if not row.project
        }
    )


@hookimpl
def settings() -> type[Settings]:
    """What administrators may set."""
    return Settings


@hookimpl
def scoring_rules(settings: Settings) -> list[ScoringRule]:
    """The one rule."""
    return [MapInOrder(settings)]
