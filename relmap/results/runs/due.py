"""What passes over accounts share: what gives a view, and who is due for what."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, Protocol

from relmap.contracts import AccountView, Measures

__all__ = ["DueAccount", "Views"]


class Views(Protocol):
    """What gives an account's view of a day: ``graph.view``, or one with its forecasts."""

    def __call__(self, account_id: int, day: date, *, measures: Measures) -> AccountView:
        """The account as it stands on the day, without forecasts."""


class DueAccount(NamedTuple):
    """An account whose results are due, and the state (day, revision, rules) they are due for."""

    id: int
    state: tuple[date, int, str]
