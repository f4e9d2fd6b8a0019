"""What an answer would be worth: how much better the visits could be chosen if we knew it.

The regret of a plan under an answer is the value of the best plan for that answer, less what
today's visits are worth under it (Savage, *The theory of statistical decision*, JASA 46, 1951). An
answer that would change no visit is worth nothing to the plan, however interesting it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from relmap.contracts import Ref
from relmap.insight.visits import Stake, best_visits

__all__ = ["Regret"]

Floats = NDArray[np.float64]
ROUNDING: Final = 1e-12  # what adding up in another order makes of nothing


@dataclass(frozen=True)
class Regret:
    """Today's plan, ready to be held against answers; made by :meth:`of`.

    ``open`` is what perfect knowledge of each person would add, the last place a stranger's.
    ``reached`` is the part of it that today's visits reach, ``ladder`` the part that the first,
    second, ... visit to anybody reaches.
    """

    places: Mapping[Ref, int]
    open: Floats
    reached: Floats
    ladder: Floats

    @classmethod
    def of(cls, people: Sequence[Stake], *, visits: int, gain: float) -> Regret:
        """Today's best plan of ``visits`` visits, each reaching ``gain`` of what is left."""
        places = {row.person: place for place, row in enumerate(people)}
        count = np.zeros(len(people) + 1)
        for row in best_visits(people, visits):
            count[places[row.person]] += 1
        left = np.array([*(row.open for row in people), 0.0])
        ladder = np.array([gain * (1.0 - gain) ** number for number in range(visits)])
        return cls(places, left, 1.0 - (1.0 - gain) ** count, ladder)

    def under(self, changes: Mapping[Ref | None, float]) -> float:
        """The regret if what perfect knowledge would add were changed by so much, by person.

        ``None`` is a stranger whom the plan does not have.
        """
        left = self.open.copy()
        for person, change in changes.items():
            place = -1 if person is None else self.places.get(person, -1)
            left[place] += change
        np.maximum(left, 0.0, out=left)
        regret = self._best(left) - float(left @ self.reached)
        return regret if regret > ROUNDING else 0.0

    def without(self, person: Ref) -> float:
        """The regret if visits to this person were wasted."""
        place = self.places.get(person)
        return 0.0 if place is None else self.under({person: -float(self.open[place])})

    def _best(self, left: Floats) -> float:
        """The most that the visits reach: those to the same person one below the other."""
        visits = len(self.ladder)
        if visits == 0:
            return 0.0
        if visits < len(left):  # nobody beyond the best of as many people is visited
            left = np.partition(left, -visits)[-visits:]
        gains = np.multiply.outer(left, self.ladder).ravel()
        return float(np.partition(gains, -visits)[-visits:].sum())
