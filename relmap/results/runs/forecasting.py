"""Forecasts: made where due, stored, read back, and put into the view that rules are handed.

A forecast reads the view without ``outlook``. It is due where an account has none for the day, its
revision, this arithmetic and these settings; time passing makes it due as well as writing. The
sweep forecasts, then scores, then scans.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ScalarSelect, delete, exists, func, insert, select

from relmap import graph
from relmap.contracts import (
    AccountView,
    Bands,
    Basis,
    Measures,
    OutlookRow,
    Ref,
    codec,
)
from relmap.contracts.rows import tenures_behind
from relmap.errors import NotFound
from relmap.facts.audit import lock_accounts
from relmap.hub.registry import measures_in_force
from relmap.insight.outlook import HolderOutlook
from relmap.insight.outlook import forecast as outlook_of
from relmap.models import Account, Forecast, Foresight, db, utc_now, writing
from relmap.results.runs.book_rates import rate_elsewhere
from relmap.results.runs.due import DueAccount, Views
from relmap.results.runs.foresight import document_of
from relmap.results.runs.radar import post_outlooks, store_post_outlooks

__all__ = [
    "VERSION",
    "Foreseen",
    "basis_digest",
    "due_accounts",
    "forecast",
    "foreseen_view",
    "holding",
    "newest_day",
    "outlook_row",
    "outlook_rows",
    "read_forecasts",
    "read_foresight",
    "with_outlook",
]

VERSION: Final = 5
"""Of the arithmetic: raised where the same view gives other figures."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is stored of one account's day, at or before that asked for."""

    account_id: int
    on: date
    revision: int
    forecasts: tuple[Forecast, ...]
    document: dict[str, Any]


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


def forecast(account_id: int, day: date, *, views: Views = graph.view) -> bool:
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
    view = views(account_id, day, measures=measures)
    declared = graph.declared_days(day, account_id)
    began = time.perf_counter()
    found = outlook_of(view, elsewhere=elsewhere, declared_on=declared)
    seen = replace(view, outlook=outlook_rows(found))
    document = document_of(seen)
    posts = post_outlooks(seen, found)
    spent = (time.perf_counter() - began) * 1000
    made = Foresight(
        account_id=account_id,
        on=day,
        revision=view.revision,
        basis_digest=basis,
        version=VERSION,
        document=document,
        milliseconds=spent,
        computed_at=utc_now(),
    )
    with writing():
        lock_accounts([account_id])  # a helper may just store the same account: one of us does
        if _is_done(made):
            return False
        _store(made, found, posts)
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


def _is_done(made: Foresight) -> bool:
    """Whether somebody stored this forecast meanwhile, or one of a later revision."""
    same = (Foresight.revision == made.revision) & (Foresight.basis_digest == made.basis_digest)
    stored = select(Foresight.id).where(
        Foresight.account_id == made.account_id,
        Foresight.on == made.on,
        same | (Foresight.revision > made.revision),
    )
    return db.session.scalar(stored.limit(1)) is not None


def _store(
    made: Foresight, found: Sequence[HolderOutlook], posts: Sequence[dict[str, Any]]
) -> None:
    """The account's day anew, and the radar's rows where no later day up to now has any.

    A forecast of a day ahead never takes the radar over.
    """
    for model in (Forecast, Foresight):
        of_the_day = (model.account_id == made.account_id) & (model.on == made.on)
        db.session.execute(
            delete(model).where(of_the_day).execution_options(synchronize_session=False)
        )
    db.session.add(made)
    if found:
        db.session.execute(insert(Forecast), [_columns(row, made) for row in found])
    tomorrow = utc_now().date() + timedelta(days=1)  # it is that day in Taipei already
    later = select(Foresight.id).where(
        Foresight.account_id == made.account_id,
        Foresight.on > made.on,
        Foresight.on <= tomorrow,
    )
    if made.on <= tomorrow and db.session.scalar(later.limit(1)) is None:
        store_post_outlooks(made.account_id, posts)


