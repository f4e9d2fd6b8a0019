"""Invented tenure histories of which the law is known: by chance, by election, by review, by term.

One simulation serves them all: seats in units, each with a holder who leaves by chance, and at
events of the calendar. What is recorded wanders from what happened by some weeks, and whoever sat
there when the list begins has a start that nobody knows, or some have.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from relmap.insight.outlook.histories import Spell, Term

BEGIN = date(2010, 1, 1)
STEP = 7  # days between looks at a holder
DECLARED_AHEAD = 30  # days: who leaves so soon after a term was not elected again


@dataclass(frozen=True)
class Law:
    """How people come and go.

    ``rate`` is how many leave by chance a year; ``events`` are (first day of the year as an offset
    in days, every so many days, the share that goes), for every other seat half a round later with
    ``alternate``; ``hump`` multiplies the rate by months in post. ``wander`` is the standard
    deviation in days of what is recorded.
    """

    seats: int = 40
    years: float = 8.0
    rate: float = 0.25
    events: tuple[tuple[int, float, float], ...] = ()
    hump: Callable[[float], float] | None = None
    unit_spread: float = 0.0
    wander: float = 12.0
    unit_size: int = 6
    gap: int = 20
    unknown_share: float = 1.0
    titles: int = 1
    level_change: float = 1.0
    wave: tuple[float, float] | None = None
    burn_in: float = 6.0
    term_months: int | None = None
    reelected: float = 0.3
    declared: bool = False
    alternate: bool = False


@dataclass(frozen=True)
class Seat:
    number: int
    unit: int
    title: str
    factor: float


def history(law: Law, seed: int) -> tuple[Spell, ...]:
    """All spells of one invented account, from the day on which its list begins."""
    chance = random.Random(seed)
    factors: dict[int, float] = {}
    found: list[Spell] = []
    for number in range(law.seats):
        unit = number // law.unit_size
        factor = factors.setdefault(unit, chance.lognormvariate(0, law.unit_spread))
        seat = Seat(number, unit, f"title {number % law.titles}", factor)
        found += _kept(law, _terms(law, seat, chance), chance)
    return tuple(sorted(found, key=lambda spell: (spell.starts_on, str(spell.tenure))))


def end_of(law: Law) -> date:
    """The last day of the list."""
    return BEGIN + timedelta(days=round(law.years * 365.25))


def _terms(law: Law, seat: Seat, chance: random.Random) -> Iterator[Spell]:
    """The holders of a seat, one after the other, from before the list begins."""
    begin = -law.burn_in * 365.25
    day = begin - chance.random() * 365
    number = 0
    while day < law.years * 365.25:
        left = _leaves(law, seat, day, chance)
        number += 1
        recorded = left + chance.gauss(0, law.wander)
        yield Spell(
            tenure=f"t{seat.number}.{number}",
            person=f"p{seat.number}.{number}",
            post=f"s{seat.number}",
            unit=f"u{seat.unit}",
            title=seat.title,
            starts_on=_date(day),
            ends_on=_date(max(recorded, day + 5)),
            terms=_declared(law, day, left),
        )
        day = max(recorded, day + 5) + chance.expovariate(1 / law.gap)


def _leaves(law: Law, seat: Seat, begin: float, chance: random.Random) -> float:
    """The day on which who began on ``begin`` goes."""
    day = begin
    while True:
        day += STEP
        rate = law.rate * seat.factor * STEP / 365
        if law.level_change != 1.0 and day > law.years * 365.25 / 2:
            rate *= law.level_change
        if law.hump is not None:
            rate *= law.hump((day - begin) / 30.4)
        if chance.random() < rate or _is_struck(law, seat, day, begin, chance):
            return day
        if day > law.years * 365.25 + 800:
            return day + 2000


def _is_struck(law: Law, seat: Seat, day: float, begin: float, chance: random.Random) -> bool:
    if law.wave is not None and 0 <= day - law.wave[0] * 365.25 < STEP:
        return chance.random() < law.wave[1]
    if law.term_months is not None:
        length = law.term_months * 365.25 / 12
        if (day - begin) // length > (day - STEP - begin) // length:
            return chance.random() > law.reelected
    for offset, every, share in law.events:
        later = every / 2 if law.alternate and seat.number % 2 else 0
        position = (day - offset - later) % every
        if position < STEP and day - begin > 60 and chance.random() < share:
            return True
    return False


def _declared(law: Law, begin: float, left: float) -> tuple[Term, ...]:
    """The last day of the term in force, and after a re-election the next, from then on."""
    if not law.declared or law.term_months is None:
        return ()
    length = law.term_months * 365.25 / 12
    count = int((left - begin - DECLARED_AHEAD) / length) + 1
    return tuple(
        Term(ends_on=_date(begin + length * (n + 1)), declared_on=_date(begin + length * n))
        for n in range(count)
    )


def _kept(law: Law, spells: Iterator[Spell], chance: random.Random) -> Iterator[Spell]:
    """What the list shows: from its first day, with some starts unknown."""
    for spell in spells:
        assert spell.ends_on is not None
        if spell.ends_on <= BEGIN or spell.starts_on > end_of(law):
            continue
        if spell.starts_on < BEGIN and chance.random() < law.unknown_share:
            spell = replace(spell, starts_on=BEGIN, start_known=False)
        yield spell


def _date(offset: float) -> date:
    return BEGIN + timedelta(days=round(offset))


def half_years(law: Law, *, last: int = 4) -> list[date]:
    """The last half-yearly days whose next year the list still covers: six months apart."""
    end = end_of(law) - timedelta(days=370)
    months = [end.year * 12 + end.month - 1 - 6 * back for back in reversed(range(last))]
    return [date(month // 12, month % 12 + 1, min(end.day, 28)) for month in months]


def three_years(months: float) -> float:
    """People go after about three years, where that is the custom."""
    return 0.3 if months < 24 else 3.0 if months < 40 else 1.5


LAWS: dict[str, Law] = {
    "no pattern": Law(),
    "no pattern, few leave": Law(rate=0.08, seats=60),
    "no pattern, many leave": Law(rate=0.6),
    "no pattern, 250 tenures, 12 years": Law(rate=0.2, seats=80, years=12),
    "units differ": Law(unit_spread=0.6, seats=60),
    "custom of three years": Law(rate=0.3, hump=three_years, seats=60, years=9),
    "level halves": Law(rate=0.5, level_change=0.5, seats=50, years=10),
    "two-year elections": Law(rate=0.06, events=((60, 730.5, 0.65),), seats=40, years=10),
    "two-year elections, wide": Law(
        rate=0.1, events=((300, 730.5, 0.6),), seats=60, years=8, wander=30
    ),
    "two-year elections, 6 years": Law(rate=0.05, events=((200, 730.5, 0.75),), years=6),
    "two-year elections, known starts": Law(
        rate=0.06, events=((60, 730.5, 0.65),), seats=40, years=10, unknown_share=0.3
    ),
    "two-year elections, staggered": Law(
        rate=0.06, term_months=24, reelected=0.35, seats=60, years=10, gap=2, wander=10
    ),
    "two-year elections, half the seats each year": Law(
        rate=0.06, events=((80, 730.5, 0.6),), seats=60, years=10, alternate=True
    ),
    "half-yearly elections": Law(rate=0.08, events=((70, 182.625, 0.3),), seats=60, years=5),
    "yearly reviews": Law(rate=0.08, events=((180, 365.25, 0.3),), seats=40, years=8),
    "short list, one wave": Law(rate=0.15, seats=20, years=4, wave=(2.4, 0.5)),
    "5 seats": Law(seats=5, years=4),
    "8 tenures, few leave": Law(seats=6, years=4, rate=0.1),
    "12 seats": Law(seats=12, years=3, rate=0.2),
}


def laws() -> Sequence[str]:
    """The names of all."""
    return tuple(LAWS)
