"""One card of a map, as data: a seat, a person, or a fold that stands for several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from relmap.contracts import LEVELS, AccountView, PersonRow
from relmap.insight.percentages import in_steps
from relmap.insight.seating import Acquaintance, Seat, acquaintance, clock
from relmap.languages import _, _c, commas, word

__all__ = ["CARD", "COLUMN", "DECIDING_CARD", "fold_card", "person_card", "seat_card"]

CARD: Final = (176, 72)
DECIDING_CARD: Final = (206, 84)
OUR_CARD: Final = (190, 48)
COLUMN: Final = 228  # a deciding card and air for its badges


def fold_card(key: str, folded: Sequence[Seat], *, x: float, y: float) -> dict[str, Any]:
    """One card for several seats: how many, how many of them known, of which levels."""
    known = sum(1 for seat in folded if seat.known and seat.known.coverage)
    levels = sorted({seat.post.level for seat in folded}, key=LEVELS.index)
    name = _("{number} more, {known} known", number=len(folded), known=known)
    title = commas(word("level", level) for level in levels)
    return _node(key, "fold", name, x=x, y=y, size=CARD, title=title)


def seat_card(view: AccountView, seat: Seat, *, x: float, y: float) -> dict[str, Any]:
    """A seat with who sits there, or the blank seat; the node's id is the person or the post."""
    size = DECIDING_CARD if seat.is_deciding else CARD
    if seat.person is None:
        name = _("Vacant") if seat.status == "vacant" else _("Who?")
        return _node(
            str(seat.post.ref), seat.status, name, x=x, y=y, size=size, title=seat.post.title
        )
    node: dict[str, Any] = _knowledge(view, seat.person, seat.known)
    node.update(title=seat.post.title, acting=seat.status == "acting")
    if seat.clock is not None:
        node["ring"] = _ring(seat)
    return _node(str(seat.person.ref), "filled", seat.person.name, x=x, y=y, size=size, **node)


def _ring(seat: Seat) -> dict[str, Any] | None:
    if seat.clock is None:
        return None
    if seat.clock.chance is not None:
        text, unit = str(in_steps(seat.clock.chance)), "%"
    else:
        years = seat.clock.days / 365.25
        text, unit = f"{years:.1f}" if years < 10 else f"{years:.0f}", _c("unit", "y")
    share = seat.clock.share
    return {"share": None if share is None else min(1.0, share), "text": text, "unit": unit}


def _knowledge(view: AccountView, person: PersonRow, known: Acquaintance | None) -> dict[str, Any]:
    card: dict[str, Any] = {"latin": person.latin_name or "", "lang": person.language or ""}
    if known is not None:
        card["cov"] = known.step
        card["stance"] = "split" if known.stance.is_disputed else known.stance.value or "unknown"
        card["sides"] = known.stance.extremes
        card["meta"] = _meta(view, known)
    return card


def _meta(view: AccountView, known: Acquaintance) -> str:
    if known.coverage is None:
        return _("never met")
    if known.last_touch_on is None:
        return _("no touch")
    return _("{days} d", days=(view.as_of - known.last_touch_on).days)


def person_card(
    view: AccountView,
    person: PersonRow,
    *,
    x: float,
    y: float,
    is_focus: bool = False,
) -> dict[str, Any]:
    """A person of either side, with their highest post."""
    if person.side == "us":
        us = {"latin": person.latin_name or "", "title": person.affiliation or _("of us")}
        return _node(str(person.ref), "us", person.name, x=x, y=y, size=OUR_CARD, **us)
    posts = view.posts_of(person.ref)
    card = _knowledge(view, person, acquaintance(view, person.ref))
    size = CARD
    card["title"] = posts[0].title if posts else person.affiliation or _("no post we know")
    if posts and view.is_deciding(posts[0]):
        tenure = next(row for row in view.holders(posts[0].ref) if row.person == person.ref)
        seat = Seat(posts[0], "filled", is_deciding=True, clock=clock(view, tenure))
        size, card["ring"] = DECIDING_CARD, _ring(seat)
    node = _node(str(person.ref), "filled", person.name, x=x, y=y, size=size, **card)
    return {**node, "focus": is_focus}


def _node(
    key: str,
    kind: str,
    name: str,
    *,
    x: float,
    y: float,
    size: tuple[int, int],
    **fields: Any,
) -> dict[str, Any]:
    width, height = size
    return {
        "id": key,
        "ref": None if kind == "fold" else key,
        "kind": kind,
        "name": name,
        "x": round(x),
        "y": round(y),
        "w": width,
        "h": height,
        **fields,
    }
