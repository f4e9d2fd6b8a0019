"""What a chance rests on, as who sells would say it: this account's own history, counted.

The parts of a stored basis are sentences of :mod:`relmap.insight.outlook`. A part with a weight
(``65 % the rate of the last three years``) is a part of the model and says it in words, not in
per cent: a weight beside a chance reads as another chance. What other accounts lent is told, and
never counted as the account's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from relmap.insight.outlook.forecast import FEW
from relmap.languages import day
from relmap.web.layout.labels import plural

__all__ = ["Told", "days_written", "told"]

ISO_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
WEIGHTED: Final = re.compile(r"(\d+) % (.+)")
KEPT: Final = re.compile(r"(\d+) of (\d+) left when due")
ELSEWHERE: Final = "The rate starts from that of the other accounts"
PLAIN: Final = {
    "the rate of the last three years": "how often people left here in the last three years",
    "time in post, title and unit": "how long people stay here in such a post",
    "the cycle of the year and of two years": "the months and years in which people leave here",
    "a cycle of each post by itself": "the rhythm in which each post by itself changes hands",
}
NEVER_PASSED: Final = "no term has run out here yet"

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What speaks first, on how many tenures (empty where none are counted), and the rest."""

    text: str
    tenures: str
    more: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it, a line each."""
        return (": ".join(filter(None, (self.text, self.tenures))), *self.more)


def told(basis: Sequence[Part]) -> Told:
    """The parts of a stored basis in words: a fact about the holder, a term, or the history.

    >>> told([{"text": "80 % the rate of the last three years", "tenures": 4}]).tenures
    'few of its own (4 tenures)'
    """
    if not basis:
        return Told("nothing on record", "")
    model = [(one, found) for one in basis if (found := WEIGHTED.fullmatch(one["text"]))]
    if not model:
        return _dated(basis[0])
    first, found = max(model, key=lambda pair: int(pair[1][1]))
    facts = [_small(one["text"]) for one in basis if _is_fact(one)]
    text, own = _weighed(found), _own(first["tenures"], _lent(basis))
    rest = tuple(_weighed(found) + f" ({_counted(one)})" for one, found in model if one != first)
    lent = tuple(_lent_text(one) for one in basis if _is_lent(one))
    if facts:
        return Told(facts[0], f"and {text}, {own}", (*facts[1:], *rest, *lent))
    return Told(text, own, (*rest, *lent))


def _dated(part: Part) -> Told:
    """A term or an announced day, and how such terms were kept."""
    text, _, kept = days_written(part["text"]).partition("; ")
    found = KEPT.fullmatch(kept)
    if found:
        kept = f"{found[1]} of {plural(int(found[2]), 'tenure')} here ended when due"
    return Told(text, NEVER_PASSED if kept == "none has passed yet" else kept)


def _is_fact(part: Part) -> bool:
    return not WEIGHTED.fullmatch(part["text"]) and not _is_lent(part)


def _is_lent(part: Part) -> bool:
    """Whether it counts tenures of other accounts; older rows say so by their text alone."""
    return bool(part.get("of_others")) or part["text"] == ELSEWHERE


def _weighed(found: re.Match[str]) -> str:
    weight, text = int(found[1]), PLAIN.get(found[2], found[2])
    if weight >= 90:
        return text
    return f"{'mostly' if weight >= 50 else 'partly' if weight >= 15 else 'a little'} {text}"


def _own(count: int, lent: int) -> str:
    """On how many of the account's own tenures; where they are few, what stands in for them."""
    borrowed = "; starts from how often people left posts at other accounts" if lent else ""
    if not count:
        return f"no tenure of its own to learn from yet{borrowed}"
    if count < FEW:
        return f"few of its own ({plural(count, 'tenure')}){borrowed}"
    return f"on {plural(count, 'tenure')} of this account"


def _lent(basis: Iterable[Part]) -> int:
    return sum(one["tenures"] for one in basis if _is_lent(one))


def _lent_text(part: Part) -> str:
    there = plural(part["tenures"], "tenure")
    return f"starts from how often people left posts at other accounts ({there} there)"


def _counted(part: Part) -> str:
    return plural(part["tenures"], "tenure")


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def days_written(text: str) -> str:
    """The text with its days as pages write them."""
    return ISO_DAY.sub(lambda found: day(date.fromisoformat(found[0])), text)
