"""What an account's view foretells besides the chances of leaving, as one document of refs.

Message ids with refs and values, never names: the document follows a rename and an erasure.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from relmap.contracts import AccountView, codec
from relmap.insight.blocking import BlockingSet, blocking_sets, project_blocking_sets
from relmap.insight.horizon import readiness
from relmap.insight.paths import paths
from relmap.insight.plan import plan
from relmap.insight.power import power
from relmap.insight.questions import VISITS, questions
from relmap.insight.succession import Succession, successions
from relmap.insight.thresholds import HORIZON
from relmap.insight.waves import waves

__all__ = ["MOST", "VISITS", "document_of"]

MOST: Final = 20
"""How many questions and powerful people are kept; the rest is asked for by a command."""


def document_of(view: AccountView) -> dict[str, Any]:
    """The document of a view that holds its outlook; keys are those of docs/foresight.md.

    ``successions``, ``plan``, ``blocking``, ``projects``, ``power``, ``questions``, ``waves`` and
    ``readiness``, in JSON's own types, refs as ``person:7``.
    """
    planned = plan(view, visits=VISITS, horizon=HORIZON, paths=partial(paths, most=1))
    return {
        "successions": [_succession(row) for row in successions(view).values()],
        "plan": codec.plain(planned),
        "blocking": [_blocking(row) for row in blocking_sets(view)],
        "projects": _projects(view),
        "power": codec.plain(power(view)[:MOST]),
        "questions": codec.plain(questions(view)[:MOST]),
        "waves": codec.plain(waves(view, horizon=HORIZON, planned=planned)),
        "readiness": readiness(view).value,
    }


def _succession(row: Succession) -> dict[str, Any]:
    return {
        "post": str(row.post),
        "outside": row.outside,
        "successions_seen": row.successions_seen,
        "successors": [
            {
                "person": str(one.person),
                "chance": one.chance,
                "relation": one.relation,
                "reason": codec.plain(one.reason),
            }
            for one in row.successors
        ],
    }


def _blocking(row: BlockingSet) -> dict[str, Any]:
    plain: dict[str, Any] = codec.plain(row)
    return plain | {"is_reached": row.is_reached, "reason": codec.plain(row.reason)}


def _projects(view: AccountView) -> list[dict[str, Any]]:
    """The open projects, each with the fewest people on whom it hangs."""
    found = project_blocking_sets(view)
    return [
        {"project": str(row.ref), **(_blocking(found[row.ref]) if row.ref in found else {})}
        for row in view.open_projects
    ]
