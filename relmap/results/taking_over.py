"""A stored plan becomes next steps: who of ours meets whom by when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from relmap.contracts import Ref
from relmap.errors import Refused
from relmap.facts.next_steps import PlannedStep, take_plan_over
from relmap.models import Account, NextStep
from relmap.results.forecasting import read_foresight

__all__ = ["take_stored_plan_over"]


def take_stored_plan_over(
    account: Account, day: date, *, most: int | None = None
) -> list[NextStep]:
    """Take over the newest plan at or before ``day``, or its ``most`` weightiest steps.

    Returns the steps that were added; whom somebody means to meet already is left as it is. Refused
    where no plan is stored. Does not commit.
    """
    seen = read_foresight(account.id, day)
    if seen is None:
        raise Refused(f"{account.name} has no plan yet. The next sweep makes one.")
    steps = [_step(row, seen.on, day) for row in seen.document["plan"]["steps"][:most]]
    return take_plan_over(account, steps, day=day)


def _step(row: dict[str, Any], planned_for: date, day: date) -> PlannedStep:
    by = None if row["by"] is None else Ref.parse(row["by"]).id
    due_on = max(planned_for + timedelta(days=row["in_days"]), day)
    return PlannedStep(Ref.parse(row["person"]).id, by, due_on)
