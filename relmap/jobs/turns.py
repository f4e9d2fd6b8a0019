"""One account's turn, and the turns of some accounts, as commands ask for them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from flask import current_app
from sqlalchemy import select

from relmap import graph
from relmap.config import config_of
from relmap.contracts import Message
from relmap.errors import NotFound
from relmap.hub.engine import Engine, Limits, Runner
from relmap.hub.registry import registry_of
from relmap.models import Account, Alert, db, writing
from relmap.models.book import refusal_of
from relmap.results.reports import alerts, outlooks, scores
from relmap.results.reports.followers import followers_of, with_followers
from relmap.results.runs import forecasting, scanning, scans_ahead, scoring
from relmap.results.runs.due import Views

__all__ = [
    "all_accounts",
    "engine",
    "forecast_accounts",
    "forecast_first",
    "limits",
    "scan_account",
    "scan_accounts",
    "score_account",
    "score_accounts",
    "take_scans_back",
]

log = logging.getLogger(__name__)

MIB: Final = 1024 * 1024


def limits() -> Limits:
    """What the settings allow a rule."""
    config = config_of(current_app)
    return Limits(
        rule_seconds=config.rule_seconds,
        account_seconds=config.account_seconds,
        memory_mib=config.rule_memory // MIB,
    )


@contextmanager
def engine() -> Iterator[Engine]:
    """The engine under today's settings. Never in a web process: rules belong to jobs."""
    with Engine(limits()) as started:
        yield started


def all_accounts() -> list[int]:
    """The ids of all accounts, by name."""
    return list(db.session.scalars(select(Account.id).order_by(Account.name)))


# --- one account


def score_account(
    account_id: int,
    day: date,
    *,
    runner: Runner,
    retry: bool = False,
    views: Views = graph.view,
) -> bool:
    """Score an account on a day where that is due; whether there was anything to do."""
    return scoring.score(
        account_id, day, runner=runner, registry=registry_of(current_app), retry=retry, views=views
    )


def scan_account(
    account_id: int, day: date, *, runner: Runner, views: Views = graph.view
) -> list[int]:
    """Look for alerts of an account; the ids of those raised. Refused before the newest scan."""
    return scanning.scan(
        account_id, day, runner=runner, registry=registry_of(current_app), views=views
    )


# --- some accounts, as commands print them


def forecast_accounts(
    account_ids: Sequence[int],
    day: date,
    *,
    today: date,
    told: Callable[[Message], str] = str,
    every_post: bool = False,
) -> list[dict[str, Any]]:
    """Forecast accounts on a day where due, and read who may leave, with names.

    ``told`` puts into words what a chance rests on. With ``every_post`` those that do not decide
    say who would follow as well, from the view that was just forecast.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for account_id in account_ids:
        forecasting.forecast(account_id, day, today=today)
        if every_post:
            found |= followers_of(graph.view(account_id, day))
    return with_followers(outlooks.as_json(account_ids, day, told=told), found)


def score_accounts(account_ids: Sequence[int], day: date, *, today: date) -> list[dict[str, Any]]:
    """Score accounts on a day where due, forecast before, and read their scores with names."""
    with engine() as started:
        for account_id in account_ids:
            forecast_first(account_id, day, today=today)
            score_account(account_id, day, runner=started, retry=True)
    return scores.as_json(account_ids, day)


def scan_accounts(account_ids: Sequence[int], day: date, *, today: date) -> list[dict[str, Any]]:
    """Look for alerts of accounts, and read those that were raised, the most urgent first.

    Refused, before anything is done, where one of them was scanned on a later day.
    """
    scanning.refuse_older(account_ids, day)
    raised: list[int] = []
    with engine() as started:
        for account_id in account_ids:
            forecast_first(account_id, day, today=today)
            raised += scan_account(account_id, day, runner=started)
    query = alerts.select_alerts(today=day, status="open").where(Alert.id.in_(raised))
    return alerts.as_json(db.session.scalars(query).all(), today=day)


def take_scans_back(account_ids: Sequence[int], day: date) -> list[dict[str, Any]]:
    """Take back what was scanned after a day, and read the alerts that are withdrawn by it."""
    with writing():
        withdrawn = scans_ahead.take_back(account_ids, day)
    query = alerts.select_alerts(today=day, status="withdrawn").where(Alert.id.in_(withdrawn))
    return alerts.as_json(db.session.scalars(query).all(), today=day)


def forecast_first(account_id: int, day: date, *, today: date) -> None:
    """Forecast what is to be scored; where that breaks, rules go without and say so."""
    try:
        forecasting.forecast(account_id, day, today=today)
    except NotFound:
        raise
    except Exception as error:
        if refusal_of(error):
            raise  # nothing else could be written either
        log.exception("Account %s could not be forecast.", account_id)
        db.session.rollback()
