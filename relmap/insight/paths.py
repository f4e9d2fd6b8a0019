"""Introduction paths: the strongest chains from one of us to any person.

A chain is as strong as the product of its steps, lessened by the favours asked recently of who
stands in its middle. The strongest is found as the shortest one in -log strength (Dijkstra, *A note
on two problems in connexion with graphs*, 1959); an alternative is the strongest that leaves out
somebody of each chain before it, shared people weighing against it (after Yen, *Finding the k
shortest loopless paths in a network*, 1971).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

from relmap.contracts import AccountView, Evidence, Ref
from relmap.insight.favours import FAVOUR_DAYS
from relmap.insight.favours import favours as favours_on_record
from relmap.insight.warmth import Step, WarmNetwork, warm_network

__all__ = ["Path", "paths"]

# What one favour asked recently leaves of somebody's readiness: three halve it.
AFTER_FAVOUR: Final = 0.8
# What somebody in the middle of an earlier chain, or at the beginning, weighs in an alternative:
# no chain of strangers is too weak to be preferred to one through the same person.
SHARED: Final = 1e-6
SAME_START: Final = 0.9
# Announced ends after which somebody still is in the account and can introduce us.
STAYS: Final = frozenset({"moved_inside", "promoted", "acting_ended"})


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of introductions, from one of us to the person sought.

    ``strength`` is the product of the steps' strengths times 0.8 for each of the ``favours`` asked
    recently of those in the middle; ``asked`` says how many of whom. ``leaving`` are those in the
    middle who are announced to go, with the day; they carry as they do today.
    """

    steps: tuple[Step, ...]
    asked: tuple[tuple[Ref, int], ...] = ()
    leaving: tuple[tuple[Ref, date], ...] = ()

    @property
    def favours(self) -> int:
        """How many favours were asked lately of all in the middle."""
        return sum(count for _, count in self.asked)

    @property
    def people(self) -> tuple[Ref, ...]:
        """Who stands in the chain, from ours to the person sought."""
        return (self.steps[0].a, *(step.b for step in self.steps))

    @property
    def between(self) -> tuple[Ref, ...]:
        """Who stands in the middle and would be asked for a favour."""
        return self.people[1:-1]

    @property
    def strength(self) -> float:
        """How likely the chain carries, 0 to 1, were its steps independent."""
        carried = math.prod(step.strength for step in self.steps)
        return float(carried * AFTER_FAVOUR**self.favours)

    @property
    def weakest(self) -> int:
        """The index of the weakest step; of equals the first."""
        return min(range(len(self.steps)), key=lambda index: self.steps[index].strength)

    @property
    def reasons(self) -> tuple[Evidence, ...]:
        """Each step in words, the favours asked, and who will not be there for long."""
        text = "Favours asked of {0} in the last {days} days: {count}"
        return (
            *(step.reason for step in self.steps),
            *(
                Evidence(text, refs=(person,), values={"days": FAVOUR_DAYS, "count": count})
                for person, count in self.asked
            ),
            *(
                Evidence(
                    "{0} leaves on {day}: {1} asks soon",
                    refs=(person, self.people[0]),
                    values={"day": str(day)},
                )
                for person, day in self.leaving
            ),
        )


def paths(
    view: AccountView,
    person: Ref,
    *,
    starting: Ref | None = None,
    favours: Mapping[Ref, int] | None = None,
    most: int = 3,
) -> tuple[Path, ...]:
    """The strongest chain to ``person``, and up to ``most`` - 1 that really differ from it.

    Chains begin with any of us, or with ``starting``, who may then ask a colleague first. A warm
    tie of ours to the person is a chain of one step. Cold ties do not carry; nobody hands over to
    somebody with whom there is a conflict, nor leads to the person sought while in conflict with
    that person. ``favours`` counts the introductions asked lately of each; left out, they are those
    on record (:func:`~relmap.insight.favours.favours`).

    Alternatives share nobody in the middle where that is possible, and never only add somebody to
    an earlier chain. Nothing is found where no warm chain leads there, or to one of us.
    """
    network = warm_network(view)
    if person in network.ours:
        return ()
    asked = favours_on_record(view, to=person) if favours is None else favours
    search = _Search(network, person, starting, asked, leaving=_announced(view))
    found: list[Path] = []
    while len(found) < most:
        others = search.others(found)
        if not others:
            break
        found.append(min(others, key=lambda path: _rank(path, found)))
    return tuple(found)


