"""Scores of what-ifs that somebody asked for: asked, worked off by the sweep, read back.

A page never runs a rule. What is arithmetic of a what-if it shows at once; its scores come so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Select, delete, select

from relmap.contracts import Ref
from relmap.errors import NotFound
from relmap.facts.locks import get_for_change, lock_accounts
from relmap.hub.engine import Runner
from relmap.hub.registry import Registry, rules_in_force
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
    return db.session.scalar(_asked(account.id, day, account.revision, _key(people)))


def _asked(account_id: int, day: date, revision: int, people: str) -> Select[WhatIf]:
    return select(WhatIf).where(
        WhatIf.account_id == account_id,
        WhatIf.on == day,
        WhatIf.revision == revision,
        WhatIf.people == people,
    )


def asked_what_ifs() -> list[int]:
    """The ids of those asked for and not worked off, the oldest first."""
    waiting = select(WhatIf.id).where(WhatIf.computed_at.is_(None)).order_by(WhatIf.id)
    return list(db.session.scalars(waiting))


def run_what_if(what_if_id: int, today: date, *, runner: Runner, registry: Registry) -> None:
    """Work off one that was asked for: reckoned outside any transaction, stored in one.

    It is of the account as it was read, and stored as that: where somebody wrote since it was
    asked for, under the later revision. Raises ``NotFound``.
    """
    asked = db.session.get(WhatIf, what_if_id)
    if asked is None:
        raise NotFound("There is no what-if {what_if_id}.", what_if_id=what_if_id)
    account_id, day, people = asked.account_id, asked.on, asked.people
    db.session.rollback()
    view = foreseen_view(account_id, day, today=today)
    gone = [ref for ref in (Ref("person", int(one)) for one in people.split(",")) if ref in view]
    rules = rules_in_force(registry).scoring
    db.session.rollback()  # rules take their time
    report = score_differences(view, gone, rules, runner=runner)
    for row in report["scores"]:
        del row["reason"]  # a text of the rule's own
    with writing():
        lock_accounts([account_id])  # as who asks does, so that there is one of a revision
        row = get_for_change(WhatIf, what_if_id)
        twin = db.session.scalar(_asked(account_id, day, view.revision, people))
        if twin is not None and twin is not row:  # asked for meanwhile: it has its own turn
            db.session.delete(row)
            return
        row.revision, row.report, row.computed_at = view.revision, report, utc_now()
