"""How a chance, and who should act on it, is told in all alerts alike."""

from __future__ import annotations

from relmap.api import (
    AccountView,
    Evidence,
    Ref,
    TenureRow,
    band_of_leaving,
    chance_of_leaving,
    in_steps,
    threads_of,
)

__all__ = ["tell_chance", "who_asks"]

HALF_A_YEAR = 180


def who_asks(view: AccountView, person: Ref) -> Ref | None:
    """Who of us knows the person best, else who looks after the account."""
    threads = threads_of(view, person)
    return threads[0].ours if threads else view.account.owner


def tell_chance(view: AccountView, tenure: TenureRow, days: int) -> Evidence:
    """The chance of leaving in words, with what it rests on: a day, or so many tenures.

    Where lists come seldom it is told of half a year at least: a nearer figure mirrors them.
    """
    refs = (tenure.person, tenure.post)
    if tenure.ends_on is not None:
        day = {"day": tenure.ends_on.isoformat()}
        return Evidence("{0} is announced to leave {1} on {day}", 0, refs, day)
    row = view.outlook_of(tenure.ref)
    assert row is not None  # who has no forecast has no chance to tell
    days = max(days, HALF_A_YEAR) if row.mirrors_imports else days
    values: dict[str, str | int] = {"days": days, "tenures": row.tenures}
    band = band_of_leaving(row, days)
    if band is None:
        values["percent"] = in_steps(chance_of_leaving(row, days) or 0.0)
        text = (
            "{0} leaves {1} within {days} days with about {percent} %; tenures behind it: {tenures}"
        )
    else:
        values |= {"low": in_steps(band[0]), "high": in_steps(band[1])}
        text = (
            "{0} leaves {1} within {days} days with {low} to {high} %; tenures behind it: {tenures}"
        )
    return Evidence(text, 0, refs, values)
