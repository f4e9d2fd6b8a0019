"""Whom to cultivate, as pages show it: what was asked, the plan's lines, the posts with successors.

The plan is arithmetic on the view with the newest stored forecasts, as the map is a drawing of it;
nothing here is forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from markupsafe import Markup

from relmap.contracts import AccountView, Message, Ref, codec
from relmap.contracts.message import N_
from relmap.insight.cultivation import Break, Cultivation, Target, broken, cultivation
from relmap.insight.seating import acquaintance, clock
from relmap.insight.thresholds import HALF_STEP
from relmap.insight.waves import worst_case
from relmap.insight.whatif import hanging_posts, without
from relmap.languages import _, clauses, html, label
from relmap.maps.cultivate import cultivate_map, shown_targets
from relmap.maps.drawing import Map
from relmap.models import Forecast
from relmap.results.reports.basis import grounds, parts_of
from relmap.results.reports.forecasts import holding, read_forecasts
from relmap.results.reports.foresight import AccountForesight, open_steps
from relmap.web.layout.chances import Chance
from relmap.web.layout.names import language_of
from relmap.web.layout.sentences import Line, Names, line, names_in, page_of
from relmap.web.outlook.plan_lines import PlanLine, plan_lines
from relmap.web.outlook.post_outlook import ring_of
from relmap.web.plan.gaps import Unplanned, unplanned
from relmap.web.plan.query import PlanQuery, asked
from relmap.web.seats import ClockMark, StanceMark, stance_mark
from relmap.web.seats.marks import coverage_label

__all__ = [
    "Candidate",
    "Cultivated",
    "PostLine",
    "Shown",
    "StopLine",
    "Worst",
    "read",
]

TO_ASK: Final = {
    "unknown_holder": N_("find out who sits there"),
    "vacant": N_("find out who comes"),
}
NO_WAY: Final = N_("no warm way left")
BREAKS: Final = {
    "gone": N_("{who} would be gone"),
    "lost": N_("no way left without {who}"),
    "detour": N_("not through {who}; another way is left"),
}
SOURCES: Final = {
    "announced": N_("announced"),
    "term": N_("by a declared term"),
    "policy": N_("by the rotation policy"),
    "model": N_("by the history"),
}


# --- what is shown


@dataclass(frozen=True, slots=True)
class StopLine:
    """Somebody to meet, and what becomes of it if some are gone."""

    plan: PlanLine
    kind: str  # of the break: gone, lost, detour; empty where all is as planned
    says: Markup
    detour: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may follow in a post if it changes."""

    ref: Ref
    name: Markup
    chance: Chance
    reason: Line
    step: int | None
    coverage: str
    what_if: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Who sits in a post today."""

    ref: Ref
    name: Markup
    step: int | None
    coverage: str
    stance: StanceMark
    what_if: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class PostLine:
    """One deciding post of the table; ``number`` is the step of the plan that concerns it."""

    ref: Ref
    title: str
    lang: str | None
    unit: str
    function: str
    status: str
    holders: tuple[Holder, ...]
    ring: ClockMark | None
    rests_on: str
    followers: tuple[Candidate, ...]
    more_count: int
    outside: Chance
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class Worst:
    """The costliest wave of a unit: how many go, what would be left, and the page that shows it."""

    unit: str
    count: int
    value: float
    what_if: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The value of the plan in points of 100, and with one visit less and one more."""

    before: float
    after: float
    less: float
    more: float


