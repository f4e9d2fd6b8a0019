"""What one cell says: days, marks, ids, words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from relmap.contracts.words import ExternalIdKind, Precision

__all__ = ["DayRange", "id_key"]


@dataclass(frozen=True, slots=True)
class DayRange:
    """A day known as well as a cell gives it: it lies in (``after``, ``on``].

    A full date has ``after`` one day before ``on``; ``2026-07`` reaches over the month.
    """

    after: date
    on: date
    precision: Precision


def id_key(kind: ExternalIdKind, value: str) -> tuple[ExternalIdKind, str]:
    """What two external ids are compared by: the kind and the value, case-folded."""
    return kind, value.strip().casefold()
