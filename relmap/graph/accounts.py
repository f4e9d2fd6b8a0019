"""An account on a day, put together from the rows of each kind of fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, select, true

from relmap.contracts import AccountRow, AccountView, Measures, TieRow, TouchRow
from relmap.contracts.refs import ref_of
from relmap.contracts.rows import TouchCount
from relmap.errors import NotFound
from relmap.graph.claims import claim_rows
from relmap.graph.columns import ACCOUNT, ref_or_none, rows_of
from relmap.graph.kept import kept_views
from relmap.graph.past_values import Rewound, rewound_columns
from relmap.graph.people import people_rows
from relmap.graph.projects import next_step_rows, planned, project_rows
from relmap.graph.structure import structure_rows
from relmap.graph.tenures import tenure_rows
from relmap.graph.ties import tie_rows
from relmap.graph.touches import touch_rows
from relmap.hub.registry import measures_in_force
from relmap.insight.favours import FAVOUR_DAYS
from relmap.insight.power import weighed
from relmap.models import Account
from relmap.models.book import book_edition
from relmap.models.session import is_writing

__all__ = ["account_row", "view"]


def view(account_id: int, day: date, *, measures: Measures | None = None) -> AccountView:
    """The account as it stood on ``day``; raises ``NotFound`` where there is none.

    The revision is read before the facts: whatever is written meanwhile makes the account due
    again. ``measures`` defaults to the stored settings of strength and coverage. Of one revision
    the very same view is handed out while this process keeps it.
    """
    done_since = day - timedelta(days=FAVOUR_DAYS)
    asked = {"account_id": account_id, "day": day, "done_since": done_since}
    found = rows_of(_account_and_plans(), asked)
    if not found:
        raise NotFound("There is no such account.")
    measures = measures or measures_in_force()
    if is_writing():  # what is written has not raised the revision yet
        return _built(found, day, measures)
    key = (account_id, day, found[0].revision, book_edition(), measures)
    seen = kept_views().find(key)
    if seen is None:
        seen = _built(found, day, measures)
        kept_views().keep(key, seen)
    return seen


def _built(found: Sequence[Row[Any]], day: date, measures: Measures) -> AccountView:
    """The view, put together from the account's own rows and all others."""
    account_id = found[0].id
    rewound = rewound_columns(account_id, day)
    account = account_row(found[0], rewound)
    units, posts = structure_rows(account_id, day, rewound, measures)
    projects = project_rows(found, day, rewound, {row.ref.id for row in posts})
    next_steps = next_step_rows(found, day)
    tenures, announced = tenure_rows(account_id, day, rewound)
    ties = tie_rows(account_id, day)
    touches, counts = touch_rows(account_id, day)
    named = {row.person.id for row in (*tenures, *announced)} | _partners(ties, touches, counts)
    named |= {
        end.id for step in next_steps for end in (step.person, step.owner, step.through) if end
    }
    if account.owner is not None:
        named.add(account.owner.id)
    people, contacts = people_rows(named, account_id, day)
    return weighed(
        AccountView(
            account=account,
            as_of=day,
            revision=found[0].revision,
            units=units,
            posts=posts,
            people=people,
            contacts=contacts,
            tenures=tenures,
            announced=announced,
            ties=ties,
            touches=touches,
            touch_counts=counts,
            claims=claim_rows(
                account_id, [row.ref.id for row in people], [row.ref.id for row in posts], day
            ),
            projects=projects,
            next_steps=next_steps,
            measures=measures,
        )
    )


@cache
def _account_and_plans() -> Select[Any]:
    """The account with what is planned for it; one row at least where there is the account."""
    plans = planned()
    columns = [column.label(f"planned_{column.name}") for column in plans.c]
    return (
        select(*Account.__table__.c, *columns).outerjoin(plans, true()).where(Account.id == ACCOUNT)
    )


def account_row(row: Row[Any] | Account, rewound: Rewound) -> AccountRow:
    """The account's own columns, as they were on the day."""
    was = rewound.get(("account", row.id), {})
    return AccountRow(
        ref=ref_of("account", row.id),
        name=was.get("name", row.name),
        tier=was.get("tier", row.tier),
        industry=was.get("industry", row.industry),
        region=was.get("region", row.region),
        owner=ref_or_none("person", was.get("owner_id", row.owner_id)),
        rotation_months=was.get("rotation_months", row.rotation_months),
        review_month=was.get("review_month", row.review_month),
        handover_months=was.get("handover_months", row.handover_months),
    )


def _partners(
    ties: Iterable[TieRow], touches: Iterable[TouchRow], counts: Iterable[TouchCount]
) -> set[int]:
    named = {end.id for tie in ties for end in (tie.a, tie.b)}
    named |= {person.id for touch in touches for person in touch.people}
    return named | {count.ours.id for count in counts}
