"""The cultivation plan: whom to meet, to lose least when those who decide change."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from relmap.contracts import AccountView, Evidence, Message, Ref
from relmap.contracts.results import Value
from relmap.contracts.rows import Band, OutlookRow
from relmap.insight.favours import favours
from relmap.insight.horizon import Expected, Sitter, band_of_leaving, expected
from relmap.insight.percentages import band_in_steps, in_steps
from relmap.insight.strength import coverage, threads_of
from relmap.insight.succession import Succession, successions
from relmap.insight.thresholds import HORIZON
from relmap.insight.visits import Stake, Visit, best_visits, gain_per_visit, value_of

__all__ = ["Plan", "PlanStep", "Route", "book_plan", "plan", "stakes", "visits_in"]


class Route(Protocol):
    """A way of introduction: the people from one of us to the person, both included."""

    @property
    def people(self) -> Sequence[Ref]:
        """One of us first, the person last."""


class Routes(Protocol):
    """Finds the ways to somebody, the best first, by the favours that were asked of whom."""

    def __call__(
        self, view: AccountView, person: Ref, /, *, favours: Mapping[Ref, int]
    ) -> Sequence[Route]:
        """None where nobody of ours has a way."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One visit: to whom, by whom of ours, what it adds to the value, and why.

    ``path`` are the people from ``by`` to ``person``, both included; empty where nobody of ours
    knows a way, and ``by`` is then who looks after the account. ``number`` counts the visits to
    this person, ``in_days`` is when to go: the steps are spread over the horizon, everybody's
    first visit before anybody's second.
    """

    account: Ref
    person: Ref
    by: Ref | None
    gain: float
    reason: Evidence
    path: tuple[Ref, ...]
    number: int
    in_days: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The best use of a number of visits, complete enough to reckon it again.

    value = Σ over ``people`` of weight × (1 - (1 - coverage)(1 - gain_per_visit)^visits); at most
    ``weight``, the sum over the deciding posts. ``account`` is ``None`` for a whole book. The steps
    come by their gain. ``left_out`` says which deciding posts cannot be reckoned with, and why.
    """

    account: Ref | None
    visits: int
    horizon: int
    weight: float
    value_before: float
    value_after: float
    value_with_one_less: float
    value_with_one_more: float
    people: tuple[Stake, ...]
    steps: tuple[PlanStep, ...]
    left_out: tuple[Evidence, ...] = ()


def stakes(parts: Iterable[Expected], gain: float) -> tuple[Stake, ...]:
    """Everybody who may sit in a deciding post at the horizon, the weightiest first."""
    weights: defaultdict[Ref, list[float]] = defaultdict(list)
    known: dict[Ref, float] = {}
    for part in parts:
        for row in part.sitters:
            weights[row.person].append(part.weight * row.chance)
            known[row.person] = row.coverage
    rows = [Stake(who, math.fsum(some), known[who], gain) for who, some in weights.items()]
    return tuple(sorted(rows, key=lambda row: (-row.weight, row.person)))


def plan(
    view: AccountView,
    outlook: Iterable[OutlookRow] | None = None,
    followers: Mapping[Ref, Succession] | None = None,
    *,
    visits: int,
    horizon: int = HORIZON,
    gain: float | None = None,
    paths: Routes | None = None,
) -> Plan:
    """Whom to meet in an account with ``visits`` visits, for what it will be in ``horizon`` days.

    ``outlook`` and ``followers`` default to the view's own, ``gain`` to
    :func:`~relmap.insight.visits.gain_per_visit`. ``paths`` finds the ways to whom nobody of ours
    knows; an introduction of one step is a favour asked already for the steps after it. Raises
    ``ValueError`` on a negative number of visits.
    """
    outlook = None if outlook is None else tuple(outlook)
    parts = expected(view, outlook, followers, horizon=horizon)
    rows = view.outlook if outlook is None else outlook
    followers = successions(view) if followers is None else followers
    gain = gain_per_visit(view.measures, horizon) if gain is None else gain
    people = stakes(parts, gain)
    chosen = _chosen(people, visits)
    guide = _Guide(view, parts, followers, horizon, paths, {row.tenure: row for row in rows})
    days = _days(chosen[:visits], horizon)
    steps = tuple(map(guide.step, chosen[:visits], days))
    values = _values(people, chosen, visits)
    weight = math.fsum(part.weight for part in parts)
    account = view.account.ref
    return Plan(account, visits, horizon, weight, *values, people, steps, _left_out(parts))


