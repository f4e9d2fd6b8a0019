"""How late we learn of departures, as the plain dicts that commands print, names filled in."""

from __future__ import annotations

from datetime import date
from typing import Any

from relmap.insight.detection import Lag, detection_lags
from relmap.results.reports.alerts import external_ids_of
from relmap.results.reports.detection import departed
from relmap.results.wording import plain_names

__all__ = ["lags_as_json"]


def lags_as_json(account_id: int | None, today: date, *, days: int) -> dict[str, Any]:
    """The lag of the departures learnt of within ``days``, over all, by account, by colleague.

    ``overall`` is ``None`` without any. What the command line brought counts for no colleague.
    """
    found = detection_lags(departed(None, today, days=days, account_id=account_id))
    names = plain_names([*found.by_account, *found.by_colleague])
    ids = external_ids_of([ref.id for ref in found.by_colleague])
    return {
        "overall": None if found.overall is None else _lag(found.overall),
        "by_account": [
            {"account": names[ref]} | _lag(row) for ref, row in found.by_account.items()
        ],
        "by_colleague": [
            {"person": names[ref], "id": ref.id, "external_id": ids.get(ref.id)} | _lag(row)
            for ref, row in found.by_colleague.items()
        ],
    }


def _lag(row: Lag) -> dict[str, Any]:
    return {
        "count": row.count,
        "median": row.median,
        "quartiles": list(row.quartiles),
        "ninth_decile": row.ninth_decile,
        "ahead": row.ahead,
        "quarters": [
            {"quarter": one.quarter, "count": one.count, "median": one.median}
            for one in row.quarters
        ],
        "trend": row.trend,
    }
