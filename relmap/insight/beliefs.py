"""What we believe about somebody today: the claims that still hold, and what once was said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from relmap.contracts import AccountView, ClaimRow, Ref
from relmap.insight.cache import once_a_view

__all__ = ["Belief", "belief", "hostile_people"]

# Where a stance stands; mentor and supporter do not contradict each other.
SIDES: Final = {"mentor": 1, "supporter": 1, "neutral": 0, "non_supporter": -1, "enemy": -1}


@dataclass(frozen=True, slots=True)
class Belief:
    """What is held of one matter: ``value`` is ``None`` where nobody knows today.

    ``fresh`` has the newest claim of each observer within its shelf life, newest first; ``was`` the
    newest one past it, where no fresh one is left. ``age_share`` is the age of the newest fresh
    claim as a part of its shelf life.
    """

    value: str | None
    fresh: tuple[ClaimRow, ...] = ()
    was: ClaimRow | None = None
    age_share: float = 0.0

    @property
    def values(self) -> tuple[str, ...]:
        """The different things observers say, newest first."""
        return tuple(dict.fromkeys(claim.value for claim in self.fresh))

    @property
    def is_disputed(self) -> bool:
        """Whether two of us say things that contradict each other."""
        return len({SIDES.get(value, value) for value in self.values}) > 1

    @property
    def extremes(self) -> tuple[str, str] | None:
        """The best and the worst stance said, where they are disputed."""
        said = sorted(self.values, key=lambda value: -SIDES.get(value, 0))
        return (said[0], said[-1]) if self.is_disputed else None

    @property
    def is_fading(self) -> bool:
        """Whether more than half of the shelf life is over."""
        return self.age_share > 0.5


def belief(view: AccountView, about: Ref, what: str) -> Belief:
    """What we believe of ``what`` (stance, power, ...) about a person or post on the view's day."""
    said = sorted(
        (
            claim
            for claim in view.claims_about(about)
            if claim.what == what and claim.project is None
        ),
        key=lambda claim: (claim.on, claim.ref),
        reverse=True,
    )
    newest: dict[Ref | None, ClaimRow] = {}
    for claim in said:
        newest.setdefault(claim.observer, claim)
    fresh = tuple(claim for claim in newest.values() if not claim.is_stale(view.as_of))
    if not fresh:
        return Belief(value=None, was=said[0] if said else None)
    first = fresh[0]
    age = (view.as_of - first.on).days / first.shelf_life_days
    return Belief(value=first.value, fresh=fresh, age_share=age)


@once_a_view
def hostile_people(view: AccountView) -> frozenset[Ref]:
    """Whom one of us holds to be against us today: they neither speak for us nor introduce us.

    One such claim within its shelf life is enough, whatever others of us say.
    """
    against = {
        claim.about
        for claim in view.claims
        if claim.what == "stance" and SIDES.get(claim.value, 0) < 0
    }
    return frozenset(
        person
        for person in against
        if any(SIDES.get(one, 0) < 0 for one in belief(view, person, "stance").values)
    )
