"""A stored plan becomes next steps: who of ours meets whom by when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from relmap.contracts import Ref
from relmap.errors import Refused
from relmap.facts.next_steps import PlannedStep, take_plan_over
from relmap.models import Account, NextStep
from relmap.results.forecasting import read_foresight

__all__ = ["introducer_of", "take_stored_plan_over"]


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
    return PlannedStep(
        person_id=Ref.parse(row["person"]).id,
        owner_id=None if row["by"] is None else Ref.parse(row["by"]).id,
        due_on=max(planned_for + timedelta(days=row["in_days"]), day),
        through_id=introducer_of(row),
    )


def introducer_of(row: Mapping[str, Any]) -> int | None:
    """Who is asked first in a step of a stored plan: the first of theirs on its way.

    Nobody where one of us knows the person, nor for a second visit, which needs no introduction.
    """
    path = row["path"]
    return Ref.parse(path[1]).id if len(path) > 2 and row["number"] == 1 else None
