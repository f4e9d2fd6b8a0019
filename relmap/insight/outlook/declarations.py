"""What is known beats what is learnt: an announced last day, a declared term, a policy.

A term says when leaving is due, not that it happens. With due days D_i, the share q of holders who
go when they are due, F the spread of their days round it (logistic) and b the rate of those who go
at any other time,

    P(still there at t) = e^(-b t) · Π_i (1 - q F(t - D_i))

and a chance is that of leaving by t for one who is still there today. So a term that has passed
with the holder still there first stays likely and then fades: each week past it makes it more
likely that he was prolonged. Who was prolonged is under what comes next, a later source or the
model: with F of the last due day for its weight, b is replaced by that. Three spreads after the
last due day, at most half a year, the next source speaks alone.

q, F and b are learnt from the account's own terms and start from a prior.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import numpy as np

from relmap.insight.outlook.histories import Spell
from relmap.insight.outlook.windows import Floats
from relmap.insight.terms import FARTHEST, Term, due_days, months_on, next_due
from relmap.insight.thresholds import FEW

__all__ = ["Habit", "TermChance", "habits", "next_due_of", "term_chances", "term_on"]

BEFORE: Final = 92
AFTER: Final = 183
"""Who goes within so many days of a due day goes because of it; half-yearly lists show it late."""
SPREADS: Final = 3.0
"""Spreads after the last due day, at which the next source speaks."""
TAIL: Final = 0.1
CELLS: Final = 2000
PRIOR_SHARE: Final = 0.75
PRIOR_TERMS: Final = 4.0
PRIOR_OTHER: Final = (0.5, 8.0)
"""Ends at other times, in so many person-years."""
PRIOR_SPREAD: Final = {"term": 20.0, "policy": 60.0}
"""Mean days between the due day and the last one."""
MEAN_BY_SCALE: Final = 2 * math.log(2)
"""A logistic distribution's mean absolute deviation is 2 ln 2 times its scale."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How an account keeps its terms of one kind.

    ``share`` go when they are due, ``shift`` days after it in the mean and ``spread`` days from
    that; ``other_rate`` a year go at other times. Learnt on ``terms`` terms that have passed, which
    weigh ``weight`` terms together with the prior.
    """

    share: float
    shift: float
    spread: float
    other_rate: float
    terms: int
    left: int
    weight: float

    @property
    def lasts(self) -> timedelta:
        """How long after its last due day a term speaks."""
        return timedelta(days=min(max(self.shift, 0.0) + SPREADS * self.spread, AFTER))

    @property
    def shares(self) -> tuple[float, float]:
        """The 80 % band of the share: that of its beta posterior."""
        return _beta_band(self.share * self.weight, (1 - self.share) * self.weight)

    def has_gone(self, days: Floats) -> Floats:
        """F: the part of those going who are gone so many days after the due day."""
        scale = self.spread / MEAN_BY_SCALE
        result: Floats = 1 / (1 + np.exp(-np.clip((days - self.shift) / scale, -50, 50)))
        return result


@dataclass(frozen=True, slots=True)
class TermChance:
    """What a term says of one holder; ``due_on`` is the next due day, or the one just passed.

    ``bands`` are the low and high of each chance, where few terms have passed.
    """

    term: Term
    due_on: date | None
    chances: tuple[float, ...]
    bands: tuple[tuple[float, float], ...] | None
    habit: Habit


# --- which term holds


def term_on(spell: Spell, day: date, known: Mapping[str, Habit]) -> Term | None:
    """The term in force: a declared day, else the post's length, else the policy.

    A term is over three spreads after its last due day. For an acting holder only a declared day
    counts.
    """
    return next(iter(_in_force(spell, day, known)), None)


def next_due_of(spell: Spell, term: Term, day: date) -> date | None:
    """The next due day of a term, or the one just passed; ``None`` for a length without a start."""
    starts = _starts(term, spell)
    if len(starts) > 1:
        return None
    return next_due(due_days(term, starts[0], until=day + FARTHEST), day)


def _in_force(spell: Spell, day: date, known: Mapping[str, Habit]) -> list[Term]:
    """The term in force, and of what comes next one of each kind: a length, the policy."""
    terms = [term for term in spell.terms if term.is_known(day)]
    if spell.is_acting(day):
        terms = [term for term in terms if term.ends_on is not None]
    live = [term for term in terms if _is_live(term, spell, day, known[term.kind].lasts)]
    first: dict[tuple[bool, bool], Term] = {}
    for term in sorted(live, key=lambda term: _rank(term, spell)):
        first.setdefault((term.kind == "policy", term.ends_on is None), term)
    return list(first.values())


def _rank(term: Term, spell: Spell) -> tuple[bool, bool, int]:
    declared = term.declared_on or spell.starts_on
    return term.kind == "policy", term.ends_on is None, -declared.toordinal()


def _is_live(term: Term, spell: Spell, day: date, lasts: timedelta) -> bool:
    days = due_days(term, spell.starts_on, until=day + FARTHEST)
    return bool(days) and max(days) + lasts >= day


# --- how terms are kept


def habits(spells: Iterable[Spell], day: date) -> dict[str, Habit]:
    """How each kind of term was kept, from what was true by ``day``."""
    seen = [spell for spell in spells if spell.terms and spell.starts_on <= day]
    return {kind: _habit(kind, seen, day) for kind in PRIOR_SPREAD}


def _habit(kind: str, spells: Sequence[Spell], day: date) -> Habit:
    due: list[_Due] = []
    other, years = 0, 0.0
    for spell in spells:
        terms = [term for term in spell.terms if _teaches(term, spell, kind, day)]
        if not terms:
            continue
        end = spell.ends_on if spell.ends_on is not None and spell.ends_on <= day else None
        found = list(_due(spell, terms, end, day))
        due += found
        other += end is not None and not any(one.after is not None for one in found)
        whole = ((end or day) - max(spell.starts_on, _said_since(terms))).days
        years += max(whole - sum(one.near for one in found), 0) / 365
    rate = (other + PRIOR_OTHER[0]) / (years + PRIOR_OTHER[1])
    return _learnt(due, rate, PRIOR_SPREAD[kind])


def _learnt(due: Sequence[_Due], rate: float, spread: float) -> Habit:
    """Shrink what was seen; who would have gone near the due day by chance is taken off."""
    kept = [one.after for one in due if one.after is not None]
    weight = len(kept) + PRIOR_TERMS
    shift = sum(kept) / weight
    wide = sum(abs(days - shift) for days in kept) + PRIOR_TERMS * spread
    by_chance = -math.expm1(-rate * (BEFORE + AFTER) / 365)
    because = max(len(kept) - len(due) * by_chance, 0.0)
    tested = len(due) * (1 - by_chance)
    return Habit(
        share=(because + PRIOR_TERMS * PRIOR_SHARE) / (tested + PRIOR_TERMS),
        shift=shift,
        spread=wide / weight,
        other_rate=rate,
        terms=len(due),
        left=len(kept),
        weight=tested / 2 + PRIOR_TERMS,
    )


@lru_cache(maxsize=4_000)
def _beta_band(a: float, b: float) -> tuple[float, float]:
    """The tenth and the nine tenths of a beta law, from its density over equal cells.

    Its ends count half in ``Habit.weight``, as those of a rate do: terms pass in waves.
    """
    middle = (np.arange(CELLS) + 0.5) / CELLS
    density = np.exp((a - 1) * np.log(middle) + (b - 1) * np.log1p(-middle))
    below = np.cumsum(density) / density.sum()
    low, high = np.interp([TAIL, 1 - TAIL], below, middle)
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class _Due:
    """A due day that has come: the days from it to the end, ``None`` for who stayed.

    ``near`` are the days of the tenure that lie so near it that an end there counts as due.
    """

    after: int | None
    near: int


def _due(spell: Spell, terms: Sequence[Term], end: date | None, day: date) -> Iterator[_Due]:
    until = end or day
    for term in terms:
        if any(_replaces(other, term) for other in terms):
            if any(_replaces(other, term, within=AFTER) for other in terms):
                yield _Due(None, BEFORE + AFTER)  # prolonged when it was due
            continue
        half = 365 if term.ends_on else 15 * int(term.months or 12)
        before, later = min(BEFORE, half), min(AFTER, half)
        latest = until + timedelta(days=before)
        for due in due_days(term, spell.starts_on, until=latest):
            if _was_unsaid(term, due):
                continue
            after = (until - due).days
            if end is not None and -before <= after <= later:
                yield _Due(after, before + after)
            elif after > later:
                yield _Due(None, before + later)  # a due day that lies ahead yields nothing


def _said_since(terms: Iterable[Term]) -> date:
    """The first day on which any of the terms held; a declared last day holds from the start."""
    return min((term.ends_on is None and term.declared_on) or date.min for term in terms)


def _was_unsaid(term: Term, day: date) -> bool:
    """Whether a length was declared after the day: nobody kept then what was said later."""
    return term.ends_on is None and term.declared_on is not None and day < term.declared_on


def _teaches(term: Term, spell: Spell, kind: str, day: date) -> bool:
    """Whether its due days are known: those of a length hang on the start and on being said."""
    is_dated = spell.start_known or term.ends_on is not None
    is_over = spell.ends_on is not None and _was_unsaid(term, spell.ends_on)
    return term.kind == kind and term.is_known(day) and is_dated and not is_over


def _replaces(other: Term, term: Term, *, within: int | None = None) -> bool:
    """Whether ``other`` is a later declared day; with ``within``, so near the first one's."""
    if other.ends_on is None or term.ends_on is None or other.declared_on is None:
        return False
    if term.declared_on is not None and other.declared_on <= term.declared_on:
        return False
    return within is None or abs((other.declared_on - term.ends_on).days) <= within


