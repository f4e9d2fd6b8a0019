"""Waves: several people of one unit who leave together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from relmap.api import AccountView, Action, Alert, Evidence, Ref, TenureRow

from .chances import who_asks
from .settings import Settings

__all__ = ["WaveBegins"]

ACTION_COUNT = 5


@dataclass(frozen=True)
class WaveBegins:
    """Several people of one unit leave their posts at about the same time."""

    key: ClassVar[str] = "outlook.wave_begins"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Several people of one unit leave together"

    settings: Settings = field(default_factory=Settings)

    def check(self, before: AccountView, now: AccountView) -> Iterator[Alert]:
        """One alert a wave, known by its unit and the first who left; nobody is in two."""
        known = {wave.unit for wave in _waves(before, self.settings)}
        for wave in _waves(now, self.settings):
            if wave.unit not in known:
                yield self._alert(now, wave)

    def _alert(self, view: AccountView, wave: _Wave) -> Alert:
        deciders = [row for row in wave.stayed if view.is_deciding(view.post(row.post))]
        days = {"days": self.settings.wave_days}
        return Alert(
            key=f"{wave.unit} {wave.gone[0].ref}",
            text="People of {0} who leave within {days} days: {gone}; still there: {stayed}",
            severity="urgent" if deciders else "warning",
            refs=(wave.unit,),
            values=days | {"gone": len(wave.gone), "stayed": len(wave.stayed)},
            evidence=tuple(_departure(row) for row in wave.gone),
            actions=tuple(_meet(view, row, wave.unit) for row in deciders[:ACTION_COUNT]),
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


def _departure(row: TenureRow) -> Evidence:
    assert row.ends_on is not None
    values = {"day": row.ends_on.isoformat()}
    return Evidence("{0}, {1}: until {day}", 0, (row.person, row.post), values)


def _meet(view: AccountView, row: TenureRow, unit: Ref) -> Action:
    text = "Meet {0} now: {1} changes in a wave"
    return Action(text, (row.person, unit), owner=who_asks(view, row.person))


def _leavers(view: AccountView, days: int) -> dict[Ref, list[TenureRow]]:
    """By unit, the tenures that ended in the last ``days`` or are announced to end in the next.

    Who moves inside the unit has not left it, and who was acting was never to stay.
    """
    first, last = view.as_of - timedelta(days=days), view.as_of + timedelta(days=days)
    found: defaultdict[Ref, list[TenureRow]] = defaultdict(list)
    for row in view.tenures:
        unit = view.post(row.post).unit
        if row.ends_on is None or not first < row.ends_on <= last or row.acting:
            continue
        if not any(
            view.post(other.post).unit == unit and not other.has_ended(max(view.as_of, row.ends_on))
            for other in view.tenures_of(row.person)
            if other.ref != row.ref
        ):
            found[unit].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.ends_on or view.as_of, row.ref))
    return found
