"""How well we shall know who decides in a year, if nothing is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from relmap.api import (
    AccountView,
    Action,
    Evidence,
    Expected,
    NotApplicable,
    Ref,
    Score,
    Sitter,
    coverage,
    in_steps,
    paths,
    readiness,
    threads_of,
)

__all__ = ["DecidingPosts"]

OUT_OF = 25.0
YEAR = 365
ACTION_COUNT = 5


@dataclass(frozen=True)
class DecidingPosts:
    """Readiness: how well we shall know who decides in a year, if nothing is done."""

    key: ClassVar[str] = "outlook.deciding_posts"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Readiness"

    def score(self, view: AccountView) -> Score | NotApplicable:
        """Points for the expected coverage of the deciding posts, each by its decision weight."""
        ready = readiness(view, horizon=YEAR)
        known = [row for row in ready.parts if row.coverage is not None]
        weight = sum(row.weight for row in known)
        if not ready.parts:
            return NotApplicable("No post that decides is on record.")
        if not weight:
            return NotApplicable("No forecast is on record for those who decide.")
        unit = OUT_OF / weight
        found = sorted(known, key=lambda row: (_lack(row), row.post), reverse=True)
        return Score(
            evidence=tuple(_expectation(view, row, unit) for row in found),
            out_of=OUT_OF,
            actions=tuple(step for row in found for step in _meet(view, row, unit))[:ACTION_COUNT],
        )


def _lack(row: Expected) -> float:
    return row.weight * (1 - (row.coverage or 0))


def _expectation(view: AccountView, row: Expected, unit: float) -> Evidence:
    """One post: what is known of who may sit there in a year."""
    text = (
        "{0}: about {change} % that it changes hands within a year; "
        "expected to be known {known} %, today {today} %"
    )
    holders = [coverage(view, tenure.person) for tenure in view.holders(row.post)]
    values = {
        "change": in_steps(row.change),
        "known": round(100 * (row.coverage or 0)),
        "today": round(100 * max(holders, default=0.0)),
    }
    people = tuple(sitter.person for sitter in row.sitters)
    return Evidence(text, unit * row.weight * (row.coverage or 0), (row.post, *people), values)


def _meet(view: AccountView, row: Expected, unit: float) -> Iterator[Action]:
    """Whoever of those who may sit there is known least for what they will weigh."""
    open_parts = [(sitter.chance * (1 - sitter.coverage), sitter) for sitter in row.sitters]
    if open_parts:
        part, sitter = max(open_parts, key=lambda item: (item[0], item[1].person))
        gain = unit * row.weight * part
        refs = (sitter.person, row.post)
        is_sure = any(one.person == sitter.person for one in view.announced_in(row.post))
        text = "Meet {0}, who follows in {1}" if is_sure else _MEET[sitter.is_holder]
        yield Action(text, refs, owner=_who_goes(view, sitter), gain=gain)


_MEET = {True: "Meet {0}, who holds {1}", False: "Meet {0}, who may follow in {1}"}


def _who_goes(view: AccountView, sitter: Sitter) -> Ref | None:
    """Who of us knows the person best, else who could be introduced, else the account's owner."""
    threads = threads_of(view, sitter.person)
    if threads and threads[0].strength > 0:
        return threads[0].ours
    ways = paths(view, sitter.person, most=1)
    return ways[0].people[0] if ways else view.account.owner