# --- what a term says


def term_chances(
    spell: Spell,
    day: date,
    days: Sequence[int],
    known: Mapping[str, Habit],
    learnt: Sequence[float],
) -> TermChance | None:
    """The chances of leaving by the term in force; ``None`` where no term speaks.

    ``learnt`` is what the model says: it takes over from a term that has passed.
    """
    terms = _in_force(spell, day, known)
    if not terms:
        return None
    term, habit = terms[0], known[terms[0].kind]
    due = [_due_lists(one, spell, day, max(days)) for one in terms]

    def gone(habit: Habit) -> tuple[float, ...]:
        habits = [habit, *(known[one.kind] for one in terms[1:])]
        return _gone(list(zip(due, habits, strict=True)), day, days, learnt)

    bands = None
    if habit.terms < FEW:
        low, high = (gone(replace(habit, share=share)) for share in habit.shares)
        bands = tuple(zip(low, high, strict=True))
    return TermChance(term, next_due_of(spell, term, day), gone(habit), bands, habit)


def _due_lists(term: Term, spell: Spell, day: date, horizon: int) -> list[tuple[date, ...]]:
    """The due days by each day on which the tenure may have begun."""
    until = day + timedelta(days=horizon) + FARTHEST
    return [due_days(term, start, until=until) for start in _starts(term, spell)]


