"""What is due: accounts to forecast, score and scan, and what somebody asked for."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from flask import current_app

from relmap.hub.registry import registry_of
from relmap.models import writing
from relmap.results.runs import forecasting, scanning, scans_ahead, scoring, thinning

__all__ = ["AskedDay", "State", "Tried", "Turn", "asked_days", "due_accounts", "thin_daily"]

log = logging.getLogger(__name__)

AskedDay = tuple[int, int, date]  # the number of the question, the account, the day
Turn = tuple[str, int]  # forecast, score or scan, and the account
State = tuple[object, ...]  # the day, the revision, the rules
Tried = dict[Turn, State]
"""For what state each turn was taken: what stays due (a rule keeps failing) waits for a change."""
CLOCK: Final[Turn] = ("clock", 0)
THINNING: Final[Turn] = ("thin", 0)


def due_accounts(today: date, tried: Tried) -> Mapping[int, Mapping[str, State]]:
    """What is due by account: ``forecast``, ``score``, ``scan``, each with its state.

    What was tried in this very state is left out.
    """
    registry = registry_of(current_app)
    due = {
        "forecast": forecasting.due_accounts(today),
        "score": scoring.due_accounts(registry, today),
        "scan": [] if _is_ahead(today, tried) else scanning.due_accounts(registry, today),
    }
    found: defaultdict[int, dict[str, State]] = defaultdict(dict)
    for work, accounts in due.items():
        for account in accounts:
            if tried.get((work, account.id)) != account.state:
                found[account.id][work] = account.state
    return dict(sorted(found.items()))


def asked_days(worked: Collection[int] = (), turns: Counter[int] | None = None) -> list[AskedDay]:
    """The days that somebody asked for, accounts in turn: who asks for many waits for the others.

    Those ``worked`` on are left out; ``turns`` says how many an account had already.
    """
    turns, ordered = Counter(turns), []
    for asked in scoring.asked():
        if asked[0] not in worked:
            ordered.append((turns[asked[1]], asked))
            turns[asked[1]] += 1
    return [asked for _, asked in sorted(ordered)]


def thin_daily(today: date, tried: Tried) -> None:
    """Drop old results once a day, since what is to go depends on it alone.

    Never by a clock that is far ahead.
    """
    if tried.get(THINNING) == (today,):
        return  # every few seconds: not a query for it
    newest = scans_ahead.newest_day()
    if newest is None or not scans_ahead.is_left_behind(newest, today):
        with writing():
            thinning.thin(today)
        tried[THINNING] = (today,)


def _is_ahead(today: date, tried: Tried) -> bool:
    """Whether the clock seems far ahead; that, and what an earlier clock did, is said once."""
    newest = scans_ahead.newest_day() or today
    is_far = scans_ahead.is_left_behind(newest, today)
    ahead = scans_ahead.scans_ahead(today) if newest > today else None
    state = (newest if is_far or ahead else today, ahead.account_count if ahead else 0)
    if tried.get(CLOCK) == state:
        return is_far
    tried[CLOCK] = state
    if is_far:
        log.warning(
            "The last scan was of %s and today is %s: is the clock right? No alert is looked for "
            "until somebody runs: relmap scan",
            newest,
            today,
        )
    if ahead is not None:
        log.warning(
            "Accounts that were scanned after today (%s), on days up to %s: %d. Nothing new is "
            "told of them until then. Take that back: relmap scan --reset %s",
            today,
            ahead.until,
            ahead.account_count,
            today,
        )
    return is_far
