"""What lies ahead of one person: how long in post, how to get there, what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from markupsafe import Markup

from relmap.contracts import N_, AccountView, Message, Ref, TenureRow
from relmap.insight.paths import Path, paths
from relmap.languages import html, tell
from relmap.results.reports.basis import grounds
from relmap.results.reports.foresight import AccountForesight
from relmap.web.layout.sentences import Line, Names, line, names_in
from relmap.web.outlook.plan_lines import Taken, numbers_of_plan, taken_of
from relmap.web.timeline.occupancy import Chances, chances_in

__all__ = ["Prospect", "TermOutlook", "Way", "held_ahead", "prospect"]

WAYS: Final = 3
STRONG: Final = 0.6  # as good as one colleague who knows them well


@dataclass(frozen=True, slots=True)
class TermOutlook:
    """The chances of one post the person holds, and what they rest on."""

    post_id: int
    title: str
    person: str
    chances: Chances
    basis: tuple[str, ...]
    is_announced: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One chain of introductions: its people, and how strong it is.

    ``said`` is in words, since a path's strength is no chance.
    """

    people: tuple[Markup, ...]
    said: Markup
    leaving: tuple[tuple[Markup, date], ...]


@dataclass(frozen=True, slots=True)
class Prospect:
    """The panels of a person's page that look ahead."""

    held: tuple[TermOutlook, ...]
    power: float | None
    power_rank: int | None
    reasons: tuple[Line, ...]
    ways: tuple[Way, ...]
    blocks: tuple[Line, ...]
    step: int | None
    taken: tuple[Taken, ...]


def prospect(seen: AccountView, ahead: AccountForesight | None, person: Ref) -> Prospect:
    """What lies ahead of somebody of theirs, from what is stored and today's view."""
    names = names_in(seen)
    document: Any = ahead.document if ahead else {}
    powers = document.get("power", ())
    rank = next((at for at, row in enumerate(powers, 1) if row["person"] == str(person)), None)
    found = powers[rank - 1] if rank else None
    return Prospect(
        held=tuple(held_ahead(seen, seen.tenures_of(person))),
        power=found["power"] if found else None,
        power_rank=rank,
        reasons=tuple(line(row, names) for row in found["reasons"]) if found else (),
        ways=tuple(
            _way(path, names, warm=seen.measures.known_from)
            for path in paths(seen, person, most=WAYS)
        ),
        blocks=tuple(
            line(row["reason"], names)
            for row in document.get("blocking", ())
            if str(person) in row["people"]
        ),
        step=numbers_of_plan(ahead).get(person),
        taken=tuple(taken_of(person, ahead, names)),
    )


def held_ahead(seen: AccountView, tenures: Iterable[TenureRow]) -> list[TermOutlook]:
    """The chances of those of these tenures that are open and have a forecast."""
    found, chances = [], chances_in(seen)
    for tenure in tenures:
        row = seen.outlook_of(tenure.ref)
        if row is None or tenure.has_ended(seen.as_of):
            continue
        post, person = seen.post(tenure.post), seen.person(tenure.person)
        basis = tuple(tell(one) for one in grounds(row.basis).lines)
        is_announced = row.source == "announced"
        found.append(
            TermOutlook(
                post.ref.id, post.title, person.name, chances[tenure.ref], basis, is_announced
            )
        )
    return found


def _way(path: Path, names: Names, *, warm: float) -> Way:
    """``warm`` is the strength of a single step from which it carries at all."""
    return Way(
        people=tuple(names.link(ref) for ref in path.people),
        said=_said(path, names, warm),
        leaving=tuple((names.link(ref), day) for ref, day in path.leaving),
    )


def _said(path: Path, names: Names, warm: float) -> Markup:
    said = html(N_("a weak way"))
    if path.strength >= warm:
        said = html(N_("a strong way") if path.strength >= STRONG else N_("a fair way"))
    if len(path.steps) > 1:
        weakest = min(path.steps, key=lambda step: step.strength)
        values = {"way": said, "a": names.link(weakest.a), "b": names.link(weakest.b)}
        said = html(Message("{way}; weakest from {a} to {b}", values))
    if path.favours:
        asked = {"way": said, "count": path.favours}
        many = "{way}; {count} favours asked lately"
        said = html(Message("{way}; {count} favour asked lately", asked, many))
    return said