class Cultivated:
    """One account's cultivation for the eye, each part made where it is asked for."""

    def __init__(self, seen: AccountView, stored: Sequence[Forecast], wanted: PlanQuery) -> None:
        self.seen, self.asked = seen, wanted
        self.forecasts = {Ref("tenure", row.tenure_id): row for row in stored}
        self.on = stored[0].on if stored else None
        self.found: Cultivation = cultivation(seen, visits=wanted.visits, horizon=wanted.horizon)
        self.targets = shown_targets(self.found, most=wanted.most, function=wanted.function)

    @cached_property
    def names(self) -> Names:
        """The names of everybody and everything in the view."""
        return names_in(self.seen)

    @cached_property
    def breaks(self) -> Mapping[int, Break]:
        """The stops that cannot be made as planned, by number."""
        return broken(self.found, self.asked.gone)

    @property
    def values(self) -> Shown:
        """What the plan is worth."""
        plan = self.found.plan
        return Shown(
            *(
                100 * value / (plan.weight or 1.0)
                for value in (
                    plan.value_before,
                    plan.value_after,
                    plan.value_with_one_less,
                    plan.value_with_one_more,
                )
            )
        )

    @cached_property
    def stops(self) -> list[StopLine]:
        """Whom to meet, in the order of the plan."""
        document = {"plan": codec.plain(self.found.plan)}
        ahead = AccountForesight(self.seen.as_of, document, open_steps(self.seen))
        return [self._stop(row) for row in plan_lines(ahead, self.names, most=None)]

    def _stop(self, row: PlanLine) -> StopLine:
        found = self.breaks.get(row.number)
        if found is None:
            return StopLine(row, "", Markup(), ())
        who = tuple(self.names.unlinked(ref) for ref in found.without)
        detour = tuple(self.names.link(ref) for ref in found.path)
        return StopLine(row, found.kind, html(Message(BREAKS[found.kind], {"who": who})), detour)

    @property
    def worst(self) -> Worst | None:
        """What several leaving together would cost; ``None`` where no wave costs anything."""
        wave = worst_case(self.seen, horizon=self.asked.horizon)
        if wave is None or wave.loss <= 0:
            return None
        return Worst(
            unit=self.seen.unit(wave.unit).name,
            count=len(wave.people),
            value=100 * wave.value / (self.found.plan.weight or 1.0),
            what_if=self.asked.url("cultivate.show", without=[ref.id for ref in wave.people]),
        )

    @property
    def left_out(self) -> list[Line]:
        """What the plan cannot reckon with."""
        return [line(codec.plain(row), self.names) for row in self.found.plan.left_out]

    # --- the posts

    @property
    def is_blank(self) -> bool:
        """Whether nobody is on record in any post that decides."""
        return not any(self.seen.holders(target.post) for target in self.found.targets)

    @property
    def unplanned(self) -> list[Unplanned]:
        """Posts likely to change that are in no step, and why; nothing where there is no step."""
        return unplanned(self.found, self.names) if self.found.stops else []

    @cached_property
    def numbers(self) -> Mapping[Ref, int]:
        """The number of each person to meet."""
        return {stop.person: stop.number for stop in self.found.stops}

    @cached_property
    def rings(self) -> dict[Ref, ClockMark]:
        """The ring of each deciding post with a forecast, by post."""
        found = {}
        for target in self.found.targets:
            ring = self._ring(target)
            if ring is not None:
                found[target.post] = ring
        return found

    def _ring(self, target: Target) -> ClockMark | None:
        holders = self.seen.holders(target.post)
        rows = [self.forecasts[row.ref] for row in holders if row.ref in self.forecasts]
        if not rows or any(self.asked.horizon == 90 and row.mirrors_imports for row in rows):
            return None
        chance = Chance.point(target.part.change)
        bands = rows[0].bands or {}
        if len(holders) == 1 and (band := bands.get(f"p{self.asked.horizon}")):
            chance = Chance(target.part.change, *band)
        first = next(row for row in holders if row.ref in self.forecasts)
        return ring_of(
            clock(self.seen, first).share, chance, self.asked.horizon, self._rests_on(rows)
        )

    def _rests_on(self, rows: Iterable[Forecast]) -> str:
        return clauses(dict.fromkeys(_source_said(row) for row in rows))

    @cached_property
    def posts(self) -> list[PostLine]:
        """All deciding posts of the function asked for, the most open first."""
        drawn = {target.post for target in self.targets}
        wanted = self.asked.function
        return [
            self._post(target, is_drawn=target.post in drawn)
            for target in self.found.targets
            if wanted in (None, self.seen.post(target.post).function)
        ]

    def _post(self, target: Target, *, is_drawn: bool) -> PostLine:
        post, ring = self.seen.post(target.post), self.rings.get(target.post)
        likely = [row for row in target.follow.successors if row.chance >= HALF_STEP]
        holders = self.seen.holders(post.ref)
        rows = [self.forecasts[row.ref] for row in holders if row.ref in self.forecasts]
        return PostLine(
            ref=post.ref,
            title=post.title,
            lang=language_of(post.title),
            unit=self.seen.unit(post.unit).name,
            function=label("function", post.function),
            status=self.seen.status(post),
            holders=tuple(self._holder(row.person) for row in holders),
            ring=ring,
            rests_on=self._rests_on(rows),
            followers=tuple(
                self._candidate(row.person, row.chance, codec.plain(row.reason)) for row in likely
            ),
            more_count=len(target.follow.successors) - len(likely),
            outside=Chance.point(target.follow.outside),
            is_drawn=is_drawn,
        )

    def _known(self, person: Ref) -> dict[str, Any]:
        return {
            "ref": person,
            "name": self.names.link(person),
            "step": self.numbers.get(person),
            "what_if": self.asked.toggled("cultivate.show", person),
            "is_gone": person in self.asked.gone,
            "coverage": coverage_label(acquaintance(self.seen, person).coverage),
        }

    def _holder(self, person: Ref) -> Holder:
        stance = stance_mark(acquaintance(self.seen, person).stance)
        return Holder(**self._known(person), stance=stance)

    def _candidate(self, person: Ref, chance: float, reason: Mapping[str, Any]) -> Candidate:
        known = self._known(person)
        return Candidate(**known, chance=Chance.point(chance), reason=line(reason, self.names))

    # --- the map

    @cached_property
    def map(self) -> Map:
        """The drawing."""
        rings = {
            post: {
                "share": None if ring.share is None else ring.share / 100,
                "text": ring.text,
                "unit": ring.unit,
            }
            for post, ring in self.rings.items()
        }
        return cultivate_map(self.found, self.targets, rings=rings, gone=self.asked.gone)

    def content(self) -> dict[str, Any]:
        """What map.js draws: plain values, no markup, no colours; a card leads to its what-if."""
        content, cut = self.map.as_json(), self._cut()
        for node in content["nodes"]:
            ref = Ref.parse(node["ref"]) if node["ref"] else None
            is_person = ref is not None and ref.kind == "person"
            node["href"] = self.asked.toggled("cultivate.show", ref) if ref and is_person else None
            if ref is not None and node["kind"] in TO_ASK:
                node["href"], node["meta"] = page_of(ref), _(TO_ASK[node["kind"]])
            if node.get("post") in cut and not node.get("gone"):
                node["meta"] = _(NO_WAY)
            node["lang"] = language_of(node["name"], given=node.get("lang") or None)
            node["says"] = self._says(node, ref, has_no_way=node.get("meta") == _(NO_WAY))
        return content

    def _cut(self) -> set[str]:
        """The deciding posts that lose their last warm way with who is gone."""
        if not self.asked.gone:
            return set()
        rows = hanging_posts(self.seen, without(self.seen, self.asked.gone))
        return {str(row.about) for row in rows if row.is_looser and not row.after.is_reached}

    def _says(self, node: Mapping[str, Any], ref: Ref | None, *, has_no_way: bool) -> str:
        """What a card says when one points at it."""
        post = Ref.parse(node["post"]) if node.get("post") else None
        if node["kind"] == "outside" and post:
            return _(
                "{post}: somebody who is none of the candidates we know",
                post=self.seen.post(post).title,
            )
        said = [node["name"], node.get("title") or ""]
        if node["kind"] in TO_ASK:
            said.append(_(TO_ASK[node["kind"]]))
        if has_no_way:
            said.append(_(NO_WAY))
        if post in self.rings:
            said.append(self.rings[post].label)
        if ref is not None and ref.kind == "person":
            if self.seen.person(ref).side == "client":
                said.append(coverage_label(acquaintance(self.seen, ref).coverage))
            said.append(_("click: put back") if node.get("gone") else _("click: what if gone?"))
        return clauses(part for part in said if part)


def _source_said(row: Forecast) -> str:
    """What a forecast goes by, and on how many tenures that rests."""
    source, tenures = _(SOURCES[row.source]), grounds(parts_of(row.basis)).tenures
    return _("{source}, {tenures}", source=source, tenures=tenures) if tenures else source


def read(seen: AccountView, wanted: PlanQuery | None = None) -> Cultivated:
    """The cultivation of an account's view with its newest stored forecasts (one query)."""
    stored = read_forecasts(seen.account.ref.id, seen.as_of)
    return Cultivated(holding(seen, stored), stored, wanted or asked(seen))
