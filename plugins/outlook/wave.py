"""Waves: several people of one unit who leave together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar

from relmap.api import N_, AccountView, Action, Alert, Evidence, Ref, TenureRow, is_same_unit

from .chances import who_asks
from .settings import Settings

__all__ = ["WaveBegins"]

ACTION_COUNT = 5
EVER = 36_500  # days
ONE_DAY = timedelta(days=1)
# Before the days and after them: an alert stands for both.
LEAVING_ON = N_("People leaving {0} on {day}: {gone}; still there: {stayed}")
LEAVING = N_("People leaving {0} between {first} and {last}: {gone}; still there: {stayed}")


@dataclass(frozen=True)
class WaveBegins:
    """Several people of one unit leave their posts at about the same time.

    One alert with each departure as a part of it.
    """

    key: ClassVar[str] = "outlook.wave_begins"
    version: ClassVar[int] = 3
    title: ClassVar[str] = "Several people of one unit leave together"

    settings: Settings = field(default_factory=Settings)

    def check(self, before: AccountView, now: AccountView) -> Iterator[Alert]:
        """One alert a wave, known by its unit and the first who left; nobody is in two."""
        known = {wave.unit: wave for wave in _waves(before, self.settings)}
        waves = {wave.unit: wave for wave in _waves(now, self.settings)}
        for unit, wave in known.items():
            if unit not in waves:
                yield from self._over(before, now, wave)
        for unit, wave in waves.items():
            if unit not in known:
                yield self._alert(now, wave)

    def _over(self, before: AccountView, now: AccountView, wave: _Wave) -> Iterator[Alert]:
        """A wave is none once so many are back, or stay after all, that too few leave."""
        gone = {row.person for row in _leavers(now, EVER)[wave.unit]}
        back = {row.person for row in wave.gone} - gone
        if not back or len(gone) >= self.settings.wave_people:
            return
        values = {"back": len(back)}
        for row in _leavers(before, 2 * self.settings.wave_days)[wave.unit]:
            key = f"{wave.unit} {row.ref}"  # the first to go may lie too far back by now
            text = N_("People of {0} who are back or stay after all: {back}")
            yield Alert(key, text, "note", (wave.unit,), values, is_over=True)

    def _alert(self, view: AccountView, wave: _Wave) -> Alert:
        deciders = [row for row in wave.stayed if view.is_deciding(view.post(row.post))]
        text, days = _when(wave)
        return Alert(
            key=f"{wave.unit} {wave.gone[0].ref}",
            text=text,
            severity="urgent" if deciders else "warning",
            refs=(wave.unit,),
            values=days | {"gone": len(wave.gone), "stayed": len(wave.stayed)},
            evidence=tuple(_departure(row) for row in wave.gone),
            actions=tuple(_meet(view, row, wave.unit) for row in deciders[:ACTION_COUNT]),
            parts=tuple(str(row.ref) for row in wave.gone),
        )


@dataclass(frozen=True)
class _Wave:
    """Who of a unit leaves together, the first to go first, and who is still there."""

    unit: Ref
    gone: tuple[TenureRow, ...]
    stayed: tuple[TenureRow, ...]


def _waves(view: AccountView, settings: Settings) -> Iterator[_Wave]:
    for unit, gone in sorted(_leavers(view, settings.wave_days).items()):
        left = {row.person for row in gone}
        stayed = tuple(
            row
            for row in view.open_tenures
            if view.post(row.post).unit == unit and row.person not in left
        )
        share = len(left) / (len(left) + len({row.person for row in stayed}))
        if len(left) >= settings.wave_people and share >= settings.wave_share:
            yield _Wave(unit, tuple(gone), stayed)


def _when(wave: _Wave) -> tuple[str, dict[str, str]]:
    """The headline with the days of the wave, as exactly as they are known."""
    ends = [row.ends_on for row in wave.gone if row.ends_on is not None]
    first, last = min(map(_earliest, wave.gone)), max(ends)
    days = {"first": first.isoformat(), "last": last.isoformat(), "day": min(ends).isoformat()}
    return (LEAVING_ON if first == last else LEAVING), days


def _earliest(row: TenureRow) -> date:
    """The day after which somebody left, or on which where it is known."""
    assert row.ends_on is not None
    after = row.ends_after
    return after if after is not None and row.ends_on - after > ONE_DAY else row.ends_on


def _departure(row: TenureRow) -> Evidence:
    assert row.ends_on is not None
    values = {"day": row.ends_on.isoformat()}
    return Evidence("{0}, {1}: until {day}", 0, (row.person, row.post), values)


def _meet(view: AccountView, row: TenureRow, unit: Ref) -> Action:
    text = "Meet {0} now: {1} changes in a wave"
    return Action(text, (row.person, unit), owner=who_asks(view, row.person))


def _leavers(view: AccountView, days: int) -> dict[Ref, list[TenureRow]]:
    """By unit, the tenures that ended in the last ``days`` or are announced to end in the next.

    Who moves inside the unit has not left it, who came back to it leaves by a later tenure if at
    all, and who was acting was never to stay.
    """
    first, last = view.as_of - timedelta(days=days), view.as_of + timedelta(days=days)
    found: defaultdict[Ref, list[TenureRow]] = defaultdict(list)
    for row in view.tenures:
        unit = view.post(row.post).unit
        if row.ends_on is None or not first < row.ends_on <= last or row.acting:
            continue
        until = max(view.as_of, row.ends_on)
        if not any(
            is_same_unit(view, unit, view.post(other.post).unit)
            and (other.starts_on >= row.ends_on or not other.has_ended(until))
            for other in view.tenures_of(row.person)
            if other.ref != row.ref
        ):
            found[unit].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.ends_on or view.as_of, row.ref))
    return found
