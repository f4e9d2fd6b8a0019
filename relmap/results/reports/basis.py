"""What a chance rests on: exactly, and as who sells would say it, from the account's own history.

A part of the model is told in words, not in per cent: a weight beside a chance reads as another
chance. What other accounts lent is told, and never counted as the account's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from relmap.contracts import Basis, Message, codec
from relmap.contracts.message import N_
from relmap.contracts.rows import BasisKind
from relmap.insight.thresholds import FEW
from relmap.languages.spans import span

__all__ = ["Grounds", "due_text", "exactly", "grounds", "parts_of"]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What speaks first, on how many tenures (``None`` where none are counted), and the rest."""

    first: Message
    tenures: Message | None = None
    more: tuple[Message, ...] = ()

    @property
    def lines(self) -> tuple[Message, ...]:
        """All of it, a line each."""
        if self.tenures is None:
            return (self.first, *self.more)
        together = {"first": self.first, "tenures": self.tenures}
        return (Message("{first}: {tenures}", together), *self.more)


def parts_of(stored: Any) -> tuple[Basis, ...]:
    """The parts of a basis as a table holds them."""
    return codec.read(tuple[Basis, ...], stored)


# --- exactly, as commands say it

DUE: Final[Mapping[BasisKind, tuple[str, str, str]]] = {
    "term": (
        N_("Term: due on {day}"),
        N_("Term: was due on {day}, still there"),
        N_("Term: in post for {span}, due within its length"),
    ),
    "policy": (
        N_("Rotation policy: due on {day}"),
        N_("Rotation policy: was due on {day}, still there"),
        N_("Rotation policy: in post for {span}, due within its length"),
    ),
}
EXACTLY: Final[Mapping[BasisKind, str]] = {
    "announced": N_("Announced: leaves on {day}"),
    "start_unknown": N_("In post for {span}, since when is unknown"),
    "acting": N_("Acting: leaves sooner than a confirmed holder"),
    "term_passed": N_("The term has passed"),
    "rate": N_("{weight} % the rate of the last three years"),
    "time_in_post": N_("{weight} % time in post, title and unit"),
    "cycle": N_("{weight} % the cycle of the year and of two years"),
    "own_cycle": N_("{weight} % a cycle of each post by itself"),
    "elsewhere": N_("The rate starts from that of the other accounts"),
}


def exactly(part: Basis) -> Message:
    """One part with its weight or its day, as the methods call it."""
    if part.kind is None:
        return Message(part.text)
    if part.kind not in DUE:
        values = {"weight": part.weight, "day": part.due_on, "span": _at_least(part)}
        return Message(EXACTLY[part.kind], values)
    values = {"due": due_text(part), "left": part.left, "terms": part.tenures}
    if part.tenures:
        return Message("{due}; {left} of {terms} left when due", values)
    return Message("{due}; none has passed yet", values)


def due_text(part: Basis) -> Message:
    """The day that is known: announced, or of a term."""
    if part.kind is None or part.kind not in DUE:
        return exactly(part)
    coming, past, unknown = DUE[part.kind]
    if part.due_on is None:
        return Message(unknown, {"span": _at_least(part)})
    return Message(past if part.is_past else coming, {"day": part.due_on})


def _at_least(part: Basis) -> Message:
    """For how long somebody has been there whose start is unknown."""
    if part.least_days is None:  # stored before it was counted
        return Message("longer than we know")
    return Message("at least {span}", {"span": span(part.least_days)})


# --- as who sells would say it

WEIGHED: Final[Mapping[BasisKind, str]] = {
    "rate": N_("how often people left here in the last three years"),
    "time_in_post": N_("how long people stay here in such a post"),
    "cycle": N_("the months and years in which people leave here"),
    "own_cycle": N_("the rhythm in which each post by itself changes hands"),
}
FACTS: Final[Mapping[BasisKind, str]] = {
    "start_unknown": N_("in post for {span}, since when is unknown"),
    "acting": N_("acting: leaves sooner than a confirmed holder"),
    "term_passed": N_("the term has passed"),
}


def grounds(basis: Sequence[Basis]) -> Grounds:
    """The parts of a basis in words: a fact about the holder, a term, or the history."""
    if not basis:
        return Grounds(Message("nothing on record"))
    model = sorted((one for one in basis if one.kind in WEIGHED), key=lambda one: -_weight(one))
    if not model:
        return _dated(basis[0])
    first = model[0]
    facts = [
        Message(FACTS[one.kind], {"span": _at_least(one)})
        for one in basis
        if one.kind and one.kind in FACTS
    ]
    text, own = _weighed(first), _own(first.tenures, _lent(basis))
    rest = tuple(_counted(one) for one in basis if one in model and one != first)
    lent = tuple(_lent_text(one) for one in basis if one.of_others)
    if facts:
        both = Message("and {what}, {own}", {"what": text, "own": own})
        return Grounds(facts[0], both, (*facts[1:], *rest, *lent))
    return Grounds(text, own, (*rest, *lent))


def _dated(part: Basis) -> Grounds:
    """A term or an announced day, and how such terms were kept."""
    if part.kind not in DUE:
        return Grounds(due_text(part))
    if not part.tenures:
        return Grounds(due_text(part), Message("no term has run out here yet"))
    kept = Message(
        "{left} of {count} tenure here ended when due",
        {"left": part.left, "count": part.tenures},
        many="{left} of {count} tenures here ended when due",
    )
    return Grounds(due_text(part), kept)


def _weight(part: Basis) -> int:
    return part.weight or 0


def _weighed(part: Basis) -> Message:
    assert part.kind is not None
    what = Message(WEIGHED[part.kind])
    if _weight(part) >= 90:
        return what
    if _weight(part) >= 50:
        return Message("mostly {what}", {"what": what})
    return Message("partly {what}" if _weight(part) >= 15 else "a little {what}", {"what": what})


def _own(count: int, lent: int) -> Message:
    """On how many of the account's own tenures; where they are few, what stands in for them."""
    if not count:
        return Message(
            "no tenure of its own to learn from yet; "
            "starts from how often people left posts at other accounts"
            if lent
            else "no tenure of its own to learn from yet"
        )
    if count >= FEW:
        return Message(
            "on {count} tenure of this account",
            {"count": count},
            many="on {count} tenures of this account",
        )
    if lent:
        return Message(
            "few of its own ({count} tenure); "
            "starts from how often people left posts at other accounts",
            {"count": count},
            many="few of its own ({count} tenures); "
            "starts from how often people left posts at other accounts",
        )
    return Message(
        "few of its own ({count} tenure)",
        {"count": count},
        many="few of its own ({count} tenures)",
    )


def _lent(basis: Iterable[Basis]) -> int:
    return sum(one.tenures for one in basis if one.of_others)


def _lent_text(part: Basis) -> Message:
    return Message(
        "starts from how often people left posts at other accounts ({count} tenure there)",
        {"count": part.tenures},
        many="starts from how often people left posts at other accounts ({count} tenures there)",
    )


def _counted(part: Basis) -> Message:
    values = {"what": _weighed(part), "count": part.tenures}
    return Message("{what} ({count} tenure)", values, many="{what} ({count} tenures)")
