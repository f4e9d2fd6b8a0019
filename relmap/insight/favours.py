"""Favours asked recently: who has been asked to lead one of us to somebody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from relmap.contracts import AccountView, Ref

__all__ = ["FAVOUR_DAYS", "favours"]

FAVOUR_DAYS: Final = 180
"""For so many days a favour weighs on who was asked: judgement, half a year."""


def favours(view: AccountView, *, to: Ref | None = None) -> Mapping[Ref, int]:
    """How many favours were asked lately of each: the next steps that go through somebody.

    One that was done weighs from that day, an open one until it is long past due; a dropped one
    was never asked. Open steps that lead ``to`` somebody are left out: they are the very favour
    that a way to that person needs. Whoever was asked for nothing is not in it.
    """
    since = view.as_of - timedelta(days=FAVOUR_DAYS)
    asked = (
        row.through
        for row in view.next_steps
        if row.through is not None
        and (row.done_on or row.due_on) > since
        and (row.done_on is not None or row.person != to)
    )
    return MappingProxyType(Counter(asked))
