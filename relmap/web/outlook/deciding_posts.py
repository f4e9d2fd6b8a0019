"""What may change in an account: its deciding posts as foreseen, with what each hangs on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from markupsafe import Markup

from relmap.contracts import AccountView, Message, Ref
from relmap.contracts.message import N_
from relmap.insight.seating import coverage_step
from relmap.insight.thresholds import LIKELY
from relmap.languages import _, _n, clauses, commas, tell
from relmap.models import PostOutlook
from relmap.results.reports.foresight import AccountForesight
from relmap.web.layout.chances import Chance
from relmap.web.layout.names import language_of
from relmap.web.layout.sentences import Line, Names, line
from relmap.web.outlook.post_outlook import (
    chance_of,
    change_of,
    known_followers,
    none_stands_out,
    ready_said,
    rests_on,
    ring_of,
)
from relmap.web.seats import ClockMark

__all__ = [
    "Follower",
    "PostAhead",
    "answer_of",
    "followers_of",
    "posts_ahead",
    "questions_of",
]

FOLLOWERS: Final = 3


@dataclass(frozen=True, slots=True)
class Follower:
    """Who may follow, how likely, and why."""

    name: Markup
    chance: Chance
    reason: Line


@dataclass(frozen=True, slots=True)
class PostAhead:
    """One deciding post: the chance, what it rests on, who may follow, on whom our way hangs."""

    post_id: int
    title: str
    lang: str | None
    status: str
    holder: Markup | None
    chance: Chance | None
    clock: ClockMark | None
    basis: tuple[str, str]
    more_basis: tuple[str, ...]
    ready_step: int
    ready_label: str
    followers: tuple[Follower, ...]
    outside: Chance | None
    hangs_on: Line | None


def answer_of(seen: AccountView, rows: Sequence[PostOutlook], *, horizon: int) -> str:
    """How many of the deciding posts that still stand may change, and where nobody may follow.

    A chance counts from 30 % on, as on the radar; posts without a point are told apart, by why.
    """
    standing = [row for row in rows if Ref("post", row.post_id) in seen]
    said = [row for row in standing if not (row.is_band or change_of(row, horizon) is None)]
    unsaid = _unsaid(seen, standing, horizon)
    if not said:
        return _nothing_said(len(standing), unsaid)
    chances = [change_of(row, horizon) or 0.0 for row in said]
    likely = [row for row, chance in zip(said, chances, strict=True) if chance >= LIKELY]
    parts = [none_stands_out(sum(chances), len(said), days=horizon)]
    if likely:
        parts = [_may_change(len(likely), len(standing), horizon)]
    unsettled = (row for row in likely if not seen.announced_in(Ref("post", row.post_id)))
    if unknown := sum(1 for row in unsettled if not any(known_followers(row))):
        parts.append(
            _("for it we know nobody who may follow")
            if len(likely) == 1
            else _("for {number} of them we know nobody who may follow", number=unknown)
        )
    if unsaid:
        whole = sum(unsaid.values())
        why = _listed(unsaid, whole)
        parts.append(_("of {number} no figure can be said: {why}", number=whole, why=why))
    return clauses(parts)


def _may_change(likely: int, count: int, horizon: int) -> str:
    return _n(
        "{number} of {count} deciding post may change within {days} days ({least} % or more)",
        "{number} of {count} deciding posts may change within {days} days ({least} % or more)",
        count,
        number=likely,
        days=horizon,
        least=round(100 * LIKELY),
    )


# Of one post, of all of them, of one of several and of several.
UNSAID: Final = {
    "vacant": (
        N_("it is vacant"),
        N_("they are vacant"),
        Message("{count} is vacant", {"count": 1}, many="{count} are vacant"),
    ),
    "blank": (
        N_("it has a holder we do not know"),
        N_("they have holders we do not know"),
        Message(
            "{count} has a holder we do not know",
            {"count": 1},
            many="{count} have holders we do not know",
        ),
    ),
    "band": (
        N_("it has too short a history"),
        N_("they have too short a history"),
        Message(
            "{count} has too short a history",
            {"count": 1},
            many="{count} have too short a history",
        ),
    ),
    "none": (
        N_("it cannot be told within so few days"),
        N_("they cannot be told within so few days"),
        Message(
            "{count} cannot be told within so few days",
            {"count": 1},
            many="{count} cannot be told within so few days",
        ),
    ),
}


def _unsaid(seen: AccountView, rows: Iterable[PostOutlook], horizon: int) -> Counter[str]:
    """Of how many posts no figure can be said, by why."""
    found: Counter[str] = Counter()
    for row in rows:
        if row.tenure_id is None:
            status = seen.status(seen.post(Ref("post", row.post_id)))
            found["vacant" if status == "vacant" else "blank"] += 1
        elif change_of(row, horizon) is None:
            found["none"] += 1
        elif row.is_band:
            found["band"] += 1
    return found


def _listed(unsaid: Counter[str], whole: int) -> str:
    parts = []
    for why, (it, they, some) in UNSAID.items():
        count = unsaid[why]
        if count and count == whole:
            parts.append(_(it if whole == 1 else they))
        elif count:
            parts.append(tell(replace(some, values={"count": count})))
    return commas(parts)


def _nothing_said(count: int, unsaid: Counter[str]) -> str:
    """The answer where no post has a figure: why not."""
    if unsaid["band"] == count:
        return _n(
            "The history is too short to say how likely the {count} deciding post changes",
            "The history is too short to say how likely the {count} deciding posts change",
            count,
        )
    why = _listed(unsaid, count)
    if unsaid["vacant"] + unsaid["blank"] == count:
        return _n(
            "Nobody we know holds the {count} deciding post: {why}",
            "Nobody we know holds the {count} deciding posts: {why}",
            count,
            why=why,
        )
    return _n(
        "No figure can be said of the {count} deciding post: {why}",
        "No figure can be said of the {count} deciding posts: {why}",
        count,
        why=why,
    )


def posts_ahead(
    seen: AccountView,
    ahead: AccountForesight | None,
    rows: Sequence[PostOutlook],
    names: Names,
    *,
    horizon: int,
) -> list[PostAhead]:
    """The deciding posts that still stand, those first that are likeliest to be lost."""
    document: Mapping[str, Any] = ahead.document if ahead else {}
    follows = {row["post"]: row for row in document.get("successions", ())}
    hangs = {row["posts"][0]: row["reason"] for row in document.get("blocking", ())}
    found = [row for row in rows if Ref("post", row.post_id) in seen]

    def urgency(row: PostOutlook) -> float:
        change = change_of(row, horizon)
        ready = getattr(row, f"ready{horizon}") or 0.0
        return (1.0 if change is None else change) * row.weight * (1 - ready)

    return [
        _post(
            seen,
            row,
            names,
            follow=follows.get(f"post:{row.post_id}"),
            hangs=hangs.get(f"post:{row.post_id}"),
            horizon=horizon,
        )
        for row in sorted(found, key=lambda row: (-urgency(row), row.post_id))
    ]


def _post(
    seen: AccountView,
    row: PostOutlook,
    names: Names,
    *,
    follow: Mapping[str, Any] | None,
    hangs: Mapping[str, Any] | None,
    horizon: int,
) -> PostAhead:
    post = seen.post(Ref("post", row.post_id))
    chance = chance_of(row, horizon)
    text, tenures, more = rests_on(row)
    ready = getattr(row, f"ready{horizon}") or 0.0
    return PostAhead(
        post_id=row.post_id,
        title=post.title,
        lang=language_of(post.title),
        status=seen.status(post),
        holder=names.link(Ref("person", row.person_id)) if row.person_id else None,
        chance=chance,
        clock=ring_of(row.share, chance, horizon, tenures) if chance else None,
        basis=(text, tenures),
        more_basis=more,
        ready_step=coverage_step(ready),
        ready_label=ready_said(row.coverage, ready, horizon),
        followers=tuple(_followers(follow, names)),
        outside=Chance.point(follow["outside"]) if follow else None,
        hangs_on=line(hangs, names) if hangs else None,
    )


def followers_of(post: Ref, ahead: AccountForesight | None, names: Names) -> list[Follower]:
    """Who may follow in a deciding post, the likeliest first."""
    rows = ahead.document["successions"] if ahead else ()
    found = next((row for row in rows if row["post"] == str(post)), None)
    return _followers(found, names)


def _followers(follow: Mapping[str, Any] | None, names: Names) -> list[Follower]:
    return [
        Follower(
            names.link(Ref.parse(one["person"])),
            Chance.point(one["chance"]),
            line(one["reason"], names),
        )
        for one in (follow["successors"][:FOLLOWERS] if follow else ())
    ]


def questions_of(ahead: AccountForesight | None, names: Names, *, most: int) -> list[Line]:
    """The questions worth asking, those first that could change the plan most."""
    return (
        [line(row["asked"], names) for row in ahead.document["questions"][:most]] if ahead else []
    )
