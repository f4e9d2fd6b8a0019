"""What the rules about ids see of a list of any kind, and of who is on file."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

from relmap.imports.plan import IdKey

__all__ = ["Bearer", "PersonOnFile", "SaidOfList"]


class Bearer(Protocol):
    """A row of a list that names somebody, with the ids that it gives."""

    ids: dict[IdKey, str]

    @property
    def name(self) -> str:
        """As the row writes it."""

    @property
    def line(self) -> int:
        """Where the row stands."""


class PersonOnFile(Protocol):
    """Somebody on file."""

    @property
    def spellings(self) -> Collection[str]:
        """Every name, and the Latin one."""

    @property
    def written_ids(self) -> Collection[tuple[str, str]]:
        """Kind and id as it was written."""


class SaidOfList(Protocol):
    """Where it is told what was made of a list."""

    def note(self, row: int | None, text: str, /, **values: Any) -> None:
        """Say of a row what was not taken as it stands."""

    def ask(self, text: str, /, **values: Any) -> None:
        """Hold the whole list with a question."""
