"""How a chance, and who should act on it, is told in all alerts alike."""

from __future__ import annotations

from relmap.api import AccountView, Evidence, Ref, TenureRow, in_steps, threads_of

__all__ = ["chance_told", "who_asks"]


def who_asks(view: AccountView, person: Ref) -> Ref | None:
    """Who of us knows the person best, else who looks after the account."""
    threads = threads_of(view, person)
    return threads[0].ours if threads else view.account.owner


def chance_told(view: AccountView, tenure: TenureRow, chance: float, days: int) -> Evidence:
    """The chance of leaving in words, with what it rests on: a day, or so many tenures."""
    refs = (tenure.person, tenure.post)
    if tenure.ends_on is not None:
        day = {"day": tenure.ends_on.isoformat()}
        return Evidence("{0} is announced to leave {1} on {day}", 0, refs, day)
    row = next(row for row in view.outlook if row.tenure == tenure.ref)
    values: dict[str, str | int] = {"percent": in_steps(chance), "days": days}
    values["tenures"] = row.tenures
    if row.band is not None:
        values |= {"low": in_steps(row.band[0]), "high": in_steps(row.band[1])}
        text = "{0} leaves {1} within a year with {low} to {high} %; tenures behind it: {tenures}"
        return Evidence(text, 0, refs, values)
    text = "{0} leaves {1} within {days} days with about {percent} %; tenures behind it: {tenures}"
    return Evidence(text, 0, refs, values)
