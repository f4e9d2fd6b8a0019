"""Why posts that are likely to change are in no step of a plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from relmap.contracts.message import N_
from relmap.insight.cultivation import Cultivation, Target
from relmap.insight.thresholds import EVEN
from relmap.languages import _
from relmap.web.layout.sentences import Names

__all__ = ["Unplanned", "unplanned"]

WELL_KNOWN: Final = 0.6  # expected coverage of a post from which visits there gain little
WHY: Final = {
    "unknown": N_("nobody we know of is likely to follow there, so ask who may"),
    "known": N_("we know well whoever may sit there"),
    "other": N_("visits elsewhere gain more"),
}


@dataclass(frozen=True, slots=True)
class Unplanned:
    """Some posts, and why no visit is planned on their account."""

    posts: tuple[Markup, ...]
    why: str


def unplanned(found: Cultivation, names: Names) -> list[Unplanned]:
    """The posts likely to change on whose account the plan meets nobody, by reason."""
    planned = {stop.post for stop in found.stops}
    posts: defaultdict[str, list[Markup]] = defaultdict(list)
    for target in found.targets:
        part = target.part
        if part.change >= EVEN and not part.is_unnamed and target.post not in planned:
            posts[_reason(target)].append(names.link(target.post))
    return [Unplanned(tuple(posts[key]), _(why)) for key, why in WHY.items() if key in posts]


def _reason(target: Target) -> str:
    part = target.part
    if part.outside >= part.change / 2:
        return "unknown"
    return "known" if (part.coverage or 0.0) >= WELL_KNOWN else "other"