def _announced(view: AccountView) -> dict[Ref, date]:
    """The day on which each person is announced to have left every post held today."""
    found: dict[Ref, date] = {}
    staying = set()
    for tenure in view.open_tenures:
        if tenure.ends_on is None or tenure.end_reason in STAYS:
            staying.add(tenure.person)
        else:
            found[tenure.person] = max(tenure.ends_on, found.get(tenure.person, tenure.ends_on))
    return {person: day for person, day in found.items() if person not in staying}


def _rank(path: Path, found: Sequence[Path]) -> tuple[float, float, int, tuple[Ref, ...]]:
    """The less an alternative shares with earlier chains the better, then the stronger."""
    before = {person for earlier in found for person in earlier.between}
    started = path.people[0] in {earlier.people[0] for earlier in found}
    strength = path.strength * (SAME_START if started else 1.0)
    return (len(before & set(path.between)), -strength, len(path.steps), path.people)


Avoided = Ref | tuple[Ref, ...]  # somebody, or the two of a step


class _Search:
    """Chains to one person, sought backwards from there."""

    def __init__(
        self,
        network: WarmNetwork,
        target: Ref,
        starting: Ref | None,
        favours: Mapping[Ref, int],
        *,
        leaving: Mapping[Ref, date],
    ) -> None:
        self.leaving = leaving
        self.network, self.target, self.starting, self.favours = network, target, starting, favours
        self.ours = frozenset(network.ours) | ({starting} if starting else set())
        self.open = (self.ours | network.carriers) - network.foes_of(target) - {target}

    def others(self, found: Sequence[Path]) -> list[Path]:
        """The best chains that leave out somebody of each one found, for every choice of whom."""
        weights = {person: AFTER_FAVOUR**count for person, count in self.favours.items()}
        for person in {person for path in found for person in path.between}:
            weights[person] = weights.get(person, 1.0) * SHARED
        first = frozenset(path.people[0] for path in found)
        choices = {frozenset(choice) for choice in product(*map(self._parts, found))}
        made = (self._strongest(choice, weights, first) for choice in choices)
        return [path for path in made if path is not None]

    def _parts(self, path: Path) -> tuple[Avoided, ...]:
        """What another chain may leave out of this one so as to differ."""
        if not path.between:
            return (path.people,)  # the one step; whoever took it may go a longer way
        return path.between if self.starting else path.people[:-1]

    def _strongest(
        self, avoided: frozenset[Avoided], weights: Mapping[Ref, float], first: frozenset[Ref]
    ) -> Path | None:
        """The chain of the greatest product of strengths and of the weights of those between."""
        onward: dict[Ref, Step | None] = {}
        nobody: Step | None = None
        waiting = [(-1.0, 0, self.target, self.target, nobody)]
        while waiting:
            value, length, person, _, onwards = heapq.heappop(waiting)
            if person in onward:
                continue
            onward[person] = onwards
            if person in self.ours and self.starting in (None, person):
                return self._path(person, onward)
            value *= weights.get(person, 1.0) if person != self.target else 1.0
            for step in self._into(person):
                if step.a not in onward and avoided.isdisjoint((step.a, (step.a, step.b))):
                    begun = SAME_START if step.a in first else 1.0
                    value_there = value * step.strength * begun
                    heapq.heappush(waiting, (value_there, length + 1, step.a, person, step))
        return None

    def _into(self, person: Ref) -> Iterator[Step]:
        """The steps to somebody from those who may take them."""
        if person in self.ours:  # another of us: only the one who begins comes before
            asked = self.starting and self.network.between_us(self.starting, person)
            steps: Iterable[Step] = (asked,) if asked else ()
        else:
            steps = self.network.into.get(person, {}).values()
        return (step for step in steps if step.a in self.open)

    def _path(self, start: Ref, onward: Mapping[Ref, Step | None]) -> Path:
        steps, step = [], onward[start]
        while step is not None:
            steps.append(step)
            step = onward[step.b]
        between = [step.b for step in steps[:-1]]
        going = ((person, self.leaving[person]) for person in between if person in self.leaving)
        asked = ((person, self.favours[person]) for person in between if person in self.favours)
        return Path(tuple(steps), tuple(asked), tuple(going))
