"""The outlook of every open tenure: what is known first, then what was learnt."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from relmap.contracts import AccountView, Ref
from relmap.contracts.rows import Band, Basis, BasisKind
from relmap.insight.outlook.declarations import Habit, TermChance, habits, term_chances
from relmap.insight.outlook.histories import Spell
from relmap.insight.outlook.mixture import Model, fit
from relmap.insight.outlook.rate import Level, RateElsewhere
from relmap.insight.outlook.spells import spells_of
from relmap.insight.outlook.windows import Past
from relmap.insight.thresholds import FEW, HALF_STEP, HORIZONS

__all__ = ["Basis", "HolderOutlook", "Outlook", "Source", "forecast", "outlooks"]

Source = Literal["announced", "term", "policy", "model"]
FEW_ENDS: Final = 10
"""Ends below which it is: many tenures of which hardly any has ended teach no rate."""
NORMAL_80: Final = 1.2816


@dataclass(frozen=True, slots=True)
class Outlook:
    """The chances that one holder leaves within each horizon, in the order of the horizons.

    ``bands`` hold the low and high of each, where fewer than 20 tenures or 10 ends are behind
    the model, or fewer than 20 terms have passed.
    """

    spell: Spell
    source: Source
    chances: tuple[float, ...]
    bands: tuple[Band, ...] | None
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class HolderOutlook:
    """The outlook of one open tenure, as views and pages take it.

    ``held_since`` is ``None`` where the start is unknown. ``bands`` maps ``p90``, ``p180`` and
    ``p365`` to (low, high), or is ``None`` where the figures stand as points. ``mirrors_imports``
    says that lists come too seldom for ``p90`` to be told: it would only show the import calendar.
    """

    tenure: Ref
    person: Ref
    post: Ref
    held_since: date | None
    source: Source
    p90: float
    p180: float
    p365: float
    bands: dict[str, Band] | None
    basis: tuple[Basis, ...]
    mirrors_imports: bool = False


def forecast(
    view: AccountView,
    *,
    elsewhere: RateElsewhere | None = None,
    declared_on: Mapping[Ref, date] | None = None,
) -> tuple[HolderOutlook, ...]:
    """The outlook of each open tenure of a view; none where nobody is in post.

    ``elsewhere`` is the rate of the book's other accounts, ``declared_on`` since when terms hold
    (see :func:`~relmap.insight.outlook.spells.spells_of`). ``view.outlook`` is not read.
    """
    rare = lists_are_rare(view)
    spells = spells_of(view, declared_on=declared_on)
    if not any(spell.is_held(view.as_of) for spell in spells):
        return ()
    return tuple(_holder(row, rare) for row in outlooks(spells, view.as_of, elsewhere=elsewhere))


def _holder(outlook: Outlook, rare: bool) -> HolderOutlook:
    spell = outlook.spell
    names = tuple(f"p{days}" for days in HORIZONS)
    tenure, person, post = spell.tenure, spell.person, spell.post
    assert isinstance(tenure, Ref)
    assert isinstance(person, Ref)
    assert isinstance(post, Ref)
    p90, p180, p365 = outlook.chances
    return HolderOutlook(
        tenure=tenure,
        person=person,
        post=post,
        held_since=spell.starts_on if spell.start_known else None,
        source=outlook.source,
        p90=p90,
        p180=p180,
        p365=p365,
        bands=dict(zip(names, outlook.bands, strict=True)) if outlook.bands else None,
        basis=outlook.basis,
        mirrors_imports=rare and outlook.source == "model",
    )


def lists_are_rare(view: AccountView) -> bool:
    """Whether the lists that show people leaving come more than 90 days apart, in the median."""
    gaps = sorted(
        (row.ends_on - row.ends_after).days
        for row in view.tenures
        if row.ends_on is not None and row.ends_after is not None and row.has_ended(view.as_of)
    )
    return bool(gaps) and gaps[len(gaps) // 2] > HORIZONS[0]


def outlooks(
    spells: Sequence[Spell],
    day: date,
    *,
    elsewhere: RateElsewhere | None = None,
    days: tuple[int, ...] = HORIZONS,
) -> tuple[Outlook, ...]:
    """The outlook of each spell in post on ``day``, from what was true by then."""
    seen = [spell for spell in spells if spell.starts_on <= day]
    model = fit(seen, day, elsewhere=elsewhere)
    known = habits(seen, day)
    places, learnt = model.chances(days)
    basis = tuple(_model_basis(model))
    return tuple(
        _outlook(seen[place], day, days, row, model, basis, known)
        for place, row in zip(places, learnt.tolist(), strict=True)
    )


def _outlook(
    spell: Spell,
    day: date,
    days: tuple[int, ...],
    learnt: list[float],
    model: Model,
    basis: tuple[Basis, ...],
    known: dict[str, Habit],
) -> Outlook:
    end = spell.known_end(day)
    if end is not None:
        within = tuple(float((end - day).days <= horizon) for horizon in days)
        return Outlook(
            spell, "announced", within, None, (Basis(kind="announced", tenures=1, due_on=end),)
        )
    term = term_chances(spell, day, days, known, learnt)
    if term is not None:
        known_basis = (_term_basis(term, spell, day),)
        return Outlook(spell, term.term.kind, term.chances, term.bands, known_basis)
    bands = _bands(learnt, model.level) if _is_short(model.table) else None
    return Outlook(spell, "model", tuple(learnt), bands, (*_own_basis(spell, day), *basis))


# --- how sure, and on what it rests


def _is_short(table: Past) -> bool:
    """Whether too little is on record for a point."""
    return table.size < FEW or int((table.end <= table.day).sum()) < FEW_ENDS


def _bands(chances: Sequence[float], level: Level) -> tuple[Band, ...]:
    """The 80 % band of each chance, from how well the level is known.

    The rate has a gamma posterior whose ends count half, since people leave in waves; its
    quantiles by Wilson and Hilferty, *PNAS* 17, 1931, 684-688.
    """
    shape = level.shape
    low, high = (
        (1 - 1 / (9 * shape) + side * NORMAL_80 / (3 * math.sqrt(shape))) ** 3 for side in (-1, 1)
    )
    return tuple((_scaled(chance, low), _scaled(chance, high)) for chance in chances)


def _scaled(chance: float, times: float) -> float:
    """The chance at so many times the rate."""
    return 1 - math.exp(times * math.log1p(-min(chance, 1 - 1e-12)))


def _model_basis(model: Model) -> Iterator[Basis]:
    parts: tuple[tuple[BasisKind, float, int], ...] = (
        ("rate", model.weights.level, model.level.tenures),
        ("time_in_post", model.weights.post, model.table.size),
        ("cycle", model.weights.cycle, model.table.size),
        ("own_cycle", model.weights.own_cycle, model.table.size),
    )
    for kind, weight, tenures in parts:
        if weight >= HALF_STEP:
            yield Basis(kind=kind, weight=5 * round(20 * weight), tenures=tenures)
    if model.elsewhere is not None:
        lent = int(model.elsewhere.tenures)
        yield Basis(kind="elsewhere", tenures=lent, of_others=True)


def _own_basis(spell: Spell, day: date) -> Iterator[Basis]:
    if not spell.start_known:
        yield Basis(kind="start_unknown", tenures=1, least_days=_least_days(spell, day))
    if spell.is_acting(day):
        yield Basis(kind="acting", tenures=1)
    elif any(term.is_known(day) for term in spell.terms):
        yield Basis(kind="term_passed", tenures=1)


def _least_days(spell: Spell, day: date) -> int | None:
    """For how long at least, where nobody knows since when."""
    return None if spell.start_known else (day - spell.starts_on).days


def _term_basis(term: TermChance, spell: Spell, day: date) -> Basis:
    habit = term.habit
    return Basis(
        kind=term.term.kind,
        tenures=habit.terms,
        due_on=term.due_on,
        is_past=term.due_on is not None and term.due_on <= day,
        left=habit.left,
        least_days=_least_days(spell, day),
    )