def _chosen(people: Sequence[Stake], visits: int) -> tuple[Visit, ...]:
    """The best visits and the next best one."""
    if visits < 0:
        raise ValueError(f"A plan has a number of visits, not {visits}.")
    return best_visits(people, visits + 1)


def _values(
    people: Sequence[Stake], chosen: Sequence[Visit], visits: int
) -> tuple[float, float, float, float]:
    """The value before, after, with one visit less and with one more."""
    numbers = (0, visits, max(visits - 1, 0), visits + 1)
    before, after, less, more = (value_of(people, chosen[:number]) for number in numbers)
    return before, after, less, more


def _days(chosen: Sequence[Visit], horizon: int) -> list[int]:
    """When each visit is due: evenly spread, the first to everybody before the second."""
    order = sorted(range(len(chosen)), key=lambda at: (chosen[at].number, at))
    days = [0] * len(chosen)
    for place, at in enumerate(order):
        days[at] = round(horizon * (place + 0.5) / len(chosen))
    return days


# --- by whom, and why


@dataclass(frozen=True)
class _Guide:
    """Says of a visit who goes, by which way, and why."""

    view: AccountView
    parts: Sequence[Expected]
    followers: Mapping[Ref, Succession]
    horizon: int
    paths: Routes | None
    outlook: Mapping[Ref, OutlookRow]
    ways: dict[Ref, tuple[Ref, ...]] = field(default_factory=dict)
    asked: Counter[Ref] = field(default_factory=Counter)  # favours the steps so far ask

    def step(self, visit: Visit, in_days: int) -> PlanStep:
        account, path = self.view.account, self._path(visit.person)
        return PlanStep(
            account=account.ref,
            person=visit.person,
            by=path[0] if path else account.owner,
            gain=visit.gain,
            reason=self._reason(visit.person),
            path=path,
            number=visit.number,
            in_days=in_days,
        )

    def _path(self, person: Ref) -> tuple[Ref, ...]:
        """Straight from who of us knows the person best, else by the strongest introduction."""
        if coverage(self.view, person) > 0:
            return (threads_of(self.view, person)[0].ours, person)
        if person not in self.ways:
            self.ways[person] = self._way(person)
            self.asked.update(self.ways[person][1:-1])
        return self.ways[person]

    def _way(self, person: Ref) -> tuple[Ref, ...]:
        if self.paths is None:
            return ()
        asked = Counter(favours(self.view, to=person)) + self.asked
        found = self.paths(self.view, person, favours=asked)
        return tuple(found[0].people) if found else ()

    def _reason(self, person: Ref) -> Evidence:
        """The post in which the person will weigh most."""
        found = [
            (part.weight * row.chance, part, row)
            for part in self.parts
            for row in part.sitters
            if row.person == person
        ]
        _, part, row = max(found, key=lambda item: (item[0], item[1].post))
        if not row.is_holder:
            return self._follows(part, row)
        text = (
            "{0} holds {1}, decision weight {weight}: {percent} % to stay through {days} "
            "days, known to us {known} %"
        )
        low, high = self._changes(part)
        values = self._values(part, row, 1.0 - high, 1.0 - low)
        return Evidence(text, 0, (person, part.post), values)

    def _follows(self, part: Expected, row: Sitter) -> Evidence:
        why = next(
            found.reason
            for found in self.followers[part.post].successors
            if found.person == row.person
        )
        text = (
            "{why}; decision weight {weight}, {percent} % to hold it in {days} days, "
            "known to us {known} %"
        )
        share = row.chance / part.change if part.change else 0.0
        low, high = self._changes(part)
        values = self._values(part, row, share * low, share * high)
        values["why"] = Message(why.text, why.values)
        return Evidence(text, 0, why.refs, values)

    def _changes(self, part: Expected) -> Band:
        """The chance that the post changes hands: a band where the holder's chance is one."""
        rows = [self.outlook.get(row.ref) for row in self.view.holders(part.post)]
        band = band_of_leaving(rows[0], self.horizon) if len(rows) == 1 and rows[0] else None
        return band or (part.change, part.change)

    def _values(self, part: Expected, row: Sitter, low: float, high: float) -> dict[str, Value]:
        """What makes the person weigh, in words."""
        return {
            "days": self.horizon,
            "weight": f"{part.weight:.1f}",
            "percent": _told(low, high),
            "known": round(100 * row.coverage),
        }


