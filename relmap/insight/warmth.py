"""Over whom an introduction can run: the warm steps between people of both sides.

A *step* leads from somebody to somebody whom the first can introduce us to. From one of us to one
of them it is as strong as what joins the two (:func:`strength`); between two of them it is as
strong as the kind of their tie says, since nobody of ours judges a level there. Steps below
``measures.known_from`` are cold and not here, nor are steps between two in conflict.

Only ties carry. That somebody reports to somebody is no warm tie: a chain of command says who sees
whom, not who would speak well of us; it shows in :func:`introducers` as nearness.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from relmap.contracts import N_, AccountView, Evidence, Ref, RelationshipLevel, Side, TieRow
from relmap.contracts.words import TieKind
from relmap.insight.beliefs import hostile_people
from relmap.insight.cache import once_a_view
from relmap.insight.strength import level_part, threads
from relmap.insight.threads import people_in_place

__all__ = ["Step", "WarmNetwork", "warm_network"]

# How strongly a tie of a kind carries an introduction from its first person to its second, and
# back. Judgement, as the levels are: a friend as a problem solver does (0.6) and a little more;
# whose advice somebody seeks, or who sways somebody, is heard there more than the other way round.
CARRIES: Final[Mapping[TieKind, tuple[float, float]]] = {
    "family": (0.8, 0.8),
    "friend": (0.7, 0.7),
    "influences": (0.7, 0.4),
    "advises": (0.5, 0.6),  # from who asks to who is asked
    "knows": (0.5, 0.5),
    "former_colleague": (0.5, 0.5),
    "schoolmate": (0.5, 0.5),
    "dotted_line": (0.4, 0.4),
}
# Two of us can always ask each other; a little is lost by telling.
COLLEAGUES: Final = 0.8
WORDS: Final[Mapping[TieKind | None, tuple[str, str]]] = {
    None: (N_("{0} has met {1}"), N_("{0} has met {1}")),
    "family": (N_("{0} and {1} are family"), N_("{0} and {1} are family")),
    "friend": (N_("{0} and {1} are friends"), N_("{0} and {1} are friends")),
    "influences": (N_("{0} influences {1}"), N_("{1} influences {0}")),
    "advises": (N_("{0} asks {1} for advice"), N_("{1} asks {0} for advice")),
    "knows": (N_("{0} knows {1}"), N_("{0} knows {1}")),
    "former_colleague": (N_("{0} and {1} are former colleagues"),) * 2,
    "schoolmate": (N_("{0} and {1} are schoolmates"), N_("{0} and {1} are schoolmates")),
    "dotted_line": (N_("{0} also reports to {1}"), N_("{1} also reports to {0}")),
}
LEVEL_WORDS: Final = N_("{0} knows {1}: {level}")
COLLEAGUE_WORDS: Final = N_("{0} and {1} are colleagues")


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody who can introduce us to somebody: ``a`` to ``b``, with a strength of 0 to 1.

    ``kind`` is that of the tie that carries; ``None`` where the two of them only met.
    """

    a: Ref
    b: Ref
    strength: float
    kind: TieKind | None
    text: str
    level: RelationshipLevel | None = None

    @property
    def reason(self) -> Evidence:
        """Why the step carries, in words."""
        values = {} if self.level is None else {"level": self.level}
        return Evidence(self.text, refs=(self.a, self.b), values=values)


@dataclass(frozen=True, slots=True)
class WarmNetwork:
    """The warm steps of an account on its day.

    ``into`` has for each of them the steps that lead there, by who takes them. ``carriers`` are
    those of them who may stand in the middle of a chain: who is in place, and outsiders, who never
    were in the account. Who has left is none, nor is who is against us.
    """

    ours: tuple[Ref, ...]
    carriers: frozenset[Ref]
    into: Mapping[Ref, Mapping[Ref, Step]]
    foes: Mapping[Ref, frozenset[Ref]]

    def foes_of(self, person: Ref) -> frozenset[Ref]:
        """Who is in conflict with a person, whichever of the two it is from."""
        return self.foes.get(person, frozenset())

    def between_us(self, one: Ref, other: Ref) -> Step | None:
        """The step from one of us to another; none where the two are in conflict."""
        if other in self.foes_of(one):
            return None
        return Step(one, other, COLLEAGUES, None, COLLEAGUE_WORDS)