def _gone(
    sources: Sequence[tuple[Sequence[Sequence[date]], Habit]],
    day: date,
    days: Sequence[int],
    learnt: Sequence[float],
) -> tuple[float, ...]:
    """The chances by the first source, each prolonged under the next, the model being the last."""
    ahead = np.array([0, *days], dtype=float)
    stays = -np.log1p(-np.minimum([0.0, *learnt], 1 - 1e-12))
    for schedules, habit in reversed(sources):
        staying = np.mean([_stays(due, day, ahead, habit) for due in schedules], axis=0)
        since = np.array([(day - max(due)).days for due in schedules], dtype=float)
        prolonged = float(habit.has_gone(since).mean())
        other = (1 - prolonged) * habit.other_rate * ahead / 365 + prolonged * stays
        stays = np.maximum.accumulate(other - np.log(staying / max(float(staying[0]), 1e-12)))
    return tuple(float(chance) for chance in np.clip(-np.expm1(-stays[1:]), 0.0, 1.0))


def _starts(term: Term, spell: Spell) -> list[date]:
    """When the tenure may have begun: where that is unknown, any month of one length before."""
    if spell.start_known or term.ends_on is not None or not term.months:
        return [spell.starts_on]
    return [months_on(spell.starts_on, -months) for months in range(term.months)]


def _stays(due: Sequence[date], day: date, ahead: Floats, habit: Habit) -> Floats:
    """Π (1 - q F) at so many days from now."""
    offsets = np.array([(day - on).days for on in due], dtype=float)
    gone = habit.share * habit.has_gone(ahead[:, None] + offsets[None, :])
    result: Floats = np.prod(1 - gone, axis=1)
    return result