def _columns(row: HolderOutlook, made: Foresight) -> dict[str, Any]:
    return {
        "account_id": made.account_id,
        "on": made.on,
        "tenure_id": row.tenure.id,
        "post_id": row.post.id,
        "person_id": row.person.id,
        "held_since": row.held_since,
        "source": row.source,
        "p90": row.p90,
        "p180": row.p180,
        "p365": row.p365,
        "bands": None if row.bands is None else {key: list(row.bands[key]) for key in row.bands},
        "mirrors_imports": row.mirrors_imports,
        "basis": codec.plain(row.basis),
    }


# --- as views hold them


def outlook_rows(found: Iterable[HolderOutlook]) -> tuple[OutlookRow, ...]:
    """Forecasts as a view holds them, by their tenures."""
    rows = (
        _row(row, row.tenure, None if row.bands is None else Bands(**row.bands), row.basis)
        for row in found
    )
    return tuple(sorted(rows, key=lambda row: row.tenure))


def outlook_row(stored: Forecast) -> OutlookRow:
    """A stored forecast as views hold it."""
    bands = None if stored.bands is None else codec.read(Bands, stored.bands)
    basis = codec.read(tuple[Basis, ...], stored.basis)
    return _row(stored, Ref("tenure", stored.tenure_id), bands, basis)


def _row(
    row: HolderOutlook | Forecast, tenure: Ref, bands: Bands | None, basis: tuple[Basis, ...]
) -> OutlookRow:
    return OutlookRow(
        tenure=tenure,
        source=row.source,
        p90=row.p90,
        p180=row.p180,
        p365=row.p365,
        bands=bands,
        tenures=tenures_behind(basis),
        held_since=row.held_since,
        mirrors_imports=row.mirrors_imports,
        basis=basis,
    )


def with_outlook(view: AccountView) -> AccountView:
    """The view with the forecasts stored for its very day; as it is, where it has some or none are.

    Forecasts of who is not in post in the view (it is newer or older than they) are left out.
    """
    if view.outlook:
        return view
    query = select(Forecast).where(
        Forecast.account_id == view.account.ref.id, Forecast.on == view.as_of
    )
    return holding(view, db.session.scalars(query.order_by(Forecast.tenure_id)))


def holding(view: AccountView, stored: Iterable[Forecast]) -> AccountView:
    """The view with these forecasts as its outlook, those of who is not in post left out."""
    open_tenures = {row.ref for row in view.open_tenures}
    rows = tuple(row for row in map(outlook_row, stored) if row.tenure in open_tenures)
    return replace(view, outlook=rows) if rows else view


def read_forecasts(account_id: int, day: date) -> tuple[Forecast, ...]:
    """The newest stored forecasts at or before a day; empty where there are none. One query."""
    query = select(Forecast).where(
        Forecast.account_id == account_id, Forecast.on == newest_day(account_id, day)
    )
    return tuple(db.session.scalars(query.order_by(Forecast.tenure_id)))


def foreseen_view(account_id: int, day: date, *, views: Views = graph.view) -> AccountView:
    """The account's view of a day with its outlook, forecast now where that is due.

    What plan, what-if and paths are asked of. Writes: not for pages.
    """
    forecast(account_id, day, views=views)
    return with_outlook(views(account_id, day, measures=measures_in_force()))


# --- read back


def newest_day(account_id: int, day: date) -> ScalarSelect[date]:
    """The day of the newest stored foresight at or before a day, as part of a query."""
    newest = select(func.max(Foresight.on)).where(
        Foresight.account_id == account_id, Foresight.on <= day
    )
    return newest.scalar_subquery()


def read_foresight(account_id: int, day: date) -> Foreseen | None:
    """The newest stored foresight at or before a day; ``None`` where there is none. Two queries."""
    newest = select(Foresight).where(Foresight.account_id == account_id, Foresight.on <= day)
    found = db.session.scalars(newest.order_by(Foresight.on.desc()).limit(1)).first()
    if found is None:
        return None
    rows = select(Forecast).where(Forecast.account_id == account_id, Forecast.on == found.on)
    return Foreseen(
        account_id=account_id,
        on=found.on,
        revision=found.revision,
        forecasts=tuple(db.session.scalars(rows.order_by(Forecast.tenure_id))),
        document=found.document,
    )