def _told(low: float, high: float) -> str | Message:
    """A chance for the eye, or a band where it is no point."""
    if low == high:
        return Message("about {percent}", {"percent": in_steps(low)})
    return "{}-{}".format(*band_in_steps(low, high))


def _left_out(parts: Iterable[Expected]) -> tuple[Evidence, ...]:
    """What the plan does not know: who sits there, or how long."""
    found = []
    for part in parts:
        if part.is_unnamed:
            found.append(Evidence("We do not know who holds {0}", 0, (part.post,)))
        if part.unforecast:
            count = len(part.unforecast)
            text = "Holders of {0} without a forecast, left out: {count}"
            found.append(Evidence(text, 0, (part.post,), {"count": count}))
    return tuple(found)


# --- the whole book


def book_plan(plans: Iterable[Plan], *, visits: int) -> Plan:
    """Where to spend ``visits`` visits in a whole book, from the accounts' own plans.

    Each plan must be for at least as many visits as fall on its account (see :func:`visits_in`;
    raises ``ValueError`` else), so that the visits of the optimum come with their reasons. Who may
    decide in two accounts counts with both weights.
    """
    plans = tuple(plans)
    people = _merged(row for found in plans for row in found.people)
    chosen = _chosen(people, visits)
    taken = _taken(plans, chosen[:visits])
    for found in plans:
        if found.account is not None and found.visits < taken[found.account]:
            raise ValueError(
                f"A book's plan of {visits} visits needs plans of as many as fall on each account: "
                f"{taken[found.account]} on {found.account}, whose plan has {found.visits}."
            )
    known = _best_known(plans)
    horizon = max((row.horizon for row in plans), default=HORIZON)
    steps = tuple(
        replace(
            known.get(row.person) or _unknown(row.person, plans),
            gain=row.gain,
            number=row.number,
            in_days=days,
        )
        for row, days in zip(chosen[:visits], _days(chosen[:visits], horizon), strict=True)
    )
    values = _values(people, chosen, visits)
    weight = math.fsum(row.weight for row in plans)
    left_out = tuple(row for found in plans for row in found.left_out)
    return Plan(None, visits, horizon, weight, *values, people, steps, left_out)


def visits_in(plans: Sequence[Plan], *, visits: int) -> Counter[Ref]:
    """How many of a book's visits fall on each account: as many its plan must be for."""
    people = _merged(row for found in plans for row in found.people)
    return _taken(plans, _chosen(people, visits)[:visits])


def _taken(plans: Iterable[Plan], chosen: Sequence[Visit]) -> Counter[Ref]:
    """By account the visits to people who may decide there.

    Somebody of two accounts is worth more to the book than to each: their step may stand anywhere.
    """
    accounts: defaultdict[Ref, list[Ref]] = defaultdict(list)
    for found in plans:
        if found.account is not None:
            for row in found.people:
                accounts[row.person].append(found.account)
    taken: Counter[Ref] = Counter()
    for visit in chosen:
        for account in accounts[visit.person]:
            taken[account] += 1 if len(accounts[visit.person]) == 1 else len(chosen)
    return Counter({account: min(count, len(chosen)) for account, count in taken.items()})


def _unknown(person: Ref, plans: Iterable[Plan]) -> PlanStep:
    """A step that is among the best of no account alone, only of several together."""
    weights = {
        found.account: row.weight
        for found in plans
        for row in found.people
        if row.person == person and found.account is not None
    }
    account = max(weights, key=lambda ref: (weights[ref], ref))
    text = "{0} may decide in {count} accounts"
    reason = Evidence(text, 0, (person,), {"count": len(weights)})
    return PlanStep(account, person, None, 0.0, reason, (), 0, 0)


def _merged(rows: Iterable[Stake]) -> tuple[Stake, ...]:
    """One stake a person, with the weights of all accounts; coverage is the person's own."""
    found: dict[Ref, Stake] = {}
    for row in rows:
        old = found.get(row.person)
        if old is not None:
            known = max(old.coverage, row.coverage)
            row = Stake(row.person, old.weight + row.weight, known, row.gain_per_visit)
        found[row.person] = row
    return tuple(sorted(found.values(), key=lambda row: (-row.weight, row.person)))


def _best_known(plans: Iterable[Plan]) -> dict[Ref, PlanStep]:
    """The step with the greatest gain of each person, with its path and reason."""
    found: dict[Ref, PlanStep] = {}
    for row in plans:
        for step in row.steps:
            if step.person not in found or found[step.person].gain < step.gain:
                found[step.person] = step
    return found
