"""What a stored outlook of a deciding post says: its chance, on what it rests, the ring, ready."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from relmap.contracts.message import N_
from relmap.insight.thresholds import LIKELY
from relmap.languages import _, tell
from relmap.models import PostOutlook
from relmap.results.reports.basis import grounds, parts_of
from relmap.web.layout.chances import Chance
from relmap.web.seats import ClockMark

__all__ = [
    "chance_of",
    "change_of",
    "known_followers",
    "none_stands_out",
    "ready_said",
    "rests_on",
    "ring_of",
]

DUE: Final = {
    "announced": N_("announced: leaves on {day}"),
    "term": N_("declared term to {day}"),
    "policy": N_("rotation policy, due {day}"),
}
OVERDUE: Final = {
    "term": N_("declared term ended {day}, still there"),
    "policy": N_("rotation policy, was due {day}, still there"),
}


def change_of(post: PostOutlook, horizon: int) -> float | None:
    """The chance of a change within the horizon; ``None`` where none can be said."""
    found: float | None = getattr(post, f"change{horizon}")
    return found


def chance_of(post: PostOutlook, horizon: int) -> Chance | None:
    """The chance of a change within the horizon, as a point or a band."""
    value, band = change_of(post, horizon), post.bands.get(f"p{horizon}")
    if value is None:
        return None
    return Chance(value, *band) if band else Chance.point(value)


def known_followers(post: PostOutlook) -> Iterator[Mapping[str, Any]]:
    """The likely successors whom we truly know."""
    return (one for one in post.successors if one.get("is_known"))


def rests_on(post: PostOutlook) -> tuple[str, str, tuple[str, ...]]:
    """What the chance rests on first of all, on how many tenures, and what besides."""
    found = grounds(parts_of(post.basis))
    tenures = tell(found.tenures) if found.tenures else ""
    return _due(post) or tell(found.first), tenures, tuple(tell(one) for one in found.more)


def _due(post: PostOutlook) -> str:
    """The day on which a holder is due to go; empty where the history speaks, not a day."""
    if post.source == "model" or post.due_on is None or post.due_kind not in DUE:
        return ""
    is_past = post.due_on <= post.on and post.due_kind in OVERDUE
    return _((OVERDUE if is_past else DUE)[post.due_kind], day=post.due_on)


def ready_said(coverage: float | None, ready: float, horizon: int) -> str:
    """How well we know who sits there, now and then, in words."""
    return _(
        "known to us {today} % today, {then} % to be expected in {days} days",
        today=round(100 * (coverage or 0.0)),
        then=round(100 * ready),
        days=horizon,
    )


def ring_of(share: float | None, chance: Chance, horizon: int, tenures: str) -> ClockMark:
    """The ring of a post: the part of the term passed, the chance of a change in it."""
    label = _("{chance} chance of a change in {days} days", chance=chance.text, days=horizon)
    if tenures:
        label = _("{chance}, {tenures}", chance=label, tenures=tenures)
    if share is not None:
        passed = round(100 * share)
        label = _("{percent} % of the term has passed; {chance}", percent=passed, chance=label)
    return ClockMark(
        share=None if share is None else min(100, round(100 * share)),
        text=chance.short,
        unit="" if chance.is_band else "%",
        label=label,
        is_over=(share or 0) > 1,
    )


def none_stands_out(expected: float, count: int, *, days: int) -> str:
    """Of so many posts none is likely by itself: how many may change all the same.

    >>> none_stands_out(1.67, 42, days=180)
    'No single post stands out (30 % or more); about 2 of 42 may change within 180 days'
    """
    number, least = round(expected), round(100 * LIKELY)
    if count == 1:
        return _(
            "The one post with a figure does not stand out ({least} % or more) within {days} days",
            least=least,
            days=days,
        )
    if not number:
        return _(
            "No single post stands out ({least} % or more); "
            "fewer than one of {total} may change within {days} days",
            least=least,
            total=count,
            days=days,
        )
    return _(
        "No single post stands out ({least} % or more); "
        "about {number} of {total} may change within {days} days",
        least=least,
        number=number,
        total=count,
        days=days,
    )
