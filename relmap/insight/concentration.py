"""Effective threads: over how many functions, branches and colleagues our warmth is spread.

The Hill number of order 2 of shares p, 1 / Σ p² (the inverse of Simpson's concentration), says how
many equal groups would be as concentrated: Hill, *Diversity and evenness: a unifying notation and
its consequences*, Ecology 54, 1973; Simpson, *Measurement of diversity*, Nature 163, 1949.

By itself it counts evenness, not warmth: of groups held 1, 0.1 and 0.1 it makes 1.4, and 2 when the
first is lost. A loss must never be a gain, so it is multiplied by how well the group is held in
which a typical piece of our warmth lies, Σ x² / Σ x. What comes out,

    (Σ x)² / Σ x²  ×  Σ x² / Σ x  =  Σ x,

rises with every x and is never above the Hill number, since no x is above 1: a group, however many
friends we have in it, is held at most once (x is the noisy or of its strengths).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from relmap.contracts import AccountView, Evidence, Ref
from relmap.insight.beliefs import hostile_people
from relmap.insight.cache import once_a_view
from relmap.insight.strength import any_of, coverage, known_people, threads_of
from relmap.insight.threads import branch_of, people_in_place

__all__ = ["EffectiveThreads", "Spread", "SpreadOver", "effective_threads", "hill"]

SpreadOver = Literal["functions", "branches", "colleagues"]
TEXTS: Final[dict[SpreadOver, str]] = {
    "functions": "Functions held: {count}, worth {threads} threads, as even as {even_as} alike",
    "branches": "Superiors whose people we know: {count}, worth {threads} threads, "
    "as even as {even_as} alike",
    "colleagues": "Of us who know somebody: {count}, worth {threads} threads, "
    "as even as {even_as} alike",
}


def hill(amounts: Iterable[float]) -> float:
    """The Hill number of order 2: how many equal amounts are as concentrated; 0 of nothing.

    It may rise when the largest amount goes: show it as evenness, never count with it.

    >>> hill([1.0, 1.0, 1.0]), round(hill([1.0, 0.1, 0.1]), 2)
    (3.0, 1.41)
    """
    held = [amount for amount in amounts if amount > 0]
    top = max(held, default=0.0)
    shares = [amount / top for amount in held]  # squares of tiny amounts would vanish
    return sum(shares) ** 2 / sum(share * share for share in shares) if shares else 0.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Our warmth in one account over groups of one kind, the best held group first.

    ``held`` has each group (a function, the ref of a superior's post, one of us) with how well it
    is held, 0 to 1.
    """

    over: SpreadOver
    held: tuple[tuple[str | Ref, float], ...]

    @property
    def threads(self) -> float:
        """The effective threads over these groups, 0 to their number; a loss never raises it."""
        return sum(amount for _, amount in self.held)

    @property
    def even_as(self) -> float:
        """The Hill number of order 2: so many groups held alike would be as even."""
        return hill(amount for _, amount in self.held)

    @property
    def reason(self) -> Evidence:
        """The spread in words."""
        values = {
            "threads": round(self.threads, 1),
            "even_as": round(self.even_as, 1),
            "count": len(self.held),
        }
        refs = tuple(group for group, _ in self.held if isinstance(group, Ref))
        return Evidence(TEXTS[self.over], refs=refs, values=values)


@dataclass(frozen=True, slots=True)
class EffectiveThreads:
    """How many threads hold the account, and over what that was counted."""

    spreads: tuple[Spread, ...]

    @property
    def count(self) -> float:
        """The least of the spreads: what hangs on one man of ours hangs on one man.

        Losing one of them or one of us never raises it; nor does time passing.
        """
        return min(spread.threads for spread in self.spreads)

    @property
    def narrowest(self) -> Spread:
        """The spread that gives the count: where one more thread would tell."""
        return min(self.spreads, key=lambda spread: spread.threads)

    @property
    def reasons(self) -> tuple[Evidence, ...]:
        """Every spread in words, the narrowest first."""
        return tuple(row.reason for row in sorted(self.spreads, key=lambda row: row.threads))


@once_a_view
def effective_threads(view: AccountView) -> EffectiveThreads:
    """Over how many functions, reporting branches and colleagues the warm people in place spread.

    Six friends in one lab are one function and mostly one branch, and six people that one of us
    knows are one of us. Who is against us holds us by no thread. Functions are left out where no
    post of the account has one: what nobody has said is unknown, not concentrated.
    """
    warm = sorted(known_people(view) & people_in_place(view) - hostile_people(view))
    branches = _spread("branches", [(branch_of(view, row), coverage(view, row)) for row in warm])
    held_by = [(row.ours, row.strength) for person in warm for row in threads_of(view, person)]
    spreads = [branches, _spread("colleagues", held_by)]
    if any(post.function != "other" for post in view.open_posts):
        found = [(_function_of(view, row), coverage(view, row)) for row in warm]
        spreads.insert(0, _spread("functions", found))
    return EffectiveThreads(tuple(spreads))


def _function_of(view: AccountView, person: Ref) -> str:
    posts = view.posts_of(person)
    return posts[0].function if posts else "other"


def _spread(over: SpreadOver, found: Iterable[tuple[str | Ref, float]]) -> Spread:
    groups: defaultdict[str | Ref, list[float]] = defaultdict(list)
    for group, strength in found:
        if strength > 0:
            groups[group].append(strength)
    held = [(group, any_of(strengths)) for group, strengths in groups.items()]
    return Spread(over, tuple(sorted(held, key=lambda row: (-row[1], str(row[0])))))
