"""Who held which post from when to when: all that the outlook learns from."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from relmap.contracts.message import N_
from relmap.errors import Refused
from relmap.insight.terms import Term

__all__ = ["NO_TENURE", "History", "Spell", "cut", "in_post"]

NO_TENURE: Final = N_("There is no tenure on record. Import who sits where first.")


@dataclass(frozen=True, slots=True)
class Spell:
    """One person in one post from ``starts_on`` up to, not including, ``ends_on``.

    The keys name the tenure, the person, the post and its unit; anything hashable will do.
    Without ``start_known`` the person was there already on ``starts_on``, since nobody knows when.
    ``ends_after`` is the day on which the holder was last seen in post, where the end lies between
    two lists. ``announced_on`` is the day on which the end was known, where that was before it. A
    holder ``acting`` is so until ``confirmed_on``. ``terms`` are in order of precedence; of one
    kind the later declared one holds.
    """

    tenure: Hashable
    person: Hashable
    post: Hashable
    unit: Hashable
    title: str
    starts_on: date
    ends_on: date | None = None
    start_known: bool = True
    level: str | None = None
    ends_after: date | None = None
    announced_on: date | None = None
    acting: bool = False
    confirmed_on: date | None = None
    terms: tuple[Term, ...] = ()

    def is_held(self, day: date) -> bool:
        """Whether the person is in post on ``day``: start <= day < end."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def is_acting(self, day: date) -> bool:
        """Whether the holder is acting on ``day``."""
        return self.acting and (self.confirmed_on is None or day < self.confirmed_on)

    def known_end(self, day: date) -> date | None:
        """The end as known on ``day``: past, or announced by then."""
        if self.ends_on is None or self.ends_on <= day:
            return self.ends_on
        announced = self.announced_on is not None and self.announced_on <= day
        return self.ends_on if announced else None


@dataclass(frozen=True)
class History:
    """The spells of one account; ``names`` says how its keys are printed."""

    account: str
    spells: tuple[Spell, ...]
    names: Mapping[Hashable, str] = field(default_factory=dict)

    def name(self, key: Hashable) -> str:
        """How a key is printed."""
        return self.names.get(key, str(key))


def cut(spells: Iterable[Spell], day: date) -> tuple[Spell, ...]:
    """What was true by ``day``: later starts unseen, later ends open, later terms undeclared."""
    return tuple(_as_of(spell, day) for spell in spells if spell.starts_on <= day)


def _as_of(spell: Spell, day: date) -> Spell:
    end = spell.known_end(day)
    confirmed = spell.confirmed_on
    return replace(
        spell,
        ends_on=end,
        ends_after=spell.ends_after if end is not None else None,
        announced_on=spell.announced_on if end is not None else None,
        confirmed_on=confirmed if confirmed is not None and confirmed <= day else None,
        terms=tuple(term for term in spell.terms if term.is_known(day)),
    )


def in_post(spells: Sequence[Spell], day: date) -> tuple[Spell, ...]:
    """The spells that cover ``day``; raises ``Refused`` where there is none.

    A list of ended tenures alone says nothing of who may leave, and would ruin the rate: nobody
    in it was ever seen to stay.
    """
    held = tuple(spell for spell in spells if spell.is_held(day))
    if held:
        return held
    if not spells:
        raise Refused(NO_TENURE)
    if all(spell.starts_on > day for spell in spells):
        first = min(spell.starts_on for spell in spells)
        raise Refused(
            "Nobody was in post on {day}. The first tenure begins on {first}.", day=day, first=first
        )
    raise Refused(
        "Nobody is in post on {day}: every tenure on record has ended by then. "
        "Add those who are still in post; ended tenures alone say nothing of who may leave.",
        day=day,
    )
