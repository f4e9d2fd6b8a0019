"""What a page of cultivation is asked for: visits, horizon, posts, and who is taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import request, url_for

from relmap.clock import today
from relmap.contracts import AccountView, Ref
from relmap.contracts.words import FUNCTIONS
from relmap.insight.questions import VISITS
from relmap.insight.thresholds import HORIZON
from relmap.insight.waves import holders_below
from relmap.maps.cultivate import POSTS
from relmap.web.layout.query import chosen, horizon_asked, number_asked, number_in

__all__ = ["MOST_VISITS", "STEPS_OF_POSTS", "PlanQuery", "asked"]

MOST_VISITS: Final = 40
STEPS_OF_POSTS: Final = (POSTS, 12, 24)


@dataclass(frozen=True, slots=True)
class PlanQuery:
    """What a page of cultivation was asked for; each address of it says all of it."""

    account_id: int
    day: date
    visits: int
    horizon: int
    most: int
    function: str | None
    people: tuple[Ref, ...]
    units: tuple[Ref, ...]
    gone: tuple[Ref, ...]

    def url(self, endpoint: str, **changed: Any) -> str:
        """The address of a page with the same questions, some of them changed."""
        said: dict[str, Any] = {
            "on": None if self.day == today() else self.day.isoformat(),
            "visits": None if self.visits == VISITS else self.visits,
            "horizon": None if self.horizon == HORIZON else self.horizon,
            "posts": None if self.most == POSTS else self.most,
            "function": self.function,
            "without": [ref.id for ref in self.people],
            "unit": [ref.id for ref in self.units],
        }
        return url_for(endpoint, account_id=self.account_id, **(said | changed))

    def toggled(self, endpoint: str, person: Ref) -> str:
        """The same page where somebody is gone as well, or is back."""
        people = [ref.id for ref in self.people if ref != person]
        if person not in self.people:
            people.append(person.id)
        return self.url(endpoint, without=sorted(people))


def asked(seen: AccountView) -> PlanQuery:
    """What the request asks of a view; people and units that are not in it are left out."""
    people = [ref for ref in _refs("without", "person") if ref in seen]
    units = [ref for ref in _refs("unit", "unit") if ref in seen]
    gone = {*people, *(row for unit in units for row in holders_below(seen, unit))}
    visits = number_asked("visits")
    return PlanQuery(
        account_id=seen.account.ref.id,
        day=seen.as_of,
        visits=VISITS if visits is None else min(visits, MOST_VISITS),
        horizon=horizon_asked(),
        most=int(chosen("posts", [str(most) for most in STEPS_OF_POSTS]) or POSTS),
        function=chosen("function", FUNCTIONS),
        people=tuple(sorted(set(people))),
        units=tuple(sorted(set(units))),
        gone=tuple(sorted(gone)),
    )


def _refs(name: str, kind: str) -> list[Ref]:
    numbers = map(number_in, request.args.getlist(name))
    return [Ref(kind, number) for number in numbers if number is not None]
