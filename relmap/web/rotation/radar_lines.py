"""The rotation radar for the eye: a line a post, a dot a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from relmap.contracts import Ref
from relmap.contracts.message import N_
from relmap.insight.seating import coverage_step
from relmap.languages import _
from relmap.models import PostOutlook
from relmap.web.layout.amounts import sums
from relmap.web.layout.chances import Chance
from relmap.web.layout.names import WrittenName, language_of, written_name
from relmap.web.layout.sentences import names_of
from relmap.web.outlook.post_outlook import (
    chance_of,
    known_followers,
    ready_said,
    rests_on,
    ring_of,
)
from relmap.web.seats import ClockMark

__all__ = ["KnownSuccessor", "RadarLine", "lines_of", "points_beside"]


@dataclass(frozen=True, slots=True)
class KnownSuccessor:
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
    known: tuple[KnownSuccessor, ...]
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
            "name": _("{post}, {holder}", post=self.title, holder=self.holder.text),
            "says": _(
                "{account}: {chance} chance of a change, ready {step} of 5",
                account=self.account.text,
                chance=self.chance.text,
                step=self.ready_step,
            ),
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


def _line(
    row: Row[tuple[Any, ...]], horizon: int, number: int, names: Mapping[Ref, WrittenName]
) -> RadarLine:
    post: PostOutlook = row.PostOutlook
    ready, chance = getattr(post, f"ready{horizon}") or 0.0, chance_of(post, horizon)
    assert chance is not None  # the list has those only of which a chance can be said
    text, tenures, _more = rests_on(post)
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
        clock=ring_of(post.share, chance, horizon, tenures),
        rests_on=text,
        tenures=tenures,
        ready=ready,
        ready_step=coverage_step(ready),
        ready_label=ready_said(post.coverage, ready, horizon),
        stake=row.stake,
        stake_label=_stake_said(post, chance, ready),
        known=tuple(
            KnownSuccessor(ref.id, names[ref], Chance.point(one["chance"]))
            for one in known_followers(post)
            if (ref := Ref.parse(one["person"])) in names
        ),
        value=sums(post.values),
    )


def _stake_said(post: PostOutlook, chance: Chance, ready: float) -> str:
    text = (
        N_("{chance} chance × weight {weight} and projects × {percent} % not known to us")
        if post.values
        else N_("{chance} chance × weight {weight} × {percent} % not known to us")
    )
    percent = f"{100 * (1 - ready):.0f}"
    return _(text, chance=chance.text, weight=post.weight, percent=percent)
