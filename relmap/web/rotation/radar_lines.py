"""The rotation radar for the eye: a line a post, a dot a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row

from relmap.contracts import Ref
from relmap.insight.seating import coverage_step
from relmap.languages import day
from relmap.models import PostOutlook
from relmap.web.layout.chances import Chance
from relmap.web.layout.names import WrittenName, language_of, written_name
from relmap.web.layout.sentences import names_of
from relmap.web.outlook.basis import told
from relmap.web.seats import ClockMark

__all__ = [
    "RadarLine",
    "Successor",
    "chance_of",
    "lines_of",
    "money",
    "plain_basis",
    "points_beside",
    "ready_said",
    "ring_of",
    "share_of",
]

DUE: Final = {
    "announced": "announced: leaves on {}",
    "term": "declared term to {}",
    "policy": "rotation policy, due {}",
}
OVERDUE: Final = {
    "term": "declared term ended {}, still there",
    "policy": "rotation policy, was due {}, still there",
}
SCALES: Final = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody whom we know and who may follow."""

    id: int
    name: WrittenName
    chance: Chance


@dataclass(frozen=True, slots=True)
class RadarLine:
    """One deciding post of the list; ``number`` is the one on its dot."""

    number: int
    is_hot: bool
    account_id: int
    account: WrittenName
    owner: str | None
    post_id: int
    title: str
    title_lang: str | None
    person_id: int
    holder: WrittenName
    more_holders: int
    chance: Chance
    clock: ClockMark
    rests_on: str
    tenures: str
    ready: float
    ready_step: int
    ready_label: str
    stake: float
    stake_label: str
    known: tuple[Successor, ...]
    value: str

    @property
    def point(self) -> dict[str, Any]:
        """The dot: plain data, no markup and no colours."""
        return {
            "n": self.number,
            "x": round(100 * self.chance.value, 1),
            "y": round(5 * self.ready, 2),
            "size": round(self.stake, 3),
            "hot": self.is_hot,
            "name": f"{self.title}, {self.holder.text}",
            "where": self.account.text,
            "says": f"{self.chance.text} chance of a change, ready {self.ready_step} of 5",
        }


def lines_of(rows: Sequence[Row[tuple[Any, ...]]], *, horizon: int, first: int) -> list[RadarLine]:
    """The lines of a page, numbered from ``first``; names of successors in one query."""
    found: list[PostOutlook] = [row.PostOutlook for row in rows]
    likely = {Ref.parse(one["person"]) for post in found for one in known_followers(post)}
    names = names_of(likely)
    return [_line(row, horizon, number, names) for number, row in enumerate(rows, start=first)]


def points_beside(
    rows: Sequence[Row[tuple[Any, ...]]], *, horizon: int, first: int
) -> list[dict[str, Any]]:
    """The dots of posts that are on later pages of the list; none for a band."""
    found = []
    for number, row in enumerate(rows, start=first):
        if not row.PostOutlook.is_band:
            point = _line(row, horizon, number, {}).point
            found.append({**point, "beside": True})
    return found


def known_followers(post: PostOutlook) -> Iterator[Mapping[str, Any]]:
    """The likely successors whom we truly know."""
    return (one for one in post.successors if one.get("is_known"))


def _line(
    row: Row[tuple[Any, ...]], horizon: int, number: int, names: Mapping[Ref, WrittenName]
) -> RadarLine:
    post: PostOutlook = row.PostOutlook
    ready, chance = getattr(post, f"ready{horizon}") or 0.0, chance_of(post, horizon)
    text, tenures = plain_basis(post)
    return RadarLine(
        number=number,
        is_hot=bool(row.is_hot),
        account_id=post.account_id,
        account=written_name(row.account_name, country=row.account_country),
        owner=row.owner,
        post_id=post.post_id,
        title=row.title,
        title_lang=language_of(row.title, country=row.account_country),
        person_id=post.person_id or 0,
        holder=written_name(row.holder_name, row.holder_latin_name, language=row.holder_language),
        more_holders=post.holder_count - 1,
        chance=chance,
        clock=ring_of(share_of(post), chance, horizon, tenures),
        rests_on=text,
        tenures=tenures,
        ready=ready,
        ready_step=coverage_step(ready),
        ready_label=ready_said(post.coverage, ready, horizon),
        stake=row.stake,
        stake_label=f"{chance.text} chance × weight {post.weight:g}"
        f"{' and projects' if post.values else ''} × {100 * (1 - ready):.0f} % not known to us",
        known=tuple(
            Successor(ref.id, names[ref], Chance.point(one["chance"]))
            for one in known_followers(post)
            if (ref := Ref.parse(one["person"])) in names
        ),
        value=money(post.values),
    )


def chance_of(post: PostOutlook, horizon: int) -> Chance:
    """The chance of a change within the horizon, as a point or a band."""
    value = getattr(post, f"change{horizon}")
    band = post.bands.get(f"p{horizon}")
    return Chance(value, *band) if band else Chance.point(value)


def plain_basis(post: PostOutlook) -> tuple[str, str]:
    """What the chance rests on first of all, and on how many tenures."""
    found = told(post.basis)
    return _due(post) or found.text, found.tenures


def _due(post: PostOutlook) -> str:
    """The day on which a holder is due to go; empty where the history speaks, not a day."""
    if post.source == "model" or post.due_on is None or post.due_kind not in DUE:
        return ""
    is_past = post.due_on <= post.on and post.due_kind in OVERDUE
    return (OVERDUE if is_past else DUE)[post.due_kind].format(day(post.due_on))


def ready_said(coverage: float | None, ready: float, horizon: int) -> str:
    """How well we know who sits there, now and then, in words."""
    now = round(100 * (coverage or 0.0))
    return f"known to us {now} % today, {round(100 * ready)} % to be expected in {horizon} days"


def share_of(post: PostOutlook) -> float | None:
    """The part of the term that has passed; not above 1 while the day it is due lies ahead."""
    is_ahead = post.due_on is not None and post.due_on > post.on
    return min(post.share, 1.0) if post.share is not None and is_ahead else post.share


def ring_of(share: float | None, chance: Chance, horizon: int, tenures: str) -> ClockMark:
    """The ring of a post: the part of the term passed, the chance of a change in it."""
    passed = "" if share is None else f"{round(100 * share)} % of the term has passed; "
    label = f"{passed}{chance.text} chance of a change in {horizon} days, {tenures}".rstrip(", ")
    return ClockMark(
        share=None if share is None else min(100, round(100 * share)),
        text=chance.short,
        unit="" if chance.is_band else "%",
        label=label,
        is_over=(share or 0) > 1,
    )


def money(values: Mapping[str, float]) -> str:
    """Sums by currency as one reads them: ``8.4 m CNY``; empty where nothing is known."""
    return ", ".join(f"{_scaled(value)} {currency}".strip() for currency, value in values.items())


def _scaled(value: float) -> str:
    for scale, name in SCALES:
        if value >= scale:
            return f"{value / scale:.1f}".removesuffix(".0") + f" {name}"
    return f"{value:g}"