@once_a_view
def warm_network(view: AccountView) -> WarmNetwork:
    """Who can introduce us to whom on the view's day.

    Ties count while they stand, to people who left as well: one may ask for a way to them, though
    not through them.
    """
    side = {row.ref: row.side for row in view.people}
    foes = _foes(view)
    least = view.measures.known_from
    into: defaultdict[Ref, dict[Ref, Step]] = defaultdict(dict)
    for step in (*_our_steps(view, side), *_their_steps(view, side)):
        if step.strength <= 0 or step.strength < least or step.b in foes.get(step.a, ()):
            continue
        known = into[step.b].get(step.a)
        if known is None or known.strength < step.strength:
            into[step.b][step.a] = step
    return WarmNetwork(
        ours=tuple(sorted(person for person in side if side[person] == "us")),
        carriers=_carriers(view),
        into=MappingProxyType({person: MappingProxyType(into[person]) for person in into}),
        foes=MappingProxyType(foes),
    )


def _standing(view: AccountView) -> Iterator[TieRow]:
    return (tie for tie in view.ties if tie.ends_on is None or tie.ends_on > view.as_of)


def _is_conflict(tie: TieRow) -> bool:
    return tie.kind == "conflicts" or tie.sign < 0


def _foes(view: AccountView) -> dict[Ref, frozenset[Ref]]:
    found: defaultdict[Ref, set[Ref]] = defaultdict(set)
    for tie in _standing(view):
        if _is_conflict(tie):
            found[tie.a].add(tie.b)
            found[tie.b].add(tie.a)
    return {person: frozenset(others) for person, others in found.items()}


def _our_steps(view: AccountView, side: Mapping[Ref, Side]) -> Iterator[Step]:
    """From one of us to one of them: what the two have, or that they worked together once."""
    for (ours, theirs), thread in threads(view).items():
        tie = thread.tie
        if tie is None or not _is_conflict(tie):
            kind, is_back = (None, False) if tie is None else (tie.kind, tie.b == ours)
            is_judged = thread.level not in (None, "none")
            text = LEVEL_WORDS if is_judged else WORDS[kind][is_back]
            yield Step(ours, theirs, thread.strength, kind, text, thread.level)
    for tie in _standing(view):
        if {side.get(tie.a), side.get(tie.b)} == {"us", "client"} and _is_unjudged_former(tie):
            yield from (step for step in _both_ways(tie, view) if side[step.a] == "us")


def _is_unjudged_former(tie: TieRow) -> bool:
    """Whether the two once worked together and nobody has said how close they are now.

    Strength makes nothing of it, yet former colleagues are who one asks first.
    """
    return tie.kind == "former_colleague" and tie.level is None and not _is_conflict(tie)


def _their_steps(view: AccountView, side: Mapping[Ref, Side]) -> Iterator[Step]:
    for tie in _standing(view):
        if side.get(tie.a) == side.get(tie.b) == "client" and not _is_conflict(tie):
            yield from _both_ways(tie, view)


def _both_ways(tie: TieRow, view: AccountView) -> Iterable[Step]:
    """The tie as a step from each of the two; a level, where one was judged, outdoes the kind."""
    there, back = CARRIES[tie.kind]
    if tie.level is not None:
        age = (view.as_of - tie.observed_on).days
        there = back = level_part(tie.level, age, view.measures)
    words = WORDS[tie.kind]
    return (
        Step(tie.a, tie.b, there, tie.kind, words[0]),
        Step(tie.b, tie.a, back, tie.kind, words[1]),
    )


def _carriers(view: AccountView) -> frozenset[Ref]:
    ever = {row.person for row in view.tenures} | {row.person for row in view.contacts}
    outsiders = {row.ref for row in view.people_of("client")} - ever
    return (people_in_place(view) | outsiders) - hostile_people(view)
