"""How late we learn of departures: what the audit log says of the ends of tenures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, or_, select, true

from relmap.clock import day_end, day_of
from relmap.contracts import Ref
from relmap.insight.detection import Departed, Lag, detection_lags
from relmap.models import Change, Import, Tenure, User, db
from relmap.permissions import accounts_open_to
from relmap.results.ref_names import plain_names
from relmap.results.reports.alerts import external_ids_of

__all__ = ["MOST", "departed", "lags_as_json"]

MOST: Final = 5_000
"""How many departures are looked at, the newest learnt first."""


def departed(
    viewer: User | None, today: date, *, days: int, account_id: int | None = None
) -> list[Departed]:
    """The departures we learnt of within ``days``, at accounts the viewer may read. One query.

    Without a viewer, as in a command, at all accounts, or at the one that is asked for. What was
    learnt after ``today`` is left out.

    Who typed a departure learnt of it, or who applied the import that showed it: the colleague is
    the person of that login. A login without a person, and the command line, is nobody.

    A holder who is confirmed and stays left nothing. What came with a history of ended tenures was
    never on record as open, and is no news that came late.
    """
    first = (
        select(Change.fact_id, func.min(Change.id).label("id"))
        .where(Change.kind == "tenure", Change.verb == "end_tenure")
        .group_by(Change.fact_id)
        .subquery()
    )
    query = (
        select(Change.account_id, Change.at, User.person_id, Tenure.ends_after, Tenure.ends_on)
        .join(first, first.c.id == Change.id)
        .join(Tenure, Tenure.id == Change.fact_id)
        .outerjoin(Import, Import.id == Change.import_id)
        .outerjoin(User, User.id == func.coalesce(Change.user_id, Import.created_by))
        .where(
            Change.at >= day_end(today - timedelta(days=days)),
            Change.at < day_end(today),
            true() if account_id is None else Change.account_id == account_id,
            Tenure.ends_on.is_not(None),
            or_(Tenure.end_reason.is_(None), Tenure.end_reason != "acting_ended"),
            Tenure.came(),
            true() if viewer is None else accounts_open_to(viewer, "read", Change.account_id),
        )
        .order_by(Change.id.desc())
        .limit(MOST)
    )
    return [
        Departed(
            account=Ref("account", row.account_id),
            colleague=None if row.person_id is None else Ref("person", row.person_id),
            ended_after=row.ends_after,
            ended_on=row.ends_on,
            recorded_on=day_of(row.at),
        )
        for row in db.session.execute(query)
    ]


# --- as commands print it


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
