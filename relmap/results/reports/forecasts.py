"""Stored forecasts: read back, and put into the view that rules are handed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm.attributes import set_committed_value

from relmap.contracts import AccountView, Bands, Basis, OutlookRow, Ref, codec
from relmap.contracts.refs import ref_of
from relmap.contracts.rows import tenures_behind
from relmap.insight.outlook import HolderOutlook
from relmap.models import Forecast, Foresight, db

__all__ = [
    "StoredForesight",
    "holding",
    "newest_day",
    "outlook_row",
    "outlook_rows",
    "read_forecasts",
    "read_foresight",
    "with_bases",
    "with_outlook",
]


@dataclass(frozen=True, slots=True)
class StoredForesight:
    """What is stored of one account's day, at or before that asked for."""

    account_id: int
    on: date
    revision: int
    forecasts: tuple[Forecast, ...]
    document: dict[str, Any]


def newest_day(account_id: int, day: date) -> ScalarSelect[date]:
    """The day of the newest stored foresight at or before a day, as part of a query."""
    newest = select(func.max(Foresight.on)).where(
        Foresight.account_id == account_id, Foresight.on <= day
    )
    return newest.scalar_subquery()


def read_foresight(account_id: int, day: date) -> StoredForesight | None:
    """The newest stored foresight at or before a day; ``None`` where there is none. Two queries."""
    newest = select(Foresight).where(Foresight.account_id == account_id, Foresight.on <= day)
    found = db.session.scalars(newest.order_by(Foresight.on.desc()).limit(1)).first()
    if found is None:
        return None
    rows = select(Forecast).where(Forecast.account_id == account_id, Forecast.on == found.on)
    return StoredForesight(
        account_id=account_id,
        on=found.on,
        revision=found.revision,
        forecasts=with_bases(db.session.scalars(rows.order_by(Forecast.tenure_id))),
        document=found.document,
    )


def with_bases(rows: Iterable[Forecast]) -> tuple[Forecast, ...]:
    """All forecasts of an account's day, those that rest on the same each with that basis.

    Raises ``LookupError`` where one names a forecast that is not among them.
    """
    found = tuple(rows)
    written = {str(Ref("tenure", row.tenure_id)): row.basis for row in found}
    for row in found:
        if isinstance(row.basis, str):
            set_committed_value(row, "basis", written[row.basis])
    return found


# --- as views hold them


def outlook_rows(found: Iterable[HolderOutlook]) -> tuple[OutlookRow, ...]:
    """Forecasts as a view holds them, by their tenures."""
    rows = (
        _row(row, row.tenure, None if row.bands is None else Bands(**row.bands), row.basis)
        for row in found
    )
    return tuple(sorted(rows, key=lambda row: row.tenure))


def outlook_row(stored: Forecast, basis: tuple[Basis, ...]) -> OutlookRow:
    """A stored forecast as views hold it."""
    bands = None if stored.bands is None else codec.read(Bands, stored.bands)
    return _row(stored, ref_of("tenure", stored.tenure_id), bands, basis)


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
    """The view with these forecasts of a day as its outlook, those not in post left out."""
    open_tenures = {row.ref for row in view.open_tenures}
    found = with_bases(stored)
    bases = {id(row.basis): row.basis for row in found}  # many rest on the same
    read = {key: codec.read(tuple[Basis, ...], basis) for key, basis in bases.items()}
    seen = (outlook_row(row, read[id(row.basis)]) for row in found)
    rows = tuple(row for row in seen if row.tenure in open_tenures)
    return replace(view, outlook=rows) if rows else view


def read_forecasts(account_id: int, day: date) -> tuple[Forecast, ...]:
    """The newest stored forecasts at or before a day; empty where there are none. One query."""
    query = select(Forecast).where(
        Forecast.account_id == account_id, Forecast.on == newest_day(account_id, day)
    )
    return with_bases(db.session.scalars(query.order_by(Forecast.tenure_id)))
