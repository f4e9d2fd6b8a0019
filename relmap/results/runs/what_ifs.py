"""Scores of what-ifs that somebody asked for: asked, worked off by the sweep, read back.

A page never runs a rule. What is arithmetic of a what-if it shows at once; its scores come so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from sqlalchemy import delete, select

from relmap.contracts import Ref
from relmap.errors import NotFound
from relmap.facts.audit import lock_accounts
from relmap.hub.engine import Runner
from relmap.hub.registry import Registry
from relmap.models import Account, WhatIf, db, utc_now, writing
from relmap.results.reports.what_ifs import score_differences
from relmap.results.runs.forecasting import foreseen_view

__all__ = ["ask_what_if", "asked_what_ifs", "read_what_if", "run_what_if"]

KEPT: Final = timedelta(days=30)


def _key(people: Collection[Ref]) -> str:
    return ",".join(str(number) for number in sorted({ref.id for ref in people}))


def ask_what_if(account: Account, day: date, people: Collection[Ref]) -> WhatIf:
    """Ask for the scores without these people; one asked for already is that one.

    Those of the account asked for 30 days ago are forgotten. Does not commit.
    """
    lock_accounts([account.id])  # two who ask at once would both find nothing and both insert
    too_old = (WhatIf.account_id == account.id) & (WhatIf.asked_at < utc_now() - KEPT)
    db.session.execute(delete(WhatIf).where(too_old))
    found = read_what_if(account, day, people)
    if found is None:
        key = _key(people)
        found = WhatIf(account_id=account.id, on=day, revision=account.revision, people=key)
        db.session.add(found)
    return found


def read_what_if(account: Account, day: date, people: Collection[Ref]) -> WhatIf | None:
    """What was asked for of this account as it is now, worked off or not; one query."""
    query = select(WhatIf).where(
        WhatIf.account_id == account.id,
        WhatIf.on == day,
        WhatIf.revision == account.revision,
        WhatIf.people == _key(people),
    )
    return db.session.scalars(query).first()


def asked_what_ifs() -> list[int]:
    """The ids of those asked for and not worked off, the oldest first."""
    waiting = select(WhatIf.id).where(WhatIf.computed_at.is_(None)).order_by(WhatIf.id)
    return list(db.session.scalars(waiting))


def run_what_if(what_if_id: int, *, runner: Runner, registry: Registry) -> None:
    """Work off one that was asked for: reckoned outside any transaction, stored in one.

    Raises ``NotFound``.
    """
    asked = db.session.get(WhatIf, what_if_id)
    if asked is None:
        raise NotFound("There is no what-if {what_if_id}.", what_if_id=what_if_id)
    account_id, day = asked.account_id, asked.on
    people = [Ref("person", int(number)) for number in asked.people.split(",")]
    db.session.rollback()
    view = foreseen_view(account_id, day)
    gone = [ref for ref in people if ref in view]
    report = score_differences(view, gone, runner=runner, registry=registry)
    for row in report["scores"]:
        del row["reason"]  # a text of the rule's own
    with writing():
        row = db.session.get_one(WhatIf, what_if_id)
        row.report, row.computed_at = report, utc_now()
