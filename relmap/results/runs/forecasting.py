"""Forecasts: made where due, and stored; :mod:`relmap.results.reports.forecasts` reads them back.

A forecast reads the view without ``outlook``. It is due where an account has none for the day, its
revision, this arithmetic and these settings; time passing makes it due as well as writing. The
sweep forecasts, then scores, then scans.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, exists, insert, select

from relmap import graph
from relmap.contracts import (
    AccountView,
    Basis,
    Measures,
    codec,
)
from relmap.errors import NotFound
from relmap.facts.locks import lock_accounts
from relmap.hub.registry import measures_in_force
from relmap.insight.outlook import HolderOutlook
from relmap.insight.outlook import forecast as outlook_of
from relmap.models import Account, Forecast, Foresight, db, utc_now, writing
from relmap.results.reports.forecasts import outlook_rows, with_outlook
from relmap.results.runs.book_rates import rate_elsewhere
from relmap.results.runs.due import DueAccount
from relmap.results.runs.foresight import document_of
from relmap.results.runs.radar import post_outlooks, store_post_outlooks

__all__ = [
    "VERSION",
    "basis_digest",
    "due_accounts",
    "forecast",
    "foreseen_view",
]

VERSION: Final = 5
"""Of the arithmetic: raised where the same view gives other figures."""


def basis_digest(measures: Measures) -> str:
    """A name for what forecasts rest on besides the view: the arithmetic and the settings.

    The book's rate is not in it: it is the same all day.
    """
    content = [VERSION, codec.plain(measures)]
    return hashlib.sha256(codec.canonical(content)).hexdigest()[:32]


def due_accounts(day: date) -> list[DueAccount]:
    """The accounts without a forecast of that day, their revision and this basis."""
    basis = basis_digest(measures_in_force())
    done = exists().where(
        Foresight.account_id == Account.id,
        Foresight.on == day,
        Foresight.revision == Account.revision,
        Foresight.basis_digest == basis,
    )
    query = select(Account.id, Account.revision).where(~done).order_by(Account.id)
    return [DueAccount(row.id, (day, row.revision, basis)) for row in db.session.execute(query)]


def forecast(account_id: int, day: date, *, today: date) -> bool:
    """Forecast an account on a day where that is due; whether there was anything to do.

    Reckoned outside any transaction and stored in one unit of work. Safe to run twice at once: what
    somebody stored meanwhile stays, unless it is of an older revision. Raises ``NotFound`` for an
    unknown account.
    """
    measures = measures_in_force()
    basis = basis_digest(measures)
    if not _is_due(account_id, day, basis):
        return False
    elsewhere = rate_elsewhere(account_id, day)
    view = graph.view(account_id, day, measures=measures)
    declared = graph.declared_days(day, account_id)
    db.session.rollback()  # that takes its time
    began = time.perf_counter()
    found = outlook_of(view, elsewhere=elsewhere, declared_on=declared)
    seen = replace(view, outlook=outlook_rows(found))
    document = document_of(seen)
    posts = post_outlooks(seen, found)
    spent = (time.perf_counter() - began) * 1000
    with writing():
        lock_accounts([account_id])  # a command may just store the same account: one of us does
        if _is_done(view, basis):
            return False
        _delete_of(account_id, day)
        made = {"account_id": account_id, "on": day, "revision": view.revision}
        made |= {"basis_digest": basis, "version": VERSION, "document": document}
        made |= {"milliseconds": spent, "computed_at": utc_now()}
        db.session.execute(insert(Foresight), [made])
        if found:
            db.session.execute(insert(Forecast), list(_columns(found, account_id, day)))
        if day <= today and not _is_later_stored(account_id, day, today):
            store_post_outlooks(account_id, posts)
    return True


def _is_due(account_id: int, day: date, basis: str) -> bool:
    revision = db.session.scalar(select(Account.revision).where(Account.id == account_id))
    if revision is None:
        raise NotFound("There is no account {account_id}.", account_id=account_id)
    stored = select(Foresight.id).where(
        Foresight.account_id == account_id,
        Foresight.on == day,
        Foresight.revision == revision,
        Foresight.basis_digest == basis,
    )
    return db.session.scalar(stored) is None


def _is_done(view: AccountView, basis: str) -> bool:
    """Whether somebody stored this forecast meanwhile, or one of a later revision."""
    same = (Foresight.revision == view.revision) & (Foresight.basis_digest == basis)
    stored = select(Foresight.id).where(
        Foresight.account_id == view.account.ref.id,
        Foresight.on == view.as_of,
        same | (Foresight.revision > view.revision),
    )
    return db.session.scalar(stored.limit(1)) is not None


def _delete_of(account_id: int, day: date) -> None:
    """Delete what was stored of the account's day."""
    for model in (Forecast, Foresight):
        of_the_day = (model.account_id == account_id) & (model.on == day)
        db.session.execute(
            delete(model).where(of_the_day).execution_options(synchronize_session=False)
        )


def _is_later_stored(account_id: int, day: date, today: date) -> bool:
    """Whether a later day up to today has a forecast: its rows stay in the radar.

    A forecast of a day ahead never takes the radar over.
    """
    later = select(Foresight.id).where(
        Foresight.account_id == account_id, Foresight.on > day, Foresight.on <= today
    )
    return db.session.scalar(later.limit(1)) is not None


def _columns(
    found: Iterable[HolderOutlook], account_id: int, day: date
) -> Iterator[dict[str, Any]]:
    """A row a holder; of those that rest on the same, the first says on what."""
    first: dict[tuple[Basis, ...], HolderOutlook] = {}
    for row in found:
        same = first.setdefault(row.basis, row)
        bands = row.bands
        yield {
            "account_id": account_id,
            "on": day,
            "tenure_id": row.tenure.id,
            "post_id": row.post.id,
            "person_id": row.person.id,
            "held_since": row.held_since,
            "source": row.source,
            "p90": row.p90,
            "p180": row.p180,
            "p365": row.p365,
            "bands": None if bands is None else {key: list(bands[key]) for key in bands},
            "mirrors_imports": row.mirrors_imports,
            "basis": codec.plain(row.basis) if same is row else str(same.tenure),
        }


def foreseen_view(account_id: int, day: date, *, today: date) -> AccountView:
    """The account's view of a day with its outlook, forecast now where that is due.

    What plan, what-if and paths are asked of. Writes: not for pages.
    """
    forecast(account_id, day, today=today)
    return with_outlook(graph.view(account_id, day, measures=measures_in_force()))
