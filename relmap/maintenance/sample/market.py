"""People who leave one invented customer and turn up at another."""

from __future__ import annotations

from datetime import date

from relmap.maintenance.sample.names import SampleName

__all__ = ["Market"]


class Market:
    """People who left one customer and may turn up at another."""

    def __init__(self) -> None:
        self._left: list[tuple[date, int, SampleName, int]] = []

    def leave(self, day: date, person: int, name: SampleName, account: int) -> None:
        """Somebody left a customer for good."""
        self._left.append((day, person, name, account))

    def hire(self, day: date, language: str, account: int) -> tuple[int, SampleName] | None:
        """Somebody who left another customer some weeks or months before the day."""
        for row in self._left:
            left_on, person, name, old_account = row
            waited = (day - left_on).days
            if 20 <= waited <= 240 and name.language == language and old_account != account:
                self._left.remove(row)
                return person, name
        return None
